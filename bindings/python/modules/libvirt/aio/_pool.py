"""Threads that make the calls of one connection, and the way back to the loops that wait for them."""
from __future__ import annotations

import asyncio
import collections
import os
import queue
import weakref
from _thread import allocate_lock
from typing import Any, Callable

from ._threads import begin

#: How many results a loop takes in one turn, so that what they wake does not hold it up.
BATCH = 64

_forks = 0


def _forked() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_child=_forked)


class Outbox:
    """What threads have for one loop. It comes in batches, because waking a loop is a system call."""

    _all: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Outbox] = weakref.WeakKeyDictionary()

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)
        self._items: collections.deque[tuple[asyncio.Future[Any], bool, Any]] = collections.deque()
        self._scheduled = False

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> Outbox:
        """The one of a loop."""
        found = cls._all.get(loop)
        if found is None:
            found = cls._all[loop] = cls(loop)
        return found

    def put(self, future: asyncio.Future[Any], failed: bool, value: Any) -> None:
        """Has a future of the loop finished; from any thread."""
        self._items.append((future, failed, value))
        if self._scheduled:
            return
        self._scheduled = True
        loop = self._loop()
        try:
            if loop is not None:
                loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:  # It was closed: nobody waits any more.
            self._items.clear()

    def _deliver(self) -> None:
        self._scheduled = False
        items = self._items
        for _ in range(min(len(items), BATCH)):
            future, failed, value = items.popleft()
            if future.done():
                continue
            if not failed:
                future.set_result(value)
            elif isinstance(value, StopIteration):  # A future cannot carry it.
                future.set_exception(RuntimeError(f"a handler raised {value!r}"))
            else:
                future.set_exception(value)
        if items and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._deliver)


class Job:
    """A call that somebody waits for. Whoever claims it, its thread or who gives it up, decides whether it is made."""

    __slots__ = ("_function", "_arguments", "_keywords", "_finish", "_claim", "_abandoned", "done", "future", "outbox")

    outbox: Outbox
    future: asyncio.Future[Any]

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any],
        finish: Callable[[Any], Any] | None = None,
    ) -> None:
        self._function: Any = function
        self._arguments: Any = arguments
        self._keywords: Any = keywords
        self._finish = finish
        self._claim = allocate_lock()
        self._abandoned = self.done = False

    def __call__(self) -> None:
        """Makes the call; in a thread of the pool."""
        if not self._claim.acquire(False):
            return
        failed = False
        try:
            value = self._function(*self._arguments, **self._keywords)
            # What nobody waits for goes away here, where it may take its time.
            value = None if self._abandoned else self._finish(value) if self._finish else value
        except BaseException as error:
            failed, value = True, error
        self._clear()
        self.done = True
        if not self._abandoned:
            self.outbox.put(self.future, failed, value)
        value = None

    def _clear(self) -> None:
        self._function = self._arguments = self._keywords = self._finish = None

    def give_up(self, abort: Callable[[], object] | None) -> None:
        """Nobody waits any more: it is not made, or else its end is asked for."""
        self._abandoned = True
        if self._claim.acquire(False):
            self._clear()
        elif abort is not None:
            begin(self._abort, abort)

    def _abort(self, abort: Callable[[], object]) -> None:
        if self.done:
            return
        try:
            abort()
        except Exception:  # It has ended meanwhile, or cannot be aborted: then it goes on, as said.
            pass


def _work(jobs: queue.SimpleQueue[Callable[[], object] | None], idle: collections.deque[None]) -> None:
    while True:
        job = jobs.get()
        if job is None:
            return
        job()
        job = None
        idle.append(None)


class Pool:
    """At most so many threads, started when they are needed. They never hold up the end of the interpreter."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, not {workers!r}")
        self.workers = workers
        self._lock = allocate_lock()
        self._reset()

    def _reset(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        # Threads that wait; more than there are when calls had to queue, but then no thread could be added anyway.
        self._idle: collections.deque[None] = collections.deque(maxlen=self.workers)
        self._threads = 0
        self._forks = _forks

    def put(self, job: Callable[[], object]) -> None:
        """Has something called by a thread, in the order of the calls of this method."""
        if self._forks != _forks:
            self._reset()
        try:
            self._idle.pop()
        except IndexError:
            if self._threads < self.workers:
                self._start()
        self._jobs.put(job)

    def _start(self) -> None:
        with self._lock:
            if self._threads == self.workers:
                return
            try:
                begin(_work, self._jobs, self._idle)
            except RuntimeError:
                if self._threads == 0:
                    raise
            else:
                self._threads += 1

    def leave(self, job: Callable[[], object]) -> None:
        """Has something called if there are threads; takes no lock, so that it can be used while objects go away."""
        if self._threads and self._forks == _forks:
            self._jobs.put(job)

    def close(self) -> None:
        """Ends the threads once they have made the calls that wait. Later calls start others."""
        jobs, threads = self._jobs, self._threads
        self._reset()
        for _ in range(threads):
            jobs.put(None)


def _expire(future: asyncio.Future[Any], seconds: float) -> None:
    if not future.done():
        future.set_exception(TimeoutError(f"no answer within {seconds} seconds"))


async def perform(pool: Pool, job: Job, timeout: float | None, abort: Callable[[], object] | None = None) -> Any:
    """Waits until a thread has made the call; gives it up when the waiting ends before."""
    loop = asyncio.get_running_loop()
    job.future = future = loop.create_future()
    job.outbox = Outbox.of(loop)
    timer = None if timeout is None else loop.call_later(timeout, _expire, future, timeout)
    pool.put(job)
    try:
        return await future
    except BaseException:
        if not job.done:
            job.give_up(abort)
        raise
    finally:
        if timer is not None:
            timer.cancel()
        del job, future

"""Events that a program iterates over."""
from __future__ import annotations

import asyncio
import collections
import functools
from _thread import allocate_lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import libvirt

from ._objects import unwrapped, wrapped
from ._pool import Job, perform
from ._tables import EVENTS

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._connection import Connection

_Event = TypeVar("_Event")

#: By name, the family and the kind of an event.
_names = {kind[0]: (family, constant) for family, row in EVENTS.items() for constant, kind in row["kinds"].items()}
_made: dict[str, Any] = {}


def event_class(name: str) -> Any:
    """The class of a kind of event, made when it is first asked for; None for a name that no event has."""
    if name not in _made:
        if name not in _names:
            return None
        family, constant = _names[name]
        _, fields, sentence = EVENTS[family]["kinds"][constant]
        make: Any = collections.namedtuple  # Checkers of types find the fields in the stub.
        made = make(name, ["kind", family, *fields.split()], module="libvirt.aio")
        made.__doc__ = f"{sentence} The kind is {constant}.".lstrip()
        _made[name] = made
    return _made[name]


def event_names() -> list[str]:
    """The names of all classes of events."""
    return list(_names)


class Inbox:
    """Events that have come and were not fetched yet. The library's thread fills it, and knows nothing else of the stream."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self.items: collections.deque[tuple[str, int, Any, tuple[Any, ...]]] = collections.deque(maxlen=limit)
        self.dropped = 0
        self.ended = False
        self._loop = loop
        self._arrived = asyncio.Event()
        self._woken = False

    def put(self, item: tuple[str, int, Any, tuple[Any, ...]]) -> None:
        """Takes an event, in the one thread that turns the library's event loop."""
        if len(self.items) == self.items.maxlen:
            self.dropped += 1
        self.items.append(item)
        self.wake()

    def wake(self) -> None:
        """Has those that wait look again; from any thread."""
        if self._woken:
            return
        self._woken = True
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:  # The loop was closed.
            pass

    def _wake(self) -> None:
        self._woken = False
        self._arrived.set()

    async def wait(self) -> None:
        """Waits until something may have come."""
        self._arrived.clear()
        if not self.items and not self.ended:
            await self._arrived.wait()


class Registration:
    """One registration with the library, for all streams of a connection that want the same."""

    def __init__(self, name: str, kind: int) -> None:
        self.number: int | None = None
        self.inboxes: tuple[Inbox, ...] = ()
        self._name = name
        self._kind = kind

    def deliver(self, connection: Any, subject: Any, *fields: Any) -> None:
        """Takes what the library calls back with; last comes what was registered with the callback."""
        for inbox in self.inboxes:
            inbox.put((self._name, self._kind, subject, fields[:-1]))


class Registry:
    """What a connection is registered for. Libraries refuse the same registration twice, so streams share it.

    Its methods are called by threads, since the library's functions may wait.
    """

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._all: dict[tuple[str, int, Any], Registration] = {}

    def add(
        self, inbox: Inbox, sync: Any, row: dict[str, Any], subject: Any, kinds: list[tuple[int, str]], is_choice: bool,
    ) -> None:
        """Registers for kinds. Where the program has not named them, an older library says which is the first too new."""
        register = getattr(type(sync), row["register"])
        identity = None if subject is None else getattr(type(subject), row["identity"], id)(subject)
        with self._lock:
            for kind, name in kinds:
                if inbox.ended:
                    return
                key = row["register"], kind, identity
                registration = self._all.get(key)
                if registration is None:
                    registration = Registration(name, kind)
                    try:
                        registration.number = register(sync, subject, kind, registration.deliver, None)
                    except libvirt.libvirtError:
                        if is_choice or not any(inbox in one.inboxes for one in self._all.values()):
                            raise
                        return
                    self._all[key] = registration
                registration.inboxes += (inbox,)

    def remove(self, inbox: Inbox, sync: Any, row: dict[str, Any]) -> None:
        """Takes an inbox out; what nobody wants any more is deregistered."""
        deregister = getattr(type(sync), row["deregister"])
        with self._lock:
            for key, registration in list(self._all.items()):
                registration.inboxes = tuple(one for one in registration.inboxes if one is not inbox)
                if registration.inboxes:
                    continue
                del self._all[key]
                try:
                    deregister(sync, registration.number)
                except libvirt.libvirtError:  # The connection is closed, and the registration with it.
                    pass


class EventStream(Generic[_Event]):
    """Events of a connection, to be iterated over: `async for event in stream`.

    They are registered for when the iteration or an `async with` begins. At most `limit` are kept; when more come, the oldest
    are dropped and counted in `dropped`. The iteration ends when the connection is closed.
    """

    def __init__(
        self, connection: Connection, row: dict[str, Any], kinds: list[tuple[int, str]], subject: Any, limit: int, is_choice: bool,
    ) -> None:
        self._connection = connection
        self._row = row
        self._kinds = kinds
        self._subject = subject
        self._limit = limit
        self._is_choice = is_choice
        self._inbox: Inbox | None = None

    @property
    def dropped(self) -> int:
        """How many events were dropped because nobody fetched them in time."""
        return self._inbox.dropped if self._inbox else 0

    async def _start(self) -> Inbox:
        connection = self._connection
        self._inbox = inbox = Inbox(asyncio.get_running_loop(), self._limit)
        connection._streams.add(self)
        arguments = (inbox, connection._sync, self._row, unwrapped(self._subject), self._kinds, self._is_choice)
        try:
            await perform(connection._pool, Job(connection._registry.add, arguments, {}), connection.timeout)
        except BaseException:
            self._leave(inbox)
            self._inbox = None
            raise
        return inbox

    def _leave(self, inbox: Inbox) -> None:
        connection = self._connection
        inbox.ended = True
        if connection._sync is not None:  # Else it goes away itself.
            connection._pool.leave(functools.partial(connection._registry.remove, inbox, connection._sync, self._row))

    async def _end(self) -> None:
        """Ends the registration; what has come already can still be fetched."""
        inbox = self._inbox
        if inbox is None or inbox.ended:
            return
        inbox.ended = True
        inbox.wake()
        connection = self._connection
        await perform(connection._pool, Job(connection._registry.remove, (inbox, connection._sync, self._row), {}), None)

    async def aclose(self) -> None:
        """Ends the registration and forgets what has come."""
        if self._inbox is not None:
            self._inbox.items.clear()
            await self._end()

    async def __aenter__(self) -> Self:
        if self._inbox is None:
            await self._start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _Event:
        inbox = self._inbox or await self._start()
        while True:
            try:
                name, kind, subject, fields = inbox.items.popleft()
            except IndexError:
                if inbox.ended:
                    raise StopAsyncIteration from None
                await inbox.wait()
            else:
                event: _Event = event_class(name)(kind, wrapped(subject, self._connection), *wrapped(fields, self._connection))
                return event

    def __del__(self) -> None:
        inbox: Inbox | None = getattr(self, "_inbox", None)
        if inbox is not None and not inbox.ended:
            self._leave(inbox)


def stream_of(
    connection: Connection, kinds: tuple[int, ...], family: str | None, limit: int, subject: dict[str, Any],
) -> EventStream[Any]:
    """The stream for what a program asked for."""
    if len(subject) > 1 or any(name not in EVENTS for name in subject):
        raise TypeError(f"events() takes one of {', '.join(EVENTS)} as keyword, not {', '.join(subject)}")
    family = (family or next(iter(subject), None) or next(iter(EVENTS))).replace("-", "_")
    if family not in EVENTS:
        raise ValueError(f"there is no family of events '{family}', only {', '.join(EVENTS)}")
    if subject and family not in subject:
        raise TypeError(f"events of the family '{family}' are not about a {next(iter(subject))}")
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")
    known = {getattr(libvirt, constant): kind[0] for constant, kind in EVENTS[family]["kinds"].items()}
    for kind in kinds:
        if kind not in known:
            raise ValueError(f"there is no kind {kind!r} of events in the family '{family}'")
    wanted = {int(kind): known[kind] for kind in kinds} or known
    return EventStream(connection, EVENTS[family], sorted(wanted.items()), next(iter(subject.values()), None), limit, bool(kinds))

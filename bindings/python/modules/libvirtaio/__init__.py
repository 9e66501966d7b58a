"""An event loop for the library that runs on asyncio.

Register it before the first connection is opened, on the thread of the loop. Callbacks then run on that loop.
"""
from __future__ import annotations

import asyncio
import itertools
import logging
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import libvirt

__all__ = ["getCurrentImpl", "virEventAsyncIOImpl", "virEventRegisterAsyncIOImpl"]

_log = logging.getLogger("libvirtaio")


def _on_loop(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    """Calls a function on the thread of a loop: now when this is it, else soon; the library asks from any thread."""
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        running = None
    if running is loop or not loop.is_running():
        function()
    else:
        loop.call_soon_threadsafe(function)


class Callback:
    """What the library wants called, under a number of its own."""

    _numbers: ClassVar[itertools.count[int]] = itertools.count(1)

    def __init__(self, impl: virEventAsyncIOImpl, cb: Callable[..., None], opaque: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.iden: int = next(self._numbers)
        self.impl: virEventAsyncIOImpl = impl
        self.cb: Callable[..., None] = cb
        self.opaque: Any = opaque

    def __repr__(self) -> str:
        return f"<{type(self).__name__} iden={self.iden}>"

    def close(self) -> None:
        """Has what came with the callback freed, later and on the loop."""
        self.impl.schedule_ff_callback(self.iden, self.opaque)
        self.opaque = None


class FDCallback(Callback):
    """A callback for what happens on a descriptor."""

    def __init__(self, *args: Any, descriptor: Descriptor, event: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.descriptor: Descriptor = descriptor
        self.event: int = event

    def update(self, event: int) -> None:
        """Waits for other events from now on."""
        self.event = event
        self.descriptor.update()


class TimeoutCallback(Callback):
    """A callback that comes again and again."""

    def __init__(self, *args: Any, timeout: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timeout: int = timeout
        self._task: asyncio.Task[None] | None = None

    async def _timer(self) -> None:
        while True:
            # At 0 the callback comes in every round of the loop.
            await asyncio.sleep(max(self.timeout, 0) / 1000)
            self.cb(self.iden, self.opaque)

    def update(self, timeout: int) -> None:
        """Comes every `timeout` milliseconds from now on; not at all when it is negative."""
        self.timeout = timeout
        _on_loop(self.impl.loop, self._apply)

    def _apply(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self.timeout >= 0:
            self._task = self.impl.loop.create_task(self._timer())

    def close(self) -> None:
        """Stops it, then frees what came with it."""
        self.update(-1)
        super().close()


class Descriptor:
    """A descriptor that the loop watches for all callbacks that want it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, fd: int) -> None:
        self.loop: asyncio.AbstractEventLoop = loop
        self.fd: int = fd
        self.callbacks: dict[int, FDCallback] = {}

    def _handle(self, event: int) -> None:
        for callback in list(self.callbacks.values()):
            if callback.iden in self.callbacks and callback.event & event:
                callback.cb(callback.iden, self.fd, event, callback.opaque)

    def update(self) -> None:
        """Tells the loop what is wanted now."""
        _on_loop(self.loop, self._apply)

    def _apply(self) -> None:
        wanted = 0
        for callback in self.callbacks.values():
            wanted |= callback.event
        for event, add, remove in (
            (libvirt.VIR_EVENT_HANDLE_READABLE, self.loop.add_reader, self.loop.remove_reader),
            (libvirt.VIR_EVENT_HANDLE_WRITABLE, self.loop.add_writer, self.loop.remove_writer),
        ):
            if wanted & event:
                add(self.fd, self._handle, event)
            else:
                remove(self.fd)

    def add_handle(self, callback: FDCallback) -> None:
        """Adds a callback."""
        self.callbacks[callback.iden] = callback
        self.update()

    def remove_handle(self, iden: int) -> FDCallback:
        """Takes a callback out and returns it."""
        callback = self.callbacks.pop(iden)
        self.update()
        return callback


class DescriptorDict(dict[int, Descriptor]):
    """Descriptors by number, made when they are first asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.loop: asyncio.AbstractEventLoop = loop

    def __missing__(self, fd: int) -> Descriptor:
        descriptor = self[fd] = Descriptor(self.loop, fd)
        return descriptor


class virEventAsyncIOImpl:
    """The event loop: what the library asks for, done by asyncio."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop: asyncio.AbstractEventLoop = loop or asyncio.get_event_loop()
        self.callbacks: dict[int, FDCallback | TimeoutCallback] = {}
        self.descriptors: DescriptorDict = DescriptorDict(self.loop)
        self._pending = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def register(self) -> virEventAsyncIOImpl:
        """Makes it the library's event loop; returns itself."""
        libvirt.virEventRegisterImpl(
            self._add_handle, self._update_handle, self._remove_handle,
            self._add_timeout, self._update_timeout, self._remove_timeout)
        return self

    def _pending_inc(self) -> None:
        self._pending += 1
        self._idle.clear()

    def _pending_dec(self) -> None:
        self._pending -= 1
        if self._pending == 0:
            self._idle.set()

    def is_idle(self) -> bool:
        """Whether nothing waits to be called or freed."""
        return not self.callbacks and self._pending == 0

    async def drain(self) -> None:
        """Waits until everything that was to be freed is freed."""
        await asyncio.sleep(0)
        while self._pending:
            await self._idle.wait()

    def schedule_ff_callback(self, iden: int, opaque: Any) -> None:
        """Has what came with a callback freed; not now, because the library is still in the call."""
        self._pending_inc()
        coroutine = self._ff_callback(iden, opaque)
        try:
            running: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self.loop:
            self.loop.create_task(coroutine)
        elif not self.loop.is_closed():
            asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        else:
            coroutine.close()
            self._pending_dec()

    async def _ff_callback(self, iden: int, opaque: Any) -> None:
        try:
            libvirt.virEventInvokeFreeCallback(opaque)
        except Exception:
            _log.exception("freeing what came with callback %d failed", iden)
        finally:
            self._pending_dec()

    def _add_handle(self, fd: int, event: int, cb: Callable[..., None], opaque: Any) -> int:
        callback = FDCallback(self, cb, opaque, descriptor=self.descriptors[fd], event=event)
        self.callbacks[callback.iden] = callback
        callback.descriptor.add_handle(callback)
        return callback.iden

    def _update_handle(self, watch: int, event: int) -> None:
        self.callbacks[watch].update(event)

    def _remove_handle(self, watch: int) -> int:
        callback = self.callbacks.pop(watch, None)
        if not isinstance(callback, FDCallback):
            return -1
        descriptor = callback.descriptor
        descriptor.remove_handle(watch)
        if not descriptor.callbacks:
            self.descriptors.pop(descriptor.fd, None)
        callback.close()
        return 0

    def _add_timeout(self, timeout: int, cb: Callable[..., None], opaque: Any) -> int:
        callback = TimeoutCallback(self, cb, opaque, timeout=timeout)
        self.callbacks[callback.iden] = callback
        callback.update(timeout)
        return callback.iden

    def _update_timeout(self, timer: int, timeout: int) -> None:
        self.callbacks[timer].update(timeout)

    def _remove_timeout(self, timer: int) -> int:
        callback = self.callbacks.pop(timer, None)
        if callback is None:
            return -1
        callback.close()
        return 0


_current: virEventAsyncIOImpl | None = None


def getCurrentImpl() -> virEventAsyncIOImpl | None:
    """The event loop that was registered last, or None."""
    return _current


def virEventRegisterAsyncIOImpl(loop: asyncio.AbstractEventLoop | None = None) -> virEventAsyncIOImpl:
    """Registers an event loop on asyncio and returns it."""
    global _current
    if _current is not None:
        warnings.warn("an event loop is registered already; its callbacks stay there", stacklevel=2)
    _current = virEventAsyncIOImpl(loop).register()
    return _current

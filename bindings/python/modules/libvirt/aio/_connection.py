"""Connections: what has threads of its own, and streams of events."""
from __future__ import annotations

import functools
import warnings
import weakref
from typing import TYPE_CHECKING, Any, Callable, Generator

from . import _library
from ._events import EventStream, Registry, stream_of
from ._objects import Object, connections, unwrapped, wrapped
from ._pool import Job, Pool, perform

if TYPE_CHECKING:
    from typing_extensions import Self

    import libvirt

    from . import virConnect


class Connection(Object):
    """What has threads of its own, and streams of events."""

    __slots__ = ("_pool", "_streams", "_registry", "_is_open", "timeout")

    _ends: str
    timeout: float | None

    def __init__(self, sync: libvirt.virConnect, pool: Pool, timeout: float | None, is_open: bool = True) -> None:
        super().__init__(sync, None)
        self._pool = pool
        self._streams: weakref.WeakSet[EventStream[Any]] = weakref.WeakSet()
        self._registry = Registry()
        self._is_open = is_open
        #: Seconds after which a call is given up; None for never.
        self.timeout = timeout
        connections[sync] = weakref.ref(self)

    @property
    def _connection(self) -> Connection:
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._is_open:
            await getattr(self, self._ends)()

    async def run(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Any:
        """Calls a function in a thread of the connection: one of another module, or one of your own that waits.

        Our objects among the arguments become those of `libvirt`, and in the result the other way round.
        """
        job = Job(function, unwrapped(arguments), unwrapped(keywords), functools.partial(wrapped, owner=self))
        return await perform(self._pool, job, self.timeout)

    def events(self, *kinds: int, family: str | None = None, limit: int = 1000, **subject: Any) -> EventStream[Any]:
        """A stream of events: of all kinds of a family, or of those that are given.

          kinds: numbers of kinds such as libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE; none for all that the library knows
          family: whose kinds they are, such as "network"; that of the keyword below, else the first
          limit: how many events are kept; when more come, the oldest are dropped and counted
          subject: by the family's name the only object to hear of, such as domain=domain; None for all

        Use it as `async for event in stream`, within `async with stream` where events may come before the iteration begins.
        """
        return stream_of(self, kinds, family, limit, subject)

    def __del__(self) -> None:
        if not getattr(self, "_is_open", False):
            return
        # Closing may wait, so it is left to a thread. The holder has the only reference.
        holder = [self._sync]
        self._sync = None
        self._pool.leave(holder.clear)
        self._pool.close()
        warnings.warn("a connection of libvirt.aio was not closed", ResourceWarning, source=self, stacklevel=2)


class Opening:
    """A connection that is about to be opened: to be awaited, or entered with `async with`."""

    def __init__(
        self, ours: Callable[..., virConnect], function: Callable[..., libvirt.virConnect], arguments: tuple[Any, ...],
        keywords: dict[str, Any], workers: int, timeout: float | None,
    ) -> None:
        self._ours = ours
        self._call = function, unwrapped(arguments), unwrapped(keywords)
        self._workers = workers
        self._timeout = timeout
        self._connection: virConnect | None = None

    async def _open(self) -> virConnect:
        pool = Pool(self._workers)
        job = Job(_opened, self._call, {}, functools.partial(self._ours, pool=pool, timeout=self._timeout))
        try:
            connection: virConnect = await perform(pool, job, self._timeout)
            return connection
        except BaseException:
            pool.close()
            raise

    def __await__(self) -> Generator[Any, None, virConnect]:
        return self._open().__await__()

    async def __aenter__(self) -> virConnect:
        self._connection = await self._open()
        return self._connection

    async def __aexit__(self, *error: object) -> None:
        if self._connection is not None:
            await self._connection.__aexit__(*error)


def _opened(function: Callable[..., libvirt.virConnect], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> libvirt.virConnect:
    _library.ensure()
    return function(*arguments, **keywords)

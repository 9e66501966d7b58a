"""Connections: what has threads of its own, and streams of events."""
# mypy: ignore-errors
import functools
import warnings
import weakref

from . import _library
from ._events import Registry, stream_of
from ._objects import Object, connections, unwrapped, wrapped
from ._pool import Job, Pool, perform


class Connection(Object):
    """What has threads of its own, and streams of events."""

    __slots__ = ("_pool", "_streams", "_registry", "_is_open", "timeout")

    def __init__(self, sync, pool, timeout, is_open=True):
        super().__init__(sync, None)
        self._pool = pool
        self._streams = weakref.WeakSet()
        self._registry = Registry()
        self._is_open = is_open
        #: Seconds after which a call is given up; None for never.
        self.timeout = timeout
        connections[sync] = weakref.ref(self)

    @property
    def _connection(self):
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        if self._is_open:
            await getattr(self, self._ends)()

    async def run(self, function, /, *arguments, **keywords):
        """Calls a function in a thread of the connection: one of another module, or one of your own that waits.

        Our objects among the arguments become those of `libvirt`, and in the result the other way round.
        """
        job = Job(function, unwrapped(arguments), unwrapped(keywords), functools.partial(wrapped, owner=self))
        return await perform(self._pool, job, self.timeout)

    def events(self, *kinds, family=None, limit=1000, **subject):
        """A stream of events: of all kinds of a family, or of those that are given.

          kinds: numbers of kinds such as libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE; none for all that the library knows
          family: whose kinds they are, such as "network"; that of the keyword below, else the first
          limit: how many events are kept; when more come, the oldest are dropped and counted
          subject: by the family's name the only object to hear of, such as domain=domain; None for all

        Use it as `async for event in stream`, within `async with stream` where events may come before the iteration begins.
        """
        return stream_of(self, kinds, family, limit, subject)

    def __del__(self):
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

    def __init__(self, ours, function, arguments, keywords, workers, timeout):
        self._ours = ours
        self._call = function, unwrapped(arguments), unwrapped(keywords)
        self._workers = workers
        self._timeout = timeout
        self._connection = None

    async def _open(self):
        pool = Pool(self._workers)
        job = Job(_opened, self._call, {}, functools.partial(self._ours, pool=pool, timeout=self._timeout))
        try:
            return await perform(pool, job, self._timeout)
        except BaseException:
            pool.close()
            raise

    def __await__(self):
        return self._open().__await__()

    async def __aenter__(self):
        self._connection = await self._open()
        return self._connection

    async def __aexit__(self, *error):
        await self._connection.__aexit__(*error)


def _opened(function, arguments, keywords):
    _library.ensure()
    return function(*arguments, **keywords)

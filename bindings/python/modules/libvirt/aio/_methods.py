"""The classes, made from tables: every method of `libvirt`, awaited where it may wait."""
# mypy: ignore-errors
import functools
import inspect

import libvirt

from ._connection import Connection, Opening
from ._objects import Child, classes, unwrapped, wrapped
from ._pool import Job, perform
from ._tables import CLASSES


def _waiting(function, gives, abort):
    async def method(self, /, *arguments, **keywords):
        connection = self._connection
        sync = self._sync
        if arguments:
            arguments = unwrapped(arguments)
        if keywords:
            keywords = unwrapped(keywords)
        # The owner lives as long as the call, and the connection with it.
        job = Job(function, (sync, *arguments), keywords, functools.partial(wrapped if gives else _unchanged, owner=self))
        return await perform(connection._pool, job, connection.timeout, abort and functools.partial(abort, sync))
    return method


def _unchanged(value, owner):
    return value


def _plain(function, gives):
    def method(self, /, *arguments, **keywords):
        result = function(self._sync, *unwrapped(arguments), **unwrapped(keywords))
        return wrapped(result, self) if gives else result
    return method


def _above(function, gives):
    def method(self):
        return wrapped(function(self._sync), self)
    return method


def _ending(function):
    async def method(self, /, *arguments, **keywords):
        for stream in list(self._streams):
            await stream._end()
        try:
            return await perform(self._pool, Job(function, (self._sync, *arguments), keywords), self.timeout)
        finally:
            self._is_open = False
            self._pool.close()
    return method


def _make(name, row):
    sync = getattr(libvirt, name)
    members = {"__slots__": (), "__doc__": sync.__doc__, "__module__": "libvirt.aio"}
    members.update((key, value) for key, value in vars(sync).items() if isinstance(value, int))
    members["_ends"], members["_parent_attribute"] = row["ends"], row["parent"]
    gives, aborts = set(row["gives"].split()), row["aborts"]
    for method_name in row["waits"].split():
        function = getattr(sync, method_name)
        if method_name == row["ends"]:
            method = _ending(function)
        else:
            abort = aborts.get(method_name)
            method = _waiting(function, method_name in gives, abort and getattr(sync, abort))
        members[method_name] = _described(method, function, name)
    for method_name in ("c_pointer", *row["plain"].split()):
        function = getattr(sync, method_name)
        make = _plain if function.__text_signature__ else _above
        members[method_name] = _described(make(function, method_name in gives), function, name)
    ours = type(name, (Child if row["parent"] else Connection,), members)
    classes[sync] = ours
    return ours


def _described(method, function, place):
    method.__name__ = function.__name__
    method.__qualname__ = f"{place}.{function.__name__}"
    method.__module__ = "libvirt.aio"
    method.__doc__ = function.__doc__
    if function.__text_signature__:
        method.__wrapped__ = function
    return method


def opener(name, function):
    """A function that opens a connection of ours."""
    ours = _all[next(row_name for row_name, row in CLASSES.items() if not row["parent"])]

    def method(*arguments, workers=4, timeout=None, **keywords):
        return Opening(ours, function, arguments, keywords, workers, timeout)

    method = _described(method, function, "")
    method.__qualname__ = name
    method.__doc__ += """

To be awaited, or entered with `async with`.

  workers: how many calls of the connection run at the same time; with 1 in the order in which they were made
  timeout: seconds after which a call is given up with TimeoutError; None for never"""
    own = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=value) for key, value in method.__kwdefaults__.items()]
    signature = inspect.signature(function)
    method.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *own])
    return method


_all = {name: _make(name, row) for name, row in CLASSES.items()}


def made():
    """All classes by name."""
    return _all

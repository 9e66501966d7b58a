"""The classes, made from tables: every method of `libvirt`, awaited where it may wait."""
from __future__ import annotations

import functools
import inspect
from typing import Any, Callable

import libvirt

from ._connection import Connection, Opening
from ._objects import Child, classes, unwrapped, wrapped
from ._pool import Job, perform
from ._tables import CLASSES


def _waiting(function: Callable[..., Any], gives: bool, abort: Callable[..., Any] | None) -> Callable[..., Any]:
    async def method(self: Any, /, *arguments: Any, **keywords: Any) -> Any:
        connection = self._connection
        sync = self._sync
        if arguments:
            arguments = unwrapped(arguments)
        if keywords:
            keywords = unwrapped(keywords)
        # The owner lives as long as the call, and the connection with it.
        job = Job(function, (sync, *arguments), keywords, functools.partial(wrapped if gives else _unchanged, owner=self))
        return await perform(connection._pool, job, connection.timeout, functools.partial(abort, sync) if abort else None)
    return method


def _unchanged(value: Any, owner: Any) -> Any:
    return value


def _plain(function: Callable[..., Any], gives: bool) -> Callable[..., Any]:
    def method(self: Any, /, *arguments: Any, **keywords: Any) -> Any:
        result = function(self._sync, *unwrapped(arguments), **unwrapped(keywords))
        return wrapped(result, self) if gives else result
    return method


def _above(function: Callable[..., Any], gives: bool) -> Callable[..., Any]:
    def method(self: Any) -> Any:
        return wrapped(function(self._sync), self)
    return method


def _ending(function: Callable[..., Any]) -> Callable[..., Any]:
    async def method(self: Any, /, *arguments: Any, **keywords: Any) -> Any:
        for stream in list(self._streams):
            await stream._end()
        try:
            return await perform(self._pool, Job(function, (self._sync, *arguments), keywords), self.timeout)
        finally:
            self._is_open = False
            self._pool.close()
    return method


def _make(name: str, row: dict[str, Any]) -> type:
    sync = getattr(libvirt, name)
    members: dict[str, Any] = {"__slots__": (), "__doc__": sync.__doc__, "__module__": "libvirt.aio"}
    members.update((key, value) for key, value in vars(sync).items() if isinstance(value, int))
    members["_ends"], members["_parent_attribute"] = row["ends"], row["parent"]
    gives, aborts = set(row["gives"]), row["aborts"]
    for method_name in row["waits"]:
        function = getattr(sync, method_name)
        if method_name == row["ends"]:
            method = _ending(function)
        else:
            abort = aborts.get(method_name)
            method = _waiting(function, method_name in gives, abort and getattr(sync, abort))
        members[method_name] = _described(method, function, name)
    for method_name in ("c_pointer", *row["plain"]):
        function = getattr(sync, method_name)
        make = _plain if function.__text_signature__ else _above
        members[method_name] = _described(make(function, method_name in gives), function, name)
    ours = type(name, (Child if row["parent"] else Connection,), members)
    classes[sync] = ours
    return ours


def _described(method: Callable[..., Any], function: Any, place: str) -> Any:
    made: Any = method
    made.__name__ = function.__name__
    made.__qualname__ = f"{place}.{function.__name__}"
    made.__module__ = "libvirt.aio"
    made.__doc__ = function.__doc__
    if function.__text_signature__:
        made.__wrapped__ = function
    return made


def opener(name: str, function: Callable[..., Any]) -> Callable[..., Opening]:
    """A function that opens a connection of ours."""
    ours: Any = _all[next(row_name for row_name, row in CLASSES.items() if not row["parent"])]

    def opening(*arguments: Any, workers: int = 4, timeout: float | None = None, **keywords: Any) -> Opening:
        return Opening(ours, function, arguments, keywords, workers, timeout)

    method = _described(opening, function, "")
    method.__qualname__ = name
    method.__doc__ += """

To be awaited, or entered with `async with`.

  workers: how many calls of the connection run at the same time; with 1 in the order in which they were made
  timeout: seconds after which a call is given up with TimeoutError; None for never"""
    own = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=value)
           for key, value in (opening.__kwdefaults__ or {}).items()]
    signature = inspect.signature(function)
    method.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *own])
    made: Callable[..., Opening] = method
    return made


_all = {name: _make(name, row) for name, row in CLASSES.items()}


def made() -> dict[str, type]:
    """All classes by name."""
    return _all

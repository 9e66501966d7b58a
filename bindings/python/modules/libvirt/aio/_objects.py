"""Objects of `libvirt` behind ours, and the way from one to the other."""
from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import CapsuleType

    from ._connection import Connection

#: By class of `libvirt`, ours.
classes: dict[type, Any] = {}
#: By connection of `libvirt`, a weak reference to ours.
connections: weakref.WeakKeyDictionary[Any, weakref.ref[Connection]] = weakref.WeakKeyDictionary()


class Object:
    """What an object of `libvirt` stands behind."""

    __slots__ = ("_sync", "_parent", "__weakref__", "__dict__")

    def __init__(self, sync: Any, parent: Object | None) -> None:
        self._sync = sync
        self._parent = parent

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} of {self._sync!r}>"

    @property
    def _o(self) -> CapsuleType | None:
        found: CapsuleType | None = self._sync._o
        return found


class Child(Object):
    """What belongs to a connection."""

    __slots__ = ("_connection",)

    def __init__(self, sync: Any, parent: Connection | Child) -> None:
        super().__init__(sync, parent)
        self._connection: Connection = parent._connection


def unwrapped(value: Any) -> Any:
    """The same with objects of `libvirt` in the place of ours."""
    if isinstance(value, Object):
        return value._sync
    kind = type(value)
    if kind is list or kind is tuple:
        return kind(unwrapped(item) for item in value)
    if kind is dict:
        return {key: unwrapped(item) for key, item in value.items()}
    return value


def wrapped(value: Any, owner: Connection | Child) -> Any:
    """The same with ours in the place of objects of `libvirt`; those that the owner belongs to are found again."""
    kind = type(value)
    ours = classes.get(kind)
    if ours is not None:
        return _wrapped_object(ours, value, owner)
    if kind is list or kind is tuple:
        return kind([wrapped(item, owner) for item in value])
    if kind is dict:
        return {key: wrapped(item, owner) for key, item in value.items()}
    return value


def _wrapped_object(ours: Any, value: Any, owner: Connection | Child) -> Any:
    above: Object | None = owner
    while above is not None:
        if above._sync is value:
            return above
        above = above._parent
    if ours._parent_attribute:
        return ours(value, wrapped(getattr(value, ours._parent_attribute), owner))
    found = connections.get(value)
    connection = found() if found is not None else None
    if connection is None:  # The program's own: it closes it.
        connection = ours(value, owner._connection._pool, owner._connection.timeout, is_open=False)
    return connection

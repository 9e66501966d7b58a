"""The API of `libvirt` for asyncio: whatever may wait is awaited, and events are iterated over.

    async with await libvirt.aio.open("test:///default") as connection:
        for domain in await connection.listAllDomains():
            print(domain.name(), await domain.state())
        async for event in connection.events():
            print(event)

Classes, methods, arguments and results are those of `libvirt`; a method that never waits is not awaited.
"""
import libvirt as _libvirt

from ._events import EventStream, event_class as _event_class, event_names as _event_names
from ._methods import made as _made, opener as _opener
from ._tables import OPENERS as _OPENERS

globals().update(_made())
globals().update((_name, _opener(_name, getattr(_libvirt, _name))) for _name in _OPENERS.split())
__all__ = ["EventStream", *_made(), *_OPENERS.split(), *_event_names()]


def __getattr__(name):
    found = _event_class(name)
    if found is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return found


def __dir__():
    return sorted([*globals(), *_event_names()])

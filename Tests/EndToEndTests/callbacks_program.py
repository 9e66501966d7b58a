"""Registers functions of C for events, again and again, and says what each call answers: a line of JSON for each family of events."""
import ctypes
import json

library = ctypes.CDLL("libvirt.so.0")
P = ctypes.c_void_p
for name in ("virConnectOpen", "virDomainLookupByName", "virNetworkLookupByName", "virStoragePoolLookupByName", "virNodeDeviceLookupByName", "virSecretDefineXML"):
    getattr(library, name).restype = P
EVENT = ctypes.CFUNCTYPE(ctypes.c_int, P, P, ctypes.c_int, ctypes.c_int, P)
freed = []
kept = [EVENT(lambda *a: 0), EVENT(lambda *a: 0), ctypes.CFUNCTYPE(None, P)(freed.append), ctypes.CFUNCTYPE(None, P, P)(lambda *a: None),
        ctypes.CFUNCTYPE(None, ctypes.c_int, P)(lambda *a: None)]
one, other, free, quiet, tick = (ctypes.cast(function, P) for function in kept)
library.virSetErrorFunc(None, quiet)
assert library.virEventRegisterDefaultImpl() == 0
c = P(library.virConnectOpen(b"test:///default"))
FAMILIES = {
    "Domain": library.virDomainLookupByName(c, b"test"), "Network": library.virNetworkLookupByName(c, b"default"),
    "StoragePool": library.virStoragePoolLookupByName(c, b"default-pool"), "NodeDevice": library.virNodeDeviceLookupByName(c, b"computer"),
    "Secret": library.virSecretDefineXML(c, b"<secret><usage type='volume'><volume>/a</volume></usage></secret>", 0),
}


def answer(result):
    """A number, or the error's code and domain."""
    if result >= 0:
        return result
    told = [library.virGetLastErrorCode(), library.virGetLastErrorDomain()]
    library.virResetLastError()
    return told


def turn():
    timer = library.virEventAddTimeout(0, tick, None, None)
    for _ in range(3):
        library.virEventRunDefaultImpl()
    library.virEventRemoveTimeout(timer)
    told = sorted(freed)
    freed.clear()
    return told


def say(*values):
    print(json.dumps(values))


register, deregister = library.virConnectDomainEventRegister, library.virConnectDomainEventDeregister
say("legacy", [answer(register(c, function, P(data), free)) for function, data in ((one, 1), (one, 1), (one, 2), (other, 3))], turn())
say("gone", answer(deregister(c, one)), turn(), answer(deregister(c, one)), answer(register(c, one, P(4), free)))
for family, item in FAMILIES.items():
    register = getattr(library, f"virConnect{family}EventRegisterAny")
    deregister = getattr(library, f"virConnect{family}EventDeregisterAny")
    told, first = [], None
    for subject in (None, P(item)) if item else (None,):
        for function, data in ((one, 11), (one, 11), (one, 12), (other, 13)):
            number = answer(register(c, subject, 0, function, P(data), free))
            # Relative to the first one: some are used up by others.
            first = number if first is None and isinstance(number, int) else first
            told.append(number - first if isinstance(number, int) else number)
    for event in (1,) if family != "Network" else ():
        told.append(isinstance(answer(register(c, None, event, one, P(14), free)), int))
    gone = [answer(deregister(c, first or 0)), answer(deregister(c, first or 0))]
    say(family, told, gone, turn(), isinstance(answer(register(c, None, 0, one, P(15), free)), int))
say("legacy beside others", answer(library.virConnectDomainEventRegister(c, other, P(5), free)))
say("left", library.virConnectClose(c) >= 0)

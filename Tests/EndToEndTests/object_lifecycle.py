"""Networks, pools and interfaces in every state (active or not, kept or not, started with the host or not), and every operation
on each, once. Run by test_object_lifecycle.py on both libraries, through Debian's python3-libvirt; prints a line of JSON for each pair.
"""
import itertools
import json
import sys
import tempfile

import libvirt

from calls import turn

UUID = "<uuid>11111111-2222-3333-4444-000000000001</uuid>"


class Network:
    document = f"<network><name>thing</name>{UUID}<bridge name='virbr7'/></network>"
    define, create, find = "networkDefineXML", "networkCreateXML", "networkLookupByName"
    inactive, active = "listDefinedNetworks", "listNetworks"
    event = (libvirt.virConnect.networkEventRegisterAny, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE)


class Pool:
    document = f"<pool type='dir'><name>thing</name>{UUID}<target><path>/thing</path></target></pool>"
    define, create, find = "storagePoolDefineXML", "storagePoolCreateXML", "storagePoolLookupByName"
    inactive, active = "listDefinedStoragePools", "listStoragePools"
    event = (libvirt.virConnect.storagePoolEventRegisterAny, libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE)


class Interface:
    document = "<interface type='ethernet' name='thing'><start mode='none'/><mac address='02:00:00:00:00:01'/></interface>"
    define, create, find = "interfaceDefineXML", None, "interfaceLookupByName"
    inactive, active = "listDefinedInterfaces", "listInterfaces"
    event = None


KINDS = {"network": Network, "pool": Pool, "interface": Interface}
OPERATIONS = {
    "start": lambda c, kind, it: it.create(), "stop": lambda c, kind, it: it.destroy(), "undefine": lambda c, kind, it: it.undefine(),
    "define again": lambda c, kind, it: getattr(c, kind.define)(kind.document) and None,
    "create again": lambda c, kind, it: getattr(c, kind.create)(kind.document, *([0] if kind is Pool else [])) and None,
    "set autostart": lambda c, kind, it: it.setAutostart(1), "drop autostart": lambda c, kind, it: it.setAutostart(0),
    "refresh": lambda c, kind, it: it.refresh(0), "delete": lambda c, kind, it: it.delete(0), "build": lambda c, kind, it: it.build(0),
    "describe inactive": lambda c, kind, it: len(it.XMLDesc(1)) > 20, "describe": lambda c, kind, it: len(it.XMLDesc(0)) > 20,
}
POOL_ONLY = {"refresh", "delete", "build"}
NOT_OF_INTERFACES = {"create again", "set autostart", "drop autostart"}


def prepare(connection, kind, active, persistent):
    """An object in a state; None where there is no such state."""
    if persistent:
        it = getattr(connection, kind.define)(kind.document)
        if active:
            it.create()
        return it
    if not active or not kind.create:
        return None
    return getattr(connection, kind.create)(kind.document, *([0] if kind is Pool else []))


def left(connection, kind):
    """What the object is now; None when it is gone."""
    listed = ["thing" in getattr(connection, name)() for name in (kind.inactive, kind.active)]
    try:
        it = getattr(connection, kind.find)("thing")
    except libvirt.libvirtError as error:
        return listed + [error.get_error_code()]
    found = [it.isActive()]
    if kind is not Interface:
        found += [it.isPersistent(), it.autostart()]
    return listed + found


def attempt(world, label, operation, active, persistent, autostart):
    kind = KINDS[label]
    connection = libvirt.open("test://" + world)
    it = prepare(connection, kind, active, persistent)
    if it is None or (autostart and (kind is Interface or not persistent)):
        return
    if autostart:
        it.setAutostart(1)
    events = []
    turn()
    if kind.event:
        register, event = kind.event
        register(connection, None, event, lambda c, o, event, detail, _: events.append([event, detail]), None)
    try:
        answer = OPERATIONS[operation](connection, kind, it) or 0
    except libvirt.libvirtError as error:
        answer = [error.get_error_code(), error.get_error_domain()]
    turn()
    turn()
    print(json.dumps([label, operation, active, persistent, autostart, answer, left(connection, kind), events]))


def main():
    libvirt.registerErrorHandler(lambda *a: None, None)
    libvirt.virEventRegisterDefaultImpl()
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as world:
        world.write("<node/>")
        world.flush()
        attempt_all(world.name)


def attempt_all(world):
    for label, operation in itertools.product(KINDS, OPERATIONS):
        if operation in POOL_ONLY and label != "pool" or label == "interface" and operation in NOT_OF_INTERFACES:
            continue
        for active, persistent, autostart in itertools.product((True, False), repeat=3):
            attempt(world, label, operation, active, persistent, autostart)


if __name__ == "__main__":
    sys.exit(main())

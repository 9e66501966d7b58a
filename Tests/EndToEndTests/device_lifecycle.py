"""Mediated devices in every state (active or not, kept or not, started with the host or not), and every operation on each, once.

Run by test_object_lifecycle.py on our library alone, as the reference's test driver has none of them; prints a line of JSON for each pair.
"""
import itertools
import json
import sys
import tempfile

import libvirt
import test_node_devices
from object_lifecycle import turn

DOCUMENT = test_node_devices.MEDIATED.format(type="small", value="1")
OPERATIONS = {
    "start": lambda c, it: it.create(), "stop": lambda c, it: it.destroy(), "undefine": lambda c, it: it.undefine(),
    "define again": lambda c, it: c.nodeDeviceDefineXML(DOCUMENT) and None, "create again": lambda c, it: c.nodeDeviceCreateXML(DOCUMENT) and None,
    "set autostart": lambda c, it: it.setAutostart(1), "drop autostart": lambda c, it: it.setAutostart(0),
    "describe": lambda c, it: len(it.XMLDesc()) > 20, "describe inactive": lambda c, it: len(it.XMLDesc(1)) > 20,
}
# A device that is not kept is active, and does not start with the host.
STATES = [state for state in itertools.product((True, False), repeat=3) if state[1] or state == (True, False, False)]


def prepare(connection, active, persistent, autostart):
    if not persistent:
        return connection.nodeDeviceCreateXML(DOCUMENT)
    it = connection.nodeDeviceDefineXML(DOCUMENT)
    if active:
        it.create()
    if autostart:
        it.setAutostart(1)
    return it


def left(connection):
    """What the device is now; None when it is gone."""
    try:
        it = connection.nodeDeviceLookupByName(test_node_devices.NAME)
    except libvirt.libvirtError as error:
        assert error.get_error_code() == libvirt.VIR_ERR_NO_NODE_DEVICE
        return None
    return [bool(it.isActive()), bool(it.isPersistent()), bool(it.autostart())]


def attempt(world, operation, state):
    connection = libvirt.open(world)
    it = prepare(connection, *state)
    events = []
    turn()
    connection.nodeDeviceEventRegisterAny(None, 0, lambda c, it, event, detail, _: events.append(event), None)
    try:
        answer = OPERATIONS[operation](connection, it) or 0
    except libvirt.libvirtError as error:
        answer = error.get_error_code()
    turn()
    turn()
    print(json.dumps([operation, state, answer, left(connection), events]))


def main():
    libvirt.registerErrorHandler(lambda *a: None, None)
    libvirt.virEventRegisterDefaultImpl()
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as world:
        world.write(f"<node>{test_node_devices.ROOT}{test_node_devices.PCI.format(driver='host')}</node>")
        world.flush()
        for operation, state in itertools.product(OPERATIONS, STATES):
            attempt("test://" + world.name, operation, state)


if __name__ == "__main__":
    sys.exit(main())

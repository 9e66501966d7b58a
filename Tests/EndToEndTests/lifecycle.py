"""The lifecycle of domains: every action in every state, once. Run by test_lifecycle.py on both libraries, through Debian's python3-libvirt.

Prints a line of JSON for each pair: action, state, whether the domain is persistent, what the call answered, state and reason afterwards,
whether the domain is still there and active, and the events.
"""
import json
import os
import sys
import tempfile

import libvirt

from calls import turn

TEST = "http://libvirt.org/schemas/domain/test/1.0"
SNAPSHOTS = {"revertToRunning": "running", "revertToPaused": "paused", "revertToOff": "shutoff"}
BODY = "<name>guest</name><uuid>11111111-2222-3333-4444-000000000001</uuid><memory>4096</memory><os><type>hvm</type></os>"


def world(folder, state, persistent):
    snapshots = "".join(
        f"<test:domainsnapshot><name>{name}</name><creationTime>1</creationTime><state>{name}</state><active>0</active>"
        f"<domain type='test'>{BODY}</domain></test:domainsnapshot>" for name in SNAPSHOTS.values())
    transient = "" if persistent else "<test:transient/>"
    path = os.path.join(folder, "world.xml")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"<node><domain type='test' xmlns:test='{TEST}'>{BODY}{transient}<test:runstate>{state}</test:runstate>{snapshots}</domain></node>")
    return path


def restore(domain, image):
    domain.connect().restore(image)


ACTIONS = {
    "start": lambda d, image: d.create(), "suspend": lambda d, image: d.suspend(), "resume": lambda d, image: d.resume(),
    "shutDown": lambda d, image: d.shutdown(), "destroy": lambda d, image: d.destroy(), "reboot": lambda d, image: d.reboot(),
    "save": lambda d, image: d.save(image + ".new"), "restore": restore,
    "dump": lambda d, image: d.coreDump(image + ".core"), "crash": lambda d, image: d.coreDump(image + ".core", libvirt.VIR_DUMP_CRASH),
    **{action: lambda d, image, name=name: d.revertToSnapshot(d.snapshotLookupByName(name)) for action, name in SNAPSHOTS.items()},
    # What the table does not have of its own: it is a state with something else.
    "keep": lambda d, image: d.managedSave(), "undefine": lambda d, image: d.undefine(),
    "undefine all": lambda d, image: d.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA | libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE),
    "rename": lambda d, image: d.rename("other"), "create again": lambda d, image: d.connect().createXML(f"<domain type='test'>{BODY}</domain>"),
    "start paused": lambda d, image: d.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED),
    "define": lambda d, image: d.connect().defineXML(f"<domain type='test'>{BODY}</domain>"),
}


def attempt(folder, image, action, state, persistent):
    connection = libvirt.open("test://" + world(folder, state, persistent))
    events = []
    connection.domainEventRegisterAny(None, 0, lambda c, d, event, detail, _: events.append([event, detail]), None)
    domain = connection.lookupByName("guest")
    answer = 0
    try:
        ACTIONS[action](domain, image)
    except libvirt.libvirtError as error:
        answer = [error.get_error_code(), error.get_error_domain()]
    turn()
    turn()
    left = None
    for domain in connection.listAllDomains():
        left = [*domain.state(), domain.isActive(), domain.isPersistent(), domain.ID() > 0]
    print(json.dumps([action, state, persistent, answer, left, events]))
    connection.close()


def main():
    libvirt.registerErrorHandler(lambda *a: None, None)
    libvirt.virEventRegisterDefaultImpl()
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "image")
        saver = libvirt.open("test:///default")
        saver.createXML(f"<domain type='test'>{BODY}</domain>").save(image)
        for action in ACTIONS:
            for state in range(8):
                for persistent in (True, False):
                    if persistent or state != 5:
                        attempt(folder, image, action, state, persistent)


if __name__ == "__main__":
    sys.exit(main())

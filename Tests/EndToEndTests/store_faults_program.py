"""Does one thing in a world with a store while a call to the system fails or ends the process, at every place of their row.

usage: store_faults_program.py FOLDER THING     writes a line for each place: what was planned, what was said, what is there then

The folder holds a world's file; `store_faults.c` is loaded before this program.
"""
import ctypes
import errno
import json
import os
import shutil
import sys

import libvirt
from store_tell import tell

libvirt.registerErrorHandler(lambda *a: None, None)
faults = ctypes.CDLL(None)

DOMAIN = """<domain type='test'><name>%s</name><uuid>%s</uuid><memory>4096</memory><os><type>hvm</type></os><devices>
<disk type='file' device='disk'><source file='/d'/><target dev='vda'/></disk></devices></domain>"""
VOLUME = "<volume><name>%s</name><capacity>5000000</capacity><allocation>0</allocation></volume>"
POOL = "<pool type='dir'><name>p</name><uuid>11111111-1111-1111-1111-111111111111</uuid><target><path>/p</path></target></pool>"


def prepare(c):
    it = c.defineXML(DOMAIN % ("d", "22222222-2222-2222-2222-222222222222"))
    for name, parent in (("one", None), ("two", "one"), ("three", "two"), ("four", "two")):
        if parent:
            it.revertToSnapshot(it.snapshotLookupByName(parent))
        it.snapshotCreateXML(f"<domainsnapshot><name>{name}</name><creationTime>1</creationTime></domainsnapshot>")
    it.snapshotCreateXML("<domainsnapshot><name>outside</name></domainsnapshot>", libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY)
    pool = c.storagePoolCreateXML(POOL)
    upload(c, pool.createXML(VOLUME % "full"), 2500000, 77)
    pool.createXML(VOLUME % "empty")


def upload(c, volume, count, byte):
    stream = c.newStream()
    volume.upload(stream, 1000000, 0)
    for _ in range(count // 50000):
        stream.send(bytes([byte]) * 50000)
    stream.finish()


def volume(c, name):
    return c.storagePoolLookupByName("p").storageVolLookupByName(name)


def snapshot(c, name):
    return c.lookupByName("d").snapshotLookupByName(name)


REDEFINED = "<domainsnapshot><name>new</name><state>shutoff</state><creationTime>1</creationTime><parent><name>two</name></parent>%s</domainsnapshot>"
CREATE = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT

THINGS = {
    "open": None,
    "change of a domain": lambda c: c.lookupByName("d").setAutostart(1),
    "new snapshot": lambda c: c.lookupByName("d").snapshotCreateXML(
        REDEFINED % (DOMAIN % ("d", "22222222-2222-2222-2222-222222222222")), CREATE),
    "reversion": lambda c: c.lookupByName("d").revertToSnapshot(snapshot(c, "two")),
    "snapshot with children": lambda c: snapshot(c, "two").delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN),
    "snapshot in the middle": lambda c: snapshot(c, "two").delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY),
    "merge": lambda c: snapshot(c, "outside").delete(),
    "domain with snapshots": lambda c: c.lookupByName("d").undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA),
    "new volume": lambda c: c.storagePoolLookupByName("p").createXML(VOLUME % "new"),
    "copied volume": lambda c: c.storagePoolLookupByName("p").createXMLFrom(VOLUME % "new", volume(c, "full")),
    "volume with content": lambda c: volume(c, "full").delete(),
    "pool with volumes": lambda c: c.storagePoolLookupByName("p").destroy(),
    "upload": lambda c: upload(c, volume(c, "full"), 2500000, 88),
    "wiping": lambda c: volume(c, "full").wipe(),
}


def in_child(body):
    """What a child says, which begins with nothing open, and how it ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            body(lambda value: os.write(writing, json.dumps(value).encode() + b"\n"))
            os._exit(0)
        except BaseException as error:  # noqa: BLE001
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = [json.loads(line) for line in file]
    return said, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder, thing):
    prepared, tried = f"{folder}/prepared", f"{folder}/tried"
    uri = f"test://{tried}/world.xml"
    os.makedirs(prepared)
    with open(f"{prepared}/world.xml", "w", encoding="utf-8") as file:
        file.write("<node><store path='store'/>%s<network><name>n</name><uuid>%s</uuid></network></node>" % (
            DOMAIN % ("shared", "33333333-3333-3333-3333-333333333333"), "44444444-4444-4444-4444-444444444444"))
    if THINGS[thing]:
        shutil.copytree(prepared, tried)
        _, ended = in_child(lambda say: prepare(libvirt.open(uri)))
        assert ended == 0
        shutil.rmtree(prepared)
        os.rename(tried, prepared)

    def work(at, number, stays, closes, say):
        """What is to be done, in the child; tells its error and how many calls it took."""
        c = libvirt.open(uri) if THINGS[thing] else None
        faults.store_fault(at, number, stays)
        error = None
        try:
            if c:
                THINGS[thing](c)
            else:
                c = libvirt.open(uri)
        except libvirt.libvirtError as failure:
            error = [failure.get_error_code(), failure.get_error_message()]
        steps = faults.store_steps()
        faults.store_fault(0, 0, 0)
        say([error, steps])
        if closes and c:
            assert c.close() == 0
        os._exit(0)

    def then():
        [state], ended = in_child(lambda say: say(tell(libvirt.open(uri))))
        assert ended == 0
        return state

    def attempt(*how):
        shutil.copytree(prepared, tried)
        said, ended = in_child(lambda say: work(*how, say))
        outcome = said[0] if said else [None, 0]
        state = then()
        names = os.listdir(f"{tried}/store")
        shutil.rmtree(tried)
        # Nothing that nobody finished is left, and nothing was set aside.
        assert not [name for name in names if not name.endswith(".object") and name != ".lock"], names
        return ended, *outcome, state

    shutil.copytree(prepared, tried)
    before = then() if THINGS[thing] else None
    shutil.rmtree(tried)
    _, _, steps, after = attempt(0, 0, 0, True)
    print(json.dumps([steps, before, after]))
    for at in range(1, steps + 1):
        print(json.dumps(["killed", at, *attempt(at, 0, 0, False)]))
        print(json.dumps(["failed", at, *attempt(at, errno.ENOSPC, 1, False)]))
        print(json.dumps(["tried again", at, *attempt(at, errno.EIO, 0, True)]))


main(*sys.argv[1:])

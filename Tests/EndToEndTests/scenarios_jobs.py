"""What both libraries are asked to do with domains besides running them: saving, dumping, checkpoints; see scenarios.py."""
import os
import pathlib
import re
import struct
import tempfile

import libvirt

from calls import turn

GUEST = "<domain type='test'><name>{name}</name><uuid>11111111-2222-3333-4444-{number:012d}</uuid><memory unit='KiB'>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os>{devices}</domain>"


def guest(name="guest", number=1, devices=""):
    return GUEST.format(name=name, number=number, devices=devices)


class Events:
    """The lifecycle events of a connection, by asking."""

    def __init__(self, connection):
        self.seen = []
        connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda c, d, event, detail, _: self.seen.append([d.name(), event, detail]), None)

    def take(self):
        """What came since the last time."""
        for _ in range(2):
            turn()
        taken, self.seen[:] = list(self.seen), []
        return taken


def saving(t):
    """Memory of domains in files and with the driver."""
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    events = Events(c)
    folder = pathlib.Path(tempfile.mkdtemp())
    file = str(folder / "saved")
    d = c.defineXML(guest())

    def after(label):
        t.call(f"{label}: state", d.state)
        t.call(f"{label}: has", d.hasManagedSaveImage)
        t.note(f"{label}: events", events.take())

    def running():
        if not d.isActive():
            d.create()
        elif d.state()[0] == 3:
            d.resume()
        events.take()

    t.call("save while off", d.save, file)
    running()
    t.call("save into no folder", d.save, str(folder / "no/such"))
    t.call("save over a folder", d.save, str(folder))
    after("not saved")
    t.call("save", d.save, file)
    t.note("file", pathlib.Path(file).read_bytes().hex().replace("69643d27", "")[:60])
    t.note("mode", oct(os.stat(file).st_mode))
    after("saved")
    t.call("restore", c.restore, file)
    after("restored")
    t.call("restore again", c.restore, file)
    for flags in (0, 1, 2, 4, 6, 8, 16):
        running()
        t.call(f"saveFlags {flags}", d.saveFlags, file, None, flags)
        after(f"saveFlags {flags}")
        if d.isActive():
            d.destroy()
        events.take()
        t.call(f"restoreFlags {flags}", c.restoreFlags, file, None, flags)
        after(f"restoreFlags {flags}")
        running()
        t.call(f"managedSave {flags}", d.managedSave, flags)
        after(f"managedSave {flags}")
        if not d.isActive():
            t.call(f"start after {flags}", d.create)
            after(f"start after {flags}")
    running()
    t.call("saveFlags with a document", d.saveFlags, file, guest(), 0)
    t.call("restoreFlags with a document", c.restoreFlags, file, guest(), 0)
    t.call("has with flags", d.hasManagedSaveImage, 1)
    t.call("remove with flags", d.managedSaveRemove, 1)
    t.call("remove nothing", d.managedSaveRemove)
    d.managedSave()
    t.call("managedSave while off", d.managedSave)
    t.call("remove", d.managedSaveRemove)
    after("removed")
    running()
    d.managedSave()
    t.call("restore over managed save", c.restore, file)
    after("restored over managed save")
    running()
    d.managedSave()
    t.call("undefine", d.undefine)
    t.call("undefineFlags", d.undefineFlags, libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE)
    t.note("undefined: events", events.take())

    t.call("restore what is gone", c.restore, file)
    d = c.lookupByName("guest")
    t.call("is transient", d.isPersistent)
    t.call("managedSave transient", d.managedSave)
    t.call("remove transient", d.managedSaveRemove)
    after("transient")
    d.suspend()
    t.call("save transient", d.save, file)
    t.call("gone", c.lookupByName, "guest")
    t.note("transient: events", events.take())
    d = c.defineXML(guest("guest", 7))
    t.call("restore where the name is taken", c.restore, file)
    d.undefine()
    d = c.defineXML(guest("other", 1))
    t.call("restore where the UUID is taken", c.restore, file)
    d.undefine()
    t.call("restore paused", c.restore, file)
    d = c.lookupByName("guest")
    after("restored paused")
    d.destroy()

    d = c.defineXML(guest())
    t.call("create with another document", c.createXML, guest().replace("<vcpu>2", "<vcpu>1"), 0)
    t.call("runs with", d.maxVcpus)
    d.save(file)
    t.call("keeps", lambda: [d.XMLDesc(0), d.isPersistent()])
    c.restore(file)
    t.call("restored with", lambda: [d.maxVcpus(), "<vcpu placement='static'>2" in d.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)])
    d.destroy()
    t.call("afterwards", d.XMLDesc)


def saved_files(t):
    """Files that hold domains, good and bad, and what is done to them."""
    c = libvirt.open("test:///default")
    folder = pathlib.Path(tempfile.mkdtemp())
    file = folder / "saved"
    d = c.createXML(guest(), 0)
    d.save(str(file))
    whole = file.read_bytes()
    mark, body = whole[:15], whole[19:]

    def length(count):
        return struct.pack("<i", count)

    files = {
        "empty": b"", "short": b"Test", "no NUL": mark[:14], "mark only": mark, "half a length": mark + b"\1\0", "no body": mark + length(5),
        "other mark": b"testGuestMagic\0" + whole[15:], "length 0": mark + length(0) + body, "length -1": mark + length(-1) + body,
        "length 2^31-1": mark + length(2**31 - 1) + body, "half a body": whole[:60], "more": whole + b"more", "no document": mark + length(5) + b"hello",
        "another root": mark + length(4) + b"<x/>", "padded": mark + length(8192) + body + b"\n" * (8192 - len(body)),
        "large": mark + length(8193) + body + b"\n" * (8193 - len(body)),
    }
    for label, content in files.items():
        file.write_bytes(content)
        t.call(f"{label}: describe", c.saveImageGetXMLDesc, str(file), 0)
        t.call(f"{label}: define", c.saveImageDefineXML, str(file), guest(), 0)
        file.write_bytes(content)
        d = t.call(f"{label}: restore", c.restore, str(file))
        for domain in c.listAllDomains():
            if domain.name() == "guest":
                domain.destroy()
    for place in (str(folder / "missing"), str(folder)):
        t.call("no file: describe", c.saveImageGetXMLDesc, place, 0)
        t.call("no file: define", c.saveImageDefineXML, place, guest(), 0)
        t.call("no file: restore", c.restore, place)
    file.write_bytes(whole)
    for flags in (1, 2, 4):
        t.call(f"describe with {flags}", c.saveImageGetXMLDesc, str(file), flags)
    for flags in (1, 2, 4, 6, 8, 16):
        t.call(f"define with {flags}", c.saveImageDefineXML, str(file), guest(), flags)
    for label, text in (("same", guest()), ("another name", guest("other")), ("another UUID", guest("guest", 9)), ("no domain", "<x/>"), ("no document", "x"), ("nothing", None)):
        file.write_bytes(whole)
        t.call(f"define {label}", c.saveImageDefineXML, str(file), text, 0)
        t.call(f"describe {label}", c.saveImageGetXMLDesc, str(file), 0)


def dumping(t):
    """What a guest's memory holds, in a file."""
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    events = Events(c)
    folder = pathlib.Path(tempfile.mkdtemp())
    file = folder / "core"
    d = c.defineXML(guest())
    t.call("off", d.coreDump, str(file), 0)
    for flags in (0, 1, 2, 3, 4, 5, 8, 9, 16, 32):
        if not d.isActive():
            d.create()
        events.take()
        t.call(f"flags {flags}", d.coreDump, str(file), flags)
        t.call(f"flags {flags}: state", d.state)
        t.note(f"flags {flags}: events", events.take())
    t.note("file", file.read_bytes().hex())
    if not d.isActive():
        d.create()
    for kind in range(7):
        t.call(f"format {kind}", d.coreDumpWithFormat, str(file), kind, 0)
    t.call("into no folder", d.coreDump, str(folder / "no/such"), 0)
    t.call("over a folder", d.coreDump, str(folder), libvirt.VIR_DUMP_CRASH)
    t.call("still there", d.state)
    transient = c.createXML(guest("transient", 2), 0)
    t.call("crash a transient one", transient.coreDump, str(file), libvirt.VIR_DUMP_CRASH)
    t.call("gone", c.lookupByName, "transient")
    with libvirt.openReadOnly("test:///default") as r:
        t.call("read-only", r.lookupByName("guest").coreDump, str(file), 0)


DISKS = """<devices>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/></disk>
  <disk type='file' device='disk'><source file='/b'/><target dev='vdb' bus='virtio'/></disk>
  <disk type='file' device='disk'><source file='/read-only'/><target dev='vdc' bus='virtio'/><readonly/></disk>
  <disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk></devices>"""


def point(name="", more=""):
    return f"<domaincheckpoint>{name and f'<name>{name}</name>'}{more}</domaincheckpoint>"


def disks(*each):
    return "<disks>" + "".join(f"<disk {attributes}/>" for attributes in each) + "</disks>"


def names(checkpoints):
    return sorted(point.getName() for point in checkpoints)


def checkpoints(t):
    """The forest of a domain's checkpoints."""
    c = libvirt.open("test:///default")
    d = c.defineXML(guest(devices=DISKS))
    t.call("off", d.checkpointCreateXML, point("c"))
    d.create()
    for name in ("a", "b", "c"):
        t.call(f"create {name}", d.checkpointCreateXML, point(name))
    for flags in range(1 << 5):
        t.call(f"list {flags}", lambda: names(d.listAllCheckpoints(flags)))
        t.call(f"children {flags}", lambda: names(d.checkpointLookupByName("a").listAllChildren(flags)))
    t.call("lookup", d.checkpointLookupByName, "b")
    t.call("lookup with flags", d.checkpointLookupByName, "b", 1)
    t.call("lookup nothing", d.checkpointLookupByName, "nothing")
    t.call("parent", lambda: d.checkpointLookupByName("b").getParent().getName())
    t.call("parent of a root", lambda: d.checkpointLookupByName("a").getParent())
    t.call("parent with flags", lambda: d.checkpointLookupByName("b").getParent(1))
    for flags in range(9):
        t.call(f"describe {flags}", lambda: clockless(d.checkpointLookupByName("b").getXMLDesc(flags)))
    t.call("counted in lists", lambda: [sorted(x.name() for x in c.listAllDomains(flags)) for flags in (1 << 14, 1 << 15, 3 << 14)])

    b = d.checkpointLookupByName("b")
    written = b.getXMLDesc(0)
    for label, text in (("as written", written), ("with another parent", written.replace("<name>a<", "<name>c<")), ("without a time", point("b")),
                        ("with no such parent", written.replace("<name>a<", "<name>z<")), ("under itself", written.replace("<name>a<", "<name>b<")),
                        ("without a domain", b.getXMLDesc(2)), ("of another domain", written.replace("000000000001", "000000000009")),
                        ("new", written.replace("<name>b<", "<name>n<")), ("without a name", written.replace("<name>b</name>", "", 1))):
        for flags in (1, 3):
            t.call(f"redefine {label}, {flags}", d.checkpointCreateXML, text, flags)
            t.call(f"redefined {label}, {flags}", lambda: [[p.getName(), clockless(p.getXMLDesc(2))] for p in sorted(d.listAllCheckpoints(), key=lambda p: p.getName())])
    d.undefine() if not d.isActive() else None
    for flags in (8, 16, 1 | 2, 1 | 4, 2 | 4, 0, 4, 2, 1):
        for p in d.listAllCheckpoints(libvirt.VIR_DOMAIN_CHECKPOINT_LIST_ROOTS):
            p.delete(libvirt.VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN)
        for name in ("one", "two", "three"):
            d.checkpointCreateXML(point(name))
        t.call(f"delete {flags}", lambda: d.checkpointLookupByName("two").delete(flags))
        t.call(f"left after {flags}", lambda: [[p.getName(), clockless(p.getXMLDesc(2))] for p in sorted(d.listAllCheckpoints(), key=lambda p: p.getName())])
        t.call(f"next after {flags}", lambda: d.checkpointCreateXML(point(f"next{flags}")).getParent().getName())
    t.call("snapshot beside checkpoints", d.snapshotCreateXML, "<domainsnapshot><name>s</name></domainsnapshot>")
    d.destroy()
    t.call("undefine", d.undefine)
    for flags in (2, 16, 18):
        t.call(f"undefine {flags}", d.undefineFlags, flags)
    with libvirt.openReadOnly("test:///default") as r:
        t.call("read-only", r.lookupByName("test").checkpointCreateXML, point("r"))


def clockless(text):
    """A description without the time in it."""
    return re.sub(r"\d{10}", "<clock>", text)


def checkpoint_documents(t):
    """What describes a checkpoint."""
    c = libvirt.open("test:///default")
    d = c.createXML(guest(devices=DISKS), 0)
    plain = c.createXML(guest("plain", 2), 0)
    t.call("no disk", plain.checkpointCreateXML, point("x"))
    documents = {
        "nothing": point(), "a description": point("p", "<description>for people</description>"), "no": point("p", disks("name='vda' checkpoint='no'")),
        "a bitmap": point("p", disks("name='vda' checkpoint='bitmap' bitmap='other'")), "a name alone": point("p", disks("name='vdb'")),
        "a source": point("p", disks("name='/a'")), "all": point("p", disks(*(f"name='{n}'" for n in ("vda", "vdb")))),
        "none of them": point("p", disks("name='vda' checkpoint='no'", "name='vdb' checkpoint='no'")), "empty disks": point("p", "<disks/>"),
        "no such disk": point("p", disks("name='vdq'")), "twice": point("p", disks("name='vda'", "name='vda'")), "twice, once a source": point("p", disks("name='vda'", "name='/a'")),
        "read-only": point("p", disks("name='vdc' checkpoint='bitmap'")), "empty drive": point("p", disks("name='hda' checkpoint='bitmap'")),
        "read-only, no": point("p", disks("name='vdc' checkpoint='no'")), "read-only, name alone": point("p", disks("name='vdc'")), "size": point("p", disks("name='vda' size='5'")),
        "no such kind": point("p", disks("name='vda' checkpoint='junk'")), "no name": point("p", disks("checkpoint='no'")),
        "a bitmap without": point("p", disks("name='vda' checkpoint='no' bitmap='b'")), "empty name": point("", "<name></name>"), "a slash": point("a/b"), "a dot": point(".a"),
        "a parent": point("p", "<parent><name>q</name></parent>"), "not known": point("p", "<what/>"), "another root": "<x/>", "no document": "<domaincheckpoint",
        "state": point("p", "<creationTime>5</creationTime>"), "escapes": point("a&amp;b", "<description>&lt;</description>"),
    }
    for label, text in documents.items():
        p = t.call(f"create {label}", d.checkpointCreateXML, text)
        t.note(f"describe {label}", clockless(p.getXMLDesc(2)) if p else None)
        if p:
            p.delete()
    for flags in (2, 4, 6, 8, 16, 32):
        t.call(f"flags {flags}", d.checkpointCreateXML, point(f"f{flags}"), flags)


SCENARIOS = (saving, saved_files, dumping, checkpoints, checkpoint_documents)

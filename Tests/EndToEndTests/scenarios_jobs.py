"""What both libraries are asked to do with domains besides running them: saving, dumping, checkpoints; see scenarios.py."""
import os
import pathlib
import struct
import tempfile

import libvirt

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
        """What came since the last time; events are delivered before a timer that is added later."""
        for _ in range(2):
            done = []
            timer = libvirt.virEventAddTimeout(0, lambda timer, _: done.append(1), None)
            while not done:
                libvirt.virEventRunDefaultImpl()
            libvirt.virEventRemoveTimeout(timer)
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


SCENARIOS = (saving, saved_files, dumping)

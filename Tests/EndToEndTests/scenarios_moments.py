"""What both libraries are asked to keep of domains: documents of snapshots, what is described anew, ways back; see scenarios.py."""
import re

import libvirt

DOMAIN = """<domain type='test'><name>m</name><uuid>11111111-2222-3333-4444-555555555555</uuid><memory>4096</memory><os><type>hvm</type></os><devices>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/i/one.img'/><target dev='vda' bus='virtio'/></disk>
  <disk type='block' device='disk'><source dev='/dev/two'/><target dev='vdb' bus='virtio'/></disk>
  <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk></devices></domain>"""
REDEFINE = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE
CURRENT = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT


def disks(*attributes, more=""):
    return "<disks>" + "".join(f"<disk {one}/>" for one in attributes) + more + "</disks>"


MEMORY = "<memory snapshot='external' file='/m'/>"
LEFT_OUT = "<disk name='vdb' snapshot='no'/>"
DOCUMENTS = {
    "plain": "", "twice": disks("name='vda'", "name='vda'"), "by path": disks("name='/i/one.img'"), "both names": disks("name='vda'", "name='/i/one.img'"),
    "by device": disks("name='/dev/two' snapshot='internal'"), "no such disk": disks("name='vdq'"), "drive, internal": disks("name='hda' snapshot='internal'"),
    "drive, no": disks("name='hda' snapshot='no'"), "drive, external": disks("name='hda' snapshot='external'"), "external": disks("name='vda' snapshot='external'"),
    "manual": disks("name='vda' snapshot='manual'"), "default": disks("name='vda' snapshot='default'"), "junk": disks("name='vda' snapshot='junk'"),
    "no name": disks("snapshot='no'"), "empty disks": "<disks/>", "one left out": disks("name='vda' snapshot='no'"),
    "none": disks("name='vda' snapshot='no'", "name='vdb' snapshot='no'"),
    "memory no": "<memory snapshot='no'/>", "memory internal": "<memory snapshot='internal'/>", "memory without file": "<memory snapshot='external'/>",
    "memory, file alone": "<memory file='/m'/>", "memory internal, file": "<memory snapshot='internal' file='/m'/>", "memory no, file": "<memory snapshot='no' file='/m'/>",
    "memory, relative": "<memory snapshot='external' file='m'/>", "memory manual": "<memory snapshot='manual'/>", "memory external": MEMORY, "memory empty": "<memory/>",
    "memory junk": "<memory snapshot='x'/>", "memory external, disk internal": MEMORY + disks("name='vda' snapshot='internal'"),
    "memory external, device without file": MEMORY + disks("name='vdb' snapshot='external'"),
    "source": MEMORY + disks(more=f"<disk name='vda'><driver type='qcow2'/><source file='/x/y'/></disk>{LEFT_OUT}"),
    "source, internal": disks(more="<disk name='vda' snapshot='internal'><source file='/x/y'/></disk>"),
    "source, no memory": disks(more="<disk name='vda'><source file='/x/y'/></disk>"),
    "source, relative": disks(more="<disk name='vda' snapshot='external'><source file='y'/></disk>"),
    "type junk": disks(more="<disk name='vda' snapshot='external' type='junk'><source file='/y'/></disk>"),
    "driver junk": disks(more="<disk name='vda' snapshot='external'><driver type='junk'/><source file='/y'/></disk>"),
    "driver raw": MEMORY + disks(more=f"<disk name='vda' snapshot='external'><driver type='raw'/><source file='/y'/></disk>{LEFT_OUT}"),
    "driver qed": MEMORY + disks(more=f"<disk name='vda' snapshot='external'><driver type='qed'/><source file='/y'/></disk>{LEFT_OUT}"),
    "state": "<state>paused</state>", "state junk": "<state>junk</state>", "parent": "<parent><name>zz</name></parent>", "time junk": "<creationTime>x</creationTime>",
    "time": "<creationTime>5</creationTime>", "empty description": "<description/>", "not known": "<what/>", "active": "<active>1</active>", "domain": "<domain/>", "another name": "<name>other</name>",
}


def clockless(text):
    return re.sub(r"<creationTime>\d+", "<creationTime>", text.split("<domain type")[0])


def snapshot(d, name, more="", flags=0):
    return d.snapshotCreateXML(f"<domainsnapshot><name>{name}</name>{more}</domainsnapshot>", flags)


def snapshot_documents(t):
    """What describes a snapshot, of a domain that is off, runs and is paused."""
    c = libvirt.open("test:///default")
    for state in ("off", "runs", "paused"):
        for label, more in DOCUMENTS.items():
            d = c.defineXML(DOMAIN)
            if state != "off":
                d.create()
            if state == "paused":
                d.suspend()
            point = t.call(f"{state}: {label}", snapshot, d, "x", more)
            if point:
                t.call(f"{state}: {label}, described", lambda: clockless(point.getXMLDesc()))
                t.call(f"{state}: {label}, listed", lambda: [len(d.listAllSnapshots(flags)) for flags in (64, 128, 256, 512, 1024)])
                t.call(f"{state}: {label}, deleted", point.delete)
            if d.isActive():
                d.destroy()
            d.undefine()


def history(c):
    """A domain with three snapshots, each of another state."""
    d = c.defineXML(DOMAIN)
    snapshot(d, "offone")
    d.create()
    snapshot(d, "runone")
    d.suspend()
    snapshot(d, "pausedone")
    d.resume()
    return d


def forget(d):
    if d.isActive():
        d.destroy()
    d.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)


def without(pattern):
    return lambda text: re.sub(pattern, "", text, flags=re.S)


def instead(old, new, count=-1):
    return lambda text: text.replace(old, new, count)


EDITS = {
    "memory of the domain": instead(">4096<", ">8192<"), "name of the domain": instead("<name>m</name>", "<name>n</name>"), "uuid": instead("11111111", "21111111"),
    "no domain": without("<domain .*</domain>"), "a disk less": without("<disk type='block'.*?</disk>"), "no disks": without("<disks>.*</disks>"), "no memory": without("<memory snapshot[^\n]*"),
    "no state": without("<state>[^\n]*"), "no time": without("<creationTime>[^\n]*"), "negative time": lambda text: re.sub("<creationTime>.*?<", "<creationTime>-5<", text),
    "time junk": lambda text: re.sub("<creationTime>.*?<", "<creationTime>x<", text), "no name": instead("  <name>runone</name>\n", "", 1), "new": instead("runone", "newone"),
    "new, no domain": lambda text: re.sub("<domain .*</domain>", "", text.replace("runone", "newone"), flags=re.S), "own parent": instead("<name>offone</name>", "<name>runone</name>"),
    "new, uuid": lambda text: text.replace("runone", "newone").replace("11111111", "21111111"), "no such parent": instead("<name>offone</name>", "<name>zz</name>"),
    "new, memory of the domain": lambda text: text.replace("runone", "newone").replace(">4096<", ">8192<"), "loop": instead("<name>offone</name>", "<name>pausedone</name>"),
    "no parent": without("<parent>.*</parent>"), "nameless parent": instead("<name>offone</name>", ""), "description": instead("<state>", "<description>dd</description><state>"),
    "memory no": instead("<memory snapshot='internal'/>", "<memory snapshot='no'/>"), "memory external": instead("<memory snapshot='internal'/>", MEMORY),
    "disk twice": instead("<disks>", "<disks><disk name='vda' snapshot='no'/>"), "no such disk": instead("<disks>", "<disks><disk name='vdq' snapshot='no'/>"),
    "active": instead("<state>", "<active>1</active><state>"),
    "disk external": instead("<disk name='vda' snapshot='internal'/>", "<disk name='vda' snapshot='external' type='file'><source file='/z'/></disk>"),
    **{f"state {state}": lambda text, state=state: re.sub("<state>.*?</state>", f"<state>{state}</state>", text)
       for state in ("shutoff", "running", "paused", "disk-snapshot", "blocked", "crashed", "shutdown", "pmsuspended", "nostate", "junk")},
}


def snapshot_redefinition(t):
    """Snapshots described anew, and some that were not there."""
    c = libvirt.open("test:///default")
    for name in ("runone", "offone", "pausedone"):
        for flags in (REDEFINE, REDEFINE | CURRENT):
            for label, edit in EDITS.items():
                if name != "runone" and not label.startswith("state"):
                    continue
                d = history(c)
                where = f"{name}, {flags}, {label}"
                text = edit(d.snapshotLookupByName(name).getXMLDesc())
                t.call(where, d.snapshotCreateXML, text, flags)
                t.call(f"{where}: current", lambda: d.snapshotCurrent().getName())
                t.call(f"{where}: all", lambda: [[p.getName(), clockless(p.getXMLDesc())] for p in sorted(d.listAllSnapshots(), key=lambda p: p.getName())])
                forget(d)


def snapshot_reversion(t):
    """Ways back, from each state to each state, with each flag."""
    c = libvirt.open("test:///default")
    for state in ("off", "runs", "paused"):
        for name in ("offone", "runone", "pausedone"):
            for flags in range(8):
                d = history(c)
                if state == "off":
                    d.destroy()
                if state == "paused":
                    d.suspend()
                where = f"{state}, {name}, {flags}"
                t.call(where, d.revertToSnapshot, d.snapshotLookupByName(name), flags)
                t.call(f"{where}: state", d.state)
                t.call(f"{where}: current", lambda: d.snapshotCurrent().getName())
                forget(d)
    d = history(c)
    d.destroy()
    d.setMemoryFlags(2048, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    t.call("changed", d.info)
    t.call("back", d.revertToSnapshot, d.snapshotLookupByName("offone"))
    t.call("as it was", d.info)
    for name in ("z", "y", "x"):
        snapshot(d, name)
    t.call("descendants", lambda: sorted(d.snapshotLookupByName("offone").listChildrenNames(libvirt.VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS)))
    c.createXML(DOMAIN.replace("<name>m<", "<name>t<").replace("11111111", "31111111"))
    d = c.lookupByName("t")
    t.call("transient, halted", snapshot, d, "h", "", libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_HALT)
    t.call("transient", lambda: clockless(snapshot(d, "h").getXMLDesc()))
    text = snapshot(d, "k").getXMLDesc().replace("<state>running", "<state>shutoff").replace("<memory snapshot='internal'/>", "").replace("<name>k<", "<name>l<", 1)
    t.call("transient, one that was off", d.snapshotCreateXML, text, REDEFINE)
    t.call("transient, back to nothing", lambda: d.revertToSnapshot(d.snapshotLookupByName("l")))
    t.call("transient, back", lambda: d.revertToSnapshot(d.snapshotLookupByName("k")))
    t.call("transient, state", d.state)


SCENARIOS = (snapshot_documents, snapshot_redefinition, snapshot_reversion)

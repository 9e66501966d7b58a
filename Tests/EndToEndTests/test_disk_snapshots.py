"""Snapshots of disks, on files of their own; through Debian's own python3-libvirt on our library. The reference's test driver has none."""
import json
import subprocess

PROGRAM = """
import json, libvirt
import xml.etree.ElementTree as ElementTree
c = libvirt.open("test:///default")
d = c.defineXML('''<domain type='test'><name>layers</name><memory>4096</memory><os><type>hvm</type></os><devices>
  <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/images/one.img'/><target dev='vda' bus='virtio'/></disk>
  <disk type='block' device='disk'><source dev='/dev/two'/><target dev='vdb' bus='virtio'/></disk>
  <disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk></devices></domain>''')
DISK_ONLY = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY

def code(function, *arguments):
    try:
        result = function(*arguments)
        return result if isinstance(result, (int, str)) else True
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]

def chains(flags=0):
    return [[source.get("file") or source.get("dev") for source in disk.iter("source")] + [disk.find("driver").get("type")] if disk.find("driver") is not None
            else [source.get("file") or source.get("dev") for source in disk.iter("source")] for disk in ElementTree.fromstring(d.XMLDesc(flags)).findall("devices/disk")]

def snapshot(name, flags=DISK_ONLY, more=""):
    return d.snapshotCreateXML(f"<domainsnapshot><name>{name}</name>{more}</domainsnapshot>", flags)

TWO = "<disk name='vdb' snapshot='external' type='block'><source dev='/dev/new'/></disk>"
"""


def run(environment, body):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", PROGRAM + body], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_disks_go_on_in_new_files(ours):
    assert run(ours, """
d.create()
one = snapshot("first", more=f"<disks>{TWO}</disks>")
described = ElementTree.fromstring(one.getXMLDesc())
disks = [[disk.get("name"), disk.get("snapshot")] + [source.get("file") or source.get("dev") for source in disk.iter("source")] for disk in described.findall("disks/disk")]
out = [described.findtext("state"), described.find("memory").get("snapshot"), disks, chains(), chains(libvirt.VIR_DOMAIN_XML_INACTIVE),
       described.find("domain/devices/disk/source").get("file"), [len(d.listAllSnapshots(flags)) for flags in (libvirt.VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY, libvirt.VIR_DOMAIN_SNAPSHOT_LIST_EXTERNAL)]]
snapshot("second", more="<disks><disk name='vdb' snapshot='no'/></disks>")
print(json.dumps(out + [chains()]))
""") == [
        "disk-snapshot", "no", [["vda", "external", "/images/one.first"], ["vdb", "external", "/dev/new"], ["hda", "no"]],
        *[[["/images/one.first", "/images/one.img", "qcow2"], ["/dev/new", "/dev/two", "qcow2"], []]] * 2, "/images/one.img", [1, 1],
        [["/images/one.second", "/images/one.first", "/images/one.img", "qcow2"], ["/dev/new", "/dev/two", "qcow2"], []]]


def test_what_cannot_be(ours):
    assert run(ours, """
before = chains()
out = [code(snapshot, "a"), code(snapshot, "a", DISK_ONLY, "<memory snapshot='internal'/>"),
       code(snapshot, "a", DISK_ONLY, "<disks><disk name='vda' snapshot='internal'/><disk name='vdb' snapshot='no'/></disks>"), chains() == before, d.snapshotNum()]
print(json.dumps(out))
""") == [[67, 35], [67, 35], [67, 35], True, 0]


def test_snapshot_that_nobody_keeps(ours):
    assert run(ours, """
d.create()
kept = snapshot("gone", DISK_ONLY | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT, f"<disks>{TWO}</disks>")
print(json.dumps([kept.getName(), d.snapshotNum(), chains()[0], code(kept.getXMLDesc)]))
""") == ["gone", 0, ["/images/one.gone", "/images/one.img", "qcow2"], [72, 12]]


def test_going_back_and_merging(ours):
    assert run(ours, """
d.create()
one = snapshot("one", more="<disks><disk name='vdb' snapshot='no'/></disks>")
d.blockCommit("vda", None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
while (job := d.blockJobInfo("vda"))["cur"] != job["end"]:
    pass
d.blockJobAbort("vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
merged = [chains(), chains(libvirt.VIR_DOMAIN_XML_INACTIVE)]
d.revertToSnapshot(one)
new = chains()[0].pop(0)
back = [d.isActive(), new.startswith("/images/one."), new != "/images/one.one", chains()[0][1:], chains()[1:]]
two = snapshot("two", more=f"<disks><disk name='vda' snapshot='no'/>{TWO}</disks>")
deleted = [code(d.revertToSnapshot, two), one.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY), d.snapshotNum()]
print(json.dumps([*merged, back, deleted]))
""") == [*[[["/images/one.img", "raw"], ["/dev/two"], []]] * 2, [0, True, True, ["/images/one.img", "qcow2"], [["/dev/two"], []]], [[67, 35], 0, 1]]


def test_memory_and_disks_outside(ours):
    assert run(ours, """
d.create()
one = snapshot("full", libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_LIVE | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC, "<memory snapshot='external' file='/m'/><disks><disk name='vdb' snapshot='no'/></disks>")
described = ElementTree.fromstring(one.getXMLDesc())
out = [described.findtext("state"), dict(described.find("memory").attrib), [[x.get("name"), x.get("snapshot"), x.get("type")] for x in described.iter("disk") if x.get("name")], chains()[0]]
refused = [code(snapshot, "x", DISK_ONLY | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_LIVE), code(snapshot, "full", DISK_ONLY, f"<disks><disk name='vda'><source file='/images/other'/></disk>{TWO}</disks>"),
           code(snapshot, "x", DISK_ONLY, "<disks><disk name='vda' snapshot='no'/><disk name='vdb' snapshot='no'/></disks>"),
           code(snapshot, "x", DISK_ONLY, "<disks><disk name='vda'><source file='/images/one.img'/></disk><disk name='vdb' snapshot='no'/></disks>"),
           code(snapshot, "x", DISK_ONLY, "<disks><disk name='vda'><source file='/dev/new'/></disk><disk name='vdb' snapshot='external' type='block'><source dev='/dev/new'/></disk></disks>")]
d.destroy()
refused.append(code(snapshot, "x", DISK_ONLY | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE, f"<disks>{TWO}</disks>"))
d.revertToSnapshot(one)
print(json.dumps([out, refused, d.state(), len(chains()[0]), chains()[0][1:]]))
""") == [
        ["running", {"snapshot": "external", "file": "/m"}, [["vda", "external", "file"], ["vdb", "no", None], ["hda", "no", None]], ["/images/one.full", "/images/one.img", "qcow2"]],
        [[67, 35], [9, 20], [67, 35], [67, 35], [67, 35], [55, 12]], [1, 4], 3, ["/images/one.img", "qcow2"]]


CHAIN = """
NOT_B = "<disks><disk name='vdb' snapshot='no'/></disks>"
def paths():
    return chains()[0][:-1]
def kept():
    return {point.getName(): [s.get("file") for s in ElementTree.fromstring(point.getXMLDesc()).find("domain/devices/disk").iter("source")] for point in d.listAllSnapshots()}
d.create()
a, b, c3 = [snapshot(name, more=NOT_B) for name in "abc"]
"""


def test_deleting_merges(ours):
    assert run(ours, CHAIN + """
out = [paths()]
for point in (b, c3, a):
    point.delete()
    out.append([paths(), kept()])
print(json.dumps(out))
""") == [
        [f"/images/one.{end}" for end in ("c", "b", "a", "img")],
        [[f"/images/one.{end}" for end in ("c", "a", "img")], {"a": ["/images/one.img"], "c": ["/images/one.a", "/images/one.img"]}],
        [["/images/one.a", "/images/one.img"], {"a": ["/images/one.img"]}], [["/images/one.img"], {}]]


def test_deleting_with_children(ours):
    assert run(ours, CHAIN + """
a.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY)
out = [paths(), sorted(d.snapshotListNames())]
a.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN | libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY)
print(json.dumps(out + [paths(), d.snapshotNum()]))
""") == [["/images/one.a", "/images/one.img"], ["a"], ["/images/one.a", "/images/one.img"], 0]


def test_branches_keep_what_they_need(ours):
    assert run(ours, CHAIN + """
d.revertToSnapshot(a)
branch = paths()
back = [len(branch), branch[1:], branch[0].startswith("/images/one."), code(d.revertToSnapshot, a), paths() != branch, paths()[1:]]
branch = paths()
refused = [code(a.delete), paths() == branch, sorted(d.snapshotListNames())]
b.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN)
left = [paths() == branch, d.snapshotListNames()]
gone = [a.delete(), paths() == branch, d.snapshotNum()]
print(json.dumps([back, refused, left, gone]))
""") == [[2, ["/images/one.img"], True, 0, True, ["/images/one.img"]], [[84, 12], True, ["a", "b", "c"]], [True, ["a"]], [0, True, 0]]


def test_merging_waits_for_jobs(ours):
    assert run(ours, CHAIN + """
d.blockPull("vda")
out = [code(b.delete), code(b.delete, libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY), len(paths())]
d.revertToSnapshot(a, libvirt.VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM | libvirt.VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED)
print(json.dumps(out + [d.state(), paths()[1:]]))
""") == [[83, 12], 0, 4, [3, 7], ["/images/one.img"]]

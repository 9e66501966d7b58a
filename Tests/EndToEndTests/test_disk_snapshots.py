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
one = snapshot("one", more=f"<disks>{TWO}</disks>")
d.blockCommit("vda", None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
while (job := d.blockJobInfo("vda"))["cur"] != job["end"]:
    pass
d.blockJobAbort("vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
merged = [chains(), chains(libvirt.VIR_DOMAIN_XML_INACTIVE)]
d.revertToSnapshot(one)
back = [d.isActive(), chains()]
deleted = [one.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY), d.snapshotNum()]
print(json.dumps([*merged, back, deleted]))
""") == [*[[["/images/one.img", "raw"], ["/dev/new", "/dev/two", "qcow2"], []]] * 2, [0, [["/images/one.img", "raw"], ["/dev/two"], []]], [0, 0]]

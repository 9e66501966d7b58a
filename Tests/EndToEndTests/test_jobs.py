"""Jobs on domains and their disks; through Debian's own python3-libvirt on our library. The reference's test driver has none."""
import json
import subprocess

PROGRAM = """
import json, libvirt, re
import xml.etree.ElementTree as ElementTree
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("test:///default")
d = c.createXML('''<domain type='test'><name>works</name><memory>4096</memory><os><type>hvm</type></os><devices>
  <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/top'/>
    <backingStore type='file'><format type='qcow2'/><source file='/middle'/>
      <backingStore type='file'><format type='raw'/><source file='/base'/><backingStore/></backingStore></backingStore>
    <target dev='vda' bus='virtio'/></disk>
  <disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk></devices></domain>''', 0)
seen = []
for event in (libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2):
    c.domainEventRegisterAny(None, event, lambda c, d, disk, kind, status, _: seen.append([disk, kind, status]), None)
c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, lambda c, d, stats, _: seen.append([stats["operation"], stats["success"]]), None)

def code(function, *arguments):
    try:
        result = function(*arguments)
        return result if isinstance(result, (int, list, dict, str, type(None))) else True
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]

def events(count):
    while len(seen) < count:
        libvirt.virEventRunDefaultImpl()
    taken = list(seen)
    seen.clear()
    return taken

def chain():
    disk = ElementTree.fromstring(d.XMLDesc()).find("devices/disk")
    return [source.get("file") or source.get("dev") for source in disk.iter("source")]

def finish(disk="vda"):
    "Looks until the job is gone or goes no further; what it said."
    looks = [d.blockJobInfo(disk)]
    while looks[-1] and (len(looks) < 2 or looks[-1] != looks[-2]):
        looks.append(d.blockJobInfo(disk))
    return [[look["type"], look["cur"] * 4 // look["end"]] if look else None for look in looks]
"""


def run(environment, body):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", PROGRAM + body], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pull_ends_by_itself(ours):
    assert run(ours, """
out = [d.blockJobInfo("vda"), d.blockPull("vda", 5), code(d.blockPull, "vda"), code(d.blockJobInfo, "/top"), finish(), events(2), chain()]
print(json.dumps(out))
""") == [{}, 0, [83, 12], {"type": 1, "bandwidth": 5, "cur": 1 << 28, "end": 1 << 30}, [[1, 2], [1, 3], None],
         [["/top", 1, 0], ["vda", 1, 0]], ["/top"]]


def test_rebase_keeps_what_is_behind_its_base(ours):
    assert run(ours, """
out = [code(d.blockRebase, "vda", "/nowhere"), code(d.blockRebase, "vda", "/top"), d.blockRebase("vda", "/base"), finish(), chain()]
print(json.dumps(out))
""") == [[8, 12], [8, 12], 0, [[1, 1], [1, 2], [1, 3], None], ["/top", "/base"]]


def test_commit(ours):
    assert run(ours, """
refused = [code(d.blockCommit, "vda", None, None), code(d.blockCommit, "vda", "/top", "/base"), code(d.blockCommit, "vda", "/base", "/top", 0, 5)]
inner = [d.blockCommit("vda", "vda[2]", "vda[1]"), finish(), events(2), chain()]
active = [d.blockCommit("vda", None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE), code(d.blockJobAbort, "vda", 2), finish(), events(2),
          d.blockJobAbort("vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT), events(2), chain()]
print(json.dumps([refused, inner, active]))
""") == [
        [[8, 12], [8, 12], [8, 12]], [0, [[3, 1], [3, 2], [3, 3], None], [["/top", 3, 0], ["vda", 3, 0]], ["/top", "/base"]],
        [0, [83, 12], [[4, 1], [4, 2], [4, 3], [4, 4], [4, 4]], [["/top", 4, 3], ["vda", 4, 3]], 0, [["/top", 4, 0], ["vda", 4, 0]], ["/base"]]]


def test_copy(ours):
    assert run(ours, """
copy = "<disk type='block'><source dev='/dev/copy'/><driver type='raw'/></disk>"
refused = [code(d.blockCopy, "vda", "<disk/>"), code(d.blockCopy, "vda", copy, {"nonsense": 1}), code(d.blockCopy, "hda", copy), code(d.blockCopy, "vdz", copy)]
given_up = [d.blockCopy("vda", copy, {"bandwidth": 3 << 20}), d.blockJobInfo("vda", 1)["bandwidth"], d.blockJobSetSpeed("vda", 7), d.blockJobInfo("vda")["bandwidth"],
            d.blockJobAbort("vda"), events(2), chain(), d.blockJobInfo("vda")]
taken = [d.blockRebase("vda", "/copy", 0, libvirt.VIR_DOMAIN_BLOCK_REBASE_COPY), finish()[-1], d.blockJobAbort("vda", 2), events(4), chain()]
none = [code(d.blockJobAbort, "vda"), code(d.blockJobSetSpeed, "vda", 1)]
print(json.dumps([refused, given_up, taken, none]))
""") == [
        [[27, 20], [74, 12], [55, 12], [8, 12]],
        [0, 3 << 20, 0, 7, 0, [["/top", 2, 2], ["vda", 2, 2]], ["/top", "/middle", "/base"], {}],
        [0, [2, 4], 0, [["/top", 2, 3], ["vda", 2, 3], ["/top", 2, 0], ["vda", 2, 0]], ["/copy"]], [[8, 12], [8, 12]]]


def test_resize(ours):
    assert run(ours, """
out = [d.blockResize("vda", 2048), code(d.blockResize, "vda", 2**62), d.blockResize("vda", 4096, 1), d.blockPull("vda"), d.blockJobInfo("vda")["end"],
       code(d.blockResize, "vda", 1), code(d.blockResize, "none", 1), d.blockJobAbort("vda")]
d2 = c.defineXML(d.XMLDesc().replace("works", "off").replace(d.UUIDString(), "11111111-2222-3333-4444-000000000009"))
out += [code(d2.blockResize, "vda", 1), code(d2.blockPull, "vda"), code(d2.blockJobInfo, "vda")]
print(json.dumps(out))
""") == [0, [82, 12], 0, 0, 4096, [83, 12], [8, 12], 0, [55, 20], [55, 20], [55, 20]]


def test_backup_ends_by_itself_when_it_is_pushed(ours):
    seen = run(ours, """
none = [code(d.backupGetXMLDesc), d.jobInfo(), d.jobStats(), code(d.abortJob)]
started = [d.backupBegin("<domainbackup/>", "<domaincheckpoint><name>then</name></domaincheckpoint>"), code(d.backupBegin, "<domainbackup/>", None), d.backupGetXMLDesc(), [p.getName() for p in d.listAllCheckpoints()]]
looks = []
while True:
    info = d.jobInfo()
    if info[0] == 0:
        break
    looks.append([info[0]] + [value >> 28 for value in info[3:6]])
stats = d.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
done = [stats["type"], stats["success"], stats["operation"], stats["disk_total"], stats["disk_remaining"]]
again = d.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
print(json.dumps([none, started, looks, events(1), done, again, code(d.backupGetXMLDesc)]))
""")
    none, started, looks, events, done, again, after = seen
    assert none == [[104, 12], [0] * 12, {"type": 0}, [55, 12]]
    assert started[:2] == [0, [55, 12]] and started[3] == ["then"]
    assert started[2].splitlines() == [
        "<domainbackup mode='push'>", "  <disks>", "    <disk name='vda' backup='yes' type='file' backupmode='full'>", "      <target file='/top.backup'/>",
        "    </disk>", "    <disk name='hda' backup='no'/>", "  </disks>", "</domainbackup>"]
    assert looks == [[2, 4, 1, 3], [2, 4, 2, 2], [2, 4, 3, 1]]
    assert events == [[9, True]] and done == [3, True, 9, 1 << 30, 0] and again == {"type": 0} and after == [104, 12]


def test_backup_ends_when_it_is_told(ours):
    assert run(ours, """
pull = "<domainbackup mode='pull'><incremental>then</incremental><server name='localhost' port='10809'/></domainbackup>"
refused = [code(d.backupBegin, text, None) for text in ("<x/>", "<domainbackup mode='other'/>", "<domainbackup mode='pull'/>", pull, "<domainbackup><disks><disk name='vdq'/></disks></domainbackup>",
                                                  "<domainbackup><disks><disk name='vda' backup='no'/></disks></domainbackup>")]
d.checkpointCreateXML("<domaincheckpoint><name>then</name></domaincheckpoint>")
started = d.backupBegin(pull, None)
for _ in range(9):
    d.jobInfo()
out = [refused, started, d.jobInfo()[0], d.jobStats()["operation"], d.abortJob(), events(1), d.jobStats(1)["type"], d.backupBegin("<domainbackup/>", None), d.destroy()]
print(json.dumps(out))
""") == [[[27, 5], [27, 20], [27, 20], [103, 12], [67, 20], [55, 12]], 0, 2, 9, 0, [[9, False]], 5, 0, 0]


def test_backups_build_on_checkpoints(ours):
    assert run(ours, """
import re
def point(name, more=""):
    return f"<domaincheckpoint><name>{name}</name>{more}</domaincheckpoint>"
def backed():
    text = d.backupGetXMLDesc()
    d.abortJob()
    return re.findall("<disk .*", text)
d.backupBegin("<domainbackup/>", point("one"))
out = [backed()]
d.backupBegin("<domainbackup><incremental>one</incremental></domainbackup>", point("two"))
out.append(backed())
d.backupBegin("<domainbackup mode='pull'><server name='localhost'/><disks><disk name='vda' incremental='two'/></disks></domainbackup>", None)
out.append(backed())
d.backupBegin("<domainbackup><incremental>two</incremental><disks><disk name='vda' backupmode='full'/></disks></domainbackup>", None)
out.append(backed())
d.checkpointCreateXML(point("none", "<disks><disk name='vda' checkpoint='no'/></disks>"))
refused = [code(d.backupBegin, f"<domainbackup><incremental>{name}</incremental></domainbackup>", point("x")) for name in ("none", "nobody")]
print(json.dumps(out + [refused, sorted(p.getName() for p in d.listAllCheckpoints())]))
""") == [
        *[["<disk name='vda' backup='yes' type='file' %s>" % more, "<disk name='hda' backup='no'/>"] for more in (
            "backupmode='full'", "backupmode='incremental' incremental='one'")],
        ["<disk name='vda' backup='yes' type='file' backupmode='incremental' incremental='two' exportname='vda'/>", "<disk name='hda' backup='no'/>"],
        ["<disk name='vda' backup='yes' type='file' backupmode='full'>", "<disk name='hda' backup='no'/>"], [[109, 12], [103, 12]], ["none", "one", "two"]]


def test_bitmaps_of_checkpoints(ours):
    assert run(ours, """
one = d.checkpointCreateXML("<domaincheckpoint><name>one</name></domaincheckpoint>")
text = one.getXMLDesc()
CHECKED = libvirt.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE | libvirt.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE
def again(text):
    return code(lambda: d.checkpointCreateXML(text, CHECKED).getName())
sizes = [line.strip() for line in one.getXMLDesc(libvirt.VIR_DOMAIN_CHECKPOINT_XML_SIZE | libvirt.VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN).splitlines() if "<disk " in line]
out = [sizes, again(text), again(text.replace("bitmap='one'", "bitmap='other'")), again(text.replace("one", "two"))]
one.delete(libvirt.VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY)
out += [again(text), code(d.checkpointLookupByName("one").delete), again(text)]
d.destroy()
print(json.dumps(out))
""") == [["<disk name='vda' checkpoint='bitmap' bitmap='one' size='0'/>", "<disk name='hda' checkpoint='no'/>"], "one", [109, 12], [109, 12], "one", 0, [109, 12]]


def test_limits_of_migration(ours):
    assert run(ours, """
out = [d.migrateSetMaxSpeed(5), d.migrateGetMaxSpeed(), d.migrateSetMaxSpeed(6, 1), d.migrateGetMaxSpeed(1), d.migrateGetMaxSpeed(), code(d.migrateSetMaxSpeed, 2**62),
       d.migrateGetMaxDowntime(), d.migrateSetMaxDowntime(7), d.migrateGetMaxDowntime(), d.migrateSetCompressionCache(1 << 20), d.migrateGetCompressionCache(), code(d.migrateStartPostCopy)]
print(json.dumps(out))
""") == [0, 5, 0, 6, 5, [82, 12], 300, 0, 7, 0, 1 << 20, [55, 12]]

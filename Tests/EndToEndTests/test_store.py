"""Worlds whose objects are kept in a store, through Debian's own python3-libvirt on our library."""
import json
import subprocess
from pathlib import Path

import pytest
from store_objects import LOUD, write_world

HERE = str(Path(__file__).parent)


@pytest.fixture
def world(tmp_path):
    """A world file that names a store beside it."""
    return write_world(tmp_path)


# ---- A world goes on -----------------------------------------------------------------------------------------------------------

PRELUDE = """
import json, libvirt, os, resource, sys, threading
from store_tell import tell
libvirt.registerErrorHandler(lambda *a: None, None)
file = sys.argv[1]

def open_it():
    return libvirt.open("test://" + file)

def error(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain(), error.get_error_message()]

def say(*values):
    print(json.dumps(values), flush=True)

def upload(c, volume, data, offset=0, end="finish"):
    stream = c.newStream()
    volume.upload(stream, offset, 0)
    for start in range(0, len(data), 1 << 16):
        stream.send(data[start:start + (1 << 16)])
    if end: getattr(stream, end)()

def domain(name, more="", description=""):
    return (f"<domain type='test'><name>{name}</name><memory>4096</memory><description>{description}</description><os><type>hvm</type></os>"
            f"<devices><disk type='file' device='disk'><source file='/{name}.img'/><target dev='vda'/></disk>{more}</devices></domain>")
"""


@pytest.fixture
def run(ours, world):
    """Runs a program on the world; gives what it said and what it complained of."""
    def run_it(program, environment=None, preexec=None):
        done = subprocess.run(["/usr/bin/python3", "-c", PRELUDE + program, world], env={**ours, "PYTHONPATH": HERE, **(environment or {})},
                              capture_output=True, text=True, timeout=100, check=False, preexec_fn=preexec)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr
    return run_it


EVERYTHING = """
c = open_it()
text = "two\\n  lines &amp; more"
passwd = "<graphics type='vnc' passwd='hidden'/>"
off = c.defineXML(domain("off", passwd, text))
off.setAutostart(1)
off.snapshotCreateXML("<domainsnapshot><name>one</name><description>%s</description></domainsnapshot>" % text)
runs = c.defineXML(domain("runs", passwd, text))
runs.create()
c.defineXML(domain("runs", "<input type='tablet' bus='usb'/>").replace("<memory", "<uuid>%s</uuid><memory" % runs.UUIDString()))
runs.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<mine a='b'>%s</mine>" % text, "my", "urn:my", libvirt.VIR_DOMAIN_AFFECT_LIVE)
for name, parent in (("one", None), ("two", "one"), ("three", "two"), ("four", "two")):
    if parent:
        runs.revertToSnapshot(runs.snapshotLookupByName(parent))
    runs.snapshotCreateXML("<domainsnapshot><name>%s</name></domainsnapshot>" % name)
runs.snapshotCreateXML("<domainsnapshot><name>outside</name></domainsnapshot>", libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY)
runs.suspend()
transient = c.createXML(domain("transient"))
for name in ("a", "b"):
    transient.checkpointCreateXML("<domaincheckpoint><name>%s</name><description>%s</description></domaincheckpoint>" % (name, text))
transient.checkpointLookupByName("b").delete(libvirt.VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY)
crashed = c.defineXML(domain("crashed"))
crashed.create()
crashed.coreDump("/dev/null", libvirt.VIR_DUMP_CRASH)
saved = c.defineXML(domain("saved"))
saved.create()
saved.managedSave()
c.defineXML(domain("saved", passwd).replace("<memory", "<uuid>%s</uuid><memory" % saved.UUIDString()))
for number in range(3):
    c.createXML(domain("gone%d" % number)).destroy()
last = c.defineXML(domain("last"))
last.create()
renamed = c.defineXML(domain("old"))
renamed.rename("new <name>")
c.defineXML(domain("undefined")).undefine()

net = c.networkDefineXML("<network><name>net</name><description>%s</description><bridge name='br0'/></network>" % text)
net.setAutostart(1)
net.create()
port = net.portCreateXML("<networkport><owner><name>o</name><uuid>%s</uuid></owner><mac address='52:54:00:00:00:01'/>"
                         "<bandwidth><inbound average='1'/></bandwidth></networkport>" % runs.UUIDString())
port.setParameters({"inbound.average": 128})
c.networkDefineXML("<network><name>net</name><uuid>%s</uuid><title>later</title></network>" % net.UUIDString())
c.networkCreateXML("<network><name>short-lived</name></network>")
c.networkDefineXML("<network><name>idle</name></network>")

c.interfaceDefineXML("<interface type='ethernet' name='eth7'><mtu size='1492'/></interface>").create()
c.changeBegin()
c.interfaceDefineXML("<interface type='ethernet' name='eth8'/>")
c.interfaceLookupByName("eth7").undefine()
c.changeRollback()

parent = c.nodeDeviceLookupByName("pci_0000_00_02_0")
mdev = "<device><parent>pci_0000_00_02_0</parent><capability type='mdev'><type id='i915'/><uuid>%s</uuid></capability></device>"
c.nodeDeviceDefineXML(mdev % "11111111-1111-1111-1111-111111111111").setAutostart(1)
c.nodeDeviceCreateXML(mdev % "22222222-2222-2222-2222-222222222222")
parent.dettach()

pool = c.storagePoolDefineXML("<pool type='dir'><name>pool</name><target><path>/pool</path></target></pool>")
pool.create()
for number in range(5):
    volume = pool.createXML("<volume><name>v%d</name><capacity>1000</capacity><target><format type='qcow2'/></target></volume>" % number)
volume.resize(5000)
upload(c, volume, bytes(range(256)) * 16, 904)
big = pool.createXML("<volume><name>big</name><capacity>10000000000</capacity><allocation>0</allocation></volume>")
for place in (0, 1, (1 << 20) - 3, 5000000, 9999990000):
    upload(c, big, os.urandom(7000), place)
upload(c, big, b"not to its end", 1 << 30, "abort")
wiped = pool.createXML("<volume><name>wiped</name><capacity>3000000</capacity><allocation>0</allocation></volume>")
upload(c, wiped, os.urandom(3000000))
pool.createXMLFrom("<volume><name>kept</name><capacity>3000000</capacity><allocation>0</allocation></volume>", wiped)
wiped.wipe()
shrunk = pool.createXMLFrom("<volume><name>shrunk</name><capacity>3000000</capacity><allocation>0</allocation></volume>", pool.storageVolLookupByName("kept"))
shrunk.resize(1500000, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK)
pool.storageVolLookupByName("v1").delete()
pool.createXMLFrom("<volume><name>copy</name><capacity>1000</capacity></volume>", volume)
c.storagePoolDefineXML("<pool type='logical'><name>vg</name><source><name>vg</name></source><target><path>/dev/vg</path></target></pool>").setAutostart(1)

usage = "<secret %s><usage type='volume'><volume>/%s</volume></usage></secret>"
for value in (b"", b"\\x00\\xff<&", b"ab", b"abc", bytes(range(256))):
    c.secretDefineXML(usage % ("", value.hex()[:16])).setValue(value)
c.secretDefineXML(usage % ("private='yes'", "private")).setValue(b"nobody")
c.secretDefineXML(usage % ("", "empty"))

c.nwfilterDefineXML("<filter name='outer'><filterref filter='inner'/></filter>")
c.nwfilterDefineXML("<filter name='inner'><rule action='drop' direction='in'/></filter>")
c.nwfilterBindingCreateXML("<filterbinding><owner><name>o</name><uuid>%s</uuid></owner><portdev name='tap/0'/>"
                           "<mac address='52:54:00:00:00:02'/><filterref filter='outer'/></filterbinding>" % runs.UUIDString())
"""

DEVICES = """<device><name>computer</name><capability type='system'><hardware><uuid>61616161-6161-6161-6161-616161616161</uuid></hardware></capability></device>
<device><name>pci_0000_00_02_0</name><parent>computer</parent><driver><name>i915</name></driver><capability type='pci'><domain>0</domain>
<bus>0</bus><slot>2</slot><function>0</function><product id='0x0001'/><vendor id='0x8086'/>
<capability type='mdev_types'><type id='i915'><deviceAPI>vfio-pci</deviceAPI><availableInstances>4</availableInstances></type></capability>
</capability></device>"""


def test_everything_is_there_again(run, world, tmp_path):
    world.write_text(world.read_text().replace("</node>", DEVICES + "</node>"))
    [[before]], _ = run(EVERYTHING + "say(tell(c))")
    [[after]], complaint = run("say(tell(open_it()))", LOUD)
    assert after == before
    assert "store" not in complaint
    # Nobody wrote anything by looking, and what is kept is what would be written.
    files = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    [[again]], _ = run("c = open_it(); say(tell(c)); c.lookupByName('off').setAutostart(1)")
    assert again == before
    assert files == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    # The world file says nothing of objects any more; its other parts hold.
    world.write_text("<node><memory>4242</memory><store path='store'/><domain><broken/></domain></node>")
    [[after, memory]], _ = run("c = open_it(); say(tell(c), c.getInfo()[1])")
    assert after == before and memory == 4242 // 1024


def test_the_world_goes_on_as_it_was(run):
    run("""
c = open_it()
runs, saved = c.defineXML(domain("runs")), c.defineXML(domain("saved"))
runs.create(); saved.create(); saved.managedSave()
c.createXML(domain("transient"))
""")
    [said, later, names], _ = run("""
c = open_it()
runs, saved, transient = (c.lookupByName(name) for name in ("runs", "saved", "transient"))
say(runs.ID(), transient.ID(), error(runs.create)[0])
saved.create()
say(saved.ID() > transient.ID() > runs.ID() > 0, saved.hasManagedSaveImage())
runs.destroy(); transient.destroy()
say(sorted(it.name() for it in c.listAllDomains()))
""")
    assert said[2] == 1 and later == [True, 0] and names == [["runs", "saved", "shared"]]
    [names], _ = run("say(sorted((it.name(), it.isActive()) for it in open_it().listAllDomains()))")
    assert names == [[["runs", 0], ["saved", 1], ["shared", 0]]]


def test_secrets_are_for_their_owner_and_some_are_not_kept(run, tmp_path):
    run("""
c = open_it()
c.secretDefineXML("<secret><description>kept</description></secret>").setValue(b"top secret")
c.secretDefineXML("<secret ephemeral='yes'><description>forgotten</description></secret>").setValue(b"top secret")
""")
    files = list((tmp_path / "store").iterdir())
    assert len([path for path in files if path.name.startswith("secret.")]) == 1
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    [said], _ = run("say([it.value().decode() for it in open_it().listAllSecrets()])")
    assert said == [["top secret"]]


# ---- What goes wrong -----------------------------------------------------------------------------------------------------------

def test_a_store_is_used_by_one_process(run, tmp_path):
    [first, second], _ = run("""
c = open_it()
def elsewhere(*names):
    inside, outside = os.pipe()
    child = os.fork()
    if not child:
        os.write(outside, json.dumps([error(libvirt.open, "test://" + name) for name in names]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return json.loads(os.read(inside, 10000))
other = file.replace("world.xml", "other.xml")
open(other, "w").write(open(file).read().replace("'store'", "'elsewhere'"))
say(elsewhere(file, other))
child = os.fork()
if not child:
    c.close()
    os._exit(0)
os.waitpid(child, 0)
[before] = elsewhere(file)
c.close()
say(before[0], elsewhere(file))
""")
    [[refused, there]] = first
    assert refused[:2] == [55, 12] and str(tmp_path / "store") in refused[2] and there is None
    assert second == [55, [None]]


def test_connections_of_a_process_share_the_world(run):
    [first, second, third, last], _ = run("""
c = open_it()
c.defineXML(domain("here")).create()
other = file.replace("world.xml", "other.xml")
open(other, "w").write(open(file).read())
d = libvirt.open("test://" + other)
d.networkDefineXML("<network><name>there</name></network>")
say(d.lookupByName("here").isActive(), c.networkLookupByName("there").name())
c.close()
d.lookupByName("here").destroy()
say(d.listDefinedNetworks())
e = open_it()
d.close()
say(e.lookupByName("here").isActive())
e.close()
def turn(number):
    for _ in range(20):
        it = open_it()
        it.defineXML(domain(f"of{number}"))
        it.close()
threads = [threading.Thread(target=turn, args=(number,)) for number in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
say(sorted(it.name() for it in open_it().listAllDomains() if it.name().startswith("of")))
""")
    assert first == [1, "there"] and second == [["there"]] and third == [0]
    assert last == [[f"of{number}" for number in range(4)]]


def test_a_guest_that_comes_to_a_closed_world_stays_there(run):
    [first, second], _ = run("""
open_it().close()
it = libvirt.open("test:///default").lookupByName("test")
it.migrateToURI("test://" + file, libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER, None, 0)
c = open_it()
say(c.lookupByName("test").isActive())
c.close()
say(open_it().lookupByName("test").isActive())
""")
    assert first == [1] and second == [1]


def test_a_process_that_is_killed_leaves_no_lock(run, ours, world, tmp_path):
    """Not even in a child of it that goes on."""
    program = PRELUDE + """
c = open_it()
c.defineXML(domain("mine"))
child = os.fork()
if not child:
    # It is the parent's connection, and store.
    say(error(c.defineXML, domain("the child's")))
    sys.stdin.read()
    os._exit(0)
sys.stdin.read()
"""
    process = subprocess.Popen(["/usr/bin/python3", "-c", program, world], env={**ours, "PYTHONPATH": HERE}, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    [refused] = json.loads(process.stdout.readline())
    assert refused[0] == 6, refused
    # A second process has to wait while the first is there, and no longer.
    [[second]], _ = run("say(error(open_it))")
    assert second[:2] == [55, 12] and str(tmp_path / "store") in second[2]
    process.kill()
    process.wait()
    [third], _ = run("say(sorted(it.name() for it in open_it().listAllDomains()))")
    assert third == [["mine", "shared"]]
    process.stdin.close()


def test_broken_files_are_set_aside(run, tmp_path):
    run("c = open_it(); c.defineXML(domain('torn')); c.defineXML(domain('wrong')); c.networkDefineXML('<network><name>fine</name></network>')")
    store = tmp_path / "store"
    torn, wrong, _ = sorted(store.glob("domain.*.object"), key=lambda path: b"<name>torn" not in path.read_bytes())[:3]
    torn.write_bytes(torn.read_bytes()[:-20])
    if b"<name>wrong" not in wrong.read_bytes():
        _, wrong = wrong, _
    (store / "domain.unfinished.object.new").write_bytes(b"half")
    (store / "README").write_text("not the driver's")
    [said], complaint = run("c = open_it(); say([it.name() for it in c.listAllDomains()], [it.name() for it in c.listAllNetworks()])", LOUD)
    assert "torn" not in said[0] and "wrong" in said[0] and said[1] == ["fine"]
    assert f"{torn}.torn' is broken" in complaint, complaint
    # Once more, and what a newer release wrote.
    wrong.write_bytes(wrong.read_bytes().replace(b"virt-store 1 ", b"virt-store 2 ", 1))
    [said], complaint = run("say([it.name() for it in open_it().listAllDomains()])", LOUD)
    assert f"{torn}.torn' was set aside before" in complaint and f"{wrong}.torn' is of format 2" in complaint and "wrong" not in said[0]
    names = {path.name for path in store.iterdir()}
    assert torn.name + ".torn" in names and torn.name not in names and "domain.unfinished.object.new" not in names
    assert (store / "README").read_text() == "not the driver's"


def test_a_full_disk(run, tmp_path):
    said, _ = run("""
c = open_it()
before = c.defineXML(domain("before"))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
say(error(c.defineXML, domain("new")), error(before.setAutostart, 1), error(c.secretDefineXML, "<secret/>"))
# It is in memory, and reading goes on.
say(before.autostart(), c.lookupByName("new").name(), len(c.listAllSecrets()))
# Nothing is written for what changes nothing, nor needs space to go.
say(error(before.setAutostart, 1)[0], error(c.lookupByName("shared").undefine))
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
say(error(c.defineXML, domain("last")))
# No handle was lost with its error: the last reference closes.
say(c.close() if before.__class__ and not (before := None) else None)
""")
    refused, memory, _, last, closed = said
    for code, source, message in refused:
        assert (code, source) == (38, 12) and "in memory only" in message and str(tmp_path / "store") in message
        assert "File too large" in message
    assert memory == [1, "new", 1] and last == [None] and closed == [0]
    # What could not be kept was brought along.
    [names], _ = run("c = open_it(); say(sorted(it.name() for it in c.listAllDomains()), c.lookupByName('before').autostart(), len(c.listAllSecrets()))")
    assert names == [["before", "last", "new"], 1, 1]
    assert not [path for path in (tmp_path / "store").iterdir() if path.name.endswith(".new")]


def test_a_folder_that_cannot_be_written(run, tmp_path):
    # Nobody's place, whoever asks: root may write where it likes.
    for place, reason in (("/proc/self", ""), ("/dev/null", "Not a directory"), ("missing/store", "No such file")):
        (tmp_path / "world.xml").write_text(f"<node><store path='{place}'/></node>")
        [[said]], _ = run("say(error(open_it))")
        assert said[:2] == [38, 12] and place in said[2] and reason in said[2]
    (tmp_path / "world.xml").write_text("<node><store/></node>")
    [[said]], _ = run("say(error(open_it))")
    assert said[:2] == [27, 12]


TAKE_AWAY = {
    # Nobody's folder: root may write to those of others.
    "read-only": ("os.geteuid() or os.seteuid(65534); os.geteuid() == 65534 or os.chmod(store, 0o500)",
                  "os.getuid() or os.seteuid(0); os.chmod(store, 0o700)", "Permission denied"),
    "removed": ("os.rename(store, store + '.away')", "os.rename(store + '.away', store)", None),
    "deleted": ("import shutil; shutil.rmtree(store)", "pass", "No such file or directory"),
}


@pytest.mark.parametrize("how", TAKE_AWAY)
def test_a_folder_that_is_taken_away_while_it_is_used(run, tmp_path, how):
    take, give, reason = TAKE_AWAY[how]
    said, _ = run(f"""
c = open_it()
store = os.path.dirname(file) + "/store"
it = c.defineXML(domain("before"))
pool = c.storagePoolCreateXML("<pool type='dir'><name>p</name><target><path>/p</path></target></pool>")
volume = pool.createXML("<volume><name>v</name><capacity>100</capacity></volume>")
{take}
def snapshot(): it.snapshotCreateXML("<domainsnapshot><name>s</name></domainsnapshot>")
say([error(*what) for what in ((it.setAutostart, 1), (snapshot,), (volume.delete,), (upload, c, volume, b"data", 0))])
say([it.autostart(), it.snapshotNum(), pool.numOfVolumes(), c.lookupByName("before").name()])
{give}
say(error(c.defineXML, domain("after")))
""")
    refused, memory, after = said
    if reason:
        # What is not there any more needs no change to go.
        for one in refused[0][:2 if how == "deleted" else 3]:
            assert one[:2] == [38, 12] and str(tmp_path / "store") in one[2] and reason in one[2], one
    else:
        # Wherever it is called now, it is the same folder.
        assert refused[0][:3] == [None] * 3
    assert memory == [[1, 1, 0, "before"]]
    if how == "deleted":
        assert after[0][0] == 38
        return
    assert after == [None]
    [said], _ = run("""
c = open_it()
it = c.lookupByName("before")
say(it.autostart(), it.snapshotNum(), c.lookupByName("after").name(), c.storagePoolLookupByName("p").numOfVolumes())
""")
    assert said == [1, 1, "after", 0]


def test_behaviour_and_store_together(run, world):
    world.write_text(world.read_text().replace("<store", """<behaviour><operation name='domainCreate' error='operation-failed' times='1'/>
      <operation name='domainSetAutostart' delay='10ms' when='after'/></behaviour><store"""))
    [said], _ = run("""
c = open_it()
it = c.lookupByName("shared")
say(error(it.create)[0], error(it.create), it.setAutostart(1))
""")
    assert said == [9, None, 0]
    [said], _ = run("it = open_it().lookupByName('shared'); say(it.isActive(), it.autostart())")
    assert said == [1, 1]


def rewrite(path, change):
    """Changes what a file of a store holds; it is whole then."""
    content = change(path.read_bytes().split(b"\n", 1)[1])
    total = 0xcbf29ce484222325
    for byte in content:
        total = ((total ^ byte) * 0x100000001b3) % 2**64
    path.write_bytes(b"virt-store 1 %d %x\n" % (len(content), total) + content)


def test_the_mark_of_a_store(run, world, tmp_path):
    """A store begins once, with what the file says, and is for who understands it."""
    world.write_text("<node><store path='store'/><network><name>a</name></network><network><name>b</name></network></node>")
    run("open_it()")
    store = tmp_path / "store"
    mark, = store.glob("world.*.object")
    [said], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    # A broken mark is no beginning.
    mark.write_bytes(b"")
    [again], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert again == said and "complete" in mark.read_text()
    # What a later release keeps in a way of its own is left to it.
    whole = mark.read_bytes()
    rewrite(mark, lambda rest: rest + b" and encrypted")
    [[refused]], _ = run("say(error(open_it))")
    assert refused[0] == 55 and "newer" in refused[2]
    mark.write_bytes(whole)
    [again], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert again == said

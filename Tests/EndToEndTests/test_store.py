"""Worlds whose objects are kept in a store, through Debian's own python3-libvirt on our library."""
import json
import subprocess

import pytest
from store_objects import LOUD, write_world


@pytest.fixture
def world(tmp_path):
    """A world file that names a store beside it."""
    return write_world(tmp_path)


# ---- A world goes on -----------------------------------------------------------------------------------------------------------

PRELUDE = """
import json, libvirt, os, resource, sys, threading
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

def domain(name, more="", description=""):
    return (f"<domain type='test'><name>{name}</name><memory>4096</memory><description>{description}</description><os><type>hvm</type></os>"
            f"<devices><disk type='file' device='disk'><source file='/{name}.img'/><target dev='vda'/></disk>{more}</devices></domain>")
"""


@pytest.fixture
def run(ours, world):
    """Runs a program on the world; gives what it said and what it complained of."""
    def run_it(program, environment=None, preexec=None):
        done = subprocess.run(["/usr/bin/python3", "-c", PRELUDE + program, world], env={**ours, **(environment or {})},
                              capture_output=True, text=True, timeout=100, check=False, preexec_fn=preexec)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr
    return run_it


# Everything that can be asked about a world, as texts.
TELL = """
def tell(c):
    said = []
    secure, inactive = libvirt.VIR_DOMAIN_XML_SECURE, libvirt.VIR_DOMAIN_XML_INACTIVE
    for it in c.listAllDomains():
        said.append([it.name(), it.ID(), it.state(), it.isPersistent(), it.autostart(), it.hasManagedSaveImage(), it.XMLDesc(secure),
                     it.XMLDesc(secure | inactive), it.managedSaveGetXMLDesc() if it.hasManagedSaveImage() else None])
        try:
            said[-1] += [it.autostartOnce()]
        except (AttributeError, libvirt.libvirtError):
            pass
        for moment in it.listAllSnapshots() + it.listAllCheckpoints():
            said.append([it.name(), moment.getName(), moment.getXMLDesc(1)])
        said.append([it.name(), it.hasCurrentSnapshot() and it.snapshotCurrent().getName()])
    for it in c.listAllNetworks():
        said.append([it.name(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.XMLDesc(1)])
        said += [[port.UUIDString(), port.XMLDesc(), port.parameters()] for port in it.listAllPorts()]
    for it in c.listAllInterfaces():
        said.append([it.name(), it.isActive(), it.XMLDesc()])
    for it in c.listAllDevices():
        said.append([it.name(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.parent()])
    for it in c.listAllStoragePools():
        said.append([it.name(), it.info(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.XMLDesc(1)])
        if it.isActive():
            said += [[one.name(), one.key(), one.path(), one.info(), one.XMLDesc()] for one in it.listAllVolumes()]
    for it in c.listAllSecrets():
        said.append([it.UUIDString(), it.XMLDesc()])
        try:
            said[-1].append(it.value().hex())
        except libvirt.libvirtError as error:
            said[-1].append(error.get_error_code())
    said += [[it.name(), it.XMLDesc()] for it in c.listAllNWFilters()]
    said += [[it.portDev(), it.XMLDesc()] for it in c.listAllNWFilterBindings()]
    return sorted(json.dumps(it) for it in said)
"""

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
    [[before]], _ = run(TELL + EVERYTHING + "say(tell(c))")
    [[after]], complaint = run(TELL + "say(tell(open_it()))", LOUD)
    assert after == before
    assert "store" not in complaint
    # Nobody wrote anything by looking, and what is kept is what would be written.
    files = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    [[again]], _ = run(TELL + "c = open_it(); say(tell(c)); c.lookupByName('off').setAutostart(1)")
    assert again == before
    assert files == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    # The world file says nothing of objects any more; its other parts hold.
    world.write_text("<node><memory>4242</memory><store path='store'/><domain><broken/></domain></node>")
    [[after, memory]], _ = run(TELL + "c = open_it(); say(tell(c), c.getInfo()[1])")
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


def test_an_opening_that_did_not_end_begins_anew(run, world, tmp_path):
    """Objects of a file that has no UUIDs for them are there once."""
    world.write_text("<node><store path='store'/><network><name>a</name></network><network><name>b</name></network></node>")
    run("open_it()")
    store = tmp_path / "store"
    mark, = store.glob("world.*.object")
    [said], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    # As it is when the process ended in the middle.
    line, rest = mark.read_bytes().split(b"\n", 1)
    content = rest.replace(b"complete", b"beginning")
    total = 0xcbf29ce484222325
    for byte in content:
        total = ((total ^ byte) * 0x100000001b3) % 2**64
    mark.write_bytes(b"virt-store 1 %d %x\n" % (len(content), total) + content)
    [again], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert len(again[0]) == 2 and not set(again[0]) & set(said[0])
    # A broken mark is no beginning.
    mark.write_bytes(b"")
    [last], _ = run("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert last == again and "complete" in mark.read_text()

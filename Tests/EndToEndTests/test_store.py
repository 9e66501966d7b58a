"""Worlds whose objects are kept in a store, through Debian's own python3-libvirt on our library."""
from store_objects import LOUD

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
shrunk = pool.createXMLFrom("<volume><name>shrunk</name><capacity>10000000000</capacity><allocation>0</allocation></volume>", big)
shrunk.resize(5001000, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK)
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


def test_everything_is_there_again(in_world, world, tmp_path):
    world.write_text(world.read_text().replace("</node>", DEVICES + "</node>"))
    [[before]], _ = in_world(EVERYTHING + "say(tell(c))")
    [[after]], complaint = in_world("say(tell(open_it()))", LOUD)
    assert after == before
    assert "store" not in complaint
    # Nobody wrote anything by looking, and what is kept is what would be written.
    files = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    [[again]], _ = in_world("c = open_it(); say(tell(c)); c.lookupByName('off').setAutostart(1)")
    assert again == before
    assert files == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "store").iterdir()}
    # The world file says nothing of objects any more; its other parts hold.
    world.write_text("<node><memory>4242</memory><store path='store'/><domain><broken/></domain></node>")
    [[after, memory]], _ = in_world("c = open_it(); say(tell(c), c.getInfo()[1])")
    assert after == before and memory == 4242 // 1024


def test_the_world_goes_on_as_it_was(in_world):
    in_world("""
c = open_it()
runs, saved = c.defineXML(domain("runs")), c.defineXML(domain("saved"))
runs.create(); saved.create(); saved.managedSave()
c.createXML(domain("transient"))
""")
    [said, later, names], _ = in_world("""
c = open_it()
runs, saved, transient = (c.lookupByName(name) for name in ("runs", "saved", "transient"))
say(runs.ID(), transient.ID(), error(runs.create)[0])
saved.create()
say(saved.ID() > transient.ID() > runs.ID() > 0, saved.hasManagedSaveImage())
runs.destroy(); transient.destroy()
say(sorted(it.name() for it in c.listAllDomains()))
""")
    assert said[2] == 1 and later == [True, 0] and names == [["runs", "saved", "shared"]]
    [names], _ = in_world("say(sorted((it.name(), it.isActive()) for it in open_it().listAllDomains()))")
    assert names == [[["runs", 0], ["saved", 1], ["shared", 0]]]


def test_secrets_are_for_their_owner_and_some_are_not_kept(in_world, tmp_path):
    in_world("""
c = open_it()
c.secretDefineXML("<secret><description>kept</description></secret>").setValue(b"top secret")
c.secretDefineXML("<secret ephemeral='yes'><description>forgotten</description></secret>").setValue(b"top secret")
""")
    files = list((tmp_path / "store").iterdir())
    assert len([path for path in files if path.name.startswith("secret.")]) == 1
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    [said], _ = in_world("say([it.value().decode() for it in open_it().listAllSecrets()])")
    assert said == [["top secret"]]


def test_connections_of_a_process_share_the_world(in_world):
    [first, second, third, last], _ = in_world("""
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
import threading
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


def test_a_guest_that_comes_to_a_closed_world_stays_there(in_world):
    [first, second], _ = in_world("""
open_it().close()
it = libvirt.open("test:///default").lookupByName("test")
it.migrateToURI("test://" + file, libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER, None, 0)
c = open_it()
say(c.lookupByName("test").isActive())
c.close()
say(open_it().lookupByName("test").isActive())
""")
    assert first == [1] and second == [1]


FILL = """
c = open_it()
pool = c.storagePoolCreateXML("<pool type='dir'><name>p</name><target><path>/p</path></target></pool>")
volume = pool.createXML("<volume><name>v</name><capacity>200000000</capacity><allocation>8192</allocation></volume>")
piece = bytes(range(256)) * 4096
upload(c, volume, piece * 64)
upload(c, volume, b"end", 100 << 20)
"""
SUM = """
import hashlib
c = open_it()
volume = c.storagePoolLookupByName("p").storageVolLookupByName("v")
def summed(start=0, length=0):
    stream, total = c.newStream(), hashlib.sha256()
    volume.download(stream, start, length)
    while part := stream.recv(50001): total.update(part)
    stream.finish()
    return total.hexdigest()
"""


def test_content_is_read_when_it_is_asked_for(in_world):
    """Neither opening a store nor reading from it takes the memory of what is in it."""
    in_world(FILL)
    [before, first, opened, whole, sums], _ = in_world("""
def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
libvirt.open("test:///default").close()
say(most())
""" + SUM + """
say(most())
say(volume.info(), volume.connect().storagePoolLookupByName("p").info()[2])
import itertools
said = summed()
say(most())
piece = bytes(range(256)) * 4096
wanted = hashlib.sha256()
for _ in range(64): wanted.update(piece)
wanted.update(bytes(36 << 20) + b"end" + bytes(200000000 - (100 << 20) - 3))
say(said == wanted.hexdigest())
""")
    # Kibibytes: the content has 65536 of them.
    assert first[0] - before[0] < 16384 and whole[0] - before[0] < 24576, (before, first, whole)
    assert opened == [[0, 200000000, (64 << 20) + 4096], (64 << 20) + 4096] and sums == [True]


def test_content_that_was_not_read_yet_can_change(in_world, tmp_path):
    in_world(FILL)
    change = SUM + """
stream = c.newStream()
volume.upload(stream, (5 << 20) + 100, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
stream.send(b"new" * 1000)
# From within a piece, over whole ones, to within another one.
stream.sendHole(3 << 20)
stream.send(b"more")
stream.finish()
volume.resize((100 << 20) + 1, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK)
volume.resize(200000000)
copy = c.storagePoolLookupByName("p").createXMLFrom("<volume><name>copy</name><capacity>9000000</capacity><allocation>0</allocation></volume>", volume)
"""
    look = SUM + """
say(tell(c))
expected = bytearray(bytes(range(256)) * 4096 * 64)
place = (5 << 20) + 100
expected[place:place + 3000] = b"new" * 1000
expected[place + 3000:place + 3000 + (3 << 20)] = bytes(3 << 20)
expected[place + 3000 + (3 << 20):place + 3004 + (3 << 20)] = b"more"
whole = bytes(expected) + bytes(36 << 20) + b"e" + bytes(200000000 - (100 << 20) - 1)
say(hashlib.sha256(whole).hexdigest() == summed())
volume = c.storagePoolLookupByName("p").storageVolLookupByName("copy")
say(hashlib.sha256(whole[:9000000]).hexdigest() == summed())
"""
    [[before], *first], _ = in_world(change + look.removeprefix(SUM))
    [[after], *second], complaint = in_world(look, LOUD)
    assert first == second == [[True], [True]] and before == after and "store" not in complaint


def test_content_that_is_not_what_it_was_is_told_to_who_reads_it(in_world, tmp_path):
    in_world(FILL)
    place, = (tmp_path / "store").glob("content.*2f3.object")
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + b"?")
    [[opened], [wrong], [right], [written], [shrunk], [wiped, after]], complaint = in_world(SUM + """
say(volume.info()[2])
say(error(summed))
say(error(summed, 4 << 20, 100))
say(error(upload, c, volume, b"x", 3 << 20))
say(error(volume.resize, 100 << 20, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK))
say(error(volume.wipe), error(summed))
""", LOUD)
    assert opened == (64 << 20) + 4096 and "warning" not in complaint
    for refused in (wrong, written):
        assert refused[:2] == [38, 12] and f"'{place}' is broken" in refused[2]
    assert right is None and shrunk is None and wiped is None and after is None
    # A file that is gone.
    in_world(SUM + "upload(c, volume, bytes(range(256)) * 4096 * 4)")
    [[found, again]], _ = in_world(SUM + f"""
os.rename({str(place)!r}, {str(place)!r} + ".away")
found = error(summed)
os.rename({str(place)!r} + ".away", {str(place)!r})
say(found, error(summed))
""")
    assert found[:2] == [38, 12] and f"'{place}'" in found[2] and again is None


def test_a_stream_goes_on_without_a_volume_that_is_gone(in_world):
    """What it has not read yet is gone as well, and it says so."""
    in_world(FILL)
    [[read, error]], _ = in_world(SUM + """
stream = c.newStream()
volume.download(stream, 0, 0)
read = len(stream.recv(1000))
volume.delete()
again = c.storagePoolLookupByName("p").createXML("<volume><name>v</name><capacity>200000000</capacity><allocation>0</allocation></volume>")
upload(c, again, bytes(3 << 20))
stream.recv(1 << 20)
say(read, error(stream.recv, 1000))
""")
    assert read == 1000 and error[0] == 38 and "content." in error[2]

"""What goes wrong with stores: files that are broken, folders in use or taken away, full disks, locks of the dead."""
import json
import subprocess
from pathlib import Path

import pytest
from store_objects import LOUD

HERE = Path(__file__).parent


def test_a_store_is_used_by_one_process(in_world, tmp_path):
    [first, second], _ = in_world("""
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


def test_a_process_that_is_killed_leaves_no_lock(in_world, start_in_world, tmp_path):
    """Not even in a child of it that goes on."""
    process = start_in_world("""
c = open_it()
c.defineXML(domain("mine"))
child = os.fork()
if not child:
    # It is the parent's connection, and store.
    say(error(c.defineXML, domain("the child's")))
    sys.stdin.read()
    os._exit(0)
say(child)
sys.stdin.read()
""", stdin=subprocess.PIPE)
    said = [json.loads(process.stdout.readline()) for _ in range(2)]
    [refused] = next(one for one in said if isinstance(one[0], list))
    assert refused[0] == 6, refused
    # A second process has to wait while the first is there, and no longer.
    [[second]], _ = in_world("say(error(open_it))")
    assert second[:2] == [55, 12] and str(tmp_path / "store") in second[2]
    process.kill()
    process.wait()
    [third], _ = in_world("say(sorted(it.name() for it in open_it().listAllDomains()))")
    assert third == [["mine", "shared"]]
    process.stdin.close()


def test_broken_files_are_set_aside(in_world, tmp_path):
    in_world("c = open_it(); c.defineXML(domain('torn')); c.defineXML(domain('wrong')); c.networkDefineXML('<network><name>fine</name></network>')")
    store = tmp_path / "store"
    torn, wrong, _ = sorted(store.glob("domain.*.object"), key=lambda path: b"<name>torn" not in path.read_bytes())[:3]
    torn.write_bytes(torn.read_bytes()[:-20])
    if b"<name>wrong" not in wrong.read_bytes():
        _, wrong = wrong, _
    (store / "domain.unfinished.object.new").write_bytes(b"half")
    (store / "README").write_text("not the driver's")
    [said], complaint = in_world("c = open_it(); say([it.name() for it in c.listAllDomains()], [it.name() for it in c.listAllNetworks()])", LOUD)
    assert "torn" not in said[0] and "wrong" in said[0] and said[1] == ["fine"]
    assert f"{torn}.torn' is broken" in complaint, complaint
    # Once more, and what a newer release wrote.
    wrong.write_bytes(wrong.read_bytes().replace(b"virt-store 1 ", b"virt-store 2 ", 1))
    [said], complaint = in_world("say([it.name() for it in open_it().listAllDomains()])", LOUD)
    assert f"{torn}.torn' was set aside before" in complaint and f"{wrong}.torn' is of format 2" in complaint and "wrong" not in said[0]
    names = {path.name for path in store.iterdir()}
    assert torn.name + ".torn" in names and torn.name not in names and "domain.unfinished.object.new" not in names
    assert (store / "README").read_text() == "not the driver's"


def rewrite(path, change):
    """Changes what a file of a store holds; it is whole then."""
    content = change(path.read_bytes().split(b"\n", 1)[1])
    total = 0xcbf29ce484222325
    for byte in content:
        total = ((total ^ byte) * 0x100000001b3) % 2**64
    path.write_bytes(b"virt-store 1 %d %x\n" % (len(content), total) + content)


PARTS = """
c = open_it()
it = c.defineXML(domain("it"))
for name in ("one", "two", "three"):
    it.snapshotCreateXML("<domainsnapshot><name>%s</name></domainsnapshot>" % name)
pool = c.storagePoolCreateXML("<pool type='dir'><name>p</name><target><path>/p</path></target></pool>")
volume = pool.createXML("<volume><name>v</name><capacity>2000000</capacity><allocation>0</allocation></volume>")
upload(c, volume, b"data" * 300000)
"""


def test_parts_of_what_is_broken_are_set_aside(in_world, tmp_path):
    in_world(PARTS)
    store = tmp_path / "store"
    first, = store.glob("snapshot.*one.object")
    pool, = store.glob("pool.*.object")
    pieces = sorted(store.glob("content.*.object"))
    volume, = store.glob("volume.*.object")
    assert len(pieces) == 2
    for path in (first, pool):
        path.write_bytes(path.read_bytes()[:-3])
    look = """
c = open_it()
it = c.lookupByName("it")
say(sorted(it.snapshotListNames()), [one.getName() for one in it.listAllSnapshots(libvirt.VIR_DOMAIN_SNAPSHOT_LIST_ROOTS)],
    it.snapshotCurrent().getName(), [one.name() for one in c.listAllStoragePools()])
"""
    [said], complaint = in_world(look, LOUD)
    assert said == [["three", "two"], ["two"], "three", []]
    for path in (first, pool, volume, *pieces):
        assert f"{path.with_suffix('.object.torn')}'" in complaint, complaint
    assert "after which" in complaint and complaint.count("what it belongs to was not loaded") == 3
    # A new snapshot of the same name has nothing to do with those that came after the old one.
    in_world("it = open_it().lookupByName('it'); it.snapshotCreateXML('<domainsnapshot><name>one</name></domainsnapshot>')")
    [said], complaint = in_world(look, LOUD)
    assert said == [["one", "three", "two"], ["two"], "one", []] and "after which" not in complaint


def test_what_belongs_to_no_object_is_set_aside(in_world, tmp_path):
    in_world(PARTS)
    store = tmp_path / "store"
    piece = sorted(store.glob("content.*.object"))[0]
    rewrite(piece, lambda rest: rest + b"more")
    next(store.glob("domain.*.object")).rename(store / "not an object")
    next(path for path in store.glob("domain.*.object")).rename(store / "nor this")
    [[names, data]], complaint = in_world("""
c = open_it()
volume = c.storagePoolLookupByName("p").storageVolLookupByName("v")
stream = c.newStream()
volume.download(stream, 1 << 20, 8)
say([it.name() for it in c.listAllDomains()], stream.recv(8).decode())
""", LOUD)
    # A volume without one of its pieces has a hole there.
    assert names == [] and data == "datadata"
    assert f"{piece}.torn' is not understood" in complaint and complaint.count("what it belongs to was not loaded") == 3


def test_a_store_of_an_earlier_release_goes_on(in_world, tmp_path):
    """There parts stood in the files of their objects."""
    in_world(PARTS)
    store = tmp_path / "store"

    def content(path):
        return path.read_bytes().split(b"\n", 2)[2]

    pool, = store.glob("pool.*.object")
    volume, = store.glob("volume.*.object")
    rewrite(pool, lambda rest: rest.replace(b"</test:state>", content(volume) + b"</test:state>"))
    it = next(path for path in store.glob("domain.*.object") if b"<name>it" in path.read_bytes())
    snapshots = sorted(store.glob("snapshot.*.object"), key=lambda path: [b"<name>one<", b"<name>two<", b"<name>three<"].index(
        next(name for name in (b"<name>one<", b"<name>two<", b"<name>three<") if name in content(path)[:60])))
    rewrite(it, lambda rest: rest.replace(
        b"</test:state>", b"<snapshots current='two'>" + b"".join(map(content, snapshots)) + b"</snapshots></test:state>"))
    for path in (volume, *snapshots, *store.glob("content.*.object")):
        path.unlink()
    rewrite(next(store.glob("world.*.object")), lambda rest: rest.replace(b"complete, in parts", b"complete"))
    look = """
c = open_it()
it = c.lookupByName("it")
say(it.snapshotListNames(), it.snapshotCurrent().getName(), it.snapshotLookupByName("three").getParent().getName(),
    c.storagePoolLookupByName("p").listVolumes())
"""
    for _ in range(2):
        [said], complaint = in_world(look, LOUD)
        assert said == [["one", "two", "three"], "two", "two", ["v"]] and "store" not in complaint
        assert len(list(store.glob("snapshot.*.object"))) == 3 and len(list(store.glob("volume.*.object"))) == 1


def test_a_full_disk(in_world, tmp_path):
    said, _ = in_world("""
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
    [names], _ = in_world("c = open_it(); say(sorted(it.name() for it in c.listAllDomains()), c.lookupByName('before').autostart(), len(c.listAllSecrets()))")
    assert names == [["before", "last", "new"], 1, 1]
    assert not [path for path in (tmp_path / "store").iterdir() if path.name.endswith(".new")]


# A file system of 1 MiB of one's own: in a namespace where one is root, or as root without one.
MOUNT = ["sh", "-ec", 'mount -t tmpfs -o size=1m none "$1"; cp "$1.xml" "$1/world.xml"; shift; exec "$@"', "sh"]
NAMESPACES = (["unshare", "--user", "--map-root-user", "--mount"], ["unshare", "--mount"])


@pytest.fixture
def small(tmp_path):
    """Gives the beginning of a command that has a small file system, and the folder where it is for the command alone."""
    folder = tmp_path / "small"
    folder.mkdir()
    for namespace in NAMESPACES:
        if subprocess.run([*namespace, *MOUNT[:2], 'mount -t tmpfs -o size=1m none "$1"', "sh", folder], capture_output=True, check=False).returncode == 0:
            return [*namespace, *MOUNT, folder], folder
    # As in a container that allows neither. What counts skipped tests as failed says so then.
    return pytest.skip("neither namespaces of users nor mounts are allowed here: a store on a full file system was not tried")


def test_a_file_system_that_is_full(ours, world, small, tmp_path):
    command, folder = small
    world.rename(tmp_path / "small.xml")
    done = subprocess.run([*command, "/usr/bin/python3", HERE / "store_full_program.py", folder / "world.xml"], env=ours, capture_output=True, text=True,
                          timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    said = {label: rest for label, *rest in map(json.loads, done.stdout.splitlines())}
    kept, failed, left = said["full"]
    assert len(kept) > 5 and len(failed) == 2 and left == 0

    def is_told(refused):
        code, domain, message = refused
        return (code, domain) == (38, 12) and f"'{folder}/store/" in message and message.endswith("No space left on device")
    for refused in (*failed.values(), *said["others"]):
        assert is_told(refused) and "in memory only" in refused[2], refused
    assert said["in memory"] == [[*failed], len(kept) + 3, 503808]
    # The process ended then: what was confirmed is there, all of it and no more.
    names, content, allocation, files = said["after a kill"]
    assert names == sorted([*kept, "shared"]) and content == "before" and allocation == 4096
    assert all(name.endswith(".object") or name == ".lock" for name in files)
    more, failed, refused = said["full again"]
    assert all(map(is_told, (*failed.values(), refused))), failed
    # When there is room again, nothing is lost.
    assert said["room"] == [None, None] and said["told"] == said["told again"]
    assert all(f'"{name}"' in "".join(said["told again"][0]) for name in (*kept, *more, *failed))
    assert is_told(said["begin"][0]) and said["begun"] == [None] and said["there"] == [["shared"]]


def test_a_folder_that_cannot_be_written(in_world, tmp_path):
    # Nobody's place, whoever asks: root may write where it likes.
    for place, reason in (("/proc/self", ""), ("/dev/null", "Not a directory"), ("missing/store", "No such file")):
        (tmp_path / "world.xml").write_text(f"<node><store path='{place}'/></node>")
        [[said]], _ = in_world("say(error(open_it))")
        assert said[:2] == [38, 12] and place in said[2] and reason in said[2]
    (tmp_path / "world.xml").write_text("<node><store/></node>")
    [[said]], _ = in_world("say(error(open_it))")
    assert said[:2] == [27, 12]


TAKE_AWAY = {
    # Nobody's folder: root may write to those of others.
    "read-only": ("os.geteuid() or os.seteuid(65534); os.geteuid() == 65534 or os.chmod(store, 0o500)",
                  "os.getuid() or os.seteuid(0); os.chmod(store, 0o700)", "Permission denied"),
    "removed": ("os.rename(store, store + '.away')", "os.rename(store + '.away', store)", None),
    "deleted": ("import shutil; shutil.rmtree(store)", "pass", "No such file or directory"),
}


@pytest.mark.parametrize("how", TAKE_AWAY)
def test_a_folder_that_is_taken_away_while_it_is_used(in_world, tmp_path, how):
    take, give, reason = TAKE_AWAY[how]
    said, _ = in_world(f"""
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
    [said], _ = in_world("""
c = open_it()
it = c.lookupByName("before")
say(it.autostart(), it.snapshotNum(), c.lookupByName("after").name(), c.storagePoolLookupByName("p").numOfVolumes())
""")
    assert said == [1, 1, "after", 0]


def test_behaviour_and_store_together(in_world, world):
    world.write_text(world.read_text().replace("<store", """<behaviour><operation name='domainCreate' error='operation-failed' times='1'/>
      <operation name='domainSetAutostart' delay='10ms' when='after'/></behaviour><store"""))
    [said], _ = in_world("""
c = open_it()
it = c.lookupByName("shared")
say(error(it.create)[0], error(it.create), it.setAutostart(1))
""")
    assert said == [9, None, 0]
    [said], _ = in_world("it = open_it().lookupByName('shared'); say(it.isActive(), it.autostart())")
    assert said == [1, 1]


def test_the_mark_of_a_store(in_world, world, tmp_path):
    """A store begins once, with what the file says, and is for who understands it."""
    world.write_text("<node><store path='store'/><network><name>a</name></network><network><name>b</name></network></node>")
    in_world("open_it()")
    store = tmp_path / "store"
    mark, = store.glob("world.*.object")
    [said], _ = in_world("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    # A broken mark is no beginning.
    mark.write_bytes(b"")
    [again], _ = in_world("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert again == said and "complete" in mark.read_text()
    # What a later release keeps in a way of its own is left to it.
    whole = mark.read_bytes()
    rewrite(mark, lambda rest: rest + b" and encrypted")
    [[refused]], _ = in_world("say(error(open_it))")
    assert refused[0] == 55 and "newer" in refused[2]
    mark.write_bytes(whole)
    [again], _ = in_world("say(sorted(it.UUIDString() for it in open_it().listAllNetworks()))")
    assert again == said

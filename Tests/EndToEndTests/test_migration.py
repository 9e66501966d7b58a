"""Domains that move between two worlds; through Debian's own python3-libvirt on our library. The reference's test driver does not."""
import json
import subprocess

import pytest

PROGRAM = """
import json, libvirt, sys
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("test:///default")
other = libvirt.open("test://" + sys.argv[1])
seen = []
def listen(connection, side):
    connection.domainEventRegisterAny(None, 0, lambda c, d, event, detail, _: seen.append([side, d.name(), event, detail]), None)
listen(c, "from")
listen(other, "to")

def code(function, *arguments):
    try:
        result = function(*arguments)
        return result if isinstance(result, (int, list, dict, str, type(None))) else True
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]

def events():
    for _ in range(2):
        done = []
        timer = libvirt.virEventAddTimeout(0, lambda timer, _: done.append(1), None)
        while not done:
            libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(timer)
    taken = sorted(seen, key=lambda event: event[0])
    seen.clear()
    return taken

DOMAIN = "<domain type='test'><name>{}</name><uuid>11111111-2222-3333-4444-{:012d}</uuid><memory>4096</memory><os><type>hvm</type></os></domain>"
def define(name="guest", number=1, start=True):
    d = c.defineXML(DOMAIN.format(name, number))
    if start:
        d.create()
    events()
    return d

def both(name="guest"):
    "State, reason and whether it is persistent, here and there."
    found = []
    for connection in (c, other):
        try:
            d = connection.lookupByName(name)
            found.append(d.state() + [d.isPersistent()])
        except libvirt.libvirtError:
            found.append(None)
    return found
"""


@pytest.fixture
def run(ours, tmp_path):
    world = tmp_path / "world.xml"
    world.write_text("<node/>")

    def run(body):
        done = subprocess.run(
            ["/usr/bin/python3", "-c", PROGRAM + body, str(world)], env=ours, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_running_domain_goes_on_there(run):
    assert run("""
d = define()
moved = d.migrate(other, libvirt.VIR_MIGRATE_LIVE, None, None, 0)
print(json.dumps([moved.name(), moved.ID() > 0, d.ID(), both(), events(), d.jobStats(1)["success"]]))
""") == ["guest", True, -1, [[5, 4, 1], [1, 2, 0]],
         [["from", "guest", 3, 1], ["from", "guest", 5, 3], ["to", "guest", 2, 1], ["to", "guest", 4, 1]], True]


def test_paused_domain_stays_paused(run):
    assert run("""
define().suspend()
events()
d = c.lookupByName("guest")
d.migrate3(other, {}, 0)
first = both(), [event for event in events() if event[0] == "to"]
define("second", 2).migrate(other, libvirt.VIR_MIGRATE_PAUSED)
print(json.dumps([*first, both("second")]))
""") == [[[5, 4, 1], [3, 1, 0]], [["to", "guest", 2, 1], ["to", "guest", 3, 0]], [[5, 4, 1], [3, 1, 0]]]


def test_where_it_is_kept(run):
    assert run("""
d = define()
moved = d.migrate(other, libvirt.VIR_MIGRATE_PERSIST_DEST | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE)
first = [both(), events()]
back = moved.migrate(c, libvirt.VIR_MIGRATE_PERSIST_DEST)
print(json.dumps([*first, both(), events(), back.ID() > 0]))
""") == [
        [None, [1, 2, 1]],
        [["from", "guest", 3, 1], ["from", "guest", 5, 3], ["from", "guest", 1, 0], ["to", "guest", 2, 1], ["to", "guest", 0, 0], ["to", "guest", 4, 1]],
        [[1, 2, 1], [5, 4, 1]],
        [["from", "guest", 2, 1], ["from", "guest", 0, 0], ["from", "guest", 4, 1], ["to", "guest", 3, 1], ["to", "guest", 5, 3]], True]


def test_transient_domain_leaves_nothing(run):
    assert run("""
d = c.createXML(DOMAIN.format("guest", 1), 0)
d.migrate2(other, None, 0, "renamed", None, 0)
print(json.dumps([both(), both("renamed")]))
""") == [[None, None], [None, [1, 2, 0]]]


def test_other_documents(run):
    assert run("""
d = define()
more = d.XMLDesc().replace("<memory unit='KiB'>4096", "<memory unit='KiB'>8192")
lasting = d.XMLDesc().replace("<memory unit='KiB'>4096", "<memory unit='KiB'>16384")
refused = [code(d.migrate2, other, text, 0) for text in ("<x/>", DOMAIN.format("guest", 2), DOMAIN.format("other", 1))]
stayed = both(), events()
moved = d.migrate3(other, {libvirt.VIR_MIGRATE_PARAM_DEST_XML: more, libvirt.VIR_MIGRATE_PARAM_PERSIST_XML: lasting, libvirt.VIR_MIGRATE_PARAM_DEST_NAME: "new"}, libvirt.VIR_MIGRATE_PERSIST_DEST)
print(json.dumps([refused, *stayed, moved.name(), moved.maxMemory(), "16384" in moved.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)]))
""") == [[[27, 5], [67, 12], [67, 12]], [[1, 1, 1], None], [], "new", 8192, True]


def test_offline(run):
    assert run("""
flags = libvirt.VIR_MIGRATE_OFFLINE | libvirt.VIR_MIGRATE_PERSIST_DEST
d = define(start=False)
refused = [code(d.migrate, other, 0), code(d.migrate, other, libvirt.VIR_MIGRATE_OFFLINE)]
moved = d.migrate(other, flags | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE)
print(json.dumps([refused, both(), moved.ID(), events()]))
""") == [[[55, 20], [55, 12]], [None, [5, 0, 1]], -1, [["from", "guest", 1, 0], ["to", "guest", 0, 0]]]


def test_what_cannot_be(run):
    assert run("""
d = define()
same = code(d.migrate, libvirt.open("test:///default"), 0)
other.createXML(DOMAIN.format("guest", 1), 0)
taken = [code(d.migrate, other, 0), both()]
other.lookupByName("guest").destroy()
clash = other.defineXML(DOMAIN.format("guest", 9))
taken += [code(d.migrate, other, 0), both()[0]]
clash.undefine()
d.snapshotCreateXML("<domainsnapshot><name>s</name></domainsnapshot>")
snapshots = code(d.migrate, other, libvirt.VIR_MIGRATE_UNDEFINE_SOURCE)
parameter = [code(d.migrate3, other, {name: "x"}, 0) for name in ("nonsense",)]
tunnelled = code(d.migrate, other, libvirt.VIR_MIGRATE_TLS)
events()
d.migrate(other)
print(json.dumps([same, taken, snapshots, parameter, tunnelled, both()]))
""") == [[1, 12], [[55, 20], [[1, 1, 1], [1, 1, 0]], [9, 20], [1, 1, 1]], [55, 12], [[74, 12]], [8, 12], [[5, 4, 1], [1, 2, 0]]]


def test_source_drives_by_itself(run):
    assert run("""
d = other.createXML(DOMAIN.format("guest", 1), 0)
events()
refused = [code(d.migrateToURI, uri, libvirt.VIR_MIGRATE_PEER2PEER, None, 0) for uri in ("qemu:///system", "test:///no/such/file", "test:///")]
stayed = both()
events()
d.migrateToURI3("test:///default", {libvirt.VIR_MIGRATE_PARAM_DEST_NAME: "arrived"}, libvirt.VIR_MIGRATE_PEER2PEER | libvirt.VIR_MIGRATE_PERSIST_DEST)
print(json.dumps([refused, stayed, both(), both("arrived"), events(), code(c.lookupByName("test").migrateToURI, "test:///default", libvirt.VIR_MIGRATE_PEER2PEER)]))
""") == [
        [[9, 12], [27, 12], [27, 12]], [None, [1, 1, 0]], [None, None], [[1, 2, 1], None],
        [["from", "arrived", 2, 1], ["from", "arrived", 0, 0], ["from", "arrived", 4, 1], ["to", "guest", 3, 1], ["to", "guest", 5, 3]], [1, 12]]

"""The examples that come with upstream's libvirt-python, unmodified, on our Python modules and library; on Debian's where its test driver can."""
import os
import re
import signal
import subprocess
import tarfile

import pytest

SMALL = "<domain type='test'><name>started</name><memory>4096</memory><os><type>hvm</type></os></domain>"
WORLD = f"""<node>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'><name>guest</name><uuid>11111111-2222-3333-4444-555555555555</uuid><memory>65536</memory>
    <vcpu current='2'>4</vcpu><os><type>hvm</type></os>
    <numatune><memory mode='strict' nodeset='0'/></numatune>
    <devices><console type='pty'/><interface type='network'><mac address='52:54:00:11:22:33'/><source network='lan'/></interface>
      <disk type='file' device='disk'><source file='/d'/><target dev='vda' bus='virtio'/></disk></devices></domain>
  <network><name>lan</name><forward mode='nat'/><ip address='10.0.0.1' netmask='255.255.255.0'><dhcp><range start='10.0.0.2' end='10.0.0.20'/></dhcp></ip></network>
  <pool type='dir'><name>pool</name><target><path>/pool</path></target><volume type='file'><name>v</name><key>/pool/v</key><capacity>100000</capacity>
    <target><path>/pool/v</path></target></volume></pool>
  <cpu><nodes>2</nodes><sockets>1</sockets><cores>4</cores><threads>1</threads></cpu>
</node>"""
# Each example with its arguments, what it prints, and whether the reference answers the same.
RUNS = {
    "dominfo.py": (["guest"], r"(?s)State: +1 .*MaxMem: +65536 .*VCPUs: +2 .*Type: +hvm .*Source: +/d *\nTarget: +vda", True),
    "domstart.py": (["started.xml"], r"^Starting domain started \.\.\. \ndone\n$", True),
    "domsave.py": (["."], r"^Saving guest\[1\] \.\.\. \ndone\n$", True),
    # Of a world from a file the reference tells no topology.
    "topology.py": ([], r"^Host topology\nNUMA nodes: 2\n +Sockets: \d+\n +Cores: \d+\n +Threads: \d+\n$", False),
    "nodestats.py": ([], r"(?s)NUMA nodes:\t0\t1\nMemTotal:\t\d+\t\d+\n.*Domain 'guest':\t\n\tOverall memory: 64 MiB nodes 0\n$", False),
    "domipaddrs.py": (["test://{folder}/world.xml", "guest"], r"52:54:00:11:22:33 +ipv4 +10\.0\.0\.\d+/24", False),
    "dhcpleases.py": (["test://{folder}/world.xml", "lan"], r"52:54:00:11:22:33 .*10\.0\.0\.\d+", False),
}
ELSEWHERE = {
    "domrestore.py": "see test_save_and_restore", "event-test.py": "see test_events", "consolecallback.py": "reads its terminal for ever; consoles are in test_consoles.py",
    "esxlist.py": "asks for a user's name and password of a VMware host", "sparsestream.py": "see test_sparse_stream",
}


@pytest.fixture(scope="session")
def examples(root, tmp_path_factory):
    """The folder of the examples, from the archive that set-up fetched."""
    archive = next((root / "build" / "upstream").glob("libvirt?python-*.tar.gz"))
    folder = tmp_path_factory.mktemp("examples")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, [member for member in opened.getmembers() if "/examples/" in member.name])
    return next(folder.glob("*/examples"))


@pytest.fixture
def start(examples, modules, ours, reference, tmp_path):
    """Starts an example, with our modules and library or with Debian's."""
    (tmp_path / "world.xml").write_text(WORLD)
    (tmp_path / "started.xml").write_text(SMALL)

    def run(name, *arguments, debian=False, uri=None):
        environment = reference if debian else {**ours, "PYTHONPATH": str(modules)}
        environment = {**environment, "LIBVIRT_DEFAULT_URI": uri or f"test://{tmp_path}/world.xml", "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(["/usr/bin/python3", examples / name, *arguments], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return run


def finish(process):
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, said + complaint
    return said


def test_every_example_has_its_place(examples):
    assert {path.name for path in examples.glob("*.py")} == set(RUNS) | set(ELSEWHERE)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_example(name, start, tmp_path):
    arguments, expected, both = RUNS[name]
    arguments = [argument.format(folder=tmp_path) for argument in arguments]
    said = finish(start(name, *arguments))
    assert re.search(expected, said), said
    if both:
        for left in ("guest", "started"):
            (tmp_path / left).unlink(missing_ok=True)
        assert finish(start(name, *arguments, debian=True)) == said


def test_save_and_restore(start, tmp_path):
    """What one process saved the next restores; its world has the domain no more."""
    folder = tmp_path / "saved"
    folder.mkdir()
    finish(start("domsave.py", str(folder)))
    assert [path.name for path in folder.iterdir()] == ["guest"]
    (tmp_path / "world.xml").write_text("<node/>")
    assert finish(start("domrestore.py", str(folder))) == "Restoring guest ... \ndone\n"


@pytest.mark.parametrize("loop", ["native", "poll", "asyncio"])
def test_events(start, loop):
    """Its own loops in Python and the library's: a guest's life while it listens is short, so it says what it registered for and ends."""
    process = start("event-test.py", "--loop", loop, "--timeout", "1", "test:///default")
    said = finish(process)
    assert f"Using uri 'test:///default' and event loop '{loop}'" in said


def test_interrupted(start):
    """A loop in Python that the user interrupts ends at once."""
    process = start("event-test.py", "--loop", "native", "test:///default")
    assert process.stdout.readline().startswith("Using uri")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode != 0


def test_sparse_stream(start, tmp_path):
    """Up from a file with a hole; down from a volume that nobody wrote to, which is one hole."""
    world = f"test://{tmp_path}/world.xml"
    with open(tmp_path / "up", "wb") as file:
        file.write(b"begin")
        file.seek(50000)
        file.write(b"end")
    finish(start("sparsestream.py", world, "--upload", "/pool/v", "up"))
    finish(start("sparsestream.py", world, "--download", "/pool/v", "down"))
    assert (tmp_path / "down").read_bytes() == bytes(100000)

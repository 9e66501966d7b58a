"""What the test driver does to guests and its host beyond the reference's."""
import os
import subprocess
import xml.etree.ElementTree

import pytest

PROLOGUE = """
import libvirt, os, socket
from libvirt import *
libvirt.registerErrorHandler(lambda *_: None, None)
libvirt.virEventRegisterDefaultImpl()
connection = libvirt.open("test:///default")
seen = []

def listen(event, name):
    connection.domainEventRegisterAny(None, event, lambda con, domain, *rest: seen.append([name, domain.name(), *rest[:-1]]), None)

def turn():
    for _ in range(3):
        timer = libvirt.virEventAddTimeout(0, lambda *_: None, None)
        libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(timer)
    heard = seen[:]
    seen.clear()
    return heard

def code(function, *arguments):
    try:
        return function(*arguments)
    except libvirt.libvirtError as error:
        return f"code {error.get_error_code()}"

def domain(name, body="", devices=""):
    return f"<domain type='test'><name>{name}</name><memory>65536</memory><os><type>hvm</type></os>{body}<devices>{devices}</devices></domain>"
"""


@pytest.fixture
def run(ours):
    """Runs a program on our library through Debian's bindings; gives what it prints, line by line."""
    def run(program):
        done = subprocess.run(["/usr/bin/python3", "-c", PROLOGUE + program], env=ours, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.splitlines()
    return run


def test_sleeping(run):
    assert run("""
listen(VIR_DOMAIN_EVENT_ID_LIFECYCLE, "lifecycle")
listen(VIR_DOMAIN_EVENT_ID_PMSUSPEND, "asleep")
listen(VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK, "asleep on disk")
listen(VIR_DOMAIN_EVENT_ID_PMWAKEUP, "awake")
d = connection.createXML(domain("guest"))
turn()
print(code(d.pMWakeup))
for target in (0, 2):
    print(code(d.pMSuspendForDuration, target, 0), d.state(), code(d.pMSuspendForDuration, target, 0), turn())
    print(code(d.pMWakeup), d.state(), turn())
print(code(d.pMSuspendForDuration, 1, 0), turn(), code(d.state))
d = connection.createXML(domain("guest", "<pm><suspend-to-mem enabled='no'/></pm>"))
print(code(d.pMSuspendForDuration, 0, 0), code(d.pMSuspendForDuration, 3, 0), code(d.pMSuspendForDuration, 0, 5), code(d.pMSuspendForDuration, 1, 0, 1))
""") == [
        "code 55",
        "0 [7, 0] code 55 [['lifecycle', 'guest', 7, 0], ['asleep', 'guest', 0]]",
        "0 [1, 8] [['lifecycle', 'guest', 2, 4], ['awake', 'guest', 0]]",
        "0 [7, 0] code 55 [['lifecycle', 'guest', 7, 0], ['asleep', 'guest', 0]]",
        "0 [1, 8] [['lifecycle', 'guest', 2, 4], ['awake', 'guest', 0]]",
        "0 [['lifecycle', 'guest', 7, 1], ['asleep on disk', 'guest', 0], ['lifecycle', 'guest', 5, 0]] code 42",
        "code 84 code 74 code 74 code 8",
    ]


def test_guests_tell_what_happens_to_them(run):
    assert run("""
listen(VIR_DOMAIN_EVENT_ID_REBOOT, "reboot")
d = connection.lookupByName("test")
stream = connection.newStream(VIR_STREAM_NONBLOCK)
d.openConsole(None, stream)
d.sendKey(VIR_KEYCODE_SET_LINUX, 50, [29, 56, 111], 3)
d.injectNMI()
d.reset()
print(stream.recv(1000))
print(turn())
""") == [repr(b"keys linux 29 56 111, 50 ms\r\ninterrupt\r\nreset\r\n"), "[['reboot', 'test']]"]


def test_graphics(run):
    assert run("""
import ctypes
connection.setIdentity({"user-name": "eve"})
listen(VIR_DOMAIN_EVENT_ID_GRAPHICS, "graphics")
d = connection.createXML(domain("guest", devices="<graphics type='vnc'/><graphics type='sdl'/>"))
here, there = socket.socketpair()
print(d.openGraphics(0, there.fileno()))
there.close()
print(here.recv(100))
for kind, name, phase, local, remote, scheme, subject in turn():
    print(kind, name, phase, local, scheme, subject)
own = socket.socket(fileno=d.openGraphicsFD(0))
print(own.recv(100), own.get_inheritable())
print(code(d.openGraphics, 1, here.fileno()), code(d.openGraphics, 2, here.fileno()), code(d.openGraphics, 0, os.pipe()[0]), code(d.openGraphicsFD, 2), code(d.openGraphicsFD, 0, 8))
d.destroy()
print(here.recv(100), own.recv(100))
""") == [
        "0", repr(b"RFB 003.008\n"),
        "graphics guest 0 {'family': 2, 'node': 'localhost', 'service': ''} none [('user-name', 'eve')]",
        "graphics guest 1 {'family': 2, 'node': 'localhost', 'service': ''} none [('user-name', 'eve')]",
        repr(b"RFB 003.008\n") + " False", "code 67 code 1 code 8 code 1 code 8", "b'' b''",
    ]


def test_descriptors(run):
    assert run("""
d = connection.defineXML(domain("guest", devices="<disk type='file'><source file='/a' fdgroup='images'/><target dev='vda'/></disk>"))
reading, writing = os.pipe()
print(code(d.create))
other = libvirt.open("test:///default")
print(code(other.lookupByName("guest").FDAssociate, "images", [reading]), code(d.FDAssociate, "images", [reading]), code(d.create), d.isActive())
d.destroy()
other.close()
import gc
gc.collect()
print(code(d.create), code(d.FDAssociate, "images", [9999]), code(d.FDAssociate, "images", [reading], 8))
print(d.FDAssociate("images", [writing]), d.create())
os.close(writing)
os.set_blocking(reading, False)
try:
    print(os.read(reading, 1))
except BlockingIOError:
    print("the driver has a copy")
plain = connection.defineXML(domain("plain"))
reading, writing = os.pipe()
plain.createWithFiles([writing])
os.close(writing)
os.set_blocking(reading, False)
try:
    print(os.read(reading, 1))
except BlockingIOError:
    print("the guest has a copy")
plain.destroy()
print(os.read(reading, 1))
""") == ["code 8", "0 code 55 0 1", "code 8 code 8 code 8", "0 0", "the driver has a copy", "the guest has a copy", "b''"]


def test_thresholds(run):
    assert run("""
listen(VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD, "threshold")
d = connection.createXML(domain("guest", devices="<disk type='file'><source file='/a'/><target dev='vda'/><backingStore type='file'><format type='raw'/><source file='/b'/></backingStore></disk><disk type='file' device='cdrom'><target dev='hdc'/></disk>"))
print(code(d.setBlockThreshold, "vda", 1000), code(d.setBlockThreshold, "vdz", 1000), code(d.setBlockThreshold, "hdc", 1000), code(d.setBlockThreshold, "vda", 1000, 1))
for _ in range(2):
    print(code(d.blockPull, "vda", 0, 0))
    for _ in range(20):
        info = d.blockJobInfo("vda", 0)
        if not info:
            break
    print(turn())
""") == ["0 code 8 code 84 code 8", "0", "[['threshold', 'guest', 'vda', '/a', 1000, 1073740824]]", "0", "[]"]


def test_tunable_events(run):
    assert run("""
listen(VIR_DOMAIN_EVENT_ID_TUNABLE, "tuned")
d = connection.lookupByName("test")
d.setBlockIoTune("vda", {"total_bytes_sec": 5000, "total_bytes_sec_max": 6000})
d.pinVcpu(1, (True, False, True))
d.pinEmulator((True, True), 0)
d.setBlockIoTune("vda", {"total_bytes_sec": 6000, "total_bytes_sec_max": 7000}, VIR_DOMAIN_AFFECT_CONFIG)
for event in turn():
    print(event)
""") == [
        "['tuned', 'test', {'blkdeviotune.disk': 'vda', 'blkdeviotune.total_bytes_sec': 5000, 'blkdeviotune.total_bytes_sec_max': 6000}]",
        "['tuned', 'test', {'cputune.vcpupin1': '0,2'}]", "['tuned', 'test', {'cputune.emulatorpin': '0-1'}]",
    ]


def test_host(run):
    assert run("""
print(connection.allocPages({2048: 3}, 0, 2), connection.getFreePages([2048, 1048576], 0, 2), connection.getFreeMemory())
print(connection.allocPages({2048: 1}, 1, 1), connection.allocPages({2048: 2, 1048576: 0}, -1, 1, VIR_NODE_ALLOC_PAGES_SET), connection.getFreePages([2048, 4, 8], 1, 1))
print(*(code(connection.allocPages, pages, *cells) for pages, *cells in (({4: 1}, 0, 1), ({64: 1}, 0, 1), ({1048576: 2}, 0, 1), ({2048: 1}, 2, 1), ({2048: 1}, 1, 2))), sep=", ")
print(connection.getFreePages([1048576], 0, 2))
print(connection.setMemoryParameters({"shm_pages_to_scan": 7, "shm_merge_across_nodes": 0}), connection.getMemoryParameters())
print(code(connection.setMemoryParameters, {"shm_full_scans": 1}), code(connection.setMemoryParameters, {"shm_merge_across_nodes": 2}))
print(sorted(connection.getSEVInfo()), connection.setKeepAlive(5, 3))
print(code(connection.suspendForDuration, 0, 60), code(connection.suspendForDuration, 9, 60), code(connection.suspendForDuration, 0, 59))
""") == [
        "2 {0: {2048: 3, 1048576: 0}, 1: {2048: 3, 1048576: 0}} 3133440", "1 2 {1: {2048: 2, 4: 0, 8: 261632}}",
        "code 55, code 9, code 9, code 1, code 1", "{0: {1048576: 0}, 1: {1048576: 0}}",
        "0 {'shm_pages_to_scan': 7, 'shm_sleep_millisecs': 20, 'shm_merge_across_nodes': 0, 'shm_pages_shared': 0, 'shm_pages_sharing': 0, 'shm_pages_unshared': 0, 'shm_pages_volatile': 0, 'shm_full_scans': 0}",
        "code 74 code 8", "['cbitpos', 'cert-chain', 'cpu0-id', 'max-es-guests', 'max-guests', 'pdh', 'reduced-phys-bits'] 1", "code 84 code 8 code 8",
    ]


def test_native_configuration(run, tmp_path):
    path = tmp_path / "world.xml"
    assert run(f"""
text = connection.domainXMLToNative("test-node", domain("guest", "<title>a &lt; b</title>"))
os.write(os.open({str(path)!r}, os.O_WRONLY | os.O_CREAT), text.encode())
d = libvirt.open("test://{path}").lookupByName("guest")
print(d.metadata(VIR_DOMAIN_METADATA_TITLE, None), d.isActive())
back = connection.domainXMLFromNative("test-node", text)
print(back == d.XMLDesc(VIR_DOMAIN_XML_INACTIVE))
print(code(connection.domainXMLToNative, "nonsense", domain("a")), code(connection.domainXMLFromNative, "test-node", "<node/>"), code(connection.domainXMLFromNative, "test-node", "<a/>"))
""") == ["a < b 1", "True", "code 8 code 27 code 27"]


# What came after the schema of the reference that is installed.
LATER = {"async-teardown", "ps2", "launchSecurity", "tdx", "crypto", "interface", "console", "panic", "blockers"}


def test_domain_capabilities(run, tmp_path):
    for flags in range(8):
        text = "\n".join(run(f"print(connection.getDomainCapabilities(None, None, None, None, {flags}))"))
        root = xml.etree.ElementTree.fromstring(text)
        models = {model.text: model.get("usable") for model in root.findall("cpu/mode[@name='custom']/model")}
        assert models["EPYC-Milan"] == "yes" and models["Skylake-Server"] == "no"
        assert {blockers.get("model") for blockers in root.iter("blockers")} == {name for name, usable in models.items() if usable == "no"}
        listed = len(root.findall("cpu/mode[@name='host-model']/feature"))
        assert (listed > 50) == bool(flags & 6), flags
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag in LATER:
                    parent.remove(child)
        (tmp_path / "capabilities.xml").write_text(xml.etree.ElementTree.tostring(root, encoding="unicode"))
        done = subprocess.run(["xmllint", "--noout", "--relaxng", "/usr/share/libvirt/schemas/domaincaps.rng", tmp_path / "capabilities.xml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_comparing_processors(run):
    lines = run("""
def cpu(model, more="", attributes="mode='custom'"):
    return f"<cpu {attributes}><model>{model}</model>{more}</cpu>"
host = connection.baselineCPU(["<cpu><arch>x86_64</arch><model>EPYC-Milan</model>" + "".join(f"<feature name='{n}'/>" for n in ("ht", "cmp_legacy", "hypervisor", "tsc_adjust", "invtsc", "virt-ssbd")) + "</cpu>"])
print(connection.compareCPU(host), connection.compareCPU(cpu("EPYC")), connection.compareCPU(cpu("Skylake-Server")), connection.compareCPU(cpu("EPYC", attributes="mode='custom' match='strict'")))
print(connection.compareCPU(cpu("EPYC", "<feature policy='require' name='vmx'/>")), connection.compareCPU(cpu("EPYC", "<feature policy='optional' name='vmx'/>")), connection.compareCPU(cpu("EPYC", "<feature policy='forbid' name='svm'/>")))
print(connection.compareCPU(cpu("EPYC", "<vendor>Intel</vendor>")), connection.compareCPU("<cpu><arch>ppc64</arch><model>POWER8</model></cpu>"), connection.compareCPU("<cpu mode='host-passthrough'/>"))
print(code(connection.compareCPU, cpu("Skylake-Server"), VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE), code(connection.compareCPU, cpu("nope")), code(connection.compareCPU, cpu("EPYC", "<feature name='nope'/>")), code(connection.compareCPU, "<a/>"))
print(connection.compareHypervisorCPU(None, None, None, None, cpu("EPYC")), code(connection.compareHypervisorCPU, None, "ppc64", None, None, cpu("EPYC")), code(connection.compareHypervisorCPU, "/none", None, None, None, cpu("EPYC")), code(connection.compareHypervisorCPU, None, None, None, "kvm", cpu("EPYC")))
print("invtsc" in connection.baselineHypervisorCPU(None, None, None, None, [host]), "invtsc" in connection.baselineHypervisorCPU(None, None, None, None, [host], VIR_CONNECT_BASELINE_CPU_MIGRATABLE))
for wrong in (cpu("EPYC", attributes="mode='odd'"), cpu("EPYC", attributes="match='odd'"), cpu("EPYC").replace("<model", "<model fallback='odd'"), cpu("EPYC", "<feature policy='odd' name='avx'/>"), "<cpu><feature name='avx'/></cpu>", "<cpu><vendor>AMD</vendor></cpu>"):
    print(code(connection.compareCPU, wrong), code(connection.defineXML, f"<domain type='test'><name>a</name><memory>1</memory><os><type>hvm</type></os>{wrong}</domain>"))
""")
    assert [line.split(" code ")[0] for line in lines[6:]] == ["code 67", "code 27", "code 67", "code 67", "code 27", "code 27"]
    assert all(line.split("code ")[1].strip() == line.split("code ")[2] for line in lines[6:])
    del lines[6:]
    assert lines == ["1 2 0 0", "0 2 0", "0 0 1", "code 91 code 1 code 1 code 27", "2 code 8 code 8 code 8", "True False"]

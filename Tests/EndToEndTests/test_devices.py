"""Devices that come, change and go while a guest runs, and in its configuration: compared with what the reference's driver for QEMU
answered (recorded_devices.py), and what that one leaves to the guest."""
import json
import pathlib
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).parent
HOST = "the host of the record has no such device or no way to it"
GUEST = "QEMU's machine has no place for it while it runs; a guest of the test driver has places for everything"
ONCE = "a guest has such a device once"
# Differences that are meant, by what a label says behind the domain's state: each with its reason.
MEANT = {
    **{name: HOST for name in ("PCI device", "USB device", "SCSI device", "mediated device", "redirected device", "vsock")},
    **{name: GUEST for name in ("serial line", "parallel line", "channel", "disk on ide", "drive")},
    **{name: ONCE for name in ("lease again", "channel again", "channel without name again", "shared memory again")},
    "channel unplugged": "it is known by its target's name", "channel without name unplugged": "it is known by its target",
    "watchdog unplugged": "it is known by its model and action, not by where it was put",
    "memory updated": "it is known by its size and node, not by where it was put",
    "mouse on ps2 unplugged": "QEMU's machine has one",
    "virtio console unplugged": "without a port it is none of those there; the reference says so of what runs only",
}


def test_same_answers_as_recorded(ours, tmp_path):
    theirs = [json.loads(line) for line in (FOLDER / "recorded" / "devices.json").read_text().splitlines()]
    done = subprocess.run(
        ["/usr/bin/python3", str(FOLDER / "recorded_devices.py"), "test:///default", "test", str(tmp_path)], env=ours, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    mine = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line[0] for line in mine] == [line[0] for line in theirs]
    different, meant = [], set()
    for one, other in zip(theirs, mine):
        if one == other:
            continue
        reasons = [name for name in MEANT if other[0].partition(": ")[2].startswith(name) and not other[0].startswith("off:") or
                   other[0].startswith("off:") and name == "memory updated" == other[0][5:]]
        meant.update(reasons)
        if not reasons:
            different.append(f"{one}\n  ours {other}")
    assert not different, f"{len(different)} of {len(theirs)} differ:\n" + "\n".join(different[:40])
    assert not set(MEANT) - meant, "these do not differ any more"


PROGRAM = """
import json, libvirt, threading
libvirt.registerErrorHandler(lambda *arguments: None, None)
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("test:///default")
told = []
for event in ("ADDED", "REMOVED"):
    c.domainEventRegisterAny(None, getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_DEVICE_{event}"), lambda c, d, alias, event: told.append([event, d.name(), alias]), event)
def events():
    for _ in range(3):
        libvirt.virEventAddTimeout(0, lambda timer, none: libvirt.virEventRemoveTimeout(timer), None)
        libvirt.virEventRunDefaultImpl()
    return [told.pop(0) for _ in range(len(told))]
def code(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code()
def devices(domain, flags=0):
    import xml.etree.ElementTree as ET
    return [element.tag for element in ET.fromstring(domain.XMLDesc(flags)).find("devices")]
DISK = "<disk type='file' device='disk'><source file='/{0}'/><target dev='{0}' bus='{1}'/>{2}</disk>"
d = c.lookupByName("test")
"""


@pytest.fixture
def ask(ours):
    def ask_it(program):
        done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM + program], env=ours, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)
    return ask_it


def test_guest_lets_go_at_once_and_tells(ask):
    assert ask("""
d.attachDevice(DISK.format("vdb", "virtio", ""))
d.attachDeviceFlags(DISK.format("sdh", "scsi", ""), libvirt.VIR_DOMAIN_AFFECT_LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG)
d.attachDevice(DISK.format("vdc", "virtio", "<alias name='ua-c'/>"))
for kind in ("<interface type='user'/>", "<rng model='virtio'><backend model='random'/></rng>", "<input type='mouse' bus='usb'/>", "<lease><lockspace>a</lockspace><key>b</key><target path='/x'/></lease>",
             "<hostdev mode='subsystem' type='pci'><source><address bus='6' slot='0'/></source></hostdev>", "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='b'/></filesystem>"):
    d.attachDevice(kind)
said = [events(), devices(d, libvirt.VIR_DOMAIN_XML_INACTIVE).count("disk")]
d.detachDevice(DISK.format("vdb", "virtio", ""))
d.detachDeviceAlias("ua-c", 0)
d.detachDeviceAlias("net1", 0)
print(json.dumps(said + [events(), devices(d).count("disk"), code(d.detachDeviceAlias, "ua-c", 0), code(d.detachDevice, "<controller type='scsi' index='1'/>"), code(d.detachDevice, "<controller type='scsi' index='0'/>")]))
""") == [[["ADDED", "test", alias] for alias in ("virtio-disk1", "scsi1-0-0-0", "ua-c", "net1", "rng0", "input0", "hostdev0", "fs0")], 2,
         [["REMOVED", "test", alias] for alias in ("virtio-disk1", "ua-c", "net1")], 2, 1, 9, None]


def test_definitions_stay_apart(ask):
    assert ask("""
d.attachDevice(DISK.format("vdb", "virtio", ""))
d.attachDeviceFlags(DISK.format("vdc", "virtio", ""), libvirt.VIR_DOMAIN_AFFECT_CONFIG)
targets = lambda flags=0: [name for name in ("vda", "vdb", "vdc") if f"dev='{name}'" in d.XMLDesc(flags)]
said = [targets(), targets(libvirt.VIR_DOMAIN_XML_INACTIVE), "alias" in d.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)]
d.destroy()
print(json.dumps(said + [targets(), code(d.attachDevice, DISK.format("vdd", "virtio", "")), code(d.detachDeviceFlags, DISK.format("vdb", "virtio", ""), 0)]))
""") == [["vda", "vdb"], ["vda", "vdc"], False, ["vda", "vdc"], 55, 99]


def test_transient_domains_have_no_configuration(ask):
    assert ask("""
t = c.createXML("<domain type='test'><name>t</name><memory>65536</memory><os><type>hvm</type></os><devices/></domain>", 0)
t.attachDeviceFlags("<interface type='user'/>", 0)
print(json.dumps([code(t.attachDeviceFlags, "<interface type='user'/>", 2), devices(t), "alias" in t.XMLDesc(), "alias" in t.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)]))
""") == [55, ["interface"], True, False]


def test_disks_in_use_stay(ask):
    assert ask("""
d.attachDevice(DISK.format("vdb", "virtio", ""))
d.blockCopy("vdb", "<disk type='file'><source file='/copy'/></disk>")
said = [code(d.detachDevice, DISK.format("vdb", "virtio", ""))]
d.blockJobAbort("vdb", 0)
print(json.dumps(said + [code(d.detachDevice, DISK.format("vdb", "virtio", ""))]))
""") == [84, None]


def test_the_first_serial_line_has_a_console(ask):
    assert ask("""
o = c.defineXML("<domain type='test'><name>o</name><memory>65536</memory><os><type>hvm</type></os><devices/></domain>")
said = [devices(o)]
o.attachDeviceFlags("<serial type='pty'/>", 0)
said.append(devices(o))
o.detachDeviceFlags("<serial type='pty'><target port='0'/></serial>", 0)
print(json.dumps(said + [devices(o)]))
""") == [[], ["serial", "console"], []]


def test_memory_has_slots(ask):
    assert ask("""
memory = "<memory model='dimm'><target><size unit='KiB'>65536</size></target></memory>"
o = c.defineXML("<domain type='test'><name>o</name><maxMemory slots='2' unit='KiB'>1048576</maxMemory><memory>65536</memory><os><type>hvm</type></os><devices/></domain>")
print(json.dumps([code(d.attachDevice, memory)] + [code(o.attachDeviceFlags, memory, 0) for _ in range(3)]))
""") == [67, None, None, 67]


def test_what_a_running_display_changes(ask):
    assert ask("""
text = "<graphics type='vnc' port='5905' autoport='no' {}><listen type='address'/></graphics>"
o = c.createXML(f"<domain type='test'><name>o</name><memory>65536</memory><os><type>hvm</type></os><devices>{text.format('passwd=' + chr(39) + 'a' + chr(39))}</devices></domain>", 0)
secret = lambda: o.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE).partition("passwd='")[2][:1]
said = [secret(), "passwd" in o.XMLDesc()]
o.updateDeviceFlags(text.format("passwd='b'"), 0)
print(json.dumps(said + [secret(), code(o.updateDeviceFlags, text.replace("5905", "5906").format(""), 0), code(o.updateDeviceFlags, text.format("keymap='de'"), 0)]))
""") == ["a", False, "b", 84, 84]

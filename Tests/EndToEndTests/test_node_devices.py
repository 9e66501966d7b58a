"""What the test driver does with node devices beyond the reference's: mediated ones, detached ones, what newer calls see.

Run with a name it is the program that the test of that name watches.
"""
import pathlib
import subprocess
import sys

import pytest
from refusal import refusal

PROGRAM = pathlib.Path(__file__)
UUID = "11111111-2222-3333-4444-555555555555"
NAME = "mdev_11111111_2222_3333_4444_555555555555_0000_02_10_7"
PCI = ("<device><name>pci_0000_02_10_7</name><parent>computer</parent><driver><name>{driver}</name></driver><capability type='pci'>"
       "<domain>0</domain><bus>2</bus><slot>16</slot><function>7</function><product id='0x1'/><vendor id='0x2'/>"
       "<capability type='mdev_types'><type id='small'><deviceAPI>vfio-pci</deviceAPI><availableInstances>4</availableInstances></type>"
       "<type id='large'><deviceAPI>vfio-pci</deviceAPI><availableInstances>1</availableInstances></type></capability></capability></device>")
ROOT = f"<device><name>computer</name><capability type='system'><hardware><uuid>{UUID}</uuid></hardware></capability></device>"
MEDIATED = ("<device><parent>pci_0000_02_10_7</parent><capability type='mdev'><type id='{type}'/><uuid>" + UUID + "</uuid>"
            "<attr name='a' value='{value}'/></capability></device>")


def world(folder, *devices):
    place = folder / "world.xml"
    place.write_text(f"<node>{ROOT}{''.join(devices)}</node>")
    return f"test://{place}"


@pytest.mark.parametrize("name", ["mediated", "detached", "numbers", "documents", "update"])
def test_node_devices(name, ours, modules, tmp_path):
    environment = {**ours, "PYTHONPATH": str(modules)} if name == "update" else ours
    done = subprocess.run(
        ["/usr/bin/python3", str(PROGRAM), name, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout == "done\n"


class Listener:
    """What is heard of devices."""

    def __init__(self, c):
        import libvirt
        self.seen = []
        for event in (libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE):
            c.nodeDeviceEventRegisterAny(None, event, lambda con, d, *rest: self.seen.append((d.name(), *rest[:-1])), None)
        self.keep = libvirt.virEventAddTimeout(0, lambda *rest: None, None)

    def heard(self):
        import libvirt
        for _ in range(3):
            libvirt.virEventRunDefaultImpl()
        seen, self.seen[:] = list(self.seen), []
        return seen


def mediated(folder):
    import libvirt
    c = libvirt.open(world(folder, PCI.format(driver="host")))
    listener = Listener(c)
    text = MEDIATED.format(type="small", value="1")
    assert refusal(c.nodeDeviceDefineXML, text.replace("small", "huge"), 0) == (67, 22)
    assert refusal(c.nodeDeviceDefineXML, text.replace("02_10_7", "02_10_6"), 0) == (67, 22)
    assert refusal(c.nodeDeviceDefineXML, text.replace("<parent>pci_0000_02_10_7</parent>", ""), 0) == (67, 22)
    assert refusal(c.nodeDeviceDefineXML, PCI.format(driver="x"), 0) == (67, 22)
    assert refusal(c.nodeDeviceDefineXML, text, 2) == (8, 12)
    d = c.nodeDeviceDefineXML(text, 0)
    assert (d.name(), d.parent(), d.isActive(), d.isPersistent(), d.autostart()) == (NAME, "pci_0000_02_10_7", 0, 1, 0)
    assert listener.heard() == [(NAME, 2, 0)]
    assert NAME not in c.listDevices(None, 0) and c.numOfDevices("mdev", 0) == 0
    assert [x.name() for x in c.listAllDevices(libvirt.VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE)] == [NAME]
    assert "<parent_addr>0000:02:10.7</parent_addr>" in d.XMLDesc()
    d.setAutostart(1)
    assert d.autostart() == 1
    assert refusal(d.destroy) == (55, 12)
    d.create()
    assert listener.heard() == [(NAME, 0, 0)] and d.isActive() == 1
    assert refusal(d.create) == (55, 12) and refusal(d.create, 1) == (8, 12)
    assert c.listDevices("mdev", 0) == [NAME]
    assert refusal(c.nodeDeviceCreateXML, text, 0) == (55, 22)
    d.destroy()
    assert listener.heard() == [(NAME, 1, 0)] and d.isActive() == 0
    d.create()
    d.undefine()
    assert [event[1] for event in listener.heard()] == [0, 3] and d.isPersistent() == 0 and d.isActive() == 1
    assert refusal(d.undefine) == (55, 12) and refusal(d.setAutostart, 1) == (55, 12)
    d.destroy()
    assert refusal(d.isActive) == (53, 12)
    d = c.nodeDeviceCreateXML(text, 0)
    assert (d.isActive(), d.isPersistent()) == (1, 0)
    for name, persistent in (("computer", True), ("pci_0000_02_10_7", False)):
        other = c.nodeDeviceLookupByName(name)
        assert refusal(other.undefine) == ((67, 22) if persistent else (55, 12))
        assert refusal(other.setAutostart, 1) == (84, 22) and refusal(other.create) == (55, 12)
        assert bool(other.isPersistent()) is bool(other.autostart()) is persistent
    assert len(c.listAllDevices(libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV_TYPES)) == 1


def detached(folder):
    import libvirt
    c = libvirt.open(world(folder, PCI.format(driver="host")))
    listener = Listener(c)
    d = c.nodeDeviceLookupByName("pci_0000_02_10_7")
    for call, driver, event in ((d.dettach, "vfio-pci", 1), (d.dettach, "vfio-pci", 0), (d.reset, "vfio-pci", 0), (d.reAttach, "host", 1),
                                (d.reAttach, "host", 0), (lambda: d.detachFlags("vfio", 0), "vfio-pci", 1),
                                (lambda: d.detachFlags("vfio-other", 0), "vfio-other", 1), (d.reAttach, "host", 1), (d.reset, "host", 0)):
        call()
        assert f"<name>{driver}</name>" in d.XMLDesc() and listener.heard() == [(d.name(),)] * event
    assert refusal(d.detachFlags, "xen", 0) == (74, 12) and refusal(d.detachFlags, "none", 0) == (8, 12)
    assert refusal(d.detachFlags, None, 1) == (8, 12)
    root = c.nodeDeviceLookupByName("computer")
    assert {refusal(call) for call in (root.dettach, root.reAttach, root.reset)} == {(8, 12)}


def numbers(_):
    import libvirt
    c = libvirt.open("test:///default")
    assert c.nodeDeviceLookupSCSIHostByWWN("2000000012341234", "1000000012341234", 0).name() == "scsi_host1"
    assert refusal(c.nodeDeviceLookupSCSIHostByWWN, "2000000012341234", "1000000056785678", 0) == (53, 12)
    assert refusal(c.nodeDeviceLookupSCSIHostByWWN, "2000000012341234", "1000000012341234", 1) == (8, 12)
    text = ("<device><parent wwnn='2000000056785678' wwpn='1000000056785678'/><capability type='scsi_host'>"
            "<capability type='fc_host'><wwnn>20000000{0:08}</wwnn><wwpn>10000000{0:08}</wwpn></capability></capability></device>")
    made = [c.nodeDeviceCreateXML(text.format(number), 0) for number in range(3)]
    assert [d.name() for d in made] == ["scsi_host12", "scsi_host13", "scsi_host14"]
    assert {d.parent() for d in made} == {"scsi_host2"} and "2000000087658765" in made[0].XMLDesc()
    assert c.nodeDeviceLookupSCSIHostByWWN("2000000000000001", "1000000000000001", 0).name() == "scsi_host13"
    made[1].destroy()
    assert c.nodeDeviceCreateXML(text.format(7), 0).name() == "scsi_host15"


def documents(folder):
    """What was written is read again, to the same text."""
    import libvirt
    from documents_nodedev import GOOD, MORE, OURS
    read = 0
    for label, body in {**GOOD, **MORE, **OURS}.items():
        place = folder / "world.xml"
        place.write_text(f"<node><device><name>n</name>{body}</device></node>")
        try:
            text = libvirt.open(f"test://{place}").nodeDeviceLookupByName("n").XMLDesc()
        except libvirt.libvirtError:
            assert label in MORE or "wwnn only" in label, label
            continue
        read += 1
        place.write_text(f"<node>{text}</node>")
        assert libvirt.open(f"test://{place}").nodeDeviceLookupByName("n").XMLDesc() == text, label
        if label in OURS:
            for part in body.replace("<", "\n<").split("\n"):
                assert part.rstrip("/>").split("</")[0] in text, (label, part)
    assert read > 80


def update(folder):
    import libvirt
    c = libvirt.open(world(folder, PCI.format(driver="host")))
    d = c.nodeDeviceDefineXML(MEDIATED.format(type="small", value="1"), 0)
    listener = Listener(c)
    d.create()
    listener.heard()
    d.update(MEDIATED.format(type="large", value="2"), libvirt.VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG)
    assert listener.heard() == [(NAME,)]
    assert "'small'" in d.XMLDesc() and "'large'" in d.XMLDesc(libvirt.VIR_NODE_DEVICE_XML_INACTIVE)
    d.update(MEDIATED.format(type="small", value="3"), libvirt.VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE)
    assert "value='3'" in d.XMLDesc() and "value='2'" in d.XMLDesc(libvirt.VIR_NODE_DEVICE_XML_INACTIVE)
    assert refusal(d.update, MEDIATED.format(type="small", value="3").replace("5555", "6666"), 0) == (9, 22)
    assert refusal(d.update, MEDIATED.format(type="small", value="3"), 4) == (8, 12)
    assert refusal(c.nodeDeviceLookupByName("computer").update, MEDIATED.format(type="small", value="3"), 0) == (67, 22)
    d.destroy()
    assert "'large'" in d.XMLDesc()
    assert refusal(d.update, MEDIATED.format(type="small", value="3"), libvirt.VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE) == (55, 12)
    d.update(MEDIATED.format(type="small", value="4"), 0)
    assert "value='4'" in d.XMLDesc()


if __name__ == "__main__":
    import libvirt
    libvirt.registerErrorHandler(lambda *arguments: None, None)
    libvirt.virEventRegisterDefaultImpl()
    globals()[sys.argv[1]](pathlib.Path(sys.argv[2]))
    print("done")

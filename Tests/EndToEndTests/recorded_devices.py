"""Devices that come, change and go: documents that are plugged into a domain that is off, and into one that runs. What the
reference's driver for QEMU answered is recorded in recorded/devices.json; test_devices.py compares ours with it.

To record, have QEMU 7.2 in the path and the reference's driver for it, with an empty folder and another one for disks, as a user
other than root, and

    python3 recorded_devices.py 'qemu:///embed?root=/empty' qemu /disks > recorded/devices.json

The transcript has one JSON value a line: what was done, the error's code and domain, if any, and what came (+) and went (-).
What the guest would have to let go of first is not waited for.
"""
import json
import os
import sys
import threading
import xml.etree.ElementTree as ET

import libvirt

DISK = "<disk type='file' device='{}'>{}<target dev='{}' bus='{}'/>{}</disk>"
INTERFACE = "<interface type='user'>{}</interface>"
GRAPHICS = "<graphics type='vnc' port='5955' {}>{}</graphics>"
DRIVER = "<driver name='qemu' type='raw'/>"
MAC = "<mac address='52:54:00:00:00:01'/>"
VIRTIO = MAC + "<model type='virtio'/>"
CHAR = "<source mode='connect' host='localhost' service='4000'/><protocol type='raw'/>"


def source(name):
    return f"<source file='@{name}'/>"


PLUGGED = {
    "disk": DISK.format("disk", source("a"), "vdb", "virtio", ""),
    "disk with a taken target": DISK.format("disk", source("b"), "vda", "virtio", ""),
    "disk on ide": DISK.format("disk", source("b"), "hda", "ide", ""),
    "disk on scsi": DISK.format("disk", source("c"), "sdc", "scsi", ""),
    "disk on usb": DISK.format("disk", source("d"), "sdy", "usb", ""),
    "disk without source": DISK.format("disk", "", "vdc", "virtio", ""),
    "disk with an alias": DISK.format("disk", source("e"), "vdd", "virtio", "<alias name='ua-d'/>"),
    "disk with a taken alias": DISK.format("disk", source("f"), "vde", "virtio", "<alias name='ua-taken'/>"),
    "drive": DISK.format("cdrom", "", "sdb", "sata", ""),
    "floppy": DISK.format("floppy", "", "fda", "fdc", ""),
    "controller": "<controller type='scsi' index='3' model='virtio-scsi'/>",
    "controller with a taken number": "<controller type='scsi' index='0' model='virtio-scsi'/>",
    "controller without a number": "<controller type='scsi' model='virtio-scsi'/>",
    "controller of usb": "<controller type='usb' index='5' model='qemu-xhci'/>",
    "controller of sata": "<controller type='sata' index='5'/>",
    "lease": "<lease><lockspace>a</lockspace><key>b</key><target path='/x'/></lease>",
    "file system": "<filesystem type='mount'><source dir='@'/><target dir='b'/></filesystem>",
    "interface": INTERFACE.format("<mac address='52:54:00:00:00:11'/><model type='virtio'/>"),
    "interface with a taken address": INTERFACE.format(VIRTIO),
    "interface without address": INTERFACE.format("<model type='virtio'/>"),
    "interface with an alias": INTERFACE.format("<mac address='52:54:00:00:00:12'/><model type='virtio'/><alias name='ua-n'/>"),
    "interface for many": INTERFACE.format("<mac address='53:54:00:00:00:12'/><model type='virtio'/>"),
    "serial line": "<serial type='pty'/>",
    "serial line with a taken port": "<serial type='pty'><target port='0'/></serial>",
    "parallel line": "<parallel type='pty'/>",
    "console": "<console type='pty'/>",
    "virtio console": "<console type='pty'><target type='virtio'/></console>",
    "channel": "<channel type='pty'><target type='virtio' name='a'/></channel>",
    "channel without name": "<channel type='pty'><target type='virtio'/></channel>",
    "mouse on usb": "<input type='mouse' bus='usb'/>",
    "mouse on ps2": "<input type='mouse' bus='ps2'/>",
    "tablet on virtio": "<input type='tablet' bus='virtio'/>",
    "tpm": "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
    "sound": "<sound model='ich9'/>",
    "audio": "<audio id='2' type='none'/>",
    "second video": "<video><model type='virtio'/></video>",
    "spice": "<graphics type='spice' autoport='yes'/>",
    "PCI device": "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x06' slot='0x00' function='0x0'/></source></hostdev>",
    "USB device": "<hostdev mode='subsystem' type='usb' managed='yes'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>",
    "SCSI device": "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source></hostdev>",
    "mediated device": "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>",
    "capability of the host": "<hostdev mode='capabilities' type='misc'><source><char>/dev/x</char></source></hostdev>",
    "redirected device": f"<redirdev bus='usb' type='tcp'>{CHAR}</redirdev>",
    "filter of redirected devices": "<redirfilter><usbdev allow='no'/></redirfilter>",
    "hub": "<hub type='usb'/>",
    "watchdog": "<watchdog model='i6300esb'/>",
    "balloon": "<memballoon model='virtio'/>",
    "random numbers": "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
    "panic": "<panic model='isa'/>",
    "shared memory": "<shmem name='a'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>",
    "memory": "<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target></memory>",
    "iommu": "<iommu model='intel'/>",
    "vsock": "<vsock model='virtio'><cid auto='no' address='5'/></vsock>",
    "nonsense": "<nonsense/>",
    "no XML": "<a",
    "nothing": "",
    "emulator": "<emulator>/x</emulator>",
    "two": "<hub type='usb'/><hub type='usb'/>",
}
CHANGED = {
    **{f"display: {name}": text for name, text in {
        "password": GRAPHICS.format("passwd='new'", ""), "no password": GRAPHICS.format("", ""),
        "end of the password": GRAPHICS.format("passwd='n' passwdValidTo='2030-01-01T00:00:00'", ""),
        "port": "<graphics type='vnc' port='5956'/>", "automatic port": "<graphics type='vnc' autoport='yes'/>",
        "address": GRAPHICS.format("listen='0.0.0.0'", ""), "keys": GRAPHICS.format("keymap='de'", ""),
        "another": "<graphics type='spice' autoport='yes'/>"}.items()},
    **{f"interface: {name}": INTERFACE.format(text) for name, text in {
        "same": VIRTIO, "link": VIRTIO + "<link state='down'/>", "model": MAC + "<model type='e1000e'/>", "name": VIRTIO + "<target dev='tap9'/>",
        "ROM": VIRTIO + "<rom bar='off'/>", "alias": VIRTIO + "<alias name='ua-z'/>", "driver": VIRTIO + "<driver queues='3'/>",
        "another address": VIRTIO.replace("01'", "09'"), "no address": "<model type='virtio'/>", "script": VIRTIO + "<script path='/x'/>"}.items()},
    "interface: type": INTERFACE.format(VIRTIO).replace("user", "ethernet"),
    **{f"disk: {name}": DISK.format("disk", text, "vda", bus, more) for name, text, bus, more in (
        ("same", DRIVER + source("0"), "virtio", ""), ("no driver", source("0"), "virtio", ""), ("cache", DRIVER.replace("/>", " cache='none'/>") + source("0"), "virtio", ""),
        ("serial number", DRIVER + source("0"), "virtio", "<serial>x</serial>"), ("reading only", DRIVER + source("0"), "virtio", "<readonly/>"),
        ("shared", DRIVER + source("0"), "virtio", "<shareable/>"), ("limits", DRIVER + source("0"), "virtio", "<iotune><total_bytes_sec>5</total_bytes_sec></iotune>"),
        ("bus", DRIVER + source("0"), "scsi", ""), ("alias", DRIVER + source("0"), "virtio", "<alias name='ua-q'/>"), ("source", DRIVER + source("a"), "virtio", ""),
        ("transient", DRIVER + source("0"), "virtio", "<transient/>"))},
    "disk: none such": DISK.format("disk", source("a"), "vdx", "virtio", ""),
    **{f"medium: {name}": DISK.format("cdrom", text, "sda", "sata", "<readonly/>") for name, text in (
        ("inserted", DRIVER + source("b")), ("without driver", source("c")), ("none", DRIVER), ("policy", "<source file='@c' startupPolicy='optional'/>"))},
    "medium: tray": DISK.format("cdrom", DRIVER, "sda", "sata' tray='open", "<readonly/>"),
    "hub": "<hub type='usb'/>", "sound": "<sound model='ich9'/>", "memory": PLUGGED["memory"], "watchdog": PLUGGED["watchdog"],
}
BASE = """<domain type='{kind}'><name>{name}</name><uuid>11111111-2222-3333-5555-00000000000{number}</uuid><maxMemory slots='4' unit='KiB'>1048576</maxMemory><memory>65536</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features><cpu><numa><cell id='0' cpus='0' memory='65536'/></numa></cpu><devices>
<controller type='pci' index='0' model='pcie-root'/>{ports}<controller type='pci' index='21' model='pcie-to-pci-bridge'/>
<controller type='usb' index='0' model='qemu-xhci'/><controller type='scsi' index='0' model='virtio-scsi'/><controller type='virtio-serial' index='0'/>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='@0'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='@1'/><target dev='vdz' bus='virtio'/><alias name='ua-taken'/></disk>
<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><target dev='sda' bus='sata'/></disk>
<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
<graphics type='vnc' port='5955' passwd='x'><listen type='address' address='127.0.0.1'/></graphics><video><model type='vga'/></video>
<serial type='pty'/></devices></domain>"""


class Bench:
    """Domains that are changed, in the driver behind a URI."""

    def __init__(self, uri, kind, folder):
        self.connection, self.kind, self.folder = libvirt.open(uri), kind, folder.rstrip("/") + "/"
        for name in "01abcdef":
            with open(self.folder + name, "wb") as file:
                file.truncate(1 << 20)

    def domain(self, name, number, runs):
        ports = "".join(f"<controller type='pci' index='{index}' model='pcie-root-port'/>" for index in range(1, 21))
        domain = self.connection.defineXML(self.text(BASE.format(kind=self.kind, name=name, number=number, ports=ports)))
        if runs:
            domain.create()
        return domain

    def text(self, text):
        return text.replace("@", self.folder)

    def done(self, label, domain, function, text, flags):
        """Does something to a domain, and says what came of it."""
        before = [devices(domain, flag) for flag in (0, libvirt.VIR_DOMAIN_XML_INACTIVE)]
        try:
            function(self.text(text), flags)
            error = None
        except libvirt.libvirtError as raised:
            error = [raised.get_error_code(), "driver" if raised.get_error_domain() in (libvirt.VIR_FROM_QEMU, libvirt.VIR_FROM_TEST) else raised.get_error_domain()]
        after = [devices(domain, flag) for flag in (0, libvirt.VIR_DOMAIN_XML_INACTIVE)]
        waits = function.__name__.startswith("detach") and (flags & libvirt.VIR_DOMAIN_AFFECT_LIVE or flags == 0 and domain.isActive())
        changes = None if waits else [difference(*pair) for pair in zip(before, after)]
        print(json.dumps([label, error, changes]), flush=True)


def devices(domain, flags):
    """A line for each device, of what does not depend on the hypervisor."""
    found = []
    for element in ET.fromstring(domain.XMLDesc(flags)).find("devices"):
        line = element.tag
        if element.tag == "controller" and element.get("type") != "scsi" or element.tag in ("emulator", "memballoon", "audio") or element.get("bus") == "ps2":
            continue
        if element.tag == "controller":
            line += element.get("index")
        if element.tag == "disk":
            line += " " + element.find("target").get("dev") + " " + element.find("target").get("bus")
            where = element.find("source")
            line += " " + os.path.basename((where.get("file") or "-") if where is not None else "-")
            line += "".join(f" {part.tag}" for part in element if part.tag in ("serial", "readonly", "shareable", "transient", "iotune"))
        if element.tag == "interface":
            # An address that the library chose is another one each time.
            address = element.find("mac").get("address")
            line += " " + element.get("type") + " " + (address if address.startswith("52:54:00:00:00") else "chosen")
            line += "".join(f" {part.tag}" for part in element if part.tag in ("link", "rom", "script"))
        if element.tag == "graphics":
            line += f" {element.get('type')} {element.get('port')} {element.get('keymap')} {element.get('passwdValidTo')}"
        alias = element.find("alias")
        if alias is not None and alias.get("name").startswith("ua-"):
            line += " as " + alias.get("name")
        found.append(line)
    return found


def difference(before, after):
    gone, came = list(before), []
    for line in after:
        if line in gone:
            gone.remove(line)
        else:
            came.append(line)
    return sorted(["+ " + line for line in came] + ["- " + line for line in gone])


def perform(bench):
    for when, flags in (("off", libvirt.VIR_DOMAIN_AFFECT_CONFIG), ("running", libvirt.VIR_DOMAIN_AFFECT_LIVE), ("both", 3)):
        runs = when != "off"
        for name, text in PLUGGED.items():
            domain = bench.domain("guest", 1, runs)
            for label, function in (("plugged", domain.attachDeviceFlags), ("again", domain.attachDeviceFlags), ("updated", domain.updateDeviceFlags),
                                    ("unplugged", domain.detachDeviceFlags)):
                bench.done(f"{when}: {name} {label}", domain, function, text, flags)
            if runs:
                domain.destroy()
            domain.undefine()
        for name, text in CHANGED.items():
            domain = bench.domain("guest", 1, runs)
            bench.done(f"{when}: {name} changed", domain, domain.updateDeviceFlags, text, flags)
            if runs:
                domain.destroy()
            domain.undefine()
    for runs in (False, True):
        for flags in (0, 1, 2, 3, 4, 5, 8, 16):
            domain = bench.domain("guest", 1, runs)
            when = f"{'running' if runs else 'off'}, flags {flags}:"
            bench.done(f"{when} plugged", domain, domain.attachDeviceFlags, PLUGGED["mouse on usb"], flags)
            bench.done(f"{when} changed", domain, domain.updateDeviceFlags, INTERFACE.format(VIRTIO + "<link state='down'/>"), flags)
            bench.done(f"{when} unplugged", domain, domain.detachDeviceFlags, PLUGGED["mouse on usb"], flags)
            for alias in ("ua-taken", "ua-none", ""):
                bench.done(f"{when} alias '{alias}'", domain, domain.detachDeviceAlias, alias, flags)
            if runs:
                domain.destroy()
            domain.undefine()


if __name__ == "__main__":
    libvirt.registerErrorHandler(lambda *arguments: None, None)
    libvirt.virEventRegisterDefaultImpl()

    def run_events():
        while True:
            libvirt.virEventRunDefaultImpl()

    threading.Thread(target=run_events, daemon=True).start()
    perform(Bench(*sys.argv[1:]))
    sys.stdout.flush()
    os._exit(0)

"""What readers need and grammars leave open: makes documents that follow the grammar such that a driver can define them."""
from lxml import etree

# What a source says for a type of disk, interface, file system, character device.
DISKS = {
    "file": {"file": "/a"}, "block": {"dev": "/dev/a"}, "dir": {"dir": "/a"}, "volume": {"pool": "p", "volume": "v"},
    "network": {"protocol": "nbd"}, "vhostvdpa": {"dev": "/dev/vhost-vdpa-0"},
}
TARGETS = {"ide": "hda", "scsi": "sda", "usb": "sda", "sata": "sda", "sd": "sda", "xen": "xvda", "uml": "ubda", "fdc": "fda", "nvme": "sda"}
INTERFACES = {
    "network": {"network": "n"}, "bridge": {"bridge": "br0"}, "direct": {"dev": "eth0"}, "vdpa": {"dev": "/dev/vhost-vdpa-0"},
    "internal": {"name": "n"}, "vhostuser": {"type": "unix", "path": "/s", "mode": "client"},
    "server": {"address": "127.0.0.1", "port": "5558"}, "client": {"address": "127.0.0.1", "port": "5558"},
    "mcast": {"address": "230.0.0.1", "port": "5558"}, "udp": {"address": "127.0.0.1", "port": "5558"},
    "vds": {"switchid": "11111111-2222-3333-4444-000000000001", "portid": "1", "portgroupid": "p", "connectionid": "1"},
}
FILE_SYSTEMS = {
    "mount": {"dir": "/a"}, "bind": {"dir": "/a"}, "file": {"file": "/a"}, "block": {"dev": "/dev/a"}, "ram": {"usage": "1"},
    "template": {"name": "t"}, "volume": {"pool": "p", "volume": "v"},
}
CHARACTERS = {
    "dev": {"path": "/dev/a"}, "file": {"path": "/a"}, "pipe": {"path": "/a"}, "unix": {"path": "/a", "mode": "bind"},
    "tcp": {"mode": "connect", "host": "h", "service": "1"}, "udp": {"mode": "connect", "host": "h", "service": "1"},
    "nmdm": {"master": "/dev/a", "slave": "/dev/b"}, "spiceport": {"channel": "c"}, "dbus": {"channel": "c"},
}


def first(element, *names, front=False):
    """The element at the end of a path below, made where it is missing."""
    for name in names:
        found = element.find(name)
        if found is None:
            found = etree.SubElement(element, name)
            if front:
                element.insert(0, found)
        element = found
    return element


def say(element, values):
    for name, value in values.items():
        if name not in element.attrib:
            element.set(name, value)


def disk(element):
    device, target = element.get("device", "disk"), first(element, "target")
    if device == "lun" or element.find("source/reservations") is not None:
        element.set("device", "lun")
        if element.get("type", "file") != "network":
            element.set("type", "block")
    if element.get("sgio"):
        element.set("sgio", "filtered")
    bus = target.get("bus")
    if device == "floppy" or bus == "fdc":
        element.set("device", "floppy")
    target.set("dev", "fda" if device == "floppy" else TARGETS.get(bus, "vda"))
    store(element)


def store(element):
    kind, source = element.get("type", "file"), first(element, "source")
    if kind in ("nvme", "vhostuser") and "type" not in source.attrib:
        say(source, {"type": "pci", "managed": "yes", "namespace": "1"} if kind == "nvme" else {"type": "unix", "path": "/s"})
    if kind == "nvme":
        first(source, "address").set("domain", "0x0000")
    say(source, DISKS.get(kind, {}))
    if kind == "network":
        if source.get("protocol") != "nbd":
            say(source, {"name": "n"})
        if source.get("protocol") in ("gluster", "iscsi", "rbd") and "/" not in source.get("name"):
            source.set("name", "v/1")
        if source.find("host") is None and source.get("protocol") not in ("rbd", "sheepdog"):
            say(first(source, "host"), {"name": "h"})


def interface(element):
    kind = element.get("type", "user")
    if kind in INTERFACES:
        say(first(element, "source"), INTERFACES[kind])
    driver = element.find("driver")
    if kind == "vhostuser" or driver is not None and {"ats", "iommu", "packed", "page_per_vq"} & set(driver.attrib):
        model = first(element, "model")
        if not model.get("type", "").startswith("virtio"):
            model.set("type", "virtio")
    if kind == "hostdev":
        say(first(element, "source", "address"), {"type": "pci", "bus": "0x01", "slot": "0x00", "function": "0x0"})
    for pool in element.iter("inbound", "outbound"):
        if "floor" not in pool.attrib:
            say(pool, {"average": "1"})


def characters(element):
    kind = element.get("type", "pty")
    if element.tag != "smartcard" and kind == "spicevmc" and element.tag not in ("channel", "redirdev"):
        element.set("type", "pty")
    if kind in CHARACTERS:
        say(first(element, "source"), CHARACTERS[kind])
    for name in ("address", "port"):
        target = element.find("target")
        if target is not None and target.get("type") == "guestfwd":
            target.set(name, {"address": "10.0.2.1", "port": "4600"}[name])


def smartcard(element):
    if element.get("mode") == "host-certificates":
        for _ in range(3 - len(element.findall("certificate"))):
            element.insert(0, etree.Element("certificate"))
        for certificate in element.findall("certificate"):
            certificate.text = "c"
    elif element.get("mode") == "passthrough":
        characters(element)


def filesystem(element):
    source = first(element, "source")
    if "socket" not in source.attrib:
        say(source, FILE_SYSTEMS.get(element.get("type", "mount"), {}))


DEVICES = {
    "disk": disk, "interface": interface, "serial": characters, "parallel": characters, "console": characters, "channel": characters,
    "audio": lambda element: element.set("id", "1"), "redirdev": characters, "smartcard": smartcard, "filesystem": filesystem,
}


def tuning(root):
    """Processors, threads and nodes of memory that what is tuned is about."""
    if root.find("cputune") is not None or root.find("cpu/numa") is not None:
        if root.find("vcpu") is None:
            etree.SubElement(root, "vcpu").text = "2"
        if root.find("iothreads") is None:
            etree.SubElement(root, "iothreads").text = "2"
    for name, attribute in (("vcpusched", "vcpus"), ("iothreadsched", "iothreads")):
        for element in root.iter(name):
            say(element, {attribute: "1"})
    for monitor in root.iterfind("cputune/cachetune/monitor"):
        monitor.set("level", "3")
    for connection in root.iterfind("cpu/numa/interconnects/*"):
        connection.set("initiator", "0")
        connection.set("target", "0")
        root.find("cpu/numa/cell").set("cpus", "0")
    for threads in [*root.iterfind("iothreadids/iothread"), *root.iterfind("defaultiothread")]:
        if "thread_pool_min" in threads.attrib:
            say(threads, {"thread_pool_max": threads.get("thread_pool_min")})
    for timer in root.iterfind("clock/timer"):
        if timer.find("catchup") is not None:
            timer.set("tickpolicy", "catchup")
    for element in root.iterfind("features/hyperv/stimer"):
        say(element, {"state": "on"})
    for maps in root.findall("idmap"):
        for name in ("uid", "gid"):
            first(maps, name).set("start", "0")
            say(maps.find(name), {"target": "1", "count": "1"})
    if root.find("cpu") is not None and "migratable" in root.find("cpu").attrib and root.find("cpu").get("mode", "custom") in ("custom", "host-model"):
        root.find("cpu").set("mode", "host-passthrough")
    if root.find("maxMemory") is not None:
        root.find("maxMemory").text = "2048000"


def domain(root):
    tuning(root)
    first(root, "memory").text = (root.findtext("memory") or "1024000") if root.findtext("memory") != "1" else "1024000"
    if root.find("bootloader") is None:
        system = first(root, "os", "type")
        system.text = system.text or "hvm"
        if system.text == "exe":
            first(root, "os", "init").text = "/sbin/init"
    for feature in root.findall("cpu/feature") + root.findall("cpu/vendor"):
        if root.find("cpu/model") is None and root.find("cpu").get("mode", "custom") == "custom":
            first(root, "cpu", "model", front=True).text = "core2duo"
    for device in list(root.iterfind("devices/*")):
        if device.tag in DEVICES:
            DEVICES[device.tag](device)
        for backend in device.findall("backend"):
            if device.tag == "rng" and backend.get("model") == "egd":
                characters(backend)
    for address in root.iter("address"):
        if address.get("type") == "dimm":
            say(address, {"slot": "0"})
    if root.find("os/nvram") is not None and not root.findtext("os/loader"):
        loader = first(root, "os", "loader")
        loader.text = "/l"
        say(loader, {"type": "pflash"})
    for source in root.iter("source"):
        if source.get("protocol") in ("gluster", "rbd") and "/" not in source.get("name", "/"):
            source.set("name", "v/1")
    for secret in root.iterfind("devices/hostdev/source/auth/secret"):
        secret.set("type", "iscsi")
    for model in root.iterfind("devices/video/model"):
        for acceleration in model.findall("acceleration"):
            if not acceleration.attrib:
                acceleration.set("accel3d", "no")
    for backend in root.iterfind("devices/tpm/backend"):
        if backend.get("type") == "external":
            say(first(backend, "source"), {"type": "unix", "mode": "connect", "path": "/s"})
    for place in root.iterfind("devices/controller/target"):
        for name in ("busNr", "chassisNr"):
            if place.get(name) in ("0", "0x0"):
                place.set(name, "1")
    for kept in root.iter("reservations"):
        say(kept, {"managed": "yes"})
        if kept.get("managed") == "no":
            say(first(kept, "source"), {"type": "unix", "path": "/s", "mode": "client"})
    for again in root.iter("reconnect"):
        if again.get("enabled") == "yes":
            say(again, {"timeout": "1"})
    if root.find("devices/redirdev") is not None and root.find("devices/controller") is None:
        etree.SubElement(root.find("devices"), "controller", type="usb", index="0")


def network(root):
    for rate in root.iter("inbound", "outbound"):
        say(rate, {"average": "1"})
    for address in root.findall("ip"):
        say(address, {"address": "192.168.99.1", "prefix": "24"} if "netmask" not in address.attrib else {"address": "192.168.99.1"})
    if root.find("forward") is not None and root.find("forward").get("mode", "nat") in ("nat", "route") and root.find("ip") is None:
        etree.SubElement(root, "ip", address="192.168.99.1", prefix="24")


def pool(root):
    first(root, "name", front=True).text = root.findtext("name") or "p"


def volume(root):
    first(root, "name", front=True).text = root.findtext("name") or "v"
    first(root, "capacity").text = root.findtext("capacity") or "1"


def snapshot(root):
    for inner in list(root.iter("domain")) + list(root.iter("inactiveDomain")):
        domain(inner)
    for one in root.iterfind("disks/disk"):
        one.set("name", "vda")
        source = one.find("source")
        if source is not None and source.get("protocol") in ("gluster", "iscsi", "rbd"):
            source.set("name", "v/1")


KINDS = {
    "domain": domain, "network": network, "networkport": network, "storagepool": pool, "storagevol": volume, "domainsnapshot": snapshot,
    "domaincheckpoint": snapshot,
}


def complete(kind, root):
    """Fills in what a document of the kind lacks."""
    KINDS.get(kind, lambda _: None)(root)
    return root

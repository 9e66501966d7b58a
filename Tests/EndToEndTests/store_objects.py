"""Objects of all kinds that threads change in a world with a store: what they do, and what that leads to.

An object's state is a value that a call's outcome can be foretold of, and that can be read from a connection: `read` gives the
states of all objects by their names. `OBJECTS` has a class for each kind; `ways(state)` gives what can be done now, as pairs of a
function that does it and the state that it leads to. None is the state of what is not there.
"""
import copy
import hashlib
import random
import uuid
from xml.etree import ElementTree

import libvirt

SHARED = "shared"
SHARED_XML = ("<domain type='test'><name>shared</name><uuid>11111111-2222-3333-4444-555555555555</uuid><memory>1024</memory>"
              "<os><type>hvm</type></os></domain>")
NAMESPACE = "xmlns:test='http://libvirt.org/schemas/domain/test/1.0'"
# The log says what was set aside.
LOUD = {"LIBVIRT_DEBUG": "3"}


def write_world(folder):
    """Writes a world file that names a store beside it, with one domain, which is off."""
    file = folder / "world.xml"
    shared = SHARED_XML.replace("<domain ", f"<domain {NAMESPACE} ").replace("<memory", "<test:runstate>5</test:runstate><memory")
    file.write_text(f"<node><store path='store'/>{shared}</node>")
    return file


def text(chance):
    """A text that tells itself from others, of any length, most of them short."""
    return f"{chance.getrandbits(64):x}" * chance.choice([1, 1, 1, 10, 200, 4000])


def short(value):
    """What is left of a long text."""
    return value if value is None or len(value) < 64 else hashlib.sha256(value.encode()).hexdigest()


def named(name):
    """The same UUID for the same name."""
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


class Kind:
    def __init__(self, connection, name, chance):
        self.connection, self.name, self.chance = connection, name, chance

    def changed(self, state, /, **values):
        return {**copy.deepcopy(state or {}), **values}


class Domain(Kind):
    """Both definitions, what it does, autostart, managed save, snapshots, checkpoints."""
    prefix = "domain"

    def xml(self, description):
        return (f"<domain type='test'><name>{self.name}</name><uuid>{named(self.name)}</uuid><description>{description}</description>"
                "<memory>1024</memory><os><type>hvm</type></os><devices><disk type='file' device='disk'>"
                "<source file='/d'/><target dev='vda'/></disk><graphics type='vnc' passwd='hidden'/></devices></domain>")

    def ways(self, state):
        c, new, number = self.connection, text(self.chance), f"{self.chance.getrandbits(32):x}"
        it = None if state is None else c.lookupByName(self.name)
        fresh = {"state": 5, "persistent": 1, "autostart": 0, "live": short(new), "next": short(new), "saved": None, "snapshots": [],
                 "current": None, "checkpoints": []}
        if state is None:
            yield lambda: c.defineXML(self.xml(new)), fresh
            yield lambda: c.createXML(self.xml(new)), {**fresh, "state": 1, "persistent": 0}
            return
        if state["state"] == 5:
            yield lambda: c.defineXML(self.xml(new)), self.changed(state, live=short(new), next=short(new))
            if state["saved"] is None:
                yield it.create, self.changed(state, state=1)
            else:
                yield it.create, self.changed(state, state=1, live=state["saved"], next=state["live"], saved=None)
            yield lambda: it.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA), None
        else:
            yield lambda: c.defineXML(self.xml(new)), self.changed(state, next=short(new), persistent=1)
            if state["state"] == 3:
                yield it.resume, self.changed(state, state=1)
            else:
                yield it.suspend, self.changed(state, state=3)
            yield it.destroy, self.changed(state, state=5, live=state["next"]) if state["persistent"] else None
            if state["persistent"]:
                yield it.managedSave, self.changed(state, state=5, saved=state["live"], live=state["next"])
                yield lambda: it.setAutostart(1 - state["autostart"]), self.changed(state, autostart=1 - state["autostart"])
            if not state["snapshots"] and len(state["checkpoints"]) < 9:
                checkpoints = state["checkpoints"] + [number]
                yield lambda: it.checkpointCreateXML(f"<domaincheckpoint><name>{number}</name></domaincheckpoint>"), self.changed(
                    state, checkpoints=checkpoints)
        if state["checkpoints"]:
            yield it.checkpointLookupByName(state["checkpoints"][-1]).delete, self.changed(state, checkpoints=state["checkpoints"][:-1])
        elif len(state["snapshots"]) < 9:
            snapshots = state["snapshots"] + [[number, state["current"]]]
            yield lambda: it.snapshotCreateXML(f"<domainsnapshot><name>{number}</name></domainsnapshot>"), self.changed(
                state, snapshots=sorted(snapshots), current=number)
        leaf = next((one for one in state["snapshots"] if all(other[1] != one[0] for other in state["snapshots"])), None)
        if leaf:
            rest = [one for one in state["snapshots"] if one != leaf]
            current = leaf[1] if state["current"] == leaf[0] else state["current"]
            yield it.snapshotLookupByName(leaf[0]).delete, self.changed(state, snapshots=rest, current=current)

    @staticmethod
    def read(connection):
        def description(document):
            return short(ElementTree.fromstring(document).findtext("description"))

        for it in connection.listAllDomains():
            if it.name() == SHARED:
                continue
            root = ElementTree.fromstring(it.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))
            assert root.find("devices/graphics").get("passwd") == "hidden" and root.find("devices/disk/source").get("file") == "/d"
            snapshots = [[one.getName(), next(iter([one.getParent().getName()] if "<parent>" in one.getXMLDesc() else []), None)]
                         for one in it.listAllSnapshots()]
            yield it.name(), {
                "state": it.state()[0], "persistent": it.isPersistent(), "autostart": it.autostart(),
                "live": description(it.XMLDesc()), "next": description(it.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)),
                "saved": description(it.managedSaveGetXMLDesc()) if it.hasManagedSaveImage() else None,
                "snapshots": sorted(snapshots), "current": it.snapshotCurrent().getName() if it.hasCurrentSnapshot() else None,
                "checkpoints": order([(one.getName(), one.getParent().getName() if "<parent>" in one.getXMLDesc() else None)
                                      for one in it.listAllCheckpoints()]),
            }


def order(chain):
    """The names of a chain of checkpoints, from its beginning."""
    after = {parent: name for name, parent in chain}
    names, last = [], None
    while last in after:
        last = after[last]
        names.append(last)
    assert len(names) == len(chain), chain
    return names


class Network(Kind):
    """Both definitions, whether it is active, autostart, ports."""
    prefix = "network"

    def xml(self, title):
        return f"<network><name>{self.name}</name><uuid>{named('n' + self.name)}</uuid><title>{title}</title></network>"

    def ways(self, state):
        c, new = self.connection, text(self.chance)
        it = None if state is None else c.networkLookupByName(self.name)
        fresh = {"active": 0, "persistent": 1, "autostart": 0, "live": short(new), "next": short(new), "ports": []}
        if state is None:
            yield lambda: c.networkDefineXML(self.xml(new)), fresh
            yield lambda: c.networkCreateXML(self.xml(new)), {**fresh, "active": 1, "persistent": 0}
        elif state["active"]:
            # One that was not kept so far goes on as it is, until it stops.
            yield lambda: c.networkDefineXML(self.xml(new)), self.changed(state, next=short(new), persistent=1)
            yield it.destroy, self.changed(state, active=0, live=state["next"], ports=[]) if state["persistent"] else None
            if state["ports"]:
                yield lambda: it.portLookupByUUIDString(state["ports"][0]).delete(), self.changed(state, ports=state["ports"][1:])
            if len(state["ports"]) < 9:
                port = str(uuid.UUID(int=self.chance.getrandbits(128)))
                document = (f"<networkport><uuid>{port}</uuid><owner><name>o</name><uuid>{port}</uuid></owner>"
                            "<mac address='52:54:00:00:00:01'/></networkport>")
                yield lambda: it.portCreateXML(document), self.changed(state, ports=sorted(state["ports"] + [port]))
        else:
            yield lambda: c.networkDefineXML(self.xml(new)), self.changed(state, live=short(new), next=short(new))
            yield it.create, self.changed(state, active=1)
            yield it.undefine, None
            yield lambda: it.setAutostart(1 - state["autostart"]), self.changed(state, autostart=1 - state["autostart"])

    @staticmethod
    def read(connection):
        for it in connection.listAllNetworks():
            live, later = (ElementTree.fromstring(it.XMLDesc(flags)).findtext("title") for flags in (0, 1))
            yield it.name(), {
                "active": it.isActive(), "persistent": it.isPersistent(), "autostart": it.autostart(), "live": short(live),
                "next": short(later), "ports": sorted(port.UUIDString() for port in it.listAllPorts()),
            }


SIZE, PLACES, LENGTH = 3 << 20, (0, 3 << 19, (3 << 20) - 4096), 24


def upload(connection, volume, data):
    """Writes the same at all places, which a store keeps in files of their own, by one stream."""
    stream = connection.newStream()
    volume.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    for place, following in zip(PLACES, [*PLACES[1:], None]):
        stream.send(data)
        if following:
            stream.sendHole(following - place - len(data))
    stream.finish()


def written(connection, volume):
    """What was written to a volume last."""
    found = set()
    for place in PLACES:
        stream = connection.newStream()
        volume.download(stream, place, LENGTH)
        found.add(stream.recv(LENGTH).hex().rstrip("0"))
        stream.finish()
    return found.pop() if len(found) == 1 else sorted(found)


class Pool(Kind):
    """Whether it is active, autostart, volumes with what was written to them."""
    prefix = "pool"

    def ways(self, state):
        c, name = self.connection, f"{self.chance.getrandbits(32):x}"
        it = None if state is None else c.storagePoolLookupByName(self.name)
        xml = f"<pool type='dir'><name>{self.name}</name><uuid>{named('p' + self.name)}</uuid><target><path>/{self.name}</path></target></pool>"
        if state is None:
            yield lambda: c.storagePoolDefineXML(xml), {"active": 0, "persistent": 1, "autostart": 0, "volumes": {}}
            yield lambda: c.storagePoolCreateXML(xml), {"active": 1, "persistent": 0, "autostart": 0, "volumes": {}}
            return
        if not state["active"]:
            # A pool that is not active does not tell its volumes.
            yield it.undefine, None
            yield it.create, self.changed(state, active=1)
            return
        if state["persistent"]:
            yield lambda: it.setAutostart(1 - state["autostart"]), self.changed(state, autostart=1 - state["autostart"])
        if not state["volumes"]:
            yield it.destroy, self.changed(state, active=0) if state["persistent"] else None
        for _ in range(3 if len(state["volumes"]) < 20 else 0):
            document = f"<volume><name>{name}</name><capacity>{SIZE}</capacity><allocation>0</allocation></volume>"
            yield lambda: it.createXML(document), self.changed(state, volumes={**state["volumes"], name: [SIZE, ""]})
        for one, (size, content) in list(state["volumes"].items())[:2]:
            volume, data = it.storageVolLookupByName(one), b"%024x" % self.chance.getrandbits(96)
            copied = f"<volume><name>{name}</name><capacity>{size}</capacity><allocation>0</allocation></volume>"
            rest = {key: value for key, value in state["volumes"].items() if key != one}
            yield volume.delete, self.changed(state, volumes=rest)
            yield (lambda volume=volume, size=size: volume.resize(size + 4096)), self.changed(state, volumes={**rest, one: [size + 4096, content]})
            yield (lambda volume=volume, data=data: upload(c, volume, data)), self.changed(
                state, volumes={**rest, one: [size, data.hex().rstrip("0")]})
            if content:
                yield (lambda volume=volume: volume.wipe()), self.changed(state, volumes={**rest, one: [size, ""]})
                yield (lambda volume=volume, copied=copied: it.createXMLFrom(copied, volume)), self.changed(
                    state, volumes={**state["volumes"], name: [size, content]})

    @staticmethod
    def read(connection):
        for it in connection.listAllStoragePools():
            volumes = {one.name(): [one.info()[1], written(connection, one)] for one in it.listAllVolumes()} if it.isActive() else {}
            yield it.name(), {"active": it.isActive(), "persistent": it.isPersistent(), "autostart": it.autostart(), "volumes": volumes}


class Secret(Kind):
    """Its description and its value."""
    prefix = "secret"

    def ways(self, state):
        c, new = self.connection, text(self.chance)
        value = bytes(self.chance.getrandbits(8) for _ in range(self.chance.choice([1, 16, 1000])))
        xml = (f"<secret><uuid>{named('s' + self.name)}</uuid><description>{new}</description>"
               f"<usage type='volume'><volume>{self.name}</volume></usage></secret>")
        old = None if state is None else state["value"]
        yield lambda: c.secretDefineXML(xml), {"description": short(new), "value": old}
        if state is not None:
            it = c.secretLookupByUUIDString(str(named("s" + self.name)))
            yield lambda: it.setValue(value), self.changed(state, value=short(value.hex()))
            yield it.undefine, None

    @staticmethod
    def read(connection):
        for it in connection.listAllSecrets():
            try:
                value = short(it.value().hex())
            except libvirt.libvirtError as error:
                assert error.get_error_code() == libvirt.VIR_ERR_NO_SECRET
                value = None
            yield it.usageID(), {"description": short(ElementTree.fromstring(it.XMLDesc()).findtext("description")), "value": value}


class Interface(Kind):
    """Its definition, and whether it is active."""
    prefix = "interface"

    def ways(self, state):
        c, size = self.connection, self.chance.randrange(1000, 9000)
        xml = f"<interface type='ethernet' name='{self.name}'><mtu size='{size}'/></interface>"
        yield lambda: c.interfaceDefineXML(xml), {"active": 0 if state is None else state["active"], "size": size}
        if state is not None:
            it = c.interfaceLookupByName(self.name)
            yield it.destroy if state["active"] else it.create, self.changed(state, active=1 - state["active"])
            yield it.undefine, None

    @staticmethod
    def read(connection):
        for it in connection.listAllInterfaces():
            yield it.name(), {"active": it.isActive(), "size": int(ElementTree.fromstring(it.XMLDesc()).find("mtu").get("size"))}


class Filter(Kind):
    """Its definition."""
    prefix = "filter"

    def ways(self, state):
        c, number = self.connection, self.chance.randrange(1, 1000)
        xml = (f"<filter name='{self.name}'><uuid>{named('f' + self.name)}</uuid>"
               f"<rule action='drop' direction='in' priority='{number}'/></filter>")
        yield lambda: c.nwfilterDefineXML(xml), number
        if state is not None:
            yield c.nwfilterLookupByName(self.name).undefine, None

    @staticmethod
    def read(connection):
        for it in connection.listAllNWFilters():
            yield it.name(), int(ElementTree.fromstring(it.XMLDesc()).find("rule").get("priority"))


class Binding(Kind):
    """Its definition."""
    prefix = "binding"

    def ways(self, state):
        c, name = self.connection, f"{self.chance.getrandbits(64):x}"
        if state is not None:
            yield c.nwfilterBindingLookupByPortDev(self.name).delete, None
            return
        xml = (f"<filterbinding><owner><name>o</name><uuid>{named('o')}</uuid></owner><portdev name='{self.name}'/>"
               f"<mac address='52:54:00:00:00:02'/><filterref filter='{name}'/></filterbinding>")
        yield lambda: c.nwfilterBindingCreateXML(xml), name

    @staticmethod
    def read(connection):
        for it in connection.listAllNWFilterBindings():
            yield it.portDev(), it.filterName()


class Share(Kind):
    """A part of a domain that all threads change at once: an element of its metadata for each."""
    prefix = "share"

    def ways(self, state):
        it, new = self.connection.lookupByName(SHARED), text(self.chance)
        kind, uri = libvirt.VIR_DOMAIN_METADATA_ELEMENT, f"urn:{self.name}"
        yield lambda: it.setMetadata(kind, f"<it>{new}</it>", "p", uri, libvirt.VIR_DOMAIN_AFFECT_CONFIG), short(new)
        if state is not None:
            yield lambda: it.setMetadata(kind, None, "p", uri, libvirt.VIR_DOMAIN_AFFECT_CONFIG), None

    @staticmethod
    def read(connection):
        root = ElementTree.fromstring(connection.lookupByName(SHARED).XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
        for element in root.find("metadata") if root.find("metadata") is not None else []:
            yield element.tag[1:].split("}")[0].removeprefix("urn:"), short(element.text)


OBJECTS = (Domain, Network, Pool, Secret, Interface, Filter, Binding, Share)


def read(connection):
    """The states of all objects, by kind and name."""
    return {f"{kind.prefix} {name}": state for kind in OBJECTS for name, state in kind.read(connection)}


def way(kind, connection, name, state, seed):
    """One of the things that can be done to an object, and what it leads to."""
    chance = random.Random(seed)
    return chance.choice(list(kind(connection, name, chance).ways(state)))

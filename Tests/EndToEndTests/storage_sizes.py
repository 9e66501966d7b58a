"""The cases of test_storage.py that are about sizes, and about pools."""
import xml.etree.ElementTree as ElementTree

import libvirt
from storage_helpers import MEBI, receive, refused, run, send, volume, world


def wiping():
    """What is wiped is zero, and takes what it took."""
    c, p = world()
    v = volume(p)
    for wipe in (v.wipe, *(lambda number=number: v.wipePattern(number) for number in range(10))):
        send(c, v, b"secret")
        wipe()
        assert receive(c, v) == bytes(MEBI)
    refused(8, 12, v.wipePattern, 10)
    refused(8, 12, v.wipe, 1)
    refused(8, 12, v.wipePattern, 0, 1)
    assert p.info()[2] == MEBI


def resizing():
    """Sizes of volumes and of their pool."""
    c, p = world()
    v = volume(p, "v", 100, 60)
    allocate, delta, shrink = libvirt.VIR_STORAGE_VOL_RESIZE_ALLOCATE, libvirt.VIR_STORAGE_VOL_RESIZE_DELTA, libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK
    for capacity, flags, info, taken in ((200, 0, [200, 60], 60), (150, shrink, [150, 60], 60), (50, delta, [200, 60], 60), (50, delta | shrink, [150, 60], 60), (300, allocate, [300, 300], 300), (0, delta, [300, 300], 300)):
        v.resize(capacity, flags)
        assert v.info()[1:] == info and p.info()[2] == taken, (v.info(), p.info())
    assert "<capacity unit='bytes'>300</capacity>" in v.XMLDesc() and "<allocation unit='bytes'>300</allocation>" in p.XMLDesc()
    refused(8, 12, v.resize, 200, shrink)
    w = volume(p, "w", 100, 0)
    refused(8, 12, w.resize, 50)
    refused(9, 12, w.resize, 107374182400, allocate)
    w.resize(107374182400 - 300, allocate)
    assert p.info()[2:] == [107374182400, 0]
    w.resize((1 << 63) - 1, delta)
    assert v.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)[1:] == [300, 300]
    refused(8, 12, v.infoFlags, 2)
    send(c, v, b"z" * 300)
    v.delete()
    w.delete()
    assert p.info()[2] == 0
    # What is cut away is gone, what is written is not cut away.
    v = volume(p, "s", 3 * MEBI, 0)
    send(c, v, b"q" * 100, 2 * MEBI)
    v.resize(2 * MEBI + 10, shrink)
    v.resize(3 * MEBI)
    assert receive(c, v, 2 * MEBI, 100) == b"q" * 10 + bytes(90)
    v.resize(MEBI, shrink)
    assert v.info()[1:] == [MEBI, 0]
    send(c, v, b"q" * 100)
    refused(8, 12, v.resize, 4095, shrink)
    v.resize(4096, shrink)
    assert v.info()[1:] == [4096, 4096] and receive(c, v) == b"q" * 100 + bytes(3996)


def allocation():
    """A volume takes what was written to it, where that is more than what it reserves; its pool has as much less."""
    c, p = world()
    page = 4096

    def takes(v, wanted, rest=0):
        assert v.info()[2] == v.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)[2] == wanted, v.info()
        assert f"<allocation unit='bytes'>{wanted}</allocation>" in v.XMLDesc()
        assert p.info()[1:] == [100 << 30, wanted + rest, (100 << 30) - wanted - rest], p.info()
        assert f"<allocation unit='bytes'>{wanted + rest}</allocation>" in p.XMLDesc()

    v = volume(p, "v", MEBI, 0)
    takes(v, 0)
    send(c, v, b"x")
    takes(v, page)
    # The same place again, a place beside it, and one over a border.
    send(c, v, b"y" * 100, 50)
    takes(v, page)
    send(c, v, b"z" * 2, 3 * page - 1)
    takes(v, 3 * page)
    receive(c, v)
    takes(v, 3 * page)
    # Holes give back whole pages.
    v.upload(stream := c.newStream(), 1, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    stream.sendHole(3 * page - 1)
    takes(v, 2 * page)
    stream.finish()
    # While it is written, and up to its capacity.
    v.upload(stream := c.newStream(), 0, 0)
    stream.send(bytes(page * 10))
    takes(v, 10 * page)
    stream.abort()
    takes(v, 10 * page)
    w = volume(p, "w", 5000, 0)
    send(c, w, b"x" * 5000)
    takes(w, 5000, 10 * page)
    # A copy takes what it holds.
    o = p.createXMLFrom("<volume><name>o</name><capacity>6000</capacity><allocation>0</allocation></volume>", w)
    takes(o, 6000, 10 * page + 5000)
    o.delete()
    w.delete()
    v.wipe()
    takes(v, 0)
    # What is reserved is used first.
    r = volume(p, "r", MEBI, 2 * page)
    send(c, r, b"x", 100 * page)
    takes(r, 2 * page)
    send(c, r, b"x" * 2 * page)
    takes(r, 3 * page)
    r.wipe()
    takes(r, 2 * page)
    r.delete()
    # Where there is no room, nothing is written.
    full = volume(p, "full", (100 << 30) - 2 * page, None)
    send(c, v, b"x" * 2 * page)
    takes(v, 2 * page, (100 << 30) - 2 * page)
    refused(38, 38, send, c, v, b"y" * 2 * page, page)
    assert receive(c, v, 0, 3 * page) == b"x" * 2 * page + bytes(page)
    send(c, v, b"y" * page, page)
    refused(1, 12, p.createXMLFrom, "<volume><name>o</name><capacity>1</capacity><allocation>0</allocation></volume>", v)
    full.delete()
    takes(v, 2 * page)
    # A stream outlives its volume; the pool counts it no more.
    v.upload(stream := c.newStream(), 0, 0)
    v.delete()
    stream.send(b"x" * MEBI)
    assert p.info()[2] == 0
    stream.finish()
    assert p.info()[2] == 0


def paths():
    """Pools by the path of their volumes."""
    c, p = world()
    for path in ("/default-pool", "/default-pool/", "/default-pool//"):
        assert c.storagePoolLookupByTargetPath(path).UUID() == p.UUID()
    for path in ("", "/", "/default-pool/v", "default-pool"):
        refused(49, 12, c.storagePoolLookupByTargetPath, path)
    q = c.storagePoolDefineXML("<pool type='logical'><name>q</name></pool>")
    assert c.storagePoolLookupByTargetPath("/dev/q").name() == "q" and q.create() == 0
    q.createXML("<volume><name>v</name><capacity>1</capacity></volume>")
    assert c.storageVolLookupByPath("/dev/q/v").name() == "v"
    q.destroy()
    refused(50, 12, c.storageVolLookupByPath, "/dev/q/v")
    q.undefine()
    refused(49, 12, c.storagePoolLookupByTargetPath, "/dev/q")
    n = c.storagePoolCreateXML("<pool type='rbd'><name>n</name><source><host name='h'/><name>images</name></source></pool>")
    assert n.createXML("<volume><name>v</name><capacity>1</capacity></volume>").key() == "images/v"


def capabilities():
    """Every type of pools is told of, with what it can be made with."""
    c, _ = world()
    root = ElementTree.fromstring(c.getStoragePoolCapabilities())
    kinds = {pool.get("type"): pool for pool in root}
    assert len(kinds) == 14 and all(pool.get("supported") == "yes" for pool in root)
    sources = {"fs": "<device path='/dev/{}'/>", "disk": "<device path='/dev/{}'/>", "netfs": "<host name='{}'/><dir path='/d'/>", "logical": "<name>{}</name>"}
    number = 0
    for kind, pool in kinds.items():
        for value in pool.findall("poolOptions/enum[@name='sourceFormatType']/value"):
            number += 1
            source = sources[kind].format(f"n{number}") + f"<format type='{value.text}'/>"
            p = c.storagePoolDefineXML(f"<pool type='{kind}'><name>n{number}</name><source>{source}</source><target><path>/n{number}</path></target></pool>")
            assert f"<format type='{value.text}'/>" in p.XMLDesc()
    assert number == 29
    refused(8, 12, c.getStoragePoolCapabilities, 1)


def inactive():
    """The definition that starts next."""
    c, p = world()
    c.storagePoolDefineXML(p.XMLDesc().replace("<path>/default-pool</path>", "<path>/elsewhere</path>"))
    assert "<path>/default-pool</path>" in p.XMLDesc()
    assert "<path>/elsewhere</path>" in p.XMLDesc(libvirt.VIR_STORAGE_XML_INACTIVE)
    refused(9, 18, c.storagePoolDefineXML, "<pool type='dir'><name>x</name><target><path>/elsewhere</path></target></pool>")
    p.destroy()
    assert "<path>/elsewhere</path>" in p.XMLDesc()
    c.storagePoolDefineXML("<pool type='dir'><name>x</name><target><path>/default-pool</path></target></pool>")


run(globals())

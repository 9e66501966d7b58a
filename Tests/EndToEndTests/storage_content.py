"""The cases of test_storage.py; each is a function, named on the command line."""
import random
import sys
import threading
import xml.etree.ElementTree as ElementTree

import libvirt

libvirt.registerErrorHandler(lambda *_: None, None)
MEBI = 1 << 20


def world():
    c = libvirt.open("test:///default")
    return c, c.storagePoolLookupByName("default-pool")


def volume(p, name="v", capacity=MEBI, allocation=None):
    size = "" if allocation is None else f"<allocation>{allocation}</allocation>"
    return p.createXML(f"<volume><name>{name}</name><capacity>{capacity}</capacity>{size}</volume>")


def refused(code, domain, function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        assert (error.get_error_code(), error.get_error_domain()) == (code, domain), str(error)
        assert error.get_error_message()
        return
    raise AssertionError(f"{function} was not refused")


def send(c, v, content, offset=0, length=0, piece=100_000):
    stream = c.newStream()
    v.upload(stream, offset, length)
    for start in range(0, len(content), piece):
        rest = content[start:start + piece]
        while rest:
            rest = rest[stream.send(rest):]
    stream.finish()


def receive(c, v, offset=0, length=0, piece=70_001):
    stream = c.newStream()
    v.download(stream, offset, length)
    content = b""
    while part := stream.recv(piece):
        content += part
    stream.finish()
    return content


def whole():
    """Everything there and back, in pieces and with the functions that carry all of it."""
    c, p = world()
    v = volume(p)
    assert receive(c, v) == bytes(MEBI)
    content = random.Random(1).randbytes(MEBI)
    send(c, v, content)
    assert receive(c, v) == content
    again = random.Random(2).randbytes(MEBI)
    stream = c.newStream()
    v.upload(stream, 0, 0)
    source = memoryview(again)
    place = [0]

    def give(_, count, __):
        part = source[place[0]:place[0] + count].tobytes()
        place[0] += len(part)
        return part

    stream.sendAll(give, None)
    stream.finish()
    stream, parts = c.newStream(), []
    v.download(stream, 0, 0)
    stream.recvAll(lambda _, data, __: parts.append(data), None)
    stream.finish()
    assert b"".join(parts) == again
    refused(38, 38, send, c, v, bytes(MEBI + 1))


def ranges():
    """Parts of a volume."""
    c, p = world()
    v = volume(p, capacity=100_000)
    rng, kept = random.Random(3), bytearray(100_000)
    for _ in range(200):
        start = rng.randrange(100_000)
        part = rng.randbytes(rng.randrange(1, min(9000, 100_000 - start) + 1))
        send(c, v, part, start, rng.choice((0, len(part))))
        kept[start:start + len(part)] = part
        start = rng.randrange(100_000)
        length = rng.randrange(1, 20_000)
        assert receive(c, v, start, length) == kept[start:start + length]
    assert receive(c, v) == kept
    assert receive(c, v, 100_000) == b""
    refused(38, 38, send, c, v, b"12345", 0, 4)
    assert receive(c, v, 0, 4) == b"1234"
    refused(38, 38, send, c, v, b"1", 100_000)


def refusals():
    """What cannot be transferred."""
    c, p = world()
    v = volume(p, capacity=10)
    stream = c.newStream()
    refused(8, 12, v.upload, stream, 11, 0)
    refused(8, 12, v.download, stream, 11, 0)
    refused(8, 12, v.upload, stream, 0, 0, 2)
    refused(8, 12, v.download, stream, 0, 0, 1 << 31)
    v.download(stream, 0, 0)
    refused(55, 38, v.download, stream, 0, 0)
    refused(3, 38, stream.send, b"x")
    stream.abort()
    stream = c.newStream()
    v.upload(stream, 0, 0)
    refused(3, 38, stream.recv, 1)
    refused(55, 38, stream.sendHole, 1)
    stream.finish()
    v.upload(stream := c.newStream(), 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    refused(38, 38, stream.sendHole, 11)
    stream.abort()
    huge = volume(p, "huge", (1 << 64) - 1, 0)
    send(c, huge, b"far", 1 << 62)
    assert receive(c, huge, (1 << 62) - 1, 5) == b"\0far\0"
    p.destroy()
    refused(55, 12, v.upload, c.newStream(), 0, 0)
    p.create()
    with libvirt.openReadOnly("test:///default") as r:
        v = r.storageVolLookupByPath("/default-pool/v")
        refused(29, 18, v.upload, r.newStream(), 0, 0)
        refused(29, 18, v.download, r.newStream(), 0, 0)


def holes():
    """Streams that tell holes from data."""
    c, p = world()
    v = volume(p, capacity=1 << 33)
    stream = c.newStream()
    v.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    for data, hole in ((b"a" * 4096, 1 << 32), (b"b" * 8192, 4096), (b"c" * 4096, 0)):
        assert stream.send(data) == len(data)
        stream.sendHole(hole)
    stream.finish()
    stream = c.newStream()
    v.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
    seen = []
    while True:
        data = stream.recvFlags(1 << 20, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)
        if data == -3:
            seen.append(stream.recvHole())
        elif data:
            seen.append(data)
        else:
            break
    stream.finish()
    rest = (1 << 33) - (1 << 32) - 4096 * 5
    assert seen == [b"a" * 4096, 1 << 32, b"b" * 8192, 4096, b"c" * 4096, rest], seen
    v.upload(stream := c.newStream(), 100, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    stream.sendHole((1 << 32) + 4096 + 100)
    stream.finish()
    assert receive(c, v, 0, 5000) == b"a" * 100 + bytes(4900)
    assert receive(c, v, (1 << 32) + 4096, 8192) == bytes(200) + b"b" * 7992


def sparse():
    """The functions that carry all of a sparse stream."""
    c, p = world()
    v, w = volume(p, "v", 1 << 30), volume(p, "w", 1 << 30)
    send(c, v, b"x" * 5000, 0)
    send(c, v, b"y" * 5000, 1 << 29)
    stream, got = c.newStream(), []
    v.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
    stream.sparseRecvAll(lambda _, data, __: got.append(data), lambda _, length, __: got.append(length), None)
    stream.finish()
    sections = []
    for item in got:
        if sections and isinstance(item, bytes) and isinstance(sections[-1], bytes):
            sections[-1] += item
        else:
            sections.append(item)
    assert sum(item if isinstance(item, int) else len(item) for item in sections) == 1 << 30
    assert len(sections) == 4
    left = list(sections)

    def in_data(_, __):
        return [isinstance(left[0], bytes), left[0] if isinstance(left[0], int) else len(left[0])] if left else [True, 0]

    def give(_, count, __):
        if not left:
            return b""
        part, left[0] = left[0][:count], left[0][count:]
        if not left[0]:
            left.pop(0)
        return part

    def skip(_, length, __):
        assert left.pop(0) == length
        return 0

    stream = c.newStream()
    w.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    stream.sparseSendAll(give, in_data, skip, None)
    stream.finish()
    for place in (0, 1 << 29, (1 << 30) - 9000):
        assert receive(c, v, place, 9000) == receive(c, w, place, 9000)


def copies():
    """A volume made from another one has its content, and a life of its own."""
    c, p = world()
    v = volume(p)
    content = random.Random(4).randbytes(MEBI)
    send(c, v, content)
    w = p.createXMLFrom("<volume><name>w</name><capacity>5000</capacity></volume>", v)
    assert receive(c, w) == content[:5000]
    send(c, v, b"changed")
    assert receive(c, w) == content[:5000]
    w.resize(9000, libvirt.VIR_STORAGE_VOL_RESIZE_ALLOCATE)
    assert receive(c, w) == content[:5000] + bytes(4000)
    o = c.storagePoolCreateXML("<pool type='dir'><name>o</name><target><path>/o</path></target></pool>")
    w = o.createXMLFrom("<volume><name>v</name><capacity>1048576</capacity></volume>", v)
    assert receive(c, w) == b"changed" + content[7:]
    assert w.storagePoolLookupByVolume().name() == "o"


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
    v = volume(p, "s", 100, 0)
    send(c, v, b"q" * 100)
    v.resize(10, shrink)
    v.resize(100)
    assert receive(c, v) == b"q" * 10 + bytes(90)


def deleted():
    """Streams outlive what they work on."""
    c, p = world()
    v = volume(p)
    up, down = c.newStream(), c.newStream()
    v.upload(up, 0, 0)
    v.download(down, 0, 0)
    v.delete()
    assert up.send(b"x" * 10) == 10 and down.recv(5) == b"x" * 5
    p.destroy()
    assert up.send(b"y") == 1
    up.finish()
    down.abort()
    refused(3, 38, up.send, b"z")
    for _ in range(100):
        p.create()
        w = volume(p)
        w.upload(c.newStream(), 0, 0)
        w.delete()
        p.destroy()


def events():
    """Streams are ready at once."""
    libvirt.virEventRegisterDefaultImpl()
    c, p = world()
    v = volume(p)
    heard = []
    both = libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_WRITABLE
    up, down = c.newStream(libvirt.VIR_STREAM_NONBLOCK), c.newStream(libvirt.VIR_STREAM_NONBLOCK)
    v.upload(up, 0, 0)
    v.download(down, 0, 0)
    up.eventAddCallback(both, lambda s, e, o: heard.append((o, e)), "up")
    down.eventAddCallback(both, lambda s, e, o: heard.append((o, e)), "down")
    keep = libvirt.virEventAddTimeout(0, lambda timer, opaque: None, None)
    for _ in range(4):
        libvirt.virEventRunDefaultImpl()
    assert {("up", libvirt.VIR_STREAM_EVENT_WRITABLE), ("down", libvirt.VIR_STREAM_EVENT_READABLE)} == set(heard), heard
    libvirt.virEventRemoveTimeout(keep)
    for stream in (up, down):
        stream.eventRemoveCallback()


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


def threads():
    """Many threads on the same volumes and pools: nothing is lost, and the sizes are right at the end."""
    c, p = world()
    failures = []

    def work(number):
        rng = random.Random(number)
        try:
            for round_ in range(60):
                name = f"v{number}-{round_}"
                v = volume(p, name, 10_000)
                content = rng.randbytes(10_000)
                send(c, v, content)
                assert receive(c, v) == content
                assert c.storageVolLookupByKey(v.key()).name() == name
                p.listAllVolumes()
                if rng.random() < 0.7:
                    v.delete()
                try:
                    q = c.storagePoolCreateXML("<pool type='dir'><name>shared</name><target><path>/shared</path></target></pool>")
                    volume(q, name)
                    q.destroy()
                except libvirt.libvirtError as error:
                    assert error.get_error_code() in (9, 49, 55), str(error)
        except Exception as error:
            failures.append(error)

    crowd = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert not failures, failures
    assert p.info()[2] == 10_000 * p.numOfVolumes()
    assert all(v.info()[1] == 10_000 for v in p.listAllVolumes())


globals()[sys.argv[1]]()
print("passed")

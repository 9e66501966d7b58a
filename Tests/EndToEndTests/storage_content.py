"""The cases of test_storage.py that are about the content of volumes."""
import random
import threading

import libvirt
from storage_helpers import MEBI, receive, refused, run, send, volume, world


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


run(globals())

"""What guests show and say: screenshots, consoles, channels; through Debian's own python3-libvirt on our library."""
import json
import struct
import subprocess
import zlib

PROGRAM = """
import json, libvirt
c = libvirt.open("test:///default")
def code(function, *arguments):
    try:
        return function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]
"""


def run(environment, body):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", PROGRAM + body], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_screenshot_is_a_picture(ours):
    seen = run(ours, """
stream = c.newStream()
kind = c.lookupByName("test").screenshot(stream, 0)
parts = []
stream.recvAll(lambda stream, data, _: parts.append(data.hex()), None)
stream.finish()
print(json.dumps([kind, "".join(parts)]))
""")
    assert seen[0] == "image/png"
    data = bytes.fromhex(seen[1])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = [], 8
    while place < len(data):
        length, = struct.unpack(">I", data[place:place + 4])
        kind, content = data[place + 4:place + 8], data[place + 8:place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length:place + 12 + length])[0] == zlib.crc32(kind + content)
        chunks.append((kind, content))
        place += 12 + length
    assert [kind for kind, _ in chunks] == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, color = struct.unpack(">IIBB", chunks[0][1][:10])
    assert (depth, color) == (8, 0)
    rows = zlib.decompress(chunks[1][1])
    assert len(rows) == height * (width + 1)
    assert len(set(rows)) > 50


def test_guest_says_back_what_it_is_told(ours):
    seen = run(ours, """
d = c.lookupByName("test")
stream = c.newStream(libvirt.VIR_STREAM_NONBLOCK)
d.openConsole(None, stream)
said = [stream.send(b"hello "), stream.send(b"guest"), stream.recv(100).decode(), stream.recv(100)]
large = stream.send(bytes(100000))
full = stream.send(b"more")
back = 0
while (part := stream.recv(30000)) != -2:
    back += len(part)
second = c.newStream()
busy = code(d.openConsole, None, second)
forced = c.newStream()
d.openConsole(None, forced, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
lost = [code(stream.send, b"x"), stream.recv(10).decode()]
forced.send(b"again")
again = forced.recv(10).decode()
forced.finish()
third = c.newStream()
free = code(d.openConsole, None, third)
third.send(b"last words")
d.destroy()
gone = [third.recv(100).decode(), third.recv(100).decode(), code(third.send, b"x")]
off = code(d.openConsole, None, c.newStream())
print(json.dumps([said, large, full, back, busy, lost, again, free, gone, off]))
""")
    assert seen == [
        [6, 5, "hello guest", -2], 65536, -2, 65536, [9, 12], [[9, 38], ""], "again", 0, ["last words", "", [9, 38]], [55, 20]]


def test_devices_have_names(ours):
    seen = run(ours, """
d = c.createXML('''<domain type='test'><name>talks</name><memory>4096</memory><os><type>hvm</type></os><devices>
  <serial type='pty'><target port='0'/><alias name='ua-line'/></serial>
  <channel type='unix'><target type='virtio' name='org.example.agent'/></channel></devices></domain>''', 0)
found = [code(d.openConsole, name, c.newStream()) for name in (None, "ua-line", "serial1", "org.example.agent")]
streams = [c.newStream() for _ in range(5)]
channels = [code(d.openChannel, name, stream) for name, stream in zip((None, "org.example.agent", "ua-line", ""), streams)]
forced = code(d.openChannel, "org.example.agent", streams[4], libvirt.VIR_DOMAIN_CHANNEL_FORCE)
none = code(c.lookupByName("test").openChannel, None, c.newStream())
flags = [code(d.openConsole, None, c.newStream(), 4), code(d.openChannel, None, c.newStream(), 2)]
other = libvirt.open("test:///default")
foreign = [code(d.openConsole, None, other.newStream()), code(d.openChannel, None, other.newStream()), code(d.screenshot, other.newStream(), 0)]
print(json.dumps([found, channels, forced, none, flags, foreign]))
""")
    assert seen == [[0, 0, [1, 12], [1, 12]], [0, [9, 12], [1, 12], [1, 12]], 0, [1, 12], [[8, 12], [8, 12]], [[8, 20]] * 3]


def test_events_tell_when_the_guest_spoke(ours):
    seen = run(ours, """
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("test:///default")
stream = c.newStream(libvirt.VIR_STREAM_NONBLOCK)
c.lookupByName("test").openConsole(None, stream)
seen = []
def told(stream, events, _):
    seen.append(events)
    if events & libvirt.VIR_STREAM_EVENT_READABLE:
        seen.append(stream.recv(100).decode())
        stream.eventUpdateCallback(0)
    else:
        stream.send(b"ping")
stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_WRITABLE, told, None)
while len(seen) < 3:
    libvirt.virEventRunDefaultImpl()
print(json.dumps(seen))
""")
    assert seen == [2, 3, "ping"]


WAITING = """
import threading
d = c.lookupByName("test")

def opened(flags=0):
    stream = c.newStream(flags)
    d.openConsole(None, stream, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
    return stream

def text(stream):
    data = stream.recv(100)
    return data if isinstance(data, int) else data.decode()

class Waiting(threading.Thread):
    def __init__(self, function, *arguments):
        super().__init__()
        self.call, self.begun, self.seen = (function, arguments), threading.Event(), []
        self.start()
        self.begun.wait()
        self.join(0.1)

    def run(self):
        self.begun.set()
        self.seen = code(self.call[0], *self.call[1])

    def outcome(self):
        self.join(30)
        return "waits" if self.is_alive() else self.seen
"""


def test_streams_wait_for_the_guest(ours):
    seen = run(ours, WAITING + """
stream = opened()
reader = Waiting(text, stream)
waits = reader.is_alive()
sent = stream.send(b"ping")
out = [waits, sent, reader.outcome()]
ends = []
for end in ("abort", "finish", "force", "destroy"):
    stream = opened()
    reader = Waiting(text, stream)
    if end == "force":
        other = opened()
    elif end == "destroy":
        d.destroy()
    else:
        getattr(stream, end)()
    ends.append(reader.outcome())
d.create()
print(json.dumps([out, ends, code(text, opened(libvirt.VIR_STREAM_NONBLOCK))]))
""")
    assert seen == [[True, 4, "ping"], [[9, 38], [9, 38], "", ""], -2]


def test_streams_wait_for_room(ours):
    seen = run(ours, WAITING + """
stream = opened()
data = bytes(range(256)) * 4096
def send():
    left = memoryview(data)
    while left:
        left = left[stream.send(bytes(left[:100000])):]
    return "sent"
writer = Waiting(send)
waits, back = writer.is_alive(), bytearray()
while len(back) < len(data):
    back += stream.recv(30000)
out = [waits, writer.outcome(), back == data, stream.finish()]
stream = opened()
writer = Waiting(lambda: [stream.send(bytes(65536)), stream.send(b"more")][1])
d.destroy()
print(json.dumps(out + [writer.outcome()]))
""")
    assert seen == [True, "sent", True, 0, [9, 38]]


def test_many_streams_at_once(ours):
    seen = run(ours, """
import threading
domains = [c.createXML(f"<domain type='test'><name>talks-{n}</name><memory>4096</memory><os><type>hvm</type></os></domain>", 0) for n in range(8)]
said = {}
def talk(n):
    stream = c.newStream()
    domains[n].openConsole(None, stream)
    parts = []
    for turn in range(50):
        stream.send(f"{n}:{turn} ".encode())
        parts.append(stream.recv(100).decode())
    stream.finish()
    said[n] = "".join(parts)
threads = [threading.Thread(target=talk, args=(n,)) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps([said[n] == "".join(f"{n}:{turn} " for turn in range(50)) for n in range(8)]))
""")
    assert seen == [True] * 8


def test_lines_have_the_names_that_hypervisors_give(ours):
    seen = run(ours, """
d = c.createXML('''<domain type='test'><name>lines</name><memory>4096</memory><os><type>hvm</type></os><devices>
  <serial type='pty'><target port='0'/></serial><serial type='pty'><target port='1'/><alias name='ua-second'/></serial><serial type='pty'><target port='2'/></serial>
  <channel type='pty'><target type='virtio' name='org.one'/></channel><channel type='pty'><target type='virtio' name='org.two'/></channel>
</devices></domain>''')
def said(name, open_it):
    stream = c.newStream()
    answer = code(open_it, name, stream)
    if answer == 0:
        stream.abort()
    return answer
print(json.dumps([[said(name, d.openConsole) for name in ("serial0", "console0", "ua-second", "serial1", "serial2", "serial3", "channel0")],
                  [said(name, d.openChannel) for name in ("channel0", "channel1", "org.two", "channel2", "serial0")]]))
""")
    assert seen == [[0, 0, 0, [1, 12], 0, [1, 12], [1, 12]], [0, 0, 0, [1, 12], [1, 12]]]

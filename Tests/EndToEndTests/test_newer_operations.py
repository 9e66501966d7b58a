"""Operations that Debian's bindings do not know or ask little of, through our modules: groups of disks, starting once, screens."""
import subprocess

import pytest

PROLOGUE = """
import libvirt, re
libvirt.registerErrorHandler(lambda *_: None, None)
connection = libvirt.open("test:///default")

def code(function, *arguments):
    try:
        return function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]

def domain(name):
    return f'''<domain type='test'><name>{name}</name><memory>65536</memory><os><type>hvm</type></os>
<throttlegroups><throttlegroup><group_name>slow</group_name><total_iops_sec>10</total_iops_sec></throttlegroup></throttlegroups>
<devices><disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/><throttlefilters><throttlefilter group='slow'/></throttlefilters></disk>
<interface type='network'><mac address='52:54:00:11:22:33'/><source network='default'/><target dev='tap1'/></interface>
<console type='pty'/><graphics type='vnc'/></devices></domain>'''

def groups(d, flags):
    text = re.search("<throttlegroups>.*?</throttlegroups>|$", d.XMLDesc(flags), re.S).group()
    return re.findall("<group_name>(.*?)<", text), dict(re.findall("<(.*_sec.*)>(.*)</", text))
"""


@pytest.fixture
def run(ours, modules):
    """Runs a program; gives what it prints, line by line."""
    def run(program):
        done = subprocess.run(["/usr/bin/python3", "-c", PROLOGUE + program], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.splitlines()
    return run


def test_groups_of_disks(run):
    assert run("""
d = connection.defineXML(domain("guest"))
print(code(d.setThrottleGroup, "fast", {"total_bytes_sec": 1000, "total_bytes_sec_max": 2000}, 0))
d.create()
print(code(d.setThrottleGroup, "live", {"read_iops_sec": 5}, 1), groups(d, 0))
print(code(d.setThrottleGroup, "live", {"write_iops_sec": 6}, 1), groups(d, 0)[1]["write_iops_sec"], groups(d, 0)[1]["read_iops_sec"])
print(groups(d, 2))
for name, values, flags in (("", {"read_iops_sec": 5}, 1), ("a", {"read_iops_sec": 5, "total_iops_sec": 6}, 1), ("a", {"read_iops_sec": 5, "read_iops_sec_max": 4}, 1),
                            ("a", {"read_iops_sec": 10 ** 16}, 1), ("a", {"read_iops_sec": 5, "group_name": "b"}, 1), ("a", {"read_iops_sec": 5}, 1 << 9)):
    print(code(d.setThrottleGroup, name, values, flags), end=" ")
print()
print(code(d.delThrottleGroup, "slow", 3), code(d.delThrottleGroup, "none", 0), code(d.delThrottleGroup, "fast", 3), code(d.delThrottleGroup, "live", 1), code(d.delThrottleGroup, "live", 1))
print(groups(d, 0)[0], groups(d, 2)[0])
r = libvirt.openReadOnly("test:///default").lookupByName("guest")
print(code(r.setThrottleGroup, "a", {"read_iops_sec": 5}), code(r.delThrottleGroup, "a"))
""") == [
        "0", "0 (['slow', 'fast', 'live'], {'total_iops_sec': '10', 'total_bytes_sec': '1000', 'total_bytes_sec_max': '2000', 'read_iops_sec': '5'})",
        "0 6 5", "(['slow', 'fast'], {'total_iops_sec': '10', 'total_bytes_sec': '1000', 'total_bytes_sec_max': '2000'})",
        "[8, 12] [8, 12] [8, 12] [74, 12] [8, 12] [8, 12] ", "[55, 12] [8, 12] 0 0 [8, 12]", "['slow'] ['slow']", "[29, 20] [29, 20]",
    ]


def test_starting_once_with_the_host(run):
    assert run("""
d, t = connection.defineXML(domain("kept")), connection.createXML(domain("passing").replace("22:33", "22:34").replace("tap1", "tap2"))
print(d.autostartOnce(), d.setAutostartOnce(1), d.autostartOnce(), d.autostart())
print(code(t.setAutostartOnce, 1), t.autostartOnce())
d.create(), d.destroy()
print(d.autostartOnce(), d.setAutostartOnce(0), d.autostartOnce())
print(code(libvirt.openReadOnly("test:///default").lookupByName("kept").setAutostartOnce, 1))
""") == ["0 0 1 0", "[55, 12] 0", "1 0 0", "[29, 20]"]


def test_consoles_and_announcements(run):
    assert run("""
d = connection.createXML(domain("guest"))
print(code(d.graphicsReload, 0), code(d.graphicsReload, 1), code(d.graphicsReload, 2), code(d.graphicsReload, 1, 1))
stream = connection.newStream()
d.openConsole(None, stream)
print(code(d.announceInterface, "tap1", {"rounds": 3}), code(d.announceInterface, "none", {}), code(d.announceInterface, "tap1", {}, 1))
print(stream.recv(100).decode().strip())
d.destroy()
print(code(d.graphicsReload, 1), code(d.announceInterface, "tap1", {}))
""") == ["0 0 [8, 12] [8, 12]", "0 [8, 12] [8, 12]", "announce 52:54:00:11:22:33, 3 times", "[42, 12] [42, 12]"]


def test_screens(run):
    """Every screen shows the same picture, as in the reference, which asks for none to be there. A handler need not return anything."""
    assert run("""
d = connection.lookupByName("test")
pictures = []
for screen in (0, 1, 7, 2 ** 32 - 1):
    stream, parts = connection.newStream(), []
    kind = d.screenshot(stream, screen)
    stream.recvAll(lambda stream, data, opaque: opaque.append(data), parts)
    stream.finish()
    pictures.append((kind, b"".join(parts)))
print(pictures[0][0], pictures[0][1][:4], len(set(pictures)))
stream, seen = connection.newStream(), []
d.screenshot(stream, 0)
for answer in (True, 0, "text"):
    stream.recvAll(lambda stream, data, _: (seen.append(len(data)), answer)[1], None)
    stream.finish()
    stream = connection.newStream()
    d.screenshot(stream, 0)
print(seen == [len(pictures[0][1])] * 3)
try:
    stream.recvAll(lambda *_: -1, None)
except RuntimeError as error:
    print(error)
""") == [r"image/png b'\x89PNG' 1", "True", "recvAll handler returned -1"]

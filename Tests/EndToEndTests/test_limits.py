"""Documents that are large, deep or made to be either: they are refused, or cost as much as they are long."""
import json
import re
import subprocess

import pytest

PROGRAM = """
import json, resource, sys
import libvirt
libvirt.registerErrorHandler(lambda *arguments: None, None)
c = libvirt.open("test:///default")
KINDS = {
    "disk": lambda n: f"<disk type='file'><source file='/{n}'/><target dev='vd{letters(n)}' bus='virtio'/></disk>",
    "disk on scsi": lambda n: f"<disk type='file'><source file='/{n}'/><target dev='sd{letters(n)}' bus='scsi'/></disk>",
    "controller": lambda n: "<controller type='scsi'/>",
    "interface": lambda n: "<interface type='network'><source network='default'/></interface>",
    "serial": lambda n: "<serial type='pty'/>",
    "channel": lambda n: f"<channel type='pty'><target type='virtio' name='{n}'/></channel>",
    "named": lambda n: f"<rng model='virtio'><backend model='builtin'/><alias name='ua-{n}'/></rng>",
    "hostdev": lambda n: f"<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='{n}'/></source></hostdev>",
    "smartcard": lambda n: "<smartcard mode='host'/>",
    "unknown": lambda n: f"<nonsense number='{n}'/>",
}
def letters(number):
    text = ""
    while number >= 0:
        text, number = chr(97 + number % 26) + text, number // 26 - 1
    return text
def guest(devices="", more="", name="guest"):
    return f"<domain type='test'><name>{name}</name><uuid>11111111-2222-3333-4444-000000000099</uuid><memory>1048576</memory><os><type>hvm</type></os>{more}<devices>{devices}</devices></domain>"
def many(kind, count):
    return guest("".join(KINDS[kind](n) for n in range(count)))
def code(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code()
"""


def run(environment, program, *wrapper):
    # On a failure to keep within bounds the process is ended, by memory or by time.
    done = subprocess.run([*wrapper, "/usr/bin/python3", "-c", PROGRAM + program], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


KINDS = re.findall(r'^    "(.*)": lambda', PROGRAM, re.M)


@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_devices(kind, ours):
    tag = {"named": "rng", "unknown": "nonsense"}.get(kind, kind.split()[0])
    found, again, attached = run(ours, f"""
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
d = c.defineXML(many({kind!r}, 10000))
text = d.XMLDesc()
again = c.defineXML(text).XMLDesc() == text
d.attachDeviceFlags("<sound model='ich6'/>", libvirt.VIR_DOMAIN_AFFECT_CONFIG)
print(json.dumps([text.count("<{tag} "), again, d.XMLDesc().count("<sound ")]))
""")
    assert found >= 10000 and attached == 1
    assert again


def test_work_grows_with_the_devices(ours, tmp_path):
    """Ten times as many devices of all those kinds take fewer than thirty times the instructions."""
    costs = {}
    for count in (0, 30, 300):
        file = tmp_path / f"{count}"
        program = f"c.defineXML(guest(''.join(make(n) for make in KINDS.values() for n in range({count})))).XMLDesc()\nprint(0)"
        run(ours, program, "valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", "-q")
        costs[count] = int(re.search(r"^(?:totals|summary): (\d+)", file.read_text(), re.M).group(1))
    assert costs[300] - costs[0] < 30 * (costs[30] - costs[0]), costs


def test_long_texts(ours):
    assert run(ours, """
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
size = 50 << 20
said = []
for text in (guest(more="<description>" + "x" * size + "</description>"), guest(more="<description>" + "&lt;" * (size // 4) + "</description>"),
             guest(more=f"<metadata><a:b xmlns:a='urn:a' c='{'y' * size}'/></metadata>"), guest(more="<a/>" * (size // 4))):
    error = code(c.defineXML, text)
    said.append(error if error else len(c.lookupByName("guest").XMLDesc()) > size // 2)
print(json.dumps([all(one is True or one == 27 or one == 35 for one in said), len(said)]))
""") == [True, 4]


def test_depth_and_entities(ours):
    bomb = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)) + "]>"
    assert run(ours, f"""
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
bomb = {bomb!r}
said = [code(c.defineXML, guest(more="<a>" * depth + "</a>" * depth)) for depth in (100, 100000, 5000000)]
said += [code(c.defineXML, bomb + guest(more="<description>&j;</description>")), code(c.defineXML, bomb + guest(name="&j;")),
         code(c.defineXML, "<!DOCTYPE d SYSTEM '/etc/passwd'>" + guest()), code(c.defineXML, "<!DOCTYPE d [<!ENTITY x SYSTEM '/etc/passwd'>]>" + guest(more="<description>&x;</description>"))]
d = c.lookupByName("test")
said += [code(d.attachDevice, "<a>" * 1000000), code(d.updateDeviceFlags, bomb + "<hub type='&j;'/>", 0)]
print(json.dumps(["passwd" in str(said), [one for one in said if one not in (None, 27, 35, 67)], said[0], said[1] is not None and said[2] is not None, None in said[3:5] + said[7:]]))
""") == [False, [], None, True, False]


def test_more_attributes_and_names_than_there_are(ours):
    assert run(ours, """
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
said = [code(c.defineXML, guest(f"<hub type='usb' {' '.join(f'a{n}=' + chr(39) + chr(39) for n in range(count))}/>")) for count in (10, 200000)]
said += [code(c.defineXML, guest(f"<{'a' * length}/>")) for length in (100, 1 << 20)]
print(json.dumps([one for one in said if one not in (None, 27, 35)]))
""") == []

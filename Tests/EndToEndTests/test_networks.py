"""What the test driver does with networks that the reference's does not: ports, leases, metadata. On our library; the scenarios
compare the rest with the reference."""
import json
import subprocess

PREAMBLE = """
import json, libvirt
libvirt.registerErrorHandler(lambda context, error: None, None)
c = libvirt.open("test:///default")
n = c.networkLookupByName("default")
said = {}
def refused(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]
"""
PORT = "<networkport>{}<owner><name>guest</name><uuid>11111111-2222-3333-4444-000000000001</uuid></owner><mac address='52:54:00:00:00:01'/>{}</networkport>"
UUID = "<uuid>11111111-2222-3333-4444-000000000002</uuid>"


def run(environment, program):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", PREAMBLE + program + "\nprint(json.dumps(said))"], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_ports(ours):
    bandwidth = "<bandwidth><outbound average='1'/><inbound average='5' floor='2'/></bandwidth><vlan><tag id='04'/></vlan>"
    said = run(ours, f"""
port = n.portCreateXML({PORT.format(UUID, bandwidth)!r}, 0)
said["text"] = port.XMLDesc()
said["parameters"] = port.parameters()
port.setParameters({{"inbound.average": 7, "inbound.floor": 0, "outbound.burst": 3}})
said["changed"] = port.parameters()
said["listed"] = [other.UUIDString() for other in n.listAllPorts()]
said["found"] = n.portLookupByUUIDString({UUID[6:-7]!r}).UUIDString()
said["connections"] = n.XMLDesc().splitlines()[0]
said["inactive"] = c.networkLookupByName("default").XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE).splitlines()[0]
said["again"] = refused(n.portCreateXML, port.XMLDesc(), 0)
for name, text in dict(empty="", root="<a/>", owner="<networkport/>", mac={PORT.format("", "<mac address='zz'/>").replace("<mac address='52:54:00:00:00:01'/>", "")!r}, none={PORT.format("", "").replace("<mac address='52:54:00:00:00:01'/>", "")!r},
                       plug={PORT.format("", "<plug type='bridge'/>")!r}, uuid={PORT.format("<uuid>zz</uuid>", "")!r}).items():
    said[name] = refused(n.portCreateXML, text, 0)
said["flags"] = refused(n.portCreateXML, {PORT.format("", "")!r}, 1 << 8)
port.delete()
said["deleted"] = [refused(port.delete), refused(port.XMLDesc), refused(n.portLookupByUUIDString, {UUID[6:-7]!r})]
n.portCreateXML({PORT.format("", "")!r}, 0)
n.destroy()
said["stopped"] = [len(n.listAllPorts()), refused(n.portCreateXML, {PORT.format("", "")!r}, 0)]
""")
    assert said["text"] == """<networkport>
  <uuid>11111111-2222-3333-4444-000000000002</uuid>
  <owner>
    <name>guest</name>
    <uuid>11111111-2222-3333-4444-000000000001</uuid>
  </owner>
  <mac address='52:54:00:00:00:01'/>
  <bandwidth>
    <inbound average='5' floor='2'/>
    <outbound average='1'/>
  </bandwidth>
  <vlan>
    <tag id='4'/>
  </vlan>
  <plug type='network' bridge='virbr0'/>
</networkport>
"""
    parameters = {"inbound.average": 5, "inbound.peak": 0, "inbound.floor": 2, "inbound.burst": 0, "outbound.average": 1, "outbound.peak": 0, "outbound.burst": 0}
    assert said["parameters"] == parameters
    assert said["changed"] == {**parameters, "inbound.average": 7, "inbound.floor": 0, "outbound.burst": 3}
    assert said["listed"] == [said["found"]] == [UUID[6:-7]]
    assert said["connections"] == "<network connections='1'>" and said["inactive"] == "<network>"
    assert said["again"] == [106, 19]
    assert said["empty"] == [35, 19] and said["root"] == [27, 5] and said["flags"] == [8, 12]
    assert [said[name] for name in ("owner", "mac", "none", "plug", "uuid")] == [[27, 19]] * 5
    assert said["deleted"] == [[107, 19]] * 3
    assert said["stopped"] == [0, [55, 19]]


def test_leases(ours):
    said = run(ours, """
said["first"] = n.DHCPLeases()
said["none"] = n.DHCPLeases("52:54:00:00:00:09")
said["bad"] = refused(n.DHCPLeases, "zz")
n.update(3, 4, -1, "<host mac='AA:BB:CC:DD:EE:FF' name='guest' ip='192.168.122.9'><lease expiry='0'/></host>", 0)
said["reserved"] = n.DHCPLeases("aa:bb:cc:dd:ee:ff")
c.lookupByName("test").destroy()
said["off"] = n.DHCPLeases()
""")
    lease = {"iface": "virbr0", "type": 0, "mac": "aa:bb:cc:dd:ee:ff", "ipaddr": "192.168.122.2", "prefix": 24, "hostname": None, "clientid": None, "iaid": None}
    first = said["first"][0]
    assert first.pop("expirytime") > 1_600_000_000 and first == lease and len(said["first"]) == 1
    assert said["none"] == [] == said["off"] and said["bad"] == [44, 19]
    assert said["reserved"] == [{**lease, "expirytime": 0, "ipaddr": "192.168.122.9", "hostname": "guest"}]


def test_metadata(ours, modules):
    said = run({**ours, "PYTHONPATH": str(modules)}, """
libvirt.virEventRegisterDefaultImpl()
seen = []
c.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_METADATA_CHANGE, lambda con, net, kind, uri, opaque: seen.append([net.name(), kind, uri]), None)
said["none"] = [refused(n.metadata, 0, None, 0), refused(n.metadata, 2, "urn:k", 0)]
n.setMetadata(0, "what for", None, None, 0)
n.setMetadata(1, "title", None, None, libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE)
n.setMetadata(2, "<a x='1'>t</a>", "k", "urn:k", libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE | libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG)
said["kept"] = [n.metadata(0, None, 0), n.metadata(1, None, 1), n.metadata(2, "urn:k", 1), n.metadata(2, "urn:k", 2)]
said["configuration"] = refused(n.metadata, 0, None, 2)
said["text"] = n.XMLDesc()
said["bad"] = [refused(n.setMetadata, 2, "<", "k", "urn:k", 0), refused(n.setMetadata, 7, "x", None, None, 0), refused(n.setMetadata, 0, "x", None, None, 1 << 9)]
n.setMetadata(2, None, "k", "urn:k", 0)
said["gone"] = refused(n.metadata, 2, "urn:k", 0)
keep = libvirt.virEventAddTimeout(0, lambda timer, opaque: None, None)
while len(seen) < 4:
    libvirt.virEventRunDefaultImpl()
said["seen"] = seen
""")
    assert said["none"] == [[111, 19]] * 2
    assert said["kept"] == ["what for", "title", "<a x=\"1\">t</a>"] + ["<a x=\"1\">t</a>"]
    assert said["configuration"] == [111, 19]
    assert said["text"].startswith("""<network>
  <name>default</name>
  <uuid>dd8fe884-6c02-601e-7551-cca97df1c5df</uuid>
  <title>title</title>
  <description>what for</description>
  <metadata>
    <k:a xmlns:k="urn:k" x="1">t</k:a>
  </metadata>
  <forward mode='nat'/>
""")
    assert said["bad"][0] == [35, 19] and said["bad"][1][0] == 8 and said["bad"][2] == [8, 12]
    assert said["gone"] == [111, 19]
    assert said["seen"] == [["default", 0, None], ["default", 1, None], ["default", 2, "urn:k"], ["default", 2, "urn:k"]]

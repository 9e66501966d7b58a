"""What both libraries are asked to do with networks; see scenarios.py."""
import pathlib
import tempfile

import libvirt

from network_documents import DOCUMENTS, MORE

UUID = "11111111-2222-3333-4444-{:012d}"


def network(name, number=1, body=""):
    return f"<network><name>{name}</name><uuid>{UUID.format(number)}</uuid>{body}</network>"


def networks(t):
    """Definitions, the lifecycle and lists."""
    c = libvirt.open("test:///default")
    d = c.networkLookupByName("default")
    for step in ("XMLDesc", "bridgeName", "autostart", "isActive", "isPersistent", "UUIDString"):
        t.call(f"default {step}", getattr(d, step))

    def look(label, n):
        for step in ("XMLDesc", "bridgeName", "autostart", "isActive", "isPersistent"):
            t.call(f"{label}: {step}", getattr(n, step))
        t.call(f"{label}: counts", lambda: [c.numOfNetworks(), c.numOfDefinedNetworks()])
        t.call(f"{label}: names", lambda: [sorted(c.listNetworks()), sorted(c.listDefinedNetworks())])

    n = t.call("define", c.networkDefineXML, network("a"))
    look("defined", n)
    t.call("same name, other UUID", c.networkDefineXML, network("a", 2))
    t.call("same UUID, other name", c.networkDefineXML, network("b"))
    t.call("create a defined one", c.networkCreateXML, network("a", 1, "<bridge name='live'/>"))
    look("created over", n)
    for action in ("create", "destroy", "destroy", "create", "create", "undefine", "destroy"):
        t.call(action, getattr(n, action))
        look(f"after {action}", n)
    t.call("create XML twice", c.networkCreateXML, network("a"))
    t.call("create XML twice", c.networkCreateXML, network("a"))
    t.call("define while active", c.networkDefineXML, network("a", 1, "<bridge name='next'/>"))
    look("defined while active", n)
    t.call("define while active, again", c.networkDefineXML, network("a", 1, "<bridge name='last'/>"))
    t.call("destroy", n.destroy)
    look("destroyed", n)
    t.call("undefine", n.undefine)
    for action in ("undefine", "create", "destroy", "XMLDesc", "bridgeName", "autostart", "isActive", "isPersistent"):
        t.call(f"gone: {action}", getattr(n, action))
    t.call("gone: setAutostart", n.setAutostart, 1)
    n = t.call("transient", c.networkCreateXML, network("t", 3))
    for action in ("setAutostart", "autostart", "undefine", "isPersistent", "destroy", "isActive"):
        t.call(f"transient: {action}", getattr(n, action), *((1,) if action == "setAutostart" else ()))
    n = c.networkCreateXML(network("t", 3))
    t.call("transient defined", c.networkDefineXML, network("t", 3))
    t.call("transient now persistent", n.isPersistent)
    t.call("transient destroyed", n.destroy)
    look("transient destroyed", n)
    t.call("undefine", n.undefine)
    for value in (1, 0, 2, -1):
        t.call(f"setAutostart {value}", d.setAutostart, value)
        t.call("autostart", d.autostart)
    for flags in (2, 4, 1 << 20):
        t.call(f"XMLDesc {flags}", d.XMLDesc, flags)
        t.call(f"define flags {flags}", c.networkDefineXMLFlags, network("f", 4), flags)
        t.call(f"create flags {flags}", c.networkCreateXMLFlags, network("f", 4), flags)
    for label, function, argument in (("name", c.networkLookupByName, "nobody"), ("empty name", c.networkLookupByName, ""), ("uuid", c.networkLookupByUUIDString, UUID.format(77)),
                                      ("bad uuid", c.networkLookupByUUIDString, "zz"), ("raw uuid", c.networkLookupByUUID, bytes(16)), ("uuid found", c.networkLookupByUUID, d.UUID())):
        t.call(f"lookup {label}", function, argument)
    with libvirt.openReadOnly("test:///default") as r:
        d = r.networkLookupByName("default")
        for label, function, arguments in (("create", d.create, ()), ("destroy", d.destroy, ()), ("undefine", d.undefine, ()), ("define", r.networkDefineXML, (network("x"),)),
                                           ("create XML", r.networkCreateXML, (network("x"),)), ("autostart", d.setAutostart, (1,)), ("update", d.update, (1, 1, 0, "<a/>", 0)), ("XMLDesc", d.XMLDesc, (0,))):
            t.call(f"read-only {label}", function, *arguments)


def network_lists(t):
    """Every combination of filters."""
    c = libvirt.open("test:///default")
    c.networkDefineXML(network("off", 1))
    c.networkCreateXML(network("transient", 2))
    c.networkDefineXML(network("auto", 3)).setAutostart(1)
    c.networkDefineXML(network("on", 4)).create()
    for flags in range(1 << 6):
        t.call(f"flags {flags:#x}", lambda: sorted(n.name() for n in c.listAllNetworks(flags)))
    for flags in (1 << 6, 1 << 10, 1 << 31):
        t.call(f"unknown flag {flags:#x}", c.listAllNetworks, flags)
    t.call("most", lambda: [sorted(c.listNetworks()), sorted(c.listDefinedNetworks())])


def network_events(t):
    """What listeners hear of networks."""
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    seen = []

    def hear(label):
        return lambda con, net, event, detail, opaque: seen.append([label, net.name(), event, detail, opaque])

    d = c.networkLookupByName("default")
    ids = [c.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, hear("any"), "any"),
           c.networkEventRegisterAny(d, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, hear("default"), None)]
    t.note("ids", ids)
    n = c.networkDefineXML(network("n"))
    t.drain("define", seen)
    c.networkDefineXML(network("n"))
    t.drain("define again", seen)
    for action in ("create", "create", "destroy", "destroy", "undefine"):
        t.call(action, getattr(n, action))
        t.drain(f"after {action}", seen)
    n = c.networkCreateXML(network("t", 2))
    t.drain("create transient", seen)
    t.call("destroy", n.destroy)
    t.drain("destroy transient", seen)
    for action in ("destroy", "create"):
        t.call(action, getattr(d, action))
        t.drain(f"default {action}", seen)
    for identifier in ids:
        t.call("deregister", c.networkEventDeregisterAny, identifier)
    t.call("deregister again", c.networkEventDeregisterAny, ids[0])
    t.call("bad event", c.networkEventRegisterAny, None, -1, hear("bad"), None)
    t.call("bad event", c.networkEventRegisterAny, None, 99, hear("bad"), None)
    d.destroy()
    t.drain("after deregistering", seen)


def network_documents(t):
    """What is read, refused, completed and written."""
    c = libvirt.open("test:///default")
    for label, (attributes, body) in [*((f"{attributes} {body}", (attributes, body)) for attributes, body in DOCUMENTS), *MORE.items()]:
        text = f"<network {attributes}><name>x</name><uuid>{UUID.format(1)}</uuid>{body}</network>"
        n = t.call(f"define {label}", c.networkDefineXML, text)
        written = n.XMLDesc() if n else None
        t.note(f"XMLDesc {label}", written)
        t.call(f"again {label}", lambda: written is None or c.networkDefineXML(written).XMLDesc() == written)
        if n:
            n.undefine()
    for text in ("", " ", "<", "<a/>", "<network/>", "<network><name/></network>", "<network><name>a/b</name></network>", "<network><name> </name></network>", "<network><name>a</name><uuid>zz</uuid></network>",
                 "<domain type='test'><name>x</name></domain>", "<network><name>a b</name></network>", "<network><name>.</name></network>", "<network><name>é</name></network>", "<network>", network("x") + "<x/>",
                 "<!DOCTYPE a [<!ENTITY b 'c'>]><network><name>x</name></network>", "<network><name>a</name><name>b</name></network>"):
        for what in ("networkDefineXML", "networkCreateXML"):
            n = t.call(f"{what} {text}", getattr(c, what), text)
            if n and n.isActive():
                n.destroy()
            elif n:
                n.undefine()


ROUTED = network("x", 1, "<forward mode='nat'/><bridge name='v'/><domain name='d'/><dns><txt name='t' value='v'/><srv service='s' protocol='tcp' domain='d' target='t' port='5'/><host ip='10.0.0.2'><hostname>a</hostname></host></dns>"
                 "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.10' end='10.0.0.20'/><host mac='52:54:00:00:00:01' name='n' ip='10.0.0.5'/></dhcp></ip><ip family='ipv6' address='fd00::1' prefix='64'/><portgroup name='p'/>")
BRIDGED = network("y", 2, "<forward mode='bridge'><interface dev='a'/></forward>")
FUNCTIONS = network("z", 3, "<forward mode='hostdev'><pf dev='a'/></forward>")
PLAIN = network("w", 4, "<ip address='10.0.0.1' prefix='24'/>")
EMPTY = network("v", 5)
SERVED_TWICE = network("u", 6, "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.4'/></dhcp></ip><ip address='10.1.0.1' prefix='24'><dhcp><range start='10.1.0.2' end='10.1.0.4'/></dhcp></ip>")
SERVED_ONCE = network("u", 6, "<ip address='10.0.0.1' prefix='24'/><ip address='10.1.0.1' prefix='24'><dhcp><range start='10.1.0.2' end='10.1.0.4'/></dhcp></ip>")
RECORDS = network("r", 7, "<dns><host ip='10.0.0.2'><hostname>a</hostname><hostname>b</hostname></host><host ip='10.0.0.3'><hostname>b</hostname></host><srv service='s' protocol='tcp'/><srv service='s' protocol='udp'/></dns><portgroup name='p' default='yes'/><portgroup name='q'/>")
# Section, network, what to change it with.
CHANGES = {
    libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST: ((ROUTED, (
        "<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>", "<host mac='52:54:00:00:00:01' ip='10.0.0.7'/>", "<host mac='52:54:00:00:00:01'/>", "<host ip='10.0.0.5'/>", "<host name='n'/>", "<host name='q' ip='10.0.0.5'/>", "<host/>", "<host mac='zz'/>",
        "<host mac='52:54:00:00:00:02' ip='10.0.0.5'/>", "<host mac='52:54:00:00:00:02' name='n' ip='10.0.0.8'/>", "<host mac='52:54:00:00:00:01' name='m' ip='10.0.0.5'/>", "<host name='six' ip='fd00::6'/>", "<range/>")), (BRIDGED, ("<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>",)),
        (PLAIN, ("<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>",)), (SERVED_TWICE, ("<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>",)), (SERVED_ONCE, ("<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>",))),
    libvirt.VIR_NETWORK_SECTION_IP_DHCP_RANGE: ((ROUTED, (
        "<range start='10.0.0.30' end='10.0.0.40'/>", "<range start='10.0.0.10' end='10.0.0.20'/>", "<range start='10.0.0.10' end='10.0.0.21'/>", "<range/>", "<range start='11.0.0.1' end='11.0.0.4'/>", "<host/>")), (PLAIN, ("<range start='10.0.0.2' end='10.0.0.4'/>",)),
        (EMPTY, ("<range start='10.0.0.2' end='10.0.0.4'/>",)), (SERVED_ONCE, ("<range start='10.1.0.6' end='10.1.0.7'/>",))),
    libvirt.VIR_NETWORK_SECTION_FORWARD_INTERFACE: ((BRIDGED, ("<interface dev='a'/>", "<interface dev='b'/>", "<interface/>", "<a/>")), (ROUTED, ("<interface dev='b'/>",)), (FUNCTIONS, ("<interface dev='b'/>",)), (EMPTY, ("<interface dev='b'/>",))),
    libvirt.VIR_NETWORK_SECTION_PORTGROUP: ((ROUTED, ("<portgroup name='p'/>", "<portgroup name='q' default='yes'/>", "<portgroup/>", "<portgroup name='p' default='yes'/>", "<a/>")), (RECORDS, ("<portgroup name='q' default='yes'/>", "<portgroup name='r' default='yes'/>", "<portgroup name='p'/>")),
                                            (EMPTY, ("<portgroup name='q'><vlan><tag id='4'/></vlan></portgroup>", "<portgroup name='q'><vlan/></portgroup>"))),
    libvirt.VIR_NETWORK_SECTION_DNS_HOST: ((ROUTED, (
        "<host ip='10.0.0.2'/>", "<host ip='10.0.0.2'><hostname>a</hostname></host>", "<host ip='10.0.0.3'><hostname>b</hostname></host>", "<host ip='10.0.0.3'><hostname>a</hostname></host>", "<host/>", "<host><hostname>a</hostname></host>", "<host ip='10.0.0.2'><hostname>c</hostname></host>", "<a/>")),
        (EMPTY, ("<host ip='10.0.0.3'><hostname>b</hostname></host>",)), (RECORDS, ("<host><hostname>b</hostname></host>", "<host ip='10.0.0.3'/>"))),
    libvirt.VIR_NETWORK_SECTION_DNS_TXT: ((ROUTED, ("<txt name='t'/>", "<txt name='t' value='v'/>", "<txt name='u' value='w'/>", "<txt/>", "<txt name='t' value='z'/>", "<a/>")), (EMPTY, ("<txt name='u' value='w'/>",))),
    libvirt.VIR_NETWORK_SECTION_DNS_SRV: ((ROUTED, (
        "<srv service='s'/>", "<srv service='s' protocol='tcp'/>", "<srv service='s' protocol='udp' target='q' port='4'/>", "<srv service='s' protocol='tcp' domain='d' target='t' port='5'/>", "<srv/>", "<srv service='r' protocol='tcp'/>", "<srv protocol='tcp'/>", "<a/>")),
        (RECORDS, ("<srv service='s'/>", "<srv protocol='udp'/>"))),
}


def network_updates(t):
    """Every section with every command."""
    c = libvirt.open("test:///default")

    def update(label, text, command, section, index, change, flags=0, active=False):
        n = c.networkDefineXML(text)
        if active:
            n.create()
        t.call(label, n.update, command, section, index, change, flags)
        t.note(f"{label}: then", n.XMLDesc())
        if active:
            n.destroy()
        n.undefine()

    for section in range(-1, 15):
        for command in range(-1, 6):
            update(f"section {section}, command {command}", ROUTED, command, section, -1, "<a/>")
    for section, cases in CHANGES.items():
        for text, changes in cases:
            for change in changes:
                for command in range(6):
                    update(f"section {section} of {text[15:16]}, command {command}: {change}", text, command, section, -1, change)
    for index in (-2, -1, 0, 1, 2, 5):
        for command, section, change in ((3, 4, "<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>"), (3, 4, "<host name='six' ip='fd00::6'/>"), (2, 4, "<host mac='52:54:00:00:00:01'/>"), (3, 5, "<range start='10.0.0.30' end='10.0.0.40'/>"), (2, 5, "<range start='10.0.0.10' end='10.0.0.20'/>")):
            update(f"index {index}, command {command}: {change}", ROUTED, command, section, index, change)
    host = "<host mac='52:54:00:00:00:02' ip='10.0.0.6'/>"
    for change in ("", "<", "<x/>", host + host, "text"):
        update(f"change {change}", ROUTED, 3, 4, -1, change)
    for flags in (0, 1, 2, 3, 4, 8, 1 << 20):
        for active in (False, True):
            update(f"flags {flags}, active {active}", ROUTED, 3, 4, -1, host, flags, active)
    n = c.networkCreateXML(ROUTED)
    for flags in range(4):
        t.call(f"transient, flags {flags}", n.update, 3, 4, -1, host.replace("2'", f"{flags + 4}'").replace("6'", f"{flags + 12}'"), flags)
    t.note("transient then", n.XMLDesc())
    n.destroy()
    t.call("gone", n.update, 3, 4, -1, host, 0)


def network_worlds(t):
    """Files that describe a world with networks."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "network.xml").write_text(network("beside", 2))
        for label, content in (("two", network("inline") + "<network file='network.xml'/>"), ("absolute", f"<network file='{folder}/network.xml'/>"), ("none", ""), ("missing", "<network file='nowhere.xml'/>"), ("wrong", "<network/>"),
                               ("the same name twice", network("a", 1) + network("a", 2)), ("the same UUID twice", network("a", 1) + network("b", 1)), ("the same twice", network("a", 1) + network("a", 1)), ("not a network", "<network file='world.xml'/>")):
            (folder / "world.xml").write_text(f"<node>{content}</node>")
            c = t.call(f"{label}: open", lambda: libvirt.open(f"test://{folder}/world.xml"))
            t.call(f"{label}: networks", lambda: c and sorted([n.name(), n.isActive(), n.isPersistent(), n.autostart(), n.XMLDesc()] for n in c.listAllNetworks()))


SCENARIOS = (network_documents, network_worlds, network_updates, networks, network_lists, network_events)

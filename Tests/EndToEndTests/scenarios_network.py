"""What both libraries are asked to do with networks; see scenarios.py."""
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
    keep = libvirt.virEventAddTimeout(0, lambda timer, opaque: None, None)

    def drain(label):
        for _ in range(3):
            libvirt.virEventRunDefaultImpl()
        t.note(label, sorted(seen, key=str))
        seen.clear()

    n = c.networkDefineXML(network("n"))
    drain("define")
    c.networkDefineXML(network("n"))
    drain("define again")
    for action in ("create", "create", "destroy", "destroy", "undefine"):
        t.call(action, getattr(n, action))
        drain(f"after {action}")
    n = c.networkCreateXML(network("t", 2))
    drain("create transient")
    t.call("destroy", n.destroy)
    drain("destroy transient")
    for action in ("destroy", "create"):
        t.call(action, getattr(d, action))
        drain(f"default {action}")
    for identifier in ids:
        t.call("deregister", c.networkEventDeregisterAny, identifier)
    t.call("deregister again", c.networkEventDeregisterAny, ids[0])
    t.call("bad event", c.networkEventRegisterAny, None, -1, hear("bad"), None)
    t.call("bad event", c.networkEventRegisterAny, None, 99, hear("bad"), None)
    d.destroy()
    drain("after deregistering")
    libvirt.virEventRemoveTimeout(keep)


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


SCENARIOS = (network_documents, networks, network_lists, network_events)

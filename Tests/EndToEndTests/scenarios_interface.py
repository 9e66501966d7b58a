"""What both libraries are asked to do with interfaces of the host; see scenarios.py."""
import pathlib
import tempfile

import libvirt

from interface_documents import DOCUMENTS, MORE


def ethernet(name, mac="52:54:00:00:00:01", body=""):
    return f"<interface type='ethernet' name='{name}'>{body}<mac address='{mac}'/></interface>"


def interface_documents(t):
    """What is read, refused, completed and written."""
    c = libvirt.open("test:///default")
    for label, text in [*((text, text) for text in DOCUMENTS), *MORE.items()]:
        i = t.call(f"define {label}", c.interfaceDefineXML, text)
        written = i.XMLDesc() if i else None
        t.note(f"XMLDesc {label}", written)
        t.note(f"MAC {label}", i.MACString() if i else None)
        t.call(f"again {label}", lambda: written is None or c.interfaceDefineXML(written).XMLDesc() == written)
        if i:
            i.undefine()


def interfaces(t):
    """Definitions, the lifecycle, lists, and changes that are taken back."""
    c = libvirt.open("test:///default")
    d = c.interfaceLookupByName("eth1")
    for step in ("XMLDesc", "isActive", "MACString", "name"):
        t.call(f"eth1 {step}", getattr(d, step))

    def look(label):
        t.call(f"{label}: counts", lambda: [c.numOfInterfaces(), c.numOfDefinedInterfaces()])
        t.call(f"{label}: names", lambda: [sorted(c.listInterfaces()), sorted(c.listDefinedInterfaces())])
        for name in ("eth1", "eth2"):
            t.call(f"{label}: {name}", lambda: (lambda i: [i.isActive(), i.MACString(), i.XMLDesc()])(c.interfaceLookupByName(name)))

    look("at first")
    i = t.call("define", c.interfaceDefineXML, ethernet("eth2"))
    look("defined")
    t.call("define again", c.interfaceDefineXML, ethernet("eth2", "52:54:00:00:00:02"))
    look("defined again")
    t.call("an old handle", i.MACString)
    for action in ("create", "create", "destroy", "destroy", "create"):
        t.call(action, getattr(i, action))
        look(f"after {action}")
    t.call("define while active", c.interfaceDefineXML, ethernet("eth2", "52:54:00:00:00:03"))
    look("defined while active")
    t.call("destroy", i.destroy)
    look("destroyed")
    t.call("create", i.create)
    t.call("undefine while active", i.undefine)
    look("undefined while active")
    for action in ("undefine", "create", "destroy", "XMLDesc", "isActive"):
        t.call(f"gone: {action}", getattr(i, action))
    c.interfaceDefineXML(ethernet("a", "AA:00:00:00:00:01"))
    c.interfaceDefineXML(ethernet("b", "aa:00:00:00:00:02"))
    c.interfaceDefineXML(ethernet("c", "aa:00:00:00:00:02"))
    for mac in ("aa:00:00:00:00:01", "AA:00:00:00:00:01", "aa:00:00:00:00:02", "aa:00:00:00:00:03", "zz", "", "aa:bb:cc:dd:ee:ff", "aa:0:0:0:0:1"):
        t.call(f"MAC {mac}", c.interfaceLookupByMACString, mac)
    c.interfaceDefineXML(ethernet("a", "aa:00:00:00:00:09"))
    c.interfaceLookupByName("b").undefine()
    for number in (1, 2, 9):
        t.call(f"changed: MAC {number}", lambda: c.interfaceLookupByMACString(f"aa:00:00:00:00:0{number}").name())
    c.interfaceDefineXML(ethernet("a", "AA:00:00:00:00:01"))
    c.interfaceDefineXML(ethernet("b", "aa:00:00:00:00:02"))
    for number in (1, 2, 9):
        t.call(f"changed back: MAC {number}", lambda: c.interfaceLookupByMACString(f"aa:00:00:00:00:0{number}").name())
    c.interfaceDefineXML("<interface type='ethernet' name='d'/>")
    t.call("MAC beside an interface that has none", c.interfaceLookupByMACString, "aa:00:00:00:00:01")
    for name in ("nobody", "", "a", "eth1"):
        t.call(f"name {name}", c.interfaceLookupByName, name)
    for flags in (0, 1, 2, 3, 4, 7, 1 << 20):
        t.call(f"list {flags}", lambda: sorted(x.name() for x in c.listAllInterfaces(flags)))
        for label, function, arguments in (("XMLDesc", d.XMLDesc, ()), ("create", d.create, ()), ("destroy", d.destroy, ()), ("define", c.interfaceDefineXML, (ethernet("e"),)),
                                           ("begin", c.changeBegin, ()), ("commit", c.changeCommit, ()), ("rollback", c.changeRollback, ())):
            if flags > 1:
                t.call(f"{label} {flags}", function, *arguments, flags)
    with libvirt.openReadOnly("test:///default") as r:
        x = r.interfaceLookupByName("eth1")
        for label, function, arguments in (("create", x.create, ()), ("destroy", x.destroy, ()), ("undefine", x.undefine, ()), ("define", r.interfaceDefineXML, (ethernet("x"),)), ("begin", r.changeBegin, ()),
                                           ("commit", r.changeCommit, ()), ("rollback", r.changeRollback, ()), ("XMLDesc", x.XMLDesc, (0,))):
            t.call(f"read-only {label}", function, *arguments)


def interface_changes(t):
    """Changes that are kept and that are taken back."""
    c = libvirt.open("test:///default")

    def look(label):
        t.note(f"{label}: all", sorted([i.name(), i.XMLDesc()] for i in c.listAllInterfaces()))
        t.note(f"{label}: active", sorted(c.listInterfaces()))

    for action in ("changeCommit", "changeRollback", "changeBegin", "changeBegin", "changeCommit", "changeCommit", "changeBegin", "changeRollback", "changeRollback"):
        t.call(action, getattr(c, action))
    c.interfaceDefineXML(ethernet("eth2"))
    c.changeBegin()
    c.interfaceDefineXML(ethernet("eth3")).create()
    c.interfaceDefineXML(ethernet("eth2", "52:54:00:00:00:02"))
    c.interfaceLookupByName("eth1").undefine()
    look("before commit")
    t.call("commit", c.changeCommit)
    look("after commit")
    c.changeBegin()
    c.interfaceLookupByName("eth2").undefine()
    c.interfaceDefineXML(ethernet("eth3", "52:54:00:00:00:03"))
    c.interfaceDefineXML(ethernet("eth4"))
    look("before rollback")
    other = libvirt.open("test:///default")
    t.call("begin on another connection", other.changeBegin)
    t.call("rollback on another connection", other.changeRollback)
    look("after rollback")
    t.call("rollback again", c.changeRollback)


def interface_worlds(t):
    """Files that describe a world with interfaces."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "interface.xml").write_text(ethernet("beside"))
        for label, content in (("two", ethernet("inline") + "<interface file='interface.xml'/>"), ("wrong", "<interface/>"), ("missing", "<interface file='nowhere.xml'/>"), ("the same name twice", ethernet("a") + ethernet("a", "52:54:00:00:00:02"))):
            (folder / "world.xml").write_text(f"<node>{content}</node>")
            c = t.call(f"{label}: open", lambda: libvirt.open(f"test://{folder}/world.xml"))
            t.call(f"{label}: interfaces", lambda: c and sorted([i.name(), i.isActive(), i.XMLDesc()] for i in c.listAllInterfaces()))


SCENARIOS = (interface_documents, interfaces, interface_changes, interface_worlds)

"""What both libraries are asked to do with storage pools and volumes; see scenarios.py."""
import os
import tempfile

import libvirt

import storage_documents
from storage_documents import KINDS

UUID = "11111111-2222-3333-4444-{:012d}"


def pool(name, number=1, path=None, kind="dir", source=""):
    target = f"<target><path>{path or '/' + name}</path></target>"
    return f"<pool type='{kind}'><name>{name}</name><uuid>{UUID.format(number)}</uuid>{source}{target}</pool>"


def volume(name, capacity=100, body="", target=""):
    return f"<volume><name>{name}</name><capacity>{capacity}</capacity>{body}<target>{target}</target></volume>"


def counts(c):
    return [c.numOfStoragePools(), c.numOfDefinedStoragePools(), sorted(c.listStoragePools()), sorted(c.listDefinedStoragePools())]


def look(t, label, p):
    for step in ("XMLDesc", "info", "isActive", "isPersistent", "autostart", "UUIDString", "numOfVolumes"):
        t.call(f"{label}: {step}", getattr(p, step))
    t.call(f"{label}: volumes", lambda: [sorted(p.listVolumes()), sorted(v.name() for v in p.listAllVolumes())])


def pools(t):
    """Definitions and the lifecycle."""
    c = libvirt.open("test:///default")
    d = c.storagePoolLookupByName("default-pool")
    look(t, "default", d)
    p = t.call("define", c.storagePoolDefineXML, pool("a"))
    look(t, "defined", p)
    t.call("same name, other UUID", c.storagePoolDefineXML, pool("a", 2, "/x"))
    t.call("same UUID, other name", c.storagePoolDefineXML, pool("b", 1, "/x"))
    t.call("same path", c.storagePoolDefineXML, pool("b", 2, "/a"))
    t.call("same path, created", c.storagePoolCreateXML, pool("b", 2, "/a"))
    for action in ("build", "refresh", "create", "create", "build", "refresh", "delete", "undefine", "destroy", "destroy", "refresh", "delete", "create", "destroy", "undefine"):
        t.call(action, getattr(p, action), *(() if action in ("destroy", "undefine") else (0,)))
        if action != "undefine":
            look(t, f"after {action}", p)
        t.call(f"after {action}: counts", counts, c)
    for action in ("create", "build", "delete", "refresh", "undefine", "destroy", "XMLDesc", "info", "isActive", "isPersistent", "autostart", "numOfVolumes", "listVolumes", "listAllVolumes"):
        t.call(f"gone: {action}", getattr(p, action))
    t.call("gone: setAutostart", p.setAutostart, 1)
    t.call("gone: volume", p.createXML, volume("v"))
    t.call("gone: volume by name", p.storageVolLookupByName, "v")
    p = t.call("create XML", c.storagePoolCreateXML, pool("t", 3))
    look(t, "transient", p)
    t.call("create XML twice", c.storagePoolCreateXML, pool("t", 3))
    for action in ("setAutostart", "undefine", "isPersistent", "destroy", "isActive", "XMLDesc"):
        t.call(f"transient: {action}", getattr(p, action), *((1,) if action == "setAutostart" else ()))
    p = c.storagePoolCreateXML(pool("t", 3))
    p.createXML(volume("lost"))
    p.destroy()
    p = c.storagePoolDefineXML(pool("t", 3))
    p.create()
    look(t, "the same name again", p)
    p.destroy()
    t.call("create XML over a defined one", c.storagePoolCreateXML, pool("t", 3))
    look(t, "created over", p)
    t.call("destroy", p.destroy)
    look(t, "destroyed again", p)
    for value in (1, 0, 2, -1):
        t.call(f"setAutostart {value}", d.setAutostart, value)
        t.call("autostart", d.autostart)
    for flags in (2, 4, 8, 16, 1 << 20):
        for action in ("XMLDesc", "build", "create", "delete", "refresh"):
            t.call(f"{action} flags {flags}", getattr(p, action), flags)
        t.call(f"define flags {flags}", c.storagePoolDefineXML, pool("f", 4), flags)
        t.call(f"create XML flags {flags}", c.storagePoolCreateXML, pool("f", 4), flags)
    t.call("build flags 1", p.build, 1)


def pool_redefinition(t):
    """A pool defined while it is active."""
    c = libvirt.open("test:///default")
    p = c.storagePoolDefineXML(pool("r", 1, "/old"))
    p.create()
    v = p.createXML(volume("v", 7))
    t.call("define while active", c.storagePoolDefineXML, pool("r", 1, "/new"))
    look(t, "active", p)
    t.call("volume", v.XMLDesc)
    t.call("another volume", lambda: p.createXML(volume("w", 5)).path())
    t.call("the old path", c.storagePoolDefineXML, pool("o", 2, "/old"))
    p.destroy()
    look(t, "destroyed", p)
    p.create()
    look(t, "started", p)
    t.call("volume again", v.XMLDesc)


def pool_lookups(t):
    """Names, UUIDs, and handles that read only."""
    c = libvirt.open("test:///default")
    d = c.storagePoolLookupByName("default-pool")
    for label, function, argument in (("name", c.storagePoolLookupByName, "nobody"), ("empty name", c.storagePoolLookupByName, ""), ("uuid", c.storagePoolLookupByUUIDString, UUID.format(77)), ("bad uuid", c.storagePoolLookupByUUIDString, "zz"),
                                      ("raw uuid", c.storagePoolLookupByUUID, bytes(16)), ("uuid found", c.storagePoolLookupByUUID, d.UUID()), ("uuid text found", c.storagePoolLookupByUUIDString, d.UUIDString())):
        t.call(f"lookup {label}", function, argument)
    with libvirt.openReadOnly("test:///default") as r:
        d = r.storagePoolLookupByName("default-pool")
        for label, function, arguments in (("create", d.create, ()), ("destroy", d.destroy, ()), ("undefine", d.undefine, ()), ("define", r.storagePoolDefineXML, (pool("x"),)), ("create XML", r.storagePoolCreateXML, (pool("x"),)),
                                           ("autostart", d.setAutostart, (1,)), ("build", d.build, ()), ("delete", d.delete, ()), ("refresh", d.refresh, ()), ("volume", d.createXML, (volume("v"),)), ("XMLDesc", d.XMLDesc, ()),
                                           ("sources", r.findStoragePoolSources, ("logical", None))):
            t.call(f"read-only {label}", function, *arguments)


def pool_lists(t):
    """Every combination of the common filters, and every type."""
    c = libvirt.open("test:///default")
    everything = {"fs": "<device path='/dev/fs'/>", "netfs": "<host name='h'/><dir path='/d'/>", "logical": "<name>vg</name>", "disk": "<device path='/dev/disk'/>", "iscsi": "<host name='h'/>", "scsi": "<adapter name='host9'/>",
                  "rbd": "<host name='h'/><name>n</name>", "gluster": "<host name='h'/>", "iscsi-direct": "<host name='h'/><initiator><iqn name='i'/></initiator>", "sheepdog": "<host name='h'/>"}
    for number, kind in enumerate(KINDS):
        p = t.call(f"define {kind}", c.storagePoolDefineXML, pool(kind, number, kind=kind, source=f"<source>{everything.get(kind, '')}</source>"))
        if number % 2:
            p.create()
        if number % 3:
            p.setAutostart(1)
        p.create() if not p.isActive() else None
        if kind not in ("rbd", "gluster", "iscsi-direct", "sheepdog"):
            v = p.createXML(volume("v"))
            t.call(f"{kind}: volume", lambda: [v.XMLDesc(), v.info(), v.key(), v.path()])
        else:
            v = p.createXML(volume("v"))
            t.call(f"{kind}: volume", lambda: [v.info(), v.name()])
        if number % 2 == 0:
            p.destroy()
    c.storagePoolCreateXML(pool("transient", 99))
    for flags in range(1 << 6):
        t.call(f"flags {flags:#x}", lambda: sorted(p.name() for p in c.listAllStoragePools(flags)))
    for bit in range(6, 32):
        t.call(f"flag {1 << bit:#x}", lambda: sorted(p.name() for p in c.listAllStoragePools(1 << bit)))
        t.call(f"flag {1 << bit:#x}, active", lambda: sorted(p.name() for p in c.listAllStoragePools(1 << bit | 2)))
    t.call("two types", lambda: sorted(p.name() for p in c.listAllStoragePools(1 << 6 | 1 << 7)))
    t.call("counts", counts, c)


def pool_sources(t):
    """What looking for sources finds."""
    c = libvirt.open("test:///default")
    for kind in (*KINDS, "xx", ""):
        for asked in (None, "<source/>", "<sour", "<source><host name='h'/></source>", "<source><host/></source>", "<pool/>", "", "<source><host name='h' port='x'/><name>n</name></source>"):
            if kind == "netfs" and asked == "<source/>":
                continue  # ends the reference
            for flags in (0, 1):
                t.call(f"{kind} {asked} {flags}", c.findStoragePoolSources, kind, asked, flags)
    t.call("several hosts", c.findStoragePoolSources, "netfs", "<source><host name='a' port='5'/><host name='b'/></source>")


def pool_documents(t):
    """What is read, refused, completed and written."""
    c = libvirt.open("test:///default")
    for kind, source, target, before, behind in storage_documents.pools():
        label = f"{kind} {source} {target} {before} {behind}"
        inside = "".join(("" if source is None else f"<source>{source}</source>", "" if target is None else f"<target>{target}</target>"))
        p = t.call(f"define {label}", c.storagePoolDefineXML, f"<pool type='{kind}'><name>x</name><uuid>{UUID.format(1)}</uuid>{before}{inside}{behind}</pool>")
        written = p.XMLDesc() if p else None
        t.note(f"XMLDesc {label}", written)
        t.call(f"again {label}", lambda: written is None or c.storagePoolDefineXML(written).XMLDesc() == written)
        if p:
            p.undefine()
    for text in ("", " ", "<", "<a/>", "<pool/>", "<pool><name>x</name></pool>", "<pool type='dir'><name/></pool>", "<pool type='dir'><name>a/b</name><target><path>/a</path></target></pool>", "<volume/>", "<pool type='dir'>",
                 "<pool type='dir'><name> </name><target><path>/a</path></target></pool>", "<pool type='dir'><name>a</name><uuid>zz</uuid><target><path>/a</path></target></pool>", "<pool type='dir'><name>é</name><target><path>/ü</path></target></pool>",
                 "<!DOCTYPE a [<!ENTITY b 'c'>]>" + pool("x"), pool("x") + "<x/>", "<pool type='dir'><name>a</name><name>b</name><target><path>/a</path></target></pool>", "<pool type='dir'><target><path>/a</path></target></pool>"):
        for what in ("storagePoolDefineXML", "storagePoolCreateXML"):
            p = t.call(f"{what} {text}", getattr(c, what), text)
            if p and p.isActive():
                p.destroy()
            elif p:
                p.undefine()
    for part in storage_documents.UNKNOWN:
        p = t.call(f"define {part}", c.storagePoolDefineXML, f"<pool type='dir'><name>x</name><uuid>{UUID.format(1)}</uuid>{part}<target><path>/t</path></target></pool>")
        t.note(f"XMLDesc {part}", p.XMLDesc())
        p.undefine()


def device(name):
    return f"<device path='/dev/{name}'/>"


def pool_conflicts(t):
    """Pools that want the same."""
    adapter = "<adapter type='scsi_host'><parentaddr unique_id='{}'><address bus='3'/></parentaddr></adapter>"
    channel = "<adapter type='fc_host' parent='{}' wwnn='20000000c9831b4b' wwpn='1000000{}c9831b4b'/>"
    iqn = "<initiator><iqn name='{}'/></initiator>"
    sets = {
        "dir": [("dir", "", "/a"), ("dir", "", "/a/"), ("fs", device("x"), "/a"), ("dir", "", "/b")],
        "devices": [("fs", device("a"), "/a"), ("fs", device("a"), "/b"), ("disk", device("a"), "/c"), ("logical", device("a"), "/d"), ("zfs", device("a"), "/e"), ("logical", device("b") + device("c"), "/f"), ("disk", device("c"), "/g")],
        "groups": [("logical", "<name>vg</name>", "/a"), ("logical", "<name>vg</name>", "/b"), ("zfs", "<name>vg</name>", "/c"), ("zfs", "<name>vg</name>", "/d")],
        "netfs": [("netfs", f"<host name='{h}'{p}/><dir path='{d}'/>", "/a") for h, p, d in (("h", "", "/d"), ("h", "", "/d/"), ("i", "", "/d"), ("h", "", "/e"), ("h", " port='1'", "/d"), ("h", " port='2'", "/d"), ("h", " port='0'", "/d"))],
        "hosts": [("netfs", "".join(f"<host name='{h}'/>" for h in hosts) + "<dir path='/d'/>", "/a") for hosts in ("ab", "b", "ba", "ac", "bc", "c", "cb")],
        "iscsi": [("iscsi", "<host name='h'/>" + rest, "/a") for rest in (device("q"), device("q"), device("r"), device("q") + iqn.format("a"), device("q") + iqn.format("a"), device("q") + iqn.format("b"), device("s") + device("t"), device("t"))],
        "iscsi-direct": [("iscsi-direct", "<host name='h'/>" + device("q") + iqn.format("a"), "/a")] * 2 + [("iscsi", "<host name='h'/>" + device("q") + iqn.format("a"), "/a")],
        "scsi": [("scsi", text, "/a") for text in ("<adapter name='host1'/>", "<adapter name='scsi_host1'/>", "<adapter name='host2'/>", "<adapter name='host01'/>", "<adapter name='foo'/>", "<adapter name='foo'/>", adapter.format(1), adapter.format(1),
                                                   adapter.format(2), channel.format("scsi_host3", 0), channel.format("scsi_host4", 0), channel.format("scsi_host3", 1))],
        "network": [(kind, f"<host name='{h}'/><name>{n}</name><dir path='{d}'/>", "/a") for kind in ("rbd", "gluster", "sheepdog") for h, n, d in (("h", "n", "/"), ("h", "n", "/"), ("h", "m", "/"), ("i", "n", "/"), ("h", "n", "/e"))],
        "vstorage": [("vstorage", f"<name>{n}</name>", p) for n, p in (("n", "/a"), ("n", "/b"), ("m", "/a"))],
        "mpath": [("mpath", "", "/a"), ("mpath", "", "/b"), ("dir", "", "/a")],
    }
    for label, wanted in sets.items():
        c = libvirt.open("test:///default")
        made = []
        for number, (kind, source, path) in enumerate(wanted):
            p = t.call(f"{label} {number}", c.storagePoolDefineXML, pool(f"n{number}", number, path, kind, f"<source>{source}</source>"))
            made += [p] if p else []
        if label == "dir":
            t.call("redefined itself", c.storagePoolDefineXML, pool("n0", 0, "/a"))
            t.call("moved to what another one has", c.storagePoolDefineXML, pool("n0", 0, "/b"))
            t.call("moved", c.storagePoolDefineXML, pool("n0", 0, "/c"))
            t.call("what it left", c.storagePoolDefineXML, pool("n9", 9, "/a")).undefine()
        for p in made:
            p.undefine()
        for number, (kind, source, path) in enumerate(wanted[:1]):
            t.call(f"{label} free again", c.storagePoolDefineXML, pool("again", 50, path, kind, f"<source>{source}</source>")).undefine()


def pool_events(t):
    """What listeners hear of pools."""
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    seen = []
    d = c.storagePoolLookupByName("default-pool")
    lifecycle, refresh = libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, libvirt.VIR_STORAGE_POOL_EVENT_ID_REFRESH

    def hear(label):
        return lambda con, pool, event, detail, opaque: seen.append([label, pool.name(), event, detail, opaque])

    ids = [c.storagePoolEventRegisterAny(None, lifecycle, hear("any"), "any"), c.storagePoolEventRegisterAny(d, lifecycle, hear("default"), None),
           c.storagePoolEventRegisterAny(None, refresh, lambda con, pool, opaque: seen.append(["refresh", pool.name(), opaque]), 7)]
    t.note("ids", ids)
    p = c.storagePoolDefineXML(pool("n"))
    t.drain("define", seen)
    c.storagePoolDefineXML(pool("n"))
    t.drain("define again", seen)
    for action in ("build", "create", "create", "build", "refresh", "destroy", "destroy", "refresh", "delete", "undefine"):
        t.call(action, getattr(p, action))
        t.drain(f"after {action}", seen)
    p = c.storagePoolCreateXML(pool("t", 2))
    t.drain("create transient", seen)
    v = p.createXML(volume("v"))
    v.delete()
    t.drain("volumes", seen)
    p.destroy()
    t.drain("destroy transient", seen)
    for action in ("refresh", "destroy", "create"):
        t.call(action, getattr(d, action))
        t.drain(f"default {action}", seen)
    for identifier in ids:
        t.call("deregister", c.storagePoolEventDeregisterAny, identifier)
    t.call("deregister again", c.storagePoolEventDeregisterAny, ids[0])
    for event in (-1, 2, 99):
        t.call(f"bad event {event}", c.storagePoolEventRegisterAny, None, event, hear("bad"), None)
    d.refresh()
    t.drain("after deregistering", seen)


def volumes(t):
    """Volumes come and go, with their pool's sizes."""
    c = libvirt.open("test:///default")
    p = c.storagePoolLookupByName("default-pool")

    def see(label, v):
        for step in ("XMLDesc", "info", "path", "key", "name"):
            t.call(f"{label}: {step}", getattr(v, step))
        t.call(f"{label}: pool", v.storagePoolLookupByVolume)
        t.call(f"{label}: by name", p.storageVolLookupByName, "a")
        t.call(f"{label}: by key", c.storageVolLookupByKey, "/default-pool/a")
        t.call(f"{label}: by path", c.storageVolLookupByPath, "/default-pool/a")
        t.call(f"{label}: pool's info", p.info)
        t.call(f"{label}: pool's volumes", lambda: [p.numOfVolumes(), sorted(p.listVolumes())])

    a = t.call("create", p.createXML, volume("a", 100, "<allocation>60</allocation>"))
    see("created", a)
    t.call("create again", p.createXML, volume("a"))
    for label, function, argument in (("name", p.storageVolLookupByName, "none"), ("no name", p.storageVolLookupByName, ""), ("key", c.storageVolLookupByKey, "none"), ("no key", c.storageVolLookupByKey, ""), ("path", c.storageVolLookupByPath, "none"),
                                      ("no path", c.storageVolLookupByPath, ""), ("a path with slashes", c.storageVolLookupByPath, "/default-pool//a"), ("a pool's path", c.storageVolLookupByPath, "/default-pool")):
        t.call(f"lookup {label}", function, argument)
    for body in (volume("b", 50), volume("b", 500, "<allocation>5</allocation>"), "<volume><name>b</name></volume>", volume("b", 0), volume("a", 50), "<volume><name>b</name><allocation>3</allocation></volume>", volume("b", 50, "", "<format type='qcow2'/>"),
                 "<volu", "<volume/>", volume("b", 107374182401), volume("b", 50, "<allocation>107374182401</allocation>"), "", "<pool/>"):
        for flags in (0, 1, 2, 3, 8):
            b = t.call(f"from {flags} {body}", p.createXMLFrom, body, a, flags)
            if b:
                t.note(f"from {flags} {body}: made", [b.XMLDesc(), b.info(), p.info()])
                b.delete()
    o = c.storagePoolDefineXML(pool("o"))
    t.call("in an inactive pool", o.createXML, volume("b"))
    t.call("from, in an inactive pool", o.createXMLFrom, volume("b"), a)
    o.create()
    other = o.createXML(volume("other"))
    other.delete()
    t.call("from what is gone", o.createXMLFrom, volume("b"), other)
    for flags in (1, 2, 4, 1 << 31):
        t.call(f"delete flags {flags}", a.delete, flags)
        t.call(f"XMLDesc flags {flags}", a.XMLDesc, flags)
        t.call(f"list flags {flags}", p.listAllVolumes, flags)
        if flags != 4:
            t.call(f"create flags {flags}", p.createXML, volume("z"), flags)
    p.destroy()
    see("inactive", a)
    t.call("inactive: delete", a.delete)
    p.create()
    see("active again", a)
    t.call("full", p.createXML, volume("full", 107374182400 - 60))
    t.call("full: info", p.info)
    t.call("one more", p.createXML, volume("more", 1))
    t.call("one empty", p.createXML, volume("more", 1, "<allocation>0</allocation>"))
    t.call("delete", a.delete)
    see("deleted", a)
    t.call("delete again", a.delete)
    p.destroy()
    p.undefine()
    see("pool gone", a)
    t.call("pool gone: delete", a.delete)


def volume_documents(t):
    """What is read, refused, completed and written."""
    c = libvirt.open("test:///default")
    sources = {"logical": "<name>vg</name>", "disk": "<device path='/dev/disk'/>", "iscsi": "<host name='h'/>"}
    places = {"dir": c.storagePoolLookupByName("default-pool"), **{
        kind: c.storagePoolCreateXML(pool(kind, number, kind=kind, source=f"<source>{source}</source>")) for number, (kind, source) in enumerate(sources.items())}}
    for kind, p in places.items():
        for attributes, parts, target in storage_documents.volumes():
            inside = "" if target is None else f"<target>{target}</target>"
            label = f"{kind} {attributes} {parts} {inside}"
            v = t.call(f"create {label}", p.createXML, f"<volume{attributes}><name>v</name>{parts}{inside}</volume>")
            t.note(f"sizes {label}", p.info())
            written = v and v.XMLDesc()
            t.note(f"XMLDesc {label}", v and [written, v.info(), v.key(), v.path()])
            if v:
                v.delete()
            again = t.call(f"again {label}", p.createXML, written or "")
            t.note(f"again {label}: same", again and again.XMLDesc() == written)
            if again:
                again.delete()
    p = places["dir"]
    for text in ("", " ", "<", "<a/>", "<pool/>", "<volume/>", "<volume><name/></volume>", volume("a/b"), volume(" "), volume(".."), volume("é"), volume("a\nb"), volume("x") + "<x/>", "<volume", "<volume type='file'><name>z</name></volume>",
                 "<!DOCTYPE a [<!ENTITY b 'c'>]>" + volume("x")):
        v = t.call(f"create {text}", p.createXML, text)
        if v:
            t.note(f"made {text}", [v.XMLDesc(), v.name(), v.key()])
            v.delete()


def storage_files(t):
    """Worlds with pools and volumes in files."""
    with tempfile.TemporaryDirectory() as folder:
        def put(name, text):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
            return os.path.join(folder, name)

        put("v.xml", volume("v3", 10))
        put("p.xml", pool("fp", 2).replace("</pool>", "<volume file='v.xml'/></pool>"))
        inline = pool("wp", 1).replace("</pool>", "{}</pool>")
        worlds = {
            "all": inline.format(volume("v1", 10, "<key>kk</key>", "<path>/own/path</path>") + "<volume type='block'><name>v2</name><capacity>100</capacity><allocation>5</allocation></volume><volume file='v.xml'/>") + "<pool file='p.xml'/>",
            "no size": inline.format("<volume><name>v</name></volume>"),
            "no type": "<pool><name>a</name></pool>",
            "same name": pool("a", 1) + pool("a", 2, "/b"),
            "same path": pool("a", 1) + pool("b", 2, "/a"),
            "no file": "<pool file='nowhere'/>",
            "no file of a volume": inline.format("<volume file='nowhere'/>"),
            "bad volume": inline.format("<volume><name>v</name><capacity>x</capacity></volume>"),
        }
        for label, text in worlds.items():
            c = t.call(label, libvirt.open, "test://" + put("w.xml", f"<node>{text}</node>"))
            if not c:
                continue
            for p in sorted(c.listAllStoragePools(), key=lambda p: p.name()):
                look(t, f"{label} {p.name()}", p)
                for v in sorted(p.listAllVolumes(), key=lambda v: v.name()):
                    t.call(f"{label} {p.name()} {v.name()}", lambda: [v.XMLDesc(), v.key(), v.path(), v.info()])
            t.call(f"{label}: by key", c.storageVolLookupByKey, "kk")
            t.call(f"{label}: by path", c.storageVolLookupByPath, "/own/path")


SCENARIOS = (pools, pool_redefinition, pool_lookups, pool_lists, pool_sources, pool_documents, pool_conflicts, pool_events, volumes, volume_documents, storage_files)

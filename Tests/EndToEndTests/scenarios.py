"""What both libraries are asked to do, through Debian's own python3-libvirt.

Run as a program it performs one scenario and prints a transcript: one JSON value a line, a result or an error with its
code, domain, level and the string and integer details (never the wording, which is ours).
test_differential.py runs each on the reference library and on ours and compares the transcripts.
"""
import itertools
import json
import re
import sys
import tempfile

import libvirt

import scenarios_documents
import scenarios_interface
import scenarios_jobs
import scenarios_moments
import scenarios_network
import scenarios_nodedev
import scenarios_operations
import scenarios_settings
import scenarios_storage
from transcript import Transcript, plain

SMALL = "<domain type='test'><name>{name}</name>{uuid}<memory unit='KiB'>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>"
UUID = "11111111-2222-3333-4444-{:012d}"


def small(name, number=1):
    return SMALL.format(name=name, uuid=f"<uuid>{UUID.format(number)}</uuid>")


def connection(t):
    c = libvirt.open("test:///default")
    for method in ("getType", "getVersion", "getHostname", "getURI", "isAlive", "isSecure", "isEncrypted", "getInfo",
                   "getCapabilities", "numOfDomains", "numOfDefinedDomains", "listDomainsID", "listDefinedDomains",
                   "getFreeMemory", "getCPUMap", "getSecurityModel", "getSysinfo"):
        t.call(method, getattr(c, method))
    for kind in (None, "test", "hvm", "nonsense"):
        t.call(f"getMaxVcpus {kind}", c.getMaxVcpus, kind)
    t.call("getCellsFreeMemory", c.getCellsFreeMemory, 0, 2)
    t.call("baselineCPU", c.baselineCPU, ["<cpu/>"], 0)
    t.call("setKeepAlive", c.setKeepAlive, 5, 3)
    t.call("close", c.close)
    for uri in ("", "test:///", "test:", "test", "nonsense:///x", "/default", "test:///no/such/file", "test:///default?x=y", "test://host/default",
                "TEST:///default", "test:///default#f", "test:////default", "http://[::1", "test:///%00", "test:///default/more"):
        if uri == "":
            continue
        other = t.call(f"open {uri}", libvirt.open, uri)
        if other:
            t.call("uri", other.getURI)
            other.close()
    with libvirt.openReadOnly("test:///default") as r:
        d = r.lookupByName("test")
        for label, function, arguments in (("create", d.create, ()), ("destroy", d.destroy, ()), ("suspend", d.suspend, ()), ("undefine", d.undefine, ()),
                                           ("define", r.defineXML, (small("x"),)), ("createXML", r.createXML, (small("x"), 0)), ("secure", d.XMLDesc, (libvirt.VIR_DOMAIN_XML_SECURE,)),
                                           ("snapshot", d.snapshotCreateXML, ("<domainsnapshot/>", 0)), ("metadata", d.setMetadata, (1, "x", None, None, 0))):
            t.call(f"read-only {label}", function, *arguments)
        t.call("read-only state", d.state)


def lists(t):
    c = libvirt.open("test:///default")
    for number, name in enumerate(("b", "a", "c"), 1):
        t.call(f"define {name}", c.defineXML, small(name, number))
    t.call("start a", c.lookupByName("a").create)
    t.call("transient", c.createXML, small("transient", 9), 0)
    c.lookupByName("test").suspend()
    c.lookupByName("c").setAutostart(1)
    c.lookupByName("b").snapshotCreateXML("<domainsnapshot><name>one</name></domainsnapshot>", 0)
    for flags in range(1 << 14):
        if bin(flags).count("1") > 2 and flags != (1 << 14) - 1:
            continue
        try:
            names = sorted(d.name() for d in c.listAllDomains(flags))
        except libvirt.libvirtError as error:
            names = error.get_error_code()
        t.note(f"flags {flags:#x}", names)
    t.call("unknown flag", c.listAllDomains, 1 << 20)
    t.call("ids", lambda: sorted(c.listDomainsID()))
    t.call("defined", lambda: sorted(c.listDefinedDomains()))
    t.call("counts", lambda: [c.numOfDomains(), c.numOfDefinedDomains()])
    for label, function, arguments in (("name", c.lookupByName, ("nobody",)), ("id", c.lookupByID, (12345,)), ("uuid", c.lookupByUUIDString, (UUID.format(77),)),
                                       ("bad uuid", c.lookupByUUIDString, ("zz",)), ("id found", c.lookupByID, (1,)), ("uuid found", c.lookupByUUIDString, (UUID.format(2),)),
                                       ("negative id", c.lookupByID, (-1,)), ("raw uuid", c.lookupByUUID, (bytes(16),))):
        t.call(f"lookup {label}", function, *arguments)


def lifecycle(t):
    c = libvirt.open("test:///default")
    d = t.call("define", c.defineXML, small("guest"))
    steps = ("isActive", "isPersistent", "isUpdated", "state", "info", "ID", "UUIDString", "OSType", "maxMemory", "maxVcpus", "autostart", "hasManagedSaveImage", "XMLDesc")

    def look(label):
        for step in steps:
            t.call(f"{label}: {step}", getattr(d, step), *((0,) if step in ("state", "XMLDesc", "hasManagedSaveImage") else ()))

    look("defined")
    for action in ("suspend", "resume", "shutdown", "destroy", "create", "create", "suspend", "suspend", "create", "resume", "resume", "reboot", "shutdown", "create", "destroy",
                   "create", "suspend", "destroy", "create", "undefine", "destroy"):
        arguments = (0,) if action == "reboot" else ()
        result = None if action == "info" else t.call(action, getattr(d, action), *arguments)
        t.call(f"after {action}", d.state, 0)
        del result
    look_gone = t.call("gone", c.lookupByName, "guest")
    del look_gone
    d = t.call("transient", c.createXML, small("guest"), 0)
    t.call("undefine transient", d.undefine)
    t.call("autostart transient", d.setAutostart, 1)
    t.call("define over transient", c.defineXML, small("guest"))
    t.call("persistent now", d.isPersistent)
    t.call("same name, other uuid", c.defineXML, small("guest", 5))
    t.call("same uuid, other name", c.defineXML, small("other"))
    t.call("create running", c.createXML, small("guest"), 0)
    t.call("destroyFlags", d.destroyFlags, 1)
    t.call("destroy again", d.destroy)
    for flags in (1, 2, 4, 8, 16, 64, 1 << 20):
        t.call(f"undefineFlags {flags}", d.undefineFlags, flags)
        if c.listDefinedDomains() == []:
            t.call("define again", c.defineXML, small("guest"))
            d = c.lookupByName("guest")
    for flags in (1, 2, 4, 8):
        t.call(f"createWithFlags {flags}", d.createWithFlags, flags)
        t.call("state", d.state, 0)
        if d.isActive():
            d.destroy()
    for flags in (0, 1, 2, 3, 4, 1 << 9):
        if not d.isActive():
            d.create()
        t.call(f"shutdownFlags {flags}", d.shutdownFlags, flags)
        t.call(f"reboot {flags}", d.reboot, flags)
    t.call("paused", lambda: c.createXML(small("paused", 3), libvirt.VIR_DOMAIN_START_PAUSED).state(0))
    t.call("autodestroy", c.createXML, small("auto", 4), libvirt.VIR_DOMAIN_START_AUTODESTROY)


def settings(t):
    c = libvirt.open("test:///default")
    d = c.defineXML(small("guest"))
    run = c.lookupByName("test")
    for label, dom in (("off", d), ("on", run)):
        for call, *arguments in (("setMemory", 1024), ("setMemory", 0), ("setMemory", 1 << 40), ("setMaxMemory", 131072), ("setMaxMemory", 0), ("setMemory", 131072), ("setMemoryFlags", 2048, 0),
                                 ("setMemoryFlags", 2048, 1), ("setMemoryFlags", 2048, 2), ("setMemoryFlags", 262144, 4), ("setMemoryFlags", 262144, 6), ("setMemoryFlags", 1024, 3), ("setMemoryFlags", 1024, 8),
                                 ("setVcpus", 1), ("setVcpus", 0), ("setVcpus", 3), ("setVcpus", 99), ("setVcpusFlags", 1, 1), ("setVcpusFlags", 1, 2), ("setVcpusFlags", 4, 6), ("setVcpusFlags", 2, 4), ("setVcpusFlags", 2, 5),
                                 ("setVcpusFlags", 2, 8), ("vcpusFlags", 0), ("vcpusFlags", 1), ("vcpusFlags", 2), ("vcpusFlags", 3), ("vcpusFlags", 4), ("vcpusFlags", 6), ("vcpusFlags", 5), ("maxVcpus",), ("maxMemory",), ("info",),
                                 ("setAutostart", 1), ("autostart",), ("setAutostart", 0), ("autostart",), ("setMaxMemory", 65536), ("XMLDesc", 0), ("XMLDesc", 2), ("XMLDesc", 1), ("XMLDesc", 8), ("XMLDesc", 4), ("XMLDesc", 6), ("XMLDesc", 1 << 12)):
            t.call(f"{label} {call} {arguments}", getattr(dom, call), *arguments)
            if call.startswith("set"):
                t.call("info", lambda: dom.info()[:4])
    for dom in (d, run):
        for kind, text, key, uri, flags in ((0, "a description", None, None, 0), (1, "a title", None, None, 0), (1, "a\ntitle", None, None, 0), (2, "<a/>", "k", "urn:k", 0), (2, "<b x='1'>t</b>", "k", "urn:k", 0),
                                            (2, "<c/>", "other", "urn:o", 2), (2, None, "k", "urn:k", 0), (2, "<a/>", None, "urn:k", 0), (2, "<a/>", "k", None, 0), (0, None, None, None, 0), (3, "x", None, None, 0),
                                            (0, "x", "k", None, 0), (1, "live", None, None, 1), (1, "config", None, None, 2), (1, "both", None, None, 3), (2, "not xml", "k", "urn:k", 0), (1, "flags", None, None, 8)):
            t.call(f"setMetadata {kind} {text} {key} {uri} {flags}", dom.setMetadata, kind, text, key, uri, flags)
            for flag in (0, 1, 2, 3, 8):
                t.call(f"metadata {flag}", dom.metadata, kind, uri, flag)
        t.call("XMLDesc", dom.XMLDesc, 0)
        t.call("XMLDesc inactive", dom.XMLDesc, libvirt.VIR_DOMAIN_XML_INACTIVE)
    t.call("rename", d.rename, "renamed", 0)
    t.call("rename running", run.rename, "other", 0)
    t.call("rename taken", d.rename, "test", 0)
    t.call("name", d.name)


def events(t):
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    seen = []
    ids = [c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda con, dom, event, detail, opaque: seen.append([dom.name(), event, detail, opaque]), "any")]
    c.domainEventRegister(lambda con, dom, event, detail, opaque: seen.append(["legacy", dom.name(), event, detail, opaque]), "old")
    only = c.lookupByName("test")
    ids.append(c.domainEventRegisterAny(only, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda con, dom, event, detail, opaque: seen.append(["filtered", dom.name(), event, detail]), None))
    ids.append(c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, lambda con, dom, kind, uri, opaque: seen.append(["metadata", dom.name(), kind, uri]), None))
    ids.append(c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, lambda con, dom, opaque: seen.append(["reboot", dom.name()]), None))
    t.note("ids", ids)
    d = c.defineXML(small("guest"))
    t.drain("define", seen)
    c.defineXML(small("guest"))
    t.drain("redefine", seen)
    for action in ("create", "suspend", "resume", "reboot", "shutdown", "create", "destroy"):
        try:
            getattr(d, action)(*((0,) if action == "reboot" else ()))
        except libvirt.libvirtError as error:
            t.note("error", error.get_error_code())
        t.drain(action, seen)
    d.setMetadata(1, "title", None, None, 0)
    d.setMetadata(2, "<a/>", "k", "urn:k", 0)
    t.drain("metadata", seen)
    for flags in (0, libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_HALT):
        only.snapshotCreateXML(f"<domainsnapshot><name>s{flags}</name></domainsnapshot>", flags)
        t.drain(f"snapshot {flags}", seen)
    for name in ("s0", "s8", "s0"):
        for flags in (0, 1, 2):
            only.revertToSnapshot(only.snapshotLookupByName(name), flags)
            t.call("state", only.state, 0)
            t.drain(f"revert {name} {flags}", seen)
    t.call("suspend", only.suspend)
    t.drain("suspend", seen)
    only.revertToSnapshot(only.snapshotLookupByName("s0"), 0)
    t.drain("revert from paused", seen)
    d.undefine()
    t.drain("undefine", seen)
    d = c.createXML(small("transient", 7), 0)
    t.drain("create transient", seen)
    d.destroy()
    t.drain("destroy transient", seen)
    for identifier in ids:
        t.call("deregister", c.domainEventDeregisterAny, identifier)
    t.call("deregister again", c.domainEventDeregisterAny, ids[0])
    t.call("bad event", c.domainEventRegisterAny, None, -1, lambda *a: None, None)
    only.destroy()
    t.drain("after deregistering", seen)


# Flags of snapshots that our test driver has and the reference's has not; test_disk_snapshots.py tests them.
BEYOND = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT


def snapshots(t):
    c = libvirt.open("test:///default")
    for label, d in (("running", c.lookupByName("test")), ("off", c.defineXML(small("guest")))):
        t.call("num", d.snapshotNum, 0)
        t.call("current", d.snapshotCurrent, 0)
        t.call("has current", d.hasCurrentSnapshot, 0)
        t.call("missing", d.snapshotLookupByName, "none", 0)
        for flags in [0] + [1 << bit for bit in range(11) if not 1 << bit & BEYOND]:
            t.call(f"{label} create flags {flags:#x}", d.snapshotCreateXML, f"<domainsnapshot><name>f{flags}</name><description>d{flags}</description></domainsnapshot>", flags)
            t.call("state", d.state, 0)
            if label == "running" and not d.isActive():
                d.create()
        for first, second in itertools.combinations([1 << bit for bit in range(10) if not 1 << bit & BEYOND], 2):
            t.call(f"{label} create flags {first | second:#x}", d.snapshotCreateXML, f"<domainsnapshot><name>g{first | second}</name></domainsnapshot>", first | second)
            if label == "running" and not d.isActive():
                d.create()
        for text in ("", "<", "<domain/>", "<domainsnapshot><name>f0</name></domainsnapshot>", "<domainsnapshot><name></name></domainsnapshot>", "<domainsnapshot><name>a/b</name></domainsnapshot>",
                     "<domainsnapshot><name>.x</name></domainsnapshot>",
                     "<domainsnapshot><name>n</name><disks><disk name='vda' snapshot='no'/></disks></domainsnapshot>", "<domainsnapshot><name>o</name><disks><disk name='vdx'/></disks></domainsnapshot>"):
            t.call(f"{label} create {text}", d.snapshotCreateXML, text, 0)
        t.call("names", lambda: sorted(d.snapshotListNames(0)))
        for snapshot in sorted(d.listAllSnapshots(0), key=lambda s: s.getName()):
            t.call(f"parent of {plain(snapshot.getName())}", lambda: snapshot.getParent(0).getName())
            t.call("is current", snapshot.isCurrent, 0)
            t.call("metadata", snapshot.hasMetadata, 0)
            t.call("children", snapshot.numChildren, 0)
        snapshot = d.snapshotLookupByName("f0", 0)
        t.call("description", lambda: re.sub(r"<creationTime>\d+", "<creationTime>", snapshot.getXMLDesc(0)))
        t.call("description with flag", snapshot.getXMLDesc, 1 << 10)
        for flags in range(1 << 11):
            if bin(flags).count("1") > 2:
                continue
            for what, call in (("all", d.listAllSnapshots), ("children", snapshot.listAllChildren)):
                try:
                    t.note(f"{what} {flags:#x}", plain(sorted(s.getName() for s in call(flags))))
                except libvirt.libvirtError as error:
                    t.note(f"{what} {flags:#x}", [error.get_error_code(), error.get_error_domain()])
        for flags in range(8):
            t.call(f"revert {flags}", d.revertToSnapshot, snapshot, flags)
            t.call(f"{label}, reverted with flags {flags}", d.state, 0)
            if label == "off" and d.isActive():
                d.destroy()
                d.revertToSnapshot(snapshot, 0)
        t.call("undefine", d.undefine)
        other = d.snapshotLookupByName(sorted(d.snapshotListNames(0))[-1], 0)
        for flags in (8, 5):
            t.call(f"delete {flags}", other.delete, flags)
        t.call("delete children only", snapshot.delete, libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY)
        t.call("names", lambda: sorted(d.snapshotListNames(0)))
        t.call("current", lambda: d.snapshotCurrent(0).getName())
        for name in ("x", "y", "z"):
            d.snapshotCreateXML(f"<domainsnapshot><name>{name}</name></domainsnapshot>", 0)
        t.call("delete y", lambda: d.snapshotLookupByName("y").delete(0))
        t.call("parent of z", lambda: d.snapshotLookupByName("z").getParent().getName())
        t.call("delete current", lambda: d.snapshotLookupByName("z").delete(0))
        t.call("current", lambda: d.snapshotCurrent(0).getName())
        t.call("delete all", lambda: d.snapshotLookupByName("f0").delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN))
        t.call("names", lambda: sorted(d.snapshotListNames(0)))
        t.call("stale", snapshot.getXMLDesc, 0)
    t.call("redefine", redefine, c, t)


def redefine(c, t):
    d = c.defineXML(small("again", 8))
    first = d.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>", 0)
    d.snapshotCreateXML("<domainsnapshot><name>second</name></domainsnapshot>", 0)
    text = first.getXMLDesc(0)
    for flags in (1, 3):
        t.call(f"redefine {flags}", d.snapshotCreateXML, text, flags)
        t.call("current", lambda: d.snapshotCurrent(0).getName())
    t.call("cycle", d.snapshotCreateXML, text.replace("<name>first</name>", "<name>first</name><parent><name>second</name></parent>", 1), 1)
    t.call("no parent", d.snapshotCreateXML, text.replace("first", "third", 1).replace("</name>", "</name><parent><name>nobody</name></parent>", 1), 1)
    t.call("undefine", d.undefine)
    t.call("undefine with metadata", d.undefineFlags, libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)


def rejected(t):
    c = libvirt.open("test:///default")
    good = small("x")
    for text in ("", " ", "<", "<a/>", "<domain/>", "<domain type='test'/>", good.replace("<name>x</name>", ""), good.replace("<name>x</name>", "<name></name>"), good.replace("<name>x", "<name>a/b"),
                 good.replace("type='test'", ""), good.replace("type='test'", "type='nonsense'"), good.replace("type='test'", "type='qemu'"), good.replace("65536", "lots"), good.replace("65536", "-1"), good.replace("65536", "0"),
                 good.replace("'KiB'", "'parsec'"), good.replace("<vcpu>2", "<vcpu>0"), good.replace("<vcpu>2", "<vcpu>x"), good.replace("<vcpu>2", "<vcpu current='3'>2"), good.replace("11111111-2222", "zz"),
                 good.replace("hvm", "nonsense"), good.replace("<type>hvm</type>", ""), good.replace("<os><type>hvm</type></os>", ""), good + "<x/>", good.replace("</domain>", ""), "<!DOCTYPE a [<!ENTITY b 'c'>]>" + good,
                 good.replace("</os>", "</os><devices><disk><target dev='vda'/></disk></devices>"), good.replace("</os>", "</os><devices><disk type='file'/></devices>"),
                 good.replace("</os>", "</os><devices><disk type='nonsense'><target dev='vda'/></disk></devices>"), good.replace("</os>", "</os><devices><interface type='nonsense'/></devices>"),
                 good.replace("</os>", "</os><devices><interface type='network'><mac address='nonsense'/><source network='default'/></interface></devices>"),
                 good.replace("</os>", "</os><clock offset='nonsense'/>"), good.replace("</os>", "</os><on_reboot>nonsense</on_reboot>"), good.replace("</os>", "</os><unknown><deep/></unknown>")):
        t.call(f"define {text}", c.defineXML, text)
        t.call(f"create {text}", c.createXML, text, 0)
        for d in c.listAllDomains():
            if d.name() == "x":
                if d.isActive():
                    d.destroy()
                if d.isPersistent():
                    d.undefine()
    t.call("define flags", c.defineXMLFlags, good, 1 << 8)
    t.call("create flags", c.createXML, good, 1 << 12)


WORLD_WITH_USERS = """<node>
  <auth><user password='secret'>adam</user><user>eve</user></auth>
</node>"""


def credentials(t):
    """A connection whose world has users: what is asked, in which order, and what each refusal is."""
    user, echo, noecho = libvirt.VIR_CRED_USERNAME, libvirt.VIR_CRED_ECHOPROMPT, libvirt.VIR_CRED_NOECHOPROMPT
    authname, passphrase = libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as world:
        world.write(WORLD_WITH_USERS)
        world.flush()
        uri = f"test://{world.name}"

        def attempt(label, kinds, answers):
            asked = []

            def answer(credentials, _data):
                for credential in credentials:
                    asked.append(credential[0])
                    if credential[0] not in answers:
                        return -1
                    credential[4] = answers[credential[0]]
                return 0

            opened = t.call(label, lambda: bool(libvirt.openAuth(uri, [kinds, answer, None], 0)))
            t.note(f"{label}: asked", asked)
            return opened

        t.call("without a callback", lambda: bool(libvirt.open(uri)))
        attempt("no kinds", [], {})
        attempt("name only", [authname], {authname: "adam"})
        attempt("right", [authname, passphrase], {authname: "adam", passphrase: "secret"})
        attempt("wrong passphrase", [authname, passphrase], {authname: "adam", passphrase: "x"})
        attempt("unknown user", [authname, passphrase], {authname: "bob", passphrase: "x"})
        attempt("user without passphrase", [authname, passphrase], {authname: "eve"})
        attempt("declined", [authname, passphrase], {})
        attempt("passphrase declined", [authname, passphrase], {authname: "adam"})
        attempt("other kinds", [echo, user], {echo: "adam", user: "secret"})
        attempt("prompt without echo", [authname, noecho], {authname: "adam", noecho: "secret"})


def addresses(t):
    """URIs that lead nowhere, and that lead somewhere by a detour."""
    for uri in (None, "", "test:///default", "test:///Default/none.xml", "test:///", "test://default", "test", "default", "://", ":",
                "nobody:///system", "qemu://system", "qemu://session/", "vbox://system", "lxc://system", "test+unix:///default", "test://host/default", "qemu:///system", "test:///default?a=b&c", "%%", "\x7f"):
        t.call(f"open {uri!r}", lambda: bool(libvirt.open(uri)))
        t.call(f"read-only {uri!r}", lambda: bool(libvirt.openReadOnly(uri)))


# Kinds of objects and large topics have a file each.
KINDS = (
    *scenarios_network.SCENARIOS, *scenarios_interface.SCENARIOS, *scenarios_nodedev.SCENARIOS, *scenarios_storage.SCENARIOS,
    *scenarios_jobs.SCENARIOS, *scenarios_moments.SCENARIOS, *scenarios_settings.SCENARIOS, *scenarios_documents.SCENARIOS,
    *scenarios_operations.SCENARIOS)
SCENARIOS = {function.__name__: function for function in (*KINDS, connection, lists, lifecycle, settings, events, snapshots, rejected, credentials, addresses)}


def main():
    libvirt.registerErrorHandler(lambda context, error: None, None)
    transcript = Transcript()
    SCENARIOS[sys.argv[1]](transcript)
    for line in transcript.lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()

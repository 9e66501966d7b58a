"""What both libraries are asked about what is done to guests from outside, and about processors; see scenarios.py."""
import os

import libvirt

SMALL = "<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory unit='KiB'>65536</memory><os><type>hvm</type></os>{body}</domain>"


def document(name, body=""):
    return SMALL.format(name=name, uuid="11111111-2222-3333-4444-" + name.encode().hex()[:12].rjust(12, "0"), body=body)


def guests(c):
    """Domains in the states that matter."""
    paused = c.createXML(document("paused"))
    paused.suspend()
    return (("on", c.lookupByName("test")), ("off", c.defineXML(document("off"))), ("transient", c.createXML(document("transient"))), ("paused", paused))


def interrupts(t):
    c = libvirt.open("test:///default")
    for label, d in guests(c):
        for method in ("injectNMI", "reset"):
            for flags in (0, 1, 1 << 31):
                t.call(f"{label}: {method} {flags}", getattr(d, method), flags)
                t.call(f"{label}: state", d.state)


# Numbers at the edges of what each set has.
KEYS = (0, 1, 2, 7, 63, 64, 95, 96, 99, 110, 112, 120, 127, 128, 131, 132, 144, 163, 164, 182, 223, 239, 240, 250, 251, 254, 255, 256, 257, 265, 266, 279, 280, 352, 381, 382,
        439, 440, 506, 524, 525, 767, 57344, 57345, 57360, 57467, 57469, 57470, 65535, 65536, 1 << 31, (1 << 32) - 1)


def keys(t):
    c = libvirt.open("test:///default")
    for label, d in guests(c):
        for codeset in (*range(12), 99, (1 << 32) - 1):
            for key in KEYS if label == "on" else KEYS[:3]:
                t.call(f"{label}: sendKey {codeset} {key}", d.sendKey, codeset, 0, [key], 1)
        for held in (0, 1, 60000, (1 << 32) - 1):
            t.call(f"{label}: held {held}", d.sendKey, 0, held, [30], 1)
        for count in (1, 2, 15, 16):
            t.call(f"{label}: {count} at once", d.sendKey, 0, 10, list(range(1, count + 1)), count)
        t.call(f"{label}: one wrong", d.sendKey, 0, 10, [1, 2, 767, 3], 4)
        t.call(f"{label}: none", d.sendKey, 0, 10, [], 0)
        for flags in (1, 1 << 31):
            t.call(f"{label}: flags {flags}", d.sendKey, 0, 10, [1], 1, flags)


def lifecycle_actions(t):
    c = libvirt.open("test:///default")
    for label, d in guests(c):
        for event in (-1, 0, 1, 2, 3):
            for action in (-1, 0, 1, 2, 3, 4, 5, 7):
                for flags in (0, 1, 2, 3, 4):
                    t.call(f"{label}: setLifecycleAction {event} {action} {flags}", d.setLifecycleAction, event, action, flags)
                    t.call(f"{label}: XMLDesc", d.XMLDesc)
                    t.call(f"{label}: XMLDesc inactive", d.XMLDesc, libvirt.VIR_DOMAIN_XML_INACTIVE)


def lifecycle_effects(t):
    libvirt.virEventRegisterDefaultImpl()
    c = libvirt.open("test:///default")
    seen = []
    c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda con, dom, event, detail, opaque: seen.append([dom.name(), event, detail]), None)
    for transient in (False, True):
        for method in ("shutdown", "shutdownFlags", "reboot", "destroy"):
            for action in ("destroy", "restart", "rename-restart", "preserve"):
                for suspended in (False, True):
                    text = document("guest", "".join(f"<on_{event}>{action}</on_{event}>" for event in ("poweroff", "reboot", "crash")))
                    d = c.createXML(text) if transient else c.defineXML(text)
                    if not transient:
                        d.create()
                    if suspended:
                        d.suspend()
                    number = d.ID()
                    label = f"{'transient' if transient else 'persistent'}{' suspended' if suspended else ''} {action}: {method}"
                    t.call(label, getattr(d, method), *((0,) if method in ("reboot", "shutdownFlags") else ()))
                    t.call(f"{label}: state", d.state)
                    t.note(f"{label}: keeps its number", d.ID() == number)
                    for leave in (d.destroy, d.undefine):
                        try:
                            leave()
                        except libvirt.libvirtError:
                            pass
    for _ in range(3):
        timer = libvirt.virEventAddTimeout(0, lambda *_: None, None)
        libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(timer)
    t.note("events", seen)


def files(t):
    c = libvirt.open("test:///default")
    reading, writing = os.pipe()
    off = c.defineXML(document("off"))
    for flags in (0, *(1 << bit for bit in range(9)), 1 << 31):
        t.call(f"createWithFiles {flags}", off.createWithFiles, [reading, writing], flags)
        t.call("state", off.state)
        t.call("createWithFiles again", off.createWithFiles, [reading], 0)
        if off.isActive():
            off.destroy()
        d = t.call(f"createXMLWithFiles {flags}", c.createXMLWithFiles, document("other"), [reading, writing], flags)
        t.call("same name", c.createXMLWithFiles, document("other"), [reading], 0)
        if d:
            d.destroy()
    for text in ("", "<", "<a/>", document("off")):
        t.call(f"createXMLWithFiles {text}", c.createXMLWithFiles, text, [reading], 0)
    t.note("still open", [os.fstat(one).st_nlink for one in (reading, writing)])


ARCHITECTURES = (
    "alpha armv6l armv7l armv7b aarch64 cris i686 ia64 lm32 m68k microblaze mips mips64el openrisc parisc ppc ppcle ppc64 ppc64le ppcemb riscv64 s390 s390x sh4 sparc64 "
    "unicore32 x86_64 xtensa amd64 x86 i386 arm none nonsense").split()


def processor(model, features=(), vendor=None, architecture="x86_64", more=""):
    """The document of a host's processor."""
    return (f"<cpu><arch>{architecture}</arch><model>{model}</model>{f'<vendor>{vendor}</vendor>' if vendor else ''}"
            + "".join(f"<feature name='{name}'/>" for name in features) + f"{more}</cpu>")


def processors(t):
    """Which models there are, and what processors have in common."""
    c = libvirt.open("test:///default")
    for architecture in ("", *ARCHITECTURES):
        t.call(f"getCPUModelNames {architecture}", c.getCPUModelNames, architecture, 0)
        t.call(f"baselineCPU {architecture}", c.baselineCPU, [processor("POWER8", architecture=architecture)] * 2, 0)
    for flags in (1, 1 << 31):
        t.call(f"getCPUModelNames {flags}", c.getCPUModelNames, "x86_64", flags)
    models = c.getCPUModelNames("x86_64", 0)
    for model in models:
        for flags in (0, 1):
            t.call(f"{model} {flags}", c.baselineCPU, [processor(model)], flags)
        t.call(f"{model} with more", c.baselineCPU, [processor(model, ("vmx", "invtsc", "avx512f", "ss"))], 0)
        t.call(f"{model} and Haswell", c.baselineCPU, [processor("Haswell"), processor(model)], 0)
    for one in models[6::3]:
        for other in models[4::2]:
            t.call(f"{one} and {other}", c.baselineCPU, [processor(one), processor(other)], 0)
    for vendors in (("Intel",), ("AMD",), ("Nobody",), ("Intel", "Intel"), ("Intel", "AMD"), ("Intel", None), (None, "Intel"), (None, "AMD", "Intel"), ("AMD", None, "AMD")):
        t.call(f"kvm64 of {vendors}", c.baselineCPU, [processor("kvm64", vendor=vendor) for vendor in vendors], 0)
    for vendor in ("Intel", "Nobody"):
        t.call(f"Haswell of {vendor}", c.baselineCPU, [processor("Haswell", vendor=vendor)], 0)
    features = ("vmx", "ht", "ss", "avx512f")
    for one in range(len(features) + 1):
        for other in range(len(features) + 1):
            t.call(f"features {one} {other}", c.baselineCPU, [processor("Haswell", features[:one]), processor("Haswell", features[other:])], 0)
    for label, texts in {
            "none": [], "nothing": ["<cpu/>"], "no model": ["<cpu><arch>x86_64</arch></cpu>"], "empty model": [processor("")], "no document": ["x"], "empty": [""], "another root": ["<a/>"],
            "no architecture": ["<cpu><model>Haswell</model></cpu>"], "unknown model": [processor("nope")], "unknown feature": [processor("Haswell", ["nope"])], "unknown architecture": [processor("Haswell", architecture="nope")],
            "two architectures": [processor("Haswell"), processor("Haswell", architecture="i686")], "another one's model": [processor("Haswell", architecture="ppc64")], "others": [processor("POWER8", architecture="ppc64"), processor("POWER7", architecture="ppc64")],
            "x86 and power": [processor("Haswell"), processor("POWER8", architecture="ppc64")], "power and x86": [processor("POWER8", architecture="ppc64"), processor("Haswell")],
            "guest": ["<cpu mode='custom'><model>Haswell</model></cpu>"], "host-model": ["<cpu mode='host-model'/>"], "a policy": [processor("Haswell", more="<feature policy='disable' name='avx'/>")],
            "no name": [processor("Haswell", more="<feature/>")], "twice": [processor("Haswell", ["avx", "avx"])], "topology": [processor("Haswell", more="<topology sockets='1' cores='2' threads='1'/>")],
            "empty topology": [processor("Haswell", more="<topology/>")], "no sockets": [processor("Haswell", more="<topology sockets='0' cores='2' threads='1'/>")], "more": [processor("Haswell", more="<unknown/>")],
            "second empty": [processor("Haswell"), ""], "second unknown": [processor("Haswell"), processor("nope")], "match": ["<cpu match='exact'><arch>x86_64</arch><model>Haswell</model></cpu>"],
            "unknown vendor and feature": [processor("Haswell", ["nope"], "Nobody")], "unknown vendor, then model": [processor("Haswell", vendor="Nobody"), processor("nope")]}.items():
        t.call(label, c.baselineCPU, texts, 0)
    for flags in (2, 4, 8, 1 << 31):
        t.call(f"baselineCPU {flags}", c.baselineCPU, [processor("Haswell")], flags)


SCENARIOS = (interrupts, keys, lifecycle_actions, lifecycle_effects, files, processors)

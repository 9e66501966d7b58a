"""Every path of the reference's vocabulary, with each of its listed values: a document made from the grammar has it, follows our
schema, and is taken or refused by the reference's schema as it should be."""
import collections

from grammar import FOREIGN, ROOT, schema, vocabulary
from lxml import etree

OURS, REFERENCE = ROOT / "bindings/schemas/Generated", "/usr/share/libvirt/schemas"
# Where we take what the reference's schema refuses, by the beginning of the path, with the reason.
WIDER = {
    "domain/clock/timer/catchup": "it depends on the policy of the timer beside the name",
    "domain/devices/disk/@": "a logical unit depends on the type of the disk and on its device",
    "domain/devices/disk/mirror": "what a copy needs depends on its type and on the job",
    "domain/devices/filesystem": "what a mounted file system needs depends on its driver",
    "domain/devices/graphics/@connected": "it depends on whether there is a password",
    "domain/devices/hostdev": "what a device needs depends on the protocol and on the type around",
    "domain/devices/input/@type": "the bus depends on the type",
    "domain/devices/smartcard": "exactly three certificates are needed",
    "domain/os": "what boots a guest depends on the text of its type",
    "domain/seclabel": "a generated label is always applied",
    "domain/sysinfo/entry": "an entry has a file or a text",
    "domain/commandline": "each driver has its own",
    "source/@protocol": "identities of NFS came to be optional",
    "source/cookies": "at least one cookie is needed",
    "source/reconnect": "a time goes with an enabled reconnecting only, and with NBD it came later",
    "seclabel": "a label of a source depends on two attributes",
    "domainbackup/disks": "it depends on the mode, two elements above",
    "domainCapabilities/cpu": "all kinds of modes are listed, each in its place",
    "domainsnapshot/disks": "what a disk of a snapshot has is that of a domain's disk in later releases",
    "network/forward/driver/@name": "drivers for Xen came later for networks",
    "networkport/plug/driver/@name": "drivers for Xen came later for networks",
    "network/ip/dhcp/host": "a host has an address of hardware, a name or an identifier",
    "device/capability": "what a device has depends on what else it has",
    "device/devnode": "links follow the node",
    "device/parent": "a parent is named by its text or by numbers",
    "pool/@type": "what a pool needs depends on its adapter and initiator",
}
# Where we refuse what the reference's schema takes, or say of it that it came later.
NARROWER = {}


def occurs(element, path, value):
    """Whether a path is in a document with the value."""
    names = path.split("/")[1:]
    attribute = names.pop()[1:] if names and names[-1].startswith("@") else None
    found = [element]
    for name in names:
        found = [below for above in found for below in above if etree.QName(below).localname == name]
    if attribute:
        return any(attribute in below.attrib and value in (None, below.get(attribute)) for below in found)
    return any(value in (None, below.text) for below in found)


def test_every_path_occurs(corpus):
    paths = list(vocabulary())
    _, found = corpus
    assert len(paths) == 7361 and len(found) > 11_000
    missing = [(path, value) for _, path, value, element in found if element is None or not occurs(element, path, value)]
    assert not missing, (len(missing), missing[:20])
    counted = {(kind, path) for kind, path, _, _ in found}
    assert all((kind, path) in counted or path.endswith(FOREIGN) for kind, path, _, _ in paths)


def test_our_schemas_take_them(corpus):
    _, found = corpus
    schemas, seen, refused = {}, set(), []
    for kind, path, value, element in found:
        text = etree.tostring(element)
        if text in seen:
            continue
        seen.add(text)
        own = schemas.get(kind) or schemas.setdefault(kind, schema(OURS, kind))
        if not own.validate(element):
            refused.append((path, value, own.error_log.last_error.message))
    assert len(seen) > 8_000
    assert not refused, (len(refused), refused[:20])


def reason(path, listed):
    return next((key for key in listed if path.startswith(key) or f"/{key}" in path), None)


def test_the_reference_agrees(corpus):
    grammar, found = corpus
    schemas, seen, unexplained, explained = {}, set(), [], collections.Counter()
    compared = 0
    for kind, path, value, element in found:
        text = etree.tostring(element)
        if kind == "sysinfo" or text in seen:
            continue
        seen.add(text)
        theirs = schemas.get(kind) or schemas.setdefault(kind, schema(REFERENCE, kind))
        taken, is_later = theirs.validate(element), grammar.is_later(element, kind=kind)
        compared += 1
        if taken != is_later:
            continue
        key = reason(path, NARROWER if taken else WIDER)
        if key is None:
            unexplained.append((path, value, "takes it" if taken else "refuses it", text.decode()[-200:]))
        explained[key] += 1
    assert compared > 8_000
    assert not unexplained, (len(unexplained), unexplained[:20])
    assert not [key for key in {**WIDER, **NARROWER} if not explained[key]], "a difference is gone"
    assert sum(explained.values()) < compared // 10

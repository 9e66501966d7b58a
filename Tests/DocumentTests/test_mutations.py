"""Documents of the tree with one thing wrong (left out, doubled, renamed, another value), on our schemas and on the reference's."""
import collections
import copy

from grammar import ROOT, Grammar, schema
from lxml import etree

OURS, REFERENCE = ROOT / "bindings/schemas/Generated", "/usr/share/libvirt/schemas"
KINDS = ("domaincheckpoint", "domainsnapshot", "interface", "network", "networkport", "nodedev", "secret", "storagepool", "storagevol")
# Where both differ, by path and mutation, with the reason.
DIFFERENCES = {
    "domainsnapshot/disks/disk/source/@dev drop": "a new device has to be named, that of a domain's disk may be missing",
    "interface/protocol double": "one protocol for each family",
    "device/devnode": "one node, then links",
    "device/capability/capability": "how often and with what a part occurs depends on its type",
    "device/capability/size drop": "a storage device has sizes or a removable medium",
    "device/capability/logical_block_size drop": "a storage device has sizes or a removable medium",
    "device/capability/num_blocks drop": "a storage device has sizes or a removable medium",
    "device/capability/iommuGroup drop": "a mediated device sits in a group in later releases, too",
    "pool/source/dir/@path wrong": "a path of a network file system begins with a slash",
    "pool/source/name double": "some pools have one name",
    "pool/source/device double": "some pools have one device",
    "pool/source/adapter/parentaddr drop": "an adapter is named in one of three ways",
}


def path(element):
    names = [etree.QName(above).localname for above in element.iterancestors()]
    return "/".join([*reversed(names), etree.QName(element).localname])


def mutants(root):
    """The path and what was done, with the document."""
    for index, element in enumerate(root.iter()):
        def again(index=index):
            other = copy.deepcopy(root)
            return other, list(other.iter())[index]
        here = path(element)
        if index:
            other, place = again()
            place.getparent().remove(place)
            yield f"{here} drop", other
            other, place = again()
            place.addnext(copy.deepcopy(place))
            yield f"{here} double", other
            other, place = again()
            place.tag = "unheard-of"
            yield f"{here} rename", other
        for name in element.attrib:
            other, place = again()
            value = place.attrib.pop(name)
            yield f"{here}/@{name} drop", other
            other, place = again()
            place.attrib.pop(name)
            place.set("unheard-of", value)
            yield f"{here}/@{name} rename", other
            other, place = again()
            place.set(name, "?!")
            yield f"{here}/@{name} wrong", other
        if element.text and element.text.strip():
            for what, text in (("wrong", "?!"), ("drop", None)):
                other, place = again()
                place.text = text
                yield f"{here}/text() {what}", other


def test_both_refuse_the_same():
    grammar = Grammar()
    tried, refused, unexplained, explained = 0, 0, [], collections.Counter()
    for kind in KINDS:
        ours, theirs = schema(OURS, kind), schema(REFERENCE, kind)
        for file in sorted((ROOT / "Tests/Documents" / kind).glob("*.xml")):
            root = etree.parse(str(file), etree.XMLParser(remove_blank_text=True)).getroot()
            assert ours.validate(root), (file.name, ours.error_log.last_error.message)
            if not theirs.validate(root):
                assert grammar.is_later(root, kind=kind), file.name
                continue
            for what, mutant in mutants(root):
                tried += 1
                taken = ours.validate(mutant)
                refused += not taken
                if taken == theirs.validate(mutant) or grammar.is_later(mutant, kind=kind):
                    continue
                key = next((key for key in DIFFERENCES if what == key or (" " not in key and what.startswith(key))), None)
                if key is None:
                    unexplained.append((file.name, what, "taken" if taken else "refused"))
                explained[key] += 1
    assert tried > 4_000 and refused > tried // 2
    assert not unexplained, (len(unexplained), unexplained[:20])
    assert not [key for key in DIFFERENCES if not explained[key]], "a difference is gone"


def test_documents_of_the_tree():
    """Every document follows our schema, and the reference's where it has nothing that came later."""
    grammar = Grammar()
    count = 0
    for folder in sorted((ROOT / "Tests/Documents").iterdir()):
        files = sorted(folder.glob("*.xml"))
        ours, theirs = (schema(OURS, folder.name), schema(REFERENCE, folder.name)) if files else (None, None)
        for file in files:
            root = etree.parse(str(file))
            assert ours.validate(root), (file.name, ours.error_log.last_error.message)
            if not theirs.validate(root):
                assert grammar.is_later(root.getroot(), kind=folder.name), (file.name, theirs.error_log.last_error.message)
            count += 1
    assert count > 60

"""The exported description says what the reference's says, name by name."""
import xml.etree.ElementTree as ElementTree

import pytest

LIBRARIES = ("libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin")
# What people wrote.
IGNORED = {"info"}
# Old names of one struct; the reference reaches them by macros.
ALIASES = {"virBlkioParameter", "virMemoryParameter", "virSchedParameter"}
# A pointer has one since-version with its struct here, two there.
LATER = {"virDomainBlockStatsPtr", "virDomainInterfaceStatsPtr"}


def described(path):
    """Every symbol by kind and name, without prose. The reference calls three names for one struct structs of their own, and
    lists the arguments of macros that are documented only."""
    found = {}
    for element in ElementTree.parse(path).getroot().find("symbols"):
        kind = "type" if element.tag in ("struct", "typedef") else element.tag
        children = [] if element.tag == "macro" or element.get("name") in ALIASES else [shape(child) for child in element if child.tag != "info"]
        found[kind, element.get("name")] = [sorted(attributes(element)), children]
    return found


def attributes(element):
    for key, value in element.attrib.items():
        if key in IGNORED or (key == "version" and element.get("name") in LATER) or (key == "type" and element.get("name") in ALIASES):
            continue
        if value:
            yield key, "libvirt-host" if key == "module" and value == "libvirt" else spelled(value)


def spelled(text):
    """One spelling of what C spells in two ways."""
    return text.split("/*")[0].strip().replace("long long int", "long long").replace(" *", "*").replace("* ", "*")


def shape(element):
    return [element.tag, sorted(attributes(element)), [shape(child) for child in element if child.tag != "info"]]


@pytest.mark.parametrize("library", LIBRARIES)
def test_same_symbols(library, root):
    theirs = described(root / f"Tests/Fixtures/{library}-api-12.8.0.xml")
    ours = described(root / f"bindings/c/Generated/{library}-api.xml")
    assert sorted(theirs.keys() - ours.keys()) == [], "missing"
    assert sorted(ours.keys() - theirs.keys()) == [], "too many"
    different = {key: (theirs[key], ours[key]) for key in theirs if theirs[key] != ours[key]}
    assert not different, list(different.items())[:10]


@pytest.mark.parametrize("library", LIBRARIES)
def test_exports_are_complete(library, root):
    """Generators find a symbol's file by its export."""
    document = ElementTree.parse(root / f"bindings/c/Generated/{library}-api.xml").getroot()
    exports = {(export.get("type"), export.get("symbol")): file.get("name") for file in document.find("files") for export in file.findall("exports")}
    symbols = {(element.tag, element.get("name")): element.get("file") for element in document.find("symbols")}
    assert exports == symbols

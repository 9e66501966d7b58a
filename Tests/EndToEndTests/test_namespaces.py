"""Prefixes of names that are declared somewhere around the element, as libraries write them that put all declarations at the root."""
import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

PROGRAM = """
import json, libvirt, sys
libvirt.registerErrorHandler(lambda *a: None, None)
c = libvirt.open("test:///default")
UUID = "<uuid>11111111-2222-3333-4444-555555555555</uuid>"
A, B, QEMU = "xmlns:a='urn:a'", "xmlns:b='urn:b'", "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
def domain(root="", metadata="", devices="", more=""):
    return f"<domain type='test' {root}><name>of</name>{UUID}{metadata and f'<metadata>{metadata}</metadata>'}<memory>4096</memory><os><type>hvm</type></os><devices>{devices}</devices>{more}</domain>"
def said(function, *arguments):
    try:
        return function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain()]
"""
SAME = """
told = []
for document in (domain(A, "<a:x><a:y/></a:x>"), domain("", f"<a:x {A}><a:y/></a:x>"), domain(f"{A} {B}", "<a:x><b:y/></a:x><b:z/>"), domain(A, "<a:x/><b:x xmlns:b='urn:a2'/>"),
                 domain(f"{A} {B}", "<a:x/>"), domain(A), domain(QEMU)):
    d = c.defineXML(document)
    text = d.XMLDesc()
    told.append([text, said(d.metadata, 2, "urn:a"), said(d.metadata, 2, "urn:b"), c.defineXML(text).XMLDesc() == text])
    d.create()
    told[-1].append(d.XMLDesc() == text.replace("type='test'", f"type='test' id='{d.ID()}'", 1))
    d.destroy()
print(json.dumps(told))
"""
WHOLE = """
texts = []
d = c.defineXML(domain(f"{A} {B} {QEMU}", "<a:x/>", "<disk type='file'><source file='/d'/><target dev='vda' bus='virtio'/><b:in b:of='1'/></disk>", "<qemu:commandline><qemu:arg value='-x'/></qemu:commandline>"))
texts += [d.XMLDesc(), d.XMLDesc(2), d.XMLDesc(8)]
d.create()
s = d.snapshotCreateXML("<domainsnapshot><name>s</name></domainsnapshot>")
texts += [d.XMLDesc(), s.getXMLDesc()]
outside = s.getXMLDesc().replace(f" {QEMU}", "").replace("<domainsnapshot>", f"<domainsnapshot {QEMU} {A} {B}>").replace(f" {B}>", ">", 0)
again = d.snapshotCreateXML(outside.replace("<name>s<", "<name>t<"), libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE)
texts += [again.getXMLDesc()]
for s in d.listAllSnapshots():
    s.delete()
d.managedSave()
texts += [d.managedSaveGetXMLDesc()]
d.create()
d.attachDevice("<disk type='file' xmlns:c='urn:c'><source file='/e'/><target dev='vdb' bus='virtio'/><c:in/></disk>")
texts += [d.XMLDesc(), d.checkpointCreateXML("<domaincheckpoint><name>p</name></domaincheckpoint>").getXMLDesc()]
texts += [c.networkDefineXML(f"<network {A}><name>n</name><metadata><a:x/></metadata></network>").XMLDesc()]
print(json.dumps(texts))
"""


def run(environment, body, *arguments):
    done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM + body, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_metadata_keeps_its_declarations(reference, ours):
    theirs, mine = run(reference, SAME), run(ours, SAME)
    assert mine == theirs
    assert all(isinstance(told[1], str) for told in mine[:5])


def test_whatever_is_kept_is_declared(ours):
    texts = run(ours, WHOLE)
    for text in texts:
        ElementTree.fromstring(text)
    assert all("<a:x" in text for text in texts)
    assert all("<qemu:arg" in text and "<b:in" in text for text in texts[:-1])


@pytest.mark.parametrize("declared", ["node", "domain", "element"])
def test_states_in_a_world_file(ours, reference, tmp_path, declared):
    places = {place: " xmlns:test='http://libvirt.org/schemas/domain/test/1.0'" if place == declared else "" for place in ("node", "domain", "element")}
    path = tmp_path / "world.xml"
    path.write_text(f"<node{places['node']}><domain type='test'{places['domain']}><name>off</name><memory>4096</memory><os><type>hvm</type></os>"
                    f"<test:runstate{places['element']}>5</test:runstate></domain></node>")
    body = "d = libvirt.open('test://' + sys.argv[1]).lookupByName('off')\nprint(json.dumps([d.state(), 'xmlns' in d.XMLDesc()]))"
    assert run(ours, body, str(path)) == run(reference, body, str(path)) == [[5, 0], False]


METADATA = """
told = []
for text in ("<a:x xmlns:a='urn:a' xmlns:b='urn:b'><a:y a:k='1' b:l='2'><b:z a:k='1'/></a:y><n/></a:x>", "<a:x xmlns:a='urn:a'><b:y xmlns:b='urn:a'/></a:x>", "<x xmlns='urn:a'><y/></x>",
             "<a:x xmlns:a='urn:a'><y xmlns='urn:a'/></a:x>"):
    told.append(said(c.defineXML(domain("", text)).metadata, 2, "urn:a"))
d = c.defineXML(domain())
for text in ("<x><y><z/></y></x>", f"<x {A} l='1'><a:y/></x>", "<x><y xmlns='urn:other'><z/></y></x>", "<x><y k='1'>text</y></x>"):
    said(d.setMetadata, 2, text, "p", "urn:p")
    told.append([d.XMLDesc(), said(d.metadata, 2, "urn:p")])
print(json.dumps(told))
"""


def test_metadata_enters_and_leaves_its_namespace(reference, ours):
    mine = run(ours, METADATA)
    assert mine == run(reference, METADATA)
    assert "<p:y>" in mine[4][0] and "<y>" in mine[4][1]

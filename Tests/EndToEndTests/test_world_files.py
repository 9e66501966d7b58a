"""Files that describe a world: what is wrong with them is told with the reference's codes, and names the file, the line and the element."""
import json
import subprocess
import sys

import pytest

NAMESPACE = "xmlns:test='http://libvirt.org/schemas/domain/test/1.0'"


def domain(name, more="", uuid=""):
    return f"<domain type='test'><name>{name}</name>{uuid}<memory>4096</memory><os><type>hvm</type></os>{more}</domain>"


def state(*elements):
    return "".join(f"\n<test:{element.split('=')[0]} {NAMESPACE}>{element.partition('=')[2]}</test:{element.split('=')[0]}>" for element in elements)


UUID = "<uuid>11111111-1111-1111-1111-111111111111</uuid>"
SNAPSHOT = f"<name>moment</name><state>running</state><creationTime>1</creationTime>{domain('a', '', UUID)}<active>1</active>"
# Files beside the world's.
BESIDE = {
    "domain.xml": domain("elsewhere"), "broken.xml": "<domain>\n<name>x</nam>", "empty.xml": "", "loop.xml": "<domain file='loop.xml'/>",
    "size.xml": "<domain type='test'>\n<name>bad</name>\n<memory>abc</memory>\n<os><type>hvm</type></os></domain>",
    "pool.xml": "<pool type='dir'><name>p</name><target><path>/p</path></target>\n<volume file='volume.xml'/></pool>",
    "volume.xml": "<volume><name>v</name><capacity>10</capacity></volume>",
    "pool-of-bad.xml": "<pool type='dir'><name>p</name><target><path>/p</path></target>\n<volume file='bad-volume.xml'/></pool>",
    "bad-volume.xml": "<volume>\n\n<name>v</name></volume>", "snapshot.xml": f"<domainsnapshot>{SNAPSHOT}</domainsnapshot>",
}
# What stands in the world's <node>, from its second line on, and what of it the error names; None when nothing is wrong.
WORLDS = {
    "nothing": ("", None), "a domain elsewhere": ("<domain file='domain.xml'/>", None), "a pool elsewhere": ("<pool file='pool.xml'/>", None),
    "a snapshot elsewhere": (domain("a", f"<test:domainsnapshot {NAMESPACE} file='snapshot.xml'/>", UUID), None),
    "off": (domain("a", state("runstate=5")), None), "paused": (domain("a", state("runstate=3")), None), "transient": (domain("a", state("transient")), None),
    "saved": (domain("a", state("hasmanagedsave", "runstate=5")), None), "unknown": ("<whatever/>", None), "no number of cells": ("<cpu><nodes>0</nodes></cpu>", None),
    "missing": ("\n<domain file='none.xml'/>", ["none.xml"]), "broken": ("<domain file='broken.xml'/>", ["broken.xml: line 2"]), "empty": ("<domain file='empty.xml'/>", ["empty.xml: line 1"]),
    "loop": ("<domain file='loop.xml'/>", ["loop.xml: <domain> (line 1)"]), "another kind": ("\n<domain file='volume.xml'/>", ["volume.xml: <volume> (line 1)"]),
    "a size elsewhere": ("<domain file='size.xml'/>", ["size.xml: <memory> (line 3)", "abc"]),
    "a size": ("\n<domain type='test'>\n<name>a</name><memory>abc</memory><os><type>hvm</type></os></domain>", ["world.xml: <memory> (line 4)"]),
    "a volume": ("<pool file='pool-of-bad.xml'/>", ["pool-of-bad.xml: <pool> (line 1): bad-volume.xml: <volume> (line 1)", "capacity"]), "a missing volume": ("<pool type='dir'><name>p</name><target><path>/p</path></target><volume file='none.xml'/></pool>", ["world.xml: <pool> (line 2)", "none.xml"]),
    "two names": (domain("a") + "\n" + domain("a"), ["world.xml: <domain> (line 3)", "'a'"]), "two UUIDs": (domain("a", "", UUID) + "\n" + domain("b", "", UUID), ["world.xml: <domain> (line 3)", "UUID"]),
    "two networks": ("<network><name>n</name></network>\n<network><name>n</name></network>", ["world.xml: <network> (line 3)", "'n'"]),
    "cells": ("<cpu>\n<nodes>x</nodes></cpu>", ["world.xml: <nodes> (line 3)", "'x'"]), "memory": ("<memory>-5</memory>", ["world.xml: <memory> (line 2)", "'-5'"]),
    "no state": (domain("a", state("runstate=9")), ["world.xml: <test:runstate> (line 3)", "'9'"]), "odd state": (domain("a", state("runstate=x")), ["<test:runstate> (line 3)", "'x'"]),
    "transient and off": (domain("a", state("transient", "runstate=5")), ["world.xml: <domain> (line 2)", "'a'"]), "saved and running": (domain("a", state("hasmanagedsave")), ["world.xml: <domain> (line 2)", "'a'"]),
    "a missing snapshot": (domain("a", f"<test:domainsnapshot {NAMESPACE} file='none.xml'/>"), ["none.xml"]), "nobody": ("<auth>\n<user/></auth>", ["world.xml: <user> (line 3)"]),
    "an interface": ("<interface type='ethernet'/>", ["world.xml: <interface> (line 2)"]),
}

PROGRAM = """
import json, libvirt, sys
libvirt.registerErrorHandler(lambda *a: None, None)
for label, path in json.load(sys.stdin):
    try:
        c = libvirt.open("test://" + path)
        told = [[(it.name(), it.state(), it.isPersistent(), it.hasManagedSaveImage(), it.snapshotListNames(), it.hasCurrentSnapshot()) for it in c.listAllDomains()],
                [it.name() for it in c.listAllNetworks()], [(it.name(), it.listVolumes()) for it in c.listAllStoragePools()], c.getInfo()]
        said = None
    except libvirt.libvirtError as error:
        told, said = [error.get_error_code(), error.get_error_domain(), error.get_error_level()], error.get_error_message()
    print(json.dumps([label, told, said]))
"""


@pytest.fixture
def tell(tmp_path):
    """Opens all worlds; gives label, what is in them or the error's numbers, and its text."""
    for name, text in BESIDE.items():
        (tmp_path / name).write_text(text)
    paths = []
    for number, (label, (text, _)) in enumerate(WORLDS.items()):
        (tmp_path / str(number)).mkdir()
        for name in BESIDE:
            (tmp_path / str(number) / name).symlink_to(tmp_path / name)
        path = tmp_path / str(number) / "world.xml"
        path.write_text(f"<node>\n{text}</node>")
        paths.append((label, str(path)))

    def run(environment, at_once=True):
        told = []
        for places in [paths] if at_once else [[place] for place in paths]:
            done = subprocess.run([sys.executable, "-c", PROGRAM], input=json.dumps(places), env=environment, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, (places, done.stderr)
            told += map(json.loads, done.stdout.splitlines())
        return told
    return run


def test_same_worlds(tell, reference, ours):
    # Refused files leave the reference's memory in disorder.
    theirs, mine = tell(reference, at_once=False), tell(ours)
    assert [one[:2] for one in mine] == [one[:2] for one in theirs]


def test_errors_say_where(tell, ours):
    for label, _, said in tell(ours):
        named = WORLDS[label][1]
        assert (said is None) == (named is None), (label, said)
        assert all(part in said for part in named or ()), (label, said)


def test_errors_of_what_the_reference_does_not_read(ours, tmp_path):
    twice = {
        "<secret><uuid>{0}</uuid><usage type='volume'><volume>/a</volume></usage></secret>": "<secret> (line 3)", "<filterbinding><owner><name>o</name><uuid>{0}</uuid></owner>"
        "<portdev name='t'/><mac address='52:54:00:00:00:01'/><filterref filter='f'/></filterbinding>": "<filterbinding> (line 3)"}
    cases = {one.format("11111111-1111-1111-1111-111111111111") + "\n" + one.format("22222222-2222-2222-2222-222222222222"): place for one, place in twice.items()}
    cases |= {"<filter name='f'><filterref filter='f'/></filter>": "<filter> (line 2)", "<filter name='f'/>\n<filter name='f'><uuid>11111111-1111-1111-1111-111111111111</uuid></filter>": "<filter> (line 3)",
              "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>\n<pool type='dir'><name>q</name><target><path>/p</path></target></pool>": "<pool> (line 3)",
              "<pool type='dir'><name>p</name><target><path>/p</path></target>\n<volume><name>v</name><capacity>1</capacity></volume>\n<volume><name>v</name><capacity>1</capacity></volume></pool>": "<volume> (line 4)",
              "<secret><usage type='volume'><volume>/a</volume></usage>\n<t:state xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>\n<value>?</value></t:state></secret>": "<value> (line 4)"}
    cases |= {"<behaviour>\n<operation name='none' error='1'/></behaviour>": "<operation> (line 3)", "<secret>\n<usage/></secret>": "<usage> (line 3)", "<filter/>": "<filter> (line 2)",
             "<store/>": "<store> (line 2)", "<filterbinding/>": "<filterbinding> (line 2)"}
    path = tmp_path / "world.xml"
    for text, expected in cases.items():
        path.write_text(f"<node>\n{text}</node>")
        done = subprocess.run([sys.executable, "-c", PROGRAM], input=json.dumps([("", str(path))]), env=ours, capture_output=True, text=True, timeout=60, check=True)
        assert f"{path}: {expected}" in json.loads(done.stdout)[2]

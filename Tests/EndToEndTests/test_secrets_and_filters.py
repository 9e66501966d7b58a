"""What the recorded transcripts cannot show of secrets and filters: events, what holds a filter, files that describe a world.

Run with a name it is the program that the test of that name watches.
"""
import pathlib
import subprocess
import sys

import pytest
from refusal import refusal

PROGRAM = pathlib.Path(__file__)
UUID = "11111111-2222-3333-4444-{:012d}"


@pytest.mark.parametrize("name", ["events", "values", "use", "world", "fixed"])
def test_secrets_and_filters(name, ours, tmp_path):
    done = subprocess.run(
        ["/usr/bin/python3", str(PROGRAM), name, str(tmp_path)], env=ours, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout == "done\n"


def secret(number, body="", attributes=""):
    return f"<secret{attributes}><uuid>{UUID.format(number)}</uuid>{body}</secret>"


def events(_):
    import libvirt
    c = libvirt.open("test:///default")
    seen = []

    def hear(label):
        return lambda con, item, *rest: seen.append((label, item.UUIDString()[-1], item.usageType(), item.usageID(), *rest[:-1]))

    one = c.secretDefineXML(secret(1, "<usage type='ceph'><name>n</name></usage>"), 0)
    ids = [c.secretEventRegisterAny(None, libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE, hear("life"), None),
           c.secretEventRegisterAny(None, libvirt.VIR_SECRET_EVENT_ID_VALUE_CHANGED, hear("value"), None),
           c.secretEventRegisterAny(one, libvirt.VIR_SECRET_EVENT_ID_LIFECYCLE, hear("one"), None)]
    keep = libvirt.virEventAddTimeout(0, lambda *rest: None, None)

    def heard():
        for _ in range(3):
            libvirt.virEventRunDefaultImpl()
        now, seen[:] = list(seen), []
        return sorted(now)

    two = c.secretDefineXML(secret(2), 0)
    assert heard() == [("life", "2", 0, "", 0, 0)]
    two.setValue(b"x")
    assert heard() == [("value", "2", 0, "")]
    c.secretDefineXML(secret(1, "<description>new</description><usage type='ceph'><name>n</name></usage>"), 0)
    assert heard() == [("life", "1", 2, "n", 0, 0), ("one", "1", 2, "n", 0, 0)]
    one.undefine()
    two.undefine()
    assert heard() == [("life", "1", 2, "n", 1, 0), ("life", "2", 0, "", 1, 0), ("one", "1", 2, "n", 1, 0)]
    for identifier in ids:
        c.secretEventDeregisterAny(identifier)
    c.secretDefineXML(secret(3), 0)
    assert heard() == []
    libvirt.virEventRemoveTimeout(keep)


def values(_):
    import libvirt
    c = libvirt.open("test:///default")
    s = c.secretDefineXML(secret(1), 0)
    for value in (b"\0", b"a" * 100_000, bytes(range(256)), b"short"):
        s.setValue(value)
        assert s.value() == value
    # One world: another connection sees it; a read-only one does not.
    assert libvirt.open("test:///default").secretLookupByUUIDString(UUID.format(1)).value() == b"short"
    closed = libvirt.openReadOnly("test:///default").secretLookupByUUIDString(UUID.format(1))
    assert {refusal(closed.value), refusal(closed.setValue, b"x"), refusal(closed.undefine)} == {(29, 30)}
    c.secretDefineXML(secret(1, attributes=" ephemeral='yes'"), 0)
    assert s.value() == b"short"
    s.undefine()
    c.secretDefineXML(secret(1), 0)
    assert refusal(s.value) == (66, 30)


def filter_(name, number, *references):
    return f"<filter name='{name}'><uuid>{UUID.format(number)}</uuid>{''.join(f'<filterref filter={chr(39)}{r}{chr(39)}/>' for r in references)}</filter>"


def binding(port, name):
    return (f"<filterbinding><owner><name>vm</name><uuid>{UUID.format(9)}</uuid></owner><portdev name='{port}'/>"
            f"<mac address='52:54:00:00:00:01'/><filterref filter='{name}'/></filterbinding>")


def use(_):
    import libvirt
    c = libvirt.open("test:///default")
    a, b, d = (c.nwfilterDefineXML(text) for text in (filter_("a", 1), filter_("b", 2, "a", "later"), filter_("d", 4)))
    bound = c.nwfilterBindingCreateXML(binding("p", "b"), 0)
    assert refusal(a.undefine) == refusal(b.undefine) == (55, 33)
    later = c.nwfilterDefineXML(filter_("later", 3))
    assert refusal(later.undefine) == (55, 33)
    assert refusal(c.nwfilterDefineXML, filter_("later", 3, "b")) == (9, 33)
    c.nwfilterDefineXML(filter_("b", 2, "a"))
    later.undefine()
    d.undefine()
    bound.delete()
    a.undefine()
    b.undefine()
    assert c.listNWFilters() == [] and c.listAllNWFilterBindings() == []
    chain = [c.nwfilterDefineXML(filter_(f"f{n}", 100 + n, f"f{n + 1}")) for n in range(300)]
    assert refusal(c.nwfilterDefineXML, filter_("f300", 400, "f0")) == (9, 33)
    for item in chain:
        item.undefine()


def world(folder):
    import libvirt
    (folder / "one.xml").write_text(secret(2, "<usage type='volume'><volume>/v</volume></usage><value>from a file</value>"))
    place = folder / "world.xml"
    place.write_text(
        f"<node>{secret(1, '<value>s&lt;</value>', chr(32) + 'private=' + chr(39) + 'yes' + chr(39))}<secret file='one.xml'/>"
        f"{filter_('b', 2, 'a')}{filter_('a', 1)}{binding('p', 'b')}</node>")
    c = libvirt.open(f"test://{place}")
    assert c.numOfSecrets() == 2 and c.secretLookupByUsage(1, "/v").value() == b"from a file"
    assert refusal(c.secretLookupByUUIDString(UUID.format(1)).value) == (65, 30)
    assert "value" not in c.secretLookupByUsage(1, "/v").XMLDesc()
    assert sorted(c.listNWFilters()) == ["a", "b"] and c.nwfilterBindingLookupByPortDev("p").filterName() == "b"
    assert refusal(c.nwfilterLookupByName("a").undefine) == (55, 33)
    assert libvirt.open("test:///default").numOfSecrets() == 0
    for text in (secret(1) * 2, filter_("a", 1) * 2 + filter_("a", 2), filter_("a", 1, "a"), binding("p", "a") * 2, "<secret><usage/></secret>", "<filter/>", "<filterbinding/>", "<secret file='none.xml'/>"):
        place.write_text(f"<node>{text}</node>")
        assert (refusal(libvirt.open, f"test://{place}") is None) is (text == secret(1) * 2), text


def fixed(_):
    """What was written is read again, to the same text; what is not known stays."""
    import libvirt
    from recorded import PROTOCOLS
    c = libvirt.open("test:///default")
    secrets = [secret(1, body, " private='yes' later='x'") for body in (
        "<later a='1'><b/></later><description>d</description>", "<usage type='tls'><later/><name>n</name></usage><later/>", "<usage type='iscsi'><target>n</target></usage>")]
    filters = [f"<filter name='a' chain='ipv4' priority='0' later='x'><uuid>{UUID.format(1)}</uuid><later/><rule action='drop' direction='in' later='x'>"
               f"<later/></rule><filterref filter='x' later='x'><later/><parameter name='A' value='1'/></filterref></filter>"]
    # What the reference reads in part only.
    more = {name: {"ipset": ("foo",), "ipsetflags": ("src,dst",)} for name in ("ah", "esp", "icmp", "igmp", "sctp", "tcp", "udp", "udplite")}
    more |= {name: {"protocol": ("udp",), **{f"{end}port{side}": ("5",) for end in ("src", "dst") for side in ("start", "end")}} for name in ("ip", "ipv6")}
    more["tcp-ipv6"] = {"flags": ("SYN/ALL",)}
    for protocol, attributes in PROTOCOLS.items():
        attributes = attributes | more.get(protocol, {})
        whole = " ".join(f"{name}='{values[0]}'" for name, values in attributes.items())
        filters.append(f"<filter name='a'><uuid>{UUID.format(1)}</uuid><rule action='drop' direction='in'><{protocol} later='x' {whole}><later/></{protocol}></rule></filter>")
    bindings = [binding("p", "a").replace("</filterbinding>", "<linkdev name='l'/><backend name='b'/><later/></filterbinding>").replace("<owner>", "<owner><later/>")]
    count = {"<later": 0}
    for make, texts in ((lambda x: c.secretDefineXML(x, 0), secrets), (c.nwfilterDefineXML, filters), (lambda x: c.nwfilterBindingCreateXML(x, 0), bindings)):
        for text in texts:
            made = make(text)
            once = made.XMLDesc(0)
            assert all(f" {name}=" in once for protocol, names in more.items() if f"<{protocol} " in text for name in names), once
            assert once.count("later") == text.count("later") - text.count("</later") + once.count("</later"), once
            getattr(made, "undefine", getattr(made, "delete", None))()
            made = make(once)
            assert made.XMLDesc(0) == once
            getattr(made, "undefine", getattr(made, "delete", None))()
            count["<later"] += 1
    assert count["<later"] == len(secrets) + len(filters) + 1


if __name__ == "__main__":
    import libvirt
    libvirt.registerErrorHandler(lambda *arguments: None, None)
    libvirt.virEventRegisterDefaultImpl()
    globals()[sys.argv[1]](pathlib.Path(sys.argv[2]))
    print("done")

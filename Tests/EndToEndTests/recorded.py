"""Scenarios for kinds of objects that the reference's test driver does not have: what its own drivers for them answered is
recorded in recorded/, what ours answers on test:///default is compared with it by test_recorded.py.

To record, run a libvirtd of the reference's release with no such objects in it, and

    /usr/bin/python3 recorded.py secrets 'secret:///system?socket=/path/libvirt-sock' > recorded/secrets.json

The transcript has one JSON value a line; wording is left out, as are UUIDs that the library chose.
"""
import json
import re
import sys

import libvirt

from transcript import Transcript

UUID = "11111111-2222-3333-4444-{:012d}"

# Attributes of the elements in rules, each with values that are right or wrong there. The first of them is right.
MAC = ("01:02:03:04:05:06", "1:2:3:4:5:6", "FF:ff:FF:ff:FF:ff", "1:2:3:4:5", "1:2:3:4:5:6:7", "01-02-03-04-05-06")
MAC_MASK = ("ff:ff:ff:00:00:00", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "ff:fe:00:00:00:00", "ff:00:ff:00:00:00", "ff:ff:ff:ff:ff")
IP4 = ("1.2.3.4", "255.255.255.255", "0.0.0.0", "256.1.1.1", "1.2.3.4 ")
MASK4 = ("24", "0", "32", "33", "255.255.0.0", "0.0.0.0", "255.255.255.255", "255.0.255.0", " 5")
IP6 = ("::1", "FE80::1", "1:2:3:4:5:6:7:8", "0:0:0:0:0:0:0:1", "::", "1::2::3")
MASK6 = ("64", "0", "128", "129", "ffff::", "::", "ffff:0:ffff::")
BYTE = ("1", "0x1", "0X0F", "0", "255", "256", "0xff", "0x100", " 5", "+5", "5x", "0x", "010")
WORD = ("1", "0xfFfF", "65535", "65536", "0x10000", " 5", "010")
LONG = ("1", "4294967295", "4294967296", "0xffffffff")
SIX = ("63", "0x3f", "64", "0", "0x40")
STATE = ("NEW", "ESTABLISHED,NEW", "NEW,NEW", "NEW,ESTABLISHED,RELATED,INVALID", "INVALID", "NONE", "new", "NEW,", "NEW, ESTABLISHED", "NEW,nonsense")
PROTOCOL = ("tcp", "TCP", "1", "6", "17", "0x11", "132", "136", "58", "0", "200", "255", "256", "esp", "ah", "igmp", "icmpv6", "udplite", "sctp", "nonsense")
ETHER = ("ipv4", "IPV4", "arp", "rarp", "ipv6", "vlan", "0x800", "0x0806", "2054", "33024", "0x86dd", "1536", "0x5ff", "65535", "65536", "59", "60", "nonsense")
OPCODE = ("Request", "request", "1", "2", "0x3", "4", "5", "6", "7", "8", "9", "10", "65535", "65536", "ARP_NAK", "arp_nak", "InARP_Request", "nonsense")
FLAGS = ("SYN,ACK/SYN", "ALL/NONE", "SYN", "SYN/", "/SYN", "NONE/NONE", "SYN,SYN/ACK", "URG,PSH,FIN,RST,SYN,ACK/ALL", "syn/ack", "SYN,/ACK", " SYN/ACK", "nonsense/ACK")
ANSWER = ("true", "yes", "1", "false", "0", "no", "nonsense")
LINK = {"srcmacaddr": MAC, "srcmacmask": MAC_MASK, "dstmacaddr": MAC, "dstmacmask": MAC_MASK}
ADDRESSES4 = {"srcipaddr": IP4, "srcipmask": MASK4, "dstipaddr": IP4, "dstipmask": MASK4}
ADDRESSES6 = {"srcipaddr": IP6, "srcipmask": MASK6, "dstipaddr": IP6, "dstipmask": MASK6}
ON_IP4 = {"srcmacaddr": MAC, **ADDRESSES4, "srcipfrom": IP4, "srcipto": IP4, "dstipfrom": IP4, "dstipto": IP4, "dscp": SIX,
          "connlimit-above": ("1", "65535", "65536"), "state": STATE}
ON_IP6 = {"srcmacaddr": MAC, **ADDRESSES6, "srcipfrom": IP6, "srcipto": IP6, "dstipfrom": IP6, "dstipto": ("$X", *IP6), "dscp": SIX}
PORTS = {"srcportstart": WORD, "srcportend": WORD, "dstportstart": WORD, "dstportend": WORD}
COMMENT = {"comment": ("a &lt;comment", "")}
ARP = {**LINK, "hwtype": WORD, "protocoltype": WORD, "opcode": OPCODE, "arpsrcmacaddr": MAC, "arpdstmacaddr": MAC, "arpsrcipaddr": IP4,
       "arpdstipaddr": IP4, "gratuitous": ANSWER}
TREE = {"srcmacaddr": MAC, "srcmacmask": MAC_MASK, "type": BYTE, "flags": BYTE, "root-priority": WORD, "root-priority-hi": WORD,
        "root-address": MAC, "root-address-mask": MAC_MASK, "root-cost": LONG, "root-cost-hi": LONG, "sender-priority": WORD,
        "sender-priority-hi": WORD, "sender-address": MAC, "sender-address-mask": MAC_MASK,
        **{f"{name}{end}": WORD for name in ("port", "age", "max-age", "hello-time", "forward-delay") for end in ("", "-hi")}}
PROTOCOLS = {
    "mac": {**LINK, "protocolid": ETHER}, "vlan": {**LINK, "vlanid": ("16", "0xfff", "4095", "4096"), "encap-protocol": ETHER}, "stp": TREE,
    "arp": ARP, "rarp": ARP, "ip": {**LINK, **ADDRESSES4, "protocol": PROTOCOL, "dscp": SIX},
    "ipv6": {**LINK, **ADDRESSES6, "protocol": PROTOCOL, "type": BYTE, "typeend": BYTE, "code": BYTE, "codeend": BYTE},
    **{name: ON_IP4 for name in ("all", "ah", "esp", "igmp", "udplite")}, **{f"{name}-ipv6": ON_IP6 for name in ("all", "ah", "esp", "udplite")},
    "icmp": {**ON_IP4, "type": BYTE, "code": BYTE}, "icmpv6": {**ON_IP6, "type": BYTE, "code": BYTE},
    "tcp": {**ON_IP4, **PORTS, "flags": FLAGS}, "udp": {**ON_IP4, **PORTS}, "sctp": {**ON_IP4, **PORTS},
    **{f"{name}-ipv6": {**ON_IP6, **PORTS} for name in ("tcp", "udp", "sctp")},
}
PROTOCOLS = {name: {"match": ("no", "yes", "nonsense"), **attributes, **COMMENT} for name, attributes in PROTOCOLS.items()}
PROTOCOLS["all"] |= {"ipset": ("foo", "f+o-o:.", "foo bar", "a,b", "x" * 31, "x" * 32), "ipsetflags": ("src,DST", "dst,src", "x", "src," * 6 + "src")}
# Tried everywhere.
EVERYWHERE = ("$X", "$X[1]", "$X[ @ 1 ]", "$X[@]", "$X-Y", "$X[1", "$_9", "nonsense value")


class Described(Transcript):
    """Notes what an object's document says where a call gives an object."""

    def call(self, label, function, *arguments):
        def described():
            result = function(*arguments)
            if isinstance(result, (libvirt.virSecret, libvirt.virNWFilter, libvirt.virNWFilterBinding)):
                self.object = result
                return plain(result.XMLDesc(0), arguments)
            return result

        self.object = None
        super().call(label, described)
        return self.object


def plain(text, arguments):
    """A document without UUIDs that were not asked for."""
    def keep(match):
        return match[0] if match[0] in str(arguments) or "-2222-" in match[0] else "<uuid>"

    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", keep, text)
    # Most documents of filters differ in one rule.
    rule = re.fullmatch(re.escape(RULE).replace("RULE", "(.*)"), text)
    return rule[1] if rule else text


RULE = (f"<filter name='probe' chain='root'>\n  <uuid>{UUID.format(99)}</uuid>\n  <rule action='drop' direction='in' priority='500'>\n"
        "    RULE\n  </rule>\n</filter>\n")


def secrets(t, uri):
    c = libvirt.open(uri)
    one = f"<uuid>{UUID.format(1)}</uuid>"

    def use(kind, name, holder="name"):
        return f"<usage type='{kind}'><{holder}>{name}</{holder}></usage>"

    for text in ("", "<", "<secrets/>", "<secret/>", "<secret><uuid>zz</uuid></secret>", "<secret><uuid/></secret>", "<secret ephemeral='maybe'/>", "<secret private='1'/>", "<secret private=''/>",
                 "<secret private='yes' ephemeral='yes'><description></description></secret>", "<secret><description>d&lt;'x</description></secret>",
                 "<secret><description>a\nb</description></secret>", "<secret><usage/></secret>", "<secret><usage type=''/></secret>", "<secret><usage type='nonsense'><name>x</name></usage></secret>",
                 "<secret><usage type='none'/></secret>", "<secret><usage type='volume'/></secret>", "<secret><usage type='volume'><volume/></usage></secret>",
                 "<secret><usage type='ceph'><volume>/v</volume></usage></secret>", "<secret><usage type='iscsi'><name>t</name></usage></secret>", "<secret><usage type='tls'/></secret>", "<secret><usage type='vtpm'/></secret>",
                 f"<secret>{use('volume', 'relative', 'volume')}</secret>", f"<secret>{use('volume', '/v/a', 'volume')}</secret>", f"<secret>{use('volume', '/v/a', 'volume')}</secret>",
                 f"<secret>{use('ceph', '/v/a')}</secret>", f"<secret>{use('iscsi', 't1', 'target')}</secret>", f"<secret>{use('tls', 'tl')}</secret>", f"<secret>{use('vtpm', 'tp')}</secret>", f"<secret>{use('tls', 't/l')}</secret>",
                 f"<secret>{one}<description>one</description>{use('ceph', 'c1')}</secret>", f"<secret>{use('ceph', 'c1')}<description>other order</description>{one}</secret>",
                 f"<secret>{one}{use('ceph', 'c2')}</secret>", f"<secret>{one}</secret>", f"<secret><uuid>{UUID.format(2)}</uuid>{use('ceph', 'c1')}</secret>",
                 f"<secret><uuid>{UUID.format(2)}</uuid>{use('iscsi', 'c1', 'target')}</secret>", f"<secret><uuid>{UUID.format(3)}</uuid></secret>", f"<secret><uuid>{UUID.format(3)}</uuid>{use('ceph', 'c9')}</secret>",
                 f"<secret><uuid>{UUID.format(4).replace('-', '')}</uuid></secret>", "<secret><usage type='ceph'><name>a</name><name>b</name></usage><usage type='tls'><name>t</name></usage></secret>",
                 f"<secret ephemeral='yes'><uuid>{UUID.format(5)}</uuid></secret>"):
        t.call(f"define {text}", c.secretDefineXML, text, 0)
    t.call("number", c.numOfSecrets)
    t.call("names", lambda: len(c.listSecrets()))
    for flags in range(16):
        t.call(f"list {flags:#x}", lambda: len(c.listAllSecrets(flags)))
    for flags in (16, 32, 1 << 31):
        t.call(f"list {flags:#x}", c.listAllSecrets, flags)
    for flags in (2, 4, 1 << 31):
        t.call(f"define flags {flags}", c.secretDefineXML, "<secret/>", flags)
    s = c.secretLookupByUUIDString(UUID.format(1))
    for label, function, arguments in (("none", s.value, ()), ("set", s.setValue, (b"abc",)), ("get", s.value, ()), ("set with a zero", s.setValue, (b"a\0b",)), ("get", s.value, ()),
                                       ("get flags", s.value, (1,)), ("set flags", s.setValue, (b"x", 1)), ("document flags", s.XMLDesc, (1,)), ("usage", s.usageID, ()), ("usage type", s.usageType, ()),
                                       ("uuid", s.UUIDString, ())):
        t.call(f"value: {label}", function, *arguments)
    for label, head in (("as it was", "<secret>"), ("ephemeral", "<secret ephemeral='yes'>"), ("private", "<secret private='yes'>"), ("public again", "<secret>"), ("private, ephemeral", "<secret private='yes' ephemeral='yes'>")):
        t.call(f"again: {label}", c.secretDefineXML, f"{head}{one}{use('ceph', 'c1')}</secret>", 0)
        t.call(f"again: {label}: value", s.value)
    t.call("set private", s.setValue, b"other")
    for kind, name in ((2, "c1"), (2, "nobody"), (0, ""), (0, "c1"), (1, "/v/a"), (99, "x"), (-1, "x"), (2, ""), (3, "t1"), (3, "c1"), (4, "tl"), (5, "tp"), (0, UUID.format(3))):
        t.call(f"lookup {kind} {name}", c.secretLookupByUsage, kind, name)
    for name in (UUID.format(1), UUID.format(9), "x"):
        t.call(f"lookup {name}", c.secretLookupByUUIDString, name)
    with_none = c.secretLookupByUUIDString(UUID.format(3))
    t.call("no usage", lambda: [with_none.usageID(), with_none.usageType()])
    for label, function, arguments in (("undefine", s.undefine, ()), ("undefine again", s.undefine, ()), ("document", s.XMLDesc, (0,)), ("value", s.value, ()), ("set", s.setValue, (b"x",)), ("usage", s.usageID, ())):
        t.call(f"gone: {label}", function, *arguments)
    t.call("new one", c.secretDefineXML, f"<secret>{one}</secret>", 0)
    t.call("new one: value", c.secretLookupByUUIDString(UUID.format(1)).value)
    for secret in c.listAllSecrets():
        secret.undefine()
    t.call("empty", c.listSecrets)


def filters(t, uri):
    c = libvirt.open(uri)

    def one(body="", attributes="", name="probe", number=99):
        return f"<filter name='{name}'{attributes}><uuid>{UUID.format(number)}</uuid>{body}</filter>"

    for text in ("", "<", "<filters name='a'/>", "<filter/>", "<filter name=''/>", "<filter name='a'><uuid>zz</uuid></filter>", "<filter name='a'><uuid/></filter>", "<filter name='a'/>", "<filter name='a b'/>",
                 one(name="a"), one(name="b"), one(name="c"), one(name="b", attributes=" chain='ipv4'"), "<filter name='b'/>"):
        t.call(f"define {text}", c.nwfilterDefineXML, text)
    c.nwfilterLookupByName("b").undefine()
    for attributes in ("", " chain=''", " chain='root'", " chain='nonsense'", " chain='ipv4'", " chain='ipv4-more'", " chain='ipv4 more'", " chain='mac-abcdefghijkl'", " chain='mac-abcdefgh'", " chain='mac'", " chain='vlan'",
                       " chain='stp'", " chain='arp'", " chain='rarp'", " chain='ipv6'", " chain='ROOT'", " chain='arp' priority='-900'", " chain='arp' priority='1000'", " chain='arp' priority='1001'", " chain='arp' priority='-1001'",
                       " priority='x'", " priority='5'", " priority='0'", " priority=''"):
        t.call(f"attributes{attributes}", c.nwfilterDefineXML, one(attributes=attributes))
    for body in ("<rule/>", "<rule action='drop'/>", "<rule action='nonsense' direction='in'/>", "<rule action='drop' direction='nonsense'/>", "<rule action='' direction='in'/>", "<rule action='DROP' direction='in'/>",
                 *(f"<rule action='{action}' direction='{direction}'/>" for action in ("drop", "accept", "reject", "return", "continue") for direction in ("in", "out", "inout")),
                 *(f"<rule action='drop' direction='in' priority='{value}'/>" for value in ("-1000", "1000", "-1001", "1001", "x", "", "5 ", "0")),
                 *(f"<rule action='drop' direction='in' statematch='{value}'/>" for value in ("0", "false", "FALSE", "False", "true", "1", "no", "")),
                 "<rule action='drop' direction='in'><tcp srcportstart='1'/><tcp srcportstart='2'/><udp/></rule>", "<rule action='drop' direction='in'>text<tcp/></rule>",
                 "<rule action='accept' direction='out'/><filterref filter='x'/><rule action='drop' direction='in'/>", "<filterref/>", "<filterref filter=''/>", "<filterref filter='x y'/>", "<filterref filter='probe'/>",
                 "<filterref filter='x'><parameter name='B' value='2'/><parameter name='A' value='1'/><parameter name='A' value='3'/></filterref>", "<filterref filter='x'><parameter name='A-' value='3'/></filterref>",
                 "<filterref filter='x'><parameter name='C' value='bad value'/></filterref>", "<filterref filter='x'><parameter value='x'/></filterref>", "<filterref filter='x'><parameter name='x'/></filterref>",
                 "<filterref filter='x'><parameter name='M' value='00:11:22:33:44:55'/><parameter name='I' value='10.0.0.1'/></filterref>"):
        t.call(f"body {body}", c.nwfilterDefineXML, one(body))
    seen = set()
    for protocol, attributes in PROTOCOLS.items():
        t.call(f"{protocol}", c.nwfilterDefineXML, one(f"<rule action='drop' direction='in'><{protocol}/></rule>"))
        whole = " ".join(f"{name}='{values[0]}'" for name, values in attributes.items())
        for order in (whole, " ".join(f"{name}='{values[0]}'" for name, values in reversed(attributes.items()))):
            t.call(f"{protocol} {order}", c.nwfilterDefineXML, one(f"<rule action='drop' direction='in'><{protocol} {order}/></rule>"))
        for name, values in attributes.items():
            # Values of a kind are tried once in full, then the first two of them.
            tried = values[:2] if values in seen else (*values, *EVERYWHERE)
            seen.add(values)
            for value in tried:
                t.call(f"{protocol} {name}='{value}'", c.nwfilterDefineXML, one(f"<rule action='drop' direction='in'><{protocol} {name}='{value}'/></rule>"))
    for attributes in ("protocol='tcp' srcportstart='1' srcportend='0x5'", "protocol='icmp' srcportstart='1'", "srcportstart='1' protocol='udp'", "srcportstart='1'", "protocol='$X' srcportstart='1'", "protocol='sctp' dstportend='1'"):
        for protocol in ("ip", "ipv6"):
            t.call(f"{protocol} {attributes}", c.nwfilterDefineXML, one(f"<rule action='drop' direction='in'><{protocol} {attributes}/></rule>"))
    # References.
    t.call("a", c.nwfilterDefineXML, one(name="a1", number=1))
    t.call("b refers to a", c.nwfilterDefineXML, one("<filterref filter='a1'/>", name="b1", number=2))
    t.call("a refers to b", c.nwfilterDefineXML, one("<filterref filter='b1'/>", name="a1", number=1))
    t.call("a refers to a", c.nwfilterDefineXML, one("<filterref filter='a1'/>", name="a1", number=1))
    t.call("c refers to d", c.nwfilterDefineXML, one("<filterref filter='d1'/>", name="c1", number=3))
    t.call("d refers to c", c.nwfilterDefineXML, one("<filterref filter='c1'/>", name="d1", number=4))
    a = c.nwfilterLookupByUUIDString(UUID.format(1))
    t.call("other name", c.nwfilterDefineXML, one(name="a2", number=1))
    t.call("names", lambda: sorted(c.listNWFilters()))
    t.call("number", c.numOfNWFilters)
    t.call("all", lambda: sorted(f.name() for f in c.listAllNWFilters()))
    for label, function, arguments in (("list flags", c.listAllNWFilters, (1,)), ("document flags", a.XMLDesc, (1,)), ("define flags", c.nwfilterDefineXMLFlags, (one(), 2)), ("name", c.nwfilterLookupByName, ("nobody",)),
                                       ("empty name", c.nwfilterLookupByName, ("",)), ("uuid", c.nwfilterLookupByUUIDString, (UUID.format(77),)), ("bad uuid", c.nwfilterLookupByUUIDString, ("zz",)),
                                       ("found", c.nwfilterLookupByName, ("a1",)), ("found by uuid", c.nwfilterLookupByUUIDString, (UUID.format(2),)), ("undefine", a.undefine, ()), ("undefine again", a.undefine, ()),
                                       ("gone", a.XMLDesc, (0,)), ("still there", c.nwfilterLookupByName, ("b1",))):
        t.call(f"calls: {label}", function, *arguments)
    for item in c.listAllNWFilters():
        item.undefine()


def bindings(t, uri):
    c = libvirt.open(uri)
    person = f"<owner><name>vm</name><uuid>{UUID.format(9)}</uuid></owner>"

    def one(port="<portdev name='port0'/>", owner=person, mac="<mac address='52:54:00:7b:35:93'/>", reference="<filterref filter='a'/>", more=""):
        return f"<filterbinding>{owner}{port}{mac}{reference}{more}</filterbinding>"

    c.nwfilterDefineXML(f"<filter name='a'><uuid>{UUID.format(1)}</uuid></filter>")
    other = "<portdev name='port1'/>"
    for text in ("", "<", "<binding/>", "<filterbinding/>", one(), one(), one(port=""), one(port="<portdev/>"), one(port="<portdev name=''/>"), one(other, owner=""), one(other, owner=person.replace("<name>vm</name>", "")),
                 one(other, owner=person.replace("vm", "")), one(other, owner="<owner><name>vm</name></owner>"), one(other, owner="<owner><name>vm</name><uuid>zz</uuid></owner>"), one(other, mac=""), one(other, mac="<mac/>"),
                 one(other, mac="<mac address='zz'/>"), one(other, mac="<mac address='52:54:00:7B:35'/>"), one(other, reference=""), one(other, reference="<filterref/>"), one(other, reference="<filterref filter='nobody'/>"),
                 "<filterbinding><filterref filter='a'><parameter name='IP' value='1.2.3.4'/><parameter name='A' value='x'/></filterref><mac address='52:54:00:7B:35:94'/><portdev name='port2'/><linkdev name='link'/>"
                 f"<owner><uuid>{UUID.format(9)}</uuid><name>vm</name></owner></filterbinding>", one("<portdev name='a/b c'/>")):
        t.call(f"create {text}", c.nwfilterBindingCreateXML, text, 0)
    b = c.nwfilterBindingLookupByPortDev("port0")
    t.call("all", lambda: sorted([x.portDev(), x.filterName()] for x in c.listAllNWFilterBindings()))
    for label, function, arguments in (("list flags", c.listAllNWFilterBindings, (1,)), ("document flags", b.XMLDesc, (1,)), ("create flags", c.nwfilterBindingCreateXML, (one(other), 2)), ("nobody", c.nwfilterBindingLookupByPortDev, ("nobody",)),
                                       ("empty", c.nwfilterBindingLookupByPortDev, ("",)), ("found", c.nwfilterBindingLookupByPortDev, ("port2",)), ("port", b.portDev, ()), ("filter", b.filterName, ()), ("delete", b.delete, ()),
                                       ("delete again", b.delete, ()), ("gone", b.XMLDesc, (0,)), ("port of what is gone", b.portDev, ())):
        t.call(f"calls: {label}", function, *arguments)
    for item in c.listAllNWFilterBindings():
        item.delete()
    for item in c.listAllNWFilters():
        item.undefine()


if __name__ == "__main__":
    libvirt.registerErrorHandler(lambda *arguments: None, None)
    transcript = Described()
    globals()[sys.argv[1]](transcript, sys.argv[2])
    for line in transcript.lines:
        print(json.dumps(line))

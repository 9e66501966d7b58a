"""Bad documents of every kind: the error names the element and its line. The line of the element that is wrong begins with `!`."""
import collections
import json
import pathlib
import re
import subprocess

import pytest

PROGRAM = pathlib.Path(__file__).with_name("refuse.py")
DOMAIN = """
<domain type='test'>
  <name>guest</name>
  <memory>1024</memory>
  <os>
    <type>hvm</type>
  </os>
%s
</domain>"""
DEVICES = "<devices>\n<controller type='usb'/>\n%s\n</devices>"
PORT = """<networkport>
<owner><name>g</name><uuid>11111111-2222-3333-4444-000000000001</uuid></owner>
<mac address='52:54:00:00:00:01'/>
%s
</networkport>"""
BINDING = """<filterbinding>
<owner><name>g</name><uuid>11111111-2222-3333-4444-000000000001</uuid></owner>
<portdev name='t0'/>
<mac address='52:54:00:00:00:01'/>
%s
</filterbinding>"""
NETWORK = "<network>\n<name>n</name>\n%s\n</network>"
POOL = "<pool type='dir'>\n<name>p</name>\n%s\n<target>\n<path>/p</path>\n</target>\n</pool>"
VOLUME = "<volume>\n<name>v</name>\n<capacity>10</capacity>\n%s\n</volume>"
DEVICE = "<device>\n<parent>computer</parent>\n%s\n</device>"
# Around a part of a document, what it takes to be one.
AROUND = {
    "device of a domain": ("domain", DOMAIN % DEVICES), "part of a domain": ("domain", DOMAIN), "network": ("network", NETWORK),
    "port": ("port", PORT), "pool": ("pool", POOL), "volume": ("volume", VOLUME), "node device": ("node device", DEVICE),
    "binding": ("binding", BINDING),
    "filter": ("filter", "<filter name='f'>\n%s\n</filter>"), "secret": ("secret", "<secret>\n<description>d</description>\n%s\n</secret>"),
    "snapshot": ("snapshot", "<domainsnapshot>\n%s\n</domainsnapshot>"), "checkpoint": ("checkpoint", "<domaincheckpoint>\n%s\n</domaincheckpoint>"),
    "redefined snapshot": ("redefined snapshot", "<domainsnapshot>\n<name>s</name>\n<creationTime>1</creationTime>\n%s\n</domainsnapshot>"),
    "interface": ("interface", "<interface type='ethernet' name='eth7'>\n%s\n</interface>"),
    "world": ("world", "<node>\n%s\n</node>"),
}
DOCUMENTS = {
    "domain": (
        "!<domain type='test'>\n<memory>1</memory>\n</domain>", "!<domain>\n<name>a</name>\n<memory>1</memory>\n</domain>",
        "!<domain type='zzz'>\n<name>a</name>\n</domain>", "<domain type='test'>\n!<name>a/b</name>\n<memory>1</memory>\n</domain>",
        "!<domain type='test'>\n<name>a</name>\n<memory>1</memory>\n</domain>", "!<network>\n</network>",
        "<domain type='test'>\n<name>a</name>\n!<memory unit='zzz'>1</memory>\n<os><type>hvm</type></os></domain>",
        "<domain type='test'>\n<name>a</name>\n!<memory>many</memory>\n<os><type>hvm</type></os></domain>",
        "<domain type='test'>\n<name>a</name>\n!<memory>0</memory>\n<os><type>hvm</type></os></domain>",
        "<domain type='test'>\n<name>a</name>\n!<memory unit='EiB'>99999999</memory>\n<os><type>hvm</type></os></domain>",
        "<domain type='test'>\n<name>a</name>\n<memory>1</memory>\n!<os>\n<bootmenu enable='yes'/></os></domain>",
        "<domain type='test'>\n<name>a</name>\n<memory>1</memory>\n<os>\n!<type>zzz</type></os></domain>",
    ),
    "part of a domain": (
        "!<uuid>zzz</uuid>", "!<genid>zzz</genid>", "!<title>a\nb</title>", "!<currentMemory unit='zzz'>1</currentMemory>",
        "!<maxMemory>1</maxMemory>", "!<vcpu>0</vcpu>", "!<vcpu>zzz</vcpu>", "!<vcpu current='3'>2</vcpu>", "!<vcpu cpuset='zzz'>2</vcpu>",
        "!<clock offset='zzz'/>", "!<clock offset='timezone'/>", "!<clock offset='absolute'/>", "<clock offset='utc'>\n!<timer name='zzz'/></clock>",
        "!<on_crash>zzz</on_crash>", "!<on_poweroff>coredump-destroy</on_poweroff>", "<cputune>\n!<vcpupin cpuset='1'/>\n</cputune>",
        "<cputune>\n<vcpupin vcpu='0' cpuset='1'/>\n!<vcpupin vcpu='0' cpuset='2'/>\n</cputune>", "<cputune>\n!<vcpupin vcpu='0' cpuset='z'/>\n</cputune>",
        "<cputune>\n!<shares>1</shares>\n</cputune>", "<cputune>\n!<quota>zzz</quota>\n</cputune>",
        "<cputune>\n!<iothreadpin iothread='4' cpuset='1'/>\n</cputune>", "<iothreadids>\n<iothread id='1'/>\n!<iothread id='1'/>\n</iothreadids>",
        "!<iothreads>zzz</iothreads>", "<numatune>\n!<memory mode='zzz' nodeset='1'/>\n</numatune>", "<numatune>\n!<memory mode='strict'/>\n</numatune>",
        "<numatune>\n!<memory mode='strict' nodeset='z'/>\n</numatune>", "<numatune>\n!<memnode cellid='0' mode='strict' nodeset='1'/>\n</numatune>",
        "<blkiotune>\n!<device>\n<weight>200</weight>\n</device>\n</blkiotune>", "<memtune>\n!<hard_limit unit='zzz'>1</hard_limit>\n</memtune>",
        "<perf>\n!<event name='zzz' enabled='yes'/>\n</perf>", "<perf>\n<event name='cmt' enabled='yes'/>\n!<event name='cmt' enabled='no'/>\n</perf>",
        "!<cpu>\n<feature name='vmx'/>\n</cpu>", "<cpu>\n<model>core2duo</model>\n!<feature policy='require'/>\n</cpu>",
        "<cpu>\n<model>core2duo</model>\n<feature name='vmx'/>\n!<feature name='vmx'/>\n</cpu>", "<cpu>\n<numa>\n!<cell cpus='0'/>\n</numa>\n</cpu>",
        "<cpu>\n<numa>\n!<cell cpus='0' memory='1' unit='zzz'/>\n</numa>\n</cpu>", "<cpu>\n<numa>\n<cell id='0' memory='1'/>\n!<cell id='0' memory='1'/>\n</numa>\n</cpu>",
        "<memoryBacking>\n<hugepages>\n!<page size='1' unit='zzz'/>\n</hugepages>\n</memoryBacking>", "<features>\n!<apic eoi='zzz'/>\n</features>",
        "<features>\n!<hyperv>\n<spinlocks state='on' retries='3'/>\n</hyperv>\n</features>", "!<seclabel type='static' model='selinux'>\n</seclabel>",
        "<idmap>\n!<uid start='0'/>\n</idmap>", "!<keywrap>\n<cipher name='aes' state='on'/>\n<cipher name='aes' state='on'/>\n</keywrap>",
        "!<launchSecurity type='sev'>\n</launchSecurity>",
        "<cpu>\n!<model vendor_id='short'>core2duo</model>\n</cpu>", "!<cpu migratable='on'>\n<model>core2duo</model>\n</cpu>",
        "<cpu>\n<model>core2duo</model>\n!<cache level='9' mode='disable'/>\n</cpu>", "<cpu>\n!<numa>\n</numa>\n</cpu>",
        "<cpu>\n<numa>\n!<cell cpus='4' memory='1'/>\n</numa>\n</cpu>", "<vcpus>\n!<vcpu id='7' enabled='yes'/>\n</vcpus>",
        "<cpu>\n<numa>\n<cell cpus='0' memory='1'/>\n<interconnects>\n!<latency initiator='1' target='0' type='read' value='1'/>\n</interconnects>\n</numa>\n</cpu>",
        "<cputune>\n!<vcpusched vcpus='9' scheduler='batch'/>\n</cputune>", "<features>\n!<zzz/>\n</features>",
        "<cputune>\n<cachetune vcpus='0'>\n!<monitor level='2' vcpus='0'/>\n</cachetune>\n</cputune>",
        "<cputune>\n<emulatorsched scheduler='idle'/>\n!<emulatorsched scheduler='idle'/>\n</cputune>",
        "<iothreadids>\n!<iothread id='1' thread_pool_max='0'/>\n</iothreadids>", "!<idmap>\n<uid start='0' target='1' count='1'/>\n</idmap>",
        "<memoryBacking>\n<hugepages>\n!<page size='0'/>\n</hugepages>\n</memoryBacking>", "<sysinfo type='fwcfg'>\n!<entry name='opt/a'/>\n</sysinfo>",
        "<clock offset='utc'>\n!<timer name='rtc'>\n<catchup threshold='1'/>\n</timer>\n</clock>",
    ),
    "device of a domain": (
        "!<disk>\n<source file='/a'/>\n</disk>", "!<disk>\n<target dev='vda'/>\n</disk>", "!<disk type='zzz'>\n<target dev='vda'/>\n</disk>",
        "<disk>\n<source file='/a'/>\n!<target bus='virtio'/>\n</disk>", "<disk>\n<source file='/a'/>\n!<target dev='vda' bus='zzz'/>\n</disk>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n</disk>\n!<disk>\n<source file='/b'/>\n<target dev='vda'/>\n</disk>",
        "<disk type='network'>\n!<source name='x'/>\n<target dev='vda'/>\n</disk>",
        "<disk type='network'>\n<source protocol='nbd'>\n!<host transport='unix'/>\n</source>\n<target dev='vda'/>\n</disk>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n<iotune>\n!<read_iops_sec>zzz</read_iops_sec>\n</iotune>\n</disk>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n!<iotune>\n<read_iops_sec>1</read_iops_sec>\n<total_iops_sec>1</total_iops_sec>\n</iotune>\n</disk>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n!<address type='zzz'/>\n</disk>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n!<address type='pci' slot='0x40'/>\n</disk>",
        "!<interface type='zzz'>\n</interface>", "!<interface type='network'>\n</interface>", "<interface type='client'>\n!<source port='1'/>\n</interface>",
        "<interface type='user'>\n!<mac address='zzz'/>\n</interface>", "<interface type='user'>\n!<ip address='zzz'/>\n</interface>",
        "<interface type='user'>\n<bandwidth>\n!<inbound peak='1'/>\n</bandwidth>\n</interface>",
        "<interface type='ethernet'>\n!<route address='10.0.0.0' prefix='8'/>\n</interface>",
        "!<controller type='sata' index='0' model='x'/>", "<serial type='pty'>\n!<target type='virtio'/>\n</serial>",
        "<controller type='pci' model='pci-root'>\n<target/>\n!<target/>\n</controller>", "<lease>\n<lockspace>l</lockspace>\n<key>k</key>\n!<target/>\n</lease>",
        "<hostdev type='mdev' model='vfio-pci'>\n<source>\n<address uuid='11111111-2222-3333-4444-000000000001'/>\n</source>\n</hostdev>\n"
        "!<hostdev type='mdev' model='vfio-pci'>\n<source>\n<address uuid='11111111-2222-3333-4444-000000000001'/>\n</source>\n</hostdev>",
        "<disk>\n<source file='/a'/>\n<target dev='sda'/>\n</disk>\n!<disk>\n<source file='/b'/>\n<target dev='sdb'/>\n<address type='drive' unit='0'/>\n</disk>",
        "!<controller type='zzz'/>", "!<controller type='usb' index='z'/>", "<controller type='scsi' index='0'/>\n!<controller type='scsi' index='0'/>",
        "!<filesystem>\n<target dir='/a'/>\n</filesystem>", "<filesystem>\n<source dir='/a'/>\n!<target/>\n</filesystem>",
        "!<serial type='tcp'>\n</serial>", "<serial type='tcp'>\n!<source host='h'/>\n</serial>",
        "!<channel type='pty'>\n</channel>", "<channel type='pty'>\n!<target type='guestfwd' address='10.0.0.1'/>\n</channel>",
        "!<hostdev mode='subsystem' type='zzz'>\n</hostdev>", "!<hostdev type='usb'>\n</hostdev>",
        "<hostdev type='usb'>\n<source>\n!<vendor id='zzz'/>\n</source>\n</hostdev>", "!<graphics type='zzz'/>", "!<graphics type='vnc' port='zzz'/>",
        "<video>\n!<model type='zzz'/>\n</video>", "!<input type='tablet' bus='ps2'/>", "!<sound/>", "!<watchdog/>", "!<hub type='zzz'/>", "!<hub/>",
        "!<rng>\n<backend model='random'>/dev/random</backend>\n</rng>", "<rng model='virtio'>\n<backend model='random'>/a</backend>\n!<rate bytes='zzz'/>\n</rng>",
        "!<tpm>\n</tpm>", "!<memory model='dimm'>\n</memory>", "<memory model='dimm'>\n<target>\n!<size unit='zzz'>1</size>\n</target>\n</memory>",
        "!<shmem>\n</shmem>", "!<shmem name='a/b'>\n</shmem>", "!<lease>\n<lockspace>l</lockspace>\n<key>k</key>\n</lease>",
        "<vsock>\n!<cid auto='no' address='1'/>\n</vsock>", "!<memballoon model='zzz'/>", "<redirfilter>\n!<usbdev version='zzz' allow='yes'/>\n</redirfilter>",
        "!<redirdev bus='usb'>\n</redirdev>", "!<smartcard mode='host-certificates'>\n<certificate>a</certificate>\n</smartcard>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n<alias name='ua-a'/>\n</disk>\n!<sound model='ich6'>\n<alias name='ua-a'/>\n</sound>",
        "<disk>\n<source file='/a'/>\n<target dev='vda'/>\n<boot order='1'/>\n</disk>\n!<interface type='user'>\n<boot order='1'/>\n</interface>",
    ),
    "device": ("!<zzz>\n</zzz>", "!<disk>\n<source file='/a'/>\n</disk>", "<disk>\n<source file='/a'/>\n!<target dev='vdq' bus='zzz'/>\n</disk>"),
    "network": (
        "!<uuid>zzz</uuid>", "!<forward mode='zzz'/>", "!<forward mode='nat'/>", "!<bridge name='b' delay='zzz'/>", "!<mtu size='zzz'/>", "!<mac address='zzz'/>",
        "!<domain name='a' localOnly='zzz'/>", "!<ip/>", "!<ip address='zzz'/>", "!<ip address='10.0.0.1' prefix='99'/>",
        "!<ip address='10.0.0.1' prefix='8' netmask='255.0.0.0'/>", "<ip address='10.0.0.1' prefix='8'>\n<dhcp>\n!<range start='10.0.0.2'/>\n</dhcp>\n</ip>",
        "<ip address='10.0.0.1' prefix='8'>\n<dhcp>\n!<range start='10.0.0.9' end='10.0.0.2'/>\n</dhcp>\n</ip>",
        "<ip address='10.0.0.1' prefix='8'>\n<dhcp>\n!<host ip='10.0.0.3'/>\n</dhcp>\n</ip>", "<dns>\n!<host>\n<hostname>h</hostname>\n</host>\n</dns>",
        "<dns>\n!<txt value='v'/>\n</dns>", "<dns>\n!<srv service='s'/>\n</dns>", "<dns>\n!<forwarder/>\n</dns>", "!<vlan>\n</vlan>", "<vlan>\n!<tag/>\n</vlan>",
        "<vlan>\n!<tag id='5000'/>\n</vlan>", "!<portgroup/>", "!<virtualport/>", "!<virtualport type='zzz'/>", "<bandwidth>\n!<inbound/>\n</bandwidth>",
        "!<route address='10.0.0.0'/>", "!<route address='10.0.0.0' gateway='zzz'/>", "<forward mode='hostdev'>\n!<pf/>\n</forward>",
        "<forward mode='nat'>\n<nat>\n!<port start='9' end='1'/>\n</nat>\n</forward>\n<ip address='10.0.0.1' prefix='8'/>",
    ),
    "port": ("!<plug/>", "!<plug type='bridge'/>", "<bandwidth classID='1'>\n!<outbound floor='1'/>\n</bandwidth>", "!<plug type='zzz'/>", "!<uuid>zzz</uuid>"),
    "interface": (
        "!<start mode='zzz'/>", "!<mtu size='zzz'/>", "!<protocol/>", "!<protocol family='zzz'/>", "!<link speed='zzz'/>",
    ),
    "pool": (
        "!<uuid>zzz</uuid>", "<features>\n!<cow state='zzz'/>\n</features>", "<refresh>\n!<volume allocation='zzz'/>\n</refresh>",
        "<source>\n!<host/>\n</source>", "<source>\n!<device/>\n</source>", "<source>\n!<auth/>\n</source>", "<source>\n!<auth type='zzz' username='u'/>\n</source>",
        "<source>\n<auth type='chap' username='u'>\n!<secret/>\n</auth>\n</source>", "<source>\n!<adapter type='zzz'/>\n</source>",
        "<source>\n!<adapter type='fc_host'/>\n</source>",
    ),
    "volume": (
        "!<allocation>zzz</allocation>", "!<allocation unit='zzz'>1</allocation>", "<target>\n!<format type='zzz'/>\n</target>",
        "<target>\n<permissions>\n!<mode>zzz</mode>\n</permissions>\n</target>", "<target>\n!<compat>zzz</compat>\n</target>",
        "<target>\n<features>\n!<zzz/>\n</features>\n</target>", "<target>\n!<encryption/>\n</target>", "<target>\n!<encryption format='zzz'/>\n</target>",
        "<target>\n!<clusterSize unit='zzz'>1</clusterSize>\n</target>",
    ),
    "node device": (
        "!<capability/>", "!<capability type='zzz'>\n</capability>", "!<devnode/>\n<capability type='mdev'>\n<type id='a'/>\n</capability>",
        "!<parent wwnn='1'/>\n<capability type='mdev'>\n<type id='a'/>\n</capability>",
    ),
    "secret": ("!<uuid>zzz</uuid>", "!<usage/>", "!<usage type='zzz'/>", "!<usage type='ceph'>\n</usage>"),
    "filter": (
        "!<uuid>zzz</uuid>", "!<rule/>", "!<rule action='zzz' direction='in'/>", "!<filterref/>",
        "<rule action='drop' direction='in'>\n!<ip srcportstart='1'/>\n</rule>",
    ),
    "binding": ("!<filterref/>",),
    "snapshot": (
        "!<memory snapshot='zzz'/>", "!<memory snapshot='external'/>", "!<memory snapshot='external' file='a'/>", "<disks>\n!<disk/>\n</disks>",
        "<disks>\n!<disk name='zzz'/>\n</disks>", "<disks>\n<disk name='vda' snapshot='internal'/>\n!<disk name='vda' snapshot='internal'/>\n</disks>",
        "<disks>\n<disk name='vda'>\n!<driver type='zzz'/>\n</disk>\n</disks>",
    ),
    "redefined snapshot": ("!<state>zzz</state>",),
    "checkpoint": ("!<zzz/>", "!<name>a/b</name>", "<disks>\n!<zzz/>\n</disks>", "<disks>\n!<disk name='vda' zzz='1'/>\n</disks>", "!<disks>\n</disks>"),
    "redefined checkpoint": ("!<domaincheckpoint>\n</domaincheckpoint>", "!<domaincheckpoint>\n<name>a</name>\n</domaincheckpoint>"),
    "backup": (
        "!<domainbackup mode='zzz'>\n</domainbackup>", "!<domainbackup mode='pull'>\n</domainbackup>", "<domainbackup>\n<disks>\n!<disk/>\n</disks>\n</domainbackup>",
        "<domainbackup>\n<disks>\n!<disk name='zzz'/>\n</disks>\n</domainbackup>",
    ),
    "processor": (
        "!<zzz/>", "!<cpu>\n<arch>x86_64</arch>\n</cpu>", "<cpu>\n!<arch>zzz</arch>\n</cpu>", "<cpu>\n<arch>x86_64</arch>\n!<model>zzz</model>\n</cpu>",
        "<cpu>\n<arch>x86_64</arch>\n<model>core2duo</model>\n!<topology sockets='0' cores='1' threads='1'/>\n</cpu>",
        "<cpu>\n<arch>x86_64</arch>\n<model>core2duo</model>\n!<feature/>\n</cpu>",
        "<cpu>\n<arch>x86_64</arch>\n<model>core2duo</model>\n<feature name='vmx'/>\n!<feature name='vmx'/>\n</cpu>",
    ),
    "processors": ("<cpu>\n<arch>x86_64</arch>\n<model>core2duo</model>\n!<vendor>zzz</vendor>\n</cpu>",),
    "world": (
        "<cpu>\n!<mhz>zzz</mhz>\n</cpu>", "!<memory>zzz</memory>", "<behaviour>\n!<zzz/>\n</behaviour>", "<behaviour>\n!<operation name='domainSuspend'/>\n</behaviour>",
        "<domain type='test'>\n<name>a</name>\n!<memory unit='zzz'>1</memory>\n</domain>", "!<network>\n</network>",
    ),
}


def cases():
    for group, documents in DOCUMENTS.items():
        kind, around = AROUND.get(group, (group, "%s"))
        for document in documents:
            yield kind, around % document


@pytest.fixture(scope="module")
def answers(ours):
    marked = list(cases())
    lines = "\n".join(json.dumps([kind, text.replace("!<", "<").lstrip("\n")]) for kind, text in marked)
    done = subprocess.run(
        ["/usr/bin/python3", str(PROGRAM)], input=lines, env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return list(zip(marked, map(json.loads, done.stdout.splitlines()), strict=True))


def test_errors_name_the_element_and_its_line(answers):
    wrong = []
    for (kind, text), said in answers:
        lines = text.lstrip("\n").splitlines()
        [place] = [number for number, line in enumerate(lines, 1) if line.startswith("!<")]
        name = re.match(r"!<([\w-]+)", lines[place - 1])[1]
        if said is None or f"<{name}> (line {place})" not in said[2]:
            wrong.append((kind, text[-200:], f"<{name}> (line {place})", said))
    assert not wrong, (len(wrong), wrong[:8])


def test_every_kind_is_among_them(answers):
    counts = collections.Counter(kind for (kind, _), _ in answers)
    assert len(counts) == 19 and sum(counts.values()) > 210, counts

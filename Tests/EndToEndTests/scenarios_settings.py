"""What both libraries are asked about the settings, the figures and the agent of domains; see scenarios.py."""
import re

import libvirt

SMALL = "<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory unit='KiB'>65536</memory><vcpu>{vcpus}</vcpu><os><type>hvm</type></os>{body}</domain>"
MAC = "52:54:00:00:00:01"
RICH = """<cputune><shares>2048</shares><vcpupin vcpu='1' cpuset='0,3-5,^4'/><emulatorpin cpuset='1'/><iothreadpin iothread='2' cpuset='0-1'/></cputune>
<iothreads>3</iothreads><iothreadids><iothread id='2'/><iothread id='7'/></iothreadids>
<memtune><hard_limit unit='MiB'>2</hard_limit><soft_limit unit='KiB'>100</soft_limit><swap_hard_limit unit='GiB'>4</swap_hard_limit></memtune>
<numatune><memory mode='interleave' nodeset='0-1'/></numatune>
<blkiotune><weight>700</weight><device><path>/dev/a</path><weight>300</weight><read_iops_sec>5</read_iops_sec></device></blkiotune>
<perf><event name='cmt' enabled='yes'/><event name='instructions' enabled='no'/></perf>
<devices>
<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/><iotune><total_bytes_sec>100</total_bytes_sec><total_bytes_sec_max>1000</total_bytes_sec_max><group_name>g</group_name></iotune></disk>
<disk type='block' device='disk'><source dev='/dev/b'/><target dev='vdb' bus='virtio'/></disk>
<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>
<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><bandwidth><inbound average='10' peak='20' burst='30'/></bandwidth></interface>
<interface type='user'><mac address='52:54:00:00:00:02'/></interface>
<memballoon model='virtio'><stats period='7'/></memballoon></devices>
<seclabel type='static' model='testSecurity'><label>mine</label></seclabel>"""


def document_of(name, vcpus, body):
    """A domain's document; the name says which UUID it has."""
    return SMALL.format(name=name, uuid="11111111-2222-3333-4444-" + name.encode().hex()[:12].rjust(12, "0"), vcpus=vcpus, body=body)


def domain(c, name, vcpus=4, body=""):
    return c.defineXML(document_of(name, vcpus, body))


def guests(t):
    """Domains in all states that matter: running and off, plain and with settings, and one that ends with its run."""
    c = libvirt.open("test:///default")
    live = domain(c, "live", body=RICH)
    live.create()
    both = [("on", c.lookupByName("test")), ("off", domain(c, "guest")), ("rich", domain(c, "rich", body=RICH)), ("live", live),
            ("transient", c.createXML(document_of("transient", 2, RICH), 0))]
    for label, d in both:
        t.call(f"{label}: XMLDesc", d.XMLDesc)
    return both


def document(t, label, d):
    """What the definitions say now."""
    for what, flags in (("XMLDesc", 0), ("XMLDesc inactive", libvirt.VIR_DOMAIN_XML_INACTIVE)):
        # The reference writes a bandwidth that limits nothing; it says nothing.
        t.call(f"{label}: {what}", lambda flags=flags: re.sub(r" *<bandwidth>\s*</bandwidth>\n", "", d.XMLDesc(flags)))


def parameters(t, label, d, get, put, values, *arguments):
    """A family of parameters: read with all flags, set in turn, read again."""
    for flags in (0, 1, 2, 3, 4, 8):
        t.call(f"{label}: {get} {arguments} {flags}", getattr(d, get), *arguments, flags)
    for change in values:
        for flags in (0, 1, 2, 3, 8):
            t.call(f"{label}: {put} {arguments} {change} {flags}", getattr(d, put), *arguments, change, flags)
        t.call(f"{label}: {get} {arguments} after {change}", getattr(d, get), *arguments, 0)
        document(t, f"{label} {put} {arguments} {change}", d)


def setting_memory(t):
    for label, d in guests(t):
        parameters(t, label, d, "memoryParameters", "setMemoryParameters", (
            {"hard_limit": 1000}, {"soft_limit": 500}, {"swap_hard_limit": 999}, {"swap_hard_limit": 5000, "soft_limit": 0}, {"hard_limit": 9000},
            {"hard_limit": -1}, {"hard_limit": 0}, {"min_guarantee": 5}, {"nonsense": 5}, {}, {"hard_limit": 1 << 60}, {"hard_limit": 7, "swap_hard_limit": 6}))
        parameters(t, label, d, "numaParameters", "setNumaParameters", (
            {"numa_nodeset": "0"}, {"numa_mode": 1}, {"numa_mode": 2, "numa_nodeset": "0-1"}, {"numa_mode": 0, "numa_nodeset": "1"}, {"numa_mode": 3}, {"numa_mode": 4}, {"numa_mode": 9}, {"numa_mode": -1}, {"numa_nodeset": "x"},
            {"numa_nodeset": ""}, {"numa_nodeset": "0-9"}, {"numa_nodeset": "5000"}, {"nonsense": 1}))
        for period in (5, 0, -1):
            for flags in (0, 1, 2, 3, 4, 8):
                t.call(f"{label}: setMemoryStatsPeriod {period} {flags}", d.setMemoryStatsPeriod, period, flags)
                document(t, f"{label} setMemoryStatsPeriod {period} {flags}", d)


def setting_work(t):
    for label, d in guests(t):
        parameters(t, label, d, "blkioParameters", "setBlkioParameters", (
            {"weight": 500}, {"weight": 5}, {"weight": 1001}, {"weight": 0}, {"device_weight": "/dev/a,500"}, {"device_weight": "/dev/a,500,/dev/b,200"}, {"device_weight": "/dev/a,1"}, {"device_weight": "/dev/a"},
            {"device_weight": "/dev/b,0"}, {"device_weight": ""}, {"device_weight": ","}, {"device_weight": "a,b"}, {"device_weight": "/dev/a,500,/dev/a,600"}, {"device_read_iops_sec": "/dev/a,5"},
            {"device_write_iops_sec": "/dev/a,5"}, {"device_read_bytes_sec": "/dev/c,5"}, {"device_write_bytes_sec": "/dev/a,5,/dev/d,18446744073709551615"}, {"device_write_bytes_sec": "/dev/a,-5"}, {"device_read_iops_sec": "/dev/a,0"},
            {"device_read_iops_sec": "/dev/a,4294967296"}, {"device_write_bytes_sec": "/dev/a,0,/dev/d,0"}, {"nonsense": 1}, {"weight": 300, "device_weight": "/dev/a,400"}))
        parameters(t, label, d, "perfEvents", "setPerfEvents", (
            {"cmt": True}, {"cmt": False, "mbmt": True}, {"cmt": 1}, {"nonsense": True}, {"emulation_faults": True, "instructions": False}))


def setting_disks(t):
    values = (
        {"total_bytes_sec": 5}, {"total_bytes_sec": 5, "total_bytes_sec_max": 10}, {"total_bytes_sec": 0, "total_bytes_sec_max": 0}, {"read_bytes_sec": 6, "read_bytes_sec_max": 7}, {"total_bytes_sec": 5, "read_bytes_sec": 6},
        {"total_bytes_sec": 0, "write_bytes_sec": 6, "write_bytes_sec_max": 7}, {"total_iops_sec": 5, "total_iops_sec_max": 6, "total_iops_sec_max_length": 2}, {"total_iops_sec": 9, "read_iops_sec": 9}, {"size_iops_sec": 4096},
        {"total_iops_sec_max_length": 3}, {"read_bytes_sec": 0, "read_bytes_sec_max": 0, "read_bytes_sec_max_length": 4}, {"read_bytes_sec_max_length": 4}, {"group_name": "other"}, {"group_name": ""}, {"nonsense": 4}, {"total_bytes_sec": -1}, {"total_bytes_sec": 1 << 62},
        {"total_iops_sec": 0, "total_iops_sec_max": 0, "total_iops_sec_max_length": 0, "read_iops_sec": 1, "write_iops_sec": 2, "read_iops_sec_max": 3, "write_iops_sec_max": 4, "read_iops_sec_max_length": 5, "write_iops_sec_max_length": 6},
        {"read_iops_sec": 10})
    for label, d in guests(t):
        for disk in ("vda", "/guest/diskimage1", "vdb", "/dev/b", "hdc", "nonsense", ""):
            parameters(t, label, d, "blockIoTune", "setBlockIoTune", values if disk in ("vda", "vdb") else values[1:3], disk)


def setting_interfaces(t):
    values = (
        {"inbound.average": 5}, {"inbound.average": 5, "inbound.peak": 6, "inbound.burst": 7}, {"outbound.average": 9, "outbound.peak": 0}, {"inbound.peak": 7}, {"inbound.average": 0}, {"outbound.average": 0}, {"outbound.burst": 5},
        {"inbound.floor": 3}, {"inbound.average": 8, "inbound.floor": 3}, {"nonsense": 2}, {"inbound.average": -1}, {"inbound.average": 4294967295}, {"inbound.average": 0, "inbound.peak": 3}, {"inbound.average": 10, "inbound.peak": 3})
    for label, d in guests(t):
        for name in (MAC, "aa:bb:cc:dd:ee:ff", "testnet0", "testnet1", "52:54:00:00:00:02", "nonsense", ""):
            parameters(t, label, d, "interfaceParameters", "setInterfaceParameters", values if name in (MAC, "testnet0") else values[:2], name)


def setting_schedulers(t):
    for label, d in guests(t):
        t.call(f"{label}: schedulerType", d.schedulerType)
        t.call(f"{label}: schedulerParameters", d.schedulerParameters)
        for change in ({"weight": 100}, {"weight": 0}, {"weight": -1}, {"nonsense": 1}, {}, {"cpu_shares": 5}, {"weight": 1 << 33}, {"weight": 50}):
            t.call(f"{label}: setSchedulerParameters {change}", d.setSchedulerParameters, change)
        t.call(f"{label}: schedulerParameters again", d.schedulerParameters)
        document(t, f"{label} schedulers", d)


def setting_processors(t):
    maps = ((True,), (False, True), (False,), (False,) * 8, (True,) * 8, (True,) * 3, (True, False) * 8, (False,) * 9 + (True,), ())
    for label, d in guests(t):
        def running(d=d):
            return [[entry[:2] + entry[3:] for entry in d.vcpus()[0]], d.vcpus()[1]]

        t.call(f"{label}: vcpus", running)
        t.call(f"{label}: vcpuPinInfo", d.vcpuPinInfo)
        for flags in (0, 1, 2, 3, 8):
            t.call(f"{label}: emulatorPinInfo {flags}", d.emulatorPinInfo, flags)
        for places in maps:
            for number in (0, 1, 4, 99):
                t.call(f"{label}: pinVcpu {number} {places}", d.pinVcpu, number, places)
                for flags in (0, 8):
                    t.call(f"{label}: pinVcpuFlags {number} {places} {flags}", d.pinVcpuFlags, number, places, flags)
            for flags in (0, 1, 2, 3, 8):
                t.call(f"{label}: pinEmulator {places} {flags}", d.pinEmulator, places, flags)
            t.call(f"{label}: vcpuPinInfo {places}", d.vcpuPinInfo)
            t.call(f"{label}: emulatorPinInfo {places}", d.emulatorPinInfo)
            t.call(f"{label}: vcpus {places}", running)
            document(t, f"{label} pins {places}", d)
        for count in (1, 4):
            t.call(f"{label}: setVcpus {count}", d.setVcpus, count)
            t.call(f"{label}: vcpus of {count}", running)
            t.call(f"{label}: vcpuPinInfo of {count}", d.vcpuPinInfo)


def setting_threads(t):
    for label, d in guests(t):
        for flags in (0, 1, 2, 3, 8):
            t.call(f"{label}: ioThreadInfo {flags}", d.ioThreadInfo, flags)
        for number in (1, 2, 5, 5, 0, 7, 4294967295):
            for flags in (0, 1, 2, 3, 8):
                t.call(f"{label}: addIOThread {number} {flags}", d.addIOThread, number, flags)
            document(t, f"{label} addIOThread {number}", d)
        for number, places in ((5, (True,)), (5, (False, True, True)), (2, (True,) * 8), (77, (True,)), (0, (True,)), (5, (False,)), (5, ()), (5, (False,) * 20 + (True,)), (1, (True,)), (7, (False, True))):
            for flags in (0, 1, 2, 3, 8):
                t.call(f"{label}: pinIOThread {number} {places} {flags}", d.pinIOThread, number, places, flags)
            t.call(f"{label}: ioThreadInfo {number} {places}", d.ioThreadInfo)
            document(t, f"{label} pinIOThread {number} {places}", d)
        for change in ({"poll_max_ns": 5}, {"poll_grow": 2, "poll_shrink": 3}, {"poll_max_ns": 1 << 40}, {"nonsense": 1}, {"poll_grow": -1}, {"poll_max_ns": 1 << 63}):
            for number in (5, 99, 0):
                for flags in (0, 1, 8):
                    t.call(f"{label}: setIOThreadParams {number} {change} {flags}", d.setIOThreadParams, number, change, flags)
        for number in (5, 5, 99, 0, 1):
            for flags in (0, 1, 2, 3, 8):
                t.call(f"{label}: delIOThread {number} {flags}", d.delIOThread, number, flags)
            t.call(f"{label}: ioThreadInfo without {number}", d.ioThreadInfo)


def agent(t):
    for label, d in guests(t):
        for flags in (0, 1, 2, 3):
            t.call(f"{label}: hostname {flags}", d.hostname, flags)
            for source in (0, 1, 2, 3, 4):
                t.call(f"{label}: interfaceAddresses {source} {flags}", d.interfaceAddresses, source, flags)
            t.call(f"{label}: getTime {flags}", lambda d=d, flags=flags: sorted(d.getTime(flags)))
            t.call(f"{label}: fsInfo {flags}", d.fsInfo, flags)
            t.call(f"{label}: setUserPassword {flags}", d.setUserPassword, "user", "secret", flags)
            t.call(f"{label}: messages {flags}", d.messages, flags)
            t.call(f"{label}: fSTrim {flags}", d.fSTrim, None, 0, flags)
            t.call(f"{label}: fSTrim / {flags}", d.fSTrim, "/", 5, flags)
            t.call(f"{label}: fSTrim /none {flags}", d.fSTrim, "/none", 5, flags)
            t.call(f"{label}: sendProcessSignal {flags}", d.sendProcessSignal, 1, 15, flags)
        for seconds, nanoseconds, flags in ((5, 0, 0), (1 << 40, 5, 0), (-5, 0, 0), (5, 999999999, 0), (5, 1000000000, 0), (0, 0, 1), (7, 0, 1), (0, 0, 2), (0, 0, 8)):
            t.call(f"{label}: setTime {seconds} {nanoseconds} {flags}", d.setTime, {"seconds": seconds, "nseconds": nanoseconds}, flags)
            t.call(f"{label}: getTime after {seconds} {nanoseconds} {flags}", lambda d=d: d.getTime() if d.getTime()["seconds"] < 10 or d.getTime()["seconds"] > 1 << 39 else "now")
        for user, password in (("", ""), ("u", ""), ("", "p")):
            t.call(f"{label}: setUserPassword {user} {password}", d.setUserPassword, user, password)
        for action, places, flags in (("fsFreeze", None, 0), ("fsFreeze", None, 0), ("fsThaw", None, 0), ("fsThaw", None, 0), ("fsFreeze", ["/"], 0), ("fsFreeze", ["/"], 0), ("fsFreeze", ["/boot"], 0), ("fsThaw", ["/boot"], 0), ("fsThaw", None, 0),
                                      ("fsFreeze", ["/none"], 0), ("fsFreeze", ["/", "/"], 0), ("fsThaw", ["/none"], 0), ("fsThaw", ["/", "/boot", "/"], 0), ("fsFreeze", [], 0), ("fsFreeze", None, 1), ("fsThaw", None, 1), ("fsFreeze", ["/boot", "/none"], 0), ("fsThaw", None, 0)):
            t.call(f"{label}: {action} {places} {flags}", getattr(d, action), places, flags)


def figures(t):
    def shape(value):
        """Numbers that the clock makes, by their kind."""
        return [sorted(value) if isinstance(value, dict) else value] if not isinstance(value, (list, tuple)) else [shape(item) if isinstance(item, dict) else "number" if isinstance(item, int) and item > 20 else item for item in value]

    for label, d in guests(t):
        t.call(f"{label}: memoryStats", lambda d=d: {key: value for key, value in d.memoryStats().items() if key != "last_update"})
        t.call(f"{label}: controlInfo", d.controlInfo)
        for flags in (1, 2):
            t.call(f"{label}: controlInfo {flags}", d.controlInfo, flags)
            t.call(f"{label}: diskErrors {flags}", d.diskErrors, flags)
            t.call(f"{label}: getCPUStats {flags}", d.getCPUStats, True, flags)
            t.call(f"{label}: getCPUStats each {flags}", d.getCPUStats, False, flags)
        t.call(f"{label}: diskErrors", d.diskErrors)
        t.call(f"{label}: securityLabel", d.securityLabel)
        t.call(f"{label}: maxVcpus", d.maxVcpus)
        t.call(f"{label}: getCPUStats", lambda d=d: shape(d.getCPUStats(True)))
        t.call(f"{label}: getCPUStats each", lambda d=d: shape(d.getCPUStats(False)[:1]))
        for disk in ("vda", "/guest/diskimage1", "vdb", "/dev/b", "hdc", "nonsense", ""):
            for flags in (0, 1) if disk else ():
                t.call(f"{label}: blockInfo {disk} {flags}", d.blockInfo, disk, flags)
            t.call(f"{label}: blockStats {disk}", lambda d=d, disk=disk: shape(d.blockStats(disk)))
        for name in (MAC, "aa:bb:cc:dd:ee:ff", "testnet0", "testnet1", "testnet5", "nonsense", ""):
            t.call(f"{label}: interfaceStats {name}", lambda d=d, name=name: shape(d.interfaceStats(name)))
        for start, size, flags in ((0, 16, 1), (0, 300, 2), (250, 10, 1), (1 << 63, 4, 1), (0, 0, 1), (0, 4, 0), (0, 4, 3), (0, 4, 4), (65536 * 1024, 4, 2), (65536 * 1024 - 2, 4, 2)):
            t.call(f"{label}: memoryPeek {start} {size} {flags}", d.memoryPeek, start, size, flags)
    c = libvirt.open("test:///default")
    for number in (-1, 0, 1, 15, 16, 99, -2):
        for flags in (0, 1):
            t.call(f"getCPUStats {number} {flags}", lambda n=number, f=flags: sorted(c.getCPUStats(n, f)))


DISK = "<devices><disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/><iotune>{}</iotune></disk></devices>"
INTERFACE = "<devices><interface type='user'><mac address='52:54:00:00:00:09'/><bandwidth>{}</bandwidth></interface></devices>"
# What stands in an element, by the element.
DOCUMENTS = {
    "<cputune>{}</cputune>": (
        "<vcpupin vcpu='1' cpuset='x'/>", "<vcpupin vcpu='1'/>", "<vcpupin cpuset='1'/>", "<vcpupin vcpu='9' cpuset='1'/>", "<vcpupin vcpu='1' cpuset='99'/>",
        "<vcpupin vcpu='3' cpuset='1'/><vcpupin vcpu='1' cpuset='1'/>", "<vcpupin vcpu='3' cpuset='1'/><vcpupin vcpu='3' cpuset='2'/>", "<emulatorpin/>", "<emulatorpin cpuset='x'/>",
        "<emulatorpin cpuset='1'/><emulatorpin cpuset='1'/>", "<iothreadpin iothread='1' cpuset='1'/>", "<iothreadpin iothread='0' cpuset='1'/>",
        "<period>5000</period><quota>-1</quota><shares>3</shares><global_period>5000</global_period><iothread_quota>5000</iothread_quota><emulator_period>9000</emulator_period>",
        "<vcpupin vcpu='1' cpuset='5000'/>", "", *(f"<{name}>{value}</{name}>" for name in ("shares", "period", "quota", "global_period", "global_quota", "emulator_period", "emulator_quota", "iothread_period", "iothread_quota")
                                                  for value in ("x", "", 0, 1, 2, 999, 1000, 262144, 262145, 1000000, 1000001, -1, -5, 17592186044415, 17592186044416))),
    "{}": (
        "<iothreads>2</iothreads>", "<iothreads>x</iothreads>", "<iothreads>0</iothreads>", "<iothreads>1</iothreads><iothreadids><iothread id='4'/><iothread id='2'/></iothreadids>", "<iothreadids><iothread id='4'/></iothreadids>",
        "<iothreadids/>", "<iothreadids><iothread id='0'/></iothreadids>", "<iothreadids><iothread/></iothreadids>", "<iothreadids><iothread id='4'/><iothread id='4'/></iothreadids>", "<iothreads>-1</iothreads>",
        "<iothreads>3</iothreads><iothreadids><iothread id='1' thread_pool_min='2' thread_pool_max='4'/></iothreadids>", "<seclabel type='static' model='testSecurity'><label>x</label></seclabel>",
        "<seclabel type='dynamic' model='testSecurity'/>", "<seclabel type='none'/>", "<devices><disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk></devices>"),
    "<numatune>{}</numatune>": (
        "<memory mode='strict' nodeset='0-3,^2'/>", "<memory nodeset='0'/>", "<memory mode='strict'/>", "<memory mode='x' nodeset='0'/>", "<memory placement='auto'/>", "<memory placement='auto' mode='preferred'/>",
        "<memory mode='strict' nodeset='x'/>", "<memnode cellid='0' mode='strict' nodeset='1'/>", "", "<memory/>"),
    "<perf>{}</perf>": (
        "<event name='cmt' enabled='yes'/>", "<event name='x' enabled='yes'/>", "<event name='cmt'/>", "<event enabled='yes'/>", "<event name='cmt' enabled='x'/>",
        "<event name='cmt' enabled='yes'/><event name='cmt' enabled='no'/>", "<event name='mbmt' enabled='yes'/><event name='cmt' enabled='no'/>", ""),
    "<blkiotune>{}</blkiotune>": (
        "<weight>5</weight>", "<weight>0</weight>", "<device><path>/a</path></device>", "<device><weight>5</weight></device>", "<device><weight>5</weight><path>/a</path></device>",
        "<device><path>/a</path><weight>5</weight></device><device><path>/a</path><weight>7</weight></device>",
        "<device><path>/a</path><write_bytes_sec>5</write_bytes_sec><read_iops_sec>3</read_iops_sec></device><weight>7</weight>", ""),
    "<memtune>{}</memtune>": (
        "<hard_limit>0</hard_limit>", "<hard_limit>9007199254740991</hard_limit>", "<swap_hard_limit>5</swap_hard_limit><hard_limit>4</hard_limit>", "<min_guarantee>5</min_guarantee><soft_limit>3</soft_limit>", "",
        "<hard_limit>9007199254740990</hard_limit>"),
    DISK: (
        "", "<total_bytes_sec>5</total_bytes_sec>", "<group_name>a</group_name>", "<read_iops_sec>3</read_iops_sec><total_bytes_sec>5</total_bytes_sec>", "<total_bytes_sec>x</total_bytes_sec>",
        "<total_bytes_sec>5</total_bytes_sec><read_bytes_sec>5</read_bytes_sec>", "<total_bytes_sec>0</total_bytes_sec>"),
    INTERFACE: ("", "<inbound average='1'/>", "<inbound peak='1'/>", "<outbound average='1' peak='2' burst='3' floor='4'/>", "<inbound floor='1'/>"),
}


def setting_documents(t):
    """What is refused, left out and filled in."""
    c = libvirt.open("test:///default")
    for around, texts in DOCUMENTS.items():
        for text in texts:
            d = t.call(f"define {around.format(text)}", domain, c, "read", 4, around.format(text))
            if d:
                t.call(f"XMLDesc {around.format(text)}", d.XMLDesc)
                t.call("read again", lambda: c.defineXML(d.XMLDesc()).XMLDesc() == d.XMLDesc())
                d.undefine()


SCENARIOS = (setting_documents, setting_memory, setting_work, setting_disks, setting_interfaces, setting_schedulers, setting_processors, setting_threads, agent, figures)

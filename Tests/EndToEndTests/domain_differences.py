"""Documents whose answers differ from the reference's, by reason. What is PENDING goes when the tables of the grammar know the
order of all parts."""

PENDING = {
    'order of parts': (
        "<disk type='network'><source protocol='iscsi' name='iqn.x:y/1'><host name='h' port='3260'/><auth username='u'><secret type='iscsi' usage='s'/></auth><initiator><iqn name='iqn.a:b'/></initiator></source><target dev='vda'/></disk>",
        "<controller type='scsi' index='0' model='virtio-scsi'><driver queues='4' cmd_per_lun='5' max_sectors='6' ioeventfd='on' iommu='on'/></controller>",
        "<filesystem type='mount'><driver type='virtiofs' queue='1024'/><binary path='/v' xattr='on'><cache mode='always'/><sandbox mode='chroot'/><lock posix='off' flock='on'/><thread_pool size='16'/></binary><source dir='/a'/><target dir='b'/></filesystem>",
        "<filesystem type='mount' model='virtio-transitional'><source dir='/a'/><target dir='b'/></filesystem>",
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/><virtualport type='openvswitch'><parameters interfaceid='11111111-2222-3333-4444-000000000001' profileid='p'/></virtualport><vlan trunk='yes'><tag id='42'/><tag id='47' nativeMode='untagged'/></vlan></interface>",
        "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/><driver name='vhost' txmode='iothread' ioeventfd='on' event_idx='off' queues='5' rx_queue_size='256' tx_queue_size='256'><host csum='off' gso='on'/><guest csum='off' tso4='on'/></driver></interface>",
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br'/><link state='down'/><mtu size='1500'/><coalesce><rx><frames max='7'/></rx></coalesce><filterref filter='f'><parameter name='IP' value='10.0.0.1'/></filterref><tune><sndbuf>1600</sndbuf></tune><boot order='2'/><rom bar='off' file='/r'/></interface>",
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br'/><bandwidth><inbound average='1000' peak='5000' burst='1024'/><outbound average='128'/></bandwidth><port isolated='yes'/><teaming type='persistent'/></interface>",
        "<channel type='pty'><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>",
        "<input type='evdev'><source dev='/dev/input/event1' grab='all' repeat='on' grabToggle='ctrl-ctrl'/></input>",
        "<graphics type='vnc' port='5901' passwd='p' keymap='de' sharePolicy='allow-exclusive'/>",
        "<graphics type='vnc' autoport='yes' websocket='-1' passwd='x' passwdValidTo='2030-01-01T00:00:00' connected='keep' powerControl='yes'/>",
        "<graphics type='spice' port='5901' tlsPort='5902' autoport='no' keymap='de' defaultMode='secure'><channel name='main' mode='secure'/><channel name='record' mode='insecure'/><image compression='auto_glz'/><jpeg compression='never'/><zlib compression='always'/><playback compression='on'/><streaming mode='filter'/><clipboard copypaste='no'/><mouse mode='client'/><filetransfer enable='no'/><gl enable='yes' rendernode='/dev/dri/x'/></graphics>",
        "<rng model='virtio'><rate period='2000' bytes='1234'/><backend model='random'>/dev/random</backend></rng>",
        "<features><acpi/><apic eoi='on'/><pae/><hap state='on'/><privnet/></features>",
        "<launchSecurity type='sev'><policy>0x0001</policy><cbitpos>47</cbitpos><reducedPhysBits>1</reducedPhysBits><dhCert>D</dhCert><session>S</session></launchSecurity>",
    ),
}
MORE = {
    'a size of less than a MiB stays 0 when it is read again': (
        "<shmem name='a'><model type='ivshmem'/><size>4</size></shmem>",
    ),
    'a variable store without a loader is taken': (
        "<os><type>hvm</type><nvram type='network'><source protocol='iscsi' name='a/1'><host name='h'/></source></nvram></os>",
    ),
    'an empty element is written as one': (
        "<graphics type='vnc' socket='/s'/>",
        "<graphics type='vnc'><listen type='socket' socket='/s'/></graphics>",
        "<graphics type='vnc'><listen type='none'/></graphics>",
        "<hostdev mode='subsystem' type='usb'><source/></hostdev>",
        '<nvram/>',
        "<features><hyperv mode='passthrough'/></features>",
    ),
    'came after the reference was made': (
        "<panic model='pvpanic'/>",
        "<interface type='user'><mac address='52:54:00:00:00:01'/><backend type='passt' logFile='/l'/><source dev='eth0'/><portForward proto='tcp'><range start='22' to='2022'/></portForward></interface>",
        "<tpm model='tpm-tis'><backend type='emulator' debug='5'/></tpm>",
        "<sound model='usb' multichannel='yes'/>",
        "<video><model type='bochs' edid='off'/></video>",
        "<video><model type='vga' edid='on'/><alias name='ua-v'/></video>",
        "<watchdog model='itco'/>",
        "<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>",
        "<crypto model='virtio' type='qemu'><backend model='lkcf'/></crypto>",
        '<crypto/>',
        "<pstore backend='acpi-erst'><path>/p</path><size unit='KiB'>8</size></pstore>",
        '<pstore/>',
        "<features><pvspinlock state='on'/><pmu state='off'/><vmport state='on'/><gic version='2'/><smm state='on'><tseg unit='MiB'>48</tseg></smm><ioapic driver='kvm'/><hpt resizing='enabled'><maxpagesize unit='MiB'>16</maxpagesize></hpt><vmcoreinfo state='on'/><htm state='on'/><nested-hv state='off'/><msrs unknown='ignore'/><ccf-assist state='on'/><cfpc value='workaround'/><sbbc value='broken'/><ibs value='fixed-ccd'/><tcg><tb-cache unit='MiB'>128</tb-cache></tcg><async-teardown enabled='yes'/></features>",
        "<launchSecurity type='sev-snp'><policy>0x30000</policy></launchSecurity>",
        "<launchSecurity type='tdx'/>",
    ),
    'came after the reference was made: several units': (
        "<iommu model='intel'/><iommu model='intel'/>",
    ),
    'came after the reference was made: several watchdogs': (
        "<watchdog model='i6300esb'/><watchdog model='ib700' action='pause'/>",
    ),
    'controllers stay in the order of the document': (
        "<controller type='scsi' index='1'/><controller type='scsi'/>",
    ),
    'controllers that are implied come in the order of their numbers': (
        "<channel type='pty'><target type='virtio' name='a'/><address type='virtio-serial' controller='1' bus='0' port='3'/></channel><channel type='pty'><target type='virtio' name='b'/></channel>",
    ),
    'is kept': (
        "<shmem name='a' role='zzz'/>",
        "<features><hyperv><zzz state='on'/></hyperv></features>",
        '<features><zzz/></features>',
        "<disk type='network'><source protocol='http' name='x'><host name='h'/><reconnect delay='5'/></source><target dev='vda'/></disk>",
        "<video><driver vgaconf='io'/><model type='vga'/></video>",
        "<nonsense a='1'><b/></nonsense>",
        '<os><type>linux</type><kernel>/k</kernel><initrd>/i</initrd><cmdline>a=b</cmdline><root>/dev/x</root><dtb>/d</dtb></os>',
        "<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='500'><caches><cache level='1' associativity='direct' policy='writeback'><size value='10' unit='KiB'/><line value='8' unit='B'/></cache></caches></cell><interconnects><latency initiator='0' target='0' type='access' value='5'/><bandwidth initiator='0' target='0' type='access' value='204800' unit='KiB'/></interconnects></numa></cpu>",
        "<memoryBacking><hugepages><page size='2' unit='MiB' nodeset='0'/></hugepages><nosharepages/><locked/><source type='memfd'/><access mode='shared'/><allocation mode='immediate' threads='2'/><discard/></memoryBacking>",
        "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-x'/></qemu:commandline>",
        "<a:b xmlns:a='urn:a'/>",
        '<nonsense/>',
    ),
    'metadata that says nothing is not kept, and what has no namespace is': (
        '<metadata/>',
        '<metadata><a/></metadata>',
    ),
    'the reference fails without an error': (
        "<lease><key>k</key><target path='/p'/></lease>",
        '<resource/>',
    ),
    'what follows for the firmware is not said': (
        "<os firmware='efi'><type>hvm</type><loader secure='yes'/><firmware><feature enabled='yes' name='enrolled-keys'/></firmware></os>",
    ),
}

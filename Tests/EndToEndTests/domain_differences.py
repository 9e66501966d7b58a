"""Documents whose answers differ from the reference's, by reason."""

MORE = {
    'a size of less than a MiB stays 0 when it is read again': (
        "<shmem name='a'><model type='ivshmem'/><size>4</size></shmem>",
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

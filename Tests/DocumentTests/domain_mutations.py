"""Where a domain's document with one thing wrong is taken otherwise than the reference takes it: what was done, as a pattern; what we
answer and what the reference answers; why; and an example, a part of a domain and what is done to it, in which it must be so."""

# By the schemas: whether ours takes it, and whether the reference's does.
OURS, THEIRS = (True, False), (False, True)
# By the libraries: an error's code and domain, or "taken". Where both take it: ours says all that the reference says of the domain and
# more, or both say different things.
MORE, OTHER = ("more", "less"), ("other", "other")


def devices(*texts):
    return "<devices>" + "".join(texts) + "</devices>"


def disk(source="<source file='/a'/>", kind="file", behind=""):
    return devices(f"<disk type='{kind}'>{source}<target dev='vda'/>{behind}</disk>")


STORE = "<backingStore type='%s'><format type='raw'/>%s<backingStore/></backingStore>"
NBD = "<source protocol='nbd'><host name='h'/></source>"
SECRET = "<encryption format='luks'><secret type='passphrase' usage='u'/></encryption>"

SCHEMA = (
    ("/(backingStore|mirror)/@type drop$", THEIRS, "without a type it is the end of a chain, which is empty",
     disk(behind=STORE % ("file", "<source file='/b'/>")), "domain/devices/disk/backingStore/@type drop"),
    ("/disk/@type drop$", THEIRS, "without a type it is a whole file",
     disk("<source file='/a'><slices><slice type='storage' offset='1' size='1'/></slices></source>"), "domain/devices/disk/@type drop"),
    ("/filesystem/@type drop$", THEIRS, "a type is written", devices("<filesystem type='mount'><source dir='/a'/><target dir='/a'/></filesystem>"),
     "domain/devices/filesystem/@type drop"),
    ("/backingStore/source drop$", THEIRS, "what is behind a disk is somewhere",
     disk(behind=STORE % ("file", "<source file='/b'/>")), "domain/devices/disk/backingStore/source drop"),
    ("/mirror/source drop$", OURS, "a copy's place is left to the job",
     disk(behind=f"<mirror type='network' job='copy'>{NBD}</mirror>"), "domain/devices/disk/mirror/source drop"),
    ("/source/@name drop$", THEIRS, "protocols but that of network block devices need a name",
     disk("<source protocol='rbd' name='p/i'/>", "network"), "domain/devices/disk/source/@name drop"),
    ("/source/host double$", OURS, "how many hosts there are depends on the protocol", disk(NBD, "network"), "domain/devices/disk/source/host double"),
    ("/encryption/secret double$", OURS, "an encryption that came later has several", disk(behind=SECRET), "domain/devices/disk/encryption/secret double"),
    ("/filesystem/source/@dir drop$", OURS, "a socket stands for a folder",
     devices("<filesystem type='mount'><source dir='/a'/><target dir='/a'/></filesystem>"), "domain/devices/filesystem/source/@dir drop"),
    ("/slices/slice double$", OURS, "several parts came later",
     disk(behind="<mirror type='file' job='copy'>" + STORE % ("file", "<source file='/b'><slices><slice type='storage' offset='1' size='1'/></slices></source>") + "</mirror>"),
     "domain/devices/disk/mirror/backingStore/source/slices/slice double"),
    ("/smartcard/certificate drop$", OURS, "readers count them",
     devices("<smartcard mode='host-certificates'>" + "<certificate>c</certificate>" * 3 + "</smartcard>"), "domain/devices/smartcard/certificate drop"),
    ("/hostdev/source/adapter/parentaddr drop$", OURS, "an adapter is named in one of three ways",
     devices("<hostdev mode='subsystem' type='scsi'><source><adapter type='scsi_host'><parentaddr><address/></parentaddr></adapter>"
             "<address bus='0' target='0' unit='0'/></source></hostdev>"), "domain/devices/hostdev/source/adapter/parentaddr drop"),
    ("/memorytune/node drop$", THEIRS, "shares are said, or what is watched",
     "<cputune><memorytune vcpus='0'><node id='0' bandwidth='5'/><monitor vcpus='0'/></memorytune></cputune>", "domain/cputune/memorytune/node drop"),
    ("/iommu double$", OURS, "several units came later", devices("<iommu model='intel'/>"), "domain/devices/iommu double"),
    ("/os/type/@machine =", OURS, "what a board is called depends on the text of the type", "<os><type machine='xenpv'>xen</type></os>", "domain/os/type/@machine =7"),
    ("/interface/source/@portid =-1$", OURS, "numbers of ports of another kind came later",
     devices("<interface type='network'><source network='n' portid='11111111-2222-3333-4444-000000000001'/></interface>"), "domain/devices/interface/source/@portid =-1"),
    ("/watchdog double$", OURS, "several watchdogs came later", devices("<watchdog model='ib700'/>"), "domain/devices/watchdog double"),
)

HUB = devices("<hub type='usb'><address type='usb' bus='0' port='1'/></hub>")
NVRAM = "<os><type>hvm</type><loader type='pflash'>/l</loader><nvram type='file'><source file='/n'%s</nvram></os>"
LEASE = devices("<lease><lockspace>l</lockspace><key>k</key><target path='/p'/></lease>")

DIFFERENCES = (
    (" double$", MORE, "what is given twice is kept twice", HUB, "domain/devices/hub/address double"),
    (" (drop|rename)$", MORE, "what says nothing any more is kept", "<pm><suspend-to-mem enabled='yes'/></pm>", "domain/pm/suspend-to-mem/@enabled drop"),
    (" =", MORE, "what the reference leaves out for its value is kept", "<os><type>hvm</type><cmdline>a</cmdline></os>", "domain/os/cmdline/text() ="),
    # Of what is given twice
    ("domain/(clock|cpu|idmap) double$", OTHER, "the first one counts, not a mixture of both", "<clock offset='utc'><timer name='rtc'/></clock>", "domain/clock double"),
    ("domain/(cputune|numatune|perf|iothreadids|resource) double$", ("taken", "27:20"), "the first one counts", "<perf><event name='cmt' enabled='yes'/></perf>", "domain/perf double"),
    ("domain/cputune double$", ("taken", "1:20"), "the first one counts", "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune>", "domain/cputune double"),
    ("domain/cputune double$", ("taken", "35:20"), "the first one counts",
     "<cputune><vcpusched vcpus='0' scheduler='batch'/></cputune>", "domain/cputune double"),
    ("domain/cputune( |/memorytune )double$", ("taken", "27:67"), "shares of one node in two elements are taken",
     "<cputune><memorytune vcpus='0'><node id='0' bandwidth='5'/></memorytune></cputune>", "domain/cputune/memorytune double"),
    ("domain/cpu double$", ("taken", "67:20"), "the first one counts", "<cpu><numa><cell cpus='0' memory='1'/></numa></cpu>", "domain/cpu double"),
    ("domain/memoryBacking(/hugepages)? double$", ("taken", "35:20"), "the first one counts",
     "<memoryBacking><hugepages><page size='1'/></hugepages></memoryBacking>", "domain/memoryBacking double"),
    ("domain/blkiotune double$", ("taken", "67:20"), "the first one counts",
     "<blkiotune><device><path>/a</path><weight>200</weight></device></blkiotune>", "domain/blkiotune double"),
    ("domain/keywrap double$", ("taken", "1:20"), "the first one counts", "<keywrap><cipher name='aes' state='on'/></keywrap>", "domain/keywrap double"),
    ("/iommu double$|domain/devices double$", ("taken", "27:20"), "several units came later", devices("<iommu model='intel'/>"), "domain/devices/iommu double"),
    ("/panic double$|domain/devices double$", ("taken", "27:20"), "one that says nothing is none", devices("<panic/>"), "domain/devices/panic double"),
    ("/watchdog double$|domain/devices double$", ("taken", "1:20"), "several watchdogs came later", devices("<watchdog model='ib700'/>"), "domain/devices/watchdog double"),
    ("/redirfilter double$|domain/devices double$", ("taken", "1:20"), "one that says nothing is none", devices("<redirfilter/>"), "domain/devices/redirfilter double"),
    ("/(disk|hostdev)s? double$|domain/devices double$", ("27:20", "67:20"), "the same device is noticed before its place among those to boot from",
     disk(behind="<boot order='1'/>"), "domain/devices/disk double"),
    ("/filesystem double$|domain/devices double$", ("taken", "67:20"), "names of shared folders are not compared",
     devices("<filesystem><driver type='virtiofs'/><source dir='/a'/><target dir='a'/></filesystem>"), "domain/devices/filesystem double"),
    ("/controller double$", ("taken", "67:20"), "places of PCI controllers are not compared",
     devices("<controller type='pci' model='pci-root'><target index='0'/></controller>"), "domain/devices/controller double"),
    # What is usual
    ("/seclabel/@relabel (drop|rename)$", OTHER, "what a label does is not said",
     devices("<serial type='file'><source path='/a'><seclabel relabel='yes'><label>l</label></seclabel></source></serial>"),
     "domain/devices/serial/source/seclabel/@relabel drop"),
    ("/disk/.*source/@managed (drop|rename)$", OTHER, "who manages a device is not said",
     disk("<source type='pci' managed='no' namespace='1'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>", "nvme"),
     "domain/devices/disk/source/@managed drop"),
    ("/virtualport/parameters/@interfaceid (drop|rename)$", OTHER, "which port it is is not chosen",
     devices("<interface type='bridge'><source bridge='b'/><virtualport type='openvswitch'><parameters interfaceid='11111111-2222-3333-4444-000000000001'/>"
             "</virtualport></interface>"), "domain/devices/interface/virtualport/parameters/@interfaceid rename"),
    ("/vsock/cid/@auto (drop|rename)$", OTHER, "who chooses an address is not said", devices("<vsock><cid auto='yes'/></vsock>"), "domain/devices/vsock/cid/@auto drop"),
    ("/os/nvram/@type (drop|rename)$", OTHER, "without a type it is a path",
     "<os><type>hvm</type><loader type='pflash'>/l</loader><nvram type='file'><source><seclabel relabel='yes'><label>l</label></seclabel></source></nvram></os>",
     "domain/os/nvram/@type drop"),
    ("/(pcihole64|tb-cache|tseg|maxpagesize|bandwidth|cache)/@unit (drop|rename)$", OTHER, "the unit is not said",
     devices("<controller type='pci' model='pci-root'><pcihole64 unit='KiB'>1</pcihole64></controller>"), "domain/devices/controller/pcihole64/@unit drop"),
    ("/address/@bus (drop|rename)$", OTHER, "the first bus is not said", HUB, "domain/devices/hub/address/@bus drop"),
    ("/devices/.*source/@mode (drop|rename)$", OTHER, "the mode is not said",
     devices("<rng model='virtio'><backend model='egd' type='unix'><source mode='connect' path='/a'/></backend></rng>"),
     "domain/devices/rng/backend/source/@mode drop"),
    ("domain/features/([\\w-]+/)?[\\w-]+/@(state|policy|mode) (drop|rename)$", OTHER, "the state is not said",
     "<features><hap state='on'/></features>", "domain/features/hap/@state drop"),
    ("/cpu/feature/@policy (drop|rename)$", OTHER, "the policy is not said",
     "<cpu><model>core2duo</model><feature policy='require' name='vmx'/></cpu>", "domain/cpu/feature/@policy drop"),
    # What is kept as it is written
    ("/(ip|target)/@(address|peer) =(7|0x1f)$", OTHER, "an address", devices("<interface type='user'><ip address='10.0.0.1'/></interface>"), "domain/devices/interface/ip/@address =7"),
    ("/ip/@family =", OTHER, "a family", devices("<interface type='user'><ip address='10.0.0.1' family='ipv4'/></interface>"), "domain/devices/interface/ip/@family =7"),
    ("/portForward/@address =(7|0x1f)$", OTHER, "an address",
     devices("<interface type='user'><portForward proto='tcp' address='10.0.0.1'/></interface>"), "domain/devices/interface/portForward/@address =7"),
    ("/memballoon/stats/@period =0x1f$", OTHER, "a number in another base", devices("<memballoon model='virtio'><stats period='5'/></memballoon>"),
     "domain/devices/memballoon/stats/@period =0x1f"),
    ("/controller/target/@(port|chassis) =7$", OTHER, "a number in another base",
     devices("<controller type='pci' model='pci-root'><target port='0x1'/></controller>"), "domain/devices/controller/target/@port =7"),
    ("/hostdev/source/(address|vendor|product)/@\\w+ =0x1f$", OTHER, "a number in another base",
     devices("<hostdev type='usb'><source><address bus='1' device='2'/></source></hostdev>"), "domain/devices/hostdev/source/address/@device =0x1f"),
    ("/address/@(iobase|irq) =7$", OTHER, "a number without its prefix",
     devices("<serial type='pty'><address type='isa' irq='0x4'/></serial>"), "domain/devices/serial/address/@irq =7"),
    ("/blkiotune/device/\\w+/text\\(\\) =-1$|/@namespace =-1$|/filesystem/driver/@queue =-1$", OTHER, "a negative number",
     disk("<source type='pci' managed='yes' namespace='1'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>", "nvme"), "domain/devices/disk/source/@namespace =-1"),
    ("/clock/@basis =$", OTHER, "an empty word", "<clock offset='variable' adjustment='0' basis='utc'/>", "domain/clock/@basis ="),
    ("/filesystem/@accessmode =$", OTHER, "an empty word",
     devices("<filesystem accessmode='mapped'><source dir='/a'/><target dir='/a'/></filesystem>"), "domain/devices/filesystem/@accessmode ="),
    ("/(maxpagesize|tb-cache|tseg|bandwidth|cache)/@unit =$", OTHER, "an empty word", "<features><tcg><tb-cache unit='KiB'>1</tb-cache></tcg></features>", "domain/features/tcg/tb-cache/@unit ="),
    ("/tpm/backend/device/@path =$", OTHER, "an empty word",
     devices("<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>"), "domain/devices/tpm/backend/device/@path ="),
    ("/video/model/@(ram|vram|vram64|vgamem|type) =$", OTHER, "an empty word", devices("<video><model type='vga'/></video>"), "domain/devices/video/model/@type ="),
    ("/cpu/model/@fallback =$", OTHER, "an empty word", "<cpu><model fallback='forbid'>core2duo</model></cpu>", "domain/cpu/model/@fallback ="),
    ("/os/type/@arch =$", OTHER, "an empty word", "<os><type arch='i686'>hvm</type></os>", "domain/os/type/@arch ="),
    ("/video/model/@(ram|vram|vram64|vgamem) =7$", OTHER, "a size that is no power of two",
     devices("<video><model type='vga' vram='16384'/></video>"), "domain/devices/video/model/@vram =7"),
    ("/graphics/@autoport =", OTHER, "what is no 'yes' is a 'no'", devices("<graphics type='vnc' autoport='yes'/>"), "domain/devices/graphics/@autoport ="),
    # What we refuse
    ("/(redirdev|smartcard|rng/backend)/source/seclabel/@relabel =", ("27:5", "taken"), "labels are looked at in all devices",
     devices("<redirdev bus='usb' type='dev'><source path='/a'><seclabel relabel='no'/></source></redirdev><controller type='usb'/>"),
     "domain/devices/redirdev/source/seclabel/@relabel =7"),
    ("/redirdev/source(/@channel)? (drop|rename)$", ("67:20", "taken"), "a channel is needed where a source is empty",
     devices("<redirdev bus='usb' type='dbus'><source channel='c'/></redirdev><controller type='usb'/>"), "domain/devices/redirdev/source/@channel drop"),
    ("/disk/.*source/reconnect/@", ("27:5", "taken"), "what network block devices do came later",
     disk("<source protocol='nbd'><host name='h'/><reconnect enabled='yes' timeout='1'/></source>", "network"), "domain/devices/disk/source/reconnect/@enabled =7"),
    ("/disk/auth/secret/@type =", ("67:20", "taken"), "what identifies to a server is looked at wherever the disk is",
     disk(behind="<auth username='u'><secret type='ceph' usage='s'/></auth>"), "domain/devices/disk/auth/secret/@type =7"),
    ("/interface/teaming/@type (drop|rename|=)$", ("67:20", "taken"), "a team has a type",
     devices("<interface type='bridge'><source bridge='b'/><teaming type='persistent'/></interface>"), "domain/devices/interface/teaming/@type drop"),
    ("/rng/rate/@bytes =$", ("27:20", "taken"), "an empty rate is none",
     devices("<rng model='virtio'><rate bytes='1'/><backend model='random'>/a</backend></rng>"), "domain/devices/rng/rate/@bytes ="),
    ("/numatune/memory/@placement (drop|rename)$", ("67:20", "taken"), "memory that says nothing is placed nowhere",
     "<numatune><memory placement='auto'/></numatune>", "domain/numatune/memory/@placement rename"),
    ("/interface/mtu/@size =$", ("27:20", "taken"), "an empty size is none", devices("<interface type='user'><mtu size='1500'/></interface>"),
     "domain/devices/interface/mtu/@size ="),
    ("/os/nvram/source/(@startupPolicy|slices/slice/@type) =", ("27:5", "taken"), "what a source has is looked at wherever it stands",
     NVRAM % " startupPolicy='optional'/>", "domain/os/nvram/source/@startupPolicy =7"),
    # Other errors
    ("/filesystem/source/@usage =-1$", ("27:20", "82:0"), "a size that is negative is not too large",
     devices("<filesystem type='ram'><source usage='1'/><target dir='/a'/></filesystem>"), "domain/devices/filesystem/source/@usage =-1"),
    ("/os/nvram/source/slices/slice/@", ("27:5", "27:20"), "a number that is none",
     NVRAM % "><slices><slice offset='1' size='1' type='storage'/></slices></source>", "domain/os/nvram/source/slices/slice/@size =0x1f"),
    ("/interface/model/@type =\\?!$", ("1:20", "8:20"), "a model that there is not is none of virtio",
     devices("<interface type='vhostuser'><source type='unix' path='/s' mode='client'/><model type='virtio'/></interface>"), "domain/devices/interface/model/@type =?!"),
    ("/virtualport/parameters/@interfaceid =$", ("27:11", "27:0"), "an empty identity is none",
     devices("<interface type='bridge'><source bridge='b'/><virtualport type='midonet'><parameters interfaceid='11111111-2222-3333-4444-000000000001'/>"
             "</virtualport></interface>"), "domain/devices/interface/virtualport/parameters/@interfaceid ="),
    ("domain/maxMemory/@slots =", ("27:5", "27:20"), "a number that is none", "<maxMemory slots='1'>2048000</maxMemory>", "domain/maxMemory/@slots =-1"),
    ("/lease/lockspace (drop|rename)$", ("27:20", "1:0"), "the reference fails without an error", LEASE, "domain/devices/lease/lockspace drop"),
    ("/lease/lockspace/text\\(\\) =$", ("27:20", "1:0"), "the reference fails without an error", LEASE, "domain/devices/lease/lockspace/text() ="),
    # What we take
    ("domain/resource/", ("taken", "1:0"), "the reference fails without an error", "<resource><partition>/a</partition></resource>", "domain/resource/partition drop"),
    ("/smartcard/database/text\\(\\) =$", ("taken", "1:0"), "the reference fails without an error",
     devices("<smartcard mode='host-certificates'>" + "<certificate>c</certificate>" * 3 + "<database>/d</database></smartcard>"),
     "domain/devices/smartcard/database/text() ="),
    ("/os/nvram/source (drop|rename)$", ("taken", "1:0"), "the reference fails without an error", NVRAM % "/>", "domain/os/nvram/source drop"),
    ("/os/nvram/source/seclabel double$", ("taken", "35:20"), "labels of what firmware stores are only kept",
     NVRAM % "><seclabel model='m' relabel='no'/></source>", "domain/os/nvram/source/seclabel double"),
    ("/cputune/vcpupin/@cpuset =$", ("taken", "8:0"), "a call can pin a processor to none, and what is written is read",
     "<cputune><vcpupin vcpu='0' cpuset='0'/></cputune>", "domain/cputune/vcpupin/@cpuset ="),
    ("/hyperv/vendor_id/@value (drop|rename|=\\d{20})$", ("taken", "27:20"), "what guests are told of their maker is only kept",
     "<features><hyperv><vendor_id state='on' value='abc'/></hyperv></features>", "domain/features/hyperv/vendor_id/@value drop"),
    ("/disk/source/@startupPolicy =", ("taken", "27:5"), "policies of sources are only kept", disk("<source file='/a' startupPolicy='optional'/>"),
     "domain/devices/disk/source/@startupPolicy =7"),
    ("/interface/@type (drop|rename)$", ("taken", "67:20"), "what a port of a bridge is told is only kept",
     devices("<interface type='bridge'><source bridge='b'/><port isolated='yes'/></interface>"), "domain/devices/interface/@type drop"),
    ("/auth/secret/@type (drop|rename|=$)", ("taken", "67:20"), "what a secret is for follows from the protocol",
     disk("<source protocol='rbd' name='p/i'><auth username='u'><secret type='ceph' usage='s'/></auth></source>", "network"), "domain/devices/disk/source/auth/secret/@type drop"),
    ("/cookies/cookie( double$|/@name =)", ("taken", "27:18"), "cookies are only kept",
     disk("<source protocol='http' name='n'><host name='h'/><cookies><cookie name='a'>b</cookie></cookies></source>", "network"),
     "domain/devices/disk/source/cookies/cookie/@name =?!"),
    ("/os/nvram/source/slices/slice/@(size|offset) (drop|rename)$", ("taken", "27:20"), "what firmware stores is only kept",
     NVRAM % "><slices><slice type='storage' offset='1' size='1'/></slices></source>", "domain/os/nvram/source/slices/slice/@size drop"),
    ("/interface/portForward/@address =", ("taken", "27:20"), "addresses of ports are only kept",
     devices("<interface type='user'><portForward proto='tcp' address='10.0.0.1'/></interface>"), "domain/devices/interface/portForward/@address ="),
    ("/os/nvram/.*/secret/@(usage|uuid) ", ("taken", "27:0"), "secrets of what firmware stores are only kept",
     NVRAM % ("><encryption format='default'><secret type='passphrase' usage='u'/></encryption></source>"), "domain/os/nvram/source/encryption/secret/@usage drop"),
    ("/(pcihole64|max_size|tseg|tb-cache)/@unit =", ("taken", "8:0"), "units of sizes that are only kept are not looked at",
     "<features><smm state='on'><tseg unit='MiB'>48</tseg></smm></features>", "domain/features/smm/tseg/@unit =7"),
    ("/hpt/maxpagesize/@unit =", ("taken", "67:20"), "units of sizes that are only kept are not looked at",
     "<features><hpt><maxpagesize unit='MiB'>16</maxpagesize></hpt></features>", "domain/features/hpt/maxpagesize/@unit =7"),
)

"""Documents of node devices: what stands in <device> beside its name, for every capability that both libraries read."""
import re

GOOD = {
    "system": (
        "<capability type='system'><product>p</product><hardware><vendor>v</vendor><version>1</version><serial>s</serial>"
        "<uuid>11111111-2222-3333-4444-555555555555</uuid></hardware><firmware><vendor>fv</vendor><version>2</version><release_date>x"
        "</release_date></firmware></capability>"
    ),
    "system min": "<capability type='system'><hardware><uuid>11111111222233334444555555555555</uuid></hardware></capability>",
    "pci": (
        "<capability type='pci'><class>0x020000</class><domain>0</domain><bus>1</bus><slot>2</slot><function>3</function><product id='0x10fb'>P"
        "</product><vendor id='0x8086'>V</vendor><capability type='phys_function'>"
        "<address domain='0x0000' bus='0x02' slot='0x10' function='0x7'/></capability><capability type='virt_functions' maxCount='7'>"
        "<address domain='0' bus='2' slot='0x11' function='1'/><address domain='0' bus='2' slot='0x11' function='2'/></capability>"
        "<iommuGroup number='12'><address domain='0x0000' bus='0x02' slot='0x10' function='0x7'/></iommuGroup><numa node='1'/><pci-express>"
        "<link validity='cap' port='1' speed='2.5' width='2'/><link validity='sta' speed='2.5' width='1'/></pci-express></capability>"
    ),
    "pci bridge": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='0x2'/>"
        "<capability type='pci-bridge'/></capability>"
    ),
    "pci mdev": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='0x1'/><vendor id='0x2'/>"
        "<capability type='mdev_types'><type id='nvidia-11'><name>GRID M60-0B</name><deviceAPI>vfio-pci</deviceAPI><availableInstances>16"
        "</availableInstances></type><type id='b'><deviceAPI>vfio-pci</deviceAPI><availableInstances>1</availableInstances></type></capability>"
        "</capability>"
    ),
    "pci vpd": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='0x1'/><vendor id='0x2'/>"
        "<capability type='vpd'><name>N</name><fields access='readonly'><change_level>c</change_level><manufacture_id>m</manufacture_id>"
        "<part_number>p</part_number><serial_number>s</serial_number><vendor_field index='0'>v</vendor_field></fields>"
        "<fields access='readwrite'><asset_tag>a</asset_tag><vendor_field index='A'>va</vendor_field><system_field index='B'>sb</system_field>"
        "</fields></capability></capability>"
    ),
    "usb_device": "<capability type='usb_device'><bus>1</bus><device>2</device><product id='0x0002'>P</product><vendor id='0x1d6b'>V</vendor></capability>",
    "usb": "<capability type='usb'><number>0</number><class>9</class><subclass>1</subclass><protocol>2</protocol><description>d</description></capability>",
    "net": (
        "<capability type='net'><interface>eth0</interface><address>00:11:22:33:44:55</address><link speed='1000' state='up'/>"
        "<feature name='rx'/><feature name='tso'/><capability type='80203'/></capability>"
    ),
    "net wlan": (
        "<capability type='net'><interface>wlan0</interface><address>00:11:22:33:44:55</address><link state='down'/><capability type='80211'/>"
        "</capability>"
    ),
    "net plain": "<capability type='net'><interface>x</interface></capability>",
    "scsi_host": (
        "<capability type='scsi_host'><host>3</host><unique_id>1</unique_id><capability type='fc_host'><wwnn>2002001b32a9da4e</wwnn>"
        "<wwpn>2102001b32a9da4e</wwpn><fabric_wwn>2001001b32a9da4e</fabric_wwn></capability><capability type='vport_ops'><max_vports>164"
        "</max_vports><vports>5</vports></capability></capability>"
    ),
    "scsi_host plain": "<capability type='scsi_host'><host>3</host></capability>",
    "scsi_target": "<capability type='scsi_target'><target>target1:0:0</target></capability>",
    "scsi_target rport": (
        "<capability type='scsi_target'><target>target1:0:0</target><capability type='fc_remote_port'><rport>rport-1:0-0</rport>"
        "<wwpn>0x9d73bc45f0e21a86</wwpn></capability></capability>"
    ),
    "scsi": "<capability type='scsi'><host>1</host><bus>0</bus><target>0</target><lun>0</lun><type>disk</type></capability>",
    "storage": (
        "<capability type='storage'><block>/dev/sda</block><bus>scsi</bus><drive_type>disk</drive_type><model>M</model><vendor>V</vendor>"
        "<serial>S</serial><size>500</size><logical_block_size>512</logical_block_size><num_blocks>1</num_blocks>"
        "<capability type='hotpluggable'/></capability>"
    ),
    "storage rm": (
        "<capability type='storage'><block>/dev/sr0</block><drive_type>cdrom</drive_type><capability type='removable'><media_available>1"
        "</media_available><media_size>100</media_size><media_label>L</media_label><logical_block_size>2048</logical_block_size><num_blocks>3"
        "</num_blocks></capability></capability>"
    ),
    "storage rm0": (
        "<capability type='storage'><block>/dev/sr0</block><drive_type>cdrom</drive_type><capability type='removable'><media_available>0"
        "</media_available><media_size>0</media_size></capability><capability type='hotpluggable'/></capability>"
    ),
    "drm": "<capability type='drm'><type>render</type></capability>",
    "drm primary": "<capability type='drm'><type>primary</type></capability>",
    "mdev": (
        "<capability type='mdev'><type id='nvidia-11'/><iommuGroup number='12'/><uuid>11111111-2222-3333-4444-555555555555</uuid>"
        "<attr name='a' value='b'/><attr name='c' value='d'/></capability>"
    ),
    "mdev parent": (
        "<parent>pci_0000_02_10_7</parent><capability type='mdev'><type id='nvidia-11'/><uuid>11111111-2222-3333-4444-555555555555</uuid>"
        "<parent_addr>0000:02:10.7</parent_addr><iommuGroup number='12'><address domain='0' bus='0' slot='0' function='0'/></iommuGroup>"
        "</capability>"
    ),
    "ccw": "<capability type='ccw'><cssid>0x0</cssid><ssid>0x0</ssid><devno>0x10</devno></capability>",
    "css": (
        "<capability type='css'><cssid>0x0</cssid><ssid>0x0</ssid><devno>0x70</devno><channel_dev_addr><cssid>0x0</cssid><ssid>0x0</ssid>"
        "<devno>0x9</devno></channel_dev_addr><capability type='mdev_types'><type id='vfio_ccw-io'><name>I/O</name><deviceAPI>vfio-ccw"
        "</deviceAPI><availableInstances>1</availableInstances></type></capability></capability>"
    ),
    "ap_card": "<capability type='ap_card'><ap-adapter>0x07</ap-adapter></capability>",
    "ap_queue": "<capability type='ap_queue'><ap-adapter>0x00</ap-adapter><ap-domain>0x1</ap-domain></capability>",
    "ap_matrix": (
        "<capability type='ap_matrix'><capability type='mdev_types'><type id='vfio_ap-passthrough'><name>V</name><deviceAPI>vfio-ap</deviceAPI>"
        "<availableInstances>65536</availableInstances></type></capability></capability>"
    ),
    "order": (
        "<capability type='pci'><vendor id='0x2'/><product id='0x1'/><function>0</function><slot>0</slot><bus>0</bus><domain>0</domain>"
        "</capability><parent>p</parent>"
    ),
    "parent wwn": "<parent wwnn='2000000012341234' wwpn='1000000012341234'/><capability type='scsi_host'><host>1</host></capability>",
    "parent fabric": "<parent fabric_wwn='2000000012341234'/><capability type='scsi_host'><host>1</host></capability>",
    "parent wwnn only": "<parent wwnn='2000000012341234'/><capability type='scsi_host'><host>1</host></capability>",
}

MORE = {
    "driver": (
        "<path>/sys/x</path><driver><name>drv</name></driver><devnode type='link'>/dev/y</devnode><devnode type='dev'>/dev/x</devnode>"
        "<devnode type='link'>/dev/z</devnode><parent>computer</parent><capability type='drm'><type>render</type></capability>"
    ),
    "devnode empty": "<devnode type='dev'/><capability type='drm'><type>render</type></capability>",
    "devnode 2dev": "<devnode type='dev'>a</devnode><devnode type='dev'>b</devnode><capability type='drm'><type>render</type></capability>",
    "two": "<capability type='scsi_host'><host>1</host></capability><capability type='drm'><type>render</type></capability>",
    "same two": "<capability type='drm'><type>render</type></capability><capability type='drm'><type>primary</type></capability>",
    "parent both": "<parent wwnn='2000000012341234'>x</parent><capability type='drm'><type>render</type></capability>",
    "two parents": "<parent>a</parent><parent>b</parent><capability type='drm'><type>render</type></capability>",
    "pci cls": (
        "<capability type='pci'><class>5</class><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='0x1'/>"
        "<vendor id='0x2'/></capability>"
    ),
    "pci cls big": (
        "<capability type='pci'><class>0x1000000</class><domain>4294967296</domain><bus>0</bus><slot>0</slot><function>0</function>"
        "<product id='ffff'/><vendor id='1'/></capability>"
    ),
    "pci id big": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='12345'/><vendor id='12'/>"
        "</capability>"
    ),
    "pci spaces": (
        "<capability type='pci'><domain> 0</domain><bus>+1</bus><slot>0 </slot><function>0</function><product id='12'/><vendor id='12'/>"
        "</capability>"
    ),
    "pci spaces2": (
        "<capability type='pci'><domain> 0</domain><bus>+1</bus><slot>0</slot><function>0</function><product id=' 12'/><vendor id='12'/>"
        "</capability>"
    ),
    "pci fn2": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<capability type='phys_function'/></capability>"
    ),
    "pci fn3": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<capability type='virt_functions'/></capability>"
    ),
    "pci fn6": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<capability type='phys_function'><address domain='0' bus='1' slot='2' function='1'/><address domain='0' bus='1' slot='2' function='2'/>"
        "</capability></capability>"
    ),
    "pci fn7": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product/><vendor id='12'/><capability/>"
        "</capability>"
    ),
    "ap_matrix type": "<capability type='ap_matrix'><capability type='bogus'><type><name>x</name></type></capability></capability>",
    "pci fn5": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<capability type='bogus'/><capability type='cardbus-bridge'/></capability>"
    ),
    "pci order": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<capability type='vpd'><name>x</name></capability><capability type='mdev_types'><type id='a'><deviceAPI>b</deviceAPI>"
        "<availableInstances>1</availableInstances></type></capability><capability type='pci-bridge'/>"
        "<capability type='virt_functions' maxCount='1'/><capability type='phys_function'><address domain='0' bus='1' slot='2' function='1'/>"
        "</capability></capability>"
    ),
    "pcie empty": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<pci-express/></capability>"
    ),
    "pcie speed8": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<pci-express><link validity='cap' speed='64' width='0'/></pci-express></capability>"
    ),
    "numa -1": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<numa node='-1'/></capability>"
    ),
    "numa -2": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<numa node='-2'/><numa/></capability>"
    ),
    "numa after": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/><numa/>"
        "</capability>"
    ),
    "iommu no": (
        "<capability type='pci'><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/><vendor id='12'/>"
        "<iommuGroup/></capability>"
    ),
    "class -5": (
        "<capability type='pci'><class>-5</class><domain>0</domain><bus>0</bus><slot>0</slot><function>0</function><product id='1'/>"
        "<vendor id='12'/></capability>"
    ),
    "host bigger": "<capability type='scsi_host'><host>4294967296</host></capability>",
    "unique big": "<capability type='scsi_host'><host>1</host><unique_id>2147483648</unique_id></capability>",
    "host hex": "<capability type='scsi_host'><host>0x10</host></capability>",
    "scsi_host caps": "<capability type='scsi_host'><host>1</host><capability type='bogus'/></capability>",
    "scsi_host no": "<capability type='scsi_host'><host>1</host><capability/></capability>",
    "vports only": "<capability type='scsi_host'><host>1</host><capability type='vport_ops'/></capability>",
    "vports num": (
        "<capability type='scsi_host'><host>1</host><capability type='vport_ops'><max_vports>5</max_vports></capability>"
        "<capability type='fc_host'><wwnn>1</wwnn><wwpn>2</wwpn></capability></capability>"
    ),
    "target bogus": "<capability type='scsi_target'><target>t</target><capability type='bogus'/></capability>",
    "target no": "<capability type='scsi_target'><target>t</target><capability/></capability>",
    "storage 2": "<capability type='storage'><size>1</size><block>b</block><capability type='bogus'/></capability>",
    "storage no": "<capability type='storage'><size>1</size><block>b</block><capability/></capability>",
    "storage rmsize": (
        "<capability type='storage'><size>1</size><block>b</block><drive_type>x</drive_type><capability type='removable'><media_size>5"
        "</media_size></capability></capability>"
    ),
    "storage 2rm": (
        "<capability type='storage'><block>b</block><capability type='hotpluggable'/><capability type='removable'><media_size>5</media_size>"
        "</capability><size>9</size></capability>"
    ),
    "storage big": (
        "<capability type='storage'><block>b</block><size>18446744073709551615</size><logical_block_size>512</logical_block_size><num_blocks>7"
        "</num_blocks></capability>"
    ),
    "storage 0": "<capability type='storage'><block>b</block><size>0</size></capability>",
    "storage order": (
        "<capability type='storage'><num_blocks>7</num_blocks><logical_block_size>512</logical_block_size><size>0</size><serial>s</serial>"
        "<vendor>v</vendor><model>m</model><drive_type>d</drive_type><bus>b</bus><block>b</block></capability>"
    ),
    "usb hex": "<capability type='usb'><number>0</number><class>0xff</class><subclass>1</subclass><protocol>2</protocol></capability>",
    "usb big": "<capability type='usb'><number>0</number><class>300</class><subclass>1</subclass><protocol>2</protocol></capability>",
    "usb_device id": "<capability type='usb_device'><bus>1</bus><device>2</device><product id='ffff'/><vendor id='1ffff'>V</vendor></capability>",
    "usb_device id2": "<capability type='usb_device'><bus>1</bus><device>2</device><product id='ffff'/><vendor id='ff'>V</vendor></capability>",
    "net caps": "<capability type='net'><interface>x</interface><capability type='bogus'/></capability>",
    "net capno": "<capability type='net'><interface>x</interface><capability/></capability>",
    "net link": "<capability type='net'><interface>x</interface><link/></capability>",
    "net link2": "<capability type='net'><interface>x</interface><link speed='5'/><feature/></capability>",
    "net feature": "<capability type='net'><interface>x</interface><feature name='bogus'/></capability>",
    "net states": "<capability type='net'><interface>x</interface><link state='lowerlayerdown'/></capability>",
    "net state unknown": "<capability type='net'><interface>x</interface><link state='unknown'/></capability>",
    "net allf": (
        "<capability type='net'><interface>x</interface><feature name='rx'/><feature name='tx'/><feature name='sg'/><feature name='tso'/>"
        "<feature name='ufo'/><feature name='gso'/><feature name='gro'/><feature name='lro'/><feature name='rxvlan'/><feature name='txvlan'/>"
        "<feature name='ntuple'/><feature name='rxhash'/><feature name='rdma'/><feature name='txudptnl'/><feature name='switchdev'/>"
        "</capability>"
    ),
    "ccw dec": "<capability type='ccw'><cssid>10</cssid><ssid>3</ssid><devno>65535</devno></capability>",
    "ccw bad": "<capability type='ccw'><cssid>255</cssid><ssid>3</ssid><devno>65535</devno></capability>",
    "ccw bad2": "<capability type='ccw'><cssid>1</cssid><ssid>4</ssid><devno>65535</devno></capability>",
    "ccw bad3": "<capability type='ccw'><cssid>1</cssid><ssid>3</ssid><devno>65536</devno></capability>",
    "ccw 254": "<capability type='ccw'><cssid>0xfe</cssid><ssid>3</ssid><devno>ff</devno></capability>",
    "ccw hexn": "<capability type='ccw'><cssid>0xfe</cssid><ssid>3</ssid><devno>0xfF</devno></capability>",
    "css plain": "<capability type='css'><cssid>0xfe</cssid><ssid>3</ssid><devno>0xfF</devno><capability type='bogus'/></capability>",
    "css cd": "<capability type='css'><cssid>0xfe</cssid><ssid>3</ssid><devno>0xfF</devno><channel_dev_addr/></capability>",
    "css cd2": (
        "<capability type='css'><cssid>0xfe</cssid><ssid>3</ssid><devno>0xfF</devno><channel_dev_addr><cssid>1</cssid><ssid>9</ssid><devno>2"
        "</devno></channel_dev_addr></capability>"
    ),
    "ap_card 256": "<capability type='ap_card'><ap-adapter>256</ap-adapter></capability>",
    "ap_card 255": "<capability type='ap_card'><ap-adapter>255</ap-adapter></capability>",
    "ap_card ff": "<capability type='ap_card'><ap-adapter>ff</ap-adapter></capability>",
    "ap_queue 65535": "<capability type='ap_queue'><ap-adapter>0xff</ap-adapter><ap-domain>65535</ap-domain></capability>",
    "ap_queue 256": "<capability type='ap_queue'><ap-adapter>0xff</ap-adapter><ap-domain>256</ap-domain></capability>",
    "ap_queue 255": "<capability type='ap_queue'><ap-adapter>0xff</ap-adapter><ap-domain>255</ap-domain></capability>",
    "ap_matrix 0": "<capability type='ap_matrix'></capability>",
    "ap_matrix b": "<capability type='ap_matrix'><capability type='bogus'/></capability>",
    "mdev no": "<capability type='mdev'></capability>",
    "mdev order": (
        "<capability type='mdev'><attr name='a' value='b'/><iommuGroup number='12'/><uuid>11111111222233334444555555555555</uuid>"
        "<type id='nvidia-11'/></capability>"
    ),
    "mdev -1": "<capability type='mdev'><type id='x'/><iommuGroup number='-1'/></capability>",
    "fc_host cap": "<capability type='fc_host'></capability>",
    "vports cap": "<capability type='vports'></capability>",
    "mdev_types cap": "<capability type='mdev_types'></capability>",
    "vpd cap": "<capability type='vpd'></capability>",
    "bogus cap": "<capability type='bogus'></capability>",
    "text": "hello<capability type='drm'><type>render</type></capability>x",
    "text in": "<capability type='drm'>x<type>render</type>y</capability>",
}

# What only ours reads: capabilities that the reference makes of the host's devices, but refuses or forgets in documents.
OURS = {
    "scsi_generic": "<capability type='scsi_generic'><char>/dev/sg0</char></capability>",
    "vdpa": "<capability type='vdpa'><chardev>/dev/vhost-vdpa-0</chardev></capability>",
    "ccwgroup": (
        "<capability type='ccwgroup'><state>online</state><cssid>0x0</cssid><ssid>0x0</ssid><devno>0xbd00</devno>"
        "<members><ccw_device ref='cssid'>ccw_0_0_bd00</ccw_device></members>"
        "<capability type='qeth_generic'><card_type>OSD_1000</card_type><chpid>0xD0</chpid></capability></capability>"
    ),
    "member": (
        "<capability type='ccw'><state>offline</state><cssid>0x0</cssid><ssid>0x0</ssid><devno>0xbd00</devno>"
        "<capability type='ccwgroup_member'><group_device>ccwgroup_0_0_bd00</group_device></capability></capability>"
    ),
    "port": "<capability type='usb_device'><bus>1</bus><device>2</device><port>4</port><product id='0x0002'/><vendor id='0x1d6b'/></capability>",
    "layers": (
        "<capability type='ccwgroup'><cssid>0x0</cssid><ssid>0x0</ssid><devno>0xbd00</devno><capability type='qeth_layer2'/>"
        "<capability type='qeth_layer3'><chpid>0xD0</chpid></capability></capability>"
    ),
    "states": "".join(f"<capability type='net'><interface>x</interface><link state='{state}'/></capability>" for state in ("notpresent", "testing", "dormant")),
    "with a driver": "<path>/sys/x</path><parent>computer</parent><driver><name>drv</name></driver><capability type='drm'><type>render</type></capability>",
    "unknown": "<capability type='drm'><type>control</type><foo/></capability><foo a='1'/><bar>t</bar>",
    "unknown kind": (
        "<capability type='ap_matrix'><capability type='later'><x/></capability></capability>"
    ),
}


def variants():
    """Each good document with every value missing, empty, nonsense, too large and negative."""
    for label, body in GOOD.items():
        for match in re.finditer(r"<([\w-]+)((?: [\w-]+='[^']*')*)>([^<]*)</\1>", body):
            start, end = match.span()
            head = f"<{match[1]}{match[2]}>"
            for what, text in (("no", ""), ("empty", f"{head[:-1]}/>"), ("nonsense", f"{head}zz zz</{match[1]}>"),
                               ("large", f"{head}99999999999999999999</{match[1]}>"), ("negative", f"{head}-1</{match[1]}>")):
                yield f"{label}: {what} <{match[1]}> at {start}", body[:start] + text + body[end:]
        for match in re.finditer(r" ([\w-]+)='([^']*)'", body):
            start, end = match.span()
            for what, text in (("no", ""), ("empty", f" {match[1]}=''"), ("nonsense", f" {match[1]}='zz zz'"),
                               ("large", f" {match[1]}='99999999999999999999'")):
                yield f"{label}: {what} '{match[1]}' at {start}", body[:start] + text + body[end:]

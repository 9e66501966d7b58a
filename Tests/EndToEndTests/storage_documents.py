"""What stands in a <pool> and in a <volume>, good and bad, to see what either library makes of it."""

DEVICE, HOST, NAME, FOLDER = "<device path='/dev/a'/>", "<host name='h'/>", "<name>vg</name>", "<dir path='/d'/>"
ADAPTER, INITIATOR, VENDOR = "<adapter name='host1'/>", "<initiator><iqn name='i'/></initiator>", "<vendor name='v'/><product name='p'/>"
KINDS = ("dir", "fs", "netfs", "logical", "disk", "iscsi", "scsi", "mpath", "rbd", "gluster", "zfs", "vstorage", "iscsi-direct", "sheepdog")
FORMATS = ("auto", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs", "ocfs2", "vmfs", "nfs", "cifs", "glusterfs", "unknown", "lvm2", "dos",
           "dvh", "gpt", "mac", "bsd", "pc98", "sun", "none", "zz", "")
ALL = HOST + DEVICE + NAME + FOLDER + ADAPTER + INITIATOR
WWN = "wwnn='20000000c9831b4b' wwpn='10000000c9831b4b'"
ADDRESS = "<address domain='0x0000' bus='0x00' slot='0x1f' function='0x2'/>"


def pools():
    """Type, source, target, what stands before and behind them."""
    path = "<path>/t</path>"
    for kind in KINDS:
        for source in ("", DEVICE, HOST, NAME, FOLDER, HOST + FOLDER, HOST + NAME, DEVICE + NAME, HOST + DEVICE, ALL, ALL + VENDOR, "<host/>", "<device/>", "<name/>", "<dir/>", "<adapter/>"):
            yield kind, source, path, "", ""
        yield kind, ALL, None, "", ""
        yield kind, None, path, "", ""
    for form in FORMATS:
        for kind in KINDS:
            yield kind, ALL + f"<format type='{form}'/>", path, "", ""
    for target in ("", "<path/>", "<path>/a//b/</path>", "<path>a/b</path>", "<path>/</path>", "<path>///x///</path>", "<path>//x</path>", "<path>//x//y/</path>", "<path>http://x//y/</path>", "<path>x//</path>", "<path>//</path>"):
        yield "dir", "", target, "", ""
    for part in ("<mode>0755</mode><owner>1</owner><group>2</group><label>l</label>", "<label>l</label><group>2</group><owner>1</owner><mode>1</mode>", "", "<mode>755</mode>", "<mode>00755</mode>", "<mode>9</mode>", "<mode>x</mode>",
                 "<owner>-1</owner><group>-1</group>", "<owner>x</owner>", "<group>x</group>", "<owner>-2</owner>", "<owner>99999999999</owner>", "<mode>7777</mode>", "<mode>0777</mode>", "<mode>1000</mode>", "<mode/>", "<owner/>", "<group/>",
                 "<label/>", "<owner>4294967295</owner>", "<owner>4294967294</owner>"):
        yield "dir", "", f"<path>/t</path><permissions>{part}</permissions>", "", ""
    for attributes in ("", "name='host1'", "name='scsi_host1'", "name='foo'", "type='scsi_host'", "type='scsi_host' name='scsi_host3'", "type='fc_host'", f"type='fc_host' {WWN}", f"type='fc_host' parent='scsi_host3' managed='yes' {WWN}",
                       f"type='fc_host' parent_wwnn='20000000c9831b4c' parent_wwpn='20000000c9831b4d' {WWN}", f"type='fc_host' parent_wwnn='20000000c9831b4c' {WWN}", f"type='fc_host' parent_wwpn='20000000c9831b4c' {WWN}",
                       f"type='fc_host' parent_fabric_wwn='20000000c9831b4c' {WWN}", "type='fc_host' wwnn='zz' wwpn='10000000c9831b4b'", "type='fc_host' wwnn='\uff21\uff21\uff21\uff210123' wwpn='10000000c9831b4b'", "type='fc_host' wwnn='20000000c9831b4b'", f"type='fc_host' managed='x' {WWN}", "type='zz' name='x'", WWN,
                       "parent='scsi_host1'", "name='h' parent='scsi_host1'", f"type='fc_host' name='x' {WWN}", "type='fc_host' wwnn='0x20000000c9831b4b' wwpn='10000000c9831b4b'", f"type='fc_host' parent_fabric_wwn='z' {WWN}",
                       f"{WWN} managed='no' parent='p' type='fc_host'", f"type='fc_host' managed='yes' parent_wwnn='20000000c9831b4c' parent_wwpn='20000000c9831b4d' parent_fabric_wwn='20000000c9831b4c' {WWN}"):
        yield "scsi", f"<adapter {attributes}/>", path, "", ""
    for attributes, inside in (("", f"<parentaddr unique_id='1'>{ADDRESS}</parentaddr>"), (" name='h'", f"<parentaddr unique_id='1'>{ADDRESS}</parentaddr>"), ("", "<parentaddr><address/></parentaddr>"), ("", "<parentaddr unique_id='1'/>"),
                               ("", f"<parentaddr unique_id='x'>{ADDRESS}</parentaddr>"), ("", "<parentaddr unique_id='1'><address bus='3' slot='zz'/></parentaddr>"), ("", "<parentaddr unique_id='1'><address bus='3'/></parentaddr>"),
                               ("", "<parentaddr/>"), ("", f"<parentaddr unique_id='-1'>{ADDRESS}</parentaddr>")):
        yield "scsi", f"<adapter type='scsi_host'{attributes}>{inside}</adapter>", path, "", ""
    secret = "<secret usage='x'/>"
    for attributes, inside in (("", ""), ("type='chap'", ""), ("type='chap' username='u'", ""), ("type='chap' username='u'", "<secret/>"), ("type='chap' username='u'", secret), ("username='u' type='chap'", secret),
                               ("type='chap' username='u'", "<secret uuid='11111111-2222-3333-4444-000000000001'/>"), ("type='chap' username='u'", "<secret uuid='zz'/>"), ("type='chap' username='u'", "<secret type='iscsi' usage='x'/>"),
                               ("type='ceph' username='u'", secret), ("type='zz' username='u'", secret), ("type='zz' username='u'", ""), ("username='u'", secret), ("username='u'", ""), ("type='none' username='u'", secret), ("type='chap' username=''", secret),
                               ("type='chap' username='u'", "<secret usage='x' uuid='11111111-2222-3333-4444-000000000001'/>"), ("type='chap' username='u'", "<secret type='zz' usage='x'/>"), ("type='zz'", "")):
        for kind in ("iscsi", "rbd", "fs"):
            yield kind, f"{ALL}<auth {attributes}>{inside}</auth>{VENDOR}", path, "", ""
    for part in ("<host name='h' port='3260'/>", "<host name='h' port='x'/>", "<host name='h' port='-1'/>", "<host name='h' port='0'/>", "<host name='h' port='99999'/>", "<host name='h'/><host name='h2' port='1'/>", "<host name=''/>",
                 "<host name='h' port=''/>", "<host name='h' port=' 5'/>", "<host name='h' port='5 '/>", "<host name='h' port='99999999999'/>", "<host port='5' name='h'/>"):
        for kind in ("iscsi", "rbd", "dir"):
            yield kind, part + NAME, path, "", ""
    for part in ("<device path=''/>", DEVICE + "<device path='/dev/b'/>", "<device path='/dev/a' part_separator='no'/>", "<device part_separator='yes' path='/dev/a'/>", "<device path='/dev/a' part_separator='z'/>",
                 "<device path='/dev/a'><freeExtent start='1' end='2'/></device>", "<device path='/dev/a' part_separator='maybe'/>"):
        for kind in ("fs", "disk", "logical", "iscsi", "dir"):
            yield kind, HOST + part, path, "", ""
    for version in ("3", "4.2", "x", ""):
        for form in ("nfs", "auto", "cifs", "glusterfs"):
            yield "netfs", f"{HOST}{FOLDER}<protocol ver='{version}'/><format type='{form}'/>{VENDOR}", path, "", ""
        yield "fs", f"{DEVICE}<protocol ver='{version}'/>", path, "", ""
    yield "netfs", HOST + FOLDER + "<protocol/>", path, "", ""
    for folder in ("", "/d//e/", "d", "/d/", "/"):
        yield "netfs", HOST + f"<dir path='{folder}'/>", path, "", ""
        yield "gluster", HOST + f"<dir path='{folder}'/>", path, "", ""
    for kind in ("dir", "fs", "netfs", "logical"):
        for part in ("<features><cow state='yes'/></features>", "<features><cow state='no'/></features>", "<features><cow state='x'/></features>", "<features/>", "<features><cow/></features>"):
            yield kind, ALL, path, part, ""
    for part in ("<refresh><volume allocation='capacity'/></refresh>", "<refresh><volume allocation='default'/></refresh>", "<refresh><volume allocation='x'/></refresh>", "<refresh/>", "<refresh><volume/></refresh>"):
        for kind in ("rbd", "dir"):
            yield kind, HOST + NAME, path, "", part
            yield kind, HOST + NAME, path, part, ""
    for source in (VENDOR, "<product name='p'/><vendor name='v'/>", "<vendor/><product name=''/>", "<initiator/>", "<initiator><iqn/></initiator>", "<name>a</name><name>b</name>", "<name>a/b</name>"):
        for kind in ("dir", "iscsi", "iscsi-direct", "zfs"):
            yield kind, HOST + source, path, "", ""
    for part in ("<capacity>5</capacity><allocation unit='K'>6</allocation><available>9</available>", "<capacity unit='zz'>x</capacity>"):
        yield "dir", "", path, part, ""
    for kind in ("xx", "", "Dir", "dir "):
        yield kind, "", path, "", ""


# What only we keep, or read: what stands in a pool of type dir before the target.
UNKNOWN = ("<bar a='1'/>", "<a:b xmlns:a='urn:a'>x</a:b>")


def volumes():
    """Attributes, what stands before the target, what stands in it."""
    size = "<capacity>100</capacity>"
    for part in ("", "<capacity/>", "<capacity>x</capacity>", "<capacity>-1</capacity>", "<capacity> 5 </capacity>", "<capacity>0</capacity>", "<capacity>1.5</capacity>", "<capacity>99999999999999999999</capacity>",
                 "<capacity unit='E'>99999</capacity>", "<capacity>107374182401</capacity>", "<capacity>107374182400</capacity>", "<capacity>107374182401</capacity><allocation>5</allocation>", size + "<allocation>107374182401</allocation>",
                 size + "<allocation>5</allocation>", size + "<allocation>500</allocation>", size + "<allocation unit='zz'>5</allocation>", size + "<allocation>x</allocation>", size + "<allocation/>", size + "<allocation>0</allocation>",
                 size + "<physical>7</physical>", size + "<physical>x</physical>", size + "<key>foo</key>", size + "<source><device path='/dev/a'><extent start='0' end='5'/></device></source>", size + "<source/>",
                 size + "<capacity>7</capacity>", "<allocation>5</allocation>", "<capacity unit='K'>1</capacity><allocation unit='KB'>1</allocation>"):
        yield "", part, None
    for unit in ("b", "B", "bytes", "byte", "KB", "k", "KiB", "MB", "M", "MiB", "g", "GB", "G", "T", "TB", "P", "PB", "E", "EB", "kb", "x", "", "kib", "mIb"):
        yield "", f"<capacity unit='{unit}'>1</capacity>", None
    for kind in ("file", "block", "dir", "network", "netdir", "ploop", "zz", "", "volume"):
        yield f" type='{kind}'", size, None
    for form in ("none", "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop", "luks", "cow", "qcow", "qcow2", "qed", "vmdk", "auto", "ext2", "unknown", "zz", "", "linux", "fat16", "fat32", "linux-swap", "linux-lvm",
                 "linux-raid", "extended"):
        yield "", size, f"<format type='{form}'/>"
        yield "", size + f"<backingStore><path>/b</path><format type='{form}'/></backingStore>", None
    qcow = "<format type='qcow2'/>"
    for target in ("", "<path>/foo/bar</path>", "<permissions><mode>0644</mode><owner>1</owner><group>2</group><label>l</label></permissions>", "<permissions/>", "<permissions><mode>9</mode></permissions>", "<permissions><owner>x</owner></permissions>",
                   "<permissions><mode>644</mode></permissions>", "<permissions><owner>-1</owner></permissions>", "<timestamps><atime>1.2</atime><mtime>3</mtime></timestamps>", "<nocow/>", "<compat>1.1</compat>", qcow + "<features/>",
                   qcow + "<features><lazy_refcounts/></features>", qcow + "<compat>0.10</compat><features><lazy_refcounts/></features>", qcow + "<compat>1.1</compat><features><extended_l2/><lazy_refcounts/></features>", qcow + "<features><zz/></features>",
                   qcow + "<clusterSize unit='KiB'>128</clusterSize>", "<clusterSize>5</clusterSize>", "<clusterSize unit='K'>x</clusterSize>", "<clusterSize/>", "<clusterSize>0</clusterSize>", "<clusterSize unit='x'>1</clusterSize>", "<format/>",
                   qcow + "<features><extended_l2/></features><clusterSize>5</clusterSize><nocow/><compat>1.1</compat><encryption format='luks'><secret type='passphrase' usage='u'/></encryption><permissions><label>x</label></permissions>"):
        yield "", size, target
    for version in ("0.10", "1.1", "1", "x", "", "0.10.1", "1.", ".1", "9.99"):
        yield "", size, qcow + f"<compat>{version}</compat>"
    for inside in ("", "<path>/b</path>", "<path>/b</path><format/>", "<format type='raw'/>", "<path>/b</path><permissions><mode>0600</mode><owner>1</owner></permissions>", "<path>/b</path><timestamps><atime>1</atime></timestamps>", "<path/>",
                   "<path>/b</path><permissions><mode>9</mode></permissions>", "<permissions><label>l</label></permissions><format type='qcow2'/><path>/b</path>", "<path>/b</path><permissions/>"):
        yield "", size + f"<backingStore>{inside}</backingStore>", None
        yield "", f"<backingStore>{inside}</backingStore>", None
    phrase = "<secret type='passphrase' usage='u'/>"
    for attributes in ("", "format='default'", "format='luks'", "format='qcow'", "format='zz'", "format='luks2'", "format='luks' engine='qemu'", "format='luks' engine='zz'", "engine='librbd' format='luks'", "format='luks2' engine='librbd'",
                       "format='luks' engine=''", "format=''"):
        yield "", size, f"<encryption {attributes}>{phrase}</encryption>"
    for form in ("luks", "luks2", "qcow", "default"):
        for inside in ("", "<secret/>", "<secret type='passphrase'/>", "<secret type='zz' usage='u'/>", "<secret usage='u' uuid='f52a81b2-424e-490c-823d-6bd4235bc572' type='passphrase'/>",
                       "<secret uuid='f52a81b2-424e-490c-823d-6bd4235bc572' type='passphrase'/>", "<secret type='passphrase' uuid='z'/>", phrase + "<secret type='passphrase' usage='v'/>", "<secret usage='u'/>",
                       "<ivgen name='plain64' hash='sha256'/><cipher name='aes' size='256' mode='cbc' hash='sha256'/>" + phrase, phrase + "<cipher name='aes' size='256'/>", "<cipher name='aes'/>", "<cipher size='256'/>", "<cipher name='aes' size='x'/>",
                       "<cipher name='aes' size='-1'/>", "<ivgen/>", "<ivgen name='p'/>", "<cipher name='aes' size='5'/><ivgen/>", "<cipher name='aes' size='5' mode=''/><ivgen name='p' hash=''/>"):
            yield "", size, f"<encryption format='{form}'>{inside}</encryption>"

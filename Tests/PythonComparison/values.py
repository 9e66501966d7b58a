"""Values for arguments by what the argument is, as Python expressions: those that fit, those at a border, those that do not fit."""
import re

DOCUMENTS = {
    "domain": "<domain type='test'><name>made</name><memory>4096</memory><os><type>hvm</type></os></domain>",
    "network": "<network><name>made</name><ip address='10.9.8.1' netmask='255.255.255.0'/></network>",
    "pool": "<pool type='dir'><name>made</name><target><path>/made</path></target></pool>",
    "volume": "<volume><name>made</name><capacity>1024</capacity></volume>",
    "interface": "<interface type='ethernet' name='eth9'><start mode='onboot'/></interface>",
    "device": "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>"
              "<wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>",
    "secret": "<secret ephemeral='no' private='no'><usage type='volume'><volume>/made</volume></usage></secret>",
    "filter": "<filter name='made'/>",
    "snapshot": "<domainsnapshot><name>made</name></domainsnapshot>",
    "checkpoint": "<domaincheckpoint><name>made</name></domaincheckpoint>",
    "disk": "<disk type='file' device='disk'><source file='/made'/><target dev='vdz'/></disk>",
    "metadata": "<made xmlns='urn:made'/>",
    "cpu": "<cpu><arch>i686</arch><model>pentium3</model></cpu>",
}
NAMES = ["test", "default", "default-pool", "eth1", "computer", "scsi_host1", "made", "none"]
UUIDS = ["6695eb01-f6a4-8304-79aa-97f2502e193f", "00000000-0000-0000-0000-000000000000", "6695eb01f6a4830479aa97f2502e193f"]
PLACES = ["vda", "vdb", "eth1", "/", "/none/file", "/guest/disk.img", "24:42:53:21:52:45"]
URIS = ["test:///default", "none:///", "test+tcp://nowhere.invalid/default", "://"]
OTHERS = ["x", "qemu", "kvm", "i686", "urn:made", "1:info 1:daemon", "1-2"]

BORDER_TEXTS = ["None", "''", "'x' * 5000", "'\\u00e9\\u20ac'", "'%s%n'"]
BAD_TEXTS = ["'a\\0b'", "'\\udc80'", "5", "b'test'", "['test']", "1.5", "object()"]

LIMITS = {
    "int": (-2**31, 2**31 - 1), "uint": (0, 2**32 - 1), "long": (-2**63, 2**63 - 1), "ulong": (0, 2**64 - 1),
    "llong": (-2**63, 2**63 - 1), "ullong": (0, 2**64 - 1), "size": (0, 2**63 - 1),
}
BAD_NUMBERS = ["None", "'1'", "1.0", "1.5", "b'1'", "[]", "object()", "2**70", "-2**70", "float('nan')"]
# True is a number in Python.
BORDER_NUMBERS = ["0", "-1", "True", "Index(2)"]


def texts(name):
    """Texts that an argument of this name may want, the likely ones first."""
    if re.search(r"uuid", name, re.I):
        return UUIDS + NAMES[:1]
    if re.search(r"xml|desc$|metadata|config$|source", name, re.I):
        return list(DOCUMENTS.values()) + ["not xml", "<a>", "<a/>"]
    if re.search(r"uri|miguri", name, re.I):
        return URIS
    if re.search(r"disk|path|dev|mac|file|^to$|^from$|base|top|mount|alias|iface", name, re.I):
        return PLACES
    if re.search(r"name|pool|usage|^net|^dom", name, re.I):
        return NAMES
    return OTHERS


def number(kind):
    least, most = LIMITS[kind]
    fits = ["1", "2", "4096", str(most), str(least)]
    return fits, BORDER_NUMBERS, [str(most + 1), str(least - 1)] + BAD_NUMBERS


def parameter(kind, index=1):
    """A value for a typed parameter."""
    return {"string": "'x'", "boolean": "True", "double": "1.5"}.get(kind, str(index))


def for_argument(argument):
    """Three lists: what fits, what is at a border, what does not fit."""
    kind, name = argument["kind"], argument["name"]
    if kind in LIMITS:
        return number(kind)
    if kind == "flags":
        return (["0"] + [f"1 << {bit}" for bit in range(31)], ["-1", "2**31", "2**32 - 1", "True"],
                ["2**32", "None", "'1'", "1.0", "[]", "2**70"])
    if kind == "text":
        return [repr(text) for text in texts(name)], BORDER_TEXTS, BAD_TEXTS
    if kind == "uuid":
        return (["UUID", "bytes(16)"], ["bytearray(16)", "memoryview(UUID)"],
                ["b''", "bytes(15)", "bytes(17)", "None", "'x' * 16", "5", "[]", repr(UUIDS[0])])
    if kind == "bytes":
        return ["b'data'", "b'a\\0b'", "bytes(5000)"], ["b''", "bytearray(b'x')", "memoryview(b'x')"], ["None", "'text'", "5", "[1]"]
    if kind == "handle":
        own = OBJECTS[argument["class"]]
        return [own], ["None", f"closed_{own}", f"foreign_{own}"], ["5", "'test'", "object()", *OTHER_OBJECTS[own == "domain":][:2]]
    if kind == "handles":
        own = OBJECTS[argument["class"]]
        return ([f"[{own}]", f"[{own}, stopped]" if own == "domain" else f"[{own}] * 2"],
                ["[]", "()", f"({own},)", f"[foreign_{own}]", f"[closed_{own}]"],
                ["None", own, "5", "'ab'", "[None]", "[5]", "[network]", "{}", f"iter([{own}])"])
    if kind == "bits":
        return ["(True, False)", "(False,)", "(True,) * 100"], ["()", "[True]", "(1, 0)"], ["None", "5", "'ab'", "{}", "(None,)", "('x',)"]
    if kind in ("ints", "uints"):
        return ["[0]", "[0, 1, 2]"], ["[]", "(0,)", "[-1]", "[2**32 - 1]"], ["None", "5", "'01'", "[None]", "['0']", "[2**70]", "{}"]
    if kind == "texts":
        return ["['/']", "['a', 'b']"], ["[]", "None", "('/',)", "['']"], ["5", "'/'", "[None]", "[5]", "['a\\0b']", "{}", "[b'x']"]
    if kind == "descriptors":
        return ["[0]", "[0, 1]"], ["[]", "None", "[-1]"], ["5", "'0'", "[None]", "['x']", "[2**70]", "{}"]
    if kind == "pairs":
        return ["{0: 1}", "{0: 1, 1: 2}"], ["{}", "{0: 2**64 - 1}"], ["None", "5", "[]", "{'a': 1}", "{0: 'a'}", "{2**40: 1}", "{0: -1}"]
    if kind == "record":
        first, second = (repr(part) for part in argument["parts"])
        return ([f"{{{first}: 5}}", f"{{{first}: 5, {second}: 6}}"], ["{}", "None", f"{{{first}: -1}}"],
                ["5", "[]", f"{{{first}: 'x'}}", f"{{{second}: 1}}", f"{{{first}: 1, 'none': 2}}", f"{{{first}: 2**70}}", "{1: 1}"])
    if kind == "total":
        return ["True", "False"], ["0", "1", "5"], ["None", "'x'", "[]", "object()"]
    if kind == "parameters":
        known = list(argument["keys"].items())
        fits = [f"{{{key!r}: {parameter(of)}}}" for key, of in known] + [
            "{" + ", ".join(f"{key!r}: {parameter(of)}" for key, of in known[:4]) + "}"]
        bad = ["None", "5", "[]", "'x'", "{'none': 1}", "{1: 1}", "{None: 1}", "{b'a': 1}", "{'x' * 100: 1}", "{'a\\0b': 1}"]
        for key, of in known[:3]:
            bad += [f"{{{key!r}: {value}}}" for value in ("None", "'text'", "[]", "object()", "2**70", "-1", "1.5", "b'x'", "True", "5")]
        return fits, ["{}"], bad
    if kind == "callback":
        return ["noop"], ["print"], ["None", "5", "'noop'", "[]"]
    if kind == "opaque":
        return ["None", "5", "domain"], ["object()"], []
    return (["None", "5", "'test'", "[1, noop, None]"], ["noop", "[]", "True", "0", "-1"],
            ["object()", "{}", "2**70", "b'x'", "1.5", "[[2], noop, None]", "[None] * 3"])


# The name that an object of each class has in calls.
OBJECTS = {
    "virConnect": "connection", "virDomain": "domain", "virNetwork": "network", "virStoragePool": "pool", "virStorageVol": "volume",
    "virInterface": "interface", "virNodeDevice": "device", "virDomainSnapshot": "snapshot", "virDomainCheckpoint": "checkpoint",
    "virStream": "stream", "virSecret": "secret", "virNWFilter": "nwfilter", "virNWFilterBinding": "binding",
    "virNetworkPort": "port",
}
OTHER_OBJECTS = ["domain", "connection", "network"]

"""Calls everything that can be called on the test driver, each time on a connection of its own, and compares what comes back with
the annotation in the stub. Prints, as JSON, what was called and what did not fit.

usage: typed_results.py FOLDER-OF-MODULES FILE-FOR-THE-WORLD
"""
import ast
import collections.abc
import inspect
import itertools
import json
import pathlib
import sys
import types
import typing

import libvirt
import libvirt.enums
import libvirt.errors
import libvirt.types
import libvirtmod

# What waits for something, ends the process's own state, or gives back what an object still holds.
LEFT = {"virEventRunDefaultImpl", "virEventRegisterImpl", "registerErrorHandler", "suspendForDuration", "virEventRemoveHandle", "virEventRemoveTimeout",
        "virEventInvokeFreeCallback", "virNodeSuspendForDuration", "virConnectClose", "virSetErrorFunc"}
# The end of a refusal that depends on two arguments together, which no annotation says.
DEPENDS = "may be left out with flags only"
ATTEMPTS = 100

DOMAIN = "<domain type='test'><name>new</name><memory>4096</memory><os><type>hvm</type></os></domain>"
WORLD = f"""<node>
<domain type='test' id='1'><name>test</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid><memory>8388608</memory><vcpu>2</vcpu>
<os><type>hvm</type></os><devices><disk type='file' device='disk'><source file='/guest.img'/><target dev='vda'/></disk>
<interface type='network'><mac address='aa:bb:cc:dd:ee:ff'/><source network='default'/><target dev='vnet0'/></interface></devices></domain>
<network><name>default</name><bridge name='virbr0'/><forward/><ip address='192.168.122.1' netmask='255.255.255.0'>
<dhcp><range start='192.168.122.128' end='192.168.122.253'/></dhcp></ip></network>
<interface type='ethernet' name='eth1'><start mode='onboot'/><mac address='aa:bb:cc:dd:ee:00'/><mtu size='1492'/></interface>
<pool type='dir'><name>default-pool</name><target><path>/default-pool</path></target></pool>
<device><name>computer</name><capability type='system'><hardware><vendor>v</vendor><version>1</version><serial>1</serial>
<uuid>11111111-2222-3333-4444-555555555555</uuid></hardware><firmware><vendor>v</vendor><version>1</version></firmware></capability></device>
</node>"""
VOLUME = "<volume><name>v</name><capacity>1024</capacity></volume>"
TEXTS = [
    "test", "default", "eth1", "default-pool", "computer", "v", "test:///default", DOMAIN, VOLUME, "<domainsnapshot/>",
    "<domaincheckpoint/>", "<network><name>n</name></network>", "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>",
    "<interface type='ethernet' name='eth5'/>", "<device><parent>computer</parent></device>", "i686", "pc", "hvm", "vda", "vnet0", "mac",
    "6695eb01-f6a4-8304-79aa-97f2502e193f", "root", "/dev/null", "<cpu><arch>x86_64</arch><model>qemu64</model></cpu>",
]


def volume(connection):
    return connection.storagePoolLookupByName("default-pool").createXML(VOLUME, 0)


MAKERS = {
    "virConnect": lambda connection: connection,
    "virDomain": lambda connection: connection.lookupByName("test"),
    "virDomainSnapshot": lambda connection: connection.lookupByName("test").snapshotCreateXML("<domainsnapshot/>"),
    "virDomainCheckpoint": lambda connection: connection.lookupByName("test").checkpointCreateXML("<domaincheckpoint/>"),
    "virNetwork": lambda connection: connection.networkLookupByName("default"),
    "virInterface": lambda connection: connection.interfaceLookupByName("eth1"),
    "virStoragePool": lambda connection: connection.storagePoolLookupByName("default-pool"),
    "virStorageVol": volume,
    "virNodeDevice": lambda connection: connection.nodeDeviceLookupByName("computer"),
    "virStream": lambda connection: connection.newStream(),
}


def world():
    """A connection that shares nothing with others."""
    return libvirt.open("test://" + sys.argv[2])


class Capsule:
    """Stands for the type of capsules, which has a name only in newer Pythons."""


NAMES = {
    **vars(typing), **vars(libvirt.types), **{name: value for name, value in vars(libvirt).items() if inspect.isclass(value)},
    "Callable": collections.abc.Callable, "Sequence": collections.abc.Sequence, "_T": typing.Any, "Buffer": bytes, "CapsuleType": Capsule,
    "FileDescriptorLike": int, "Self": object,
}


def meaning(node):
    return eval(compile(ast.Expression(node), "stub", "eval"), dict(NAMES))


def fits(value, wanted):
    """Whether a value is exactly what an annotation says."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if wanted in (typing.Any, object):
        return True
    if wanted is None or wanted is type(None):
        return value is None
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is list:
        return type(value) is list and all(fits(item, inner[0]) for item in value)
    if origin is dict:
        return type(value) is dict and all(fits(key, inner[0]) and fits(item, inner[1]) for key, item in value.items())
    if origin is tuple:
        if type(value) is not tuple:
            return False
        if inner[-1] is ...:
            return all(fits(item, inner[0]) for item in value)
        return len(value) == len(inner) and all(map(fits, value, inner))
    if typing.is_typeddict(wanted):
        hints = typing.get_type_hints(wanted)
        return type(value) is dict and wanted.__required_keys__ <= set(value) <= set(hints) and all(
            fits(item, hints[key]) for key, item in value.items())
    if wanted is Capsule:
        return type(value).__name__ == "PyCapsule"
    return type(value) is wanted


def candidates(name, wanted, connection, receiver):
    """Values for an argument, from its annotation."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return [value for one in inner for value in candidates(name, one, connection, receiver)]
    if wanted is type(None):
        return [None]
    if wanted is int:
        return [0] if "flags" in name.lower() else [0, 1, 4096]
    if wanted is bool:
        return [True, False]
    if wanted is str:
        return TEXTS
    if wanted is bytes:
        return [b"x" * 16]
    if origin is collections.abc.Sequence:
        return [[value] for value in candidates(name, inner[0], connection, receiver)[:3]]
    if origin is collections.abc.Callable:
        answer = next((value for value in ([0, 0], b"", None) if fits(value, inner[1]) or isinstance(value, list)
                       and typing.get_origin(inner[1]) is collections.abc.Sequence), None)
        return [lambda *arguments: answer]
    if typing.is_typeddict(wanted):
        hints = typing.get_type_hints(wanted)
        keys = wanted.__required_keys__ or list(hints)[:1]
        return [{key: candidates(key, hints[key], connection, receiver)[0] for key in keys}]
    if origin is dict:
        return [{4: 1}]
    if origin is typing.Literal:
        return [inner[0]]
    if wanted is Capsule:
        return [receiver._o] if name == "receiver" else [MAKERS["virDomain"](connection)._o, connection._o]
    if inspect.isclass(wanted) and wanted.__name__ in MAKERS:
        return [MAKERS[wanted.__name__](connection)]
    return [None]


def wrapped(value):
    """The same number as a member of an enumeration."""
    return libvirt.enums.ConnectListAllDomainsFlags(value) if type(value) is int else value


def attempt(owner_name, name, node, index, as_enumeration):
    """Calls it with the arguments of that index; what came back, or None for no more arguments."""
    connection = world()
    receiver = MAKERS[owner_name](connection) if owner_name else connection
    parameters = node.args.posonlyargs + node.args.args
    is_bare = bool(parameters) and parameters[0].arg == "receiver"
    given = parameters if is_bare or not owner_name else parameters[1:]
    required = given[:len(given) - len(node.args.defaults)] if node.args.defaults else given
    choices = [candidates(one.arg, meaning(one.annotation), connection, receiver) for one in required]
    values = next(itertools.islice(itertools.product(*choices), index, None), None)
    if values is None:
        return None
    if as_enumeration:
        values = tuple(map(wrapped, values))
    target = libvirtmod if is_bare else receiver if owner_name else libvirt
    return [getattr(target, name)(*values)]


def check(owner_name, name, nodes, report):
    place = f"{owner_name}.{name}" if owner_name else name
    for node in nodes:
        wanted = meaning(node.returns)
        for index in range(ATTEMPTS):
            try:
                outcome = attempt(owner_name, name, node, index, False)
            except (libvirt.libvirtError, TypeError, ValueError, LookupError, RuntimeError) as error:
                # What an annotation allows, the run-time takes.
                if not isinstance(error, libvirt.libvirtError) and not node.args.posonlyargs and not str(error).endswith(DEPENDS):
                    report["refused"].setdefault(place, str(error))
                if isinstance(error, libvirt.errors.NoSupportError):
                    break
                continue
            if outcome is None:
                break
            if owner_name and nodes[0].args.posonlyargs and outcome[0] in (None, -1):
                # A failure of a C function.
                continue
            report["called"].append(place)
            if not fits(outcome[0], wanted):
                report["wrong"].append(f"{place}: {ast.unparse(node.returns)}, came {outcome[0]!r}")
            try:
                again = attempt(owner_name, name, node, index, True)
                if not fits(again[0], wanted):
                    report["wrong"].append(f"{place} given enumerations: {ast.unparse(node.returns)}, came {again[0]!r}")
            except Exception as error:
                report["wrong"].append(f"{place} given enumerations: {error!r}")
            break


def functions(body):
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name not in LEFT and not node.name.startswith("_") and not node.name.endswith("Free"):
            if not any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list):
                found.setdefault(node.name, []).append(node)
    return found


def main():
    folder = pathlib.Path(sys.argv[1])
    pathlib.Path(sys.argv[2]).write_text(WORLD)
    report = {"called": [], "wrong": [], "refused": {}, "classes": [], "absent": {}}
    tree = ast.parse((folder / "libvirt/__init__.pyi").read_text())
    usable = set()
    for name, maker in MAKERS.items():
        try:
            maker(world())
            usable.add(name)
        except libvirt.libvirtError as error:
            report["absent"][name] = str(error)
    report["classes"] = sorted(usable)
    libvirt.virEventRegisterDefaultImpl()
    for name, nodes in functions(tree.body).items():
        check(None, name, nodes, report)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in usable:
            for name, nodes in functions(node.body).items():
                check(node.name, name, nodes, report)
    for name, nodes in functions(ast.parse((folder / "libvirtmod/__init__.pyi").read_text()).body).items():
        owners = [one for one in sorted(usable, key=len, reverse=True) if name.startswith(one)][:1]
        for owner in dict.fromkeys([*owners, "virConnect"]):
            if nodes[0].args.posonlyargs:
                check(owner, name, nodes, report)
    json.dump(report, sys.stdout)


main()

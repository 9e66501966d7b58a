"""Makes calls, one after the other, with the modules and the library that this interpreter finds; writes down what they answer.

usage: subject.py CALLS.json ANSWERS.json WORLD-URI

Calls run in forked children, so that a crash costs one call. Each has a connection of its own to a world of its own.
"""
import copy
import json
import os
import pickle
import re
import signal
import sys
import time

import libvirt
import libvirt_lxc
import libvirt_qemu
import libvirtmod
import libvirtmod_lxc
import libvirtmod_qemu

PART = 200
PATIENCE = 10
ALONE = ("libvirt.", "libvirtmod.virEvent", "libvirtmod.virRegister")
START = int(time.time())
TIME = re.compile(r"\d{10}")


class Index:
    """Something that is no integer but stands for one."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def noop(*_):
    return 0


class Names(dict):
    """What calls may name; objects are got when they are first named."""

    def __init__(self, uri, documents, classes):
        super().__init__(
            libvirt=libvirt, libvirt_qemu=libvirt_qemu, libvirt_lxc=libvirt_lxc, libvirtmod=libvirtmod,
            libvirtmod_qemu=libvirtmod_qemu, libvirtmod_lxc=libvirtmod_lxc, Index=Index, noop=noop, copy=copy, pickle=pickle,
            UUID=bytes.fromhex("6695eb01f6a4830479aa97f2502e193f"))
        self.uri, self.documents, self.classes = uri, documents, classes

    def __missing__(self, name):
        if "_" in name:
            how, what = name.split("_", 1)
            if how in ("closed", "foreign", "orphan") and what in self.classes:
                self[name] = getattr(self, how)(what)
                return self[name]
            if how == "null" and what in self.classes:
                self[name] = self.null(self.classes[what])
                return self[name]
        if not hasattr(self, f"get_{name}"):
            raise KeyError(name)
        self[name] = getattr(self, f"get_{name}")()
        return self[name]

    def others(self):
        return Names(self.uri, self.documents, self.classes)

    def closed(self, what):
        others = self.others()
        found = others[what]
        if what == "connection":
            found.close()
        else:
            found._o = None
        return found

    def foreign(self, what):
        return self.others()[what]

    def orphan(self, what):
        others = self.others()
        found = others[what]
        others["connection"].close()
        return found

    @staticmethod
    def null(name):
        """What has never had a pointer."""
        found = getattr(libvirt, name).__new__(getattr(libvirt, name))
        found._o = None
        return found

    def get_connection(self):
        return libvirt.open(self.uri)

    def get_domain(self):
        return self["connection"].lookupByName("test")

    def get_stopped(self):
        return self["connection"].defineXML(self.documents["domain"].replace("made", "stopped"))

    def get_network(self):
        return self["connection"].networkLookupByName("default")

    def get_pool(self):
        return self["connection"].storagePoolLookupByName("default-pool")

    def get_volume(self):
        return self["pool"].createXML(self.documents["volume"].replace("made", "first"), 0)

    def get_interface(self):
        return self["connection"].interfaceLookupByName("eth1")

    def get_device(self):
        return self["connection"].nodeDeviceLookupByName("computer")

    def get_snapshot(self):
        return self["domain"].snapshotCreateXML(self.documents["snapshot"].replace("made", "first"), 0)

    def get_checkpoint(self):
        return self["domain"].checkpointCreateXML(self.documents["checkpoint"].replace("made", "first"), 0)

    def get_stream(self):
        return self["connection"].newStream(0)

    # The reference has no driver for these in this process.
    def get_secret(self):
        return self.null("virSecret")

    def get_nwfilter(self):
        return self.null("virNWFilter")

    def get_binding(self):
        return self.null("virNWFilterBinding")

    def get_port(self):
        return self.null("virNetworkPort")


def is_now(number):
    """Whether a number is the time of the day, or of an hour that begins or ends now."""
    return abs(number - START) < 2 * 3600


def plain(value):
    """A value with its types, as JSON can carry it. Names and objects stand in no order where they came from a hash table."""
    kind = type(value).__name__
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return TIME.sub(lambda found: "<now>" if is_now(int(found[0])) else found[0], value)
    if isinstance(value, int):
        return "<now>" if is_now(value) else value if kind == "int" else [kind, int(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, (bytes, bytearray)):
        return [kind, value.hex()[:400], len(value)]
    if isinstance(value, (list, tuple)):
        items = [plain(item) for item in value]
        if value and isinstance(value, list) and all(isinstance(item, str) or type(item).__module__ == "libvirt" for item in value):
            items.sort(key=json.dumps)
        return [kind, items]
    if isinstance(value, dict):
        return [kind, sorted(([plain(key), plain(item)] for key, item in value.items()), key=json.dumps)]
    if type(value).__module__ == "libvirt":
        named = getattr(value, "name", None) or getattr(value, "getName", None)
        name = named() if getattr(value, "_o", None) is not None and callable(named) else None
        return [kind, name if isinstance(name, str) else None]
    if isinstance(value, type):
        return ["type", value.__name__]
    return [kind]


def failure(error):
    if isinstance(error, libvirt.libvirtError):
        return {"error": ["libvirtError", error.get_error_code(), error.get_error_domain()], "text": str(error)[:200]}
    return {"error": [type(error).__name__], "text": str(error)[:200]}


def answer(call, names):
    code = compile(call, "call", "eval")
    for name in code.co_names:
        try:
            names[name]
        except KeyError:
            pass  # an attribute, or a built-in name
        except Exception as error:
            return {"missing": name, **failure(error)}
    try:
        found = {"result": plain(eval(code, {}, names))}
    except Exception as error:
        return failure(error)
    if call.startswith("libvirtmod"):  # C names tell no reason
        last = libvirt.virGetLastError()
        found["last"] = last[:2] if last else [None, None]
    return found


def child(calls, uri, documents, classes, to):
    """Makes calls until one kills it."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    libvirt.virEventRegisterDefaultImpl()
    libvirt.registerErrorHandler(noop, None)
    for call in calls:
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        libvirt.virResetLastError()
        names = Names(uri, documents, classes)
        found = answer(call, names)
        names.clear()
        del names
        os.write(to, json.dumps(found).encode() + b"\n")
        for left in os.scandir("."):
            if left.is_file():  # images and dumps, which another call would read
                os.unlink(left)


def run(calls, uri, documents, classes):
    """The answers to all calls, in order."""
    answers = []
    while len(answers) < len(calls):
        # What changes the process is called in one of its own.
        rest = calls[len(answers):len(answers) + PART]
        alone = next((at for at, call in enumerate(rest) if call.startswith(ALONE)), len(rest))
        rest = rest[:alone or 1]
        source, to = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(source)
            child(rest, uri, documents, classes, to)
            os._exit(0)
        os.close(to)
        with open(source, "rb") as stream:
            lines = stream.read().split(b"\n")[:-1]
        status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        answers += [json.loads(line) for line in lines]
        if len(lines) < len(rest):
            answers.append({"end": "hang" if status == -signal.SIGALRM else "crash", "status": status})
    return answers


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        given = json.load(stream)
    answers = run(given["calls"], sys.argv[3], given["documents"], given["classes"])
    with open(sys.argv[2], "w", encoding="utf-8") as stream:
        json.dump(answers, stream)


if __name__ == "__main__":
    main()

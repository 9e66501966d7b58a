"""What the programs of test_storage.py share: each case of theirs is a function, named on the command line."""
import sys

import libvirt

libvirt.registerErrorHandler(lambda *_: None, None)
MEBI = 1 << 20


def world():
    c = libvirt.open("test:///default")
    return c, c.storagePoolLookupByName("default-pool")


def volume(p, name="v", capacity=MEBI, allocation=None):
    size = "" if allocation is None else f"<allocation>{allocation}</allocation>"
    return p.createXML(f"<volume><name>{name}</name><capacity>{capacity}</capacity>{size}</volume>")


def refused(code, domain, function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        assert (error.get_error_code(), error.get_error_domain()) == (code, domain), str(error)
        assert error.get_error_message()
        return
    raise AssertionError(f"{function} was not refused")


def send(c, v, content, offset=0, length=0, piece=100_000):
    stream = c.newStream()
    v.upload(stream, offset, length)
    for start in range(0, len(content), piece):
        rest = content[start:start + piece]
        while rest:
            rest = rest[stream.send(rest):]
    stream.finish()


def receive(c, v, offset=0, length=0, piece=70_001):
    stream = c.newStream()
    v.download(stream, offset, length)
    content = b""
    while part := stream.recv(piece):
        content += part
    stream.finish()
    return content


def run(cases):
    cases[sys.argv[1]]()
    print("passed")

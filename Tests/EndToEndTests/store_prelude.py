"""What programs begin with that run in a world with a store, whose file is their argument."""
import json
import os
import resource
import sys

import libvirt
from store_tell import tell

libvirt.registerErrorHandler(lambda *a: None, None)
file = sys.argv[1]


def open_it():
    return libvirt.open("test://" + file)


def error(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain(), error.get_error_message()]


def say(*values):
    # One call: a line is whole, whoever else says something.
    os.write(1, json.dumps(values).encode() + b"\n")


def upload(c, volume, data, offset=0, end="finish"):
    stream = c.newStream()
    volume.upload(stream, offset, 0)
    for start in range(0, len(data), 1 << 16):
        stream.send(data[start:start + (1 << 16)])
    if end:
        getattr(stream, end)()


def domain(name, more="", description=""):
    return (f"<domain type='test'><name>{name}</name><memory>4096</memory><description>{description}</description><os><type>hvm</type></os>"
            f"<devices><disk type='file' device='disk'><source file='/{name}.img'/><target dev='vda'/></disk>{more}</devices></domain>")

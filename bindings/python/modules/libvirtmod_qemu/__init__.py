"""The functions by their C names: they take and give capsules, and tell a failure by -1 or None.

What a program puts in the place of one, the methods call from then on.
"""
import sys
import types

import libvirt


class _Functions(types.ModuleType):
    def __getattr__(self, name):
        return libvirt._bare("libvirt_qemu", name)

    def __dir__(self):
        return libvirt._bare_names("libvirt_qemu")

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        libvirt._replace(name, value)

    def __delattr__(self, name):
        super().__delattr__(name)
        libvirt._replace(name, None)


sys.modules[__name__].__class__ = _Functions

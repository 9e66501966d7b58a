"""What a module of C functions is: they take and give capsules, and tell a failure by -1 or None.

What a program puts in the place of one, the methods call from then on.
"""
import types

import libvirt


class Functions(types.ModuleType):
    """A module whose functions come when they are asked for."""

    def __getattr__(self, name):
        return libvirt._bare(self.__name__.replace("mod", ""), name)

    def __dir__(self):
        return libvirt._bare_names(self.__name__.replace("mod", ""))

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        libvirt._replace(name, value)

    def __delattr__(self, name):
        super().__delattr__(name)
        libvirt._replace(name, None)

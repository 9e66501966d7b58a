"""The functions of libvirt_lxc by their C names."""
import sys

import libvirt._functions

sys.modules[__name__].__class__ = libvirt._functions.Functions

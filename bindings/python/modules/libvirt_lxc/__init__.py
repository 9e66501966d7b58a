"""The functions for the LXC driver only."""
import sys

import libvirt
import libvirtmod_lxc  # noqa: F401: programs reach it from here

libvirt._fill(sys.modules[__name__])

"""The functions for the QEMU driver only."""
import sys

import libvirt
import libvirtmod_qemu  # noqa: F401: programs reach it from here

libvirt._fill(sys.modules[__name__])

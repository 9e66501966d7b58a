"""A subclass of libvirtError for each error code, so that `except` needs no numbers."""
import libvirt


def __getattr__(name):
    code = libvirt._error_codes().get(name)
    if code is None:
        raise AttributeError(f"module 'libvirt.errors' has no attribute '{name}'")
    return libvirt._error_class(code)


def __dir__():
    return sorted(libvirt._error_codes())

"""A type for each enumeration, made when it is first used.

`libvirt.enums.DomainState.RUNNING` is the number `libvirt.VIR_DOMAIN_RUNNING`; whatever takes one takes the other. Flags are
IntFlag, everything else is IntEnum.
"""
from libvirt._enumerations import TYPES as _TYPES


def __getattr__(name):
    if name not in _TYPES:
        raise AttributeError(f"module 'libvirt.enums' has no attribute '{name}'")
    import enum

    c_name, is_flags, members, text = _TYPES[name]
    numbers = [(member, int(number)) for member, number in (pair.split("=") for pair in members.split())]
    made = (enum.IntFlag if is_flags else enum.IntEnum)(name, numbers, module=__name__)
    made.__doc__ = f"{text}\n\nC: {c_name}."
    return globals().setdefault(name, made)


def __dir__():
    return sorted(_TYPES)

"""What goes beyond the API."""
from collections.abc import Callable

from libvirt import virConnect

def supports(connection: virConnect, function: str | Callable[..., object]) -> bool | None:
    """Whether a function can be called on a connection; None when that cannot be told."""

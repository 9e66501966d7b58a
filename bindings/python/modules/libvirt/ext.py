"""What goes beyond the API."""
import libvirt


def supports(connection, function):
    """Whether a function can be called on a connection: whether its driver, or another that stands in for it, has it.

    `function` is a C name such as "virDomainMigrate", the same without "vir" ("domainMigrate"), or a method
    (`libvirt.virDomain.migrate`). A driver that has a function may still refuse some of its flags.

    None when that cannot be told, which is so on libraries of other projects. Raises ValueError for a name that no function
    has, and when the connection is closed.
    """
    return libvirt._supports(connection, getattr(function, "__qualname__", function))

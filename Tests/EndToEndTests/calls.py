"""What programs of tests share that make calls and look at how they end. Importing it loads no library."""


def refusal(function, *arguments):
    """Code and domain of what a call raises; None when it raises nothing."""
    import libvirt
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code(), error.get_error_domain()
    return None


def turn():
    """Lets the event loop deliver what has come: events are delivered before a timer that is added later."""
    import libvirt
    done = []
    timer = libvirt.virEventAddTimeout(0, lambda timer, _: done.append(1), None)
    while not done:
        libvirt.virEventRunDefaultImpl()
    libvirt.virEventRemoveTimeout(timer)

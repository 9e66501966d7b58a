"""What a call answers that is refused."""
import libvirt


def refusal(function, *arguments):
    """Code and domain of what a call raises; None when it raises nothing."""
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code(), error.get_error_domain()
    return None

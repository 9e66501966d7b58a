"""What a scenario writes down: results and errors in a form that two processes can compare."""
import re

import libvirt


class Transcript:
    """Collects what calls answer."""

    def __init__(self):
        self.lines = []

    def note(self, label, value):
        self.lines.append([label, value])

    def call(self, label, function, *arguments):
        """Calls, records the result or the error, and returns the result (None after an error)."""
        try:
            result = function(*arguments)
        except libvirt.libvirtError as error:
            fields = error.err or ()
            first = error.get_str1() or ""
            strings = [first if first.startswith("vir") and "Obj" not in first else None]
            self.note(label, {"error": list(fields[:2]) + [fields[3]] + strings + [error.get_int1(), error.get_int2()]})
            return None
        except Exception as error:  # what the binding itself refuses
            self.note(label, {"exception": type(error).__name__})
            return None
        self.note(label, plain(result))
        return result

    def drain(self, label, seen):
        """Has the event loop tell what came, and records what callbacks put into the list, which is empty afterwards."""
        timer = libvirt.virEventAddTimeout(0, lambda timer, opaque: None, None)  # a turn does not wait then
        for _ in range(3):
            libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(timer)
        self.note(label, sorted(seen, key=str))
        seen.clear()


def plain(value):
    """A value that JSON can carry and two processes can compare."""
    if isinstance(value, int) and value > 10**15 or isinstance(value, str) and re.fullmatch(r"\d{10}", value):
        return "<clock>"  # a time, or a name made from one
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "name") and callable(value.name):
        return f"<{type(value).__name__} {value.name()}>"
    if value is None or isinstance(value, (int, float, str, bool)):
        return value
    return f"<{type(value).__name__}>"

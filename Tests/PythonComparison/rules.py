"""Differences that are meant: the reason of each kind, and how it is recognised. A rule that explains nothing has to go."""
import re

import values

INVALID_ARGUMENT, NO_SUPPORT = 8, 3
# The codes that say that an object is not live.
NOT_LIVE = {6, 7, 36, 46, 47, 52, 58, 61, 65, 71, 73, 100, 102, 105}
# The reference has no driver for these in this process; only objects without a pointer can be had.
NEVER_LIVE = ("secret", "nwfilter", "binding", "port")


def is_not_live(call):
    return re.search(r"\b(closed|null|orphan)_\w+", call) or re.match(rf"(\w+_)?({'|'.join(NEVER_LIVE)})\b", call)


def is_constructor(d):
    return re.match(r"libvirt\.vir\w+\((?!.*\)\.)", d.call) and d.method is None


def refused(d, *errors):
    """Ours raises one of these."""
    return d.mine.error in errors and not d.mine.missing


def takes(d, *kinds):
    """Whether an argument is of one of these kinds."""
    return d.method is not None and any(argument["kind"] in kinds for argument in d.method.arguments)


def has(d, pattern):
    return re.search(pattern, d.call)


# Between the reference's modules and ours on one library.
MODULES = {
    "the reference crashes or hangs": lambda d: d.theirs.end and not d.mine.end,
    "a number out of range is refused, where the reference cuts bits off": lambda d: refused(d, "OverflowError"),
    "a number that fits the C type is taken, where the reference reads it through a narrower one":
        lambda d: d.theirs.error == "OverflowError" and not d.mine.end,
    "a copy would give one pointer back twice": lambda d: d.call.startswith(("copy.copy", "pickle.")) and refused(d, "TypeError"),
    "an object needs a pointer; the reference raises Exception itself, of which TypeError is a kind":
        lambda d: refused(d, "TypeError") and d.theirs.error == "Exception",
    "the parent of an object made by hand may be missing": lambda d: is_constructor(d) and d.theirs.error == "AttributeError",
    "a value of another type is a TypeError, where the reference raises something else":
        lambda d: refused(d, "TypeError") and d.theirs.error,
    "what cannot be called is refused at once, where the reference fails when it is wanted":
        lambda d: refused(d, "TypeError") and "must be callable" in d.mine.text,
    "what an object holds is not in __dict__, which has what a program puts there": lambda d: has(d, "__dict__"),
    "text that is no UTF-8 passes through as surrogates, in both directions":
        lambda d: d.theirs.error == "UnicodeEncodeError" and has(d, r"\\udc80"),
    "an object that is closed or has no pointer is an error of its class; the reference answers None or a number, has an error without "
    "a code, or one of what it asks first": lambda d: is_not_live(d.call) and (
        d.mine.error == "libvirtError" and d.mine.code in NOT_LIVE or d.theirs.error == "AttributeError"),
    "the library refuses, with a code, what the reference module refuses without one":
        lambda d: d.theirs.error == "libvirtError" and d.theirs.code is None and d.mine.error == "libvirtError",
    "a key of a typed parameter that is too long is a ValueError": lambda d: refused(d, "ValueError") and "too long" in d.mine.text,
    "a text with a NUL is a ValueError": lambda d: refused(d, "ValueError") and "null character" in d.mine.text,
    "an object in a list must not be closed": lambda d: refused(d, "ValueError") and "closed" in d.mine.text,
    "nothing to ask for is the library's error": lambda d: d.theirs.error == "LookupError" and d.mine.code == INVALID_ARGUMENT,
    "a list without a value gives no parameter": lambda d: has(d, r": \[\]\}") and refused(d, "LookupError"),
    "an object of another class is a TypeError, where the reference answers like C":
        lambda d: refused(d, "TypeError") and d.theirs.result == -1,
    "a list stands for a tuple": lambda d: has(d, r"\[True\]") and d.theirs.error == "TypeError",
    "a UUID that has not 16 bytes is a ValueError": lambda d: refused(d, "ValueError") and "uuid" in d.mine.text.lower(),
    "an event that is newer than the reference's modules can be listened to":
        lambda d: d.theirs.error == "libvirtError" and d.theirs.code is None and has(d, "EventRegisterAny") and d.mine.has_result,
    "a tuple stands for a list, which the reference takes for nothing":
        lambda d: has(d, r"\(('[^']*'|\d+),\)") and d.mine.error != "TypeError",
    "what is no list is a TypeError, where the reference takes it for nothing":
        lambda d: refused(d, "TypeError") and takes(d, "texts") and d.theirs.has_result,
    "anything with bytes or an integer value is taken": lambda d: has(d, r"memoryview\(|bytearray\(|Index\(") and not d.mine.end
        and d.theirs.error in ("TypeError", "SystemError"),
    "None for a text, a list or an object goes to the library, whose error is libvirtError":
        lambda d: has(d, r"\bNone\b") and d.theirs.error in ("TypeError", "AttributeError") and (
            d.mine.error == "libvirtError" or d.mine.has_result),
    "the reference asks for the present parameters first, to learn their types, and refuses what is not among them":
        lambda d: takes(d, "parameters") and d.theirs.error and (
            {d.theirs.error, d.mine.error} <= {"libvirtError", "LookupError", None}),
    "of several faults another one is told": lambda d: {d.theirs.error, d.mine.error} <= {
        "TypeError", "LookupError", "ValueError", "SystemError"},
    "a descriptor is no negative number": lambda d: refused(d, "ValueError") and takes(d, "descriptors") and has(d, r"\[-1\]"),
    "the list says how many keys there are, not the argument beside it":
        lambda d: has(d, r"[sS]endKey\(") and d.theirs.code is None,
    "flags reach the library, where the reference drops them": lambda d: has(d, r"[dD]iskErrors\("),
    "what goes wrong is an error, where the reference drops it": lambda d: has(d, "qemuMonitorEventDeregister") and d.theirs.result is None,
    "figures grow with the clock": lambda d: has(d, r"([bB]lockStatsFlags|ListGetStats|AllDomainStats)\(") and d.theirs.has_result and d.mine.has_result,
    "a size of pages comes back as it was given": lambda d: has(d, r"[gG]etFreePages\(.*2\*\*32 - 1") and d.mine.has_result,
    "what came with a callback is asked for whole": lambda d: has(d, "virEventInvokeFreeCallback") and refused(d, "TypeError"),
}

# The same under the C names, beside the rules above.
C_NAMES = {
    "what is no capsule is a TypeError": lambda d: refused(d, "TypeError") and "first argument must be" in d.mine.text,
    "a callback and what comes with it are two arguments, as for the method":
        lambda d: has(d, r"(EventAdd\w*|Event\w*Register\w*|RegisterCloseCallback)\(") and "takes exactly" in d.theirs.text,
    "what the reference does in Python has a C name too": lambda d: d.theirs.error == "AttributeError",
    "arguments that nobody wants are refused": lambda d: refused(d, "TypeError") and "takes exactly 0" in d.mine.text,
    "what may be left out with the method may be left out here": lambda d: "(0 given)" in d.theirs.text or "must be str, not None" in d.theirs.text,
    "what the method gives back as None is None": lambda d: d.mine.has_result and d.mine.result is None and d.theirs.result in (0, -1),
    "objects may stand for capsules": lambda d: takes(d, "handles") and d.mine.has_result,
    "a failure is told alike, whatever fails": lambda d: is_not_live(d.call) and d.mine.result in (-1, None),
    "bad values are exceptions, where the reference answers like C": lambda d: d.mine.error in (
        "TypeError", "ValueError", "LookupError") and (d.theirs.has_result or d.theirs.error == "SystemError"),
    "a value that the library refuses is told like C, where the reference raises":
        lambda d: d.theirs.error in ("LookupError", "TypeError", "SystemError") and d.mine.has_result and d.mine.result in (-1, None),
}

# Found among all values; the few of an ordinary run may not meet them.
RARE = {
    "a text with a NUL is a ValueError", "an object in a list must not be closed", "nothing to ask for is the library's error",
    "a list without a value gives no parameter", "an object of another class is a TypeError, where the reference answers like C",
    "what stands in the way of a migration is told first",
    "a descriptor that is not open is an invalid argument", "the flag that brings the CPU up to date is taken",
    "a list stands for a tuple", "a key of a typed parameter that is too long is a ValueError",
    "a size of pages comes back as it was given", "the reference fails without saying why",
    "checkpoints tell sizes",
}

# Between the reference's library and ours under one module.
LIBRARIES = {
    "the driver does not have the operation yet": lambda d: d.mine.last == NO_SUPPORT,
    "the reference's driver does not have the operation": lambda d: d.theirs.last == NO_SUPPORT and not d.mine.end,
    "the flag that asks for the configuration is taken": lambda d: d.mine.has_result and has(
        d, r"(network|interface|device|pool)\w*\.XMLDesc\(|vir(Network|Interface|NodeDevice|StoragePool)GetXMLDesc\("),
    "the reference fails without saying why": lambda d: d.theirs.last == 1 and has(d, r"[nN]odeDeviceCreateXML\(") and d.mine.has_result,
    "newer kinds and states of devices have filters": lambda d: has(d, r"[lL]istAll(Node)?Devices\(") and not d.mine.end,
    "the reference crashes or hangs": lambda d: d.theirs.end and not d.mine.end,
    # Settings and figures of domains.
    "a text may be asked for where the reference's test driver refuses that flag":
        lambda d: has(d, r"([lL]aunchSecurityInfo|GetLaunchSecurity\w*|[mM]essages|[pP]inVcpuFlags|[sS]chedulerParametersFlags)\(")
        and (d.theirs.code == INVALID_ARGUMENT or d.theirs.result in (-1, None)),
    "guests say which processors they have": lambda d: has(d, r"[gG]uestVcpus\(") and d.mine.has_result,
    "a guest's address is one of its network's": lambda d: has(d, r"[iI]nterfaceAddresses\(") and d.mine.has_result,
    "times go on between two calls": lambda d: has(d, r"[gG]etCPUStats\(") and d.mine.has_result and d.theirs.has_result,
    "flags that there are not are refused": lambda d: has(d, r"[vV]cpuPinInfo\(") and d.theirs.has_result,
    "any process of a guest takes a signal": lambda d: has(d, r"[sS]endProcessSignal\(") and d.theirs.last == INVALID_ARGUMENT,
    "a running domain keeps its cells, whatever is asked for beside": lambda d: has(d, r"[sS]etNumaParameters\(") and d.mine.code == 55,
    "the version is another": lambda d: has(d, r"[gG]et(Lib)?Version\("),
    "the host keeps callbacks: any connection can be listened to, and an unknown number is an invalid argument":
        lambda d: has(d, r"[eE]vent\w*(Der|R)egister|[uU]nregisterCloseCallback"),
    "what can never be watched is refused": lambda d: has(d, r"virEventAdd") and d.mine.code == INVALID_ARGUMENT,
    "a group that cannot be entered is an error": lambda d: has(d, "[lL]xcEnterCGroup"),
    "statistics are told of every group": lambda d: has(d, r"(ListGetStats|AllDomainStats)\(") and not d.mine.end,
    "free pages are counted": lambda d: has(d, r"GetFreePages\(|getFreePages\(") and not d.mine.end,
    "an unknown kind of metadata is refused": lambda d: has(d, r"[mM]etadata\(") and d.mine.last == INVALID_ARGUMENT,
    "what stands in the way of a migration is told first": lambda d: has(d, r"[mM]igrate\w*\(") and d.theirs.error == d.mine.error,
    "a descriptor that is not open is an invalid argument": lambda d: has(d, r"([oO]penGraphics|WithFiles)\(") and d.mine.last == INVALID_ARGUMENT,
    "the flag that brings the CPU up to date is taken": lambda d: has(d, r"domain\.XMLDesc\(") and d.mine.has_result,
    "flags of snapshots that the reference's driver does not have are taken":
        lambda d: has(d, r"[sS]napshotCreateXML\(|snapshot\w*\.delete\(|SnapshotDelete\(|[rR]evertToSnapshot\(") and d.theirs.last == INVALID_ARGUMENT
        and d.theirs.domain in (12, None),
    "checkpoints tell sizes": lambda d: has(d, r"checkpoint\.getXMLDesc\(|CheckpointGetXMLDesc\(") and d.mine.has_result and d.theirs.has_result,
    "arguments are looked at in another order":
        lambda d: d.theirs.code == d.mine.code == INVALID_ARGUMENT and d.theirs.domain != d.mine.domain,
    "a host that a file describes has cells of memory; in the reference it has none":
        lambda d: has(d, r"[gG]et(CellsFreeMemory|FreeMemory|Capabilities)\("),
}

"""Calls every method, on live, closed and uninitialised objects, with values that fit and values that do not.

usage: hostile_calls.py CALLS [SEED]; the last line is "N calls, N refused".
"""
import inspect
import random
import sys

import libvirt

# What waits, what takes the process's event loop away, and what counts on being called once.
LEFT = {"virEventRunDefaultImpl", "virEventRegisterImpl", "registerErrorHandler", "suspendForDuration", "_finish"}
REFUSALS = (
    libvirt.libvirtError, TypeError, ValueError, OverflowError, LookupError, AttributeError, RuntimeError, MemoryError)


class Bad:
    """Fails whatever is asked of it."""

    def __index__(self):
        raise ValueError

    def __len__(self):
        return -1

    def __getitem__(self, at):
        raise RuntimeError


def objects(connection):
    """Live, closed, left behind, and made without being initialised."""
    gone = libvirt.open("test:///default")
    orphan = gone.lookupByName("test")
    gone.close()
    classes = [value for value in vars(libvirt).values() if inspect.isclass(value) and value.__name__.startswith("vir")]
    return [connection, connection.lookupByName("test"), gone, orphan, libvirt, *(kind.__new__(kind) for kind in classes)]


def run(number, seed):
    """Makes that many calls; how many were refused."""
    chosen = random.Random(seed)
    libvirt.registerErrorHandler(lambda *_: None, None)
    connection = libvirt.open("test:///default")
    targets = objects(connection)
    domain, orphan = targets[1], targets[3]
    values = [
        None, 0, 1, -1, 2**31, 2**64, 2**70, 1.5, "", "a", "x" * 5000, "\0", "\udc80", b"", b"x" * 16, [], [None], [1], ["a"], (),
        (True, False) * 40, {}, {"a": 1}, {1: 2}, {"hard_limit": 1}, {"seconds": 1}, Bad(), Bad, object(), *targets, lambda *a: None,
        [domain], [orphan], [connection], [[1], print, 1], float("nan"), range(5), memoryview(b"abc"), "<domain/>", "test"]
    functions = [
        (target, name) for target in targets for name in dir(target)
        if name not in LEFT and not name.startswith("__") and callable(getattr(target, name))
        and not inspect.isclass(getattr(target, name))]
    refused = 0
    for _ in range(number):
        target, name = chosen.choice(functions)
        if target is connection and name == "close":
            continue
        try:
            getattr(target, name)(*chosen.choices(values, k=chosen.choice((0, 1, 1, 2, 2, 3, 3, 4, 5))))
        except REFUSALS:
            refused += 1
    return refused


if __name__ == "__main__":
    count = int(sys.argv[1])
    print(f"{count} calls, {run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 5)} refused")

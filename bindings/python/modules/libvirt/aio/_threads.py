"""Threads that never hold up the end of the interpreter."""
import atexit
import collections
import os
import time
from _thread import start_new_thread

# Those that were asked for and have not begun yet.
_starting = collections.deque()


def begin(function, *arguments):
    """Runs a function in a thread of its own."""
    _starting.append(None)
    try:
        start_new_thread(_run, (function, arguments))
    except BaseException:
        _starting.pop()
        raise


def _run(function, arguments):
    _starting.pop()
    function(*arguments)


def _wait():
    """An interpreter that ends under a thread that is about to begin crashes, so they begin first."""
    end = time.monotonic() + 5
    while _starting and time.monotonic() < end:
        time.sleep(0.001)


atexit.register(_wait)
os.register_at_fork(after_in_child=_starting.clear)

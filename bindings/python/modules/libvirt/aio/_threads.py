"""Threads that never hold up the end of the interpreter."""
from __future__ import annotations

import atexit
import collections
import os
import time
from _thread import start_new_thread
from typing import Any, Callable

# Those that were asked for and have not begun yet.
_starting: collections.deque[None] = collections.deque()


def begin(function: Callable[..., object], *arguments: Any) -> None:
    """Runs a function in a thread of its own."""
    _starting.append(None)
    try:
        start_new_thread(_run, (function, arguments))
    except BaseException:
        _starting.pop()
        raise


def _run(function: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    _starting.pop()
    function(*arguments)


def _wait() -> None:
    """An interpreter that ends under a thread that is about to begin crashes, so they begin first."""
    end = time.monotonic() + 5
    while _starting and time.monotonic() < end:
        time.sleep(0.001)


atexit.register(_wait)
os.register_at_fork(after_in_child=_starting.clear)

"""The library's event loop: without one it delivers no events, and it wants one before the first connection is opened."""
from __future__ import annotations

import atexit
import os
import time
from _thread import allocate_lock

import libvirt

from ._tables import EVENT_LOOP
from ._threads import begin

_register, _run, _add, _update, _remove = (
    getattr(libvirt, EVENT_LOOP[part]) for part in ("register-default", "run-default", "add-timer", "update-timer", "remove-timer"))

_lock = allocate_lock()
_ended = allocate_lock()
_timer: int | None = None
_is_foreign = _is_running = _is_stopping = False


def _nothing(timer: int, opaque: None) -> None:
    pass


def ensure() -> None:
    """Registers the library's own event loop and turns it in a thread, unless the program has registered one."""
    global _timer, _is_foreign, _is_running
    if _is_running or _is_foreign:
        return
    with _lock:
        if _is_running or _is_foreign:
            return
        if _timer is None:
            try:
                _remove(_add(-1, _nothing, None))
                _is_foreign = True
                return
            except libvirt.libvirtError:
                _register()
            # What wakes the loop when it is to end.
            _timer = _add(-1, _nothing, None)
            atexit.register(_stop)
        _ended.acquire(False)
        begin(_turn)
        _is_running = True


def _turn() -> None:
    while not _is_stopping:
        try:
            _run()
        except Exception:
            time.sleep(0.1)
    _ended.release()


def _stop() -> None:
    """Ends the thread before the interpreter does."""
    global _is_stopping
    _is_stopping = True
    if not _is_running:
        return
    try:
        _update(_timer, 0)
    except Exception:
        return
    _ended.acquire(timeout=2)


def _forked() -> None:
    """A child has no threads; the next connection starts one."""
    global _is_running, _lock, _ended
    _lock, _ended = allocate_lock(), allocate_lock()
    _is_running = False


os.register_at_fork(after_in_child=_forked)

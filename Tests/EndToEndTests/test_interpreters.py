"""The modules in every Python there is here, in sub-interpreters, and without the interpreter's lock."""
import glob
import os
import subprocess

import pytest


def interpreters():
    """Pythons from 3.10 on by version: Debian's, those in the search path, those that pyenv installed."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    folders = [*os.environ.get("PATH", "").split(":"), *glob.glob(f"{root}/versions/*/bin")]
    candidates = ["/usr/bin/python3", *(file for folder in folders for file in glob.glob(f"{folder}/python3.1[0-9]"))]
    found = {}
    for file in candidates:
        program = "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_config_var('Py_GIL_DISABLED') or 0)"
        done = subprocess.run([file, "-c", program], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            major, minor, free = map(int, done.stdout.split())
            if minor >= 10 and not free:
                found.setdefault(f"{major}.{minor}", file)
    return found


INTERPRETERS = interpreters()


@pytest.fixture(params=sorted(INTERPRETERS))
def run(request, modules, ours):
    """Runs a program in one of them; gives what it printed."""
    def run(program):
        done = subprocess.run(
            [INTERPRETERS[request.param], "-X", "dev", "-c", program], env={**ours, "PYTHONPATH": str(modules)},
            capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.splitlines()
    return run


WORK = """
import libvirt, libvirt.errors, libvirt_qemu, libvirt_lxc
connection = libvirt.open("test:///default")
told = []
libvirt.registerErrorHandler(lambda *_: told.append(1), None)
for _ in range(200):
    domain = connection.lookupByName("test")
    assert domain.isActive() and domain.name() == "test" and domain.connect() is connection
    try:
        connection.lookupByName("none")
    except libvirt.errors.NoDomainError as error:
        assert error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN and len(error.err) == 9
    assert connection.getAllDomainStats()[0][1]["state.state"] == 1
domain = None
connection.close()
"""


def test_every_interpreter(run):
    assert run(WORK + "print(len(told))") == ["200"]


def test_sub_interpreters(run):
    """Several at once, each with a connection and an error handler of its own, and with its own lock where Python has that."""
    assert run(f"""
import threading
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import libvirt
connection = libvirt.open("test:///default")
failures = []
def work():
    number = interpreters.create()
    for _ in range(3):
        failure = interpreters.run_string(number, {WORK!r})
        if failure: failures.append(failure)
    interpreters.destroy(number)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failures, connection.lookupByName("test").name())
""") == ["[] test"]

"""The modules in every Python there is here, in sub-interpreters, and without the interpreter's lock."""
import subprocess

import pytest
from pythons import interpreters


INTERPRETERS = interpreters()


@pytest.fixture(params=sorted(INTERPRETERS))
def run(request, modules, ours):
    """Runs a program in one of them; gives what it printed.

    Memory is checked, but not where interpreters have locks of their own: Python 3.12 crashes then, without any module of ours.
    """
    def run(program, check_memory=True):
        done = subprocess.run(
            [INTERPRETERS[request.param], *(["-X", "dev"] if check_memory else []), "-c", program], env={**ours, "PYTHONPATH": str(modules)},
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


# Creates an interpreter: one that has a lock of its own where Python knows such, or one that shares the lock.
CREATE = {
    "own": "interpreters.create()",
    "shared": "interpreters.create('legacy') if sys.version_info >= (3, 13) else interpreters.create(isolated=False)",
}


@pytest.mark.parametrize("lock", CREATE)
def test_sub_interpreters(run, lock):
    """Several at once, each with a connection and an error handler of its own."""
    assert run(f"""
import sys
import threading
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import libvirt
connection = libvirt.open("test:///default")
failures = []
def work():
    number = {CREATE[lock]}
    for _ in range(3):
        failure = interpreters.run_string(number, {WORK!r})
        if failure: failures.append(failure)
    interpreters.destroy(number)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failures, connection.lookupByName("test").name())
""", check_memory=lock == "shared") == ["[] test"]


STRESS = """
import random, sys, threading
import libvirt, libvirt.errors
libvirt.virEventRegisterDefaultImpl()
def loop():
    while True: libvirt.virEventRunDefaultImpl()
threading.Thread(target=loop, daemon=True).start()
shared = [libvirt.open("test:///default")]
domains = [shared[0].lookupByName("test")]
seen, last, wrong = [], [libvirt.libvirtError("none")], []
def event(connection, domain, *rest): seen.append(domain.name())
def step(chance):
    connection, domain = shared[0], domains[0]
    kind = chance.randrange(10)
    if kind == 0: domain.name(), domain.info(), domain._o
    elif kind == 1: domains[0] = connection.lookupByName("test")
    elif kind == 2: connection.lookupByName("none")
    elif kind == 3: connection.getAllDomainStats()
    elif kind == 4:
        number = connection.domainEventRegisterAny(None, 0, event, None)
        try: (domain.suspend if chance.random() < .5 else domain.resume)()
        finally: connection.domainEventDeregisterAny(number)
    elif kind == 5: connection.domainEventRegister(event, None)
    elif kind == 6: connection.domainEventDeregister(event)
    elif kind == 7 and chance.random() < .1: shared[0] = libvirt.open("test:///default"); connection.close()
    elif kind == 8: domain.XMLDesc(), connection.listAllDomains()
    elif kind == 9: libvirt.registerErrorHandler(lambda *_: None, None)
def work(seed):
    chance = random.Random(seed)
    for _ in range(2000):
        try: step(chance)
        except libvirt.libvirtError as error: last[0] = error
        except KeyError: pass
        except BaseException as error: wrong.append(error); raise
        last[0].err, last[0].get_error_code()
threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(wrong, len(seen) > 0, getattr(sys, "_is_gil_enabled", lambda: True)())
"""


def test_threads_share_everything(run):
    """Threads that look up, fail, listen, replace handlers and close what the others use."""
    assert run(STRESS) == ["[] True True"]


FREE = interpreters(free=1)


def without_the_lock(version, root, ours, tmp_path):
    """The same in a Python that has no lock."""
    subprocess.run(
        ["make", "-C", root, "-j2", "--no-print-directory", "python", f"PYTHON={FREE[version]}", f"BUILD={tmp_path}"],
        capture_output=True, check=True)
    done = subprocess.run(
        [FREE[version], "-X", "dev", "-c", STRESS], env={**ours, "PYTHONPATH": str(tmp_path / "python")},
        capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == ["[] True False"], done.stderr[-4000:]


if FREE:
    test_without_the_lock = pytest.mark.parametrize("version", sorted(FREE))(without_the_lock)

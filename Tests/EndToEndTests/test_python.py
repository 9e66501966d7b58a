"""What Python programs do with our modules, on our library and on Debian's."""
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent


@pytest.fixture(params=["ours", "debian"])
def python(request, modules, ours, reference):
    """Runs a program with our modules and returns what it printed."""
    environment = {"ours": ours, "debian": reference}[request.param]

    def run(program):
        done = subprocess.run(
            ["/usr/bin/python3", "-X", "dev", "-c", "import libvirt\nconnection = libvirt.open('test:///default')\n" + program],
            env={**environment, "PYTHONPATH": str(modules)}, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")[:-1]
    return run


@pytest.mark.parametrize("call,error,words", [
    ("domain.setMemory('1')", TypeError, ["virDomain.setMemory()", "'memory'", "integer", "str"]),
    ("domain.setMemory(1.5)", TypeError, ["'memory'", "float"]),
    ("domain.setMemory(-1)", OverflowError, ["'memory'", "-1"]),
    ("domain.setMemory(2**70)", OverflowError, ["'memory'"]),
    ("domain.setMemory()", TypeError, ["'memory'", "missing"]),
    ("domain.setMemory(1, 2)", TypeError, ["exactly 1 argument", "2 given"]),
    ("domain.shutdownFlags(flagz=1)", TypeError, ["unexpected keyword", "'flagz'"]),
    ("domain.shutdownFlags(1, flags=1)", TypeError, ["multiple values", "'flags'"]),
    ("connection.lookupByName('a\\0b')", ValueError, ["'name'", "null"]),
    ("connection.lookupByName(b'test')", TypeError, ["'name'", "bytes"]),
    ("connection.lookupByUUID(b'short')", ValueError, ["'uuid'", "16"]),
    ("connection.domainListGetStats([connection])", TypeError, ["'doms'", "libvirt.virDomain"]),
    ("domain.setMemoryParameters({'nonsense': 1})", LookupError, ["'params'", "nonsense", "memory"]),
    ("domain.setMemoryParameters({'hard_limit': 'x'})", TypeError, ["'params'", "integer"]),
    ("connection.domainEventRegisterAny(None, 0, 5, None)", TypeError, ["'cb'", "callable"]),
    ("domain.migrate3(domain, {}, 0)", TypeError, ["'dconn'", "libvirt.virConnect"]),
    ("libvirt.virDomain(connection)", TypeError, ["virDomainPtr"]),
])
def test_bad_arguments_are_refused(python, call, error, words):
    lines = python(f"domain = connection.lookupByName('test')\ntry: {call}\nexcept {error.__name__} as e: print(e)")
    assert len(lines) == 1 and all(word in lines[0] for word in words), lines


def test_examples_of_the_documentation(root, modules, ours, tmp_path):
    """Every block and every command of the page, and of the first page; what a block ends with may be more than the test driver has."""
    page = (root / "docs/python.md").read_text()
    blocks = [re.findall(r"```python\n(.*?)```", text, re.S) for text in (page, (root / "README.md").read_text())]
    assert all(blocks)
    blocks = sum(blocks, [])
    for block in blocks:
        done = subprocess.run(["/usr/bin/python3", "-X", "dev", "-c", block], env={**ours, "PYTHONPATH": str(modules)},
                              capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
        last = block.rstrip().splitlines()[-1].split("(")[0].rsplit(".", 1)[-1]
        missing = re.search(rf"NoSupportError: .*vir\w+{last}$", done.stderr.rstrip(), re.I)
        assert done.returncode == 0 or missing, done.stderr
    lines = re.findall(r"python3 -c '([^']*)'", page)
    assert lines
    for line in lines:
        done = subprocess.run(["/usr/bin/python3", "-c", line], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "virDomain" in done.stdout, done.stderr


def test_help_speaks_python(modules, ours):
    """What help() shows names arguments, None and methods as Python has them."""
    program = r"""
import inspect, re, libvirt, libvirt_qemu, libvirt_lxc
functions = [(name + "." + key, value) for name, one in vars(libvirt).items() if inspect.isclass(one) and hasattr(one, "_o")
             for key, value in vars(one).items() if callable(value) and not key.startswith("_") and getattr(value, "__text_signature__", None)]
functions += [(module.__name__ + "." + key, value) for module in (libvirt, libvirt_qemu, libvirt_lxc) for key, value in vars(module).items()
              if inspect.isbuiltin(value) and value.__text_signature__ and not key.startswith("_")]
described = 0
for place, function in functions:
    text = re.sub(r"C function \w+", "", function.__doc__)
    described += text != function.__doc__
    for word in ("NULL", "Ptr", "no live", "freed with"):
        assert word not in text, (place, text)
    for word in re.findall(r"\b(vir[A-Z]\w+)\b", text):
        assert hasattr(libvirt, word), (place, word)
    for name in list(inspect.signature(function).parameters):
        assert name == "self" or re.search(rf"^  {name}: ", text, re.M), (place, name)
print(described)
help(libvirt.virDomain.create)
"""
    done = subprocess.run(["/usr/bin/python3", "-c", program], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, shown = done.stdout.split("\n", 1)
    assert int(count) > 450
    assert "create(self, /)" in shown and "Starts a persistent domain" in shown and "Raises libvirtError when" in shown


def test_errors(python):
    lines = python("""
import pickle, libvirt.errors
try: connection.lookupByName("none")
except libvirt.errors.NoDomainError as e: error = e
print(isinstance(error, libvirt.libvirtError), error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN, len(error.err))
print(error.get_error_domain(), error.get_error_level(), error.get_error_message() == str(error))
copy = pickle.loads(pickle.dumps(error))
print(type(copy) is type(error), copy.err == error.err)
error.err = None
print(error.get_error_code(), error.get_str1())
libvirt.virResetLastError()
print(libvirt.libvirtError("of my own"), libvirt.libvirtError("x").err, libvirt.virGetLastError())
""")
    assert lines == ["True True 9", "12 2 True", "True True", "None None", "of my own None None"]


def test_objects(python):
    lines = python("""
import gc, weakref
domain = connection.lookupByName("test")
print(domain.connect() is connection, domain._conn is connection, domain._o is domain._o, domain.c_pointer() != 0)
domain.note = 1
print(domain.__dict__, weakref.ref(domain)() is domain)
class Mine(libvirt.virDomain):
    def __init__(self, connection, capsule):
        super().__init__(connection, _obj=capsule)
raw, domain._o = domain._o, None
mine = Mine(connection, raw)
print(mine.name(), domain._o, mine.connect() is connection)
snapshot = mine.snapshotCreateXML("<domainsnapshot/>")
print(snapshot.getDomain() is mine, snapshot._dom is mine, snapshot._conn is connection, snapshot.getConnect() is connection)
libvirt.virDomain.extra = 5
print(mine.extra)
other = libvirt.open("test:///default").lookupByName("test")
gc.collect()
print(other.name())
with libvirt.open("test:///default") as second: pass
try: second.getInfo()
except libvirt.libvirtError as e: print(e.get_error_code() == libvirt.VIR_ERR_INVALID_CONN, second._o)
""")
    assert lines == ["True True True True", "{'note': 1} True", "test None True", "True True True True", "5", "test", "True None"]


def test_c_names(python):
    lines = python("""
import libvirtmod
raw = libvirtmod.virConnectOpen("test:///default")
domain = libvirtmod.virDomainLookupByName(raw, "test")
print(libvirtmod.virDomainGetName(domain), libvirtmod.virDomainSuspend(domain), libvirtmod.virDomainSuspend(domain))
print(libvirtmod.virDomainLookupByName(raw, "none"), len(libvirtmod.virConnectListAllDomains(raw, 0)))
print(libvirtmod.virDomainFree(domain), libvirtmod.virConnectClose(raw) >= 0)
""")
    assert lines[0].startswith("test 0 ") and lines[1:] == ["None 1", "0 True"]


def test_events(python):
    lines = python("""
libvirt.virEventRegisterDefaultImpl()
connection = libvirt.open("test:///default")
seen = []
def lifecycle(c, domain, event, detail, opaque): seen.append((c is connection, domain.name(), event, opaque)); raise ValueError("on purpose")
def old(c, domain, event, detail, opaque): seen.append(("old", event, opaque))
number = connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, "what")
connection.domainEventRegister(old, 7)
timer = libvirt.virEventAddTimeout(5, lambda timer, opaque: None, None)
domain = connection.lookupByName("test")
domain.suspend()
while len(seen) < 2: libvirt.virEventRunDefaultImpl()
print(sorted(map(str, seen)))
connection.domainEventDeregisterAny(number)
connection.domainEventDeregister(old)
libvirt.virEventRemoveTimeout(timer)
""")
    assert lines == ["[\"('old', 3, 7)\", \"(True, 'test', 3, 'what')\"]"]


def test_closing_while_others_call(python):
    assert python("""
import threading
for _ in range(50):
    shared = libvirt.open("test:///default")
    def use():
        try:
            while True: shared.listAllDomains()
        except libvirt.libvirtError as e:
            assert e.get_error_code() == libvirt.VIR_ERR_INVALID_CONN, e
    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads: thread.start()
    shared.close()
    for thread in threads: thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
print("done")
""") == ["done"]


def test_supports(modules, ours, reference):
    """What a driver has; a library of others does not tell."""
    program = """
import libvirt, libvirt.ext
connection = libvirt.open("test:///default")
for function in ("connectGetLibVersion", "virDomainSuspend", libvirt.virDomain.create, connection.listAllDomains, "virDomain.snapshotLookupByName",
        libvirt.open, "virDomainGetMetadata"):
    print(libvirt.ext.supports(connection, function))
for wrong in ("nonsense", ""):
    try: libvirt.ext.supports(connection, wrong)
    except ValueError as error: print(error)
connection.close()
try: libvirt.ext.supports(connection, "virDomainSuspend")
except ValueError as error: print(error)
"""
    answers = {}
    for name, environment in (("ours", ours), ("debian", reference)):
        done = subprocess.run(
            ["/usr/bin/python3", "-c", program], env={**environment, "PYTHONPATH": str(modules)}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answers[name] = done.stdout.splitlines()
    rest = ["there is no function 'nonsense'", "there is no function ''", "the connection is closed"]
    assert answers["ours"] == ["False", "True", "True", "True", "True", "True", "True", *rest]
    assert answers["debian"] == ["None"] * 5 + ["True", "None", *rest]


def test_lock_is_kept_for_what_never_waits(modules, ours, reference):
    """A thread that only calls what the driver says never waits lets no other in; the reference's library says nothing."""
    program = """
import libvirt, sys, threading, time
connection = libvirt.open("test:///default")
done, count = [], [0]
def other():
    while not done:
        count[0] += 1
        time.sleep(0.0001)
def mine():
    for _ in range(2000): connection.lookupByName("test")
    done.append(1)
first, second = threading.Thread(target=mine), threading.Thread(target=other)
sys.setswitchinterval(100)
first.start()
second.start()
first.join()
print(count[0] == 0)
"""
    for environment, kept in ((ours, True), (reference, False)):
        done = subprocess.run(
            ["/usr/bin/python3", "-c", program], env={**environment, "PYTHONPATH": str(modules)}, capture_output=True, text=True,
            timeout=60, check=False)
        assert done.stdout.split() == [str(kept)], done.stderr


def test_nothing_crashes(python):
    """Every method, on live, closed and uninitialised objects, with values that fit and values that do not."""
    lines = python(f"import runpy, sys\nsys.argv = ['', '20000']\nrunpy.run_path({str(HERE / 'hostile_calls.py')!r}, run_name='__main__')")
    calls, refused = re.fullmatch(r"(\d+) calls, (\d+) refused", lines[-1]).groups()
    assert int(calls) == 20000 and int(refused) > 15000

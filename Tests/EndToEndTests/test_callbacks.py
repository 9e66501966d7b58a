"""Which callbacks can be registered beside each other, by their functions in C: as on the reference."""
import json
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("callbacks_program.py")
TAKEN = [8, 0]


@pytest.fixture
def told():
    def run(environment):
        done = subprocess.run(["/usr/bin/python3", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return {label: rest for label, *rest in map(json.loads, done.stdout.splitlines())}
    return run


def test_a_function_is_registered_once_for_an_event_of_an_object(told, reference, ours):
    theirs, mine = told(reference), told(ours)
    # The reference's test driver has no secrets; ours are like everything else.
    assert {**theirs, "Secret": None} == {**mine, "Secret": None}
    assert mine["Secret"] == mine["StoragePool"]
    assert mine["Network"][0] == [0, TAKEN, TAKEN, 1, 2, TAKEN, TAKEN, 3]


def test_python_has_one_function_for_each_event(ours, reference, modules):
    """So that a second one of Python's is refused, as by the reference's modules; what is registered without a number shares it."""
    program = """
import json, libvirt
libvirt.registerErrorHandler(lambda *a: None, None)
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("test:///default")
heard = []
def code(function, *arguments):
    try: return function(*arguments)
    except libvirt.libvirtError as error: return [error.get_error_code(), error.get_error_domain()]
for family in ("domain", "network", "storagePool", "nodeDevice"):
    register = getattr(c, family + "EventRegisterAny")
    print(json.dumps([code(register, None, 0, function, None) for function in (print, print, max)]))
it = c.lookupByName("test")
for subject in (it, c.defineXML(it.XMLDesc().replace("test</name>", "other</name>").replace(it.UUIDString(), "11111111-1111-1111-1111-111111111111"))):
    print(json.dumps([code(c.domainEventRegisterAny, subject, 0, lambda *a: None, None) for _ in range(2)]))
def hear(con, dom, event, detail, opaque): heard.append([event, opaque])
def listen(con, dom, event, detail, opaque): hear(con, dom, event, detail, opaque)
for function, data in ((hear, 1), (hear, 2), (listen, 3)): code(c.domainEventRegister, function, data)
c.domainEventDeregisterAny(0)
libvirt.virEventAddTimeout(0, lambda *a: None, None)
it.suspend()
for _ in range(4): libvirt.virEventRunDefaultImpl()
print(json.dumps(sorted(heard)))
"""

    def run(environment):
        done = subprocess.run(["/usr/bin/python3", "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]
    said = run(reference)
    assert said[0] == [0, TAKEN, TAKEN] and said[-1][-2:] == [[3, 2], [3, 3]]
    assert run(ours) == said and run({**ours, "PYTHONPATH": str(modules)}) == said
    assert run({**reference, "PYTHONPATH": str(modules)}) == said

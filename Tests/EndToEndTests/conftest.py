"""What tests share: running the body of a coroutine in an interpreter of its own, and programs in a world with a store."""
import json
import pathlib
import subprocess
import textwrap

import pytest
from store_objects import write_world

HERE = pathlib.Path(__file__).parent

PRELUDE = """
import asyncio, gc, libvirt, libvirt.aio, sys, threading, time, weakref
libvirt.registerErrorHandler(lambda *a: None, None)

async def until(condition):
    for _ in range(5000):
        if condition(): return
        await asyncio.sleep(0.002)
    raise AssertionError("it does not come")

def blocked(go, reached=None, result=None):
    if reached: reached.set()
    assert go.wait(30)
    return result() if callable(result) else result
"""


@pytest.fixture
def run_aio(modules):
    """Runs the body of a coroutine with our modules; gives the lines that it printed."""

    def run_it(environment, body, interpreter="/usr/bin/python3", after=""):
        program = f"{PRELUDE}\nasync def main():\n{textwrap.indent(body, '    ')}\nasyncio.run(main())\n{after}"
        done = subprocess.run(
            [interpreter, "-X", "dev", "-c", program], env={**environment, "PYTHONPATH": str(modules), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout.split("\n")[:-1]
    return run_it


@pytest.fixture(params=["ours", "debian"])
def aio(request, run_aio, ours, reference):
    """The same on each library, with the test driver."""
    environment = {"ours": ours, "debian": reference}[request.param]
    return lambda body, **options: run_aio(environment, body, **options)


@pytest.fixture
def slow(run_aio, ours, sample):
    """The same on our library with the sample driver."""
    return lambda body, **options: run_aio({**ours, "LIBVIRT_DRIVER_DIR": str(sample)}, body, **options)


@pytest.fixture
def world(tmp_path):
    """A world file that names a store beside it."""
    return write_world(tmp_path)


@pytest.fixture
def start_in_world(ours, world):
    """Starts a program with that world's file, after `store_prelude`."""
    def start(program, environment=None, **options):
        return subprocess.Popen(
            ["/usr/bin/python3", "-c", "from store_prelude import *\n" + program, world], stdout=subprocess.PIPE, text=True,
            env={**ours, "PYTHONPATH": str(HERE), **(environment or {})}, **options)
    return start


@pytest.fixture
def in_world(start_in_world):
    """Runs a program with that world's file; gives what it said and what it complained of."""
    def run(program, environment=None):
        process = start_in_world(program, environment, stderr=subprocess.PIPE)
        output, complaint = process.communicate(timeout=100)
        assert process.returncode == 0, complaint
        return [json.loads(line) for line in output.splitlines()], complaint
    return run

"""How programs with libvirt.aio end, and that nothing stays while they run."""
import shutil
import subprocess

import pytest


def interpreters():
    """Those to be found that the modules are for, one of each version."""
    found = {}
    for name in ("python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "python3"):
        path = shutil.which(name)
        done = path and subprocess.run(
            [path, "-c", "import sys; print(sys.executable, sys.version_info[1])"], capture_output=True, text=True, check=False)
        if done and done.returncode == 0 and int(done.stdout.split()[1]) >= 10:
            found.setdefault(done.stdout.split()[1], done.stdout.split()[0])
    return sorted(found.values())


EXITS = {
    "open": "connection = await libvirt.aio.open('sample:///')",
    "with events": "global connection, stream\nconnection = await libvirt.aio.open('sample:///?ticks=1&threads=4')\n"
                   "stream = connection.events()\nawait stream.__anext__()",
    "in a call": "connection = await libvirt.aio.open('sample:///?delay=60000')\ndomain = await connection.lookupByName('guest-0')\nawait domain.create()\n"
                 "global task\ntask = asyncio.create_task(domain.shutdown())\nawait asyncio.sleep(0.05)",
    "in many calls": "global kept\nkept = await libvirt.aio.open('sample:///')\n[asyncio.create_task(kept.listAllDomains()) for _ in range(1000)]\nawait asyncio.sleep(0.005)",
}


@pytest.mark.parametrize("interpreter", interpreters())
@pytest.mark.parametrize("what", EXITS)
def test_the_interpreter_ends(slow, interpreter, what):
    """Whatever is open or runs, on every interpreter that is there."""
    for _ in range(3):
        assert slow(EXITS[what], interpreter=interpreter, after="print('end', flush=True)") == ["end"]


def test_nothing_stays(aio):
    """Connections, objects, streams, threads: all go away by themselves or when they are closed."""
    assert aio("""
import os, warnings
warnings.simplefilter("ignore", ResourceWarning)
references = []
def threads(): return len(os.listdir("/proc/self/task"))
async def once(close):
    connection = await libvirt.aio.open("test:///default")
    domain = await connection.lookupByName("test")
    stream = await connection.events(domain=domain).__aenter__()
    await domain.suspend()
    event = await stream.__anext__()
    other = await connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE).__aenter__()
    await domain.resume()
    async for event in other: break
    if close: await connection.close()
    references.extend(map(weakref.ref, (connection, connection._sync, domain, domain._sync, stream, stream._inbox)))
async def rounds(count):
    for number in range(count): await asyncio.wait_for(once(number % 2), 30)
    await until(lambda: not any(reference() for reference in references))
    references.clear()
    # This one, and the one that turns the library's event loop.
    await until(lambda: threads() <= 2)
    gc.collect()
    return sys.getallocatedblocks()
gc.disable()  # Without it everything goes away, too.
await rounds(20)
first = await rounds(20)
last = await rounds(100)
print(last - first < 200 or last - first)
""") == ["True"]

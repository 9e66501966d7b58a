"""libvirt.aio, on our library and on Debian's; what needs a slow call runs with the sample driver in C."""
import re
import subprocess
from xml.etree import ElementTree


def test_it_comes_only_when_asked_for(modules, ours):
    program = """
import sys, libvirt
print("asyncio" in sys.modules, "aio" in dir(libvirt))
"""
    done = subprocess.run(["/usr/bin/python3", "-c", program], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_every_method_is_there(aio, root):
    """With the same signature and text; awaited if the description says that it may wait."""
    lines = aio("""
import inspect
for name, theirs in vars(libvirt).items():
    if not inspect.isclass(theirs) or not hasattr(theirs, "_o"): continue
    ours = getattr(libvirt.aio, name)
    for method, sync in vars(theirs).items():
        if method.startswith("_") or not callable(sync): continue
        own = getattr(ours, method)
        try: expected = inspect.signature(sync)
        except ValueError: expected = None
        assert expected is None or inspect.signature(own) == expected, (name, method)
        assert own.__doc__ == sync.__doc__, (name, method)
        print(name, method, inspect.iscoroutinefunction(own))
""")
    waits = {(python.get("class"), python.get("name")): function.get("blocks") == "yes"
             for file in (root / "api-xml").rglob("*.xml") for function in ElementTree.parse(file).getroot().iter("function")
             if (python := function.find("python")) is not None and python.get("class", "virAdm").startswith("vir")}
    found = {(line.split()[0], line.split()[1]): line.split()[2] == "True" for line in lines}
    described = {place: wait for place, wait in waits.items() if place[0] and not place[0].startswith("virAdm")}
    assert len(described) > 400 and {place: found.get(place) for place in described} == described
    assert not any(found[place] for place in found if place not in described)


def test_calls_and_objects(aio):
    lines = aio("""
async with await libvirt.aio.open("test:///default") as connection:
    domain = await connection.lookupByName("test")
    print(domain.name(), domain.ID(), (await domain.info())[3], domain.connect() is connection, isinstance(domain, libvirt.aio.virDomain))
    print([one.name() for one in await connection.listAllDomains()], [type(row[0]).__name__ for row in await connection.domainListGetStats([domain])])
    snapshot = await domain.snapshotCreateXML("<domainsnapshot><name>s</name></domainsnapshot>")
    print(snapshot.getDomain() is domain, snapshot.getConnect() is connection, (await domain.snapshotLookupByName(name="s")).getName())
    print(await connection.run(lambda given: (type(given), {"a": [given]}), domain))
    domain.note = 1
    print(domain.__dict__, domain._o is domain._sync._o, domain.c_pointer() == domain._sync.c_pointer(), "virDomain" in repr(domain))
async with libvirt.aio.openReadOnly("test:///default") as connection:
    try: await (await connection.lookupByName("test")).destroy()
    except libvirt.libvirtError as error: print(error.get_error_code() == libvirt.VIR_ERR_OPERATION_DENIED)
auth = [[libvirt.VIR_CRED_AUTHNAME], lambda credentials, data: 0, None]
async with libvirt.aio.openAuth("test:///default", auth, 0) as connection: print(await connection.getType())
""")
    assert lines[:3] == ["test 1 2 True True", "['test'] ['virDomain']", "True True s"]
    assert re.fullmatch(r"\(<class 'libvirt.virDomain'>, \{'a': \[<libvirt.aio.virDomain of .*>\]\}\)", lines[3])
    assert lines[4:] == ["{'note': 1} True True True", "True", "TEST"]


def test_errors(aio):
    lines = aio("""
import libvirt.errors
async with libvirt.aio.open("test:///default") as connection:
    for call in (lambda: connection.lookupByName("none"), lambda: connection.lookupByName(1), lambda: connection.lookupByName(),
                 lambda: connection.lookupByID(2**40), lambda: connection.lookupByUUID(b"short"), lambda: connection.lookupByName(nome="x")):
        try: await call()
        except Exception as error: print(type(error).__name__, isinstance(error, libvirt.libvirtError))
try: await libvirt.aio.open("nonsense:///")
except libvirt.libvirtError as error: print("not opened")
for use in (lambda: libvirt.aio.open(workers=0), lambda: libvirt.aio.open(5)):
    try: await use()
    except (TypeError, ValueError) as error: print(type(error).__name__)
for use in (lambda: connection.getInfo(), lambda: connection.close(), lambda: connection.events().__anext__()):
    try: await use()
    except libvirt.libvirtError as error: print(error.get_error_code() == libvirt.VIR_ERR_INVALID_CONN)
""")
    assert lines == ["NoDomainError True", "TypeError False", "TypeError False", "OverflowError False", "ValueError False", "TypeError False",
                     "not opened", "ValueError", "TypeError", "True", "True", "True"]


def test_calls_run_side_by_side(aio):
    """As many as there are workers, of each connection by itself; with one worker in the order in which they were made."""
    assert aio("""
connection, other = await libvirt.aio.open("test:///default", workers=3), await libvirt.aio.open("test:///default", workers=1)
barrier, go = threading.Barrier(3), threading.Event()
await asyncio.gather(*(connection.run(barrier.wait, 30) for _ in range(3)))
held = [asyncio.create_task(connection.run(blocked, go)) for _ in range(5)]
await other.lookupByName("test")
order = []
await asyncio.gather(*(other.run(order.append, number) for number in range(200)))
print(order == list(range(200)), any(task.done() for task in held))
go.set()
await asyncio.gather(*held)
await connection.close()
await other.close()
""") == ["True False"]


def test_a_slow_call_does_not_hold_up_the_loop(slow):
    assert slow("""
async with libvirt.aio.open("sample:///?guests=100&delay=20") as connection:
    domains = await connection.listAllDomains()
    await asyncio.gather(*(domain.create() for domain in domains))
    slow, turns = asyncio.gather(*(domain.shutdown() for domain in domains)), 0
    while not slow.done():
        await asyncio.sleep(0)
        turns += 1
    print(turns > 1000, {(await domain.state())[0] for domain in domains} == {libvirt.VIR_DOMAIN_SHUTOFF})
""") == ["True True"]


def test_cancelling_before_the_call_is_made(aio):
    assert aio("""
async with libvirt.aio.open("test:///default", workers=1) as connection:
    domain, go = await connection.lookupByName("test"), threading.Event()
    held = asyncio.create_task(connection.run(blocked, go))
    never = asyncio.create_task(domain.suspend())
    await asyncio.sleep(0.02)
    never.cancel()
    print((await asyncio.gather(never, return_exceptions=True))[0].__class__.__name__)
    go.set()
    await held
    print((await domain.state())[0] == libvirt.VIR_DOMAIN_RUNNING)
""") == ["CancelledError", "True"]


def test_cancelling_a_call_that_runs(aio):
    """It goes on; its result, objects and errors included, goes away in its thread."""
    assert aio("""
async with libvirt.aio.open("test:///default") as connection:
    domain = await connection.lookupByName("test")
    go, reached, seen = threading.Event(), threading.Event(), []
    def look(sync):
        blocked(go, reached)
        found = sync.lookupByName("test")
        seen.append(weakref.ref(found))
        return found
    task = asyncio.create_task(connection.run(look, connection))
    await until(reached.is_set)
    task.cancel()
    print((await asyncio.gather(task, return_exceptions=True))[0].__class__.__name__, seen)
    go.set()
    await until(lambda: seen and seen[0]() is None)
    go.clear(), reached.clear()
    task = asyncio.create_task(connection.run(blocked, go, reached, lambda: 1 / 0))
    await until(reached.is_set)
    task.cancel()
    go.set()
    await asyncio.gather(task, return_exceptions=True)
    print(domain.name(), await domain.isActive())
""") == ["CancelledError []", "test 1"]


def test_cancelling_an_opening(slow):
    """The connection that comes all the same is closed: its driver's threads end."""
    assert slow("""
import os, libvirtmod
def threads(): return len(os.listdir("/proc/self/task"))
real, go, reached, opened = libvirtmod.virConnectOpen, threading.Event(), threading.Event(), []
await (await libvirt.aio.open("sample:///")).close()
await asyncio.sleep(0.1)
before = threads()
def replaced(uri):
    found = real(uri)
    opened.append(threads())
    blocked(go, reached)
    return found
libvirtmod.virConnectOpen = replaced
task = asyncio.ensure_future(libvirt.aio.open("sample:///?ticks=10&threads=5"))
await until(reached.is_set)
task.cancel()
await asyncio.gather(task, return_exceptions=True)
go.set()
await until(lambda: threads() <= before)
print(task.cancelled(), opened[0] >= before + 6)
""") == ["True True"]


def test_cancelling_a_job_aborts_it(slow, tmp_path):
    assert slow(f"""
async with libvirt.aio.open("sample:///?delay=30000", workers=1) as connection:
    domain = await connection.lookupByName("guest-0")
    await domain.create()
    stream = await connection.events(libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE).__aenter__()
    for wait in (lambda task: task, lambda task: asyncio.wait_for(task, 0.05)):
        task = asyncio.create_task(domain.save("{tmp_path}/image"))
        await asyncio.sleep(0.05)
        handle = asyncio.ensure_future(wait(task))
        if handle is task: task.cancel()
        print((await asyncio.gather(handle, return_exceptions=True))[0].__class__.__name__)
        # The only worker is free again: the job was aborted.
        print((await domain.state())[0] == libvirt.VIR_DOMAIN_RUNNING)
    try: await domain.abortJob()
    except libvirt.libvirtError as error: print(error.get_error_code() == libvirt.VIR_ERR_OPERATION_INVALID)
""") == ["CancelledError", "True", "TimeoutError", "True", "True"]
    assert not (tmp_path / "image").exists()


def test_timeouts(slow):
    assert slow("""
async with libvirt.aio.open("sample:///?delay=300", timeout=0.05) as connection:
    domain = await connection.lookupByName("guest-0")
    await domain.create()
    try: await domain.shutdown()
    except TimeoutError as error: print(error)
    await until(lambda: domain.ID() == -1)
    connection.timeout = None
    await domain.create()
    try: await asyncio.wait_for(domain.shutdown(), 0.05)
    except asyncio.TimeoutError: print("given up")
    await until(lambda: domain.ID() == -1)
    await domain.create()
    print(await domain.shutdown())
try: await libvirt.aio.open("sample:///", timeout=0)
except TimeoutError: print("not opened")
""") == ["no answer within 0.05 seconds", "given up", "0", "not opened"]


def test_streams(slow):
    assert slow("""
async with libvirt.aio.open("sample:///") as connection:
    domain, stream = await connection.lookupByName("guest-0"), await connection.newStream()
    await domain.openConsole(None, stream)
    print(await stream.send(b"hello"), await stream.recv(3), await stream.recv(10), stream.connect() is connection)
    parts = [b"a", b"b"]
    await stream.sendAll(lambda sync, size, left: left.pop(0) if left else b"", parts)
    print(await stream.recv(10), await stream.finish())
    stream, go, reached, asked = await connection.newStream(), threading.Event(), threading.Event(), []
    await domain.openConsole(None, stream)
    def handler(sync, size, opaque):
        asked.append(threading.current_thread() is threading.main_thread())
        blocked(go, reached)
        return b"x"
    task = asyncio.create_task(stream.sendAll(handler, None))
    await until(reached.is_set)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.2)
    go.set()
    await asyncio.sleep(0.2)
    print(asked)
    try: await stream.send(b"x")
    except libvirt.libvirtError: print("ended")
""") == ["5 b'HEL' b'LO' True", "b'AB' 0", "[False]", "ended"]


def test_several_loops(aio):
    """One after the other and side by side, with one connection."""
    assert aio("""
global connection
connection = await libvirt.aio.open("test:///default")
stream = await connection.events().__aenter__()
domain = await connection.lookupByName("test")
async def use():
    async with connection.events() as events:
        await domain.suspend()
        return (await events.__anext__()).event, (await domain.state())[0]
print(await asyncio.to_thread(lambda: asyncio.run(use())), (await stream.__anext__()).event)
""", after="""
async def again():
    async with connection:
        print([domain.name() for domain in await connection.listAllDomains()])
asyncio.run(again())
""") == ["(3, 3) 3", "['test']"]


def test_a_forked_child(run_aio, ours):
    """On our library: the reference's event loop has a descriptor in common with its parent's."""
    assert run_aio(ours, """
connection = await libvirt.aio.open("test:///default")
import os
async def child():
    async with libvirt.aio.open("test:///default") as own, own.events() as events:
        await (await own.lookupByName("test")).suspend()
        return (await events.__anext__()).event
sys.stdout.flush()
number = os.fork()
if number == 0:
    code = 1
    try:
        asyncio._set_running_loop(None)
        code = 0 if asyncio.run(child()) == 3 else 2
    finally: os._exit(code)
print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), len(await connection.listAllDomains()))
await connection.close()
""") == ["0 1"]


def test_examples_of_the_documentation(root, modules, ours, tmp_path):
    """Each of the page's examples, by itself."""
    blocks = re.findall(r"```python\n(.*?)```", (root / "docs/python-async.md").read_text(), re.S)
    assert len(blocks) == 4
    said = []
    for block in blocks:
        done = subprocess.run(
            ["/usr/bin/python3", "-X", "dev", "-c", block], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True,
            timeout=60, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said == ["test [1, 0]\n", "test\n", "", "test 3 0 0\n"]

"""Delays and failures that a world file asks for, through Debian's own python3-libvirt on our library and through our own modules."""
import json
import re
import subprocess

import pytest

PROGRAM = """
import json, libvirt, sys, threading, time
libvirt.registerErrorHandler(lambda *a: None, None)

def code(function, *arguments):
    try:
        result = function(*arguments)
        return result if isinstance(result, (int, str)) else None
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain(), error.get_error_message().split(": ", 1)[-1]]

def say(*values):
    print(json.dumps(values))

c = None
def open_it():
    global c
    c = libvirt.open("test://" + sys.argv[1])
    return c
"""
DOMAIN = "<domain type='test'><name>{}</name><memory>4096</memory><os><type>hvm</type></os></domain>"


@pytest.fixture
def world(ours, tmp_path):
    """Runs a program in a world with a behaviour; gives what it said."""
    def run(behaviour, program, environment=None):
        file = tmp_path / "world.xml"
        names = ("web-1", "web-2", "data")
        file.write_text(f"<node><behaviour>{behaviour}</behaviour>{''.join(DOMAIN.format(name) for name in names)}</node>")
        done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM + program, str(file)], env=environment or ours, capture_output=True,
                              text=True, timeout=100, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]
    return run


def test_failures_by_operation_object_and_count(world):
    said = world("""
      <operation name='domainSuspend' object='web-*' error='operation-timeout' message='the host is slow' after='1' times='2'/>
      <operation name='domainGetInfo' error='VIR_ERR_NO_MEMORY' times='1'/>
      <operation name='domainLookupByName' object='none' error='38'/>
      <operation name='storagePool*' error='operation-denied'/>
      <operation name='domainDefineXML' object='*&lt;name&gt;bad*' error='config-unsupported'/>""", """
open_it()
web, data = c.lookupByName("web-1"), c.lookupByName("data")
say(code(web.suspend), code(data.suspend))
web.resume(); data.resume()
say(code(web.suspend), code(data.suspend), code(web.suspend), code(web.suspend))
say(code(data.info), len(data.info()))
say(code(c.lookupByName, "none"), code(c.lookupByName, "other")[:2])
say(code(c.listAllStoragePools), code(c.storagePoolDefineXML, "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>"))
say(code(c.defineXML, "<domain type='test'><name>bad</name><memory>4096</memory><os><type>hvm</type></os></domain>"),
    c.defineXML("<domain type='test'><name>good</name><memory>4096</memory><os><type>hvm</type></os></domain>").name())
say(c.listAllDomains()[0].connect().isAlive(), len(c.listAllDomains()))
""")
    slow = [68, 12, "the host is slow"]
    wanted = "the behaviour of the file wants it so"
    assert said[0] == [0, 0] and said[1] == [slow, 0, slow, 0]
    assert said[2] == [[2, 12, wanted], 5]
    assert said[3] == [[38, 12, wanted], [42, 12]]
    assert said[5][0][:2] == [67, 12] and said[5][1] == "good" and said[6] == [1, 4]
    assert said[4] == [None, [29, 12, wanted]]


def test_chance_is_the_seeds(world):
    program = """
open_it()
d = c.lookupByName("data")
say(*[0 if isinstance(code(d.isActive), list) else 1 for _ in range(200)])
"""
    rule = "<operation name='domainIsActive' error='operation-failed' probability='{}' seed='{}'/>"
    one, again, other = (world(rule.format(0.25, seed), program)[0] for seed in (1, 1, 2))
    assert one == again != other
    assert 100 < sum(one) < 190 and 100 < sum(other) < 190
    assert sum(world(rule.format(0, 1), program)[0]) == 200 and sum(world(rule.format(1, 1), program)[0]) == 0


def test_a_delay_holds_nothing_and_ends_when_the_job_is_aborted(world):
    said = world("""
      <operation name='domainSuspend' delay='60m' error='operation-failed' object='web-1'/>
      <operation name='domainResume' delay='60m' when='after' object='web-2'/>""", """
open_it()
one, two, data = (c.lookupByName(name) for name in ("web-1", "web-2", "data"))
answers = {}
def call(name, function):
    answers[name] = code(function)
two.suspend()
threads = [threading.Thread(target=call, args=("one", one.suspend)), threading.Thread(target=call, args=("two", two.resume))]
for thread in threads: thread.start()
while two.state()[0] != 1: time.sleep(0.002)
# Everything else goes on, for the same objects, too.
say(data.suspend(), one.state()[0], one.info()[0], one.isActive(), c.numOfDomains())
say(code(data.abortJob)[:2])
while code(one.abortJob) != 0: time.sleep(0.002)
threads[0].join()
say(answers["one"], one.state()[0])
while code(two.abortJob) != 0: time.sleep(0.002)
threads[1].join()
say(answers["two"], two.state()[0])
""")
    assert said[0] == [0, 1, 1, 1, 3] and said[1][0][0] == 55
    assert said[2] == [[78, 12, "the call was aborted while it waited: 'web-1'"], 1]
    assert said[3] == [0, 1]


def test_opening_and_streams(world):
    said = world("<operation name='connectOpen' error='no-connect' message='nobody is there'/>", "say(code(open_it))")
    assert said == [[[5, 12, "nobody is there"]]]
    # A pattern that is about closing too lets the others fail, and closing wait only.
    said = world("<operation name='connect*' after='1' error='operation-failed'/><operation name='connectClose' delay='1ms'/>",
                 "open_it(); say(code(c.getHostname), c.close())")
    assert said == [[[9, 12, "the behaviour of the file wants it so"], 0]]
    said = world("<operation name='streamSend' error='operation-failed' after='1' message='the line is cut'/>", """
open_it()
c.storagePoolDefineXML("<pool type='dir'><name>p</name><target><path>/p</path></target></pool>").create()
pool = c.storagePoolLookupByName("p")
volume = pool.createXML("<volume><name>v</name><capacity>4096</capacity></volume>")
stream = c.newStream()
volume.upload(stream, 0, 0)
say(stream.send(b"abc"), code(stream.send, b"def"))
stream.abort()
""")
    assert said == [[3, [9, 12, "the line is cut"]]]


@pytest.mark.parametrize("rule", [
    "<operation/>", "<operation name='domainFly' error='9'/>", "<operation name='domainCreate'/>", "<operation name='domainCreate' error='nonsense'/>",
    "<operation name='domainCreate' error='0'/>", "<operation name='domainCreate' error='-1'/>", "<operation name='domainCreate' delay='5'/>",
    "<operation name='domainCreate' delay='61m'/>", "<operation name='domainCreate' delay='99999999999999999999s'/>",
    "<operation name='domainCreate' delay='-1s'/>", "<operation name='domainCreate' error='9' times='x'/>",
    "<operation name='domainCreate' error='9' probability='2'/>", "<operation name='domainCreate' error='9' probability='nan'/>",
    "<operation name='domainCreate' error='9' when='after'/>", "<operation name='domainCreate' error='9' when='never'/>",
    "<operation name='connectClose' error='9'/>", "<operation name='connectC*e' delay='1ms' error='9'/>", "<operation name='connectProposeURI' delay='1ms'/>", "<operation name='streamEvent*' delay='1ms'/>",
    "<operation name='domainCreate' error='999'/>", "<operation name='domainCreate' error='2147483648'/>", "<operation name='domainCreate' error=''/>",
    "<operation name='domainCreate' message='m'/>", "<operation name='domainCreate' error='9' colour='red'/>", "<call name='domainCreate'/>"])
def test_what_a_file_gets_wrong_is_refused(world, rule):
    said = world(rule, "say(code(open_it))")
    assert said[0][0][:2] == [27, 12], said
    assert "behaviour" in said[0][0][2]


def test_a_refusal_says_where_and_what_is_allowed(world):
    said = world("\n\n<operation name='domainCreate' error='999'/>", "say(code(open_it))")
    assert "<operation> (line 3)" in said[0][0][2] and "'error': '999'" in said[0][0][2] and re.search(r"1 to \d+, or a name", said[0][0][2]), said
    last = int(re.search(r"1 to (\d+)", said[0][0][2])[1])
    for number, fits in ((1, True), (last, True), (last + 1, False)):
        said = world(f"<operation name='domainIsActive' error='{number}'/>", "say((code(open_it) or [0])[0], code(c.lookupByName('data').isActive)[0] if c else 0)")
        assert said == [[0, number] if fits else [27, 0]]
    said = world("<operation name='connectClose' error='9'/>", "say(code(open_it))")
    assert "<operation> (line 1)" in said[0][0][2] and "'connectClose'" in said[0][0][2] and "cannot fail" in said[0][0][2]


def test_calls_may_wait_then(world, ours, modules):
    """What the Python modules know of operations that never wait does not hold for such a world: other threads run meanwhile."""
    said = world("<operation name='domainIsActive' delay='60m'/>", """
open_it()
d = c.lookupByName("data")
answers = []
thread = threading.Thread(target=lambda: answers.append(code(d.isActive)))
thread.start()
while code(d.abortJob) != 0: time.sleep(0.002)
thread.join()
say(answers[0][:2])
""", {**ours, "PYTHONPATH": str(modules)})
    assert said == [[[78, 12]]]


def test_asyncio_goes_on_while_a_call_is_late(run_aio, ours, tmp_path):
    file = tmp_path / "world.xml"
    file.write_text(f"<node><behaviour><operation name='domainSuspend' delay='60m'/></behaviour>{DOMAIN.format('slow')}</node>")
    lines = run_aio(ours, f"""
async with await libvirt.aio.open("test://{file}") as connection:
    domain = await connection.lookupByName("slow")
    call = asyncio.ensure_future(domain.suspend())
    try:
        await asyncio.wait_for(asyncio.shield(call), 0.05)
    except asyncio.TimeoutError:
        print("late", int(await domain.isActive()))
    while True:
        try:
            await domain.abortJob()
            break
        except libvirt.libvirtError:
            await asyncio.sleep(0.002)
    try:
        await call
    except libvirt.libvirtError as error:
        print(error.get_error_code(), (await domain.state())[0])
""")
    assert lines == ["late 1", "78 1"]

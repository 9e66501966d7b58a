"""The sample driver in C, used as its author's users would."""


def lines(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_two_groups(run_python, sample):
    done = run_python("""
c = libvirt.open("sample:///?guests=2")
print(c.getType(), sorted(d.name() for d in c.listAllDomains()), [n.name() for n in c.listAllNetworks()])
d = c.lookupByName("guest-1")
print(d.ID(), d.create(), d.ID(), d.state(), d.info()[:4])
print(c.lookupByUUID(d.UUID()).name(), len(c.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)))
n = c.networkLookupByName("sample-net")
print(n.bridgeName(), n.isActive())
""", sample)
    assert lines(done) == [
        "SAMPLE ['guest-0', 'guest-1'] ['sample-net']", "-1 0 1 [1, 0] [1, 65536, 65536, 1]", "guest-1 1", "sample0 1"]


def test_errors_are_the_drivers_own(run_python, sample):
    done = run_python("""
c = libvirt.open("sample:///")
for call in (lambda: c.lookupByName("nobody"), lambda: c.lookupByName("guest-0").shutdown(), lambda: c.networkLookupByName("none"), lambda: c.listAllStoragePools()):
    try:
        call()
    except libvirt.libvirtError as error:
        print(error.get_error_code(), error)
""", sample)
    assert lines(done) == [
        "42 no such domain: there is no guest named 'nobody'", "55 operation not possible now: the guest does not run: 'guest-0'",
        "43 no such network: there is no network named 'none'", "3 this driver does not support the call: virConnectListAllStoragePools"]


def test_events_from_its_own_threads(run_python, sample):
    """Four threads emit while connections come and go; nothing is delivered after close."""
    done = run_python("""
import time
libvirt.virEventRegisterDefaultImpl()
seen = 0
def heard(*arguments):
    global seen
    seen += 1
for round in range(20):
    c = libvirt.open("sample:///?ticks=1&threads=4")
    c.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, heard, None)
    until = time.monotonic() + 0.05
    while time.monotonic() < until:
        libvirt.virEventRunDefaultImpl()
    c.domainEventDeregisterAny(0)
    c.close()
print(seen > 100)
""", sample)
    assert lines(done) == ["True"]


def test_a_slow_call_holds_up_nobody(run_python, sample):
    done = run_python("""
import threading, time
c = libvirt.open("sample:///?delay=500")
d = c.lookupByName("guest-0")
d.create()
thread = threading.Thread(target=d.shutdown)
thread.start()
calls = 0
while thread.is_alive():
    c.lookupByName("guest-1").state()
    calls += 1
print(calls > 1000, d.state()[0])
""", sample)
    assert lines(done) == ["True 5"]


def test_stream(run_python, sample):
    done = run_python("""
libvirt.virEventRegisterDefaultImpl()
c = libvirt.open("sample:///")
s = c.newStream(libvirt.VIR_STREAM_NONBLOCK)
d = c.lookupByName("guest-0")
d.openConsole(None, s, 0)
print(s.recv(10), s.send(b"hello"), s.recv(3), s.recv(10))
ready = []
s.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, lambda stream, events, opaque: ready.append((events, stream.recv(100))), None)
s.send(b"again")
while not ready:
    libvirt.virEventRunDefaultImpl()
print(ready[0])
s.eventRemoveCallback()
s.finish()
try:
    s.send(b"x")
except libvirt.libvirtError as error:
    print(error.get_error_code() != 0)
""", sample)
    assert lines(done) == ["-2 5 b'HEL' b'LO'", "(1, b'AGAIN')", "True"]

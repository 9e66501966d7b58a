"""Programs that fork, end and reload the library in bad moments, and Python's multiprocessing with fork."""
import subprocess

ROUNDS = 40

MULTIPROCESSING = """
import multiprocessing, threading
import libvirt
libvirt.registerErrorHandler(lambda context, error: None, None)
before = libvirt.open("test:///default")
stop = False
def busy():
    while not stop:
        libvirt.open("test:///default").lookupByName("test").XMLDesc()
def use(number):
    def work():
        connection = libvirt.open("test:///default")
        for index in range(20):
            domain = connection.defineXML(f"<domain type='test'><name>g{threading.get_ident()}</name><memory>4096</memory><os><type>hvm</type></os></domain>")
            domain.create()
            domain.destroy()
            domain.undefine()
    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers: worker.start()
    for worker in workers: worker.join()
    try:
        before.listAllDomains()
        return "answered"
    except libvirt.libvirtError as error:
        return error.get_error_code()
threads = [threading.Thread(target=busy) for _ in range(3)]
for thread in threads: thread.start()
with multiprocessing.get_context("fork").Pool(4) as pool:
    answers = pool.map(use, range(16))
stop = True
for thread in threads: thread.join()
print(sorted(set(answers)))
"""


def test_programs_that_fork_end_and_reload(root, stage):
    done = subprocess.run(["make", "--no-print-directory", "check-programs", f"ROUNDS={ROUNDS}"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert f"fork: 0 of {ROUNDS} children failed" in done.stdout


def test_multiprocessing_with_fork(ours):
    done = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-c", MULTIPROCESSING], env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "[6]", done.stdout + done.stderr[-3000:]


STREAM = """
import os
import libvirt
libvirt.registerErrorHandler(lambda context, error: None, None)
connection = libvirt.open("test:///default")
pool = connection.storagePoolLookupByName("default-pool")
volume = pool.createXML("<volume><name>v</name><capacity>100</capacity></volume>")
calls = (lambda: stream.send(b"x"), lambda: stream.sendAll(lambda *_: asked.append(1) or b"", None), lambda: stream.recvAll(lambda *_: asked.append(1), None),
         lambda: stream.sparseRecvAll(lambda *_: asked.append(1), lambda *_: asked.append(1), None))
for call in calls:
    stream = connection.newStream()
    volume.upload(stream, 0, 0)
    reader, writer = os.pipe()
    if os.fork() == 0:
        asked = []
        try:
            call()
            answer = "answered"
        except libvirt.libvirtError as error:
            answer = error.get_error_code()
        os.write(writer, repr((answer, asked)).encode())
        os._exit(0)
    os.wait()
    print(os.read(reader, 100).decode())
"""


def test_streams_from_before_a_fork_are_refused(ours, modules):
    """By our modules, which call the C functions that carry a whole stream; Debian's have loops of their own."""
    done = subprocess.run(
        ["/usr/bin/python3", "-W", "ignore", "-c", STREAM], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, timeout=60,
        check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines() == ["(6, [])"] * 4

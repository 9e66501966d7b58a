"""The connection that a callback of a module's function is handed. No driver emits such events, so a library stands in that does."""
import subprocess

import pytest

LIBRARY = r"""
#include <libvirt/libvirt.h>
#include <libvirt/libvirt-qemu.h>

static virFreeCallback release;
static void *kept;

int virConnectDomainQemuMonitorEventRegister(virConnectPtr conn, virDomainPtr dom, const char *event,
                                             virConnectDomainQemuMonitorEventCallback cb, void *opaque, virFreeCallback freecb, unsigned int flags) {
    (void)dom;
    virDomainPtr found = virDomainLookupByName(conn, "test");
    release = freecb;
    kept = opaque;
    cb(conn, found, event, 5, flags, "{}", opaque);
    virDomainFree(found);
    return 7;
}

int virConnectDomainQemuMonitorEventDeregister(virConnectPtr conn, int callbackID) {
    (void)conn;
    if (release) release(kept);
    release = NULL;
    return callbackID == 7 ? 0 : -1;
}
"""

PROGRAM = """
import gc, sys, weakref
import libvirt, libvirt_qemu, libvirtmod_qemu
connection = libvirt.open("test:///default")
seen = []
def called(given, domain, event, seconds, micros, details, opaque):
    seen.append((given is connection, type(given).__name__, given.getType(), domain.connect() is given, domain.name(), event, seconds, micros, details, opaque))
number = libvirt_qemu.qemuMonitorEventRegister(connection, None, "STOP", called, "mine", 3)
print(number, seen.pop())
libvirt_qemu.qemuMonitorEventDeregister(connection, number)
number = libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister(connection._o, None, "STOP", called, "mine", 3)
print(number, seen.pop()[1:3])
libvirt_qemu.qemuMonitorEventDeregister(connection, number)
before = sys.getrefcount(connection)
for _ in range(100):
    libvirt_qemu.qemuMonitorEventDeregister(connection, libvirt_qemu.qemuMonitorEventRegister(connection, None, "STOP", called, None, 0))
print(sys.getrefcount(connection) - before)
"""


@pytest.fixture
def libraries(stage, tmp_path):
    """A folder with our library and one that stands in for the sibling for QEMU."""
    (tmp_path / "libvirt.so.0").symlink_to(stage / "lib/libvirt.so.0")
    (tmp_path / "qemu.c").write_text(LIBRARY)
    done = subprocess.run(
        ["cc", "-shared", "-fPIC", f"-I{stage}/include", "-o", tmp_path / "libvirt-qemu.so.0", tmp_path / "qemu.c", "-Wl,-soname,libvirt-qemu.so.0",
         f"-L{tmp_path}", "-l:libvirt.so.0"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_callback_is_handed_its_connection(libraries, modules, ours):
    environment = {**ours, "PYTHONPATH": str(modules), "LIBVIRT_PYTHON_LIBRARIES": str(libraries)}
    done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["7 (True, 'virConnect', 'TEST', True, 'test', 'STOP', 5, 3, '{}', 'mine')", "7 ('virConnect', 'TEST')", "0"]

"""Histories with more generations than a stack has room for; through Debian's own python3-libvirt on our library."""
import subprocess

import pytest

PROGRAM = """
import libvirt, sys
connection = libvirt.open("test:///default")
domain = connection.lookupByName("test")
for number in range(60000):
    domain.snapshotCreateXML(f"<domainsnapshot><name>s{number}</name></domainsnapshot>")
first = domain.snapshotLookupByName("s0")
print(domain.snapshotNum(), first.numChildren(libvirt.VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS))
if sys.argv[1] == "delete":
    first.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN)
    print(domain.snapshotNum())
del first, domain
print(connection.close())
"""


@pytest.mark.parametrize("end, lines", [("delete", ["60000 59999", "0", "0"]), ("close", ["60000 59999", "0"])])
def test_a_long_history_ends(ours, end, lines):
    done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM, end], env=ours, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("\n")[:-1]) == (0, lines), done.stderr

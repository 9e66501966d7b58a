"""From `virtgen new-driver` to an answered virConnectOpen, in C and in Swift, in a folder outside the tree."""
import subprocess

import pytest

OPERATIONS = "connectGetType,domainLookupByName,connectListAllDomains,domainGetXMLDesc,network"
SCRIPT = """
c = libvirt.open("{scheme}:///")
print(c.getURI())
for call in (lambda: c.lookupByName("x"), lambda: c.listAllNetworks(), lambda: c.listAllSecrets()):
    try:
        call()
    except libvirt.libvirtError as error:
        print(error.get_error_code())
c.close()
"""


@pytest.mark.parametrize("language", ["c", "swift"])
def test_stub_builds_and_answers(language, stage, building, run_python, tmp_path):
    """Chosen operations say that they are not written yet (84), the others that the driver lacks them (3)."""
    name = f"stub-{language}"
    done = subprocess.run(
        [stage / "bin/virtgen", "new-driver", name, "--language", language, "--scheme", f"stub-{language}", "--operations", OPERATIONS],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(["make"], cwd=tmp_path / name, env=building, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    symbols = subprocess.run(
        ["nm", "-D", "--defined-only", tmp_path / name / f"libvirt_driver_{name}.so"], capture_output=True, text=True, check=True).stdout
    assert [line.split()[-1] for line in symbols.splitlines()] == ["virt_driver_negotiate"]
    done = run_python(SCRIPT.format(scheme=f"stub-{language}"), tmp_path / name)
    assert done.stdout.split() == [f"stub-{language}:///", "84", "84", "3"], done.stdout + done.stderr


@pytest.mark.parametrize("arguments,reason", [
    (["Bad_Name", "--language", "c", "--scheme", "x"], "'Bad_Name' is no driver name"),
    (["good", "--language", "c", "--scheme", "1x"], "'1x' is no URI scheme"),
    (["good", "--language", "c", "--scheme", "x", "--operations", "noSuchThing"], "there is no operation or group 'noSuchThing'"),
])
def test_refusals_say_why(arguments, reason, stage, tmp_path):
    done = subprocess.run([stage / "bin/virtgen", "new-driver", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and reason in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(stage, tmp_path):
    command = [stage / "bin/virtgen", "new-driver", "twice", "--language", "c", "--scheme", "twice"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    before = (tmp_path / "twice/twice.c").read_bytes()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "there already" in done.stderr
    assert (tmp_path / "twice/twice.c").read_bytes() == before

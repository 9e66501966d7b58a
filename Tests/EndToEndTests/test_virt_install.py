"""Debian's virt-install, virt-clone and virt-xml on both libraries: what they print, and what there is afterwards."""
import pathlib
import re
import subprocess

import pytest

PROGRAM = pathlib.Path(__file__).with_name("virtinst_program.py")


@pytest.fixture
def use(tmp_path):
    if not pathlib.Path("/usr/share/virt-manager/virtinst").exists():
        pytest.skip("SKIPPED: the package virtinst is not installed: run scripts/setup")

    def run(environment, *arguments):
        done = subprocess.run(
            ["/usr/bin/python3", PROGRAM, *arguments], env={**environment, "HOME": str(tmp_path), "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return run


def plain(text):
    """A text without the libraries' wording of errors, how long something took, and a progress that is written over itself."""
    text = re.sub(r"(?m)^(ERROR .*?: ).*(not found|no such).*$", r"\1", text)
    return re.sub(r"(?m)^.*\| *\d+.*\d\d:\d\d.*\n", "", text)


def test_same_answers(use, reference, ours):
    theirs, mine = plain(use(reference)), plain(use(ours))
    assert mine.count("exit 0") > 15 and mine.count("<domain type='test'") > 5
    assert mine.split("\n") == theirs.split("\n")


def test_plugging(use, ours):
    """What the reference's test driver cannot do: devices come while the guest runs."""
    said = use(ours, "plugging")
    assert said.count("Device hotplug successful.") == 2, said
    guests = dict(re.findall(r"(?s)^# (\S+) .*?\n(<domain.*?</domain>)", said, re.M))
    assert guests["made"].count("<interface type='network'>") == 2
    assert "<target dev='vdc'" in guests["plain"]

"""What the test driver does with storage beyond the reference: content of volumes, sizes that change, pools by path."""
import pathlib
import subprocess

import pytest

PROGRAM = pathlib.Path(__file__).with_name("storage_content.py")
CASES = ("whole", "ranges", "refusals", "holes", "sparse", "copies", "wiping", "resizing", "deleted", "events", "paths", "capabilities", "inactive", "threads")


@pytest.mark.parametrize("case", CASES)
def test_content(case, ours):
    done = subprocess.run(["/usr/bin/python3", str(PROGRAM), case], env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.strip() == "passed"


def test_there_is_no_other_case():
    functions = {line.split("(")[0][4:] for line in PROGRAM.read_text().splitlines() if line.startswith("def ")}
    assert functions - {"volume", "send", "receive", "refused", "world"} == set(CASES)

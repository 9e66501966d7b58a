"""What the test driver does with storage beyond the reference: content of volumes, sizes that change, pools by path."""
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
CASES = {
    "storage_content.py": ("whole", "ranges", "refusals", "holes", "sparse", "copies", "deleted", "events", "threads"),
    "storage_sizes.py": ("wiping", "resizing", "allocation", "paths", "capabilities", "inactive"),
}


@pytest.mark.parametrize(("program", "case"), [(program, case) for program, cases in CASES.items() for case in cases])
def test_content(program, case, ours):
    done = subprocess.run(["/usr/bin/python3", HERE / program, case], env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.strip() == "passed"


@pytest.mark.parametrize("program", CASES)
def test_there_is_no_other_case(program):
    assert {line.split("(")[0][4:] for line in (HERE / program).read_text().splitlines() if line.startswith("def ")} == set(CASES[program])

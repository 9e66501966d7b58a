"""Calls to the system that fail while a store is changed, and processes that end there: each of them, one after the other."""
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from store_objects import LOUD

HERE = Path(__file__).parent
PROGRAM = HERE / "store_faults_program.py"
THINGS = re.findall(r'^    "(.*?)": ', PROGRAM.read_text(), re.MULTILINE)
# What a folder's own entry is: whether it came to the disk, nobody knows then.
UNCERTAIN = "cannot bring to the disk"


@pytest.fixture(scope="module")
def preload(compile_program):
    return compile_program((HERE / "store_faults.c").read_text(), "", "-shared", "-fPIC", "-O1", "-ldl", "-Wall", "-Wextra", "-Werror", name="faults")


@pytest.mark.parametrize("thing", THINGS)
def test_every_place_at_which_it_can_fail(ours, preload, tmp_path, thing):
    done = subprocess.run(
        ["/usr/bin/python3", PROGRAM, tmp_path, thing], env={**ours, **LOUD, "LD_PRELOAD": str(preload)},
        capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "warning" not in done.stderr, done.stderr[-3000:]
    (steps, before, after), *attempts = [json.loads(line) for line in done.stdout.splitlines()]
    assert before != after and steps >= (2 if thing == "change of a domain" else 1)
    assert len(attempts) == 3 * steps
    outcomes = set()
    for how, at, ended, error, _, state in attempts:
        where = f"{how} at step {at} of {steps}: {error}"
        outcomes.add((how, error is None, state == after))
        if thing == "open" and before is None:
            # Nobody saw what is not open; whoever opens it next finds it all.
            assert state == after, where
        elif how == "killed":
            assert ended == 99 and state in (before, after), where
        elif how == "tried again":
            assert ended == 0 and state == after, where
        elif error is None:
            # Confirmed is confirmed.
            assert ended == 0 and state == after, where
        else:
            assert state == before or UNCERTAIN in error[1] and state == after, where
        if error:
            assert error[0] == 38 and str(tmp_path / "tried") in error[1], where
            assert os.strerror(28) in error[1] or os.strerror(5) in error[1], where
    # It was about something: it was killed before and after the change counted, and failed.
    assert {("killed", True, False), ("failed", False, False)} <= outcomes or thing == "open", outcomes
    # What is one file counts with its last step but one; what is several, from its list on.
    if thing not in ("open", "change of a domain", "new snapshot", "reversion", "new volume"):
        assert ("killed", True, True) in outcomes and ("failed", True, True) in outcomes, outcomes

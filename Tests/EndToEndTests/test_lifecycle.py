"""Every action in every state of a domain: what happens is what the engine's table says, and what the reference does."""
import csv
import json
import pathlib
import subprocess

import pytest

import lifecycle

HERE = pathlib.Path(__file__).parent
NUMBERS = {"leads to", "reason", "event", "detail", "code", "domain"}
SHUTOFF = 5

# What differs from the reference on purpose: (action, state, persistent) with the reason.
MEANT = {}


def rows():
    """The table: what an action does in a state."""
    with open(HERE / "lifecycle.tsv", encoding="ascii", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["action"], int(row["state"]), {key: None if row[key] == "-" else int(row[key]) for key in NUMBERS}


TABLE = {(action, state): row for action, state, row in rows()}


def transcript(environment):
    """What a library did: answer, what is left and events, by action, state and persistence."""
    done = subprocess.run(["/usr/bin/python3", str(HERE / "lifecycle.py")], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(action, state, persistent): rest for action, state, persistent, *rest in lines}


@pytest.fixture(scope="module")
def mine(ours):
    """What our library did."""
    return transcript(ours)


def test_every_pair_is_tried(mine):
    states = {(state, persistent) for state in range(8) for persistent in (True, False) if persistent or state != SHUTOFF}
    assert set(mine) == {(action, *state) for action in lifecycle.ACTIONS for state in states}
    assert {state for _, state in TABLE} == set(range(8))
    # The rest are steps of migrations, and what the driver does with them test_migration.py sees, or of operations with tests of their own.
    assert {action for action, _ in TABLE} - set(lifecycle.ACTIONS) == {
        "reset", "fallAsleep", "fallAsleepOnDisk", "wakeUp", "arrive", "goOnAfterArrival", "stayPausedAfterArrival", "failArrival", "pauseToLeave", "leave", "goOnAfterAll"}


@pytest.mark.parametrize("action", sorted({action for action, _ in TABLE} & set(lifecycle.ACTIONS)))
def test_what_happens_is_what_the_table_says(mine, action):
    for (tried, state, persistent), (answer, left, events) in mine.items():
        if tried != action:
            continue
        row, place = TABLE[action, state], (action, state, persistent)
        before = [state, 0]
        if row["code"]:
            assert answer == [row["code"], row["domain"]], place
            assert left[:2] == before and not events, place
            continue
        goes = row["leads to"] if row["leads to"] is not None else state
        if action == "revertToOff" and not persistent:
            assert answer == [55, 12] and left[:2] == before and not events, place
            continue
        assert answer == 0, place
        # A transient domain that is off is gone.
        assert left is None if goes == SHUTOFF and not persistent else left[0] == goes, place
        if left:
            assert left[2] == (goes != SHUTOFF) == left[4], place
            assert left[1] == (row["reason"] if row["reason"] is not None else 0), place
        told = [[row["event"], row["detail"]]] if row["event"] is not None else []
        # Reverting what is active takes steps: each is a row of the table.
        if action == "revertToPaused":
            told.insert(0, [TABLE["revertToRunning", SHUTOFF]["event"], TABLE["revertToRunning", SHUTOFF]["detail"]])
        if action in ("revertToRunning", "revertToPaused") and state != SHUTOFF:
            told.insert(0, [TABLE["revertToOff", state]["event"], TABLE["revertToOff", state]["detail"]])
        assert events == told, place


def test_the_reference_does_the_same(mine, reference):
    theirs = transcript(reference)
    assert set(theirs) == set(mine) and len(mine) == len(lifecycle.ACTIONS) * 15
    different = {place: (theirs[place], mine[place]) for place in mine if theirs[place] != mine[place] and place not in MEANT}
    assert not different, "\n".join(f"{place}: theirs {one}, ours {other}" for place, (one, other) in different.items())

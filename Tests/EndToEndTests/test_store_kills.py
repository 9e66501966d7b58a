"""Processes that are killed while they change a world with a store: nothing is lost, and nothing half done."""
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from store_objects import LOUD, write_world

PROGRAM = Path(__file__).parent / "store_program.py"
ROUNDS = int(os.environ.get("VIRT_KILLS", "20"))


class History:
    """What a process said: what it found, what it wanted, and what was done."""

    def __init__(self, lines):
        self.found, self.done, self.doing = None, {}, {}
        for line in lines:
            word, *values = json.loads(line)
            if word == "open":
                self.found = values[0]
                self.done = dict(self.found)
            elif word == "wants":
                thread, key, state = values
                self.doing[thread] = (key, state)
            elif word == "done":
                thread, key = values
                _, self.done[key] = self.doing.pop(thread)
            else:
                pytest.fail(f"a call failed: {values}")

    def check(self, states):
        """Whether everything is as it was confirmed, or as a call would have made it that was under way."""
        under_way = {}
        for key, state in self.doing.values():
            under_way.setdefault(key, []).append(state)
        for key in {*self.done, *under_way, *states}:
            possible = [self.done.get(key), *under_way.get(key, [])]
            assert states.get(key) in possible, f"{key} is {states.get(key)}, not one of {possible}"


def read(ours, world):
    done = subprocess.run(["/usr/bin/python3", PROGRAM, world, "read"], env={**ours, **LOUD}, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "store" not in done.stderr, done.stderr
    return json.loads(done.stdout)


def test_nothing_is_lost_when_a_process_is_killed(ours, tmp_path):
    world = write_world(tmp_path)
    seed = int(os.environ.get("VIRT_SEED", time.time_ns() % 1_000_000_000))
    print(f"VIRT_SEED={seed}")
    chance = random.Random(seed)
    known, confirmed, interrupted = {}, 0, 0
    for turn in range(ROUNDS):
        said = tmp_path / "said"
        with said.open("wb") as output:
            child = subprocess.Popen(["/usr/bin/python3", PROGRAM, world, "change", str(chance.getrandbits(32))], env=ours,
                                     stdout=output, stderr=subprocess.PIPE)
            # Most rounds begin to count when the world is open; in some the opening itself is cut off.
            while turn % 5 and child.poll() is None and said.stat().st_size == 0:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.3)
            child.send_signal(signal.SIGKILL)
            _, complaint = child.communicate(timeout=100)
        text = said.read_text()
        history = History(text.split("\n")[:-1])
        assert child.returncode == -signal.SIGKILL, complaint.decode() + text[-2000:]
        if history.found is None:
            # Killed before it did anything.
            history.done = known
        else:
            assert history.found == known
        known = read(ours, world)
        history.check(known)
        confirmed += text.count('\n["done"')
        interrupted += len(history.doing)
        assert not list((tmp_path / "store").glob("*.torn"))
    print(f"{ROUNDS} processes killed, {confirmed} changes confirmed, {interrupted} under way, {len(known)} objects left")
    # It was about something.
    assert confirmed > ROUNDS * 3 and interrupted > ROUNDS

"""Networks, pools, interfaces and mediated devices: every operation in every state does what it does in the reference."""
import json
import pathlib
import subprocess

import object_lifecycle

HERE = pathlib.Path(__file__).parent
# What differs from the reference on purpose, with the reason: (kind, operation, active, persistent).
MEANT = {
    **{(kind, "describe inactive", active, persistent): "the reference's test driver has no flags here; its own drivers do"
       for kind in ("network", "pool", "interface") for active in (True, False) for persistent in (True, False)},
    ("pool", "create again", False, True): "there a pool that is kept is kept no more once it is started from a document; with networks it is",
}


def transcript(environment):
    """What a library did: answer, what is left and events, by kind, operation and state."""
    done = subprocess.run(["/usr/bin/python3", str(HERE / "object_lifecycle.py")], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {tuple(line[:5]): line[5:] for line in map(json.loads, done.stdout.splitlines())}


def test_every_pair_does_the_same(ours, reference):
    mine, theirs = transcript(ours), transcript(reference)
    # Active and not, kept and not, started with the host and not; a transient object is active and does not start with the host.
    states = {"network": 5, "pool": 5, "interface": 2}
    left_out = {"network": object_lifecycle.POOL_ONLY, "pool": set(), "interface": object_lifecycle.NOT_OF_INTERFACES | object_lifecycle.POOL_ONLY}
    assert len(mine) == sum(count * len(set(object_lifecycle.OPERATIONS) - left_out[kind]) for kind, count in states.items())
    assert set(mine) == set(theirs)
    different = {place: (theirs[place], mine[place]) for place in mine if theirs[place] != mine[place] and place[:4] not in MEANT}
    assert not different, "\n".join(f"{place}: theirs {one}, ours {other}" for place, (one, other) in different.items())
    assert all(theirs[place] != mine[place] for place in mine if place[:4] in MEANT)


def expected(operation, active, persistent, autostart):
    """What the reference's own driver does with a mediated device: code or answer, what is left, and events."""
    same, refused = [active, persistent, autostart], 55
    if operation in ("describe", "describe inactive"):
        return [True, same, []]
    if operation in ("start", "create again"):
        return [refused, same, []] if active else [0, [True, persistent, autostart], [0]]
    if operation == "stop":
        return [0, [False, True, autostart] if persistent else None, [1]] if active else [refused, same, []]
    if operation == "define again":
        return [0, [active, True, autostart], [2]]
    if not persistent:
        return [refused, same, []]
    if operation == "undefine":
        return [0, [True, False, False] if active else None, [3]]
    return [0, [active, True, operation == "set autostart"], []]


def test_every_pair_of_mediated_devices(ours):
    done = subprocess.run(["/usr/bin/python3", str(HERE / "device_lifecycle.py")], env=ours, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    pairs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(pairs) == 9 * 5
    assert [pair for pair in pairs if pair[2:] != expected(pair[0], *pair[1])] == []

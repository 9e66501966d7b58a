"""What ours answers where the reference's test driver has nothing: as the reference's own drivers did when recorded."""
import json
import pathlib
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).parent

# Differences that are meant, by scenario and what the label begins with: each with its reason.
MEANT = {
    ("filters", protocol + " dstipto="): "the reference takes the end of a range of version 6 for an address of version 4"
    for protocol in ("all-ipv6", "ah-ipv6", "esp-ipv6", "udplite-ipv6", "icmpv6", "tcp-ipv6", "udp-ipv6", "sctp-ipv6")
}


@pytest.mark.parametrize("name", ["secrets", "filters", "bindings"])
def test_same_answers_as_recorded(name, ours):
    theirs = [json.loads(line) for line in (FOLDER / "recorded" / f"{name}.json").read_text().splitlines()]
    done = subprocess.run(
        ["/usr/bin/python3", str(FOLDER / "recorded.py"), name, "test:///default"], env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    mine = [json.loads(line) for line in done.stdout.splitlines()]
    assert [label for label, _ in mine] == [label for label, _ in theirs]
    different = [
        f"{label}:\n  reference {json.dumps(one)}\n  ours      {json.dumps(other)}"
        for (label, one), (_, other) in zip(theirs, mine)
        if one != other and not any(scenario == name and label.startswith(start) for scenario, start in MEANT)
    ]
    assert not different, f"{len(different)} of {len(theirs)} differ:\n" + "\n".join(different[:40])

"""The same scenarios on the reference library and on ours give the same transcripts."""
import json
import pathlib
import subprocess

import pytest

import domain_differences
import scenarios

PROGRAM = pathlib.Path(__file__).with_name("scenarios.py")

# Differences that are meant, by scenario and label: each with its reason.
MEANT = {
    ("connection", "setKeepAlive"): "there is no far end to ask",
    ("events", "reboot"): "a guest that restarts says so",
    **{("settings", f"{state} XMLDesc [{flags}]"): "the host has a processor, with which the guest's can be brought up to date"
       for state in ("off", "on") for flags in (4, 6)},
    **{("documents", label): reason for reason, labels in domain_differences.MORE.items() for label in labels},
    ("connection", "open test:///%00"): "a NUL byte makes a URI wrong instead of cutting it off",
    **{("snapshots", f"off, reverted with flags {flags}"): "a flag that says 'run' or 'pause' is obeyed" for flags in (1, 2, 5, 6)},
    **{("snapshots", f"off, reverted with flags {flags}"): "the domain ran in between, because a flag was obeyed, and was destroyed" for flags in (3, 4, 7)},
    **{("snapshot_reversion", f"{state}, offone, {flags}: state"): "a flag that says 'run' or 'pause' is obeyed"
       for state in ("off", "runs", "paused") for flags in (1, 2, 5, 6)},
    **{("checkpoints", f"describe {flags}"): "sizes are written when they are asked for" for flags in range(4, 8)},
    # The reference keeps a definition that was made for one run of a persistent network, and forgets the other one.
    **{("networks", f"{when}: {what}"): "what was created for one run ends with it"
       for when in ("after destroy", "after create", "after undefine", "destroyed") for what in ("XMLDesc", "bridgeName")},
    **{("network_documents", f"XMLDesc {what}"): "came after the reference was made" for what in (
        "title and description", "port of a forwarder", "registration of a domain")},
    **{("network_documents", f"XMLDesc {what}"): "is kept" for what in (
        "attributes and elements not known", "nothing but a boot file 1", "nothing but a boot file 2", "nothing but a boot file 3", "multifunction")},
    ("network_documents", "again no bandwidth"): "what it writes the reference reads otherwise",
    **{("network_documents", f"{what} negative size"): "a number below zero is no size, not one near 2^32" for what in ("define", "XMLDesc")},
    **{("interface_documents", f"XMLDesc {what}"): "is kept" for what in ("parts not known 1", "parts not known 2", "attributes not known")},
    **{("interface_documents", f"define no size {number}"): "the reference fails without an error" for number in (1, 2)},
    ("interfaces", "MAC beside an interface that has none"): "an interface without a hardware address has not every one",
    **{("saved_files", f"empty: {what}"): "an empty file is not long enough, and no terminal either" for what in ("describe", "define", "restore")},
    **{("saved_files", f"large: {what}"): "what was saved can be restored, also where it is longer than 8 KiB"
       for what in ("describe", "define", "restore")},
    ("interface_changes", "after rollback: active"): "what was active when the change began is active again",
    **{("nodedev", f"list flag {bit}"): "newer kinds and states of devices have filters" for bit in (22, 23, 28, 29, 30, 31)},
    **{("nodedev_changes", f"{label}: XMLDesc"): "a new adapter has a host number of its own, not that of its model"
       for label in ("plain", "named", "any parent", "a number given", "numbers of another", "odd number", "parent by numbers", "parent by network")},
    **{("pools", f"created over: {what}"): "a persistent pool stays one when it is created from a document" for what in ("isPersistent",)},
    **{("pools", f"destroyed again: {what}"): "a persistent pool stays one when it is created from a document" for what in (
        "XMLDesc", "info", "isActive", "isPersistent", "autostart", "numOfVolumes", "volumes")},
    # The reference forgets what the volumes take, and the new definition.
    **{("pool_redefinition", f"{when}: {what}"): "its volumes go on counting, and the new definition starts next"
       for when in ("active", "destroyed", "started") for what in ("XMLDesc", "info")},
    **{("pool_documents", f"{what} dir  <path>/t</path><permissions><owner>4294967294</owner></permissions>  "): "what it writes the reference does not read" for what in ("XMLDesc", "again")},
    **{("pool_documents", f"XMLDesc {part}"): "is kept" for part in ("<bar a='1'/>", "<a:b xmlns:a='urn:a'>x</a:b>")},
}


def transcript(environment, name):
    done = subprocess.run(["/usr/bin/python3", str(PROGRAM), name], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", sorted(scenarios.SCENARIOS))
def test_same_answers(name, reference, ours):
    theirs, mine = transcript(reference, name), transcript(ours, name)
    assert [label for label, _ in theirs] == [label for label, _ in mine]
    different = [
        f"{label}:\n  reference {json.dumps(one)}\n  ours      {json.dumps(other)}"
        for (label, one), (_, other) in zip(theirs, mine)
        if one != other and (name, label) not in MEANT
    ]
    assert not different, f"{len(different)} of {len(theirs)} differ:\n" + "\n".join(different[:40])

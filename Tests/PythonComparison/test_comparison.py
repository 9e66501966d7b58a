"""Every Python method with good, bad and borderline arguments: on the reference's modules and library, on ours, and on both mixtures."""
import json
import os
import subprocess

import compare
import pairs
import pytest
import rules

# How many values each argument is tried with; all of them when it is large.
VALUES = int(os.environ.get("VIRT_VALUES", "3"))


@pytest.fixture(scope="module")
def calls(root, virtgen):
    """All calls, with the method that each belongs to."""
    surface = json.loads((root / "Tests/Fixtures/python-surface-9.0.0.json").read_text())
    done = subprocess.run([virtgen, "plan", "--kinds", "--root", root], capture_output=True, text=True, check=True)
    return pairs.expressions(surface, [json.loads(line) for line in done.stdout.splitlines()], VALUES)


@pytest.fixture(scope="module")
def answers(calls, modules, stage, tmp_path_factory):
    return pairs.run(calls, tmp_path_factory.mktemp("comparison"), modules, stage / "lib")


@pytest.fixture(scope="module")
def differences(calls, answers, root):
    """What is explained, by its reason, and what is not, under None; both are written down for reading."""
    changing = compare.unstable(answers["reference"], answers["again"])
    names = {**rules.C_NAMES, **rules.MODULES}
    found = {}
    for title, theirs, mine, table in (
            ("modules on the reference's library", "reference", "thin", rules.MODULES),
            ("modules on our library", "library", "ours", rules.MODULES),
            ("libraries under the reference's modules", "reference", "library", rules.LIBRARIES)):
        every = list(compare.differences(calls, answers[theirs], answers[mine], changing))
        if table is rules.MODULES:
            groups = compare.sort_out([d for d in every if not d.call.startswith("libvirtmod")], table)
            for reason, some in compare.sort_out([d for d in every if d.call.startswith("libvirtmod")], names).items():
                groups.setdefault(reason, []).extend(some)
        else:
            groups = compare.sort_out(every, table)
        found[title] = groups
    folder = root / "build" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "python-comparison.txt").write_text(compare.report(calls, found), errors="backslashreplace")
    return found


def test_every_method_is_called(calls):
    methods = {method.place for method in calls.values() if method}
    assert len(methods) > 480 and len(calls) > 8000, (len(methods), len(calls))


def test_ours_never_crashes(calls, answers):
    assert not [f"{call}: {answer['end']}" for call, answer in zip(calls, answers["ours"]) if "end" in answer]
    # On the reference's library ours may crash only in that library.
    assert not [f"{call}: {answer['end']}" for call, answer, other in zip(calls, answers["thin"], answers["reference"])
                if "end" in answer and "end" not in other]


@pytest.mark.parametrize("title", [
    "modules on the reference's library", "modules on our library", "libraries under the reference's modules"])
def test_differences_have_a_reason(differences, title):
    left = differences[title].get(None, [])
    assert not left, f"{len(left)} differences without a reason:\n" + "\n".join(map(str, left[:40]))


def test_reasons_are_needed(differences):
    used = {reason for groups in differences.values() for reason in groups}
    wanted = (rules.MODULES | rules.C_NAMES | rules.LIBRARIES).keys() - (set() if VALUES >= 100 else rules.RARE)
    assert not wanted - used


def test_most_answers_are_equal(calls, answers, differences):
    """The comparison reaches something: most calls have an answer in each pair, and most answers are the same."""
    reached = sum("missing" not in answer for answer in answers["reference"])
    different = sum(map(len, differences["modules on the reference's library"].values()))
    assert reached > 0.95 * len(calls) and different < 0.3 * len(calls), (reached, different, len(calls))

#!/usr/bin/python3
"""Runs the Python cases on Debian's modules with Debian's library and on ours, alternating, and prints ours / reference: processor
time. Of a call that fails the instructions decide: a third of its time is the kernel's, which writes the library's line on both
sides.

Usage: python.py OUR_MODULES OUR_LIBRARY_DIRECTORY
Exit status 1 when a ratio is above its goal.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys

CASES = pathlib.Path(__file__).with_name("python_cases.py")
PYTHON = "/usr/bin/python3"
GOALS = {
    "import": 0.25, "name": 0.3, "information": 0.2, "lookup by name": 0.2, "description": 0.2, "open and close": 0.2,
    "missing domain": 0.4, "missing domain, handler": 0.6, "list of 1000": 0.1, "statistics of 1000": 0.1,
}
COUNTED = ("missing domain",)
ROUNDS = 3


def environment(modules=None, library=None):
    variables = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "LD_LIBRARY_PATH")}
    if modules:
        variables["PYTHONPATH"] = modules
    if library:
        variables["LD_LIBRARY_PATH"] = library
    return variables


def measure(variables):
    lines = subprocess.run([PYTHON, CASES], env=variables, check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: float(value) for name, value in (line.split("\t") for line in lines)}


def instructions(variables, name):
    """Instructions of one turn of a case: what a run with more turns takes beyond one with fewer."""
    def run(count):
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1", PYTHON, CASES, name, str(count)],
            env={**variables, "PYTHONHASHSEED": "0"}, check=True, capture_output=True, text=True)
        return int(re.search(r"Collected\s*:\s*(\d+)", done.stdout)[1])
    return (run(6000) - run(1000)) / 5000


def start(variables, program):
    """Nanoseconds of processor time that a whole process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PYTHON, "-c", program], env=variables, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e9


def better(name, one, other):
    """Rates are better when they are higher, times when they are lower."""
    return max(one, other) if name.startswith("threads") else min(one, other)


def main():
    modules, library = sys.argv[1:3]
    sides = {"reference": environment(), "ours": environment(modules, library), "thin": environment(modules)}
    best = {side: {} for side in sides}
    for _ in range(ROUNDS):
        for side, variables in sides.items():
            for name, value in measure(variables).items():
                best[side][name] = better(name, best[side].get(name, value), value)
    for side, variables in sides.items():
        bare = min(start(variables, "pass") for _ in range(15))
        best[side]["import"] = min(start(variables, "import libvirt") for _ in range(15)) - bare
    failed = False
    for name, limit in GOALS.items():
        ratio = best["ours"][name] / best["reference"][name]
        counted = ""
        if name in COUNTED:
            ours, reference = (instructions(sides[side], name) for side in ("ours", "reference"))
            counted = f" time; {ours:8.0f} / {reference:8.0f} instructions {ours / reference:6.3f}"
        decides = ours / reference if counted else ratio
        failed |= decides > limit
        print(f"P {name:24} {best['ours'][name]:12.0f} ns {best['reference'][name]:12.0f} ns   {ratio:6.3f}{counted}  goal {limit}"
              f"{'  ABOVE' if decides > limit else ''}", flush=True)
    for number in (2, 4, 8):
        name = f"threads {number}"
        ours, reference, thin = (best[side][name] / best[side]["threads 1"] for side in ("ours", "reference", "thin"))
        slower = best["thin"][name] / best["reference"][name]
        bad = ours < 0.9 or slower < 1
        failed |= bad
        print(f"P {name}: of one thread's rate ours {ours:.2f} (goal 0.9), reference {reference:.2f}, thin {thin:.2f};"
              f" thin / reference {slower:.2f} (goal 1){'  BELOW' if bad else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

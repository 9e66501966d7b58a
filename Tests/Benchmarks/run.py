#!/usr/bin/python3
"""Runs the benchmark program on the reference library and on ours, alternating, and prints ours / reference.

Usage: run.py PROGRAM OUR_LIBRARY_DIRECTORY [NAME]
Instructions come from callgrind and are steady; wall times are the lowest of all batches of three runs.
Exit status 1 when a ratio is above its goal.
"""
import os
import re
import subprocess
import sys
import tempfile

# What the ratio of instructions must reach: first matching prefix wins. Everything else must not be above 1.
GOALS = [
    ("C lookup", 0.05), ("C information", 0.05), ("C state", 0.05), ("C reference", 0.05), ("E lookup", 0.05),
    ("D description after", 0.12), ("D description repeated", 0.02), ("D define", 0.1), ("D create", 0.05),
    ("E list all domains, 1000", 0.1), ("E statistics", 0.1), ("F create and delete", 0.05), ("F add", 0.5), ("F get", 0.5),
    ("C error", 0.6),
    ("A process start", 0.06), ("V create", 0.1), ("V look up", 0.1), ("V list 1,000", 0.1),
]
WALL_GOALS = [
    ("A process start", 0.2), ("G lifecycle event across", 0.6), ("H lookup, one connection, 8", 0.125), ("E memory", 0.5),
]


# What an operation among 100,000 objects may cost, by what it does among 1,000; on our library alone.
SCALE_GOAL = 1.3


def goal(goals, name, default):
    return next((limit for prefix, limit in goals if name.startswith(prefix)), default)


def environment(directory):
    variables = dict(os.environ, LIBVIRT_DEFAULT_URI="", LC_ALL="C")
    variables.pop("LD_LIBRARY_PATH", None)
    if directory:
        variables["LD_LIBRARY_PATH"] = directory
    return variables


def run(program, directory, *words):
    return subprocess.run([program, *words], env=environment(directory), check=True, capture_output=True, text=True).stdout


def times(program, directory, only):
    lines = run(program, directory, "time", *only).splitlines()
    return {name: float(value) for name, value in (line.split("\t") for line in lines)}


def callgrind(program, directory, *words):
    """Instructions per operation by name; the whole process under the name None."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out"]
        if words[0].endswith("count"):
            command.append("--instr-atstart=no")
        done = subprocess.run([*command, program, *words], env=environment(directory), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"benchmark under callgrind failed:\n{done.stderr[-2000:]}")
        counts = {}
        for file in os.listdir(scratch):
            with open(f"{scratch}/{file}") as profile:
                text = profile.read()
            total = int(re.search(r"^(?:totals|summary): (\d+)", text, re.M).group(1))
            label = re.search(r"^desc: Trigger: Client Request: (.*)\t(\d+)$", text, re.M)
            if label:
                counts[label.group(1)] = total / int(label.group(2))
            elif not words[0].endswith("count"):
                counts[None] = total
        return counts


def scale(program, ours):
    """Prints what many objects cost, by what few do; the number of ratios above their goal."""
    costs = [{}, {}]
    # Each kind in a process of its own, because the others' objects would lie between its own.
    for kind in ("domain", "network", "volume"):
        costs[1].update(callgrind(program, ours, "scale-count", kind))
        for _ in range(5):
            for line in run(program, ours, "scale-time", kind).splitlines():
                name, value = line.split("\t")
                costs[0][name] = min(float(value), costs[0].get(name, float(value)))
    above = 0
    for name in sorted(costs[1]):
        if name.endswith("among few"):
            wall, counted = (cost[name.replace("among few", "among many")] / cost[name] for cost in costs)
            mark = " **above**" if max(wall, counted) > SCALE_GOAL else ""
            above += bool(mark)
            print(f"{name.replace(', among few', '')}, 100,000 / 1,000: wall {wall:.2f}, instructions {counted:.2f}{mark}")
    return above


def start_time(program, directory):
    import time

    best = None
    for _ in range(15):
        start = time.perf_counter()
        run(program, directory, "open")
        spent = (time.perf_counter() - start) * 1e9
        best = spent if best is None else min(best, spent)
    return best


def main():
    program, ours, only = sys.argv[1], sys.argv[2], sys.argv[3:]
    wall = [{}, {}]
    for _ in range(3):
        for index, directory in enumerate((None, ours)):
            for name, value in times(program, directory, only).items():
                wall[index][name] = min(value, wall[index].get(name, value))
    counted = [callgrind(program, directory, "count", *only) for directory in (None, ours)]
    if not only:
        for index, directory in enumerate((None, ours)):
            counted[index]["A process start to open connection"] = callgrind(program, directory, "open")[None]
            wall[index]["A process start to open connection"] = start_time(program, directory)
            name, value = run(program, directory, "memory").strip().split("\t")
            wall[index][name] = float(value)
    above = 0
    print("| operation | instructions: reference | ours | ratio | goal | wall: ratio |")
    print("|---|---|---|---|---|---|")
    for name in sorted(set(wall[0]) | set(counted[0])):
        line = [name]
        if name in counted[0]:
            ratio, limit = counted[1][name] / counted[0][name], goal(GOALS, name, 1.0)
            mark = "" if ratio <= limit else " **above**"
            above += ratio > limit
            line += [f"{counted[0][name]:,.0f}", f"{counted[1][name]:,.0f}", f"{ratio:.4f}{mark}", f"{limit}"]
        else:
            line += ["", "", "", ""]
        if name in wall[0]:
            ratio, limit = wall[1][name] / wall[0][name], goal(WALL_GOALS, name, None)
            mark = f" **above {limit}**" if limit and ratio > limit else ""
            above += bool(mark)
            line.append(f"{ratio:.3f}{mark}")
        else:
            line.append("")
        print("| " + " | ".join(line) + " |")
    if not only:
        print()
        above += scale(program, ours)
    print(f"\n{above} above their goal" if above else "\nall within their goals")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())

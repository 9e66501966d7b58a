"""Runs all calls on every pair of modules and library, several pairs at a time."""
import json
import os
import pathlib
import subprocess
import sys

import calls
import values

HERE = pathlib.Path(__file__).parent
# The modules and the library of each pair; the reference's is run twice, to know which answers are not always the same.
PAIRS = {
    "reference": ("debian", "debian"), "again": ("debian", "debian"), "thin": ("ours", "debian"), "library": ("debian", "ours"),
    "ours": ("ours", "ours"),
}


def expressions(surface, kinds, number):
    """Every call once, with the method that it belongs to."""
    found = {}
    for method in calls.methods(surface, kinds):
        for call in method.calls(number):
            found.setdefault(call, method)
        for call in calls.c_calls(method, max(1, number // 3)):
            found.setdefault(call, method)
    for call in calls.constructors():
        found.setdefault(call, None)
    return found


def run(expressions_, folder, modules, library, pairs=PAIRS):
    """The answers of each pair, by its name."""
    given = folder / "calls.json"
    given.write_text(json.dumps({
        "calls": list(expressions_), "documents": values.DOCUMENTS, "classes": {name: owner for owner, name in values.OBJECTS.items()}}))
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LIBVIRT_", "LD_", "PYTHON"))}
    running = {}
    for name, (python, lib) in pairs.items():
        environment = {**clean, "PYTHONDONTWRITEBYTECODE": "1"}
        if python == "ours":
            environment["PYTHONPATH"] = str(modules)
        if lib == "ours":
            environment["LD_LIBRARY_PATH"] = str(library)
        (folder / name).mkdir(exist_ok=True)
        with open(folder / f"{name}.log", "w") as log:
            running[name] = subprocess.Popen(
                [sys.executable, HERE / "subject.py", given, folder / f"{name}.json", f"test://{HERE / 'world.xml'}"],
                env=environment, cwd=folder / name, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    answers = {}
    for name, process in running.items():
        assert process.wait(1800) == 0, (folder / f"{name}.log").read_text()[-3000:]
        answers[name] = json.loads((folder / f"{name}.json").read_text())
        assert len(answers[name]) == len(expressions_)
    return answers

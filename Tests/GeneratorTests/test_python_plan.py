"""The signatures that the plan gives Python are those of the recorded surface of libvirt-python 9.0.0; what is newer is new in C, too."""
import json
import re
import subprocess
from xml.etree import ElementTree

import pytest

# What no C function stands behind: the run-time of the bindings has it, the same for all classes.
RUN_TIME = {
    "": {"registerErrorHandler", "virEventInvokeFreeCallback"},
    "*": {"c_pointer", "connect"},
    "virDomainCheckpoint": {"domain", "getConnect"},
    "virDomainSnapshot": {"domain", "getConnect"},
    "virStream": {"recvAll", "sendAll", "sparseRecvAll", "sparseSendAll"},
    "libvirtError": None,
}


@pytest.fixture(scope="module")
def plan(virtgen, root):
    """By module, class ('' for functions of the module) and name: the arguments and the C function."""
    lines = subprocess.run([virtgen, "plan", "--python"], cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {}
    for line in lines:
        function, signature = line.split("  ", 1)
        if signature.startswith("none: "):
            assert len(signature) > len("none: "), f"{function} is not in Python, and nobody says why"
            continue
        place, arguments = re.fullmatch(r"([\w.]+)\((.*)\)", signature).groups()
        module, *rest = place.split(".")
        found[module, rest[0] if len(rest) > 1 else "", rest[-1]] = ([name for name in arguments.split(", ") if name], function)
    return found


@pytest.fixture(scope="module")
def surface(root):
    recorded = json.loads((root / "Tests/Fixtures/python-surface-9.0.0.json").read_text())
    found = {}
    for module in ("libvirt", "libvirt_qemu", "libvirt_lxc"):
        for name, arguments in recorded[module]["functions"].items():
            found[module, "", name] = arguments
        for class_name, its in recorded[module]["classes"].items():
            for name, arguments in its["methods"].items():
                found[module, class_name, name] = arguments
    return {place: arguments for place, arguments in found.items() if not place[2].startswith("_")}


def since(root):
    """When each function came."""
    return {
        function.get("name"): tuple(map(int, function.get("since").split(".")))
        for file in (root / "api-xml").rglob("*.xml") for function in ElementTree.parse(file).getroot().iter("function") if function.get("since")}


def test_signatures_are_the_recorded_ones(plan, surface):
    different = [
        f"{'.'.join(place)}: plan {plan[place][0]}, recorded {arguments}"
        for place, arguments in surface.items() if place in plan and plan[place][0] != arguments]
    assert not different, "\n".join(different)


def test_nothing_recorded_is_missing(plan, surface):
    def is_run_time(place):
        own = RUN_TIME.get(place[1], set())
        return own is None or place[2] in own or bool(place[1]) and place[2] in RUN_TIME["*"]

    missing = [".".join(place) for place in surface if place not in plan and not is_run_time(place)]
    assert not missing, missing


def test_what_is_more_is_newer(plan, surface, root):
    came = since(root)
    more = {place: function for place, (_, function) in plan.items() if place not in surface}
    old = [f"{'.'.join(place)} ({function})" for place, function in more.items() if came[function] <= (9, 0, 0)]
    assert not old, old

"""The stubs are complete, agree with the modules and with what comes back from real calls, and help people find mistakes."""
import ast
import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

MODULES = ["libvirt", "libvirt_qemu", "libvirt_lxc", "libvirtaio", "libvirtmod", "libvirtmod_qemu", "libvirtmod_lxc"]
# Methods and functions that a run must have called at least; both numbers can only grow.
LEAST_CALLED = {"ours": 185, "debian": 440}


@pytest.fixture(scope="module")
def environment(checkers, modules, ours):
    """In which the checkers find our modules, and only those."""
    return {**ours, "PATH": f"{checkers}:{ours['PATH']}", "PYTHONPATH": str(modules), "MYPYPATH": str(modules)}


def run(arguments, environment, folder):
    return subprocess.run(list(map(str, arguments)), env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_mypy_finds_nothing_in_the_stubs(checkers, environment, tmp_path):
    done = run([checkers / "mypy", "--strict", *[word for name in MODULES for word in ("-p", name)]], environment, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_what_is_wrong_in_a_program(root, checkers, environment, tmp_path):
    """All types that the program states, and an error in each line that says so: mypy reports comments that ignore nothing."""
    done = run([checkers / "mypy", "--strict", "--warn-unreachable", root / "Tests/EndToEndTests/typed_program.py"], environment, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright_finds_the_same(root, modules, checkers, environment, tmp_path):
    """Under the name basedpyright, which brings what it runs on."""
    program = root / "Tests/EndToEndTests/typed_program.py"
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({
        "include": [str(program)], "extraPaths": [str(modules)], "typeCheckingMode": "standard", "enableTypeIgnoreComments": False}))
    done = run([checkers / "basedpyright", "--outputjson"], environment, tmp_path)
    errors = [one for one in json.loads(done.stdout)["generalDiagnostics"] if one["severity"] == "error"]
    found = {one["range"]["start"]["line"] + 1: one["message"] for one in errors}
    wanted = {number for number, line in enumerate(program.read_text().splitlines(), 1)
              if "# type: ignore" in line and "mypy only" not in line}
    assert len(wanted) > 25
    assert not wanted - set(found), "pyright finds nothing wrong in these lines"
    assert not set(found) - wanted, {line: found[line] for line in set(found) - wanted}


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_a_type(module, checkers, modules, environment, tmp_path):
    done = run([checkers / "basedpyright", "--verifytypes", module, "--ignoreexternal", "--outputjson"], environment, tmp_path)
    said = json.loads(done.stdout)["typeCompleteness"]
    assert said["pyTypedPath"] == str(modules / module / "py.typed")
    assert said["completenessScore"] == 1, [one for one in said["symbols"] if not one["isTypeKnown"]][:20]


def test_stubs_agree_with_the_modules(checkers, environment, tmp_path):
    """Names, signatures, defaults, kinds and values, without an exception."""
    done = run([checkers / "python", "-m", "mypy.stubtest", *MODULES], environment, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("library", ["ours", "debian"])
def test_results_fit_their_annotations(library, root, modules, ours, reference, tmp_path):
    done = run(
        ["/usr/bin/python3", root / "Tests/EndToEndTests/typed_results.py", modules, tmp_path / "world.xml"],
        {**(ours if library == "ours" else reference), "PYTHONPATH": str(modules)}, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert not report["wrong"], "\n".join(report["wrong"])
    assert not report["refused"], report["refused"]
    assert len(set(report["called"])) >= LEAST_CALLED[library], (report["classes"], report["absent"])


def enumerations(root):
    """The named enumerations of the libraries that Python reaches: name, whether flags, names of the values."""
    for file in sorted((root / "api-xml").rglob("*.xml")):
        topic = ElementTree.parse(file).getroot()
        if topic.get("header", "").endswith("admin"):
            continue
        for one in topic.iter("enum"):
            if one.get("typedef") != "no" and one.get("anonymous") != "yes":
                values = [value.get("name") for value in one.iter("value") if value.get("sentinel") != "yes" or value.get("alias")]
                yield one.get("name"), one.get("kind") == "flags", values


def test_enumerations_are_the_constants(root, modules, ours, tmp_path):
    program = """
import sys
import libvirt, libvirt_lxc, libvirt_qemu, libvirt.enums
early = "enum" in sys.modules
import json, pickle
made = {name: getattr(libvirt.enums, name) for name in dir(libvirt.enums)}
constants = {name: value for module in (libvirt, libvirt_lxc, libvirt_qemu) for name, value in vars(module).items() if name.startswith("VIR_")}
same = all(pickle.loads(pickle.dumps(one)) is one and getattr(libvirt.enums, name) is one for name, one in made.items())
kinds = {name: one.__mro__[1].__name__ for name, one in made.items()}
unknown = [name for name, one in made.items() if kinds[name] == "IntFlag" and one(1 << 30 | 1) != 1 << 30 | 1]
try: libvirt.enums.Nothing
except AttributeError as error: message = str(error)
members = {name: list(map(list, one.__members__.items())) for name, one in made.items()}
print(json.dumps([early, constants, kinds, members, same, unknown, message]))
"""
    done = run(["/usr/bin/python3", "-S", "-c", program], {**ours, "PYTHONPATH": str(modules)}, tmp_path)
    assert done.returncode == 0, done.stderr
    early, constants, kinds, members, same, unknown, message = json.loads(done.stdout)
    assert not early, "importing libvirt.enums makes Python import enum"
    assert same and not unknown and "Nothing" in message
    stub = {
        one.name: [[node.targets[0].id, ast.literal_eval(node.value)] for node in one.body if isinstance(node, ast.Assign)]
        for one in ast.parse((modules / "libvirt/enums.pyi").read_text()).body if isinstance(one, ast.ClassDef)}
    assert stub == members
    described = {name.removeprefix("vir"): (flags, values) for name, flags, values in enumerations(root)}
    assert len(described) > 150 and set(kinds) == set(described)
    for name, (flags, values) in described.items():
        assert kinds[name] == ("IntFlag" if flags else "IntEnum"), name
        assert len(values) == len(members[name]), f"{name}: two members have one name"
        for value, (member, number) in zip(values, members[name]):
            assert constants[value] == number, f"{name}.{member}"
            assert value.endswith(f"_{member.strip('_')}") or value.startswith("VIR_WAR_") and member.startswith("WARNING_"), (value, member)


def test_constants_in_stubs_have_their_values(modules, ours, tmp_path):
    for module in MODULES[:3]:
        tree = ast.parse((modules / module / "__init__.pyi").read_text())
        stated = {node.target.id: ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.AnnAssign) and node.value}
        program = f"import json, {module}; print(json.dumps({{n: v for n, v in vars({module}).items() if type(v) in (int, str) and n[0] != '_'}}))"
        live = json.loads(run(["/usr/bin/python3", "-c", program], {**ours, "PYTHONPATH": str(modules)}, tmp_path).stdout)
        assert stated == live, module


def test_import_stays_what_it_was(modules, ours, tmp_path):
    program = "import libvirt, sys; print(*[n for n in sys.modules if n.startswith('libvirt.') or n in ('typing', 'enum')], *[n for n in ('enums', 'types', 'errors') if n in dir(libvirt)])"
    assert run(["/usr/bin/python3", "-S", "-c", program], {**ours, "PYTHONPATH": str(modules)}, tmp_path).stdout == "\n"

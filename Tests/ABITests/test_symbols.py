"""The libraries export what the reference exports, under the same version nodes, and nothing else."""
import collections
import re
import subprocess

import pytest

LIBRARIES = ("libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin")
PRIVATE = ("__virt_runtime", "LIBVIRT_PRIVATE_SWIFTVIRT")
HEADERS = {
    "libvirt": "libvirt/libvirt.h", "libvirt-qemu": "libvirt/libvirt-qemu.h", "libvirt-lxc": "libvirt/libvirt-lxc.h",
    "libvirt-admin": "libvirt/libvirt-admin.h",
}


@pytest.fixture(scope="session")
def expected(root):
    """Symbols of the reference with their nodes, by library."""
    lines = (root / "Tests/Fixtures/symbol-versions.tsv").read_text().splitlines()[1:]
    table = collections.defaultdict(set)
    for line in lines:
        library, symbol, node = line.split("\t")
        table[library].add((symbol, node))
    return table


def dynamic_symbols(path):
    """Name, node, type and visibility of every defined dynamic symbol."""
    text = subprocess.run(["readelf", "-W", "--dyn-syms", path], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        found = re.match(r"\s*\d+: \S+\s+\d+ (\S+)\s+\S+\s+(\S+)\s+(\S+) (\S+?)@@?(\S+)", line)
        if found and found[3] != "UND":
            yield found[4], found[5], found[1], found[2]


@pytest.mark.parametrize("library", LIBRARIES)
def test_symbols_and_nodes(library, stage, expected):
    found = {(name, node) for name, node, _, _ in dynamic_symbols(stage / f"lib/{library}.so.0") if not name.startswith("LIBVIRT_")}
    private = {PRIVATE} if library == "libvirt" else set()
    assert found == expected[library] | private


@pytest.mark.parametrize("library", LIBRARIES)
def test_everything_is_visible(library, stage):
    assert {visibility for _, _, _, visibility in dynamic_symbols(stage / f"lib/{library}.so.0")} == {"DEFAULT"}


def test_one_symbol_is_data(stage):
    data = {name for name, _, kind, _ in dynamic_symbols(stage / "lib/libvirt.so.0") if kind == "OBJECT" and not name.startswith("LIBVIRT_") and name != PRIVATE[0]}
    assert data == {"virConnectAuthPtrDefault"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_chain_of_nodes(library, stage, root):
    """Each public node inherits from the one before it, as a program's loader sees it in the definitions."""
    text = subprocess.run(["readelf", "-W", "-V", stage / f"lib/{library}.so.0"], capture_output=True, text=True, check=True).stdout
    definitions = text.split("Version definition section", 1)[1].split("Version needs section", 1)[0]
    parents, last = {}, None
    for line in definitions.splitlines():
        if found := re.search(r"Name: (LIBVIRT\S*)", line):
            last = found[1]
            parents[last] = None
        elif found := re.search(r"Parent 1: (\S+)", line):
            parents[last] = found[1]
    public = [node for node in parents if "PRIVATE" not in node]
    order = sorted(public, key=lambda node: [int(part) for part in node.rsplit("_", 1)[1].split(".")])
    assert public == order
    assert [parents[node] for node in public] == [None] + public[:-1]


@pytest.mark.parametrize("library", LIBRARIES)
def test_soname_and_file(library, stage):
    path = (stage / f"lib/{library}.so.0").resolve()
    assert path.name == f"{library}.so.0.12008.0"
    text = subprocess.run(["readelf", "-W", "-d", path], capture_output=True, text=True, check=True).stdout
    assert f"soname: [{library}.so.0]" in text
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", text))
    assert needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libvirt.so.0"}
    assert "NODELETE" in text


@pytest.mark.parametrize("flags", (["-fPIE", "-pie"], ["-fno-PIE", "-no-pie"], ["-fPIE", "-pie", "-Wl,-z,now"]))
@pytest.mark.parametrize("library", LIBRARIES)
def test_addresses(library, flags, stage, ours, expected, compile_program):
    """A program that takes the address of everything links and runs; what it sees is what dlsym sees."""
    names = sorted(name for name, _ in expected[library])
    entries = "".join(f'    {{"{name}", (void *)&{name}}},\n' for name in names)
    program = compile_program(
        "#define _GNU_SOURCE\n#include <stdio.h>\n#include <dlfcn.h>\n"
        f"#include <libvirt/libvirt.h>\n#include <libvirt/virterror.h>\n#include <{HEADERS[library]}>\n"
        "static const struct { const char *name; void *address; } all[] = {\n" + entries + "};\n"
        "int main(void)\n{\n  int wrong = 0;\n  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {\n"
        "    if (all[i].address != dlsym(RTLD_DEFAULT, all[i].name)) { puts(all[i].name); wrong++; }\n  }\n"
        '  printf("%u\\n", (unsigned)(sizeof all / sizeof *all));\n  return wrong != 0;\n}\n',
        stage, "-Wall", "-Wno-deprecated-declarations", *flags, f"-l{library[3:]}", "-lvirt", "-ldl")
    done = subprocess.run([program], env=ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[-1] == str(len(names))


def test_abidiff(stage, tmp_path):
    """Debian's library loses nothing public when ours takes its place."""
    reference = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    path = re.search(r"libvirt\.so\.0 .*=> (\S+)", reference)[1]
    suppressions = tmp_path / "suppressions"
    suppressions.write_text(
        "[suppress_function]\n  symbol_version_regexp = ^LIBVIRT_PRIVATE_.*\n"
        "[suppress_variable]\n  symbol_version_regexp = ^LIBVIRT_PRIVATE_.*\n")
    done = subprocess.run(
        ["abidiff", "--no-added-syms", "--suppressions", suppressions, path, stage / "lib/libvirt.so.0"], capture_output=True, text=True,
        check=False)
    removed = re.findall(r"(\d+) Removed", done.stdout)
    assert removed and set(removed) == {"0"}, done.stdout[-3000:]

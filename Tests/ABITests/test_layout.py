"""Public structs have the same size and offsets with the headers that Debian ships and with ours."""
import re
import subprocess

HEADERS = "#include <stddef.h>\n#include <stdio.h>\n#include <libvirt/libvirt.h>\n#include <libvirt/virterror.h>\n"


def measured(root, stage, compile_program, prefix, names, label):
    lines = []
    for name, fields in sorted(names.items()):
        lines.append(f'  printf("{name} size %zu\\n", sizeof({name}));')
        for field in sorted(fields):
            lines.append(f'  printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
    program = compile_program(
        HEADERS + "int main(void)\n{\n" + "\n".join(lines) + "\n  return 0;\n}\n", prefix, "-Wno-deprecated-declarations", name=label)
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()


def test_same_layout(root, stage, compile_program):
    lock = [line for line in (root / "api-xml/locks/layout.txt").read_text().splitlines() if not line.startswith("#")]
    preprocessed = subprocess.run(
        ["cc", "-E", "-P", "-include", "libvirt/libvirt.h", "-include", "libvirt/virterror.h", "-x", "c", "/dev/null"],
        capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"\w+", preprocessed))
    names = {}
    for line in lock:
        if " size " in line:
            if (name := line.split()[0]) in known:
                names[name] = set()
    for line in lock:
        if "." in line and (parts := line.split()[0].split("."))[0] in names:
            names[parts[0]].add(parts[1])
    assert len(names) == len(re.findall(r"^struct _vir\w+ \{", preprocessed, re.M))
    theirs = measured(root, stage, compile_program, None, names, "theirs")
    ours = measured(root, stage, compile_program, stage, names, "ours")
    assert theirs == ours
    assert set(ours) <= set(lock), "the lock file says something else than the compiler"

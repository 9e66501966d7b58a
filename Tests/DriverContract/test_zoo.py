"""Plugins that are not what they should be: none stops the others, and the one that was needed says why it was refused."""
import os
import shutil
import subprocess

import pytest

OPEN = """
try:
    libvirt.open("{uri}")
    print("opened")
except libvirt.libvirtError as error:
    print(error)
"""
SOURCE = r"""
{before}
#include <libvirt/virt-driver.h>
{note}
{extra}
"""
NOTE = 'VIRT_DRIVER_NOTE(0, VIRT_DRIVER_TEXT("name", "zoo") VIRT_DRIVER_TEXT("group", "hypervisor") VIRT_DRIVER_TEXT("match", "scheme=zoo"));'
NEGOTIATE = "int virt_driver_negotiate(const struct virt_driver_host *host, struct virt_driver_reply *reply) {{ (void)host; {body} }}"


def animal(note=NOTE, body="reply->minor = 0; return 0;", before="", extra=""):
    return SOURCE.format(before=before, note=note, extra=NEGOTIATE.format(body=body) + extra)


ZOO = {
    "refuses": (animal(body='reply->error = "the moon is full"; return -1;'), "it refused: the moon is full"),
    "says nothing": (animal(body="(void)reply; return 1;"), "it refused: without saying why"),
    "no operations": (animal(), "cannot open connections"),
    "another ABI": (animal(before="#define VIRT_DRIVER_MINOR_LEAST 9u"), "it needs driver ABI 1.9"),
    "a later release": (animal(before="#define VIRT_DRIVER_API_LEAST 99000000u"), "it needs API release 99000000"),
    "a later minor": (animal(body="reply->minor = 77; return 0;"), "it wants to speak driver ABI minor 77"),
    "twice": (animal(
        body="static const struct virt_driver_operation list[] = { { 1, 1, 0, 0, (void (*)(void))virt_driver_negotiate }, { 1, 1, 0, 0, (void (*)(void))virt_driver_negotiate } };"
             "reply->operations = (struct virt_driver_array){ list, 2, sizeof *list }; return 0;"), "it registers operation 1 twice"),
    "a wrong shape": (animal(body='reply->operations = (struct virt_driver_array){ "x", 1, 1 }; return 0;'), "its list of operations has a wrong shape"),
    "a missing list": (animal(body="reply->operations = (struct virt_driver_array){ 0, 3, 32 }; return 0;"), "its list of operations is missing"),
    "no name": (animal(note='VIRT_DRIVER_NOTE(0, VIRT_DRIVER_TEXT("group", "hypervisor") VIRT_DRIVER_TEXT("match", "scheme=zoo"));'), "its note gives no usable name"),
    "a bad rule": (animal(note='VIRT_DRIVER_NOTE(0, VIRT_DRIVER_TEXT("name", "zoo") VIRT_DRIVER_TEXT("match", "colour=blue"));'), "its match rule is not one: colour=blue"),
    "no symbol": (SOURCE.format(before="", note=NOTE, extra="int other;"), "it does not export virt_driver_negotiate"),
    "an unresolved symbol": (animal(extra="\nextern int nowhere(void); int use(void); int use(void) { return nowhere(); }"), "nowhere"),
}


def build(text, folder, stage, name="zoo"):
    source = folder / f"{name}.c"
    source.write_text(text)
    done = subprocess.run(
        ["cc", "-shared", "-fPIC", f"-I{stage}/include", "-o", folder / f"libvirt_driver_{name}.so", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / f"libvirt_driver_{name}.so"


@pytest.mark.parametrize("kind", ZOO)
def test_the_refusal_is_part_of_the_error(kind, stage, run_python, sample, tmp_path):
    text, reason = ZOO[kind]
    build(text, tmp_path, stage)
    shutil.copy(sample / "libvirt_driver_sample.so", tmp_path)
    done = run_python(OPEN.format(uri="zoo:///") + OPEN.format(uri="sample:///"), tmp_path)
    first, second = done.stdout.splitlines()
    assert reason in first and "libvirt_driver_zoo.so" in first or kind == "no operations" and first != "opened", first
    assert second == "opened", "a bad plugin stopped a good one"


def damaged(data, kind):
    if kind == "truncated":
        return data[: len(data) // 2]
    if kind == "empty":
        return b""
    if kind == "text":
        return b"#!/bin/sh\n" * 100
    if kind == "another machine":
        return data[:18] + b"\x28\x00" + data[20:]
    if kind == "32 bits":
        return data[:4] + b"\x01" + data[5:]
    if kind == "another byte order":
        return data[:5] + b"\x02" + data[6:]
    return data[:32] + b"\xff" * 8 + data[40:]


@pytest.mark.parametrize("kind", ["truncated", "empty", "text", "another machine", "32 bits", "another byte order", "wild offsets"])
def test_damaged_files_are_passed_over(kind, stage, run_python, sample, tmp_path):
    good = (sample / "libvirt_driver_sample.so").read_bytes()
    (tmp_path / "libvirt_driver_bad.so").write_bytes(damaged(good, kind))
    shutil.copy(sample / "libvirt_driver_sample.so", tmp_path)
    done = run_python(OPEN.format(uri="sample:///"), tmp_path, LIBVIRT_LOG_OUTPUTS="1:stderr", LIBVIRT_LOG_FILTERS="1:driver")
    assert done.stdout.splitlines() == ["opened"], done.stdout + done.stderr
    assert "libvirt_driver_bad.so" in done.stderr


def test_foreign_files_are_no_news(stage, run_python, sample, tmp_path):
    """The reference's own drivers have our names and no note: nobody is bothered with them."""
    (tmp_path / "foreign.c").write_text("int nothing;\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", tmp_path / "libvirt_driver_foreign.so", tmp_path / "foreign.c"], check=True)
    shutil.copy(sample / "libvirt_driver_sample.so", tmp_path)
    done = run_python(OPEN.format(uri="sample:///"), tmp_path)
    assert done.stdout.splitlines() == ["opened"] and "foreign" not in done.stderr


@pytest.mark.parametrize("where", ["file", "folder"])
def test_what_others_can_write_is_not_loaded(where, run_python, sample, tmp_path):
    folder = tmp_path / "drivers"
    folder.mkdir()
    target = shutil.copy(sample / "libvirt_driver_sample.so", folder)
    os.chmod(target if where == "file" else folder, 0o777)
    done = run_python(OPEN.format(uri="sample:///"), folder)
    assert "not trusted" in done.stdout and "mode 777" in done.stdout and "chmod o-w" in done.stdout, done.stdout


def test_elevated_processes_ignore_the_variable(stage, sample, tmp_path, compile_program):
    """A set-user-id program takes drivers from the installed folder only."""
    if os.getuid() != 0:
        pytest.skip("needs root to make a set-group-id program")
    program = compile_program(
        '#include <stdio.h>\n#include <libvirt/libvirt.h>\nint main(void) { puts(virConnectOpen("sample:///") ? "opened" : "not opened"); return 0; }\n',
        stage, f"-Wl,-rpath,{stage}/lib", "-lvirt")
    os.chown(program, 0, 65534)
    os.chmod(program, 0o2755)
    done = subprocess.run([program], env={"LIBVIRT_DRIVER_DIR": str(sample), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[0] == "not opened", done.stdout + done.stderr

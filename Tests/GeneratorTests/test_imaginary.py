"""One edit in the description, one command: a new function arrives in every layer."""
import shutil
import subprocess

import pytest

FUNCTION = """  <function name="virDomainImagine" since="{since}" receiver="domain" blocks="yes">
    <doc>Imagines the domain.</doc>
    <fails>When there is nothing to imagine.</fails>
    <returns type="int" shape="status" error="-1"/>
    <parameter name="domain" type="virDomainPtr" nullable="no"/>
    <parameter name="what" type="const char *" nullable="no"/>
    <parameter name="count" type="int" least="1"/>
    <parameter name="flags" type="unsigned int" role="flags" flags="none"/>
    <operation name="domainImagine"/>
    <read-only access="denied"/>
    <python class="virDomain" name="imagine"/>
  </function>
</topic>
"""
OPERATION = """  <operation name="domainImagine" id="9000" revision="1" function="virDomainImagine" since="{since}" blocks="yes" wire="unassigned">
    <access object="domain" permission="write"/>
  </operation>
</operations>
"""
PROGRAM = r"""
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
static void quiet(void *opaque, virErrorPtr error) { (void)opaque; (void)error; }
static void show(int result) { printf("%d %d\n", result, virGetLastErrorCode()); }
int main(void) {
    virSetErrorFunc(NULL, quiet);
    virConnectPtr connection = virConnectOpen("test:///default");
    virDomainPtr domain = virDomainLookupByName(connection, "test");
    show(virDomainImagine(NULL, "x", 1, 0));
    show(virDomainImagine(domain, NULL, 1, 0));
    show(virDomainImagine(domain, "x", 0, 0));
    show(virDomainImagine(domain, "x", 1, 0));
    virConnectPtr reader = virConnectOpenReadOnly("test:///default");
    show(virDomainImagine(virDomainLookupByName(reader, "test"), "x", 1, 0));
    return 0;
}
"""
SINCE = "12.5.0"


def append(path, end, text):
    content = path.read_text()
    assert content.rstrip().endswith(end)
    path.write_text(content.rstrip()[: -len(end)] + text.format(since=SINCE))


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """Everything that is built, with the function added and generated."""
    folder = tmp_path_factory.mktemp("imaginary") / "project"
    for part in ("api-xml", "Sources", "bindings", "generators", "scripts", "Tests", "Package.swift", "Makefile"):
        source, target = root / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    append(folder / "api-xml/domain/lifecycle.xml", "</topic>", FUNCTION)
    append(folder / "api-xml/operations/hypervisor.xml", "</operations>", OPERATION)
    return folder


@pytest.fixture(scope="module")
def generated(copy, virtgen):
    """Names of the files that changed."""
    before = {path: path.read_bytes() for part in ("Sources", "bindings", "api-xml/locks") for path in (copy / part).rglob("*") if path.is_file()}
    done = subprocess.run([virtgen, "generate", "--root", copy], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    after = {path: path.read_bytes() for part in ("Sources", "bindings", "api-xml/locks") for path in (copy / part).rglob("*") if path.is_file()}
    assert before.keys() == after.keys()
    return {str(path.relative_to(copy)): (before[path], after[path]) for path in after if before[path] != after[path]}


def test_every_layer_has_it_and_nothing_else_changes(generated):
    new = {path: after.decode() for path, (_, after) in generated.items()}
    assert "int virDomainImagine(" in new["Sources/CVirt/Generated/libvirt/libvirt-domain.h"]
    assert "virDomainImagine;" in new["bindings/c/Generated/libvirt.map"]
    assert "VIRT_OPERATION_domainImagine 9000u" in new["Sources/CVirt/Generated/libvirt/virt-driver-operations.h"]
    assert any("func domainImagine(" in text for path, text in new.items() if path.startswith("Sources/VirtDriverKit/Generated"))
    assert "name='virDomainImagine'" in new["bindings/c/Generated/libvirt-api.xml"]
    assert "libvirt virDomainImagine LIBVIRT_12.5.0" in new["api-xml/locks/symbols.txt"]
    # Lines that went are those that carry a fingerprint or a count; everything else only came.
    for path, (before, after) in generated.items():
        gone = set(before.decode().splitlines()) - set(after.decode().splitlines())
        assert len(gone) <= 4, f"{path}: {sorted(gone)[:5]}"
    assert len(generated) <= 20, sorted(generated)


def test_it_builds_and_answers_unsupported(copy, generated, tmp_path, ours):
    done = subprocess.run(["make", "--no-print-directory", "-C", copy, "libraries"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (tmp_path / "program.c").write_text(PROGRAM)
    subprocess.run(
        ["cc", "-Wall", "-Wextra", "-Werror", f"-I{copy}/Sources/CVirt/Generated", "-o", tmp_path / "program", tmp_path / "program.c",
         f"-L{copy}/build/lib", "-lvirt"], check=True)
    done = subprocess.run([tmp_path / "program"], env={**ours, "LD_LIBRARY_PATH": f"{copy}/build/lib"}, capture_output=True, text=True, check=False)
    # A handle that is none, NULL, a count out of range, nobody implements it, a read-only connection.
    assert done.stdout.splitlines() == ["-1 7", "-1 8", "-1 8", "-1 3", "-1 29"], done.stdout + done.stderr
    symbols = subprocess.run(["nm", "-D", "--defined-only", copy / "build/lib/libvirt.so.0"], capture_output=True, text=True, check=True).stdout
    assert "virDomainImagine@@LIBVIRT_12.5.0" in symbols

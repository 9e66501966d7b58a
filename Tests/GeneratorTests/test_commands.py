"""plan, explain, import, export and diff on the real description and on changed copies; locks that only grow."""
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

FIXTURES = ("libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin")


def virtgen_run(virtgen, *arguments, cwd=None):
    return subprocess.run([virtgen, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(root, tmp_path):
    """A description that may be changed."""
    shutil.copytree(root / "api-xml", tmp_path / "api-xml")
    return tmp_path


def change(folder, file, old, new):
    path = folder / "api-xml" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def remove(folder, file, element, name):
    """Removes the top-level element of that name, however it is written."""
    path = folder / "api-xml" / file
    document = ElementTree.parse(path)
    (found,) = document.findall(f"{element}[@name='{name}']")
    document.getroot().remove(found)
    document.write(path, encoding="UTF-8", xml_declaration=True)


def test_plan_has_a_line_for_each_function(virtgen, root):
    lines = virtgen_run(virtgen, "plan", cwd=root).stdout.splitlines()
    assert len(lines) == 568 and all(line.startswith("vir") for line in lines)
    done = virtgen_run(virtgen, "plan", "virDomainSuspendx", cwd=root)
    assert done.returncode == 1 and "virDomainSuspendx" in done.stderr


def test_plan_names_checks_and_operation(virtgen, root):
    text = virtgen_run(virtgen, "plan", "virDomainGetVcpuPinInfo", cwd=root).stdout
    assert "refuses     ncpumaps times maplen is more than INT_MAX" in text
    assert "operation   connection " in text and "LIBVIRT_0.9.3" in text


@pytest.mark.parametrize("name", ["virDomainSuspend", "domainSuspend", "VIR_DOMAIN_RUNNING", "virDomainInfo", "virConnectAuthCallbackPtr"])
def test_explain_leads_to_lines_that_have_the_name(name, virtgen, root):
    """Every line it names is there, and every generated line that has the name is named."""
    done = virtgen_run(virtgen, "explain", name, cwd=root)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    file, line = lines[0].split()[1].split(":")[:2]
    assert name in (root / file).read_text().splitlines()[int(line) - 1]
    named = set()
    for entry in lines[lines.index("generated") + 1:]:
        file, line = entry.strip().split(":")[:2]
        named.add((file, int(line)))
    assert named
    found = subprocess.run(
        ["grep", "-rnw", "--include=*", name, "Sources", "bindings", "api-xml/locks"], cwd=root, capture_output=True, text=True, check=False)
    for entry in found.stdout.splitlines():
        file, line = entry.split(":")[:2]
        if "Generated/" in file or file.startswith("api-xml/locks"):
            assert (file, int(line)) in named, entry


@pytest.mark.parametrize("library", FIXTURES)
def test_import_finds_upstream_described(library, virtgen, root):
    done = virtgen_run(virtgen, "import", f"Tests/Fixtures/{library}-api-12.8.0.xml", cwd=root)
    assert done.returncode == 0 and done.stdout.startswith("0 new, 0 gone, 0 changed"), done.stdout


def test_import_reports_and_writes_what_must_be_annotated(virtgen, root, copy):
    text = (root / "Tests/Fixtures/libvirt-api-12.8.0.xml").read_text()
    text = text.replace('<function name="virDomainSuspend"', '<function name="virDomainImagine"')
    text = text.replace('name="VIR_DOMAIN_PAUSED" file="libvirt-domain" value="3"', 'name="VIR_DOMAIN_PAUSED" file="libvirt-domain" value="33"')
    upstream = copy / "upstream.xml"
    upstream.write_text(text)
    skeleton = copy / "api-xml/domain/imported.xml"
    done = virtgen_run(virtgen, "import", upstream, "--output", skeleton, "--root", copy)
    assert done.returncode == 3
    assert "new: function virDomainImagine: int (virDomainPtr)" in done.stdout
    assert "gone: function virDomainSuspend" in done.stdout
    assert "changed: enum VIR_DOMAIN_PAUSED: 3 became 33" in done.stdout
    refused = virtgen_run(virtgen, "check", "--root", copy)
    assert refused.returncode == 1 and "domain/imported.xml:" in refused.stderr


def test_import_carries_over_what_upstream_says(virtgen, root, copy):
    text = (root / "Tests/Fixtures/libvirt-api-12.8.0.xml").read_text()
    for name in ("virDomainSuspend", "virConnectAuthCallbackPtr", "VIR_CONNECT_IDENTITY_GROUP_NAME", "virDomainInfo", "virDomainBlockJobCursor", "VIR_DOMAIN_PAUSED"):
        text = text.replace(f'name="{name}"', f'name="{name}Imagined"')
    upstream, skeleton = copy / "upstream.xml", copy / "skeleton.xml"
    upstream.write_text(text)
    assert virtgen_run(virtgen, "import", upstream, "--output", skeleton, "--root", copy).returncode == 3
    found = {element.get("name").removesuffix("Imagined"): element for element in ElementTree.parse(skeleton).getroot()}
    assert all(element.get("since") for element in found.values())
    callback = found["virConnectAuthCallbackPtr"]
    assert [part.get("type") for part in callback] == ["int", "virConnectCredentialPtr", "unsigned int", "void *"]
    assert found["VIR_CONNECT_IDENTITY_GROUP_NAME"].get("string") == "group-name"
    assert [field.get("name") for field in found["virDomainInfo"]] == ["state", "maxMem", "memory", "nrVirtCpu", "cpuTime"]
    assert found["virDomainBlockJobCursor"].get("type") == "unsigned long long" and found["VIR_DOMAIN_PAUSED"].get("value") == "3"


def test_import_refuses_what_is_no_api(virtgen, root, tmp_path):
    for text, reason in (("<a/>", "no description"), ("<a", "not well-formed"), ("<api name='x'><symbols/></api>", "no library of ours")):
        path = tmp_path / "x.xml"
        path.write_text(text)
        done = virtgen_run(virtgen, "import", path, cwd=root)
        assert done.returncode == 1 and reason in done.stderr, done.stderr


def test_export_writes_every_library(virtgen, root, tmp_path):
    assert virtgen_run(virtgen, "export", tmp_path, cwd=root).returncode == 0
    for library in FIXTURES:
        assert (tmp_path / f"{library}-api.xml").read_bytes() == (root / f"bindings/c/Generated/{library}-api.xml").read_bytes()


ABI, SOURCE, PYTHON, DRIVER, WIRE = 2, 4, 8, 16, 32


def change_signature(folder):
    change(folder, "domain/memory.xml", '<parameter name="memory" type="unsigned long" least="1"/>', '<parameter name="memory" type="unsigned int" least="1"/>')


CHANGES = {
    "nothing": (lambda folder: None, 0, "None."),
    "an enumerator more": (lambda folder: change(folder, "error/numbers.xml", '<value name="VIR_ERR_NO_DOMAIN"', '<value name="VIR_ERR_IMAGINED" value="999" since="12.8.0" message="imagined"/>\n    <value name="VIR_ERR_NO_DOMAIN"'), 0, "added: enumerator VIR_ERR_IMAGINED"),
    "a value": (lambda folder: change(folder, "error/numbers.xml", 'name="VIR_ERR_NO_DOMAIN" value="42"', 'name="VIR_ERR_NO_DOMAIN" value="420"'), ABI, "enumerator VIR_ERR_NO_DOMAIN: `42` became `420`"),
    "a macro gone": (lambda folder: remove(folder, "domain/save.xml", "macro", "VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT_RAW"), SOURCE, "removed: macro VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT_RAW"),
    "a signature": (change_signature, ABI | DRIVER, "function virDomainSetMaxMemory"),
    "a stricter check": (lambda folder: change(folder, "domain/memory.xml", '<parameter name="memory" type="unsigned long" least="1"/>', '<parameter name="memory" type="unsigned long" least="2"/>'), ABI, "refuses: memory is less than 2"),
    "a Python name": (lambda folder: change(folder, "domain/lifecycle.xml", '<python class="virDomain" name="suspend"/>', '<python class="virDomain" name="pause"/>'), PYTHON, "Python signature of virDomainSuspend"),
    "an operation's id": (lambda folder: change(folder, "operations/hypervisor.xml", 'name="domainSuspend" id="212"', 'name="domainSuspend" id="2120"'), DRIVER, "operation domainSuspend"),
    "a procedure's number": (lambda folder: change(folder, "wire/remote.xml", 'number="2"', 'number="20000"'), WIRE, "procedure "),
}


@pytest.mark.parametrize("name", CHANGES)
def test_diff_says_who_breaks(name, virtgen, root, copy):
    edit, status, text = CHANGES[name]
    edit(copy)
    done = virtgen_run(virtgen, "diff", root / "api-xml", copy / "api-xml")
    assert done.returncode == status, done.stdout + done.stderr
    assert text in done.stdout and done.stdout.startswith("# ")


def test_locks_only_grow(virtgen, copy):
    change(copy, "error/numbers.xml", '<value name="VIR_ERR_NO_DOMAIN"', '<value name="VIR_ERR_IMAGINED" value="999" since="12.8.0" message="imagined"/>\n    <value name="VIR_ERR_NO_DOMAIN"')
    assert virtgen_run(virtgen, "generate", "--root", copy).returncode == 0
    change(copy, "operations/hypervisor.xml", 'name="domainSuspend" id="212"', 'name="domainSuspend" id="2120"')
    lock = copy / "api-xml/locks/operations.txt"
    before = lock.read_bytes()
    for command in ("generate", "check"):
        done = virtgen_run(virtgen, command, "--root", copy)
        assert done.returncode == 1
        assert "api-xml/locks/operations.txt: 'connection 212 hypervisor domainSuspend (virDomainPtr)' is locked" in done.stdout
    assert lock.read_bytes() == before
    assert virtgen_run(virtgen, "generate", "--break-locks", "--root", copy).returncode == 0
    assert lock.read_bytes() != before


def test_hand_written_bodies_only_shrink(virtgen, copy):
    change(copy, "domain/lifecycle.xml", '<operation name="domainSuspend"/>\n    <read-only access="denied"/>', '<hand-written reason="because"/>\n    <read-only access="denied"/>')
    done = virtgen_run(virtgen, "generate", "--root", copy)
    assert done.returncode == 1 and "'virDomainSuspend' would be written by hand" in done.stdout, done.stdout + done.stderr


def test_prose_is_complete_and_says_something(virtgen, root):
    done = virtgen_run(virtgen, "lint", cwd=root)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("0 missing, 0 repeating\n")


SPOILT_PROSE = {
    "a function without": ("domain/lifecycle.xml", "<doc>Stops a running domain's processors. It keeps its memory.</doc>", "", "missing: function virDomainSuspend"),
    "a function that repeats": ("domain/lifecycle.xml", "<doc>Stops a running domain's processors. It keeps its memory.</doc>", "<doc>Suspends the domain.</doc>", "repeats: function virDomainSuspend"),
    "a field without": ("domain/lifecycle.xml", "<doc>What the domain does, by the numbers of virDomainState.</doc>", "", "missing: field virDomainInfo.state"),
    "a key without": ("domain/statistics.xml", "<doc>Nanoseconds for which it ran.</doc>", "", "missing: key VIR_DOMAIN_STATS_VCPU_SUFFIX_TIME"),
    "a callback without": ("domain/events.xml", None, None, "missing: callback virConnectDomainEventCallback"),
}


@pytest.mark.parametrize("name", SPOILT_PROSE)
def test_lint_finds(name, virtgen, copy):
    file, old, new, text = SPOILT_PROSE[name]
    if old is None:
        path = copy / "api-xml" / file
        document = ElementTree.parse(path)
        (found,) = document.findall("callback[@name='virConnectDomainEventCallback']")
        found.remove(found.find("doc"))
        document.write(path, encoding="UTF-8", xml_declaration=True)
    else:
        change(copy, file, old, new)
    done = virtgen_run(virtgen, "lint", "--root", copy)
    assert done.returncode == 1
    line = next(line for line in done.stdout.splitlines() if text in line)
    assert line.startswith(f"api-xml/{file}:")

"""What the variables of the log bring to light, in a program that nobody here wrote."""
import re
import subprocess

PROGRAM = """
import libvirt
import libvirt_qemu
libvirt.registerErrorHandler(lambda context, error: None, None)
connection = libvirt.open("test:///default")
domain = connection.lookupByName("test")
for attempt in (lambda: connection.lookupByName("nobody"), lambda: libvirt_qemu.qemuMonitorCommand(domain, "{}", 0)):
    try:
        attempt()
    except libvirt.libvirtError:
        pass
"""
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: \d+: (debug|info|warning|error) : (\w+) : (.*)")


def run(environment, **variables):
    done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM], env=environment | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def messages(text):
    lines = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(lines), text
    return [line.groups() for line in lines]


def test_debug_shows_every_call_and_every_driver_asked(ours):
    found = messages(run(ours, LIBVIRT_DEBUG="1"))
    calls = [text for _, source, text in found if source == "call"]
    wanted = ["virConnectOpen", "virDomainLookupByName", "virDomainLookupByName", "virDomainQemuMonitorCommand"]
    assert [name for name in calls if name in wanted] == wanted
    assert any(source == "connection" and "asks the driver test" in text for _, source, text in found)
    assert any(priority == "error" and "'nobody'" in text for priority, _, text in found)


def test_levels(ours):
    assert run(ours) == ""
    assert {priority for priority, _, _ in messages(run(ours, LIBVIRT_DEBUG="4"))} <= {"error", "info"}
    assert "call" not in {source for _, source, _ in messages(run(ours, LIBVIRT_DEBUG="2"))}


def test_filters_and_outputs(ours, tmp_path):
    file = tmp_path / "log"
    shown = run(ours, LIBVIRT_DEBUG="4", LIBVIRT_LOG_FILTERS="1:call", LIBVIRT_LOG_OUTPUTS=f"1:file:{file}")
    assert shown == ""
    sources = {source for _, source, _ in messages(file.read_text())}
    assert "call" in sources and "connection" not in sources


def test_wrong_settings_are_named(ours):
    assert "LIBVIRT_LOG_FILTERS" in run(ours, LIBVIRT_LOG_FILTERS="nine:call")
    assert "LIBVIRT_LOG_OUTPUTS" in run(ours, LIBVIRT_LOG_OUTPUTS="1:nowhere")

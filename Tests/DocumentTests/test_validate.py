"""The flags that validate, and virt-xml-validate. The reference runs beside ours wherever its driver knows the flag."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGE = ROOT / "stage"
PROGRAM = r"""
import json, libvirt, sys
libvirt.registerErrorHandler(lambda context, error: None, None)
c = libvirt.open("test:///default")
domain = c.lookupByName("test")
def said(function, *arguments):
    try:
        function(*arguments)
        return "done"
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain(), error.get_error_level(), error.get_error_message()]
pool = c.storagePoolLookupByName("default-pool")
network = c.networkLookupByName("default")
device = "<device><parent>computer</parent>%s<capability type='mdev'><type id='nvidia-11'/></capability></device>"
PORT = "<networkport><uuid>11111111-2222-3333-4444-000000000009</uuid><owner><name>g</name><uuid>11111111-2222-3333-4444-000000000001</uuid></owner><mac address='52:54:00:00:00:01'/>%s</networkport>"
DOMAIN = "<domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type></os>%%s</domain>"
CALLS = {
    "domain": (lambda text, flags: c.defineXMLFlags(text, flags), 1, DOMAIN % "defined"),
    "start": (lambda text, flags: c.createXML(text, flags), libvirt.VIR_DOMAIN_START_VALIDATE, DOMAIN % "started"),
    "network": (lambda text, flags: c.networkDefineXMLFlags(text, flags), 1, "<network><name>n</name>%s</network>"),
    "started network": (lambda text, flags: c.networkCreateXMLFlags(text, flags), 1, "<network><name>m</name>%s</network>"),
    "pool": (lambda text, flags: c.storagePoolDefineXML(text, flags), 1, "<pool type='dir'><name>p</name>%s<target><path>/p</path></target></pool>"),
    "volume": (lambda text, flags: pool.createXML(text, flags), 4, "<volume><name>v</name><capacity>10</capacity>%s<target/></volume>"),
    "interface": (lambda text, flags: c.interfaceDefineXML(text, flags), 1, "<interface type='ethernet' name='eth9'>%s</interface>"),
    "snapshot": (lambda text, flags: domain.snapshotCreateXML(text, flags), libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE, "<domainsnapshot><name>s</name>%s</domainsnapshot>"),
    "port": (lambda text, flags: network.portCreateXML(text, flags), 2, PORT),
    "secret": (lambda text, flags: c.secretDefineXML(text, flags), 1, "<secret><description>d</description>%s</secret>"),
    "filter": (lambda text, flags: c.nwfilterDefineXMLFlags(text, flags), 1, "<filter name='f'>%s</filter>"),
    "binding": (lambda text, flags: c.nwfilterBindingCreateXML(text, flags), 1, "<filterbinding><owner><name>g</name><uuid>11111111-2222-3333-4444-000000000001</uuid></owner><portdev name='t0'/><mac address='52:54:00:00:00:01'/><filterref filter='clean-traffic'/>%s</filterbinding>"),
    "device": (lambda text, flags: c.nodeDeviceDefineXML(text, flags), 1, device),
    "processor": (lambda text, flags: c.compareCPU(text, flags), 2, "<cpu><model>EPYC</model>%s</cpu>"),
    "guest's processor": (lambda text, flags: c.compareHypervisorCPU(None, None, None, None, text, flags), 2, "<cpu><arch>x86_64</arch><model>EPYC</model>%s</cpu>"),
}
answers = {}
for name, (call, flag, text) in CALLS.items():
    answers[name] = {
        "wrong": said(call, text % "\n<unheard-of/>", flag), "other": said(call, "<unheard-of/>", flag), "broken": said(call, text, flag)[:3],
        "right": said(call, text % "", flag), "wrong, unasked": said(call, text % "<unheard-of/>", 0),
    }
print(json.dumps(answers))
"""


def run(environment):
    done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def ours_answers(ours):
    return run(ours)


# What the reference's driver, 9.0.0, has no call or no flag for.
OURS_ALONE = {"port", "secret", "filter", "binding", "device", "start", "processor", "guest's processor"}


def test_a_wrong_document_is_refused_when_asked(ours_answers):
    for name, answer in ours_answers.items():
        assert answer["wrong"][:3] == [92, 5, 2], (name, answer)
        assert "unheard-of" in answer["wrong"][3] or "failed to validate" in answer["wrong"][3], (name, answer)
        assert "(line " in answer["wrong"][3], (name, answer)
        assert answer["wrong, unasked"][0] != 92, (name, answer)
        assert answer["right"] == "done" or name == "device", (name, answer)
        assert answer["other"][0] != 92, (name, answer)


def test_the_reference_says_so_too(ours_answers, reference):
    for name, answer in run(reference).items():
        if name not in OURS_ALONE:
            for case in ("wrong", "other", "broken"):
                assert answer[case][:3] == ours_answers[name][case][:3], (name, case, answer[case], ours_answers[name][case])


def test_no_schemas(ours, tmp_path):
    for answer in run({**ours, "LIBVIRT_SCHEMA_DIR": str(tmp_path)}).values():
        assert answer["wrong"][:2] == [67, 5] and str(tmp_path) in answer["wrong"][3], answer
    (tmp_path / "domain.rng").write_text("<grammar")
    answer = run({**ours, "LIBVIRT_SCHEMA_DIR": str(tmp_path)})["domain"]
    assert answer["wrong"][:2] == [67, 5], answer


def test_libxml2_is_loaded_by_nothing_else(ours):
    program = "import libvirt; c = libvirt.open('test:///default'); c.lookupByName('test').XMLDesc(); print(open('/proc/self/maps').read())"
    done = subprocess.run(["/usr/bin/python3", "-c", program], env=ours, capture_output=True, text=True, timeout=60, check=True)
    assert "libvirt_driver_test" in done.stdout and "libxml2" not in done.stdout


def test_an_installation_can_be_moved(ours, tmp_path):
    shutil.copytree(STAGE / "lib", tmp_path / "lib", symlinks=True)
    shutil.copytree(STAGE / "share/libvirt", tmp_path / "share/libvirt")
    (tmp_path / "share/libvirt/schemas/secret.rng").unlink()
    environment = {name: value.replace(str(STAGE), str(tmp_path)) for name, value in ours.items()}
    answers = run(environment)
    assert answers["domain"]["wrong"][0] == 92
    assert answers["secret"]["wrong"][0] == 67


def validate(*arguments, text=None):
    return subprocess.run([STAGE / "bin/virt-xml-validate", *arguments], input=text, capture_output=True, text=True, timeout=60, check=False)


def test_the_command(tmp_path):
    secret = ROOT / "Tests/Documents/secret/tls.xml"
    assert validate(secret).returncode == 0
    assert validate(secret, "secret").returncode == 0
    assert validate("-", text=secret.read_text()).returncode == 0
    wrong = validate(secret, "network")
    assert wrong.returncode == 3 and "secret" in wrong.stderr
    assert validate("-", text="<network/>").returncode == 3
    assert validate("-", text="<network>").returncode == 3
    assert validate("-", text="<unheard-of/>").returncode == 2
    assert validate(secret, "unheard-of").returncode == 2
    assert validate(secret, "../secret").returncode == 2
    assert validate().returncode == 1 and "usage" in validate().stderr
    assert validate(tmp_path / "none").returncode == 1
    assert validate("--help").returncode == 0
    environment = {**os.environ, "LIBVIRT_SCHEMA_DIR": str(tmp_path)}
    assert subprocess.run([STAGE / "bin/virt-xml-validate", secret], env=environment, capture_output=True, check=False).returncode == 2

"""Programs that others wrote, and programs on others' bindings, on the reference library and on ours: both must see the same.

Where the reference's test driver cannot do something (`VIR_ERR_NO_SUPPORT`), ours may.
"""
import json
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
UNSUPPORTED = "this function is not supported by the connection driver"


def lines(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(theirs, mine, minimum):
    assert [label for label, _ in theirs] == [label for label, _ in mine]
    different = [f"{label}: theirs {one}, ours {other}" for (label, one), (_, other) in zip(theirs, mine) if one != other]
    assert not different, "\n".join(different)
    assert len(mine) >= minimum


def test_glib(reference, ours):
    def told(environment):
        return lines(["/usr/bin/python3", str(HERE / "glib_program.py")], environment)

    def without_wording(answer):
        return [*answer[:2], answer[2].split(":")[0]] if isinstance(answer, list) and len(answer) == 3 and isinstance(answer[2], str) else answer
    pairs = [(one, other) for one, other in zip(told(reference), told(ours)) if UNSUPPORTED not in str(one)]
    compare([(label, without_wording(one)) for (label, one), _ in pairs], [(label, without_wording(other)) for _, (label, other) in pairs], 65)
    assert {"domain-added", "started::booted", "suspended::paused"} <= set(re.findall(r"[a-z-]+(?:::[a-z-]+)?", json.dumps(pairs)))


def test_ruby(reference, ours, tmp_path):
    def told(environment):
        return lines(["ruby", str(HERE / "ruby_program.rb"), str(tmp_path / "file")], environment)
    pairs = [(one, other) for one, other in zip(told(reference), told(ours)) if not (isinstance(one[1], list) and 3 in one[1][1:2])]
    compare([one for one, _ in pairs], [other for _, other in pairs], 130)


def test_ocaml(reference, ours, tmp_path):
    def told(environment):
        # What the built-in objects are called by is made up for each process of the reference.
        return [(label, json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", json.dumps(one)))) for label, one in lines(
            ["ocaml", "-I", "+libvirt", "unix.cma", "mllibvirt.cma", str(HERE / "ocaml_program.ml"), str(tmp_path / "file")], environment)]
    pairs = [(one, other) for one, other in zip(told(reference), told(ours)) if "VIR_ERR_NO_SUPPORT" not in str(one)]
    compare([one for one, _ in pairs], [other for _, other in pairs], 120)


# What a user types, each in a process and so a world of its own. INSTALL stands for what all installations have in common.
INSTALL = "virt-install --memory 512 --osinfo generic --import --noautoconsole --connect test:///default --name made"
COMMANDS = (
    f"{INSTALL} --disk none --print-xml", f"{INSTALL} --disk none", f"{INSTALL} --disk pool=default-pool,size=1 --graphics vnc",
    f"{INSTALL} --disk path=/default-pool/new.img,size=1 --vcpus 2,maxvcpus=4 --network network=default,model=virtio --rng /dev/urandom --tpm emulator "
    "--channel unix,target_type=virtio,name=org.qemu.guest_agent.0 --controller usb --sound --watchdog default",
    f"{INSTALL} --disk none --autostart --transient", f"{INSTALL} --disk none --host-device scsi_host2", f"{INSTALL} --disk vol=default-pool/none",
    f"{INSTALL} --disk size=1,backing_store=/default-pool/none.img", f"{INSTALL} --disk none --cpu host-passthrough --check all=off",
    f"{INSTALL} --disk none --numatune 1,mode=strict --iothreads 2 --memballoon none --panic default --smartcard host --redirdev default --filesystem /a,/b --parallel pty",
    f"{INSTALL.replace('made', 'test')} --disk none", "virt-clone --connect test:///default --original test --auto-clone --print-xml",
    "virt-clone --connect test:///default --original test --name copy --file /default-pool/copy.img --check all=off",
    "virt-clone --connect test:///default --original none --auto-clone", "virt-xml --connect test:///default test --edit --cpu host-passthrough --print-diff",
    "virt-xml --connect test:///default test --edit --memory 1024 --define", "virt-xml --connect test:///default test --add-device --network network=default --define",
    "virt-xml --connect test:///default test --remove-device --disk 1 --define", "virt-xml --connect test:///default test --edit --description text --print-xml",
    "virt-xml --connect test:///default none --edit --memory 5")


@pytest.fixture
def typed(tmp_path):
    """Runs a command; gives its status and what it said, without what is made up each time and without our or their wording."""
    def run(command, environment):
        home = {**environment, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command.split(), env=home, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        said = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([0-9a-f]{2}:){5}[0-9a-f]{2}", "ID", done.stdout + done.stderr)
        return done.returncode, re.sub(r"(?m)^((?:ERROR|error).*?:).*$", r"\1", said)
    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_typed(command, reference, ours, typed):
    assert typed(command, ours) == typed(command, reference)


def test_words_that_programs_look_for(ours):
    """The tests of libvirt-dbus know by them that there is no parent."""
    program = ("import libvirt; libvirt.registerErrorHandler(lambda *a: None, None); it = libvirt.open('test:///default').lookupByName('test')\n"
               "try: it.snapshotCreateXML('<domainsnapshot/>').getParent()\nexcept libvirt.libvirtError as error: print(error)")
    done = subprocess.run(["/usr/bin/python3", "-c", program], env=ours, capture_output=True, text=True, timeout=60, check=True)
    assert "does not have a parent" in done.stdout

"""Debian's virsh as a user types it, on the reference library and on ours: what it prints, and its exit status."""
import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess

import pytest

import virsh_sessions

# virsh waits forever for a domain that was saved before it begins to wait, as it is on the reference.
ALONE = {"saving"}
# Commands that stand in no session, by the reason.
ELSEWHERE = {
    "see test_migrate": {"migrate"}, "leave virsh": {"exit", "quit"},
}


@pytest.fixture(scope="session")
def virsh(stage, reference, compile_program, root, tmp_path_factory):
    """Environments for virsh. Its own library has private functions that it needs: ours is loaded before that, under another name."""
    folder = tmp_path_factory.mktemp("virsh")
    loaded = [compile_program((root / "Tests/EndToEndTests/virsh_preload.c").read_text(), "", "-shared", "-fPIC", "-ldl", name="preload")]
    for name in ("libvirt.so.0", "libvirt-qemu.so.0", "libvirt-lxc.so.0"):
        content = (stage / "lib" / name).read_bytes()
        loaded.append(folder / name.replace("libvirt", "libvirx"))
        loaded[-1].write_bytes(re.sub(rb"(?<=\0)libvirt(-qemu|-lxc|)\.so\.0(?=\0)", rb"libvirx\1.so.0", content))
    ours = {"LIBVIRT_DRIVER_DIR": str(stage / "lib/libvirt/connection-driver"), "LD_PRELOAD": " ".join(map(str, loaded))}
    return {"reference": reference, "ours": {**reference, **ours}}


def prepare(environment, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in virsh_sessions.FILES.items():
        (folder / name).write_text(content)
    return {**environment, "HOME": str(folder), "TZ": "UTC", "LC_ALL": "C", "EDITOR": "sed -i -e s/65536/65544/g -e s/lan0/lan9/ -e s/1400/1300/"}


def run(environment, folder, name):
    """What each command of a session printed, and the exit status, which is that of the last."""
    environment = prepare(environment, folder)
    commands = [step if isinstance(step, str) else step[0] for step in virsh_sessions.SESSIONS[name]]
    text = "; ".join(f"echo @{number}@; {command}" for number, command in enumerate(commands))
    uri = f"test://{folder}/{name}.xml" if f"{name}.xml" in virsh_sessions.FILES else "test:///default"
    done = subprocess.run(["stdbuf", "-o0", "virsh", "-c", uri, text], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    parts = re.split(r"@\d+@\n", done.stdout)
    assert parts[0] == "" and len(parts) == len(commands) + 1, f"after '{commands[len(parts) - 2]}': {done.returncode} {parts[-1]}"
    return [plain(part) for part in parts[1:]], done.returncode


def plain(text):
    """A text without the width of columns, what time it is, and the library's wording of an error, which is ours."""
    text = re.sub(r"(?m)^I/O warning.*\n|^-+\n|^CPU time:.*\n|\d+(?=</creationTime>)", "", re.sub(r"[ \t]+", " ", text))
    lines = [line.strip() for line in text.strip().split("\n")]
    errors = [place for place, line in enumerate(lines) if line.startswith("error: ")]
    return "\n".join([*lines[:errors[-1]], "error: "] if errors else lines)


@pytest.mark.parametrize("name", sorted(virsh_sessions.SESSIONS))
def test_session(name, virsh, tmp_path):
    steps = virsh_sessions.SESSIONS[name]
    mine, status = run(virsh["ours"], tmp_path / "files", name)
    if name in ALONE:
        theirs, their_status = [None] * len(steps), status
    else:
        theirs, their_status = run(virsh["reference"], tmp_path / "files", name)
    wrong = []
    for step, one, other in zip(steps, theirs, mine):
        if isinstance(step, str):
            good = one in (other, None)
        else:
            good = one != other and (step[1] in other if step[1] else not other)
        if not good:
            wrong.append(f"{step}\n  reference {one!r}\n  ours      {other!r}")
    if isinstance(steps[-1], str) and status != their_status:
        wrong.append(f"exit status {their_status}, ours {status}")
    assert not wrong, "\n".join(wrong)


def test_every_command_has_its_place():
    listed = subprocess.run(["virsh", "help"], capture_output=True, text=True, check=True).stdout
    commands = set(re.findall(r"(?m)^    (\S+) ", listed))
    typed = {(step if isinstance(step, str) else step[0]).split()[0] for steps in virsh_sessions.SESSIONS.values() for step in steps}
    assert len(commands) > 250
    assert commands - typed == set().union(*ELSEWHERE.values())


def test_console(virsh, tmp_path):
    """A console of a terminal: what is typed comes back from the guest, and the escape leaves it."""
    environment = prepare(virsh["ours"], tmp_path / "files")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path / "files")
        os.execvpe("virsh", ["virsh", "-c", "test:///default", "define guest.xml; start guest; console guest; echo and on; domstate guest"], environment)
    said = typed = b""

    def typing(text):
        nonlocal typed
        typed = text
        os.write(terminal, text)

    def until(text):
        nonlocal said
        for _ in range(60):
            while text not in said and select.select([terminal], [], [], 1)[0]:
                said += os.read(terminal, 4096)
            if text in said:
                break
            os.write(terminal, typed)
        assert text in said
        said = said[said.index(text) + len(text):]

    try:
        until(b"Escape character is ^]")
        # virsh makes the terminal raw after it said so, and forgets what was typed before.
        typing(b"hello guest\r")
        until(b"hello guest")
        typing(b"\x1d")
        until(b"and on\r\nrunning")
        assert os.waitpid(child, 0)[1] == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.close(terminal)


def test_migrate(virsh, tmp_path):
    """To another world, which ends with the connection to it; each step takes a while, as virsh wants it."""
    environment = prepare(virsh["ours"], tmp_path / "files")
    (tmp_path / "here.xml").write_text("<node><behaviour><operation name='domainMigrate*' delay='100ms'/></behaviour></node>")
    (tmp_path / "there.xml").write_text("<node/>")
    commands = ("define guest.xml", "start guest", f"migrate guest test://{tmp_path}/there.xml --live --verbose", "domstate guest --reason", "start guest",
                "migrate guest test:///default --live --p2p --persistent --undefinesource --dname moved", "list --all --name", "migrate none test:///default")
    done = subprocess.run(["virsh", "-q", "-c", f"test://{tmp_path}/here.xml", "; ".join(commands)], env=environment, cwd=tmp_path / "files", capture_output=True, text=True,
                          timeout=60, check=False)
    assert re.fullmatch(r"(?s).*Migration: \[100 %\]error: failed to get domain 'none'\n", done.stderr), done.stderr
    assert [line for line in done.stdout.split("\n") if line] == ["shut off (migrated)"]

"""Every public function with wrong arguments: clean errors, and the same codes and domains as the reference."""
import fnmatch
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

HERE = pathlib.Path(__file__).parent

# Differences that are meant, by function (a pattern) and, where it is one value, by argument; each with its reason.
MEANT = {
    "virAdmGetVersion libVer=1": "an argument that is NULL is an invalid argument",
    "virConnect*QemuMonitorEventDeregister*": "the host keeps callbacks: an unknown number is an invalid argument",
    "virConnectSecretEvent*": "the host keeps callbacks: any connection can be listened to",
    "virConnectListAllNodeDevices flags=1": "newer kinds and states of devices have filters",
    "virConnectNetworkEventRegisterAny*": "event 1 is newer than Debian's library",
    "virConnectUnregisterCloseCallback": "a callback that is not registered is refused",
    "virDomainGetMetadata type=2": "an unknown kind of metadata is refused",
    "virDomainSetMetadata type=2": "an unknown kind of metadata is refused",
    "virDomainListGetStats doms=2": "the list holds what is no handle; the reference reads on",
    "virDomainLxcEnterCGroup*": "a group that cannot be entered is an error",
    "virDomainQemu*Command cmd=1": "a command that is NULL is refused before the driver is asked",
    "virDomainCreate*WithFiles nfiles=2": "descriptors are copied: more than a process can have are refused",
    "virDomainSendProcessSignal pid_value=2": "refused by a guard, so the function's domain",
    "virDomainSetInterfaceParameters device=1": "the device is checked before the parameters",
    "virConnectGetStoragePoolCapabilities*": "the reference's driver does not have the operation",
    "virStoragePoolLookupByTargetPath*": "the reference's driver does not have the operation",
    "virEventAdd* *": "what can never be called or watched is refused",
    "virDomainBlockPeek disk=2": "the driver refuses it, so the driver's domain",
    "virDomainGetBlockInfo disk=2": "the driver refuses it, so the driver's domain",
    "virDomainGetBlockIoTune nparams=1": "the disk is looked up even when only the number of parameters is asked for",
    "virDomainGetSchedulerParametersFlags": "the reference refuses a flag that it adds itself",
    "virDomainGetVcpus maplen=1": "maps without length are left alone",
    "virDomainGetVcpuPinInfo flags=1": "an unknown flag is refused",
    **{pattern: "the reference's test driver does not have it" for pattern in (
        "virDomainAgentSetResponseTimeout*", "virDomainAuthorizedSSHKeys*", "virDomainBlockPeek*", "virDomainBlockStatsFlags*",
        "virDomainGetGuestInfo*", "virDomain?etGuestVcpus*", "virDomainGetSecurityLabelList*", "virDomainSetVcpu*",
        "virDomainStartDirtyRateCalc*", "virNodeGetMemoryStats*")},
    "virInterfaceLookupByMACString*": "an interface without an address is not found by any address",
    "virStorageVolResize capacity=1": "whether a size may be 0 depends on the flags, which the driver knows: the driver's domain",
    "virTypedParamsGet* nparams=2": "a negative number of elements has none; the reference reads on",
    "virNodeGet*Stats params=1": "no array for a number of elements is refused",
    "virNodeGetSEVInfo params=1": "no place for the result is refused before the driver is asked",
}


@pytest.fixture(scope="module")
def hostile(stage, tmp_path_factory):
    """The program, with a folder that holds the test driver and the sample driver."""
    output = tmp_path_factory.mktemp("hostile")
    done = subprocess.run([HERE / "build", stage, output], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    for driver in (stage / "lib/libvirt/connection-driver").iterdir():
        shutil.copy(driver, output / "drivers")
    return output


@pytest.fixture
def stored():
    """The URI of a world with a store, where bringing files to the disk takes no time."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        shutil.copy(HERE / "world.xml", folder)
        yield f"test://{folder}/world.xml"


def check_store(ours, uri):
    """Opens a world again: everything in its store is understood."""
    program = "import libvirt, sys; print(len(libvirt.open(sys.argv[1]).listAllDomains()))"
    done = subprocess.run(["/usr/bin/python3", "-c", program, uri], env={**ours, "LIBVIRT_DEBUG": "3"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "store" not in done.stderr, done.stderr[-2000:]


def run(hostile, environment, *arguments, program="hostile"):
    return subprocess.run(
        [hostile / program, *map(str, arguments)], cwd=hostile, env={**environment, "LIBVIRT_DRIVER_DIR": str(hostile / "drivers")},
        capture_output=True, text=True, errors="replace", timeout=600, check=False)


def test_no_value_harms(hostile, stage, ours):
    done = run(hostile, ours, "run", stage / "lib", 20)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    calls, functions = (int(word) for word in done.stdout.split()[0:4:3])
    assert calls > 30000 and functions == 568


def test_threads_share_all_objects(hostile, stage, ours):
    done = run(hostile, ours, "threads", stage / "lib", 8, 20000)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    calls, threads, faults = (int(word) for word in done.stdout.split()[0:5:2])
    assert (threads, faults) == (8, 0) and calls > 100000


def test_threads_share_all_objects_of_a_world_with_a_store(hostile, stage, ours, stored):
    done = run(hostile, {**ours, "VIRT_WORLD": stored}, "threads", stage / "lib", 8, 3000)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    calls, threads, faults = (int(word) for word in done.stdout.split()[0:5:2])
    assert (threads, faults) == (8, 0) and calls > 15000
    assert len(list(pathlib.Path(stored.removeprefix("test://")).parent.glob("store/*.object"))) > 5
    check_store(ours, stored)


def test_threads_live_and_die_in_a_world_with_a_store(hostile, stage, ours, stored):
    done = run(hostile, {**ours, "VIRT_WORLD": stored}, 8, 50, program="hammer")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    check_store(ours, stored)


def transcript(done):
    """What each call answered: failed or not, code and domain."""
    answers = {}
    for line in done.stdout.splitlines():
        fields = line.split("|")
        if len(fields) == 3:
            answers[fields[0]] = (fields[1], *fields[2].split())
    return answers


def test_refusals_are_the_references(hostile, stage, reference, ours):
    theirs = transcript(run(hostile, reference, "compare", ""))
    mine = transcript(run(hostile, ours, "compare", stage / "lib"))
    both = theirs.keys() & mine.keys()
    assert len(both) > 1500
    unsupported = {call for call in both if mine[call][:2] == ("failed", "3")}
    different = {call for call in both - unsupported if theirs[call] != mine[call]}
    # The reference's test driver has no such operation, or there is a reason.
    meant = {call for call in different
             if theirs[call][:2] == ("failed", "3") or any(fnmatch.fnmatchcase(call, pattern) for pattern in MEANT)}
    assert not different - meant, "\n".join(f"{call}: reference {theirs[call]}, ours {mine[call]}" for call in sorted(different - meant))
    # Where the reference reads on, it is chance what it finds.
    unused = [pattern for pattern, reason in MEANT.items() if "reads on" not in reason and not any(fnmatch.fnmatchcase(call, pattern) for call in different)]
    assert not unused, f"no longer different: {unused}"

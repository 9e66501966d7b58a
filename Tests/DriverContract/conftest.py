"""What the tests of drivers share: an environment to build them in, outside the tree, and one to run programs with them."""
import os
import pathlib
import subprocess

import pytest


@pytest.fixture(scope="session")
def building(stage):
    """Environment in which the installed files are found, and nothing of the tree."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LIBVIRT_", "LD_", "MAKE", "MFLAGS", "CONFIGURATION", "SCRATCH", "BUILD"))}
    return {**kept, "PKG_CONFIG_PATH": str(stage / "lib/pkgconfig")}


@pytest.fixture(scope="session")
def run_python(ours, tmp_path_factory):
    """Runs a script through Debian's own python3-libvirt on our library, with drivers from a folder."""

    def run(script, folder=None, **variables):
        path = tmp_path_factory.mktemp("script") / "script.py"
        path.write_text("import libvirt\nlibvirt.registerErrorHandler(lambda context, error: None, None)\n" + script)
        environment = {**ours, **variables}
        if folder:
            environment["LIBVIRT_DRIVER_DIR"] = str(folder)
        return subprocess.run(["/usr/bin/python3", path], env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture(scope="session")
def sample(root, building, tmp_path_factory):
    """The folder of the sample driver in C, built outside the tree against the installed files."""
    folder = pathlib.Path(tmp_path_factory.mktemp("sample")) / "driver"
    subprocess.run(["cp", "-R", root / "bindings/driver-c", folder], check=True)
    done = subprocess.run(["make"], cwd=folder, env=building, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder

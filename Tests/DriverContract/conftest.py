"""What the tests of drivers share: an environment to run programs with them."""
import subprocess

import pytest


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

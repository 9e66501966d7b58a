"""Where the libraries are: ours in the staged install, the reference where Debian has it."""
import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGE = pathlib.Path(os.environ.get("STAGE", ROOT / "stage"))


@pytest.fixture(scope="session")
def stage():
    """The staged install; without it nothing here can run, so that is a failure, not a skip."""
    assert (STAGE / "lib" / "libvirt.so.0").exists(), f"no staged library in {STAGE}: run 'make stage' first"
    return STAGE


@pytest.fixture(scope="session")
def ours(stage):
    """Environment that makes a program load our library."""
    return {**clean(), "LD_LIBRARY_PATH": str(stage / "lib")}


@pytest.fixture(scope="session")
def reference():
    """Environment that makes a program load Debian's library."""
    return clean()


def clean():
    """The caller's environment without anything that changes what a library does."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("LIBVIRT_", "LD_"))}

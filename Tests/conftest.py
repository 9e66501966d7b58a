"""Where things are: our library in the staged install, the reference where Debian has it."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
STAGE = pathlib.Path(os.environ.get("STAGE", ROOT / "stage"))
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
VIRTGEN = pathlib.Path(os.environ.get("VIRTGEN", ROOT / ".build/release/virtgen"))


def clean():
    """The caller's environment without anything that changes what a library does."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("LIBVIRT_", "LD_"))}


@pytest.fixture(scope="session")
def root():
    """The project's folder."""
    return ROOT


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
def modules():
    """The folder of our Python modules."""
    folder = ROOT / "build" / "python"
    assert (folder / "libvirt" / "__init__.abi3.so").exists(), f"no Python modules in {folder}: run 'make python' first"
    return folder


@pytest.fixture(scope="session")
def checkers():
    """The folder of mypy's and pyright's programs, and of a Python that has them."""
    folder = ROOT / "build" / "checkers" / "bin"
    assert (folder / "mypy").exists(), f"no type checkers in {folder}: run scripts/setup first"
    return folder


@pytest.fixture(scope="session")
def reference():
    """Environment that makes a program load Debian's library."""
    return clean()


@pytest.fixture(scope="session")
def virtgen():
    """The generator's command, built in release."""
    assert VIRTGEN.exists(), f"no generator at {VIRTGEN}: run 'make generator' first"
    return VIRTGEN


@pytest.fixture(scope="session")
def compile_program(tmp_path_factory):
    """Compiles C text against installed headers and libraries; gives the program's path."""

    def compile_it(text, prefix, *flags, name="program", compiler="cc", suffix=".c"):
        folder = tmp_path_factory.mktemp(name)
        source, program = folder / f"{name}{suffix}", folder / name
        source.write_text(text)
        include = [f"-I{prefix}/include"] if prefix else []
        link = [f"-L{prefix}/lib"] if prefix else []
        done = subprocess.run(
            [compiler, *include, *link, "-o", program, source, *flags], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return program

    return compile_it


@pytest.fixture(scope="session")
def building(stage):
    """Environment in which the installed files are found, and nothing of the tree."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LIBVIRT_", "LD_", "MAKE", "MFLAGS", "CONFIGURATION", "SCRATCH", "BUILD"))}
    return {**kept, "PKG_CONFIG_PATH": str(stage / "lib/pkgconfig")}


@pytest.fixture(scope="session")
def sample(root, building, tmp_path_factory):
    """The folder of the sample driver in C, built outside the tree against the installed files."""
    folder = tmp_path_factory.mktemp("sample") / "driver"
    subprocess.run(["cp", "-R", root / "bindings/driver-c", folder], check=True)
    done = subprocess.run(["make"], cwd=folder, env=building, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder

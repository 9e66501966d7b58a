"""A wheel in an empty virtual environment, without a compiler or anything of ours around it."""
import os
import subprocess

import pytest
from pythons import interpreters


@pytest.fixture(scope="module", params=["wheel", "thin-wheel"])
def wheel(request, root, tmp_path_factory):
    """A wheel made from the tree as a user would, and whether it brings the library along."""
    folder = tmp_path_factory.mktemp("wheel")
    platform = f"manylinux_2_36_{os.uname().machine}"
    bundle = {"VIRT_BUNDLE": str(root / "stage/lib")} if request.param == "wheel" else {}
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, root / "bindings/python"],
        env={**os.environ, **bundle, "VIRT_WHEEL_PLATFORM": platform, "CFLAGS": "-O0"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(folder.glob(f"libvirt_python-*-cp310-abi3-{platform}.whl")), bool(bundle)


@pytest.mark.parametrize("interpreter", interpreters().values())
def test_wheel_is_all_it_takes(wheel, interpreter, tmp_path):
    file, has_library = wheel
    subprocess.run([interpreter, "-m", "venv", tmp_path / "environment"], check=True)
    python = tmp_path / "environment/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-index", file], check=True)
    program = """
import asyncio, libvirt, libvirt.aio, libvirtaio, libvirt_qemu, libvirt_lxc, libvirtmod
async def name():
    async with libvirt.aio.open("test:///default") as connection: return (await connection.lookupByName("test")).name()
print(libvirt.open("test:///default").lookupByName(asyncio.run(name())).name(), libvirt.getVersion())
print({line.split()[-1] for line in open("/proc/self/maps") if "libvirt.so" in line}.pop())
"""
    done = subprocess.run([python, "-c", program], env={"PATH": "/usr/bin:/bin"}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (name, version), (library,) = (line.split() for line in done.stdout.splitlines())
    assert name == "test"
    assert (version == "12008000") == has_library
    assert library.startswith(str(tmp_path)) == has_library


def test_wheel_brings_its_types(wheel, root, checkers, tmp_path):
    subprocess.run(["/usr/bin/python3", "-m", "venv", tmp_path / "environment"], check=True)
    python = tmp_path / "environment/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-index", wheel[0]], check=True)
    done = subprocess.run(
        [checkers / "mypy", "--strict", "--python-executable", python, root / "Tests/EndToEndTests/typed_program.py"],
        env={"PATH": "/usr/bin:/bin"}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_error_names_where_it_looked(modules, tmp_path):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", "import libvirt"], env={"PATH": "/usr/bin", "PYTHONPATH": str(modules), "LIBVIRT_PYTHON_LIBRARIES": str(tmp_path)},
        capture_output=True, text=True, check=False)
    assert "ImportError" in done.stderr and str(tmp_path) in done.stderr and "LIBVIRT_PYTHON_LIBRARIES" in done.stderr

"""Builds the extension; what else there is to know stands in pyproject.toml.

VIRT_BUNDLE names a folder with the libraries and drivers that go into the wheel; without it the wheel sits on a system library.
"""
import os
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel

HERE = Path(__file__).resolve().parent
os.chdir(HERE)
HEADERS = ["../../Sources/CVirt/Generated", "../../Sources/CVirtRuntime/include"]
WORK = "../../build/python-wheels"
os.makedirs(WORK, exist_ok=True)
BUNDLE = os.environ.get("VIRT_BUNDLE")
# Without the interpreter's lock there is no limited API.
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


# Packages, because a single file cannot say that it has types.
PACKAGES = ["libvirt", "libvirt.aio", "libvirt_qemu", "libvirt_lxc", "libvirtaio", "libvirtmod", "libvirtmod_qemu", "libvirtmod_lxc"]


class Build(build_py):
    """Adds what is generated; puts the libraries beside the extension, each under the name it is opened by."""

    def run(self):
        super().run()
        for file in sorted(Path("Generated/modules").rglob("*.py*")):
            target = Path(self.build_lib) / file.relative_to("Generated/modules")
            self.mkpath(str(target.parent))
            self.copy_file(str(file), str(target))
        if not BUNDLE:
            return
        target = Path(self.build_lib) / "libvirt" / "lib"
        for name in ("libvirt.so.0", "libvirt-qemu.so.0", "libvirt-lxc.so.0"):
            self.mkpath(str(target))
            self.copy_file(os.path.join(BUNDLE, name), str(target / name))
        drivers = target / "libvirt" / "connection-driver"
        self.mkpath(str(drivers))
        for driver in sorted(Path(BUNDLE, "libvirt", "connection-driver").glob("*.so")):
            self.copy_file(str(driver), str(drivers / driver.name))
        schemas = target / "libvirt" / "schemas"
        self.mkpath(str(schemas))
        for schema in sorted(Path("../schemas/Generated").glob("*.rng")):
            self.copy_file(str(schema), str(schemas / schema.name))


class Wheel(bdist_wheel):
    """One wheel for every interpreter from 3.10 on; one more for each that has no lock."""

    def finalize_options(self):
        if not FREE_THREADED:
            self.py_limited_api = "cp310"
        self.plat_name = os.environ.get("VIRT_WHEEL_PLATFORM")
        super().finalize_options()


setup(
    cmdclass={"build_py": Build, "bdist_wheel": Wheel},
    # Apart, so that neither wheel finds what was built for the other.
    options={"build": {"build_base": f"{WORK}/bundle" if BUNDLE else f"{WORK}/thin"}, "egg_info": {"egg_base": WORK}},
    package_dir={"": "modules"},
    packages=PACKAGES,
    package_data={name: ["py.typed", "*.pyi"] for name in PACKAGES},
    ext_modules=[
        Extension(
            "libvirt.__init__", sorted(map(str, Path(".").glob("runtime/*.c"))) + sorted(map(str, Path(".").glob("Generated/*.c"))),
            include_dirs=["runtime", "Generated", *HEADERS], py_limited_api=not FREE_THREADED, extra_compile_args=["-fvisibility=hidden"], extra_link_args=["-Wl,-s"])],
)

"""The installed headers compile without a warning in every dialect their users have."""
import re
import subprocess

import pytest

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wstrict-prototypes"]
C = ("gnu89", "gnu99", "gnu11", "gnu17", "gnu2x")
CXX = ("c++98", "c++11", "c++14", "c++17", "c++20", "c++23")
PUBLIC = ("libvirt", "virterror", "libvirt-qemu", "libvirt-lxc", "libvirt-admin")
COMPILERS = [("gcc", "c", standard) for standard in C] + [("clang-14", "c", standard) for standard in C]
COMPILERS += [("g++", "c++", standard) for standard in CXX] + [("clang++-14", "c++", standard.replace("23", "2b")) for standard in CXX]


def compiles(compiler, language, standard, include, text):
    flags = [flag for flag in WARNINGS if language == "c" or flag != "-Wstrict-prototypes"]
    done = subprocess.run(
        [compiler, "-x", language, f"-std={standard}", *flags, "-fsyntax-only", f"-I{include}", "-"], input=text, capture_output=True,
        text=True, check=False)
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize("compiler,language,standard", COMPILERS)
def test_public_headers(compiler, language, standard, stage):
    for header in PUBLIC:
        assert not compiles(compiler, language, standard, stage / "include", f"#include <libvirt/{header}.h>\n")


@pytest.mark.parametrize("compiler,language,standard", [("gcc", "c", "c11"), ("clang-14", "c", "c11"), ("g++", "c++", "c++17"), ("clang++-14", "c++", "c++17")])
def test_driver_header(compiler, language, standard, stage):
    assert not compiles(compiler, language, standard, stage / "include", "#include <libvirt/virt-driver.h>\n")


def test_pkg_config_moves_with_the_installation(stage, tmp_path):
    """The installation is found from where its .pc files lie, with the variables that consumers read."""
    moved = tmp_path / "elsewhere"
    subprocess.run(["cp", "-R", stage, moved], check=True)

    def ask(*arguments):
        return subprocess.run(
            ["pkg-config", *arguments], env={"PKG_CONFIG_PATH": str(moved / "lib/pkgconfig"), "PATH": "/usr/bin:/bin"}, capture_output=True,
            text=True, check=True).stdout.strip()

    for package in ("libvirt", "libvirt-qemu", "libvirt-lxc", "libvirt-admin"):
        assert ask("--modversion", package) == "12.8.0"
        words = ask("--cflags", "--libs", package).split()
        folders = [word[2:] for word in words if re.match("-[IL]", word)]
        assert folders and all(re.search("elsewhere", folder) for folder in folders), words
    for variable in ("libvirt_api", "libvirt_qemu_api", "libvirt_lxc_api", "libvirt_admin_api"):
        package = "libvirt-admin" if "admin" in variable else "libvirt"
        path = ask(f"--variable={variable}", package)
        assert "elsewhere" in path and path.endswith(".xml")

"""The Pythons there are on a machine."""
import glob
import os
import subprocess


def interpreters(free=0):
    """Pythons from 3.10 on by version: Debian's, those in the search path, those that pyenv installed; with their lock, or free
    of it."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    folders = [*os.environ.get("PATH", "").split(":"), *glob.glob(f"{root}/versions/*/bin")]
    candidates = ["/usr/bin/python3", *(file for folder in folders for file in glob.glob(f"{folder}/python3.1[0-9]{'t' * free}"))]
    found = {}
    for file in candidates:
        program = "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_config_var('Py_GIL_DISABLED') or 0)"
        done = subprocess.run([file, "-c", program], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            major, minor, is_free = map(int, done.stdout.split())
            if minor >= 10 and is_free == free:
                found.setdefault(f"{major}.{minor}", file)
    return found

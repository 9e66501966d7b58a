"""The live Python modules have everything of the recorded surface, with the recorded values."""
import json
import subprocess

SCRIPT = r'''
import importlib, inspect, json, sys
def parameters(function):
    try:
        return [str(p).replace("Parameter", "") for p in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return None
found = {}
for name in ("libvirt", "libvirt_qemu", "libvirt_lxc", "libvirtaio"):
    module = importlib.import_module(name)
    classes = {key: {n: parameters(v) for n, v in inspect.getmembers(value, callable) if not n.startswith("__")}
               for key, value in vars(module).items() if inspect.isclass(value)}
    functions = {key: parameters(value) for key, value in vars(module).items() if inspect.isroutine(value)}
    constants = {key: value for key, value in vars(module).items() if isinstance(value, (int, str)) and not key.startswith("_")}
    found[name] = {"classes": classes, "functions": functions, "constants": constants}
json.dump(found, sys.stdout)
'''


def test_surface(root, modules, ours):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", SCRIPT], env={**ours, "PYTHONPATH": str(modules)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    live = json.loads(done.stdout)
    recorded = json.loads((root / "Tests/Fixtures/python-surface-9.0.0.json").read_text())
    wrong = []
    for module, surface in recorded.items():
        for name, value in surface["constants"].items():
            if live[module]["constants"].get(name) != value:
                wrong.append(f"{module}.{name}: {live[module]['constants'].get(name)!r}, recorded {value!r}")
        wrong += [f"{module}.{name}() is missing" for name in surface["functions"]
                  if not name.startswith("_") and name not in live[module]["functions"]]
        for name, its in surface["classes"].items():
            methods = live[module]["classes"].get(name, {})
            wrong += [f"{module}.{name}.{method}() is missing" for method in its["methods"]
                      if not method.startswith("_") and method not in methods]
            for method, arguments in its["methods"].items():
                if methods.get(method) and module == "libvirt" and name != "libvirtError" and methods[method] != arguments:
                    wrong.append(f"{name}.{method}{methods[method]}, recorded {arguments}")
    assert not wrong, "\n".join(wrong)

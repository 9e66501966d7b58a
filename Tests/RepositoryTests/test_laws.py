"""What a machine can check of the laws in docs/architecture.md."""
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONGEST_FILE = 400

# What each Swift module may import besides the standard library: the arrows of docs/architecture.md, downwards only.
C_BOTTOM = {"CVirt", "CVirtRuntime"}
LAYERS = {
    "Sources/VirtCore": C_BOTTOM,
    "Sources/VirtXML": {"CExpat", "CVirtGrammar", "CVirtSchema", "VirtCore"},
    "Sources/VirtModel": {"VirtCore", "VirtXML"},
    "Sources/VirtEngine": {"VirtCore", "VirtModel"},
    "Sources/VirtDriverKit": {"CVirt", "CVirtDriverKit", "VirtCore"},
    "Sources/VirtHost": C_BOTTOM | {"CVirtDispatch", "VirtCore"},
    "Sources/TestDriver": {"CVirt", "VirtCore", "VirtXML", "VirtModel", "VirtEngine", "VirtDriverKit"},
    "generators/APIDescription": {"CLibXML2"},
    "generators/BindingPlan": {"APIDescription"},
    "generators/CodePrinting": set(),
    "generators/Emitters": {"APIDescription", "BindingPlan", "CodePrinting"},
    "generators/virtgen": {"APIDescription", "BindingPlan", "CodePrinting", "Emitters", "ArgumentParser"},
}
SYSTEM = {"Glibc", "Synchronization", "Builtin"}


def sources(folder, *suffixes):
    return [path for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in suffixes and ".build" not in path.parts and path.is_file()]


def written(folder, *suffixes):
    return [path for path in sources(folder, *suffixes) if "Generated" not in path.parts]


@pytest.mark.parametrize("folder", sorted(LAYERS))
def test_imports_go_one_way(folder):
    found = sources(folder, ".swift")
    assert found, f"nothing in {folder}"
    for path in found:
        for module in re.findall(r"^\s*(?:@\w+ )?(?:public |internal |private )?import (?:\w+ )?(\w+)", path.read_text(), re.M):
            assert module in LAYERS[folder] | SYSTEM, f"{path.relative_to(ROOT)} imports {module}"


def test_every_module_has_its_layer():
    modules = {f"{top}/{path.name}" for top in ("Sources", "generators") for path in (ROOT / top).iterdir()
               if path.is_dir() and sources(path.relative_to(ROOT), ".swift")}
    assert modules == set(LAYERS)


def test_no_foundation_in_the_library():
    for path in sources("Sources", ".swift"):
        assert not re.search(r"import (Foundation|_Concurrency|Dispatch)\b", path.read_text()), path
        assert not re.search(r"\bMutex<", path.read_text()), f"{path}: a Mutex does not survive fork, use Lock"


def test_files_stay_small():
    for folder in ("Sources", "generators", "Tests", "bindings", "scripts"):
        for path in written(folder, ".swift", ".c", ".h", ".py"):
            lines = path.read_text().count("\n")
            assert lines <= LONGEST_FILE, f"{path.relative_to(ROOT)} has {lines} lines"


def test_generated_files_say_so():
    for folder in ("Sources", "bindings", "docs"):
        for path in sorted((ROOT / folder).rglob("Generated/**/*")):
            if path.is_file() and ".build" not in path.parts:
                head = "\n".join(path.read_text().splitlines()[:2])
                assert "enerated by virtgen" in head, f"{path.relative_to(ROOT)}: {head[:80]}"


def test_generator_knows_no_function():
    """Law 1: a function that needs something special has an annotation, not a line in the generator."""
    names = {function.get("name") for path in sources("api-xml", ".xml")
             for function in ElementTree.parse(path).getroot().iter("function")}
    assert len(names) > 500
    operations = {operation.get("name") for path in sources("api-xml", ".xml")
                  for operation in ElementTree.parse(path).getroot().iter("operation")}
    assert len(operations) > 400
    for path in sources("generators", ".swift"):
        text = re.sub(r"//.*", "", path.read_text())
        for word in set(re.findall(r"\b\w+\b", text)):
            assert word not in names, f"{path.relative_to(ROOT)} names the function {word}"


def test_nothing_of_this_machine():
    for folder in ("Sources", "generators", "Tests", "api-xml", "bindings", "scripts", "docs", "."):
        found = (ROOT / folder).glob("*") if folder == "." else sources(folder, ".swift", ".c", ".h", ".py", ".md", ".xml", "")
        for path in found:
            if path.is_file() and not path.name.startswith("."):
                text = path.read_text(errors="replace")
                assert not re.search(r"/(?:work|root)/[\w.]", text), f"{path.relative_to(ROOT)} names a path of one machine"


def test_links_in_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sources("docs", ".md")]
    for document in documents:
        text = re.sub(r"`[^`\n]*`", "", document.read_text())
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


def test_generated_pages_link_to_headings():
    pages = {path: path.read_text() for path in sources("docs/python/Generated", ".md")}
    headings = {path: re.findall(r"^## (.*)$", text, re.M) for path, text in pages.items()}
    linked = 0
    for path, text in pages.items():
        anchors = [heading.lower() for heading in headings[path]]
        assert len(anchors) == len(set(anchors)), f"{path.name}: two headings have one anchor"
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]*)\)", text):
            there = path.parent / target if target else path
            assert anchor in [heading.lower() for heading in headings[there]], f"{path.name} links to {target}#{anchor}"
            linked += 1
    assert linked > 500


def test_generated_pages_speak_python():
    """No words of C but the name of the function, and every method of every class."""
    for path in sources("docs/python/Generated", ".md"):
        text = re.sub(r"C function `\w+`", "", path.read_text())
        for word in ("NULL", "Ptr", "free()", "handle of"):
            assert word not in text, f"{path.name} says {word}"
    for file in sources("api-xml", ".xml"):
        for function in ElementTree.parse(file).getroot().iter("function"):
            python = function.find("python")
            if python is None or python.get("name") is None or function.get("name").startswith("virAdm"):
                continue
            page = python.get("class") or {"qemu": "libvirt_qemu", "lxc": "libvirt_lxc"}.get(file.parent.name, "libvirt")
            text = (ROOT / f"docs/python/Generated/{page}.md").read_text()
            assert f"\n## {python.get('name')}\n" in text, f"{page} lacks {python.get('name')}"
            assert f"C function `{function.get('name')}`" in text, function.get("name")


# Errors of readers whose cause stands in no document, by file: an operation's number, the state of an object, a comparison.
NO_DOCUMENT = {
    "Domain/LifecycleActions.swift", "Network/NetworkUpdate.swift", "Processor/ProcessorSelection.swift", "Snapshot/SnapshotRedefinition.swift",
    "Storage/StoragePoolSource.swift",
}


def test_errors_of_documents_name_element_and_line():
    """They are made by XMLElement.wrong, or with the element's name and line."""
    model = ROOT / "Sources/VirtModel"
    found = {str(path.relative_to(model)) for path in written("Sources/VirtModel", ".swift")
             if re.search(r"VirtError\(\s*\.(?![^)]*\bin: )", path.read_text())}
    assert found == NO_DOCUMENT

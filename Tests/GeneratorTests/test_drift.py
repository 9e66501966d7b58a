"""What is committed is what the description gives; a change of any kind of generated file is found and named."""
import shutil
import subprocess

import pytest


def run(virtgen, *arguments, root):
    return subprocess.run([virtgen, *arguments, "--root", root], capture_output=True, text=True, check=False)


def test_generated_files_are_up_to_date(virtgen, root):
    done = run(virtgen, "check", root=root)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The description and what is generated from it, free to be spoilt."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("api-xml", "Sources", "bindings", "docs"):
        shutil.copytree(root / part, folder / part)
    return folder


KINDS = ("*.h", "*.c", "*.swift", "*.map", "*.pc.in", "*-api.xml", "*.pyi", "*.md", "locks/*.txt")


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_token_is_named(kind, copy, virtgen):
    files = sorted(path for path in copy.rglob(kind) if "Generated" in path.parts or "locks" in path.parts)
    assert files
    path = files[len(files) // 2]
    good = path.read_text()
    words = good.split(" ")
    middle = len(words) // 2
    path.write_text(" ".join(words[:middle] + [words[middle] + "x"] + words[middle + 1:]))
    done = run(virtgen, "check", root=copy)
    path.write_text(good)
    assert done.returncode != 0 and str(path.relative_to(copy)) in done.stdout


def test_missing_and_unexpected_files_are_named(copy, virtgen):
    victim = next(copy.rglob("Generated/*.swift"))
    text = victim.read_text()
    victim.unlink()
    extra = victim.with_name("Extra.swift")
    extra.write_text("// nobody asked for this\n")
    done = run(virtgen, "check", root=copy)
    victim.write_text(text)
    extra.unlink()
    assert done.returncode != 0
    assert victim.name in done.stdout and "Extra.swift" in done.stdout


def test_generate_is_deterministic_and_repairs(copy, virtgen, tmp_path):
    """Two processes give the same bytes, wherever the files come from; what was lost is written again."""
    for path in copy.rglob("Generated/**/*"):
        if path.is_file():
            path.unlink()
    assert run(virtgen, "generate", root=copy).returncode == 0
    done = run(virtgen, "check", root=copy)
    assert done.returncode == 0, done.stdout

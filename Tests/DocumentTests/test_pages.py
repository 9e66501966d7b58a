"""The pages of formats say all that the grammar says."""
import re
from xml.etree import ElementTree

from grammar import ROOT

GRAMMAR = sorted((ROOT / "api-xml/documents").glob("*.xml"))


def test_every_name_and_word_is_on_its_page():
    names = words = 0
    for path in GRAMMAR:
        page = (ROOT / "docs/formats/Generated" / f"{path.stem}.md").read_text()
        spelled = set(re.findall(r"`(?:[^`/ ]*/)*@?([^`/ ]+)`", page))
        for part in [*ElementTree.parse(path).getroot().iter("element"), *ElementTree.parse(path).getroot().iter("attribute")]:
            if part.get("unlisted"):
                continue
            assert part.get("name") in spelled, f"{path.name}: {part.get('name')}"
            names += 1
            for word in (part.get("choice") or "").split():
                assert f"`{word}`" in page, f"{path.name}: {part.get('name')} {word}"
                words += 1
    assert names > 2000 and words > 2000


def test_every_link_to_a_type_has_a_heading():
    folder = ROOT / "docs/formats/Generated"
    for path in folder.glob("*.md"):
        for page, anchor in re.findall(r"\]\(([^)#]+)#([^)]+)\)", path.read_text()):
            target = (folder / page).read_text()
            assert f"## {anchor}\n" in target or f'id="{anchor}"' in target, f"{path.name}: {page}#{anchor}"

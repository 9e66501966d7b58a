"""Values that contradict others, or stand where they may not: both libraries take a document, or refuse it with the same code and
domain, and ours says which element it is and on which line."""
import re

from device_values import DEVICES
from domain_values import DOCUMENTS, PARTS
from test_domain_mutations import answers

DOMAIN = "<domain type='test'><name>g</name><memory>1024000</memory>%s</domain>"
SYSTEM = "<os><type>hvm</type></os>"


def documents():
    for device in DEVICES:
        yield DOMAIN % f"{SYSTEM}<devices>{device}</devices>"
    for part in PARTS:
        yield DOMAIN % (part if "<os" in part else part + SYSTEM)
    yield from DOCUMENTS


def test_libraries_answer_the_same(ours, reference):
    wrong, refused = [], 0
    texts = list(documents())
    # Distances between cells break the reference's memory: it ends then or later, so they are tried apart from all others.
    broken = [text for text in texts if "<distances>" in text]
    texts = [text for text in texts if text not in broken]
    both = [*zip(texts, answers(texts, ours, reference), strict=True), *zip(broken, answers(broken, ours, reference), strict=True)]
    for text, (mine, theirs) in both:
        if text in broken and theirs[0] == "crashed":
            continue
        said = [one[:2] if isinstance(one, list) else "taken" for one in (mine, theirs)]
        refused += said[0] != "taken"
        if said[0] != said[1] or said[0] != "taken" and not re.search(r"<[\w-]+> \(line 1\): ", mine[2]):
            wrong.append((text[len(DOMAIN):], mine[:3] if isinstance(mine, list) else "taken", said[1]))
    assert not wrong, (len(wrong), wrong[:10])
    assert refused > 200 and len(texts) - refused > 200, refused

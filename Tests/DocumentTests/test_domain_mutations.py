"""Documents of domains with one thing wrong (left out, doubled, renamed, another value), on our schema and on the reference's, and
defined on both libraries: the same codes and domains of errors, or the same domain. Differences that are meant are listed, each with
an example in which it must be. VIRT_MUTATIONS=200000 tries that many, VIRT_SEED others."""
import collections
import copy
import os
import random
import re

import pytest
from domain_mutations import DIFFERENCES, MORE, OTHER, SCHEMA
from grammar import schema
from lxml import etree
from readable import complete
from test_define import run
from test_mutations import OURS, REFERENCE, path

COUNT, SEED = int(os.environ.get("VIRT_MUTATIONS", "1500")), os.environ.get("VIRT_SEED", "1")
VALUES = ("?!", "", "-1", "0x1f", "99999999999999999999", "7")
DOMAIN = "<domain type='test'><name>g</name><memory>1024000</memory>%s</domain>"


def mutations(root):
    """What can be done to a document: what it is called, and what does it to a copy's element."""
    for index, element in enumerate(root.iter()):
        here = path(element)
        if index:
            yield index, f"{here} drop", lambda it: it.getparent().remove(it)
            yield index, f"{here} double", lambda it: it.addnext(copy.deepcopy(it))
            yield index, f"{here} rename", lambda it: setattr(it, "tag", "unheard-of")
        for name in element.attrib:
            yield index, f"{here}/@{name} drop", lambda it, name=name: it.attrib.pop(name)
            yield index, f"{here}/@{name} rename", lambda it, name=name: it.set("unheard-of", it.attrib.pop(name))
            for value in VALUES:
                yield index, f"{here}/@{name} ={value}", lambda it, name=name, value=value: it.set(name, value)
        if element.text and element.text.strip():
            for value in VALUES:
                yield index, f"{here}/text() ={value}", lambda it, value=value: setattr(it, "text", value)


def mutated(root, index, do):
    mutant = copy.deepcopy(root)
    do(list(mutant.iter())[index])
    return mutant


@pytest.fixture(scope="module")
def mutants(corpus):
    """Documents that nothing is wrong with and that the reference knows, and mutants of them: what was done, and the document."""
    grammar, found = corpus
    documents = {}
    for kind, _, _, element in found:
        if kind == "domain" and element is not None:
            whole = complete(kind, copy.deepcopy(element))
            if not grammar.is_later(whole, kind=kind):
                documents.setdefault(etree.tostring(whole).decode(), whole)
    documents, made = list(documents.items()), {}
    choose = random.Random(SEED)
    while len(made) < COUNT:
        for text, root in choose.choices(documents, k=min(COUNT, 500)):
            index, what, do = choose.choice(list(mutations(root)))
            made.setdefault((text, what), mutated(root, index, do))
    return list(made.items())[:COUNT]


def examples(differences):
    """The document of each listed difference's example, as it is and mutated."""
    for place, _, _, document, what in differences:
        assert re.search(place, what), (place, what)
        parts = document if "<os" in document or "<bootloader" in document else document + "<os><type>hvm</type></os>"
        root = etree.fromstring(DOMAIN % parts)
        [(index, do)] = [(index, do) for index, name, do in mutations(root) if name == what][:1] or [(None, None)]
        assert do, f"no such part: {what} in {document}"
        yield root, mutated(root, index, do)


def explained(differences, what, pair):
    """Whether a difference is one of those that are listed: where it is, and what both say."""
    return any(answers == pair and re.search(place, what) for place, answers, *_ in differences)


def test_schemas_refuse_the_same(mutants, corpus):
    ours, theirs = schema(OURS, "domain"), schema(REFERENCE, "domain")
    unexplained, plain = [], {}
    for (text, what), mutant in mutants:
        if text not in plain:
            plain[text] = theirs.validate(etree.fromstring(text))
        taken = ours.validate(mutant), theirs.validate(mutant)
        # What readers need beside the grammar may be more than it takes.
        if not plain[text] or taken[0] == taken[1] or corpus[0].is_later(mutant, kind="domain"):
            continue
        if not explained(SCHEMA, what, taken):
            unexplained.append((what, taken))
    assert not unexplained, (len(unexplained), collections.Counter(unexplained).most_common(60))


def test_listed_differences_of_schemas_are_there():
    ours, theirs = schema(OURS, "domain"), schema(REFERENCE, "domain")
    gone = []
    for (_, answers, _, _, what), (root, mutant) in zip(SCHEMA, examples(SCHEMA), strict=True):
        found = ours.validate(mutant), theirs.validate(mutant)
        if found != answers or not (ours.validate(root) and theirs.validate(root)):
            gone.append((what, answers, found))
    assert not gone, (len(gone), gone)


def known(text):
    """A domain's document without what was renamed, which only we keep, and whatever the order of its parts."""
    root = etree.fromstring(text, etree.XMLParser(remove_blank_text=True))
    for strange in list(root.iter("unheard-of")):
        strange.getparent().remove(strange)
    for element in root.iter():
        element.attrib.pop("unheard-of", None)

    def sorted_form(element):
        text = element.text if element.text and element.text.strip() else ""
        return element.tag, text, sorted(element.attrib.items()), sorted(map(sorted_form, element))
    return sorted_form(root)


def has_all(mine, theirs):
    """Whether an element has everything that another one has, and maybe more."""
    if mine[0] != theirs[0] or theirs[1] not in ("", mine[1]) or not set(theirs[2]) <= set(mine[2]):
        return False
    left = list(mine[3])
    for below in theirs[3]:
        found = next((one for one in left if one == below), None) or next((one for one in left if has_all(one, below)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def compared(mine, theirs, plain):
    """What both make of a document: an error's code and domain or "taken", or how the domains differ; nil when they do not.

    Libraries that differ in a document that nothing was done to do so in each of its mutants."""
    if isinstance(mine, list) or isinstance(theirs, list):
        pair = tuple("taken" if isinstance(one, str) else "{}:{}".format(*one) for one in (mine, theirs))
        return pair if pair[0] != pair[1] else None
    mine, theirs = known(mine), known(theirs)
    if mine == theirs or known(plain[0]) != known(plain[1]):
        return None
    return MORE if has_all(mine, theirs) else OTHER


def answers(texts, ours, reference):
    return list(zip(run(texts, ours, "describe.py"), run(texts, reference, "describe.py"), strict=True))


def test_libraries_answer_the_same(mutants, ours, reference):
    bases = list(dict.fromkeys(text for (text, _), _ in mutants))
    found = answers(bases + [etree.tostring(mutant).decode() for _, mutant in mutants], ours, reference)
    plain = dict(zip(bases, found))
    unexplained, count = [], 0
    for ((text, what), _), (mine, theirs) in zip(mutants, found[len(bases):]):
        if any(isinstance(one, list) for one in plain[text]) or theirs[0] == "crashed":
            continue
        count += 1
        pair = compared(mine, theirs, plain[text])
        if pair and not explained(DIFFERENCES, what, pair):
            unexplained.append((what, pair))
    assert count > COUNT // 2
    assert not unexplained, (len(unexplained), collections.Counter(unexplained).most_common(60))


def test_listed_differences_of_libraries_are_there(ours, reference):
    pairs = list(examples(DIFFERENCES))
    bases = answers([etree.tostring(root).decode() for root, _ in pairs], ours, reference)
    found = answers([etree.tostring(mutant).decode() for _, mutant in pairs], ours, reference)
    gone = []
    for (_, expected, _, document, what), plain, (mine, theirs) in zip(DIFFERENCES, bases, found, strict=True):
        if any(isinstance(one, list) for one in plain):
            gone.append((what, document, plain))
        elif (pair := compared(mine, theirs, plain)) != expected:
            gone.append((what, expected, pair))
    assert not gone, (len(gone), gone)

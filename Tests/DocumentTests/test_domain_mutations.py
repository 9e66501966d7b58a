"""Documents of domains with one thing wrong (left out, doubled, renamed, another value), on our schema and on the reference's, and
defined on both libraries: the same codes and domains of errors, or the same domain. VIRT_MUTATIONS=200000 tries that many,
VIRT_SEED others."""
import collections
import copy
import os
import random
import re

import pytest
from domain_mutations import DIFFERENCES, SCHEMA
from grammar import schema
from lxml import etree
from readable import complete
from test_define import run
from test_mutations import OURS, REFERENCE, path

COUNT, SEED = int(os.environ.get("VIRT_MUTATIONS", "1500")), os.environ.get("VIRT_SEED", "1")
VALUES = ("?!", "", "-1", "0x1f", "99999999999999999999", "7")


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
            mutant = copy.deepcopy(root)
            index, what, do = choose.choice(list(mutations(root)))
            do(list(mutant.iter())[index])
            made.setdefault((text, what), mutant)
    return list(made.items())[:COUNT]


def explained(differences, what, pair, counts):
    """Whether a difference is one of those that are listed: a beginning of what was done, and what both say."""
    for key, reason in differences.items():
        place, answers = key if isinstance(key, tuple) else (key, None)
        if re.search(place, what) and answers in (None, pair):
            counts[reason] += 1
            return True
    return False


def test_schemas_refuse_the_same(mutants, corpus):
    ours, theirs = schema(OURS, "domain"), schema(REFERENCE, "domain")
    counts, unexplained, plain = collections.Counter(), [], {}
    for (text, what), mutant in mutants:
        if text not in plain:
            plain[text] = theirs.validate(etree.fromstring(text))
        taken = ours.validate(mutant), theirs.validate(mutant)
        # What readers need beside the grammar may be more than it takes.
        if not plain[text] or taken[0] == taken[1] or corpus[0].is_later(mutant, kind="domain"):
            continue
        if not explained(SCHEMA, what, taken, counts):
            unexplained.append((what, taken))
    assert not unexplained, (len(unexplained), unexplained[:20])


def known(text):
    """A domain's document without what was renamed, which only we keep, and whatever the order of its parts."""
    root = etree.fromstring(text, etree.XMLParser(remove_blank_text=True))
    for strange in list(root.iter("unheard-of")):
        strange.getparent().remove(strange)
    for element in root.iter():
        element.attrib.pop("unheard-of", None)

    def sorted_form(element):
        return element.tag, element.text or "", sorted(element.attrib.items()), sorted(map(sorted_form, element))
    return sorted_form(root)


def test_libraries_answer_the_same(mutants, ours, reference):
    bases = list(dict.fromkeys(text for (text, _), _ in mutants))
    texts = bases + [etree.tostring(mutant).decode() for _, mutant in mutants]
    answers = list(zip(run(texts, ours, "describe.py"), run(texts, reference, "describe.py"), strict=True))
    plain = dict(zip(bases, answers))
    counts, unexplained, compared = collections.Counter(), [], 0
    for ((text, what), _), (mine, theirs) in zip(mutants, answers[len(bases):]):
        # Where the libraries differ in a document that nothing was done to, they do so in each of its mutants.
        if any(isinstance(one, list) for one in plain[text]) or theirs[0] == "crashed":
            continue
        compared += 1
        if isinstance(mine, list) or isinstance(theirs, list):
            pair = tuple("taken" if isinstance(one, str) else "{}:{}".format(*one) for one in (mine, theirs))
        else:
            same = known(mine) == known(theirs) or known(plain[text][0]) != known(plain[text][1])
            pair = ("same", "same") if same else ("other", "other")
        if pair[0] != pair[1] or pair[0] == "other":
            if not explained(DIFFERENCES, what, pair, counts):
                unexplained.append((what, pair))
    assert compared > COUNT // 2
    assert not unexplained, (len(unexplained), collections.Counter(unexplained).most_common(60))

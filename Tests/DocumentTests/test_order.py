"""What the reference writes stands in the order of the grammar, however a document had it; and what we write does, too."""
import collections
import copy

from grammar import Content
from lxml import etree
from readable import complete
from test_define import run

KINDS = ("domain", "interface", "network", "storagepool", "storagevol")


def key(part):
    return ("@" if part.is_attribute else "") + part.name


def at(element, names):
    """The element at the end of a path; the last one of several."""
    for name in names:
        element = next((below for below in reversed(element) if below.tag == name), None)
        if element is None:
            return None
    return element


def put(element, name, other):
    """Gives an element another one's part, in front of its own; whether it had none of that name."""
    if name.startswith("@"):
        if name[1:] in element.attrib or name[1:] not in other.attrib:
            return False
        own = dict(element.attrib)
        element.attrib.clear()
        element.attrib.update({name[1:]: other.get(name[1:]), **own})
        return True
    part = at(other, [name])
    if part is None or element.find(name) is not None:
        return False
    element.insert(0, copy.deepcopy(part))
    return True


def documents(grammar, kind):
    """Documents in which parts that the grammar has side by side stand the other way round."""
    root, _, content = grammar.documents[kind]
    made = collections.defaultdict(list)
    for names, what in grammar.walk(kind):
        values = what.value.samples(grammar) if what.value and what.value.is_something else [None]
        for value in dict.fromkeys((values[0], values[-1])):
            steps = [(name, None) for name in names]
            wanted = [*steps, ("", value)] if isinstance(what, Content) else [*steps[:-1], (names[-1], value)]
            document = names and grammar.makes(root, content, wanted=wanted if value is not None else steps)
            if document is not None and names:
                made[names].append(document)
    for names, what in grammar.walk(kind):
        parts = list(dict.fromkeys(key(part) for part in what.parts if not part.namespace)) if isinstance(what, Content) else []
        for first, second in zip(parts, parts[1:]):
            for given, taken in ((first, second), (second, first)):
                for document, other in zip(made[(*names, given)], reversed(made[(*names, taken)])):
                    document = copy.deepcopy(document)
                    element, other = at(document, names), at(other, names)
                    if element is not None and other is not None and put(element, taken, other):
                        yield etree.tostring(complete(kind, document)).decode()


def place(content, name, element):
    """The place of a part in an element; None for one that is not known."""
    places = [place for place, part in enumerate(content.parts) if key(part) == name and not part.namespace]
    apart = places and places[-1] - places[0] >= len(places)
    chosen = [place for place in places if apart and element.get(content.selectors[0]) in content.parts[place].variants]
    return (chosen or places or [None])[-1]


def misplaced(grammar, element, contents, path, seen):
    """Neighbours that do not stand in the order of any description of their element."""
    found = []
    for names in (["@" + name for name in element.attrib], [below.tag for below in element if isinstance(below.tag, str)]):
        for first, second in zip(names, names[1:]):
            wrong = []
            for content in contents:
                one, other = place(content, first, element), place(content, second, element)
                if None in (one, other) or first == second or content.is_mixed and not first.startswith("@"):
                    continue
                wrong.append(one > other)
                seen.add((path, first, second))
            if wrong and all(wrong):
                found.append((path, first, second))
    for below in element:
        inner = [grammar.content(part) for content in contents for part in content.parts
                 if not part.is_attribute and part.name == below.tag and not part.any and not part.namespace]
        found += misplaced(grammar, below, inner, (*path, below.tag), seen) if inner else []
    return found


def test_parts_are_written_in_the_order_of_the_grammar(corpus, ours, reference):
    grammar = corpus[0]
    texts = list(dict.fromkeys((kind, text) for kind in KINDS for text in documents(grammar, kind)))
    counts = {}
    for library, environment in (("reference", reference), ("ours", ours)):
        seen, wrong, crashed = set(), {}, 0
        for (kind, text), said in zip(texts, run(texts, environment)):
            crashed += said[0] == "crashed"
            if said[0] not in ("same", "other"):
                continue
            _, _, content = grammar.documents[kind]
            for one in misplaced(grammar, etree.fromstring(said[1]), [content], (kind,), seen):
                wrong.setdefault(one, text)
        assert not wrong, (library, len(wrong), list(wrong.items())[:20])
        counts[library] = len(seen)
        assert library == "reference" or not crashed
    assert counts["reference"] > 1_000 and counts["ours"] > 1_000, counts

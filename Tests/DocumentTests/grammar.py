"""Reads the grammar of documents in api-xml/documents and makes documents from it: for every path one in which it occurs."""
import itertools
import pathlib

from lxml import etree
import texts

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Below these anything stands.
FOREIGN = ("/*", "/@*")
MISSING = "-"


class Value:
    """A kind of text."""

    def __init__(self, node):
        self.choices = node.get("choice", "").split()
        self.later = set(node.get("later-choice", "").split())
        self.types = node.get("value", "").split()
        self.data = [dict(data.attrib) for data in node.findall("value")]

    @property
    def is_something(self):
        return bool(self.choices or self.types or self.data)

    def samples(self, grammar):
        found = list(self.choices)
        for name in self.types:
            found += ["text"] if name == "text" else grammar.values[name].samples(grammar)
        found += [texts.sample(data) for data in self.data]
        return found or ["text"]


class Part:
    """An attribute or element that may stand in another element."""

    def __init__(self, node):
        self.name, self.is_attribute = node.get("name"), node.tag == "attribute"
        self.namespace, self.often = node.get("namespace"), node.get("often")
        self.variants, self.needed_in = node.get("in", "").split(), node.get("needed-in", "").split()
        self.needed, self.later = node.get("needed") == "yes", node.get("later") == "yes"
        self.group, _, self.side = node.get("one-of", "").partition("/")
        self.any = node.get("any") == "yes"
        self.type = node.get("type")
        self.value = Value(node) if self.is_attribute else None
        self.content = None if self.is_attribute or self.type or self.any else Content(node)

    def stands(self, chosen):
        return not self.variants or matches(self.variants, chosen)

    def is_needed(self, chosen):
        return self.needed or matches(self.needed_in, chosen)


class Content:
    """What may stand in an element."""

    def __init__(self, node):
        self.is_mixed = node.get("mixed") == "yes"
        self.value = Value(node)
        self.text_in = node.get("text-in", "").split()
        self.is_text_optional = node.get("text-optional") == "yes"
        self.parts = [Part(child) for child in node if child.tag in ("attribute", "element") and not child.get("unlisted")]
        # Some variants are told apart by readers only.
        is_followed = self.text_in or any(part.variants or part.needed_in for part in self.parts)
        self.selectors = node.get("by", "").split() if is_followed else []


def matches(variants, chosen):
    return any(all(word in ("*", value) for word, (_, value) in zip(variant.split("/"), chosen)) for variant in variants)


class Grammar:
    """The whole grammar."""

    def __init__(self):
        self.types, self.values, self.documents = {}, {}, {}
        for path in sorted((ROOT / "api-xml/documents").glob("*.xml")):
            for node in etree.parse(str(path)).getroot():
                if node.tag == "type":
                    self.types[node.get("name")] = Content(node)
                elif node.tag == "value-type":
                    self.values[node.get("name")] = Value(node)
                elif node.tag == "document":
                    content = self.types.get(node.get("type")) or Content(node)
                    self.documents[node.get("kind")] = (node.get("root"), node.get("type"), content)
        for kind, (root, name, content) in self.documents.items():
            if name:
                self.documents[kind] = (root, name, self.types[name])

    def content(self, part):
        return self.types[part.type] if part.type else part.content

    def selectors(self, content):
        found = list(content.selectors)
        for part in content.parts:
            inner = None if part.is_attribute or part.any else self.content(part)
            for selector in inner.selectors if inner else ():
                name = selector.removeprefix("../")
                if selector.startswith("../") and name not in found and any(
                        other.is_attribute and other.name == name and other.value.choices for other in content.parts):
                    found.append(name)
        return found

    def choices(self, content, outer):
        """All variants of a content: pairs of selectors and what is chosen."""
        variants = [[]]
        for selector in self.selectors(content):
            grown = []
            for chosen in variants:
                if selector.startswith("../"):
                    grown.append([*chosen, (selector, outer.get(selector[3:], MISSING))])
                    continue
                own = [part for part in content.parts if part.is_attribute and part.name == selector and part.stands(chosen)]
                words = [word for part in own for word in part.value.choices]
                if not own or not any(part.is_needed(chosen) for part in own):
                    words.append(MISSING)
                grown += [[*chosen, (selector, word)] for word in words]
            variants = grown
        return variants

    def makes(self, name, content, outer=None, wanted=(), namespace=None, depth=0):
        """Makes an element in which a path occurs, as [(name, value or None)...] of which the last may be a text's value; None
        when no variant can have it."""
        outer = outer or {}
        if depth > 12:
            return None
        for chosen in sorted(self.choices(content, outer), key=lambda chosen: sum(word == MISSING for _, word in chosen)):
            made = self.variant(name, content, outer, wanted, namespace, depth, chosen)
            if made is not None:
                return made
        return None

    def variant(self, name, content, outer, wanted, namespace, depth, chosen):
        own = {selector: word for selector, word in chosen if not selector.startswith("../")}
        element = etree.Element(f"{{{namespace}}}{name}" if namespace else name)
        step, value = (wanted[0][0], wanted[0][1]) if wanted else (None, None)
        for selector, word in own.items():
            if word != MISSING:
                element.set(selector, word)
        text = value if wanted and step == "" else None
        has = None
        if step and step.startswith("@") and step[1:] in own:
            if own[step[1:]] == MISSING or (value is not None and own[step[1:]] != value):
                return None
            has = step
        parts = [part for part in content.parts if part.stands(chosen) and not (part.is_attribute and part.name in own)]
        wanted_part = None
        if step and not has:
            fitting = [part for part in parts if part.name == step.removeprefix("@") and part.is_attribute == step.startswith("@")]
            if not fitting:
                return None
            if value is not None and step.startswith("@"):
                fitting = [part for part in fitting if value in part.value.samples(self)]
                if not fitting:
                    return None
            wanted_part = next((part for part in fitting if self.leads(part, wanted[1:])), fitting[0])
        taken = {}
        if wanted_part is not None and wanted_part.group:
            taken[wanted_part.group] = wanted_part.side or wanted_part
        for part in parts:
            is_wanted = part is wanted_part
            if not is_wanted:
                if not part.is_needed(chosen):
                    continue
                if part.group and taken.setdefault(part.group, part.side or part) != (part.side or part):
                    continue
            if part.is_attribute:
                element.set(part.name, value if is_wanted and value is not None else part.value.samples(self)[0])
                continue
            below = part.namespace or namespace
            inner = etree.Element(f"{{{below}}}{part.name}" if below else part.name) if part.any else self.makes(
                part.name, self.content(part), own, wanted[1:] if is_wanted else (), below, depth + 1)
            if inner is None:
                return None
            element.append(inner)
        if content.value.is_something and not len(element) and (not content.text_in or matches(content.text_in, chosen)):
            element.text = text or content.value.samples(self)[0]
        elif text is not None:
            return None
        return element

    def leads(self, part, wanted):
        """Whether an element's parts have the next step."""
        if part.is_attribute or part.any or not wanted or not wanted[0][0]:
            return True
        return any(inner.name == wanted[0][0].removeprefix("@") for inner in self.content(part).parts)

    def walk(self, kind):
        """All paths of a kind, with what describes each: (names, part or content)."""
        root, _, content = self.documents[kind]
        stack = [((), content, ())]
        while stack:
            names, content, seen = stack.pop()
            yield names, content
            for part in content.parts:
                if part.is_attribute:
                    yield (*names, "@" + part.name), part
                elif not part.any:
                    inner = self.content(part)
                    if seen.count(id(inner)) < 2:
                        stack.append(((*names, part.name), inner, (*seen, id(inner))))

    def is_later(self, element, contents=None, kind=None):
        """Whether a document has what the oldest release that is compared does not know."""
        contents = contents or [self.documents[kind][2]]
        for name, text in element.attrib.items():
            parts = [part for content in contents for part in content.parts if part.is_attribute and part.name == name]
            if parts and (all(part.later for part in parts) or all(
                    text in part.value.later for part in parts if text in part.value.choices) and any(text in part.value.later for part in parts)):
                return True
        if any((element.text or "").strip() in content.value.later for content in contents):
            return True
        for child in element:
            if not isinstance(child.tag, str):
                continue
            parts = [part for content in contents for part in content.parts
                     if not part.is_attribute and part.name == etree.QName(child).localname]
            if parts and all(part.later for part in parts):
                return True
            inner = [self.content(part) for part in parts if not part.any]
            if inner and self.is_later(child, inner):
                return True
        return False


def vocabulary():
    """The reference's vocabulary: kind, names of the path, listed values."""
    for line in (ROOT / "Tests/Fixtures/xml-vocabulary-12.8.0.tsv").read_text().splitlines()[1:]:
        kind, path, sort, often, values = line.split("\t")
        listed = [value for value in values.split(" | ") if value and value != "*" and not value.startswith("<")]
        yield kind, path, sort == "attribute", listed


def schema(folder, kind):
    return etree.RelaxNG(etree.parse(str(pathlib.Path(folder) / f"{kind}.rng")))


def flat(iterables):
    return list(itertools.chain.from_iterable(iterables))

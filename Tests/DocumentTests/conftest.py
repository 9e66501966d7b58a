"""The corpus: documents made from the grammar, one for each path of the reference's vocabulary and each of its values."""
import pytest
from grammar import FOREIGN, Grammar, vocabulary


@pytest.fixture(scope="session")
def corpus():
    """Kind, path, value and the document; the last is None when there is none."""
    grammar = Grammar()
    found = []
    for kind, path, is_attribute, listed in vocabulary():
        if path.endswith(FOREIGN):
            continue
        root, _, content = grammar.documents[kind]
        names = [(name, None) for name in path.split("/")[1:]]
        for value in listed or [None]:
            wanted = names
            if value is not None:
                wanted = [*names[:-1], (names[-1][0], value)] if is_attribute else [*names, ("", value)]
            found.append((kind, path, value, grammar.makes(root, content, wanted=wanted)))
    return grammar, found

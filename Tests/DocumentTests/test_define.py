"""Every document of the corpus is defined, and what the library then says of the object is read again, to the same text."""
import collections
import copy
import json
import pathlib
import subprocess

from lxml import etree
from readable import complete

HERE = pathlib.Path(__file__).resolve().parent
# Kinds that are defined by a call. What the reference's test driver cannot define is compared with nothing.
COMPARED = ("domain", "domaincheckpoint", "domainsnapshot", "interface", "network", "storagepool", "storagevol")
OURS_ALONE = ("networkport", "nodedev", "nwfilter", "nwfilterbinding", "secret")
# What follows the grammar and is refused, by the beginning of the path, with the reason. What the reference's reader refuses with
# the same error is not listed.
REFUSED = {
    "domain/devices/sound/audio": "the number is looked up as it is written",
    "domain/devices/crypto/address/@type": "came after the reference was made, which does not look at it",
    "domain/devices/pstore/address/@type": "came after the reference was made, which does not look at it",
    "network/route/@netmask": "a route of one address is refused as no network",
    "domain/devices/hostdev/route/@netmask": "a mask with holes is refused",
    "domain/devices/interface/route/@netmask": "a mask with holes is refused",
    "domain/devices/interface/source/route/@netmask": "a mask with holes is refused",
    "device": "only mediated devices are defined",
    "filter/rule/ip/@dstport": "ports need a protocol that has some",
    "filter/rule/ip/@srcport": "ports need a protocol that has some",
    "filter/rule/ipv6/@dstport": "ports need a protocol that has some",
    "filter/rule/ipv6/@srcport": "ports need a protocol that has some",
    "filter/filterref": "the made filter refers to itself",
    "networkport/bandwidth/outbound/@floor": "only what comes in has one",
}


def run(documents, environment, program="define.py"):
    """What became of each document. The reference damages its memory with some: it runs a few at a time, and a crash is an answer."""
    answers = []
    while len(answers) < len(documents):
        some = documents[len(answers):][:200]
        done = subprocess.run(
            ["/usr/bin/python3", str(HERE / program)], input="\n".join(json.dumps(one) for one in some), env=environment,
            capture_output=True, text=True, timeout=300, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        answers += lines if len(lines) == len(some) else [*lines, ["crashed", done.stderr[-500:]]]
    return answers


def test_documents_are_defined_and_read_again(corpus, ours, reference):
    seen, paths, documents = set(), [], []
    for kind, path, value, element in corpus[1]:
        if kind not in COMPARED + OURS_ALONE:
            continue
        text = etree.tostring(complete(kind, copy.deepcopy(element))).decode()
        if (kind, text) not in seen:
            seen.add((kind, text))
            paths.append((kind, path, value))
            documents.append((kind, text))
    answers = run(documents, ours)
    wrong = [(where, said) for where, said in zip(paths, answers) if said[0] not in ("same", "refused")]
    assert not wrong, (len(wrong), wrong[:5])
    refused = [index for index, said in enumerate(answers) if said[0] == "refused"]
    theirs = dict(zip(refused, run([documents[index] for index in refused], reference)))
    unexplained, explained = [], collections.Counter()
    for index in refused:
        kind, path, _ = paths[index]
        if kind in COMPARED and (theirs[index][0] == "crashed" or theirs[index][:3] == answers[index][:3]):
            continue
        reason = next((key for key in REFUSED if path.startswith(key)), None)
        explained[reason] += 1
        if reason is None:
            unexplained.append((path, documents[index][1][-300:], answers[index], theirs[index]))
    assert not unexplained, (len(unexplained), unexplained[:10])
    assert not [key for key in REFUSED if not explained[key]], "a difference is gone"
    counts = collections.Counter(kind for (kind, _), said in zip(documents, answers) if said[0] == "same")
    assert counts["domain"] > 4_700 and counts["domainsnapshot"] > 2_400 and sum(counts.values()) > 8_000, counts

"""Finds what two pairs answer differently, and the rule that says why."""
import collections
import json

NO_SUPPORT = 3


class Answer:
    """What one call answered."""

    def __init__(self, record):
        self.record = record
        self.end = record.get("end")
        self.missing = record.get("missing")
        error = record.get("error") or [None]
        self.error, self.code, self.domain = (*error, None, None)[:3]
        self.last = record.get("last", [self.code])[0]  # what a C name does not tell
        self.text = record.get("text", "")
        self.has_result = "result" in record
        self.result = record.get("result")

    @property
    def key(self):
        return json.dumps([self.end, self.missing, self.error, self.code, self.domain, self.result])

    @property
    def shape(self):
        """What it is, without its value: for answers that are not always the same."""
        if not self.has_result:
            return self.key
        return self.result[0] if isinstance(self.result, list) else type(self.result).__name__

    def __str__(self):
        if self.end:
            return f"<{self.end}>"
        if self.error:
            numbers = f" {self.code}:{self.domain}" if self.error == "libvirtError" else ""
            return f"{f'{self.missing}: ' if self.missing else ''}{self.error}{numbers} {self.text[:60]}"
        return json.dumps(self.result)[:100]


class Difference:
    """A call that a pair answers differently from another."""

    def __init__(self, call, method, theirs, mine):
        self.call, self.method, self.theirs, self.mine = call, method, theirs, mine

    def __str__(self):
        return f"{self.call[:150]}\n      reference: {self.theirs}\n      ours:      {self.mine}"


def differences(calls, theirs, mine, unstable):
    """All differences between the answers of two pairs."""
    for (call, method), one, other, changes in zip(calls.items(), theirs, mine, unstable):
        one, other = Answer(one), Answer(other)
        if (one.shape != other.shape) if changes else (one.key != other.key):
            yield Difference(call, method, one, other)


def unstable(once, again):
    """Which answers differ between two runs of the same pair."""
    return [Answer(one).key != Answer(other).key for one, other in zip(once, again)]


def sort_out(found, rules):
    """The differences by the first rule that explains them; those that none explains under None."""
    groups = collections.defaultdict(list)
    for difference in found:
        groups[next((name for name, rule in rules.items() if rule(difference)), None)].append(difference)
    return groups


def report(calls, found):
    """All differences by their reasons, and the operations that our driver does not have, as text."""
    lines = [f"{len(calls)} calls"]
    for title, groups in found.items():
        lines += ["", f"{title}: {sum(map(len, groups.values()))} differences"]
        for reason, some in sorted(groups.items(), key=lambda item: -len(item[1])):
            lines.append(f"{len(some):6} {reason or 'NO REASON'}")
            lines += [f"         {line}" for difference in some[:3] for line in str(difference).split("\n")]
    missing = collections.Counter(
        difference.method.operation or difference.method.place
        for groups in found.values() for some in groups.values() for difference in some
        if difference.method and difference.mine.last == NO_SUPPORT and difference.theirs.last != NO_SUPPORT)
    lines += ["", f"operations that the driver does not have: {len(missing)}"]
    lines += [f"{number:6} {name}" for name, number in sorted(missing.items())]
    return "\n".join(lines) + "\n"

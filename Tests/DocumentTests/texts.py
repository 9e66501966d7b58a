"""Texts that data types with patterns and limits accept."""
import re

try:
    import re._parser as parser
except ImportError:
    import sre_parse as parser

# Where the shortest text of a pattern says little.
KNOWN = {
    r"$[ ]*[a-zA-Z0-9_]+(\[[ ]*[@]?[0-9]+[ ]*\])?[ ]*": "$IP",
    r"(/|[a-zA-Z]:\\).+": "/var/lib/a", r"[a-fA-F0-9]{32}": "8b8ff06c9d5a4a6c8e1b0f1c2d3e4f50",
    r"[a-fA-F0-9]{8}\-([a-fA-F0-9]{4}\-){3}[a-fA-F0-9]{12}": "8b8ff06c-9d5a-4a6c-8e1b-0f1c2d3e4f50",
    r"[a-fA-F0-9][02468aAcCeE](:[a-fA-F0-9]{2}){5}": "52:54:00:11:22:33", ".+": "/a", "/.*": "/a", "[ -~]{0,8}": "abc", "[ -~]{0,40}": "abc",
    ".{0,255}": "comment", "[^/]*": "a", "[^,]{0,12}": "abc", r"[a-zA-Z0-9_\.\-\\:/ ]*": "br0", r"[a-zA-Z0-9.\s]{1,8}": "a",
    r"([bB]([yY][tT][eE][sS]?)?)|([kKmMgGtTpPeE]([iI]?[bB])?)": "KiB", r"([a-fA-F0-9]{0,4}:){2,7}([a-fA-F0-9]*)": "fe80::1",
    r"([a-fA-F0-9]{0,4}:){2,7}([a-fA-F0-9]*)(([0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9])?": "fe80::1",
}
PLAIN = {"NCName": "name", "string": "text", "anyURI": "http://a/b", "dateTime": "2030-01-01T00:00:00", "double": "1"}


def shortest(tree):
    """A short text that a parsed pattern accepts."""
    found = ""
    for kind, argument in tree:
        kind = str(kind)
        if kind == "LITERAL":
            found += chr(argument)
        elif kind in ("NOT_LITERAL", "ANY"):
            found += "a"
        elif kind == "IN":
            first, text = argument[0]
            found += {"LITERAL": lambda: chr(text), "RANGE": lambda: chr(text[0])}.get(str(first), lambda: "a")()
        elif kind == "BRANCH":
            found += shortest(argument[1][0])
        elif kind == "SUBPATTERN":
            found += shortest(argument[-1])
        elif kind == "MAX_REPEAT":
            least, most, inner = argument
            found += shortest(inner) * (least or (0 if most == 1 else 1))
    return found


def sample(data):
    """A text that a data type accepts."""
    pattern, least = data.get("pattern"), data.get("least")
    if pattern in KNOWN:
        return KNOWN[pattern]
    if data["data"] in PLAIN and not pattern:
        return PLAIN[data["data"]]
    if least and int(least) >= 1:
        return least
    if pattern and not re.fullmatch(pattern.replace("$[", r"\$["), "1"):
        return shortest(parser.parse(pattern.replace("$[", r"\$[")))
    return "1"

"""Descriptions with one thing wrong: each is refused, and the refusal names the file and the line."""
import re
import shutil
import subprocess

import pytest

# The file, what stands there, what is put in its place, and where the refusal points: at that line, or at the line of the
# nearest text before it.
LIFECYCLE, LIBRARIES, HYPERVISOR, CONNECTION = "domain/lifecycle.xml", "libraries.xml", "operations/hypervisor.xml", "host/connection.xml"
SUSPEND = '<function name="virDomainSuspend" '
MUTATIONS = {
    # What the grammar refuses.
    "unknown element": (LIFECYCLE, SUSPEND + '*<read-only access="denied"/>', '<guard access="denied"/>', None),
    "unknown attribute": (LIFECYCLE, SUSPEND, SUSPEND + 'colour="red" ', None),
    "no name": (LIFECYCLE, SUSPEND, "<function ", None),
    "name with a blank": (LIFECYCLE, SUSPEND, '<function name="vir Domain" ', None),
    "empty since": (LIFECYCLE, SUSPEND + 'since="0.0.3"', SUSPEND + 'since=""', None),
    "no receiver": (LIFECYCLE, SUSPEND + 'since="0.0.3" receiver="domain"', SUSPEND + 'since="0.0.3"', None),
    "blocks maybe": (LIFECYCLE, SUSPEND + 'since="0.0.3" receiver="domain" blocks="yes"', SUSPEND + 'since="0.0.3" receiver="domain" blocks="maybe"', None),
    "unknown shape": (LIFECYCLE, SUSPEND + "*shape=\"status\"", 'shape="wonder"', None),
    "no shape": (LIFECYCLE, SUSPEND + "*shape=\"status\" ", "", None),
    "unknown direction": ("domain/memory.xml", 'direction="out"', 'direction="sideways"', None),
    "unknown nullability": (LIFECYCLE, SUSPEND + "*nullable=\"no\"", 'nullable="sometimes"', None),
    "unknown allocation": ("domain/memory.xml", 'allocated="caller"', 'allocated="nobody"', None),
    "unknown role": (LIFECYCLE, 'role="flags"', 'role="banner"', None),
    "least is no number": ("domain/memory.xml", 'least="1"', 'least="one"', None),
    "operation id is no number": (HYPERVISOR, 'name="domainSuspend" id="212"', 'name="domainSuspend" id="many"', None),
    "revision is no number": (HYPERVISOR, 'name="domainSuspend" id="212" revision="1"', 'name="domainSuspend" id="212" revision="x"', None),
    "unknown wire": (HYPERVISOR, 'wire="unassigned"', 'wire="perhaps"', None),
    "enumerator without value": ("error/numbers.xml", 'name="VIR_ERR_NO_DOMAIN" value="42"', 'name="VIR_ERR_NO_DOMAIN"', None),
    "enumerator value is text": ("error/numbers.xml", 'name="VIR_ERR_NO_DOMAIN" value="42"', 'name="VIR_ERR_NO_DOMAIN" value="x"', None),
    "macro of unknown kind": ("domain/save.xml", 'kind="key" string="file"', 'kind="lock" string="file"', None),
    "exclusive without flags": ("domain/memory.xml", '<exclusive flags="VIR_DOMAIN_AFFECT_LIVE VIR_DOMAIN_AFFECT_CONFIG"/>', "<exclusive/>", None),
    "requires without need": (LIFECYCLE, SUSPEND + '*<read-only access="denied"/>', '<requires flag="A"/>', None),
    "product without limit": ("domain/processors.xml", 'parameters="ncpumaps maplen" most="INT_MAX"', 'parameters="ncpumaps maplen"', None),
    "read-only of a third kind": (LIFECYCLE, SUSPEND + '*access="denied"', 'access="unclear"', None),
    "hand-written without reason": ("admin/connection.xml", '<hand-written reason="kept by the connection"/>', "<hand-written/>", None),
    "ownership of a third kind": ("domain/statistics.xml", 'type="virDomainPtr" ownership="owned"', 'type="virDomainPtr" ownership="shared"', None),
    "library without soname": (LIBRARIES, 'soname="libvirt.so.0" ', "", None),
    "library that may be a sibling": (LIBRARIES, 'sibling="no"', 'sibling="half"', None),
    "handle without class": (CONNECTION, 'class="connection" ', "", None),
    "callback of unknown scope": (CONNECTION, 'scope="call"', 'scope="world"', None),
    "topic without header": ("domain/save.xml", '<topic header="libvirt-domain" ', "<topic ", None),
    "two returns": (LIFECYCLE, SUSPEND + '*<returns type="int" shape="status" error="-1"/>', '<returns type="int" shape="status" error="-1"/><returns type="int" shape="status" error="-1"/>', None),
    # What is no XML.
    "not closed": ("domain/save.xml", "</topic>", "", ""),
    "entity": ("domain/save.xml", 'name="save"', 'name="&save;"', None),
    "document type": ("domain/save.xml", '<topic header', "<!DOCTYPE topic [<!ENTITY a 'b'>]><topic header", ""),
    "ampersand": (LIFECYCLE, SUSPEND, SUSPEND + 'since="&" ', None),
    # What a grammar cannot say.
    "an argument with another default": ("domain/migration.xml", '<argument name="bandwidth" default="0"/>', '<argument name="bandwidth" default="1"/>', None),
    "unknown class in Python": (LIFECYCLE, '<python class="virDomain" name="suspend"/>', '<python class="virGuest" name="suspend"/>', SUSPEND),
    "two functions with one name in Python": (LIFECYCLE, '<python class="virDomain" name="suspend"/>', '<python class="virDomain" name="shutdown"/>', SUSPEND),
    "argument in Python without a parameter": ("domain/migration.xml", '<argument name="bandwidth" default="0"/>', '<argument name="speed" default="0"/>', None),
    "two arguments with one name in Python": ("domain/migration.xml", '<argument name="bandwidth" default="0"/>', '<argument name="uri" default="0"/>', None),
    "needed argument behind an optional one": ("domain/migration.xml", '<argument name="bandwidth" default="0"/>', '<argument name="bandwidth"/>', None),
    "aborted by an unknown function": ("domain/migration.xml", 'aborted-by="virDomainAbortJob"', 'aborted-by="virDomainStopJob"', None),
    "aborted by a function of another object": ("domain/migration.xml", 'aborted-by="virDomainAbortJob"', 'aborted-by="virStreamAbort"', None),
    "aborted by a function that asks for more": ("domain/migration.xml", 'aborted-by="virDomainAbortJob"', 'aborted-by="virDomainBlockJobAbort"', None),
    "unknown part of an event loop": ("event/event-loop.xml", 'event-loop="add-timer"', 'event-loop="spin"', None),
    "unknown operation": (LIFECYCLE, '<operation name="domainSuspend"/>', '<operation name="domainSuspendNow"/>', SUSPEND),
    "operation of an unknown function": (HYPERVISOR, 'function="virDomainSuspend"', 'function="virDomainSuspendNow"', None),
    "two operations with one id": (HYPERVISOR, 'name="domainSuspend" id="212"', 'name="domainSuspend" id="213"', '<operation name="domainUndefine" '),
    "two operations with one name": (HYPERVISOR, 'name="domainUndefine" id="213"', 'name="domainSuspend" id="213"', None),
    "two functions with one name": (LIFECYCLE, SUSPEND, '<function name="virDomainShutdown" ', None),
    "receiver that is no parameter": (LIFECYCLE, SUSPEND + 'since="0.0.3" receiver="domain"', SUSPEND + 'since="0.0.3" receiver="guest"', None),
    "pointer without nullability": (LIFECYCLE, SUSPEND + '*<parameter name="domain" type="virDomainPtr" nullable="no"/>', '<parameter name="domain" type="virDomainPtr"/>', None),
    "number with nullability": ("domain/memory.xml", '<parameter name="memory" type="unsigned long" least="1"/>', '<parameter name="memory" type="unsigned long" nullable="no"/>', None),
    "number going out": ("domain/memory.xml", '<parameter name="memory" type="unsigned long" least="1"/>', '<parameter name="memory" type="unsigned long" direction="out"/>', None),
    "length of an unknown parameter": ("domain/memory.xml", 'length="nparams"', 'length="many"', None),
    "capacity of an unknown parameter": ("domain/lookup.xml", 'capacity="maxids"', 'capacity="room"', None),
    "flags of an unknown type": ("domain/memory.xml", 'flags="virDomainMemoryModFlags"', 'flags="virDomainMemoryMood"', None),
    "unknown exclusive flag": ("domain/memory.xml", 'flags="VIR_DOMAIN_AFFECT_LIVE VIR_DOMAIN_AFFECT_CONFIG"', 'flags="VIR_DOMAIN_AFFECT_LIVE VIR_DOMAIN_AFFECT_ALL"', "function"),
    "product of an unknown parameter": ("domain/processors.xml", 'parameters="ncpumaps maplen"', 'parameters="ncpumaps width"', "function"),
    "pointer that fails with a number": ("domain/lookup.xml", 'shape="handle" error="NULL"', 'shape="handle" error="-1"', None),
    "number that fails with NULL": (LIFECYCLE, SUSPEND + '*error="-1"', 'error="NULL"', None),
    "owned result that nothing frees": ("domain/lookup.xml", 'ownership="owned" free="virDomainFree"', 'ownership="owned"', None),
    "version after the release": (LIFECYCLE, SUSPEND + 'since="0.0.3"', SUSPEND + 'since="99.0.0"', None),
    "version that is none": (LIFECYCLE, SUSPEND + 'since="0.0.3"', SUSPEND + 'since="soon"', None),
    "enumerator for an unknown one": ("domain/memory.xml", 'alias="VIR_DOMAIN_AFFECT_LIVE"', 'alias="VIR_DOMAIN_AFFECT_NOTHING"', None),
    "field counted by an unknown one": ("domain/statistics.xml", 'counted-by="nparams"', 'counted-by="many"', None),
    "field pointer without ownership": ("domain/statistics.xml", 'type="virTypedParameterPtr" ownership="owned" nullable="yes"', 'type="virTypedParameterPtr"', None),
    "struct freed by an unknown function": ("domain/statistics.xml", 'free="virDomainStatsRecordListFree"', 'free="virDomainStatsFree"', None),
    "handle with an unknown error": (CONNECTION, 'invalid="VIR_ERR_INVALID_STREAM"', 'invalid="VIR_ERR_INVALID_RIVER"', None),
    "header with an unknown error domain": ("qemu/header.xml", 'error-domain="VIR_FROM_NONE"', 'error-domain="VIR_FROM_NOWHERE"', None),
    "part that stands once with an unknown error": ("documents/network-shared.xml", 'doubled="VIR_ERR_XML_DETAIL VIR_FROM_NONE"', 'doubled="VIR_ERR_TWINS VIR_FROM_NONE"', None),
    "unknown parts with an unknown error": ("documents/domain-features.xml", 'unknown="VIR_ERR_CONFIG_UNSUPPORTED VIR_FROM_DOMAIN"', 'unknown="VIR_ERR_CONFIG_UNSUPPORTED"', None),
    "two procedures with one number": ("wire/remote.xml", 'number="2"', 'number="1"', None),
}


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutations")
    shutil.copytree(root / "api-xml", folder / "api-xml")
    return folder


def place(text, needle):
    """Where a needle stands; a star in it skips to the next place of what follows."""
    start = 0
    parts = needle.split("*")
    for part in parts:
        start = text.index(part, start)
    return start, start + len(parts[-1])


@pytest.mark.parametrize("name", MUTATIONS)
def test_refused_at_the_right_place(name, copy, virtgen):
    file, needle, replacement, at = MUTATIONS[name]
    path = copy / "api-xml" / file
    good = path.read_text()
    start, end = place(good, needle)
    path.write_text(good[:start] + replacement + good[end:])
    done = subprocess.run([virtgen, "plan", "--root", copy], capture_output=True, text=True, check=False)
    path.write_text(good)
    assert done.returncode == 1, done.stdout[-200:]
    if at is None:
        line = good.count("\n", 0, start) + 1
    elif at == "function":
        line = good.count("\n", 0, good.rindex("<function ", 0, start)) + 1
    elif at:
        line = good.count("\n", 0, good.index(at)) + 1
    else:
        line = r"\d+"
    assert re.search(rf"{re.escape(file)}:{line}: error: \S", done.stderr), f"line {line} expected:\n{done.stderr[:600]}"


def test_all_refusals_at_once(copy, virtgen):
    """Two mistakes in two files are told together."""
    changes = {"domain/memory.xml": ('length="nparams"', 'length="many"'), CONNECTION: ('invalid="VIR_ERR_INVALID_STREAM"', 'invalid="VIR_ERR_X"')}
    good = {}
    for file, (old, new) in changes.items():
        path = copy / "api-xml" / file
        good[path] = path.read_text()
        path.write_text(good[path].replace(old, new, 1))
    done = subprocess.run([virtgen, "plan", "--root", copy], capture_output=True, text=True, check=False)
    for path, text in good.items():
        path.write_text(text)
    assert "domain/memory.xml:" in done.stderr and f"{CONNECTION}:" in done.stderr


def test_the_corpus_is_large_and_the_original_is_good(copy, virtgen):
    assert len(MUTATIONS) >= 60
    assert subprocess.run([virtgen, "plan", "--root", copy], capture_output=True, check=False).returncode == 0

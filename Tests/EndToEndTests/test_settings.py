"""What our test driver does with the settings, figures and agents of domains beyond the reference's: see scenarios_settings.py
for what both do alike."""
import json
import re
import subprocess
import textwrap

import pytest

PRELUDE = """
import json, libvirt, sys
sys.path.insert(0, {tests!r})
from scenarios_settings import RICH, domain
libvirt.registerErrorHandler(lambda *a: None, None)
c = libvirt.open("test:///default")
d = domain(c, "live", body=RICH)
d.create()

def code(function, *arguments):
    try:
        function(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code()

def elements(name, flags=0):
    import re
    return re.findall(rf"<{{name}}(?: [^>]*)?/>|<{{name}}(?: [^>]*)?>.*?</{{name}}>", d.XMLDesc(flags), re.S)
"""


@pytest.fixture
def ask(root, ours):
    """Runs the body on our library through Debian's module; gives what it says as the last line."""

    def ask_it(body):
        program = PRELUDE.format(tests=str(root / "Tests/EndToEndTests")) + textwrap.dedent(body)
        done = subprocess.run(["/usr/bin/python3", "-c", program], env=ours, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
    return ask_it


def test_shares_stay(ask):
    assert ask("""
        d.setSchedulerParameters({"weight": 70})
        d.setSchedulerParametersFlags({"weight": 80}, libvirt.VIR_DOMAIN_AFFECT_LIVE)
        print(json.dumps([d.schedulerParameters(), c.lookupByName("live").schedulerParametersFlags(0), c.lookupByName("test").schedulerParameters()]))
    """) == [{"weight": 80}, {"weight": 80}, {"weight": 50}]


def test_pins_of_what_starts_next(ask):
    assert ask("""
        d.pinVcpuFlags(0, (False, True), libvirt.VIR_DOMAIN_AFFECT_CONFIG)
        print(json.dumps([elements("vcpupin"), elements("vcpupin", libvirt.VIR_DOMAIN_XML_INACTIVE), d.vcpuPinInfo(libvirt.VIR_DOMAIN_AFFECT_CONFIG)[0][:2]]))
    """) == [
        ["<vcpupin vcpu='1' cpuset='0,3,5'/>"], ["<vcpupin vcpu='0' cpuset='1'/>", "<vcpupin vcpu='1' cpuset='0,3,5'/>"], [False, True]]


def test_a_processor_pinned_to_none_is_read_again(ask):
    """The reference refuses the document that it writes then."""
    assert ask("""
        d.pinVcpu(0, (False,))
        text = d.XMLDesc()
        d.destroy()
        print(json.dumps(["cpuset=''" in text, c.createXML(text).XMLDesc().replace("id='3'", "id='2'") == text]))
    """) == [True, True]


def test_polling_stands_in_the_document(ask):
    threads, next_ones, figures, refused = ask("""
        helpers = {"thread_pool_min": 1}, {"thread_pool_max": 0}, {"thread_pool_min": 3, "thread_pool_max": 2}
        refused = [code(d.setIOThreadParams, 2, some, libvirt.VIR_DOMAIN_AFFECT_CONFIG) for some in helpers]
        d.setIOThreadParams(7, {"poll_max_ns": 9, "poll_grow": 2, "poll_shrink": 3}, 0)
        d.setIOThreadParams(2, {"thread_pool_min": 1, "thread_pool_max": 4}, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
        figures = c.domainListGetStats([d], libvirt.VIR_DOMAIN_STATS_IOTHREAD)[0][1]
        print(json.dumps([elements("iothread"), elements("iothread", 2), figures, refused]))
    """)
    # What could not be read again from the document.
    assert refused == [67, 67, 67]
    assert [re.sub(r"\s+", "", thread) for thread in threads] == [
        "<iothreadid='2'/>", "<iothreadid='7'><pollmax='9'grow='2'shrink='3'/></iothread>", "<iothreadid='1'/>"]
    assert next_ones[0] == "<iothread id='2' thread_pool_min='1' thread_pool_max='4'/>"
    assert figures["iothread.count"] == 3 and figures["iothread.7.poll-max-ns"] == 9 and figures["iothread.7.poll-grow"] == 2


def test_a_thread_in_use_stays(ask):
    assert ask("""
        used = domain(c, "used", body="<iothreads>1</iothreads><devices><disk type='file' device='disk'><driver name='qemu' iothread='1'/><source file='/a'/><target dev='vda'/></disk></devices>")
        print(json.dumps([code(used.delIOThread, 1), len(used.ioThreadInfo())]))
    """) == [8, 1]


def test_processors_one_by_one(ask):
    assert ask("""
        codes = [code(d.setVcpu, *a) for a in (("0", 0), ("9", 1), ("x", 1), ("1", 2), ("1,3", 0))]
        present = lambda: [number for number in range(4) if f"<vcpu id='{number}' enabled='yes'" in d.XMLDesc()]
        there = [d.vcpusFlags(), present()]
        d.setVcpu("3", 1, 0)
        there.append(present())
        d.setVcpus(2)
        print(json.dumps([codes, there, d.vcpusFlags(), elements("vcpus")]))
    """) == [[8, 8, 8, 8, None], [2, [0, 2], [0, 2, 3]], 2, []]


def test_guest_uses_processors(ask):
    assert ask("""
        before = d.guestVcpus()
        codes = [code(d.setGuestVcpus, *a) for a in (("0", 0), ("9", 1), ("", 1), ("1", 7), ("1-2", 0))]
        print(json.dumps([before, codes, d.guestVcpus(), c.domainListGetStats([d], libvirt.VIR_DOMAIN_STATS_VCPU)[0][1]["vcpu.1.halted"]]))
    """) == [
        {"vcpus": "0-3", "online": "0-3", "offlinable": "1-3"}, [9, 8, 8, 8, None], {"vcpus": "0-3", "online": "0,3", "offlinable": "1-3"}, True]


def test_keys_of_users(ask):
    assert ask("""
        said = [d.authorizedSSHKeysGet("u")]
        for keys, flags in ((["a", "b"], 0), (["c", "a"], 1), (["b"], 2), (["z"], 0), (None, 0)):
            d.authorizedSSHKeysSet("u", keys, flags)
            said.append(d.authorizedSSHKeysGet("u"))
        print(json.dumps([said, d.authorizedSSHKeysGet("other"), code(c.lookupByName("test").authorizedSSHKeysSet, "", ["a"]), code(domain(c, "off").authorizedSSHKeysGet, "u")]))
    """) == [[[], ["a", "b"], ["a", "b", "c"], ["a", "c"], ["z"], []], [], 8, 55]


def test_agent_tells_in_groups(ask):
    told = ask("""
        print(json.dumps([d.guestInfo(0), [sorted({key.split(".")[0] for key in d.guestInfo(1 << bit)}) for bit in range(9)], code(d.guestInfo, 1 << 9), code(domain(c, "off").guestInfo, 0)]))
    """)
    assert told[1:] == [[["user"], ["os"], ["timezone"], ["hostname"], ["fs"], ["disk"], ["if"], ["load"], ["device"]], 74, 55]
    everything = told[0]
    assert everything["hostname"] == "livehost" and everything["fs.0.mountpoint"] == "/" and everything["if.count"] == 2
    assert everything["if.0.addr.0.addr"] == "192.168.122.23" and everything["disk.count"] == 3


def test_changes_are_measured(ask):
    first, running, again, codes = ask("""
        figures = lambda: c.domainListGetStats([d], libvirt.VIR_DOMAIN_STATS_DIRTYRATE)[0][1]
        first = figures()
        d.startDirtyRateCalc(60, libvirt.VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING)
        print(json.dumps([first, figures(), code(d.startDirtyRateCalc, 1), [code(d.startDirtyRateCalc, seconds) for seconds in (0, -1, 61)]]))
    """)
    assert first == {"dirtyrate.calc_status": 0} and again == 55 and codes == [8, 8, 8]
    assert running.pop("dirtyrate.calc_start_time") > 1 << 30
    assert running == {"dirtyrate.calc_status": 1, "dirtyrate.calc_period": 60, "dirtyrate.calc_mode": "dirty-ring"}


def test_secrets_of_protected_memory(ask):
    assert ask("""
        s = domain(c, "sev", body="<launchSecurity type='sev'><policy>0x3</policy><cbitpos>1</cbitpos><reducedPhysBits>1</reducedPhysBits></launchSecurity>")
        secret = {"sev-secret-header": "AA", "sev-secret": "BB"}
        codes = [code(s.launchSecurityInfo), code(d.launchSecurityInfo)]
        s.create()
        codes += [code(s.setLaunchSecurityState, secret)]
        s.suspend()
        codes += [code(s.setLaunchSecurityState, {"sev-secret": "BB"}), code(s.setLaunchSecurityState, secret)]
        print(json.dumps([codes, s.launchSecurityInfo()["sev-policy"], len(s.launchSecurityInfo())]))
    """) == [[55, 84, 55, 8, None], 3, 5]


def test_every_group_of_statistics(ask, root):
    """Every key that a driver tells is described, and every group and every described key without a number is told."""
    import xml.etree.ElementTree as ElementTree
    macros = {}
    for path in (root / "api-xml/domain").glob("*.xml"):
        for macro in ElementTree.parse(path).iter("macro"):
            if macro.get("name").startswith("VIR_DOMAIN_STATS_") and macro.get("string"):
                macros[macro.get("name")] = (macro.get("kind"), macro.get("string"))
    keys = {text for kind, text in macros.values() if kind == "key"}
    prefixes = [text for kind, text in macros.values() if kind == "prefix" and not text.startswith(".")]
    suffixes = [text for kind, text in macros.values() if kind == "suffix"]
    by_group, together, off = ask("""
        d.setPerfEvents({name: True for name in d.perfEvents()}, 0)
        d.startDirtyRateCalc(1, libvirt.VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING)
        import time
        end = time.time() + 20
        figures = lambda group: c.domainListGetStats([d], group, libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING | libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS)[0][1]
        while figures(512)["dirtyrate.calc_status"] != libvirt.VIR_DOMAIN_DIRTYRATE_MEASURED and time.time() < end:
            time.sleep(0.05)
        off = c.domainListGetStats([domain(c, "off", body=RICH)], 0)[0][1]
        print(json.dumps([[sorted(figures(1 << bit)) for bit in range(11)], sorted(figures(0)), sorted(off)]))
    """)
    assert all(by_group) and sorted(sum(by_group, [])) == together
    for key in together:
        assert key in keys or any(key.startswith(prefix) for prefix in prefixes) and any(key.endswith(suffix) for suffix in suffixes), key
    assert keys - set(together) == set(), "described and never told"
    assert {"state.state", "balloon.maximum", "vcpu.maximum", "block.0.name"} <= set(off)


def test_host_tells_of_memory_and_pages(ask):
    assert ask("""
        print(json.dumps([c.getMemoryStats(-1), c.getMemoryStats(1), code(c.getMemoryStats, 2), c.getFreePages([4, 8, 2048], 0, 2), code(c.getFreePages, [4], 2, 1), code(c.getFreePages, [0], 0, 1)]))
    """) == [
        {"total": 6291456, "free": 3145728, "buffers": 0, "cached": 0}, {"total": 4194304, "free": 2097152}, 8,
        {"0": {"4": 262144, "8": 0, "2048": 0}, "1": {"4": 0, "8": 262144, "2048": 0}}, 8, 8]


def test_disks_hold_their_offsets(ask):
    assert ask("""
        most = d.blockInfo("vda")[0]
        print(json.dumps([d.blockPeek("vda", 254, 4, 0).hex(), code(d.blockPeek, "vda", most - 2, 4, 0), code(d.blockPeek, "hdc", 0, 4, 0), sorted(d.blockStatsFlags("vda")), d.securityLabelList()]))
    """) == ["feff0001", 8, 8, [
        "errs", "flush_operations", "flush_total_times", "rd_bytes", "rd_operations", "rd_total_times", "wr_bytes", "wr_operations",
        "wr_total_times"], [["libvirt-test", True]]]


def test_processors_are_brought_up_to_date(ask):
    """With the flag for it a document says what the guest gets, where it left that to the host; the reference refuses the flag."""
    assert ask("""
        import re
        def updated(processor):
            text = f"<domain type='test'><name>u</name><memory>4096</memory><vcpu>2</vcpu><os><type>hvm</type></os>{processor}</domain>"
            guest = c.defineXML(text)
            plain, new = guest.XMLDesc(), guest.XMLDesc(libvirt.VIR_DOMAIN_XML_UPDATE_CPU)
            assert c.defineXML(new).XMLDesc() == new
            guest.undefine()
            found = re.search("<cpu.*</cpu>", new, re.S)
            return "same" if plain == new else re.sub(r"\\s*\\n\\s*", "", found[0])
        offered = re.search("<mode name='host-model' supported='yes'>(.*?)</mode>", c.getDomainCapabilities(), re.S)[1]
        offered = re.sub(r"\\s*\\n\\s*", "", offered)
        own = "<feature policy='disable' name='ht'/>"
        print(json.dumps([
            updated("<cpu mode='host-model'/>") == f"<cpu mode='custom' match='exact'>{offered}</cpu>",
            updated("<cpu match='minimum'><model>Nehalem</model></cpu>") == f"<cpu mode='custom' match='exact'>{offered}</cpu>",
            own in updated(f"<cpu mode='host-model' check='full'>{own}</cpu>"), updated("<cpu mode='host-passthrough'/>"), updated(""),
            updated("<cpu match='exact'><model>Nehalem</model></cpu>")]))
        """) == [True, True, True, "same", "same", "same"]

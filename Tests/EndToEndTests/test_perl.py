"""The examples that come with Debian's Sys::Virt, run on our library; those for QEMU's URIs with ours in their place.

What the reference's test driver has is compared with it in test_upstream.py; the others are asked for what they print.
"""
import os
import pathlib
import re
import subprocess

import pytest

EXAMPLES = pathlib.Path("/usr/share/doc/libsys-virt-perl/examples")
# Examples that need what no test driver has, and those that test_upstream.py compares.
ELSEWHERE = {
    "open-console.pl": "opens a window of GTK",
    "auth.pl": "compared", "dom-stats.pl": "compared", "dump-info.pl": "compared", "fs-freeze.pl": "compared", "hv-stat.pl": "compared", "node-info.pl": "compared",
    "save-restore.pl": "Sys::Virt crashes on the reference as well",
    "events.pl": "waits for the connection's end, see test_events", "dom-migrate.pl": "migrates between two hosts, see test_migrating",
}
VOLUME = r'''use Sys::Virt; my $kept = Sys::Virt->new(uri => "test:///default");
my $made = $kept->get_storage_pool_by_name("default-pool")->create_volume("<volume><name>v</name><capacity>65536</capacity></volume>");
{ my $s = $kept->new_stream(); $made->upload($s, 0, 0); $s->send("content", 7); $s->finish(); }
'''
DOMAIN = r'''use Sys::Virt; my $kept = Sys::Virt->new(uri => "test:///default");
my $made = $kept->define_domain("<domain type='test'><name>vm1</name><memory>4096</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>");
'''
PROGRAMS = {
    "devices.pl": (["test:///default"], "", r"Available NICS"),
    "dhcp-leases.pl": ([], "", r"^$|MAC"),
    "dom-fsinfo.pl": (["test:///default", "test"], "", r"/boot"),
    "dom-ifinfo.pl": (["test:///default", "test"], "", r"192\.168\.122\."),
    "dump-xml.pl": (["test:///default", "test"], "", r"<name>test</name>"),
    "emulator-pin.pl": (["test:///default"], DOMAIN, r"1:1:.*\n0:1:.*\n0:1:.*\n1:1:"),
    "iothreadinfo.pl": (["test:///default"], "", r"VMM type: TEST"),
    "node-alloc.pl": (["test:///default", "2048=2", "1048576=0"], "", r"^$"),
    "node-cpu.pl": (["test:///default"], "", r""),
    "node-devlist.pl": (["test:///default"], "", r"computer|scsi_host"),
    "node-ksm.pl": ([], "", r"200"),
    "send-key.pl": (["test:///default", "test"], "", r"Addr test:///default"),
    "vcpuinfo.pl": (["test:///default"], "", r"VCPU"),
    "vol-download.pl": (["/default-pool/v", "out"], VOLUME, r""),
    "vol-download-all.pl": (["/default-pool/v", "out"], VOLUME, r""),
    "vol-download-nonblock.pl": (["/default-pool/v", "out"], VOLUME, r""),
    "vol-upload-nonblock.pl": (["/default-pool/v", "in"], VOLUME, r""),
    "vol-upload.pl": (["/default-pool/v", "in"], VOLUME, r""),
    "vol-upload-all.pl": (["/default-pool/v", "in"], VOLUME, r""),
    "vol-sparse.pl": (["test:///default", "--download", "/default-pool/v", "out"], VOLUME, r""),
}


def text(program):
    """An example for the test driver."""
    text = (EXAMPLES / program).read_text()
    return re.sub(r"qemu:///\w+", "test:///default", text).replace("type='kvm'", "type='test'")


def test_every_example_has_its_place():
    assert {path.name for path in EXAMPLES.glob("*.pl")} == set(PROGRAMS) | set(ELSEWHERE)


@pytest.mark.parametrize("program", sorted(PROGRAMS))
def test_example(program, ours, tmp_path):
    arguments, before, expected = PROGRAMS[program]
    (tmp_path / "in").write_bytes(os.urandom(5000))
    (tmp_path / "program.pl").write_text(before + text(program))
    done = subprocess.run(["perl", "program.pl", *arguments], env={**ours, "LIBVIRT_DEFAULT_URI": "test:///default"}, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(expected, done.stdout), done.stdout
    if arguments[-1:] == ["out"]:
        assert (tmp_path / "out").read_bytes()[:7] == b"content"


def test_events(ours):
    """The example of events, whose connection never ends: it is ended once it has told something."""
    program = text("events.pl").replace("shift @ARGV", '"test:///default"').replace('printf "%s %s %d %d\\n"', '$quit = 1; printf "%s %s %d %d\\n"')
    program = program.replace("while (!$quit)", '$c->get_domain_by_name("test"); my $w = Sys::Virt->new(uri => "test:///default"); $w->get_domain_by_name("test")->suspend();\nwhile (!$quit)')
    done = subprocess.run(["perl", "-e", program], env=ours, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "test:///default test 3 0\n"


# The four that carry a whole stream, which Python has in Python.
CARRIERS = r'''use Sys::Virt; my $c = Sys::Virt->new(uri => "test:///default");
for my $flags (0, Sys::Virt::Stream::NONBLOCK) {
  for (["send_all", sub { $_[0]->send_all(sub { return 0 }) }], ["recv_all", sub { $_[0]->recv_all(sub { return 0 }) }],
       ["sparse_send_all", sub { $_[0]->sparse_send_all(sub { return 0 }, sub { return (0, 0) }, sub { return 0 }) }],
       ["sparse_recv_all", sub { $_[0]->sparse_recv_all(sub { return 0 }, sub { return 0 }) }]) {
    my ($name, $call) = @$_; my $stream = $c->new_stream($flags);
    my $result = eval { $call->($stream); "fine" };
    print "$flags $name ", ref($@) ? join("/", $@->code, $@->domain) : "$result$@", "\n";
  }
}
'''


def test_streams_that_do_not_wait_are_carried_by_nobody(reference, ours):
    told = [subprocess.run(["perl", "-e", CARRIERS], env=environment, capture_output=True, text=True, timeout=60, check=True).stdout
            for environment in (reference, ours)]
    assert told[0] == told[1]
    assert told[1].count("1 ") == told[1].count("55/38") == 4


def test_migrating(ours, tmp_path):
    """The example of migration, from a world of a file to another one, with the disk to copy."""
    (tmp_path / "here.xml").write_text("<node><domain type='test'><name>guest</name><memory>65536</memory><os><type>hvm</type></os><devices>"
                                       "<disk type='file'><source file='/d'/><target dev='vda' bus='virtio'/></disk></devices></domain></node>")

    def migrate(name, there):
        command = ["perl", EXAMPLES / "dom-migrate.pl", f"test://{tmp_path}/here.xml", name, there, "vda"]
        done = subprocess.run(command, env=ours, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stderr
    assert migrate("guest", "test:///default") == (0, "")
    assert "code: 42," in migrate("none", "test:///default")[1]
    status, complaint = migrate("guest", "test:///nowhere")
    assert status and "/nowhere" in complaint

"""What upstream wrote, unchanged, on our library: libvirt-python from its source, its own tests, Debian's bindings."""
import os
import re
import subprocess
import tarfile
import xml.etree.ElementTree as ElementTree

import pytest

FILES = [
    "test_aio.py", "test_api_coverage.py", "test_conn.py", "test_domain.py", "test_domain_checkpoint.py",
    "test_domain_config.py", "test_domain_lifecycle.py", "test_domain_migration.py", "test_domain_snapshot.py",
    "test_interface.py", "test_network.py", "test_nodedev.py", "test_storage.py",
]
# Skipped by upstream itself on the Python of Debian 12: written for Python before 3.10.
OLD_PYTHON = 2


@pytest.fixture(scope="session")
def upstream(root, stage, ours, tmp_path_factory):
    """libvirt-python built from source against the staged install: the source folder and the folder of its modules."""
    version = re.search(r"LIBVIRT_PYTHON_VERSION=(\S+)", (root / "scripts/versions").read_text()).group(1)
    archives = list((root / "build/upstream").glob(f"libvirt?python-{version}.tar.gz"))
    assert archives, "no source of libvirt-python: run scripts/setup first"
    folder = tmp_path_factory.mktemp("upstream")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder)
    source = next(folder.iterdir())
    environment = {**ours, "PKG_CONFIG_PATH": str(stage / "lib/pkgconfig"), "CFLAGS": "-O1"}
    done = subprocess.run(
        ["/usr/bin/python3", "setup.py", "-q", "build"], cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return source, next((source / "build").glob("lib.*"))


def outcomes(path):
    """Names of failed, skipped and passed tests."""
    failed, skipped, passed = set(), [], set()
    for case in ElementTree.parse(path).iter("testcase"):
        name = case.get("name")
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
        elif case.find("skipped") is not None:
            skipped.append(name)
        else:
            passed.add(name)
    return failed, skipped, passed


def run(source, environment, file, results):
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}", f"tests/{file}"],
        cwd=source, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert results.exists(), done.stdout[-2000:]
    failed, skipped, passed = outcomes(results)
    assert not failed, done.stdout[-4000:]
    assert len(skipped) == (OLD_PYTHON if file == "test_aio.py" else 0), skipped
    assert passed


@pytest.mark.parametrize("file", FILES)
def test_upstream_binding_passes_its_tests(file, upstream, stage, ours, tmp_path):
    source, modules = upstream
    environment = {**ours, "PYTHONPATH": str(modules), "PKG_CONFIG_PATH": str(stage / "lib/pkgconfig"), "LIBVIRT_API_COVERAGE": "1"}
    run(source, environment, file, tmp_path / "results.xml")


@pytest.mark.parametrize("file", FILES)
def test_our_modules_pass_the_same(file, upstream, stage, ours, modules, tmp_path):
    environment = {
        **ours, "PYTHONPATH": str(modules), "PKG_CONFIG_PATH": str(stage / "lib/pkgconfig"), "LIBVIRT_API_COVERAGE": "1"}
    run(upstream[0], environment, file, tmp_path / "results.xml")


@pytest.mark.parametrize("file", [file for file in FILES if file != "test_api_coverage.py"])
def test_debian_binding_passes_the_same(file, upstream, ours, tmp_path):
    run(upstream[0], ours, file, tmp_path / "results.xml")


def test_upstream_binding_knows_the_siblings(upstream, ours):
    done = subprocess.run(
        ["/usr/bin/python3", "-c", "import libvirt, libvirt_qemu, libvirt_lxc; print(libvirt.getVersion(), libvirt.__file__)"],
        env={**ours, "PYTHONPATH": str(upstream[1])}, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["12008000", str(upstream[1] / "libvirt.py")], done.stderr


# Programs that come with Debian's libsys-virt-perl: what they print on the reference and on ours is the same.
PERL = "/usr/share/doc/libsys-virt-perl/examples"


@pytest.mark.parametrize("program", ["auth.pl", "dom-stats.pl", "dump-info.pl", "fs-freeze.pl", "hv-stat.pl", "node-info.pl"])
def test_perl_examples(program, reference, ours):
    def output(environment):
        done = subprocess.run(
            ["perl", os.path.join(PERL, program), "test:///default"], env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False)
        assert "cannot open shared object" not in done.stderr
        # The wording of errors is ours; the clock runs.
        return done.returncode, re.sub(r"cpuTime: \d+", "cpuTime", re.sub(r"(message: ).*", r"\1", done.stdout + done.stderr))

    assert output(ours) == output(reference)


def test_perl_drives_a_domain(ours):
    script = r'''
        use strict; use warnings; use Sys::Virt; use Sys::Virt::Domain; use Sys::Virt::DomainSnapshot;
        my $connection = Sys::Virt->new(uri => "test:///default");
        my @seen;
        Sys::Virt::Event::register_default();
        $connection->domain_event_register_any(undef, Sys::Virt::Domain::EVENT_ID_LIFECYCLE,
            sub { my ($c, $domain, $event, $detail) = @_; push @seen, $domain->get_name . " $event" });
        my $domain = $connection->define_domain("<domain type='test'><name>p</name><memory>4096</memory><os><type>hvm</type></os></domain>");
        $domain->create(); $domain->suspend(); $domain->resume();
        my $snapshot = $domain->create_snapshot("<domainsnapshot><name>s</name></domainsnapshot>");
        print join(" ", map { $_->get_name } $domain->list_all_snapshots()), "\n";
        $snapshot->revert_to(); $snapshot->delete(); $domain->destroy(); $domain->undefine();
        eval { $connection->get_domain_by_name("p") };
        print ref($@), " ", $@->code, " ", $@->domain, "\n";
        Sys::Virt::Event::run_default() while @seen < 6;
        print join(",", @seen), "\n";
    '''
    done = subprocess.run(["perl", "-MSys::Virt::Event", "-e", script], env=ours, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "s"
    assert lines[1] == "Sys::Virt::Error 42 12"
    assert lines[2].startswith("p 0,p 2,p 3,p 4,")

"""A domain's life on test:///default, through whatever libvirt the installed Python binding loads; prints a table."""
import threading

import libvirt

STATES = {
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_SHUTOFF: "shut off",
}
EVENTS = {
    libvirt.VIR_DOMAIN_EVENT_DEFINED: "defined",
    libvirt.VIR_DOMAIN_EVENT_UNDEFINED: "undefined",
    libvirt.VIR_DOMAIN_EVENT_STARTED: "started",
    libvirt.VIR_DOMAIN_EVENT_SUSPENDED: "suspended",
    libvirt.VIR_DOMAIN_EVENT_RESUMED: "resumed",
    libvirt.VIR_DOMAIN_EVENT_STOPPED: "stopped",
}
GUEST = """<domain type='test'>
  <name>demo</name>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  <os><type>hvm</type></os>
  <devices><disk type='file' device='disk'><source file='/images/demo.qcow2'/><target dev='vda' bus='virtio'/></disk></devices>
</domain>"""
SNAPSHOT = "<domainsnapshot><name>clean</name><description>before the experiment</description></domainsnapshot>"


class Events:
    """Collects lifecycle events on the default event loop, in its own thread."""

    def __init__(self, connection):
        self.arrived = threading.Condition()
        self.names = []
        self.callback = connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.note, None)

    def note(self, _connection, domain, event, _detail, _opaque):
        with self.arrived:
            self.names.append(f"{domain.name()} {EVENTS.get(event, event)}")
            self.arrived.notify()

    def take(self, count):
        """The names of the events so far, as soon as there are `count` of them."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.names) >= count, timeout=10):
                raise SystemExit(f"demo: {count} events expected, arrived: {self.names}")
            names, self.names = self.names, []
        return ", ".join(names)


def run_event_loop():
    while True:
        libvirt.virEventRunDefaultImpl()


def main():
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_event_loop, daemon=True).start()
    connection = libvirt.open("test:///default")
    events = Events(connection)
    rows = []

    def step(what, arriving):
        state, reason = domain.state()
        rows.append((what, f"{STATES[state]} ({reason})", events.take(arriving)))

    for found in connection.listAllDomains():
        information = found.info()
        rows.append((f"list: {found.name()}", STATES[information[0]], f"{information[2] // 1024} MiB, {information[3]} processors"))
    domain = connection.defineXML(GUEST)
    step("define demo", 1)
    domain.create()
    step("start", 1)
    domain.suspend()
    step("suspend", 1)
    domain.resume()
    step("resume", 1)
    snapshot = domain.snapshotCreateXML(SNAPSHOT, libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_HALT)
    step(f"snapshot '{snapshot.getName()}' with HALT", 1)
    domain.revertToSnapshot(snapshot)
    step("revert to it", 1)
    snapshot.delete()
    step("delete the snapshot", 0)
    domain.destroy()
    step("destroy", 1)
    domain.undefine()
    rows.append(("undefine", "", events.take(1)))

    version = connection.getLibVersion()
    print(f"\n{connection.getURI()} · driver {connection.getType()} · "
          f"libvirt {version // 1000000}.{version // 1000 % 1000}.{version % 1000} · host {connection.getHostname()}\n")
    rows.insert(0, ("step", "state (reason)", "events"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


main()

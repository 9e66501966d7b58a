"""A program on libvirt-glib, through GObject introspection: what virt-viewer and GNOME Boxes use. Run by test_programs.py on both
libraries; prints a line of JSON for each thing that it does: its label, and what came of it.
"""
import json
import re

import gi

for name in ("LibvirtGLib", "LibvirtGObject", "LibvirtGConfig"):
    gi.require_version(name, "1.0")
from gi.repository import GLib, LibvirtGConfig, LibvirtGLib, LibvirtGObject  # noqa: E402

NODE = ("memory", "cpus", "mhz", "nodes", "sockets", "cores", "threads")
loop = GLib.MainLoop()
heard = []


def fields(structure, *names):
    return {name: getattr(structure, name) for name in names}


def plain(answer):
    if hasattr(answer, "to_xml"):
        answer = answer.to_xml()
    if isinstance(answer, str):
        return re.sub(r"<uuid>.*</uuid>|<creationTime>.*</creationTime>", "", answer)
    return answer if isinstance(answer, (int, list, dict, type(None))) else type(answer).__name__


def step(label, function, *arguments):
    """Does something, lets the events of it come, and prints both; gives the answer."""
    try:
        answer = function(*arguments)
        told = plain(answer)
    except GLib.Error as error:
        answer, told = None, [error.domain, error.code, error.message]
    if heard_anything():
        told = [told, list(heard)]
        heard.clear()
    print(json.dumps([label, told]), flush=True)
    return answer


def heard_anything():
    while GLib.MainContext.default().iteration(False):
        pass
    return bool(heard)


def listen(source, *signals):
    for signal in signals:
        source.connect(signal, lambda *a, signal=signal: heard.append(signal))


def config_of_domain():
    made = LibvirtGConfig.Domain.new_from_xml("<domain type='test'/>")
    made.set_name("made")
    made.set_memory(65536)
    made.set_vcpus(1)
    system = LibvirtGConfig.DomainOs.new()
    system.set_os_type(LibvirtGConfig.DomainOsType.HVM)
    made.set_os(system)
    disk = LibvirtGConfig.DomainDisk.new()
    disk.set_type(LibvirtGConfig.DomainDiskType.FILE)
    disk.set_source("/made.img")
    disk.set_target_dev("vda")
    disk.set_target_bus(LibvirtGConfig.DomainDiskBus.VIRTIO)
    made.add_device(disk)
    interface = LibvirtGConfig.DomainInterfaceNetwork.new()
    interface.set_source("default")
    interface.set_mac("52:54:00:01:02:03")
    made.add_device(interface)
    graphics = LibvirtGConfig.DomainGraphicsVnc.new()
    graphics.set_autoport(True)
    made.add_device(graphics)
    return made


def look(connection):
    for name in ("get_uri", "get_hypervisor_name", "is_open", "is_read_only", "get_capabilities"):
        step(name, getattr(connection, name))
    step("node", lambda: fields(connection.get_node_info(), *NODE))
    for name in ("domains", "storage_pools", "networks", "interfaces"):
        step(f"fetch {name}", getattr(connection, f"fetch_{name}"), None)
    [domain] = connection.get_domains()
    for name in ("get_name", "get_uuid", "get_id", "get_persistent", "get_saved"):
        step(name, getattr(domain, name))
    step("info", lambda: fields(domain.get_info(), "state", "maxMem", "memory", "nrVirtCpu"))
    config = step("config", domain.get_config, 0)
    step("devices", lambda: [type(it).__name__ for it in config.get_devices() + domain.get_devices()])
    listen(domain, "stopped::saved", "started::restored", "stopped::shutdown", "started::booted")
    for name, flags in (("save", 0), ("start", 0), ("reboot", 0), ("shutdown", 0), ("start", 0), ("start", 0)):
        step(name, getattr(domain, name), flags)
    step("save otherwise", domain.save_to_file, "nowhere", config, 0)
    for it in connection.get_networks() + connection.get_interfaces():
        step(it.get_name(), it.get_config, 0)


def life(connection):
    listen(connection, "domain-added", "domain-removed")
    domain = step("create", connection.create_domain, config_of_domain())
    listen(domain, "started::booted", "started::from-snapshot", "stopped::destroyed", "suspended::paused", "resumed::unpaused", "updated")
    step("description", domain.get_config, 0)
    for name, arguments in (("start", [0]), ("suspend", []), ("resume", [])):
        step(name, getattr(domain, name), *arguments)
    config = LibvirtGConfig.DomainSnapshot.new()
    config.set_name("moment")
    config.set_description("before")
    moment = step("snapshot", domain.create_snapshot, config, 0)
    step("fetch", domain.fetch_snapshots, 0, None)
    step("snapshots", lambda: [it.get_name() for it in domain.get_snapshots()])
    for name in ("get_is_current", "revert_to", "get_is_current", "delete", "delete"):
        step(name, getattr(moment, name), 0)
    disk = domain.get_devices()[0]
    step("statistics", lambda: disk.get_stats().rd_req > 0)
    step("resize", disk.resize, 4096, 0)
    step("console", lambda: domain.open_console(connection.get_stream(0), None, 0))
    step("stop", domain.stop, 0)
    step("stop again", domain.stop, 0)
    changed = domain.get_config(0)
    changed.set_description("after")
    step("change", domain.set_config, changed)
    step("changed", lambda: domain.get_config(0).get_description())
    step("delete", domain.delete, 0)
    step("no domain", connection.create_domain, LibvirtGConfig.Domain.new_from_xml("<domain/>"))


def storage(connection):
    [pool] = connection.get_storage_pools()
    for name in ("get_name", "get_uuid", "get_active", "get_persistent", "get_autostart"):
        step(name, getattr(pool, name))
    step("pool", lambda: fields(pool.get_info(), "state", "capacity", "allocation", "available"))
    step("refresh", pool.refresh, None)
    config = LibvirtGConfig.StorageVol.new()
    config.set_name("volume")
    config.set_capacity(1 << 20)
    volume = step("create", pool.create_volume, config)
    step("config", volume.get_config, 0)
    step("path", volume.get_path)
    step("resize", volume.resize, 2 << 20, 0)
    for name in ("upload", "download"):
        step(name, getattr(volume, name), connection.get_stream(0), 0, 0, 0)
    step("volumes", lambda: [it.get_name() for it in pool.get_volumes()])
    step("delete", volume.delete, 0)
    for name, arguments in (("set_autostart", [True]), ("undefine", []), ("stop", []), ("get_active", []), ("undefine", []), ("start", [0])):
        step(f"pool {name}", getattr(pool, name), *arguments)


def opened_in_time():
    """Opens and fetches without waiting."""
    connection = LibvirtGObject.Connection.new("test:///default")
    done = []

    def fetched(source, result, *_):
        done.append(source.fetch_domains_finish(result))
        loop.quit()

    def opened(source, result, *_):
        done.append(source.open_finish(result))
        source.fetch_domains_async(None, fetched, None)

    connection.open_async(None, opened, None)
    loop.run()
    return done + [it.get_name() for it in connection.get_domains()]


def main():
    LibvirtGObject.init_object_check(None)
    LibvirtGLib.event_register()
    connection = LibvirtGObject.Connection.new("test:///default")
    step("open", connection.open, None)
    look(connection)
    life(connection)
    storage(connection)
    step("asynchronous", opened_in_time)
    step("no file", LibvirtGObject.Connection.new("test:///nowhere.xml").open, None)
    connection.close()


if __name__ == "__main__":
    main()

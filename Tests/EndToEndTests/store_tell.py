"""Everything that can be asked about a world, as texts."""
import hashlib
import json

import libvirt


def content(connection, volume):
    """What was written to a volume: the lengths of data and holes, and a sum of the data."""
    stream = connection.newStream()
    volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
    rows, total = [], hashlib.sha256()
    while True:
        got = stream.recvFlags(1 << 18, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)
        if got == -3:
            length = stream.recvHole()
            if not length:
                break
            rows.append(["hole", length])
        elif got:
            total.update(got)
            if rows and rows[-1][0] == "data":
                rows[-1][1] += len(got)
            else:
                rows.append(["data", len(got)])
        else:
            break
    stream.finish()
    return rows, total.hexdigest()


def tell(c):
    said = []
    secure, inactive = libvirt.VIR_DOMAIN_XML_SECURE, libvirt.VIR_DOMAIN_XML_INACTIVE
    for it in c.listAllDomains():
        said.append([it.name(), it.ID(), it.state(), it.isPersistent(), it.autostart(), it.hasManagedSaveImage(), it.XMLDesc(secure),
                     it.XMLDesc(secure | inactive), it.managedSaveGetXMLDesc() if it.hasManagedSaveImage() else None])
        try:
            said[-1] += [it.autostartOnce()]
        except (AttributeError, libvirt.libvirtError):
            pass
        for moment in it.listAllSnapshots() + it.listAllCheckpoints():
            said.append([it.name(), moment.getName(), moment.getXMLDesc(1), [one.getName() for one in moment.listAllChildren()]])
        # In their order.
        said.append([it.name(), [one.getName() for one in it.listAllSnapshots() + it.listAllCheckpoints()]])
        said.append([it.name(), it.hasCurrentSnapshot() and it.snapshotCurrent().getName()])
    for it in c.listAllNetworks():
        said.append([it.name(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.XMLDesc(1)])
        said += [[port.UUIDString(), port.XMLDesc(), port.parameters()] for port in it.listAllPorts()]
    for it in c.listAllInterfaces():
        said.append([it.name(), it.isActive(), it.XMLDesc()])
    for it in c.listAllDevices():
        said.append([it.name(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.parent()])
    for it in c.listAllStoragePools():
        said.append([it.name(), it.info(), it.isActive(), it.isPersistent(), it.autostart(), it.XMLDesc(), it.XMLDesc(1)])
        if it.isActive():
            said += [[one.name(), one.key(), one.path(), one.info(), one.XMLDesc(), content(c, one)] for one in it.listAllVolumes()]
    for it in c.listAllSecrets():
        said.append([it.UUIDString(), it.XMLDesc()])
        try:
            said[-1].append(it.value().hex())
        except libvirt.libvirtError as error:
            said[-1].append(error.get_error_code())
    said += [[it.name(), it.XMLDesc()] for it in c.listAllNWFilters()]
    said += [[it.portDev(), it.XMLDesc()] for it in c.listAllNWFilterBindings()]
    return sorted(json.dumps(it) for it in said)

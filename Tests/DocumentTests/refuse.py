"""Gives documents to whichever library is loaded: a line of JSON for each, with the error or with nothing."""
import json
import sys
import tempfile

import libvirt

libvirt.registerErrorHandler(lambda context, error: None, None)
c = libvirt.open("test:///default")
domain, pool, network = c.lookupByName("test"), c.storagePoolLookupByName("default-pool"), c.networkLookupByName("default")


def world(text):
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(text)
        file.flush()
        libvirt.open(f"test://{file.name}")


CALLS = {
    "domain": c.defineXML, "device": domain.attachDevice, "network": c.networkDefineXML, "port": network.portCreateXML,
    "interface": c.interfaceDefineXML, "pool": c.storagePoolDefineXML, "volume": pool.createXML, "node device": c.nodeDeviceDefineXML,
    "secret": c.secretDefineXML, "filter": c.nwfilterDefineXML, "binding": c.nwfilterBindingCreateXML,
    "snapshot": domain.snapshotCreateXML, "checkpoint": domain.checkpointCreateXML, "backup": lambda text: domain.backupBegin(text, None),
    "redefined snapshot": lambda text: domain.snapshotCreateXML(text, libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE),
    "redefined checkpoint": lambda text: domain.checkpointCreateXML(text, libvirt.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE),
    "processor": c.compareCPU, "processors": lambda text: c.baselineCPU([text]), "world": world,
}
for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        CALLS[kind](text)
        said = None
    except libvirt.libvirtError as error:
        said = [error.get_error_code(), error.get_error_domain(), error.get_error_message()]
    print(json.dumps(said), flush=True)

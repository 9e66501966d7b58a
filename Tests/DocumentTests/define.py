"""Defines documents on whichever library is loaded: a line of JSON for each, and one that says what became of it."""
import json
import sys

import libvirt

libvirt.registerErrorHandler(lambda context, error: None, None)
c = libvirt.open("test:///default")
domain, pool, network = c.lookupByName("test"), c.storagePoolLookupByName("default-pool"), c.networkLookupByName("default")
REDEFINE = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE, libvirt.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE
# Define, describe, take away; define what was described, where that is another call.
CALLS = {
    "domain": (lambda text: c.defineXML(text), lambda one: one.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE), lambda one: one.undefineFlags()),
    "network": (lambda text: c.networkDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "storagepool": (lambda text: c.storagePoolDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "storagevol": (lambda text: pool.createXML(text), lambda one: one.XMLDesc(), lambda one: one.delete()),
    "interface": (lambda text: c.interfaceDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "nodedev": (lambda text: c.nodeDeviceDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "secret": (lambda text: c.secretDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "nwfilter": (lambda text: c.nwfilterDefineXML(text), lambda one: one.XMLDesc(), lambda one: one.undefine()),
    "nwfilterbinding": (lambda text: c.nwfilterBindingCreateXML(text), lambda one: one.XMLDesc(), lambda one: one.delete()),
    "networkport": (lambda text: network.portCreateXML(text), lambda one: one.XMLDesc(), lambda one: one.delete()),
    "domainsnapshot": (
        lambda text: domain.snapshotCreateXML(text), lambda one: one.getXMLDesc(), lambda one: one.delete(),
        lambda text: domain.snapshotCreateXML(text, REDEFINE[0])),
    "domaincheckpoint": (
        lambda text: domain.checkpointCreateXML(text), lambda one: one.getXMLDesc(), lambda one: one.delete(),
        lambda text: domain.checkpointCreateXML(text, REDEFINE[1])),
}


def answer(kind, text):
    define, describe, drop, *again = CALLS[kind]
    made = define(text)
    first = describe(made)
    drop(made)
    try:
        made = (again or [define])[0](first)
    except libvirt.libvirtError as error:
        return ["refused again", error.get_error_code(), error.get_error_domain(), error.get_error_message()]
    second = describe(made)
    drop(made)
    return ["same", first] if first == second else ["other", first, second]


for line in sys.stdin:
    try:
        said = answer(*json.loads(line))
    except libvirt.libvirtError as error:
        said = ["refused", error.get_error_code(), error.get_error_domain(), error.get_error_message()]
    print(json.dumps(said), flush=True)

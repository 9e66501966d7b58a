"""Documents of domains on whichever library is loaded: how each is refused, or what it becomes, with each of the flags that
matter, and when that is read again."""
import re

import libvirt

import domain_documents

FLAGS = {"secure": libvirt.VIR_DOMAIN_XML_SECURE, "inactive": libvirt.VIR_DOMAIN_XML_INACTIVE, "migratable": libvirt.VIR_DOMAIN_XML_MIGRATABLE}


def settled(text):
    """A text without the addresses that the library chose."""
    return re.sub(r"52:54:00:(?!00:00:01|aa:bb:cc)[0-9a-f:]{8}", "52:54:00:xx", text)


def documents(t):
    c = libvirt.open("test:///default")
    for label, text in domain_documents.texts():
        d = None
        try:
            d = c.defineXML(text)
        except libvirt.libvirtError as error:
            t.note(label, [error.get_error_code(), error.get_error_domain()])
            continue
        plain = settled(d.XMLDesc())
        answers = {"plain": plain}
        for name, flags in FLAGS.items():
            other = settled(d.XMLDesc(flags))
            if other != plain:
                answers[name] = other
        try:
            again = settled(c.defineXML(d.XMLDesc(FLAGS["secure"])).XMLDesc())
        except libvirt.libvirtError as error:
            again = [error.get_error_code(), error.get_error_domain()]
        if again != plain:
            answers["again"] = again
        t.note(label, answers)
        d.undefine()


SCENARIOS = (documents,)

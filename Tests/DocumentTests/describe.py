"""Defines domains on whichever library is loaded: a line of JSON for each, with its document or with the error."""
import json
import re
import sys

import libvirt

libvirt.registerErrorHandler(lambda context, error: None, None)
c = libvirt.open("test:///default")
for line in sys.stdin:
    text = json.loads(line)
    try:
        domain = c.defineXML(text)
        # What the library chose is another each time.
        said = re.sub(r"52:54:00:(?!11:22:33)[0-9a-f:]{8}", "52:54:00:xx", domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))
        said = re.sub(r"<(uuid|genid)>([0-9a-f-]{36})<", lambda one: one[0] if one[2] in text else f"<{one[1]}>x<", said)
        domain.undefine()
    except libvirt.libvirtError as error:
        said = [error.get_error_code(), error.get_error_domain(), error.get_error_message()]
    print(json.dumps(said), flush=True)

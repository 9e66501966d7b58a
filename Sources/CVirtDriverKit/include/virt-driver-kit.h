/* The C end of the Swift driver kit: the one place that holds the host's services, statically initialised, so that no
 * call pays for a lazy global. */
#ifndef VIRT_DRIVER_KIT_H
#define VIRT_DRIVER_KIT_H

#include <libvirt/virt-driver.h>
#include "Generated/virt-driver-kit-services.h"

/* Keeps the host's services. 0; or a static text saying why this host does not suffice. */
const char *virt_kit_start(const struct virt_driver_host *host);

#endif

#include "virt-driver-kit.h"

struct virt_driver_services virt_kit_services;
void *virt_kit_context;

const char *virt_kit_start(const struct virt_driver_host *host)
{
    if (host->size < sizeof *host || host->minor_least > VIRT_DRIVER_ABI_MINOR || host->minor_most < VIRT_DRIVER_MINOR_LEAST)
        return "the host speaks another version of the driver boundary";
    if (!virt_driver_services_load(host, &virt_kit_services))
        return "the host lacks a service this driver was built with";
    virt_kit_context = host->context;
    return NULL;
}

/* The shared object of the test driver: what it is, readable without loading it, and its one exported function. */
#include <libvirt/virt-driver.h>

#include "TestDriverPlugin.h"

VIRT_DRIVER_NOTE(0,
    VIRT_DRIVER_TEXT("name", "test")
    VIRT_DRIVER_TEXT("version", "12.8.0")
    VIRT_DRIVER_TEXT("group", "hypervisor")
    VIRT_DRIVER_TEXT("group", "network")
    VIRT_DRIVER_TEXT("group", "interface")
    VIRT_DRIVER_TEXT("group", "nodedev")
    VIRT_DRIVER_TEXT("group", "secret")
    VIRT_DRIVER_TEXT("group", "nwfilter")
    VIRT_DRIVER_TEXT("group", "storage")
    VIRT_DRIVER_TEXT("match", "scheme=test"));

int virt_driver_negotiate(const struct virt_driver_host *host, struct virt_driver_reply *reply)
{
    return test_driver_negotiate(host, reply);
}

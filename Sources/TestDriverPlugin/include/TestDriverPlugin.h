/* What the shell of the test driver calls; in TestDriver. */
#ifndef TEST_DRIVER_PLUGIN_H
#define TEST_DRIVER_PLUGIN_H

#include <libvirt/virt-driver.h>

int32_t test_driver_negotiate(const struct virt_driver_host *host, struct virt_driver_reply *reply);

#endif

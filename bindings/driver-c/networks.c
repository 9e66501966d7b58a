/* The operations of the group "network": one network, always there. */
#include "sample.h"

#include <string.h>

static const struct virt_driver_identity network = { .size = sizeof network, .name = "sample-net", .uuid = "sample-network", .id = -1 };

static int32_t makeHandle(struct sample *sample, virNetworkPtr *result)
{
    *result = host.handle_make(VIRT_CLASS_NETWORK, sample->connection, NULL, &network);
    return *result == NULL ? VIR_ERR_NO_MEMORY : 0;
}

int32_t sampleListNetworks(void *driver, virConnectPtr connection, virNetworkPtr **networks, unsigned int flags, int32_t *result)
{
    (void)connection;
    if (flags & ~(unsigned int)VIR_CONNECT_LIST_NETWORKS_ACTIVE)
        return fail(VIR_ERR_INVALID_ARG, "the sample driver has active networks only", NULL);
    if (networks != NULL) {
        virNetworkPtr *list = host.allocate(2 * sizeof *list);
        if (list == NULL)
            return VIR_ERR_NO_MEMORY;
        if (makeHandle(driver, list) != 0) {
            host.release(list);
            return VIR_ERR_NO_MEMORY;
        }
        list[1] = NULL;
        *networks = list;
    }
    *result = 1;
    return 0;
}

int32_t sampleNetworkLookupByName(void *driver, virConnectPtr connection, const char *name, virNetworkPtr *result)
{
    (void)connection;
    return strcmp(name, network.name) == 0 ? makeHandle(driver, result) : fail(VIR_ERR_NO_NETWORK, "there is no network named", name);
}

int32_t sampleBridge(void *driver, virNetworkPtr handle, char **result)
{
    (void)driver, (void)handle;
    *result = giveText("sample0");
    return *result == NULL ? VIR_ERR_NO_MEMORY : 0;
}

int32_t sampleNetworkIsActive(void *driver, virNetworkPtr handle, int32_t *result)
{
    (void)driver, (void)handle;
    *result = 1;
    return 0;
}

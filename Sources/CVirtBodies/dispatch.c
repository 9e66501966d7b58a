/* Operations whose arguments depend on each other. */
#include "virt-hand-written.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool virt_body_feature(const void *handle, int feature)
{
    int answer = 0;
    int32_t code = VIRT_CALL(handle, connectSupportsFeature, feature, &answer);
    virt_error_reset();
    return code == 0 && answer > 0;
}

int virt_body_virDomainOpenGraphics(virDomainPtr dom, unsigned int idx, int fd, unsigned int flags)
{
    VIRT_FUNCTION("virDomainOpenGraphics", VIR_FROM_DOMAIN);
    struct stat status;
    if (!virt_body_enter(dom, VIRT_CLASS_DOMAIN, true, &function))
        return -1;
    struct virt_connection *connection = virt_connection_of(dom);
    if (fd < 0) {
        virt_refuse_value(connection, &function, "fd", VIRT_RULE_NEGATIVE, 0);
        return -1;
    }
    if (fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        virt_refuse_value(connection, &function, "fd", VIRT_RULE_TEXT, 0);
        return -1;
    }
    int32_t code = VIRT_CALL(dom, domainOpenGraphics, dom, idx, fd, flags);
    if (code != 0)
        virt_call_failed(connection, &function, code);
    else
        VIRT_LEAVE();
    return code == 0 ? 0 : -1;
}

int virt_body_virDomainGetCPUStats(virDomainPtr domain, virTypedParameterPtr params, unsigned int nparams, int start_cpu,
                                   unsigned int ncpus, unsigned int flags)
{
    VIRT_FUNCTION("virDomainGetCPUStats", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, false, &function))
        return -1;
    struct virt_connection *connection = virt_connection_of(domain);
    /* -1 asks for the total, which is one CPU's worth; a question for a number comes without an array. */
    if (start_cpu == -1) {
        if (ncpus != 1) {
            virt_refuse_value(connection, &function, "start_cpu", VIRT_RULE_TEXT, 0);
            return -1;
        }
    } else if (start_cpu < 0) {
        virt_refuse_value(connection, &function, "start_cpu", VIRT_RULE_NEGATIVE, 0);
        return -1;
    }
    if (nparams > 0 && params == NULL) {
        virt_refuse_null(connection, &function, "params");
        return -1;
    }
    if (nparams == 0 && params != NULL) {
        virt_refuse_value(connection, &function, "params", VIRT_RULE_NOT_NULL, 0);
        return -1;
    }
    if (nparams > 0 && ncpus == 0) {
        virt_refuse_value(connection, &function, "ncpus", VIRT_RULE_ZERO, 0);
        return -1;
    }
    if (nparams == 0 && ncpus == 0 && start_cpu != 0) {
        virt_refuse_value(connection, &function, "start_cpu", VIRT_RULE_NOT_ZERO, 0);
        return -1;
    }
    if (nparams != 0 && ncpus > UINT32_MAX / nparams) {
        virt_refuse_product(connection, &function, nparams, ncpus);
        return -1;
    }
    int result = 0;
    int32_t code = VIRT_CALL(domain, domainGetCPUStats, domain, params, nparams, start_cpu, ncpus,
                             flags & ~(unsigned int)VIR_TYPED_PARAM_STRING_OKAY, &result);
    if (code != 0) {
        virt_call_failed(connection, &function, code);
        return -1;
    }
    VIRT_LEAVE();
    return result;
}

int virt_body_virDomainListGetStats(virDomainPtr *doms, unsigned int stats, virDomainStatsRecordPtr **retStats, unsigned int flags)
{
    VIRT_FUNCTION("virDomainListGetStats", VIR_FROM_DOMAIN);
    unsigned int count = 0;
    virt_error_reset();
    if (doms == NULL || doms[0] == NULL) {
        virt_refuse_null(NULL, &function, "doms");
        return -1;
    }
    if (retStats == NULL) {
        virt_refuse_null(NULL, &function, "retStats");
        return -1;
    }
    *retStats = NULL;
    for (; doms[count] != NULL; count++) {
        if (!virt_body_enter(doms[count], VIRT_CLASS_DOMAIN, false, &function))
            return -1;
        if (virt_connection_of(doms[count]) != virt_connection_of(doms[0])) {
            virt_refuse_value(virt_connection_of(doms[0]), &function, "doms", VIRT_RULE_CONNECTION, 0);
            return -1;
        }
    }
    int result = 0;
    int32_t code = VIRT_CALL(doms[0], connectGetAllDomainStats, doms, count, stats, retStats, flags, &result);
    if (code != 0) {
        virt_call_failed(virt_connection_of(doms[0]), &function, code);
        return -1;
    }
    VIRT_LEAVE();
    return result;
}

const char *virt_body_virNodeDeviceGetParent(virNodeDevicePtr dev)
{
    VIRT_FUNCTION("virNodeDeviceGetParent", VIR_FROM_NODEDEV);
    if (!virt_body_enter(dev, VIRT_CLASS_NODE_DEVICE, false, &function))
        return NULL;
    if (virt_identity_of(dev)->strings[0] != NULL)
        return virt_identity_of(dev)->strings[0];
    const char *result = NULL;
    int32_t code = VIRT_CALL(dev, nodeDeviceGetParent, dev, &result);
    if (code != 0) {
        virt_call_failed(virt_connection_of(dev), &function, code);
        return NULL;
    }
    VIRT_LEAVE();
    return result;
}

int virt_body_virNetworkUpdate(virNetworkPtr network, unsigned int command, unsigned int section, int parentIndex,
                               const char *xml, unsigned int flags)
{
    VIRT_FUNCTION("virNetworkUpdate", VIR_FROM_NETWORK);
    if (!virt_body_enter(network, VIRT_CLASS_NETWORK, true, &function))
        return -1;
    if (xml == NULL) {
        virt_refuse_null(virt_connection_of(network), &function, "xml");
        return -1;
    }
    /* Drivers here take both in their documented order; only a far end may want them swapped, and says so. */
    bool swapped = virt_body_feature(network, VIRT_FEATURE_REMOTE)
        && !virt_body_feature(network, VIRT_FEATURE_NETWORK_UPDATE_ORDER);
    int32_t code = VIRT_CALL(network, networkUpdate, network, swapped ? section : command, swapped ? command : section,
                             parentIndex, xml, flags);
    if (code != 0)
        virt_call_failed(virt_connection_of(network), &function, code);
    else
        VIRT_LEAVE();
    return code == 0 ? 0 : -1;
}

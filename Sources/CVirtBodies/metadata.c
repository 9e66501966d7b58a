/* Metadata: what may be NULL depends on the type. */
#include "virt-hand-written.h"

#include <string.h>

/* Checks the arguments of a setter. `element` is the type that has a namespace. */
static bool check_set(struct virt_connection *connection, const struct virt_function *function, int type, int element,
                      bool one_line, const char *metadata, const char *key, const char *uri)
{
    if (one_line && metadata != NULL && strchr(metadata, '\n') != NULL) {
        virt_refuse_value(connection, function, "metadata", VIRT_RULE_LINE, 0);
        return false;
    }
    if (type == element) {
        if (uri == NULL) {
            virt_refuse_null(connection, function, "uri");
            return false;
        }
        if (metadata != NULL && key == NULL) {
            virt_refuse_null(connection, function, "key");
            return false;
        }
    } else if (type >= 0 && type < element) {
        if (uri != NULL) {
            virt_refuse_value(connection, function, "uri", VIRT_RULE_NOT_NULL, 0);
            return false;
        }
        if (key != NULL) {
            virt_refuse_value(connection, function, "key", VIRT_RULE_NOT_NULL, 0);
            return false;
        }
    }
    return true;
}

/* Checks the arguments of a getter. */
static bool check_get(struct virt_connection *connection, const struct virt_function *function, int type, int element,
                      const char *uri)
{
    if (type == element && uri == NULL) {
        virt_refuse_null(connection, function, "uri");
        return false;
    }
    if (type >= 0 && type < element && uri != NULL) {
        virt_refuse_value(connection, function, "uri", VIRT_RULE_NOT_NULL, 0);
        return false;
    }
    return true;
}

int virt_body_virDomainSetMetadata(virDomainPtr domain, int type, const char *metadata, const char *key, const char *uri,
                                   unsigned int flags)
{
    VIRT_FUNCTION("virDomainSetMetadata", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function)
        || !check_set(virt_connection_of(domain), &function, type, VIR_DOMAIN_METADATA_ELEMENT,
                      type == VIR_DOMAIN_METADATA_TITLE, metadata, key, uri))
        return -1;
    int32_t code = VIRT_CALL(domain, domainSetMetadata, domain, type, metadata, key, uri, flags);
    if (code != 0)
        virt_call_failed(virt_connection_of(domain), &function, code);
    else
        VIRT_LEAVE();
    return code == 0 ? 0 : -1;
}

char *virt_body_virDomainGetMetadata(virDomainPtr domain, int type, const char *uri, unsigned int flags)
{
    VIRT_FUNCTION("virDomainGetMetadata", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, false, &function))
        return NULL;
    if ((flags & VIR_DOMAIN_AFFECT_LIVE) && (flags & VIR_DOMAIN_AFFECT_CONFIG)) {
        virt_refuse_flags(virt_connection_of(domain), &function, "VIR_DOMAIN_AFFECT_LIVE", "VIR_DOMAIN_AFFECT_CONFIG");
        return NULL;
    }
    if (!check_get(virt_connection_of(domain), &function, type, VIR_DOMAIN_METADATA_ELEMENT, uri))
        return NULL;
    char *result = NULL;
    int32_t code = VIRT_CALL(domain, domainGetMetadata, domain, type, uri, flags, &result);
    if (code != 0) {
        virt_call_failed(virt_connection_of(domain), &function, code);
        return NULL;
    }
    VIRT_LEAVE();
    return result;
}

int virt_body_virNetworkSetMetadata(virNetworkPtr network, int type, const char *metadata, const char *key, const char *uri,
                                    unsigned int flags)
{
    VIRT_FUNCTION("virNetworkSetMetadata", VIR_FROM_NETWORK);
    if (!virt_body_enter(network, VIRT_CLASS_NETWORK, true, &function)
        || !check_set(virt_connection_of(network), &function, type, VIR_NETWORK_METADATA_ELEMENT,
                      type == VIR_NETWORK_METADATA_TITLE, metadata, key, uri))
        return -1;
    int32_t code = VIRT_CALL(network, networkSetMetadata, network, type, metadata, key, uri, flags);
    if (code != 0)
        virt_call_failed(virt_connection_of(network), &function, code);
    else
        VIRT_LEAVE();
    return code == 0 ? 0 : -1;
}

char *virt_body_virNetworkGetMetadata(virNetworkPtr network, int type, const char *uri, unsigned int flags)
{
    VIRT_FUNCTION("virNetworkGetMetadata", VIR_FROM_NETWORK);
    if (!virt_body_enter(network, VIRT_CLASS_NETWORK, false, &function)
        || !check_get(virt_connection_of(network), &function, type, VIR_NETWORK_METADATA_ELEMENT, uri))
        return NULL;
    char *result = NULL;
    int32_t code = VIRT_CALL(network, networkGetMetadata, network, type, uri, flags, &result);
    if (code != 0) {
        virt_call_failed(virt_connection_of(network), &function, code);
        return NULL;
    }
    VIRT_LEAVE();
    return result;
}

/* Administration of a daemon: there is none to connect to yet, and every function says so properly. */
#include "virt-hand-written.h"

#include <errno.h>
#include <string.h>

int virt_body_virAdmInitialize(void)
{
    return virt_body_virInitialize();
}

int virt_body_virAdmGetVersion(unsigned long long *libVer)
{
    VIRT_FUNCTION("virAdmGetVersion", VIR_FROM_ADMIN);
    virt_error_reset();
    if (libVer == NULL) {
        virt_refuse_null(NULL, &function, "libVer");
        return -1;
    }
    *libVer = virt_library_version();
    return 0;
}

virAdmConnectPtr virt_body_virAdmConnectOpen(const char *name, unsigned int flags)
{
    VIRT_FUNCTION("virAdmConnectOpen", VIR_FROM_ADMIN);
    virt_error_reset();
    if (flags & ~(unsigned int)VIR_CONNECT_NO_ALIASES) {
        virt_refuse_value(NULL, &function, "flags", VIRT_RULE_TEXT, 0);
        return NULL;
    }
    (void)name;
    virt_error_raise_system(VIR_FROM_RPC, ENOENT, "no daemon can be reached for administration");
    virt_error_dispatch(NULL);
    return NULL;
}

int virt_body_virAdmConnectClose(virAdmConnectPtr conn)
{
    VIRT_FUNCTION("virAdmConnectClose", VIR_FROM_ADMIN);
    virt_error_reset();
    if (conn == NULL)
        return 0;
    int64_t left = virt_is(conn, VIRT_CLASS_ADMIN_CONNECTION) ? virt_handle_release(conn) : -1;
    if (left < 0)
        virt_refuse_handle(conn, VIRT_CLASS_ADMIN_CONNECTION, &function);
    return left < 0 ? -1 : left > 0;
}

char *virt_body_virAdmConnectGetURI(virAdmConnectPtr conn)
{
    VIRT_FUNCTION("virAdmConnectGetURI", VIR_FROM_ADMIN);
    if (!virt_body_enter(conn, VIRT_CLASS_ADMIN_CONNECTION, false, &function))
        return NULL;
    const char *uri = virt_connection_of(conn)->uri;
    return uri != NULL ? strdup(uri) : NULL;
}

int virt_body_virAdmConnectIsAlive(virAdmConnectPtr conn)
{
    VIRT_FUNCTION("virAdmConnectIsAlive", VIR_FROM_ADMIN);
    if (conn == NULL) {
        virt_error_reset();
        return 0;
    }
    if (!virt_body_enter(conn, VIRT_CLASS_ADMIN_CONNECTION, false, &function))
        return -1;
    return virt_mode_has(virt_connection_of(conn), VIRT_MODE_DEAD) ? 0 : 1;
}

/* What the sibling libraries call. */
extern const struct virt_sibling_bodies virt_sibling_bodies;
const struct virt_sibling_bodies virt_sibling_bodies = {
    .size = sizeof virt_sibling_bodies,
    .virDomainLxcEnterCGroup = virt_body_virDomainLxcEnterCGroup,
    .virDomainLxcEnterNamespace = virt_body_virDomainLxcEnterNamespace,
    .virDomainLxcEnterSecurityLabel = virt_body_virDomainLxcEnterSecurityLabel,
    .virAdmConnectClose = virt_body_virAdmConnectClose,
    .virAdmConnectGetURI = virt_body_virAdmConnectGetURI,
    .virAdmConnectIsAlive = virt_body_virAdmConnectIsAlive,
    .virAdmConnectOpen = virt_body_virAdmConnectOpen,
    .virAdmGetVersion = virt_body_virAdmGetVersion,
    .virAdmInitialize = virt_body_virAdmInitialize,
    .event_register = virt_host_event_register_monitor,
    .event_deregister = virt_host_event_deregister_any,
    .close_register = virt_host_event_register_close,
    .close_deregister = virt_host_event_deregister_close,
};

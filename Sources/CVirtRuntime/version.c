/* Versions and initialisation. */
#include "virt-runtime.h"

int virt_body_virInitialize(void);
int virt_body_virGetVersion(unsigned long *libVer, const char *type, unsigned long *typeVer);

/* Nothing is set up before it is needed. */
int virt_body_virInitialize(void)
{
    return 0;
}

/* The type is a relic: every one has the library's version. */
int virt_body_virGetVersion(unsigned long *libVer, const char *type, unsigned long *typeVer)
{
    (void)type;
    if (libVer == NULL) {
        virt_error_set(&(struct virt_error_fields){ .code = VIR_ERR_INTERNAL_ERROR,
                                                   .domain = VIR_FROM_NONE,
                                                   .message = "virGetVersion: argument 'libVer' must not be NULL" });
        virt_error_dispatch(NULL);
        return -1;
    }
    *libVer = LIBVIR_VERSION_NUMBER;
    if (typeVer != NULL)
        *typeVer = LIBVIR_VERSION_NUMBER;
    return 0;
}

/* Whether the environment may be believed, and what the build says about itself. */
#include "virt-runtime.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

bool virt_process_is_elevated(void)
{
    return getauxval(AT_SECURE) != 0 || getuid() != geteuid() || getgid() != getegid();
}

bool virt_process_is_lent(void)
{
    /* Asked at every opening, so the system is asked only where the program was started with other rights. */
    return getauxval(AT_SECURE) != 0 && getuid() != geteuid();
}

const char *virt_environment(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL || *value == '\0' || virt_process_is_elevated())
        return NULL;
    return value;
}

#ifndef VIRT_SYSCONFDIR
#define VIRT_SYSCONFDIR "/etc"
#endif

const char *virt_configuration_directory(void)
{
    return VIRT_SYSCONFDIR;
}

unsigned long virt_library_version(void)
{
    return LIBVIR_VERSION_NUMBER;
}


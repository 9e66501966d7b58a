/* Debian's virsh on our library: it needs private functions of Debian's library, too, which is loaded as usual. Ours has another
 * name and comes first in the search, so that every public function is ours. What both keep apart is brought together here:
 * the private functions need a library that was initialised, and leave their errors there.
 *
 *   LD_PRELOAD="this our-library-by-another-name" virsh ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

static void *debian(const char *name)
{
    void *library = dlopen("libvirt.so.0", RTLD_NOW | RTLD_NOLOAD);
    return dlsym(library, name);
}

int virInitialize(void)
{
    int (*ours)(void) = dlsym(RTLD_NEXT, "virInitialize"), (*theirs)(void) = debian("virInitialize");
    int result = ours();
    return result < 0 || ours == theirs ? result : theirs();
}

void virResetLastError(void)
{
    void (*ours)(void) = dlsym(RTLD_NEXT, "virResetLastError"), (*theirs)(void) = debian("virResetLastError");
    ours();
    theirs();
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* The error of a public function, or else that of a private one. */
virErrorPtr virSaveLastError(void)
{
    virErrorPtr (*ours)(void) = dlsym(RTLD_NEXT, "virSaveLastError"), (*theirs)(void) = debian("virGetLastError");
    virErrorPtr error = ours(), other = theirs();
    if (error && error->code == VIR_ERR_OK && other) {
        *error = *other;
        error->message = copy(other->message);
        error->str1 = copy(other->str1);
        error->str2 = copy(other->str2);
        error->str3 = copy(other->str3);
    }
    return error;
}

/* The private function for lists of anything, which virsh uses for domains. */
void virObjectListFree(void *list)
{
    for (virDomainPtr *place = list; place && *place; place++)
        virDomainFree(*place);
    free(list);
}

/* Which shared object an address belongs to. */
#include "virt-runtime.h"

#include <dlfcn.h>

const char *virt_object_path(const void *address)
{
    Dl_info place;
    return dladdr(address, &place) != 0 ? place.dli_fname : NULL;
}

const char *virt_library_path(void)
{
    return virt_object_path((const void *)virt_library_path);
}

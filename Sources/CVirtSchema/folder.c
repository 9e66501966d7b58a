/* Where schemas are: what the environment says, an installation around this shared object, or where the build put them. */
#include "folder.h"

#include "virt-runtime.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef VIRT_DATADIR
#define VIRT_DATADIR "/usr/local/share"
#endif

static bool is_there(const char *folder, const char *kind, char *path, size_t size)
{
    int length = snprintf(path, size, "%s/%s.rng", folder, kind);
    return length > 0 && (size_t)length < size && access(path, R_OK) == 0;
}

/* From a folder to the root, the first share/libvirt/schemas or schemas beside or above. */
static bool find_above(char *folder, const char *kind, char *path, size_t size)
{
    static const char *const places[] = {"share/libvirt/schemas", "schemas"};
    for (int step = 0; step < 5; step++) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL)
            return false;
        *slash = '\0';
        for (size_t place = 0; place < sizeof places / sizeof *places; place++) {
            char candidate[PATH_MAX];
            int length = snprintf(candidate, sizeof candidate, "%s/%s", folder, places[place]);
            if (length > 0 && (size_t)length < sizeof candidate && is_there(candidate, kind, path, size))
                return true;
        }
    }
    return false;
}

bool virt_schema_find(const char *kind, char *path, size_t size)
{
    const char *chosen = virt_environment("LIBVIRT_SCHEMA_DIR");
    if (chosen != NULL)
        return is_there(chosen, kind, path, size);
    Dl_info info;
    char own[PATH_MAX];
    if (dladdr((const void *)virt_schema_find, &info) != 0 && info.dli_fname != NULL && realpath(info.dli_fname, own) != NULL &&
        find_above(own, kind, path, size))
        return true;
    return is_there(VIRT_DATADIR "/libvirt/schemas", kind, path, size);
}

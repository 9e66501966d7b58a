/* Paths that a driver in another directory, or another process, is to understand. */
#include "virt-runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool virt_path_absolute(const char *path, char **absolute)
{
    size_t length = strlen(path);
    char *directory = NULL, *joined = NULL;
    if (*path == '/') {
        joined = strdup(path);
    } else if ((directory = getcwd(NULL, 0)) == NULL) {
        virt_error_raise_system(VIR_FROM_DOMAIN, errno, "cannot tell the working directory");
        return false;
    } else {
        size_t head = strlen(directory);
        joined = malloc(head + length + 2);
        if (joined != NULL) {
            memcpy(joined, directory, head);
            joined[head] = '/';
            memcpy(joined + head + 1, path, length + 1);
        }
        free(directory);
    }
    if (joined == NULL) {
        virt_error_raise_memory(VIR_FROM_DOMAIN);
        return false;
    }
    *absolute = joined;
    return true;
}

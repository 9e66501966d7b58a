/* The library: opened at import, its functions looked up when they are first needed. */
#define _GNU_SOURCE
#include "py.h"
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>
#define VIRT_SIBLING
#include "virt-runtime.h"

#define PY_LIBRARIES 8
static _Atomic(void *) libraries[PY_LIBRARIES];
/* Where the first one was found, with a slash at its end; empty for the loader's own search. */
static char folder[4096];

static void *open_in(const char *where, const char *soname) {
    char path[sizeof folder + 64];
    if (snprintf(path, sizeof path, "%s%s", where, soname) >= (int)sizeof path) return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* The folder of libraries that came with this module, if there is one. */
static void bundled(char *to, size_t room) {
    Dl_info info;
    to[0] = 0;
    if (!dladdr(&py_modules, &info) || !info.dli_fname) return;
    const char *slash = strrchr(info.dli_fname, '/');
    if (!slash) return;
    snprintf(to, room, "%.*s/lib/", (int)(slash - info.dli_fname), info.dli_fname);
    if (access(to, F_OK) != 0) to[0] = 0;
}

int py_open_library(void) {
    if (atomic_load(&libraries[0])) return 0;
    const char *soname = py_modules[0].soname;
    void *found = NULL;
    const char *asked = secure_getenv("LIBVIRT_PYTHON_LIBRARIES");
    if (asked && *asked) {
        snprintf(folder, sizeof folder, "%s/", asked);
        found = open_in(folder, soname);
    } else {
        bundled(folder, sizeof folder);
        if (folder[0]) found = open_in(folder, soname);
        else found = open_in("", soname);
    }
    if (!found) {
        PyErr_Format(PyExc_ImportError,
                     "libvirt: cannot open %s%s (%s); %s", folder, soname, dlerror(),
                     asked && *asked ? "LIBVIRT_PYTHON_LIBRARIES names the folder it is looked for in"
                                     : "install the package that has it (Debian and Ubuntu: libvirt0; Fedora: libvirt-libs; Arch: libvirt),"
                                       " or the wheel of this module that brings it along");
        return -1;
    }
    atomic_store(&libraries[0], found);
    return 0;
}

/* What our own library tells beside the API, as far as that goes; NULL for another library. */
static const struct virt_runtime *runtime(size_t least) {
    static _Atomic(const struct virt_runtime *) known;
    static const struct virt_runtime nothing;
    const struct virt_runtime *found = atomic_load_explicit(&known, memory_order_relaxed);
    if (!found) {
        const struct virt_runtime *const *symbol = dlsym(atomic_load(&libraries[0]), "__virt_runtime");
        found = symbol ? *symbol : &nothing;
        atomic_store(&known, found);
    }
    return found->size >= least ? found : NULL;
}
#define RUNTIME(field) runtime(offsetof(struct virt_runtime, field) + sizeof(((struct virt_runtime *)0)->field))

bool py_is_careful(void) { return RUNTIME(enter) != NULL; }

const uint64_t *py_quick_operations(void *connection) {
    const struct virt_runtime *known = RUNTIME(nonblocking);
    return known ? known->nonblocking(connection) : NULL;
}

int py_offers(void *connection, int operation) {
    const struct virt_runtime *known = RUNTIME(offers);
    return known ? known->offers(connection, (uint32_t)operation) : -1;
}

void *py_find(struct py_function *function) {
    void *address = atomic_load_explicit(&function->address, memory_order_relaxed);
    if (address) return address;
    void *library = atomic_load(&libraries[function->library]);
    if (!library) {
        library = open_in(folder, py_modules[function->library].soname);
        if (!library) return NULL;
        atomic_store(&libraries[function->library], library);
    }
    address = dlsym(library, function->name);
    atomic_store_explicit(&function->address, address, memory_order_relaxed);
    return address;
}

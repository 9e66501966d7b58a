/* The run-time at the very bottom of libvirt.so.0: handles, errors, the lock. It calls nothing above it.
 *
 * Generated C entry points are its main customer, in two places: inside libvirt.so.0, where everything here is a hidden
 * function, and (VIRT_SIBLING defined) in the sibling libraries, where the same names forward through the one private
 * symbol `__virt_runtime`. Hand-written Swift above uses it through the module CVirtRuntime. */
#ifndef VIRT_RUNTIME_H
#define VIRT_RUNTIME_H

#include "virt-handle.h"
#include "virt-lock.h"
#include "virt-refuse.h"
#ifndef VIRT_SIBLING
#include "virt-error-bodies.h"
#include "virt-error.h"
#include "virt-parameters.h"
#include "virt-process.h"
#include "virt-text.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct virt_sibling_bodies; /* generated: hand-written bodies of the sibling libraries' functions */

/* What libvirt.so.0 offers to libvirt-qemu, -lxc and -admin. Grows at the end. */
struct virt_runtime {
    size_t size;
    void (*enter)(void);
    void (*leave)(void);
    void (*refuse_handle)(const void *, uint16_t, const struct virt_function *);
    void (*refuse_mode)(struct virt_connection *, const struct virt_function *);
    void (*refuse_null)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse_value)(struct virt_connection *, const struct virt_function *, const char *, enum virt_rule, int64_t);
    void (*refuse_flags)(struct virt_connection *, const struct virt_function *, const char *, const char *);
    void (*refuse_flag_alone)(struct virt_connection *, const struct virt_function *, const char *, const char *);
    void (*refuse_flag_read_only)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse_overflow)(struct virt_connection *, const struct virt_function *, uint64_t);
    void (*refuse_product)(struct virt_connection *, const struct virt_function *, uint64_t, uint64_t);
    void (*refuse_unsupported)(struct virt_connection *, const struct virt_function *);
    void (*refuse_feature)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse)(struct virt_connection *, const struct virt_function *, int32_t, const char *);
    void (*call_failed)(struct virt_connection *, const struct virt_function *, int32_t);
    bool (*handle_reference)(void *);
    int64_t (*handle_release)(void *);
    void *(*handle_extra)(void *);
    void (*error_raise)(int32_t, int32_t, const char *);
    void (*error_raise_system)(int32_t, int, const char *);
    void (*error_dispatch)(struct virt_connection *);
    void (*parameters_free)(virTypedParameterPtr, int);
    void (*uuid_format)(const unsigned char *, char *);
    int (*uuid_parse)(const char *, unsigned char *);
    const struct virt_sibling_bodies *bodies;
    const uint32_t *log_word;
    void (*log)(uint32_t, const char *, const char *);
    /* The operations that never wait on the connection of a live handle, as bits by id; NULL when there are none. Lives as
     * long as the process. */
    const uint64_t *(*nonblocking)(const void *);
    /* Whether anybody answers an operation on the connection of a live handle; a companion is opened to find out. */
    bool (*offers)(const void *, uint32_t);
};
/* The one private symbol of libvirt.so.0. */
extern const struct virt_runtime *const __virt_runtime;

#ifdef VIRT_SIBLING
#define virt_log_word (*__virt_runtime->log_word)
#define virt_log __virt_runtime->log
#define VIRT_ENTER() __virt_runtime->enter()
#define VIRT_LEAVE() __virt_runtime->leave()
#define virt_refuse_handle __virt_runtime->refuse_handle
#define virt_refuse_mode __virt_runtime->refuse_mode
#define virt_refuse_null __virt_runtime->refuse_null
#define virt_refuse_value __virt_runtime->refuse_value
#define virt_refuse_flags __virt_runtime->refuse_flags
#define virt_refuse_flag_alone __virt_runtime->refuse_flag_alone
#define virt_refuse_flag_read_only __virt_runtime->refuse_flag_read_only
#define virt_refuse_overflow __virt_runtime->refuse_overflow
#define virt_refuse_product __virt_runtime->refuse_product
#define virt_refuse_unsupported __virt_runtime->refuse_unsupported
#define virt_refuse_feature __virt_runtime->refuse_feature
#define virt_refuse __virt_runtime->refuse
#define virt_call_failed __virt_runtime->call_failed
#define virt_handle_reference __virt_runtime->handle_reference
#define virt_handle_release __virt_runtime->handle_release
#define virt_handle_extra __virt_runtime->handle_extra
#define virt_error_raise __virt_runtime->error_raise
#define virt_error_raise_system __virt_runtime->error_raise_system
#define virt_error_dispatch __virt_runtime->error_dispatch
#define virt_parameters_free __virt_runtime->parameters_free
#define virt_uuid_format __virt_runtime->uuid_format
#define virt_uuid_parse __virt_runtime->uuid_parse
#else
/* A copy of typed parameters and their texts; NULL when there are none, or no memory. */
virTypedParameterPtr virt_parameters_copy(const virTypedParameter *parameters, int count);
/* Frees the values of typed parameters and the array. */
void virt_parameters_free(virTypedParameterPtr parameters, int count);
/* Writes 36 characters and a NUL. */
void virt_uuid_format(const unsigned char *uuid, char *text);
/* Makes a path absolute with the present working directory; the caller frees it. False after raising. */
bool virt_path_absolute(const char *path, char **absolute);
/* Reads a UUID the way the API accepts it: hyphens and white space between the bytes, white space at the end. 0, or -1. */
int virt_uuid_parse(const char *text, unsigned char *uuid);
#endif

/* Whether anything may want messages of a priority (1 debug … 4 error). The off path: one load. */
static inline bool virt_log_wanted(uint32_t priority)
{
    return VIRT_UNLIKELY((__atomic_load_n(&virt_log_word, __ATOMIC_RELAXED) >> priority) & 1u);
}
/* The first thing an entry point does: says that it was called, when debug messages of calls are wanted. */
#define VIRT_TRACE(name) do { if (virt_log_wanted(1)) virt_log(1, "call", name); } while (0)

#ifdef __cplusplus
}
#endif

#endif
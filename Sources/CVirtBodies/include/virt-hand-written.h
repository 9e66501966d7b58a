/* Bodies of public functions whose rules the description cannot express yet. */
#ifndef VIRT_HAND_WRITTEN_H
#define VIRT_HAND_WRITTEN_H

#include "virt-bodies.h"
#include "virt-dispatch.h"

/* A static description of a function, for the errors it raises. */
#define VIRT_FUNCTION(name, domain) static const struct virt_function function = { name, domain, 0 }

/* Checks that stand at the beginning of nearly every body: the handle's class and that its connection may be used. */
static inline bool virt_body_enter(const void *handle, uint16_t class_id, bool writes, const struct virt_function *function)
{
    virt_error_reset();
    if (!virt_is(handle, class_id)) {
        virt_refuse_handle(handle, class_id, function);
        return false;
    }
    if (virt_mode_has(virt_connection_of(handle), VIRT_MODE_DEAD | (writes ? VIRT_MODE_READ_ONLY : 0))) {
        virt_refuse_mode(virt_connection_of(handle), function);
        return false;
    }
    return true;
}

/* The function of an operation in a handle's table, and its first argument. */
#define VIRT_CALL(handle, operation, ...) \
    (((virt_operation_##operation *)virt_rows_of(handle)[VIRT_OPERATION_##operation].function)( \
        virt_rows_of(handle)[VIRT_OPERATION_##operation].state, __VA_ARGS__))

/* Whether the driver behind a handle has a feature. */
bool virt_body_feature(const void *handle, int feature);

#endif

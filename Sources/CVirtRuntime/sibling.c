/* The one private symbol: what the sibling libraries may call. */
#include "virt-runtime.h"

extern const struct virt_sibling_bodies virt_sibling_bodies __attribute__((weak));

static void enter(void)
{
    virt_error_reset();
}

bool virt_host_offers(const void *handle, uint32_t operation) __attribute__((weak));

static const uint64_t *nonblocking(const void *handle)
{
    return virt_connection_of(handle)->nonblocking;
}

static bool offers(const void *handle, uint32_t operation)
{
    return virt_host_offers != NULL && virt_host_offers(handle, operation);
}

static const struct virt_runtime runtime = {
    .size = sizeof runtime,
    .enter = enter,
    .leave = enter,
    .refuse_handle = virt_refuse_handle,
    .refuse_mode = virt_refuse_mode,
    .refuse_null = virt_refuse_null,
    .refuse_value = virt_refuse_value,
    .refuse_flags = virt_refuse_flags,
    .refuse_flag_alone = virt_refuse_flag_alone,
    .refuse_flag_read_only = virt_refuse_flag_read_only,
    .refuse_overflow = virt_refuse_overflow,
    .refuse_product = virt_refuse_product,
    .refuse_unsupported = virt_refuse_unsupported,
    .refuse_feature = virt_refuse_feature,
    .refuse = virt_refuse,
    .call_failed = virt_call_failed,
    .handle_reference = virt_handle_reference,
    .handle_release = virt_handle_release,
    .handle_extra = virt_handle_extra,
    .error_raise = virt_error_raise,
    .error_raise_system = virt_error_raise_system,
    .error_dispatch = virt_error_dispatch,
    .parameters_free = virt_parameters_free,
    .uuid_format = virt_uuid_format,
    .uuid_parse = virt_uuid_parse,
    .bodies = &virt_sibling_bodies,
    .log_word = &virt_log_word,
    .log = virt_log,
    .nonblocking = nonblocking,
    .offers = offers,
};

__attribute__((visibility("default"))) const struct virt_runtime *const __virt_runtime = &runtime;

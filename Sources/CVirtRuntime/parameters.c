/* Typed parameters, read: a linear search over short names, by their last eight bytes first: names of one list begin
 * alike. */
#include "virt-runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *virt_parameter_type_name(int type)
{
    static const char *const names[] = { "nothing", "int", "uint", "llong", "ullong", "double", "boolean", "string" };
    return type > 0 && type <= VIR_TYPED_PARAM_STRING ? names[type] : "unknown";
}

int virt_parameter_fault(int32_t code, const char *detail)
{
    virt_error_raise(code, VIR_FROM_NONE, detail);
    virt_error_dispatch(NULL);
    return -1;
}

/* The first parameter of this name. Fields need not end within their 80 bytes, names of 80 and more are none. */
static inline virTypedParameterPtr find(virTypedParameterPtr parameters, int count, const char *name)
{
    if (parameters == NULL || name == NULL)
        return NULL;
    size_t length = strnlen(name, VIR_TYPED_PARAM_FIELD_LENGTH) + 1;
    if (length > VIR_TYPED_PARAM_FIELD_LENGTH)
        return NULL;
    uint64_t wanted = 0, mask = UINT64_MAX;
    size_t from = 0;
    if (length < sizeof wanted) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        mask >>= 64 - 8 * length;
#else
        mask <<= 64 - 8 * length;
#endif
        memcpy(&wanted, name, length);
    } else {
        from = length - sizeof wanted;
        memcpy(&wanted, name + from, sizeof wanted);
    }
    for (int index = 0; index < count; index++) {
        uint64_t field;
        memcpy(&field, parameters[index].field + from, sizeof field);
        if ((field & mask) == wanted && (length <= sizeof wanted || memcmp(parameters[index].field, name, length) == 0))
            return &parameters[index];
    }
    return NULL;
}

virTypedParameterPtr virt_body_virTypedParamsGet(virTypedParameterPtr params, int nparams, const char *name)
{
    virt_error_reset();
    return find(params, nparams, name);
}

static __attribute__((noinline, cold)) int wrong_type(const virTypedParameter *parameter, int type)
{
    char detail[192];
    snprintf(detail, sizeof detail, "parameter '%.79s' is of type %s, not %s", parameter->field,
             virt_parameter_type_name(parameter->type), virt_parameter_type_name(type));
    return virt_parameter_fault(VIR_ERR_INVALID_ARG, detail);
}

#define GETTER(Name, Type, number, member)                                                                              \
    int virt_body_virTypedParamsGet##Name(virTypedParameterPtr params, int nparams, const char *name, Type *value)      \
    {                                                                                                                   \
        virt_error_reset();                                                                                             \
        virTypedParameterPtr parameter = find(params, nparams, name);                                                   \
        if (parameter == NULL)                                                                                          \
            return 0;                                                                                                   \
        if (VIRT_UNLIKELY(parameter->type != number))                                                                   \
            return wrong_type(parameter, number);                                                                       \
        if (value != NULL)                                                                                              \
            *value = member;                                                                                            \
        return 1;                                                                                                       \
    }

GETTER(Int, int, VIR_TYPED_PARAM_INT, parameter->value.i)
GETTER(UInt, unsigned int, VIR_TYPED_PARAM_UINT, parameter->value.ui)
GETTER(LLong, long long, VIR_TYPED_PARAM_LLONG, parameter->value.l)
GETTER(ULLong, unsigned long long, VIR_TYPED_PARAM_ULLONG, parameter->value.ul)
GETTER(Double, double, VIR_TYPED_PARAM_DOUBLE, parameter->value.d)
GETTER(Boolean, int, VIR_TYPED_PARAM_BOOLEAN, parameter->value.b != 0)
GETTER(String, const char *, VIR_TYPED_PARAM_STRING, parameter->value.s)

void virt_body_virTypedParamsClear(virTypedParameterPtr params, int nparams)
{
    if (params == NULL)
        return;
    for (int index = 0; index < nparams; index++) {
        if (params[index].type == VIR_TYPED_PARAM_STRING) {
            free(params[index].value.s);
            params[index].value.s = NULL;
        }
    }
}

void virt_body_virTypedParamsFree(virTypedParameterPtr params, int nparams)
{
    virt_body_virTypedParamsClear(params, nparams);
    free(params);
}

void virt_parameters_free(virTypedParameterPtr parameters, int count)
{
    virt_body_virTypedParamsFree(parameters, count);
}

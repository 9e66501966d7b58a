/* Typed parameters, written: arrays that grow by doubling, with every byte of a new element defined. */
#include "virt-runtime.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An argument that must not be NULL is, or counts that cannot be. */
static __attribute__((noinline, cold)) void refuse(const char *function, const char *argument, enum virt_rule rule)
{
    virt_refuse_value(NULL, &(struct virt_function){ .name = function, .error_domain = VIR_FROM_NONE }, argument, rule, 0);
}

/* Makes room for one more; false after raising. */
static __attribute__((noinline)) bool grow(virTypedParameterPtr *params, int count, int *maximum)
{
    int64_t wanted = (int64_t)count * 2 < 8 ? 8 : (int64_t)count * 2;
    if (wanted > INT_MAX)
        wanted = INT_MAX;
    virTypedParameterPtr grown =
        wanted > count ? reallocarray(*params, (size_t)wanted, sizeof(virTypedParameter)) : NULL;
    if (grown == NULL) {
        virt_error_raise_memory(VIR_FROM_NONE);
        virt_error_dispatch(NULL);
        return false;
    }
    *params = grown;
    *maximum = (int)wanted;
    return true;
}

/* A new last element of this name and type, its value zero and not counted yet; NULL after raising. */
static inline virTypedParameterPtr append(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                          int type, const char *function)
{
    virt_error_reset();
    if (VIRT_UNLIKELY(params == NULL || nparams == NULL || maxparams == NULL || name == NULL)) {
        refuse(function, params == NULL ? "params" : nparams == NULL ? "nparams" : maxparams == NULL ? "maxparams" : "name",
               VIRT_RULE_NULL);
        return NULL;
    }
    int count = *nparams;
    if (VIRT_UNLIKELY(count < 0 || (count > 0 && *params == NULL))) {
        refuse(function, count < 0 ? "nparams" : "params", count < 0 ? VIRT_RULE_NEGATIVE : VIRT_RULE_NULL);
        return NULL;
    }
    size_t length = strnlen(name, VIR_TYPED_PARAM_FIELD_LENGTH);
    if (VIRT_UNLIKELY(length == VIR_TYPED_PARAM_FIELD_LENGTH)) {
        virt_error_raise_about(VIR_ERR_INTERNAL_ERROR, VIR_FROM_NONE, "parameter name is longer than 79 bytes:",
                               strlen("parameter name is longer than 79 bytes:"), name, strnlen(name, 1024));
        virt_error_dispatch(NULL);
        return NULL;
    }
    if (VIRT_UNLIKELY(*params == NULL || count >= *maxparams) && !grow(params, count, maxparams))
        return NULL;
    virTypedParameterPtr parameter = &(*params)[count];
    memset(parameter, 0, sizeof *parameter);
    memcpy(parameter->field, name, length);
    parameter->type = type;
    return parameter;
}

#define ADDER(Name, Type, number, member, converted)                                                                    \
    int virt_body_virTypedParamsAdd##Name(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name, \
                                          Type value)                                                                   \
    {                                                                                                                   \
        virTypedParameterPtr parameter =                                                                                \
            append(params, nparams, maxparams, name, number, "virTypedParamsAdd" #Name);                                \
        if (VIRT_UNLIKELY(parameter == NULL))                                                                           \
            return -1;                                                                                                  \
        parameter->value.member = converted;                                                                            \
        ++*nparams;                                                                                                     \
        return 0;                                                                                                       \
    }

ADDER(Int, int, VIR_TYPED_PARAM_INT, i, value)
ADDER(UInt, unsigned int, VIR_TYPED_PARAM_UINT, ui, value)
ADDER(LLong, long long, VIR_TYPED_PARAM_LLONG, l, value)
ADDER(ULLong, unsigned long long, VIR_TYPED_PARAM_ULLONG, ul, value)
ADDER(Double, double, VIR_TYPED_PARAM_DOUBLE, d, value)
ADDER(Boolean, int, VIR_TYPED_PARAM_BOOLEAN, b, value != 0)

static int add_string(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name, const char *value,
                      const char *function)
{
    virTypedParameterPtr parameter = append(params, nparams, maxparams, name, VIR_TYPED_PARAM_STRING, function);
    if (parameter == NULL)
        return -1;
    parameter->value.s = strdup(value != NULL ? value : "");
    if (parameter->value.s == NULL) {
        virt_error_raise_memory(VIR_FROM_NONE);
        virt_error_dispatch(NULL);
        return -1;
    }
    ++*nparams;
    return 0;
}

int virt_body_virTypedParamsAddString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                      const char *value)
{
    return add_string(params, nparams, maxparams, name, value, "virTypedParamsAddString");
}

/* An empty list is answered like the reference does: -1, and no error. */
int virt_body_virTypedParamsAddStringList(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                          const char **values)
{
    int result = values == NULL ? 0 : -1;
    virt_error_reset();
    for (size_t index = 0; values != NULL && values[index] != NULL; index++) {
        result = add_string(params, nparams, maxparams, name, values[index], "virTypedParamsAddStringList");
        if (result < 0)
            break;
    }
    return result;
}

/* A decimal number and nothing behind it. */
static bool parse_signed(const char *text, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

/* The same without sign; a minus wraps around, as C has it. */
static bool parse_unsigned(const char *text, unsigned long long *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

static locale_t c_locale;

static void make_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* A floating-point number with a point, whatever the locale. */
static bool parse_double(const char *text, double *value)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char *end;
    pthread_once(&once, make_locale);
    errno = 0;
    *value = c_locale != (locale_t)0 ? strtod_l(text, &end, c_locale) : strtod(text, &end);
    return errno == 0 && end != text && *end == '\0';
}

static bool parse_boolean(const char *text, char *value)
{
    bool yes = strcmp(text, "1") == 0 || strcasecmp(text, "true") == 0;
    *value = yes;
    return yes || strcmp(text, "0") == 0 || strcasecmp(text, "false") == 0;
}

/* Reads the text as the element's type; 0, 1 when it is not a value of that type, 2 when there is no such type. */
static int parse(virTypedParameterPtr parameter, const char *text)
{
    long long number;
    unsigned long long size;
    switch (parameter->type) {
    case VIR_TYPED_PARAM_INT:
        if (!parse_signed(text, &number) || number != (int)number)
            return 1;
        parameter->value.i = (int)number;
        return 0;
    case VIR_TYPED_PARAM_UINT:
        if (!parse_unsigned(text, &size) || (size > UINT_MAX && 0 - size > UINT_MAX))
            return 1;
        parameter->value.ui = (unsigned)size;
        return 0;
    case VIR_TYPED_PARAM_LLONG:
        return !parse_signed(text, &parameter->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return !parse_unsigned(text, &parameter->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return !parse_double(text, &parameter->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return !parse_boolean(text, &parameter->value.b);
    default:
        return 2;
    }
}

int virt_body_virTypedParamsAddFromString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                          int type, const char *value)
{
    static const char function[] = "virTypedParamsAddFromString";
    char detail[192];
    if (value != NULL && type == VIR_TYPED_PARAM_STRING)
        return add_string(params, nparams, maxparams, name, value, function);
    int saved = errno;
    virTypedParameterPtr parameter = append(params, nparams, maxparams, name, type, function);
    if (parameter == NULL)
        return -1;
    int fault = value != NULL ? parse(parameter, value) : 1;
    errno = saved;
    if (fault == 0) {
        ++*nparams;
        return 0;
    }
    if (fault == 2) {
        snprintf(detail, sizeof detail, "there is no parameter type %d (parameter '%s')", type, name);
        return virt_parameter_fault(VIR_ERR_INTERNAL_ERROR, detail);
    }
    snprintf(detail, sizeof detail, value == NULL ? "no value for parameter '%s'" : "the value of parameter '%s' is not of type %s",
             name, virt_parameter_type_name(type));
    return virt_parameter_fault(VIR_ERR_INVALID_ARG, detail);
}

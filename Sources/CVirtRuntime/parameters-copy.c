/* Copies of typed parameters, for what outlives the call it came with. */
#include "virt-runtime.h"

#include <stdlib.h>
#include <string.h>

virTypedParameterPtr virt_parameters_copy(const virTypedParameter *parameters, int count)
{
    if (parameters == NULL || count <= 0)
        return NULL;
    virTypedParameterPtr copy = calloc((size_t)count, sizeof *copy);
    if (copy == NULL)
        return NULL;
    for (int index = 0; index < count; index++) {
        copy[index] = parameters[index];
        if (copy[index].type == VIR_TYPED_PARAM_STRING && copy[index].value.s != NULL)
            copy[index].value.s = strdup(copy[index].value.s);
    }
    return copy;
}

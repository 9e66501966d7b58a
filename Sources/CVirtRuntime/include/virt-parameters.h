/* The public typed-parameter functions, behind their entry points; those of the name virt_body_… are declared again by the
 * generated header of all bodies. Each forgets the thread's earlier error, as entry points do. */
#ifndef VIRT_PARAMETERS_H
#define VIRT_PARAMETERS_H

#include "virt-error.h"

virTypedParameterPtr virt_body_virTypedParamsGet(virTypedParameterPtr params, int nparams, const char *name);
int virt_parameters_get_int(virTypedParameterPtr params, int nparams, const char *name, int *value);
int virt_parameters_get_uint(virTypedParameterPtr params, int nparams, const char *name, unsigned int *value);
int virt_parameters_get_llong(virTypedParameterPtr params, int nparams, const char *name, long long *value);
int virt_parameters_get_ullong(virTypedParameterPtr params, int nparams, const char *name, unsigned long long *value);
int virt_parameters_get_double(virTypedParameterPtr params, int nparams, const char *name, double *value);
int virt_parameters_get_boolean(virTypedParameterPtr params, int nparams, const char *name, int *value);
int virt_parameters_get_string(virTypedParameterPtr params, int nparams, const char *name, const char **value);
int virt_parameters_add_int(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name, int value);
int virt_parameters_add_uint(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                             unsigned int value);
int virt_parameters_add_llong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                              long long value);
int virt_parameters_add_ullong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                               unsigned long long value);
int virt_parameters_add_double(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name, double value);
int virt_parameters_add_boolean(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name, int value);
int virt_parameters_add_string(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                               const char *value);
int virt_body_virTypedParamsAddFromString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                          int type, const char *value);
int virt_body_virTypedParamsAddStringList(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                          const char **values);
void virt_body_virTypedParamsClear(virTypedParameterPtr params, int nparams);
void virt_body_virTypedParamsFree(virTypedParameterPtr params, int nparams);

/* A type's short name, as errors spell it. */
const char *virt_parameter_type_name(int type);
/* Raises an error of these functions and tells the handlers; the -1 they return. */
int virt_parameter_fault(int32_t code, const char *detail);

#endif

/* The public typed-parameter functions, behind their entry points; the generated header of all bodies declares them again.
 * Each but the last two forgets the thread's earlier error, as entry points do. */
#ifndef VIRT_PARAMETERS_H
#define VIRT_PARAMETERS_H

#include "virt-error.h"

virTypedParameterPtr virt_body_virTypedParamsGet(virTypedParameterPtr params, int nparams, const char *name);
int virt_body_virTypedParamsGetInt(virTypedParameterPtr params, int nparams, const char *name, int *value);
int virt_body_virTypedParamsGetUInt(virTypedParameterPtr params, int nparams, const char *name, unsigned int *value);
int virt_body_virTypedParamsGetLLong(virTypedParameterPtr params, int nparams, const char *name, long long *value);
int virt_body_virTypedParamsGetULLong(virTypedParameterPtr params, int nparams, const char *name,
                                      unsigned long long *value);
int virt_body_virTypedParamsGetDouble(virTypedParameterPtr params, int nparams, const char *name, double *value);
int virt_body_virTypedParamsGetBoolean(virTypedParameterPtr params, int nparams, const char *name, int *value);
int virt_body_virTypedParamsGetString(virTypedParameterPtr params, int nparams, const char *name, const char **value);
int virt_body_virTypedParamsAddInt(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                   int value);
int virt_body_virTypedParamsAddUInt(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                    unsigned int value);
int virt_body_virTypedParamsAddLLong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                     long long value);
int virt_body_virTypedParamsAddULLong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                      unsigned long long value);
int virt_body_virTypedParamsAddDouble(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                      double value);
int virt_body_virTypedParamsAddBoolean(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                       int value);
int virt_body_virTypedParamsAddString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
                                      const char *value);
int virt_body_virTypedParamsAddFromString(virTypedParameterPtr *params, int *nparams, int *maxparams,
                                          const char *name, int type, const char *value);
int virt_body_virTypedParamsAddStringList(virTypedParameterPtr *params, int *nparams, int *maxparams,
                                          const char *name, const char **values);
void virt_body_virTypedParamsClear(virTypedParameterPtr params, int nparams);
void virt_body_virTypedParamsFree(virTypedParameterPtr params, int nparams);

/* A type's short name, as errors spell it. */
const char *virt_parameter_type_name(int type);
/* Raises an error of these functions and tells the handlers; the -1 they return. */
int virt_parameter_fault(int32_t code, const char *detail);

#endif

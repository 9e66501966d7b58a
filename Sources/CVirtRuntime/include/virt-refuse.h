/* What an entry point knows about its function, and what it says when a call breaks a rule. */
#ifndef VIRT_REFUSE_H
#define VIRT_REFUSE_H

#include "virt-handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an entry point knows about its function, one static object each. */
struct virt_function {
    const char *name;       /* "virDomainSuspend"                       */
    int16_t error_domain;   /* VIR_FROM_… of the function               */
    uint16_t operation;     /* id of its operation, 0 when it has none  */
};

/* What an argument broke. */
enum virt_rule {
    VIRT_RULE_NULL,          /* must not be NULL                                            */
    VIRT_RULE_NOT_NULL,      /* must be NULL                                                */
    VIRT_RULE_ZERO,          /* must not be zero                                            */
    VIRT_RULE_NEGATIVE,      /* must not be negative                                        */
    VIRT_RULE_NOT_POSITIVE,  /* must be greater than zero                                   */
    VIRT_RULE_MOST,          /* must be at most `limit`                                     */
    VIRT_RULE_LEAST,         /* must be at least `limit`                                    */
    VIRT_RULE_BELOW,         /* must be less than `limit` (event ids, enumerations)         */
    VIRT_RULE_NOT_ZERO,      /* must be zero                                                */
    VIRT_RULE_UUID,          /* must be a UUID                                              */
    VIRT_RULE_CONNECTION,    /* must belong to the same connection                          */
    VIRT_RULE_SIZE,          /* a struct's size is more than this library knows             */
    VIRT_RULE_EMPTY,         /* must not be empty                                           */
    VIRT_RULE_LINE,          /* must not contain a line break                               */
    VIRT_RULE_TEXT           /* any other: `limit` is ignored, the text says only "invalid" */
};

#ifndef VIRT_SIBLING

/* Each of these sets the thread's error, copies it to the connection (which may be NULL) and tells the error handlers.
 * The codes, domains, strings and integers are the reference's. All preserve errno. Names of functions, arguments and flags
 * are not copied: they are literals. */

/* Not a live handle of the class: NULL, another class, stale. */
void virt_refuse_handle(const void *handle, uint16_t class_id, const struct virt_function *function);
/* The connection is read-only, or from before a fork, or closed. */
void virt_refuse_mode(struct virt_connection *connection, const struct virt_function *function);
/* A pointer argument is NULL and must not be. */
void virt_refuse_null(struct virt_connection *connection, const struct virt_function *function, const char *argument);
/* Any other broken rule; `limit` as the rule says. */
void virt_refuse_value(struct virt_connection *connection, const struct virt_function *function, const char *argument,
                       enum virt_rule rule, int64_t limit);
/* Two flags that exclude each other are both set. */
void virt_refuse_flags(struct virt_connection *connection, const struct virt_function *function, const char *first,
                       const char *second);
/* A flag is set without the one it needs. */
void virt_refuse_flag_alone(struct virt_connection *connection, const struct virt_function *function, const char *flag,
                            const char *needs);
/* A flag that a read-only connection may not pass; `flag` is its C name. */
void virt_refuse_flag_read_only(struct virt_connection *connection, const struct virt_function *function, const char *flag);
/* A value does not fit: too large to be handed on (VIR_ERR_OVERFLOW). */
void virt_refuse_overflow(struct virt_connection *connection, const struct virt_function *function, uint64_t value);
/* A product of two arguments does not fit (VIR_ERR_OVERFLOW). */
void virt_refuse_product(struct virt_connection *connection, const struct virt_function *function, uint64_t first,
                         uint64_t second);
/* Nothing stands behind this function here: VIR_ERR_NO_SUPPORT. */
void virt_refuse_unsupported(struct virt_connection *connection, const struct virt_function *function);
/* The driver lacks a feature the call needs, such as passing descriptors: VIR_ERR_ARGUMENT_UNSUPPORTED. */
void virt_refuse_feature(struct virt_connection *connection, const struct virt_function *function, const char *feature);
/* Any code with a text of its own, in the usual form (str1 the code's text, str2 the detail). */
void virt_refuse(struct virt_connection *connection, const struct virt_function *function, int32_t code,
                 const char *detail);
/* An operation answered `code` (not 0). Keeps what it raised; else makes VIR_ERR_NO_SUPPORT the uniform unsupported error
 * and any other code VIR_ERR_INTERNAL_ERROR naming driver and operation. Then copies and tells as above. */
void virt_call_failed(struct virt_connection *connection, const struct virt_function *function, int32_t code);

#endif

#ifdef __cplusplus
}
#endif
#endif

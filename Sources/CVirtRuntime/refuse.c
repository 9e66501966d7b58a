/* What entry points say when an argument breaks a rule. Codes, domains, strings and integers are the reference's; the
 * wording is ours. None of this is on the path of a call that succeeds. */
#include "error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static inline struct virt_piece piece(const char *text)
{
    return (struct virt_piece){ text, strlen(text) };
}

/* An invalid argument: str1 the function, str2 the argument, integers 0, and a sentence of its own. */
static void invalid(struct virt_connection *connection, const struct virt_function *function, const char *argument,
                    const char *rule)
{
    struct virt_piece pieces[] = { piece(function->name), piece(": argument '"), piece(argument), piece("' "), piece(rule) };
    virt_error_sentence(VIR_ERR_INVALID_ARG, function->error_domain, pieces, 5, function->name, argument);
    virt_error_dispatch(connection);
}

void virt_refuse(struct virt_connection *connection, const struct virt_function *function, int32_t code,
                 const char *detail)
{
    virt_error_raise(code, function->error_domain, detail);
    virt_error_dispatch(connection);
}

void virt_refuse_handle(const void *handle, uint16_t class_id, const struct virt_function *function)
{
    (void)handle;
    int32_t code = VIR_ERR_INVALID_ARG, domain = -1;
    if (&virt_class_count != NULL && class_id < virt_class_count) {
        code = virt_class_table[class_id].invalid_code;
        domain = virt_class_table[class_id].error_domain;
    }
    virt_error_raise(code, domain >= 0 ? domain : function->error_domain, function->name);
    virt_error_dispatch(NULL);
}

void virt_refuse_mode(struct virt_connection *connection, const struct virt_function *function)
{
    char detail[256];
    if (virt_mode_has(connection, VIRT_MODE_FORKED)) {
        snprintf(detail, sizeof detail, "%s on a connection opened before fork()", function->name);
        virt_error_raise(VIR_ERR_INVALID_CONN, function->error_domain, detail);
        virt_error_dispatch(NULL); /* its error and its handler belong to the parent */
    } else if (virt_mode_has(connection, VIRT_MODE_CLOSED)) {
        snprintf(detail, sizeof detail, "%s on a connection that has ended", function->name);
        virt_refuse(connection, function, VIR_ERR_INVALID_CONN, detail);
    } else {
        snprintf(detail, sizeof detail, "%s needs more than a read-only connection", function->name);
        virt_refuse(connection, function, VIR_ERR_OPERATION_DENIED, detail);
    }
}

void virt_refuse_null(struct virt_connection *connection, const struct virt_function *function, const char *argument)
{
    invalid(connection, function, argument, "must not be NULL");
}

void virt_refuse_value(struct virt_connection *connection, const struct virt_function *function, const char *argument,
                       enum virt_rule rule, int64_t limit)
{
    static const char *const sentences[] = {
        [VIRT_RULE_NULL] = "must not be NULL",
        [VIRT_RULE_NOT_NULL] = "must be NULL",
        [VIRT_RULE_ZERO] = "must not be zero",
        [VIRT_RULE_NEGATIVE] = "must not be negative",
        [VIRT_RULE_NOT_POSITIVE] = "must be greater than zero",
        [VIRT_RULE_MOST] = "must be at most",
        [VIRT_RULE_LEAST] = "must be at least",
        [VIRT_RULE_BELOW] = "must be less than",
        [VIRT_RULE_NOT_ZERO] = "must be zero",
        [VIRT_RULE_UUID] = "is not a UUID",
        [VIRT_RULE_CONNECTION] = "belongs to another connection",
        [VIRT_RULE_SIZE] = "is larger than this library's struct",
        [VIRT_RULE_EMPTY] = "must not be empty",
        [VIRT_RULE_LINE] = "must not contain a line break",
        [VIRT_RULE_TEXT] = "is invalid",
    };
    char sentence[96];
    bool known = (unsigned)rule < sizeof sentences / sizeof *sentences;
    const char *text = known ? sentences[rule] : "is invalid";
    if (rule == VIRT_RULE_MOST || rule == VIRT_RULE_LEAST || rule == VIRT_RULE_BELOW) {
        snprintf(sentence, sizeof sentence, "%s %lld", text, (long long)limit);
        text = sentence;
    }
    invalid(connection, function, argument, text);
}

/* The reference names the argument "ctl" in both flag errors, whatever it is called. */
static void invalid_flags(struct virt_connection *connection, const struct virt_function *function, const char *first,
                          const char *relation, const char *second, const char *end)
{
    struct virt_piece pieces[] = { piece(function->name), piece(": flag "), piece(first),
                                   piece(relation),       piece(second),    piece(end) };
    virt_error_sentence(VIR_ERR_INVALID_ARG, function->error_domain, pieces, 6, function->name, "ctl");
    virt_error_dispatch(connection);
}

void virt_refuse_flags(struct virt_connection *connection, const struct virt_function *function, const char *first,
                       const char *second)
{
    invalid_flags(connection, function, first, " and flag ", second, " exclude each other");
}

void virt_refuse_flag_alone(struct virt_connection *connection, const struct virt_function *function, const char *flag,
                            const char *needs)
{
    invalid_flags(connection, function, flag, " needs ", needs, "");
}

void virt_refuse_flag_read_only(struct virt_connection *connection, const struct virt_function *function, const char *flag)
{
    char detail[256];
    snprintf(detail, sizeof detail, "%s with %s needs more than a read-only connection", function->name, flag);
    virt_refuse(connection, function, VIR_ERR_OPERATION_DENIED, detail);
}

void virt_refuse_overflow(struct virt_connection *connection, const struct virt_function *function, uint64_t value)
{
    char detail[256];
    snprintf(detail, sizeof detail, "%llu in %s is too large", (unsigned long long)value, function->name);
    virt_refuse(connection, function, VIR_ERR_OVERFLOW, detail);
}

void virt_refuse_product(struct virt_connection *connection, const struct virt_function *function, uint64_t first,
                         uint64_t second)
{
    char detail[256];
    snprintf(detail, sizeof detail, "%llu * %llu in %s is too large", (unsigned long long)first,
             (unsigned long long)second, function->name);
    virt_refuse(connection, function, VIR_ERR_OVERFLOW, detail);
}

void virt_refuse_unsupported(struct virt_connection *connection, const struct virt_function *function)
{
    virt_refuse(connection, function, VIR_ERR_NO_SUPPORT, function->name);
}

void virt_refuse_feature(struct virt_connection *connection, const struct virt_function *function, const char *feature)
{
    char detail[256];
    snprintf(detail, sizeof detail, "%s needs %s, which this connection lacks", function->name, feature);
    virt_refuse(connection, function, VIR_ERR_ARGUMENT_UNSUPPORTED, detail);
}

void virt_call_failed(struct virt_connection *connection, const struct virt_function *function, int32_t code)
{
    if (virt_error_code() == VIR_ERR_OK) {
        if (code == VIR_ERR_NO_SUPPORT) {
            virt_error_raise(VIR_ERR_NO_SUPPORT, function->error_domain, function->name);
        } else {
            const char *driver = connection != NULL && connection->driver_name != NULL ? connection->driver_name : "the";
            char detail[256];
            snprintf(detail, sizeof detail, "%s driver failed in %s without saying why (%d)", driver, function->name,
                     (int)code);
            virt_error_raise(VIR_ERR_INTERNAL_ERROR, function->error_domain, detail);
        }
    }
    virt_error_dispatch(connection);
}

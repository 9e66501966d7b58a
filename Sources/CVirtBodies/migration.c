/* Migration: phases on two connections, driven from here, or by the source itself.
 *
 * All six functions become one form, typed parameters, and drivers are asked for the phases that take them. */
#include "virt-hand-written.h"

#include <stdlib.h>
#include <string.h>

/* One migration in progress. */
struct migration {
    const struct virt_function *function;
    virDomainPtr domain;
    virConnectPtr target;           /* NULL when the source drives */
    virTypedParameterPtr params;
    int nparams;
    unsigned int flags;
};

/* The arguments of the older functions as typed parameters; false without memory. */
struct arguments {
    virTypedParameterPtr params;
    int nparams, maxparams;
};

static void add_text(struct arguments *arguments, const char *name, const char *value)
{
    if (value != NULL)
        virt_body_virTypedParamsAddString(&arguments->params, &arguments->nparams, &arguments->maxparams, name, value);
}

static void add_bandwidth(struct arguments *arguments, unsigned long bandwidth)
{
    if (bandwidth != 0)
        virt_body_virTypedParamsAddULLong(&arguments->params, &arguments->nparams, &arguments->maxparams,
                                          VIR_MIGRATE_PARAM_BANDWIDTH, bandwidth);
}

static const char *find_text(const struct migration *migration, const char *name)
{
    virTypedParameterPtr found = virt_body_virTypedParamsGet(migration->params, migration->nparams, name);
    return found != NULL && found->type == VIR_TYPED_PARAM_STRING ? found->value.s : NULL;
}

/* Rules about flags that all functions share. */
static bool check_flags(const struct migration *migration, bool drives_itself)
{
    struct virt_connection *connection = virt_connection_of(migration->domain);
    unsigned int flags = migration->flags;
    if ((flags & VIR_MIGRATE_NON_SHARED_DISK) && (flags & VIR_MIGRATE_NON_SHARED_INC)) {
        virt_refuse_flags(connection, migration->function, "VIR_MIGRATE_NON_SHARED_DISK", "VIR_MIGRATE_NON_SHARED_INC");
        return false;
    }
    if ((flags & VIR_MIGRATE_TUNNELLED) && (flags & VIR_MIGRATE_PARALLEL)) {
        virt_refuse_flags(connection, migration->function, "VIR_MIGRATE_TUNNELLED", "VIR_MIGRATE_PARALLEL");
        return false;
    }
    if (!drives_itself && (flags & VIR_MIGRATE_PEER2PEER)) {
        virt_refuse(connection, migration->function, VIR_ERR_INVALID_ARG,
                    "a migration that the source drives needs a URI instead of a connection");
        return false;
    }
    if (!drives_itself && (flags & VIR_MIGRATE_TUNNELLED)) {
        virt_refuse(connection, migration->function, VIR_ERR_OPERATION_INVALID,
                    "a tunnelled migration must be driven by the source");
        return false;
    }
    return true;
}

/* The source does everything: one call. */
static int perform_by_source(const struct migration *migration, const char *target_uri)
{
    struct virt_connection *connection = virt_connection_of(migration->domain);
    bool peer = (migration->flags & VIR_MIGRATE_PEER2PEER) != 0;
    if (!virt_body_feature(migration->domain, peer ? VIRT_FEATURE_MIGRATION_PEER : VIRT_FEATURE_MIGRATION_DIRECT)
        || !virt_body_feature(migration->domain, VIRT_FEATURE_MIGRATION_PARAMETERS)) {
        virt_refuse_unsupported(connection, migration->function);
        return -1;
    }
    char *cookie = NULL;
    int cookie_length = 0;
    int32_t code = VIRT_CALL(migration->domain, domainMigratePerform3Params, migration->domain, target_uri,
                             migration->params, migration->nparams, NULL, 0, migration->flags, &cookie, &cookie_length);
    free(cookie);
    if (code != 0) {
        virt_call_failed(connection, migration->function, code);
        return -1;
    }
    VIRT_LEAVE();
    return 0;
}

/* Five phases, driven from here: begin, prepare, perform, finish, confirm. The domain on the target, or NULL. */
static virDomainPtr perform_from_here(struct migration *migration)
{
    struct virt_connection *source = virt_connection_of(migration->domain);
    if (!virt_body_feature(migration->domain, VIRT_FEATURE_MIGRATION_PARAMETERS)
        || !virt_body_feature(migration->target, VIRT_FEATURE_MIGRATION_PARAMETERS)) {
        virt_refuse_unsupported(source, migration->function);
        return NULL;
    }
    char *cookie = NULL, *answer = NULL, *xml = NULL, *uri = NULL;
    int cookie_length = 0, answer_length = 0;
    virDomainPtr moved = NULL;
    virErrorPtr first = NULL;
    struct arguments with = { NULL, 0, 0 };
    int32_t code = VIRT_CALL(migration->domain, domainMigrateBegin3Params, migration->domain, migration->params,
                             migration->nparams, migration->flags, &cookie, &cookie_length, &xml);
    if (code != 0) {
        virt_call_failed(source, migration->function, code);
        return NULL;
    }
    /* The target learns the definition, and answers with the URI to send to. */
    with.params = virt_parameters_copy(migration->params, migration->nparams);
    with.nparams = with.maxparams = with.params != NULL ? migration->nparams : 0;
    if (find_text(migration, VIR_MIGRATE_PARAM_DEST_XML) == NULL)
        add_text(&with, VIR_MIGRATE_PARAM_DEST_XML, xml);
    code = VIRT_CALL(migration->target, domainMigratePrepare3Params, with.params, with.nparams, cookie, cookie_length,
                     migration->flags, &answer, &answer_length, &uri);
    bool prepared = code == 0;
    if (prepared && uri != NULL && find_text(migration, VIR_MIGRATE_PARAM_URI) == NULL)
        add_text(&with, VIR_MIGRATE_PARAM_URI, uri);
    if (prepared) {
        free(cookie);
        cookie = NULL;
        cookie_length = 0;
        code = VIRT_CALL(migration->domain, domainMigratePerform3Params, migration->domain, NULL, with.params,
                         with.nparams, answer, answer_length, migration->flags, &cookie, &cookie_length);
    }
    if (code != 0) {
        virt_call_failed(source, migration->function, code);
        first = virt_error_take();
    }
    int cancelled = code != 0;
    if (prepared) {
        free(answer);
        answer = NULL;
        answer_length = 0;
        int32_t finished = VIRT_CALL(migration->target, domainMigrateFinish3Params, with.params, with.nparams, cookie,
                                     cookie_length, migration->flags, cancelled, &moved, &answer, &answer_length);
        if (!cancelled && (finished != 0 || moved == NULL)) {
            virt_call_failed(virt_connection_of(migration->target), migration->function,
                             finished != 0 ? finished : VIR_ERR_INTERNAL_ERROR);
            first = virt_error_take();
            cancelled = 1;
        }
    }
    int32_t confirmed = VIRT_CALL(migration->domain, domainMigrateConfirm3Params, migration->domain, with.params,
                                  with.nparams, answer, answer_length, migration->flags, cancelled);
    virt_error_reset();
    if (!cancelled && confirmed != 0)
        virt_log(3, "migration", "the source did not confirm the end of a migration");
    virt_parameters_free(with.params, with.nparams);
    free(cookie);
    free(answer);
    free(xml);
    free(uri);
    if (cancelled && moved != NULL) {
        virt_handle_release(moved);
        moved = NULL;
    }
    virt_error_restore(first);
    return moved;
}

/* Checks the two handles of a migration that is driven from here. */
static bool check_target(const struct migration *migration)
{
    if (!virt_is(migration->target, VIRT_CLASS_CONNECTION)) {
        virt_refuse_handle(migration->target, VIRT_CLASS_CONNECTION, migration->function);
        return false;
    }
    if (virt_mode_has(virt_connection_of(migration->target), VIRT_MODE_READ_ONLY | VIRT_MODE_DEAD)) {
        virt_refuse_mode(virt_connection_of(migration->target), migration->function);
        return false;
    }
    return true;
}

/* The two oldest functions and the newest, with a connection to the target. */
static virDomainPtr migrate(struct migration *migration)
{
    if (!check_flags(migration, false) || !check_target(migration))
        return NULL;
    return perform_from_here(migration);
}

virDomainPtr virt_body_virDomainMigrate2(virDomainPtr domain, virConnectPtr dconn, const char *dxml, unsigned long flags,
                                         const char *dname, const char *uri, unsigned long bandwidth)
{
    VIRT_FUNCTION("virDomainMigrate2", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function))
        return NULL;
    struct arguments arguments = { NULL, 0, 0 };
    add_text(&arguments, VIR_MIGRATE_PARAM_DEST_XML, dxml);
    add_text(&arguments, VIR_MIGRATE_PARAM_DEST_NAME, dname);
    add_text(&arguments, VIR_MIGRATE_PARAM_URI, uri);
    add_bandwidth(&arguments, bandwidth);
    struct migration migration = { &function, domain, dconn, arguments.params, arguments.nparams, (unsigned int)flags };
    virDomainPtr moved = migrate(&migration);
    virt_parameters_free(arguments.params, arguments.nparams);
    return moved;
}

virDomainPtr virt_body_virDomainMigrate(virDomainPtr domain, virConnectPtr dconn, unsigned long flags, const char *dname,
                                        const char *uri, unsigned long bandwidth)
{
    return virt_body_virDomainMigrate2(domain, dconn, NULL, flags, dname, uri, bandwidth);
}

virDomainPtr virt_body_virDomainMigrate3(virDomainPtr domain, virConnectPtr dconn, virTypedParameterPtr params,
                                         unsigned int nparams, unsigned int flags)
{
    VIRT_FUNCTION("virDomainMigrate3", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function))
        return NULL;
    if ((params == NULL && nparams > 0) || nparams > INT32_MAX) {
        virt_refuse_null(virt_connection_of(domain), &function, "params");
        return NULL;
    }
    struct migration migration = { &function, domain, dconn, params, (int)nparams, flags };
    return migrate(&migration);
}

int virt_body_virDomainMigrateToURI3(virDomainPtr domain, const char *dconnuri, virTypedParameterPtr params,
                                     unsigned int nparams, unsigned int flags)
{
    VIRT_FUNCTION("virDomainMigrateToURI3", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function))
        return -1;
    if ((params == NULL && nparams > 0) || nparams > INT32_MAX) {
        virt_refuse_null(virt_connection_of(domain), &function, "params");
        return -1;
    }
    struct migration migration = { &function, domain, NULL, params, (int)nparams, flags };
    if (!check_flags(&migration, true))
        return -1;
    if ((flags & VIR_MIGRATE_PEER2PEER) && dconnuri == NULL) {
        virt_refuse_null(virt_connection_of(domain), &function, "dconnuri");
        return -1;
    }
    return perform_by_source(&migration, flags & VIR_MIGRATE_PEER2PEER ? dconnuri : NULL);
}

int virt_body_virDomainMigrateToURI2(virDomainPtr domain, const char *dconnuri, const char *miguri, const char *dxml,
                                     unsigned long flags, const char *dname, unsigned long bandwidth)
{
    struct arguments arguments = { NULL, 0, 0 };
    virt_error_reset();
    add_text(&arguments, VIR_MIGRATE_PARAM_URI, miguri);
    add_text(&arguments, VIR_MIGRATE_PARAM_DEST_XML, dxml);
    add_text(&arguments, VIR_MIGRATE_PARAM_DEST_NAME, dname);
    add_bandwidth(&arguments, bandwidth);
    int result = virt_body_virDomainMigrateToURI3(domain, dconnuri, arguments.params, (unsigned int)arguments.nparams,
                                                  (unsigned int)flags);
    virt_parameters_free(arguments.params, arguments.nparams);
    return result;
}

int virt_body_virDomainMigrateToURI(virDomainPtr domain, const char *duri, unsigned long flags, const char *dname,
                                    unsigned long bandwidth)
{
    VIRT_FUNCTION("virDomainMigrateToURI", VIR_FROM_DOMAIN);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function))
        return -1;
    if (duri == NULL) {
        virt_refuse_null(virt_connection_of(domain), &function, "duri");
        return -1;
    }
    bool peer = (flags & VIR_MIGRATE_PEER2PEER) != 0;
    return virt_body_virDomainMigrateToURI2(domain, peer ? duri : NULL, peer ? NULL : duri, NULL, flags, dname, bandwidth);
}

/* The public functions that read and forget this thread's error. None of them changes errno. */
#include "virt-error-bodies.h"
#include "error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

virErrorPtr virt_body_virGetLastError(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    return mine != NULL && mine->error.code != VIR_ERR_OK ? &mine->error : NULL;
}

int virt_body_virGetLastErrorCode(void)
{
    return virt_error_code();
}

int virt_body_virGetLastErrorDomain(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    return mine != NULL ? mine->error.domain : VIR_FROM_NONE;
}

const char *virt_body_virGetLastErrorMessage(void)
{
    virErrorPtr last = virt_body_virGetLastError();
    if (last == NULL)
        return "no error";
    return last->message != NULL ? last->message : "unknown error";
}

void virt_body_virResetLastError(void)
{
    virt_error_reset();
}

int virt_body_virCopyLastError(virErrorPtr to)
{
    if (to == NULL)
        return -1;
    int saved = errno;
    struct virt_thread_error *mine = virt_thread_error;
    memset(to, 0, sizeof *to); /* what the caller's memory held is not ours to free */
    if (mine != NULL)
        virt_error_copy(to, &mine->error);
    errno = saved;
    return to->code;
}

virErrorPtr virt_body_virSaveLastError(void)
{
    int saved = errno;
    virErrorPtr copy = calloc(1, sizeof *copy);
    if (copy != NULL)
        virt_body_virCopyLastError(copy);
    errno = saved;
    return copy;
}

void virt_body_virResetError(virErrorPtr err)
{
    if (err == NULL)
        return;
    if (virt_thread_error != NULL && err == &virt_thread_error->error) {
        virt_error_reset();
        return;
    }
    int saved = errno;
    free(err->message);
    free(err->str1);
    free(err->str2);
    free(err->str3);
    memset(err, 0, sizeof *err);
    errno = saved;
}

void virt_body_virFreeError(virErrorPtr err)
{
    int saved = errno;
    virt_body_virResetError(err);
    if (virt_thread_error == NULL || err != &virt_thread_error->error)
        free(err);
    errno = saved;
}

virErrorPtr virt_error_take(void)
{
    virErrorPtr taken = virt_error_code() != VIR_ERR_OK ? virt_body_virSaveLastError() : NULL;
    virt_error_reset();
    return taken;
}

void virt_error_restore(virErrorPtr saved)
{
    if (saved == NULL) {
        virt_error_reset();
        return;
    }
    virt_error_set(&(struct virt_error_fields){ .code = saved->code,
                                               .domain = saved->domain,
                                               .level = saved->level,
                                               .message = saved->message != NULL ? saved->message : "",
                                               .strings = { saved->str1, saved->str2, saved->str3 },
                                               .integers = { saved->int1, saved->int2 } });
    virt_body_virFreeError(saved);
}

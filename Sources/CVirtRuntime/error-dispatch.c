/* Telling an error: the connection's copy, the handlers, and the line on standard error when nobody handles it. */
#define VIR_DEPRECATED /* the object fields are part of what is copied */
#include "error.h"
#include "virt-error-bodies.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The handler of last resort before the default one; two words that belong together. */
static virt_lock_word handler_lock;
static virErrorFunc global_handler;
static void *global_opaque;

__attribute__((constructor)) static void guard_handler(void)
{
    virt_fork_guard(&handler_lock);
}

/* Whether the pointer is a live connection of any kind. */
static inline bool is_connection(const void *handle)
{
    const struct virt_connection *connection = handle;
    return connection != NULL && virt_is(handle, connection->head.class_id) && connection->head.connection == connection;
}

/* Replaces an owned string, in place when it fits. */
static void copy_string(char **slot, const char *text)
{
    if (text == NULL) {
        free(*slot);
        *slot = NULL;
        return;
    }
    size_t length = strlen(text) + 1;
    if (*slot == NULL || malloc_usable_size(*slot) < length) {
        char *room = realloc(*slot, length);
        if (room == NULL) {
            free(*slot);
            *slot = NULL;
            return;
        }
        *slot = room;
    }
    memcpy(*slot, text, length);
}

void virt_error_copy(virErrorPtr to, const virError *from)
{
    to->code = from->code;
    to->domain = from->domain;
    to->level = from->level;
    to->conn = NULL;
    to->dom = NULL;
    to->net = NULL;
    copy_string(&to->message, from->message);
    copy_string(&to->str1, from->str1);
    copy_string(&to->str2, from->str2);
    copy_string(&to->str3, from->str3);
    to->int1 = from->int1;
    to->int2 = from->int2;
}

void virt_error_dispatch(struct virt_connection *connection)
{
    int saved = errno;
    struct virt_thread_error *mine = virt_error_of_thread();
    if (mine == NULL)
        return;
    if (mine->error.code == VIR_ERR_OK)
        virt_error_set(&(struct virt_error_fields){ .code = VIR_ERR_INTERNAL_ERROR,
                                                   .message = "the call failed without saying why" });
    if (mine->told) {
        errno = saved;
        return;
    }
    mine->told = 1;
    virErrorFunc handler = NULL;
    void *opaque = NULL;
    if (connection != NULL) {
        virt_lock_acquire(&connection->error_lock);
        virt_error_copy(&connection->error, &mine->error);
        handler = connection->error_handler;
        opaque = connection->error_opaque;
        virt_lock_release(&connection->error_lock);
    }
    if (virt_log_wanted(4))
        virt_log(4, "error", mine->error.message != NULL ? mine->error.message : "");
    if (handler == NULL) {
        virt_lock_acquire(&handler_lock);
        handler = global_handler;
        opaque = global_opaque;
        virt_lock_release(&handler_lock);
    }
    if (handler == NULL)
        virt_body_virDefaultErrorFunc(&mine->error);
    else
        handler(opaque, &mine->error);
    errno = saved;
}

void virt_body_virSetErrorFunc(void *userData, virErrorFunc handler)
{
    virt_lock_acquire(&handler_lock);
    global_handler = handler;
    global_opaque = userData;
    virt_lock_release(&handler_lock);
}

void virt_body_virConnSetErrorFunc(virConnectPtr conn, void *userData, virErrorFunc handler)
{
    if (!is_connection(conn))
        return;
    struct virt_connection *connection = (struct virt_connection *)conn;
    virt_lock_acquire(&connection->error_lock);
    connection->error_handler = handler;
    connection->error_opaque = userData;
    virt_lock_release(&connection->error_lock);
}

virErrorPtr virt_body_virConnGetLastError(virConnectPtr conn)
{
    return is_connection(conn) ? &((struct virt_connection *)conn)->error : NULL;
}

int virt_body_virConnCopyLastError(virConnectPtr conn, virErrorPtr to)
{
    if (!is_connection(conn) || to == NULL)
        return -1;
    struct virt_connection *connection = (struct virt_connection *)conn;
    memset(to, 0, sizeof *to); /* what the caller's memory held is not ours to free */
    virt_lock_acquire(&connection->error_lock);
    virt_error_copy(to, &connection->error);
    virt_lock_release(&connection->error_lock);
    return to->code;
}

void virt_body_virConnResetLastError(virConnectPtr conn)
{
    if (!is_connection(conn))
        return;
    struct virt_connection *connection = (struct virt_connection *)conn;
    virt_lock_acquire(&connection->error_lock);
    virt_body_virResetError(&connection->error);
    virt_lock_release(&connection->error_lock);
}

static const char *domain_name(int domain)
{
    const char *name = NULL;
    if (domain == VIR_FROM_NONE)
        return "";
    if (&virt_error_domain_count != NULL && domain > 0 && (uint32_t)domain < virt_error_domain_count)
        name = virt_error_domain_names[domain];
    return name != NULL ? name : "Unknown";
}

void virt_body_virDefaultErrorFunc(virErrorPtr err)
{
    if (err == NULL || err->code == VIR_ERR_OK)
        return;
    const char *level = err->level == VIR_ERR_ERROR ? "error" : err->level == VIR_ERR_WARNING ? "warning" : "";
    const char *message = err->message != NULL ? err->message : virt_error_plain(err->code);
    /* The object fields are never set by us; a caller may have put live handles there. */
    const struct virt_handle *named = (const struct virt_handle *)err->dom;
    const char *name = named != NULL && virt_is(named, named->class_id) ? named->identity.name : NULL;
    name = name != NULL ? name : "";
    const char *domain = domain_name(err->domain);
    const struct virt_piece pieces[] = {
        { "libvirt: ", 9 }, { domain, strlen(domain) }, { " ", 1 }, { level, strlen(level) }, { " ", 1 },
        { name, strlen(name) }, { ": ", 2 }, { message, strlen(message) },
    };
    size_t size = 1;
    for (size_t index = 0; index < sizeof pieces / sizeof *pieces; index++)
        size += pieces[index].length;
    /* In one piece: what other threads write does not come between. */
    char own[512], *line = size <= sizeof own ? own : malloc(size), *end = line;
    if (line == NULL) {
        fputs(message, stderr);
        return;
    }
    for (size_t index = 0; index < sizeof pieces / sizeof *pieces; index++)
        end = virt_append(end, pieces[index].text, pieces[index].length);
    if (end[-1] != '\n')
        *end++ = '\n';
    fwrite(line, 1, (size_t)(end - line), stderr);
    if (line != own)
        free(line);
}

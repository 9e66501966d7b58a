/* Functions of libvirt-lxc that act on the calling process itself. */
#include "virt-hand-written.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int virt_body_virDomainLxcEnterNamespace(virDomainPtr domain, unsigned int nfdlist, int *fdlist, unsigned int *noldfdlist,
                                         int **oldfdlist, unsigned int flags)
{
    static const char *const names[] = { "user", "ipc", "uts", "net", "pid", "mnt" };
    VIRT_FUNCTION("virDomainLxcEnterNamespace", VIR_FROM_NONE);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, false, &function))
        return -1;
    struct virt_connection *connection = virt_connection_of(domain);
    if (flags != 0) {
        virt_refuse_value(connection, &function, "flags", VIRT_RULE_NOT_ZERO, 0);
        return -1;
    }
    if (fdlist == NULL && nfdlist > 0) {
        virt_refuse_null(connection, &function, "fdlist");
        return -1;
    }
    if (noldfdlist != NULL && oldfdlist != NULL) {
        char path[64];
        *noldfdlist = 0;
        *oldfdlist = calloc(sizeof names / sizeof *names, sizeof **oldfdlist);
        for (size_t index = 0; *oldfdlist != NULL && index < sizeof names / sizeof *names; index++) {
            strcpy(path, "/proc/self/ns/");
            strcat(path, names[index]);
            int descriptor = open(path, O_RDONLY | O_CLOEXEC);
            if (descriptor >= 0)
                (*oldfdlist)[(*noldfdlist)++] = descriptor;
        }
    }
    for (unsigned int index = 0; index < nfdlist; index++) {
        if (fdlist[index] < 0 || setns(fdlist[index], 0) == 0)
            continue;
        virt_error_raise_system(VIR_FROM_NONE, errno, "the namespace cannot be entered");
        virt_error_dispatch(connection);
        if (noldfdlist != NULL && oldfdlist != NULL) {
            while (*noldfdlist > 0)
                close((*oldfdlist)[--*noldfdlist]);
            free(*oldfdlist);
            *oldfdlist = NULL;
        }
        return -1;
    }
    return 0;
}

/* Writes a whole text to a file of /proc. */
static bool write_file(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool written = write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
    int number = errno;
    close(descriptor);
    errno = number;
    return written;
}

int virt_body_virDomainLxcEnterSecurityLabel(virSecurityModelPtr model, virSecurityLabelPtr label, virSecurityLabelPtr oldlabel,
                                             unsigned int flags)
{
    VIRT_FUNCTION("virDomainLxcEnterSecurityLabel", VIR_FROM_NONE);
    virt_error_reset();
    if (model == NULL || label == NULL) {
        virt_refuse_null(NULL, &function, model == NULL ? "model" : "label");
        return -1;
    }
    if (flags != 0) {
        virt_refuse_value(NULL, &function, "flags", VIRT_RULE_NOT_ZERO, 0);
        return -1;
    }
    if (oldlabel != NULL)
        memset(oldlabel, 0, sizeof *oldlabel);
    if (strncmp(model->model, "none", sizeof model->model) == 0)
        return 0;
    bool selinux = strncmp(model->model, "selinux", sizeof model->model) == 0;
    bool apparmor = strncmp(model->model, "apparmor", sizeof model->model) == 0;
    if (!selinux && !apparmor) {
        virt_refuse(NULL, &function, VIR_ERR_ARGUMENT_UNSUPPORTED, "the security model is not known here");
        return -1;
    }
    if (memchr(label->label, '\0', sizeof label->label) == NULL) {
        virt_refuse_value(NULL, &function, "label", VIRT_RULE_TEXT, 0);
        return -1;
    }
    if (oldlabel != NULL) {
        int descriptor = open("/proc/self/attr/current", O_RDONLY | O_CLOEXEC);
        ssize_t length = descriptor < 0 ? -1 : read(descriptor, oldlabel->label, sizeof oldlabel->label - 1);
        if (descriptor >= 0)
            close(descriptor);
        if (length < 0) {
            virt_error_raise_system(VIR_FROM_NONE, errno, "the present security label cannot be read");
            virt_error_dispatch(NULL);
            return -1;
        }
        oldlabel->label[strcspn(oldlabel->label, "\n")] = '\0';
    }
    char change[VIR_SECURITY_LABEL_BUFLEN + 16];
    strcpy(change, apparmor ? "changeprofile " : "");
    strcat(change, label->label);
    if (!write_file(apparmor ? "/proc/self/attr/current" : "/proc/self/attr/exec", change)) {
        virt_error_raise_system(VIR_FROM_NONE, errno, "the security label cannot be entered");
        virt_error_dispatch(NULL);
        return -1;
    }
    return 0;
}

int virt_body_virDomainLxcEnterCGroup(virDomainPtr domain, unsigned int flags)
{
    VIRT_FUNCTION("virDomainLxcEnterCGroup", VIR_FROM_NONE);
    if (!virt_body_enter(domain, VIRT_CLASS_DOMAIN, true, &function))
        return -1;
    struct virt_connection *connection = virt_connection_of(domain);
    if (flags != 0) {
        virt_refuse_value(connection, &function, "flags", VIRT_RULE_NOT_ZERO, 0);
        return -1;
    }
    /* The control group is that of the container's first process, whose number is the domain's id. */
    int id = virt_id_of(domain);
    char path[256], line[512] = "";
    if (id <= 0) {
        virt_refuse(connection, &function, VIR_ERR_OPERATION_INVALID, "the domain is not running");
        return -1;
    }
    strcpy(path, "/proc/");
    char digits[16];
    int length = 0;
    for (int rest = id; rest > 0; rest /= 10)
        digits[length++] = (char)('0' + rest % 10);
    char *end = path + strlen(path);
    while (length > 0)
        *end++ = digits[--length];
    strcpy(end, "/cgroup");
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = descriptor < 0 ? -1 : read(descriptor, line, sizeof line - 1);
    if (descriptor >= 0)
        close(descriptor);
    if (got <= 0 || strncmp(line, "0::/", 4) != 0) {
        virt_error_raise_system(VIR_FROM_NONE, got < 0 ? errno : ENOTSUP, "the domain's control group cannot be found");
        virt_error_dispatch(connection);
        return -1;
    }
    line[strcspn(line, "\n")] = '\0';
    char group[640] = "/sys/fs/cgroup";
    strcat(group, line + 3);
    strcat(group, "/cgroup.procs");
    if (!write_file(group, "0")) {
        virt_error_raise_system(VIR_FROM_NONE, errno, "the domain's control group cannot be entered");
        virt_error_dispatch(connection);
        return -1;
    }
    return 0;
}

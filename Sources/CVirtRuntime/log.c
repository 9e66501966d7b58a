/* The parts of logging that are C: the switch, the system log and the journal's datagram protocol. */
#include "virt-runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

uint32_t virt_log_word = UINT32_MAX;

void virt_log_set_word(uint32_t word)
{
    __atomic_store_n(&virt_log_word, word, __ATOMIC_RELAXED);
}

void virt_log(uint32_t priority, const char *source, const char *text)
{
    if (&virt_log_write == NULL)
        virt_log_set_word(0);
    else
        virt_log_write(priority, source, text);
}

int virt_thread_id(void)
{
    return (int)syscall(SYS_gettid);
}

static int system_priority(uint32_t priority)
{
    static const int priorities[] = { LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR };
    return priorities[priority < 5 ? priority : 4];
}

bool virt_system_log_open(const char *name)
{
    char *kept = strdup(name);
    if (kept != NULL)
        openlog(kept, 0, 0);
    return kept != NULL;
}

void virt_system_log_write(uint32_t priority, const char *text)
{
    syslog(system_priority(priority), "%s", text);
}

int virt_journal_open(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket" };
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

void virt_journal_write(int descriptor, uint32_t priority, const char *source, const char *text)
{
    char head[96];
    size_t length = strlen(text);
    unsigned char size[8];
    for (int index = 0; index < 8; index++)
        size[index] = (unsigned char)((uint64_t)length >> 8 * index);
    int used = snprintf(head, sizeof head, "PRIORITY=%d\nLIBVIRT_SOURCE=%.48s\nMESSAGE\n", system_priority(priority), source);
    struct iovec parts[] = {
        { head, (size_t)used }, { size, sizeof size }, { (void *)(uintptr_t)text, length }, { (void *)(uintptr_t)"\n", 1 }
    };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 4 };
    sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

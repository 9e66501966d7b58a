/* Waking a thread that polls: an event counter. */
#include "virt-runtime.h"

#include <errno.h>
#include <sys/eventfd.h>

int virt_wake_open(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void virt_wake_send(int descriptor)
{
    int saved = errno;
    eventfd_write(descriptor, 1);
    errno = saved;
}

void virt_wake_drain(int descriptor)
{
    int saved = errno;
    eventfd_t count;
    eventfd_read(descriptor, &count);
    errno = saved;
}

/* The slow paths of the lock: a futex, private to the process. */
#include "virt-lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

void virt_lock_wait(virt_lock_word *word)
{
    int saved = errno;
    /* Holders are brief: look again a few times before sleeping. */
    for (int attempt = 0; attempt < 40; attempt++) {
        if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0 && virt_lock_try(word))
            return;
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    errno = saved;
}

void virt_lock_wake(virt_lock_word *word)
{
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    errno = saved;
}

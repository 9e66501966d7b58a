/* Repairs the Swift run-time in forked children; linked into every shared object that carries a copy of it.
 *
 * The run-time caches the thread id in thread-local storage and uses it as owner of priority-inheriting futexes, behind
 * every lazily initialised global. fork() does not reset the cache: two threads of a child that meet on the first use of a
 * global would spin for ever. The variable is hidden in the static run-time, hence the name below; where it is absent
 * (dynamic run-time, another release) nothing happens. A linkage test pins it. */
#include <pthread.h>
#include <stddef.h>

extern __thread int virt_swift_thread_id
    __asm__("_ZZN5swift14threading_impl5linux13ulock_get_tidEvE3tid") __attribute__((weak, tls_model("initial-exec")));

static void forget_thread_id(void)
{
    virt_swift_thread_id = 0;
}

__attribute__((constructor)) static void watch_fork(void)
{
    if (&virt_swift_thread_id != NULL)
        pthread_atfork(NULL, NULL, forget_thread_id);
}

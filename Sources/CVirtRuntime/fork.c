/* What fork() does to the run-time: the guarded locks are taken across it, then the child's actions run. */
#include "virt-lock.h"

#include <pthread.h>
#include <stddef.h>

enum { guard_capacity = 64, action_capacity = 16 };

static virt_lock_word registry_lock;
static virt_lock_word *guards[guard_capacity];
static unsigned guard_count;
static void (*actions[action_capacity])(void);
static unsigned action_count;

static void before(void)
{
    virt_lock_acquire(&registry_lock);
    for (unsigned index = 0; index < guard_count; index++)
        virt_lock_acquire(guards[index]);
}

static void after(void)
{
    for (unsigned index = guard_count; index > 0; index--)
        virt_lock_release(guards[index - 1]);
    virt_lock_release(&registry_lock);
}

/* The child has one thread: nobody sleeps on these words, whatever they say. */
static void after_in_child(void)
{
    for (unsigned index = 0; index < guard_count; index++)
        __atomic_store_n(guards[index], 0, __ATOMIC_RELEASE);
    __atomic_store_n(&registry_lock, 0, __ATOMIC_RELEASE);
    for (unsigned index = 0; index < action_count; index++)
        actions[index]();
}

/* Called under the lock, so that programs that never make a handle pay nothing. */
static void watch(void)
{
    static bool watching;
    if (!watching) {
        watching = true;
        pthread_atfork(before, after, after_in_child);
    }
}

void virt_fork_guard(virt_lock_word *word)
{
    virt_lock_acquire(&registry_lock);
    bool known = false;
    for (unsigned index = 0; index < guard_count; index++)
        known |= guards[index] == word;
    if (!known && guard_count < guard_capacity) {
        watch();
        guards[guard_count++] = word;
    }
    virt_lock_release(&registry_lock);
}

void virt_fork_child(void (*action)(void))
{
    virt_lock_acquire(&registry_lock);
    bool known = false;
    for (unsigned index = 0; index < action_count; index++)
        known |= actions[index] == action;
    if (!known && action_count < action_capacity) {
        watch();
        actions[action_count++] = action;
    }
    virt_lock_release(&registry_lock);
}

/* The lock of the library: one 32-bit word, inlined where it is free, a futex where it is not.
 *
 * Not recursive. Zero is "free", so static and zeroed storage needs no set-up. Knows no owner, hence survives fork: what a
 * child inherits locked stays locked, and the locks that must not are registered with virt_fork_guard(). */
#ifndef VIRT_LOCK_H
#define VIRT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#define VIRT_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define VIRT_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#ifdef __cplusplus
extern "C" {
#endif

/* A lock word: 0 free, 1 held, 2 held and somebody may sleep. */
typedef uint32_t virt_lock_word;

/* Waits until the word could be taken; only for virt_lock_acquire(). */
void virt_lock_wait(virt_lock_word *word);
/* Wakes one sleeper; only for virt_lock_release(). */
void virt_lock_wake(virt_lock_word *word);

/* Takes the lock, sleeping as long as another thread holds it. */
static inline void virt_lock_acquire(virt_lock_word *word)
{
    uint32_t expected = 0;
    if (VIRT_UNLIKELY(!__atomic_compare_exchange_n(word, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
        virt_lock_wait(word);
}

/* Takes the lock if nobody holds it; says whether it did. */
static inline bool virt_lock_try(virt_lock_word *word)
{
    uint32_t expected = 0;
    return __atomic_compare_exchange_n(word, &expected, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Gives the lock back; any thread may. */
static inline void virt_lock_release(virt_lock_word *word)
{
    if (VIRT_UNLIKELY(__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2))
        virt_lock_wake(word);
}

/* Has fork() take this lock before and give it back after, in the parent and in the child, so that the child finds what it
 * guards whole. For locks of static storage that are held briefly and never across a call out. At most 32. */
void virt_fork_guard(virt_lock_word *word);

/* Runs in every forked child, after the guards of virt_fork_guard() are free again. At most 16. */
void virt_fork_child(void (*action)(void));

#ifdef __cplusplus
}
#endif
#endif

/* The pool that handles come from; for handle.c and connection.c only.
 *
 * Threads are spread over a few shards, each with its own lock and free lists. Taking and giving are short, and inlined. */
#ifndef VIRT_POOL_H
#define VIRT_POOL_H

#include "virt-runtime.h"

/* Bytes of the largest slots. */
enum { virt_pool_most = 1152 };
enum { virt_pool_classes = 5, virt_pool_overflow = 96 };
static const uint16_t virt_pool_sizes[virt_pool_classes] = { 192, 256, 384, 640, virt_pool_most };

struct virt_pool_shard {
    _Alignas(64) virt_lock_word lock;
    uint32_t counts[virt_pool_classes];
    struct virt_handle *free[virt_pool_classes];
    int64_t live;
};
/* The calling thread's shard; NULL before it has one. */
extern __thread struct virt_pool_shard *virt_pool_own __attribute__((tls_model("initial-exec")));
/* Gives the thread its shard. */
struct virt_pool_shard *virt_pool_choose(void);
/* Puts slots into a shard that has none of a class. Holds the shard's lock. */
void virt_pool_refill(struct virt_pool_shard *shard, uint16_t size_class);
/* Takes slots out of a shard that has many. Holds the shard's lock. */
void virt_pool_drain(struct virt_pool_shard *shard, uint16_t size_class);

/* A free slot of at least `size` bytes, its `size_class` and `generation` set, all else undefined; NULL without memory.
 * Sizes above virt_pool_most are refused. */
static inline struct virt_handle *virt_pool_take(size_t size)
{
    uint16_t size_class = 0;
    while (virt_pool_sizes[size_class] < size)
        if (++size_class == virt_pool_classes)
            return NULL;
    struct virt_pool_shard *shard = VIRT_LIKELY(virt_pool_own != NULL) ? virt_pool_own : virt_pool_choose();
    virt_lock_acquire(&shard->lock);
    if (VIRT_UNLIKELY(shard->free[size_class] == NULL))
        virt_pool_refill(shard, size_class);
    struct virt_handle *slot = shard->free[size_class];
    if (VIRT_LIKELY(slot != NULL)) {
        shard->free[size_class] = slot->next;
        shard->counts[size_class]--;
        shard->live++;
        slot->next = NULL;
        slot->generation++;
    }
    virt_lock_release(&shard->lock);
    return slot;
}

/* Gives a slot back. Its `check` is 0 already. */
static inline void virt_pool_give(struct virt_handle *slot)
{
    uint16_t size_class = slot->size_class;
    struct virt_pool_shard *shard = VIRT_LIKELY(virt_pool_own != NULL) ? virt_pool_own : virt_pool_choose();
    virt_lock_acquire(&shard->lock);
    slot->next = shard->free[size_class];
    shard->free[size_class] = slot;
    shard->live--;
    if (VIRT_UNLIKELY(++shard->counts[size_class] > virt_pool_overflow))
        virt_pool_drain(shard, size_class);
    virt_lock_release(&shard->lock);
}

/* Slots in use. */
uint64_t virt_pool_live(void);

/* Ends a connection whose last reference is gone: the host's part, the error, the slot. */
void virt_connection_take_apart(struct virt_connection *connection);
/* Connections in use. */
uint64_t virt_connection_live(void);

#endif

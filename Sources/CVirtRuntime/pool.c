/* Type-stable slots: memory once used for handles holds handles for ever, so a stale pointer always reads a handle's head.
 *
 * A shard that runs empty takes a batch from the centre and one that overflows gives a batch back, so that handles made on one
 * thread and freed on another circulate. */
#include "pool.h"

#include <stdlib.h>

enum { shard_count = 8, batch = 32, chunk_bytes = 16384 };

static struct virt_pool_shard shards[shard_count];
static struct {
    _Alignas(64) virt_lock_word lock;
    struct virt_handle *free[virt_pool_classes];
} centre;
static uint32_t next_shard;
__thread struct virt_pool_shard *virt_pool_own __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void guard_pool(void)
{
    for (int index = 0; index < shard_count; index++)
        virt_fork_guard(&shards[index].lock);
    virt_fork_guard(&centre.lock);
}

struct virt_pool_shard *virt_pool_choose(void)
{
    return virt_pool_own = &shards[__atomic_fetch_add(&next_shard, 1, __ATOMIC_RELAXED) % shard_count];
}

/* New slots, chained; the pool keeps them for ever. */
static struct virt_handle *make_chunk(uint16_t size_class)
{
    size_t size = virt_pool_sizes[size_class];
    char *memory = NULL;
    if (posix_memalign((void **)&memory, 64, chunk_bytes) != 0)
        return NULL;
    struct virt_handle *chain = NULL;
    for (size_t offset = chunk_bytes / size * size; offset >= size; offset -= size) {
        struct virt_handle *slot = (struct virt_handle *)(void *)(memory + offset - size);
        slot->check = 0;
        slot->size_class = size_class;
        slot->generation = 0;
        slot->references = 0;
        slot->next = chain;
        chain = slot;
    }
    return chain;
}

/* Moves a batch from the centre, or from a new chunk, into the shard. */
void virt_pool_refill(struct virt_pool_shard *shard, uint16_t size_class)
{
    virt_lock_acquire(&centre.lock);
    struct virt_handle *chain = centre.free[size_class];
    if (chain == NULL)
        chain = make_chunk(size_class);
    struct virt_handle *last = chain;
    uint32_t count = chain != NULL;
    while (last != NULL && last->next != NULL && count < batch) {
        last = last->next;
        count++;
    }
    centre.free[size_class] = last != NULL ? last->next : NULL;
    virt_lock_release(&centre.lock);
    if (last != NULL)
        last->next = NULL;
    shard->free[size_class] = chain;
    shard->counts[size_class] = count;
}

/* Moves a batch from the shard to the centre. */
void virt_pool_drain(struct virt_pool_shard *shard, uint16_t size_class)
{
    struct virt_handle *chain = shard->free[size_class], *last = chain;
    for (int count = 1; count < batch; count++)
        last = last->next;
    shard->free[size_class] = last->next;
    shard->counts[size_class] -= batch;
    virt_lock_acquire(&centre.lock);
    last->next = centre.free[size_class];
    centre.free[size_class] = chain;
    virt_lock_release(&centre.lock);
}

uint64_t virt_pool_live(void)
{
    int64_t live = 0;
    for (int index = 0; index < shard_count; index++) {
        virt_lock_acquire(&shards[index].lock);
        live += shards[index].live;
        virt_lock_release(&shards[index].lock);
    }
    return live < 0 ? 0 : (uint64_t)live;
}

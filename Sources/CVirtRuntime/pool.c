/* Type-stable slots: memory once used for handles holds handles for ever, so a stale pointer always reads a handle's head.
 *
 * Threads are spread over a few shards, each with its own lock and free lists; a shard that runs empty takes a batch from
 * the centre and one that overflows gives a batch back, so that handles made on one thread and freed on another circulate. */
#include "pool.h"

#include <stdlib.h>

enum { class_count = 5, shard_count = 8, batch = 32, overflow = 96, chunk_bytes = 16384 };

static const size_t slot_sizes[class_count] = { 192, 256, 384, 640, virt_pool_most };

struct shard {
    _Alignas(64) virt_lock_word lock;
    uint32_t counts[class_count];
    struct virt_handle *free[class_count];
    int64_t live;
};

static struct shard shards[shard_count];
static struct {
    _Alignas(64) virt_lock_word lock;
    struct virt_handle *free[class_count];
} centre;
static uint32_t next_shard;
static __thread uint32_t own_shard __attribute__((tls_model("initial-exec"))); /* number + 1 */

__attribute__((constructor)) static void guard_pool(void)
{
    for (int index = 0; index < shard_count; index++)
        virt_fork_guard(&shards[index].lock);
    virt_fork_guard(&centre.lock);
}

static __attribute__((noinline)) struct shard *choose_shard(void)
{
    own_shard = __atomic_fetch_add(&next_shard, 1, __ATOMIC_RELAXED) % shard_count + 1;
    return &shards[own_shard - 1];
}

static inline struct shard *shard_of_thread(void)
{
    return VIRT_LIKELY(own_shard != 0) ? &shards[own_shard - 1] : choose_shard();
}

/* New slots, chained; the pool keeps them for ever. */
static struct virt_handle *make_chunk(uint16_t size_class)
{
    size_t size = slot_sizes[size_class];
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

/* Moves a batch from the centre, or from a new chunk, into the shard. Holds the shard's lock. */
static __attribute__((noinline)) void refill(struct shard *shard, uint16_t size_class)
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

/* Moves a batch from the shard to the centre. Holds the shard's lock. */
static __attribute__((noinline)) void drain(struct shard *shard, uint16_t size_class)
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

struct virt_handle *virt_pool_take(size_t size)
{
    uint16_t size_class = 0;
    while (slot_sizes[size_class] < size)
        if (++size_class == class_count)
            return NULL;
    struct shard *shard = shard_of_thread();
    virt_lock_acquire(&shard->lock);
    if (VIRT_UNLIKELY(shard->free[size_class] == NULL))
        refill(shard, size_class);
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

void virt_pool_give(struct virt_handle *slot)
{
    uint16_t size_class = slot->size_class;
    struct shard *shard = shard_of_thread();
    virt_lock_acquire(&shard->lock);
    slot->next = shard->free[size_class];
    shard->free[size_class] = slot;
    shard->live--;
    if (VIRT_UNLIKELY(++shard->counts[size_class] > overflow))
        drain(shard, size_class);
    virt_lock_release(&shard->lock);
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

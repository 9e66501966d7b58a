/* Connections: handles whose connection is themselves, from slots of their own that fork() can walk. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

static virt_lock_word slots_lock;
static struct virt_connection *free_slots; /* by head.next */
static struct virt_connection *all_slots;  /* by next_slot; grows only */
static uint64_t live;

/* In a forked child: what another thread was doing with a connection stays as it was left, and nobody looks at it. */
static void mark_forked(void)
{
    for (struct virt_connection *slot = all_slots; slot != NULL; slot = slot->next_slot) {
        if (slot->head.check == 0)
            continue;
        __atomic_store_n(&slot->mode, slot->mode | VIRT_MODE_FORKED, __ATOMIC_RELAXED);
        slot->error_lock = 0;
        memset(&slot->error, 0, sizeof slot->error);
    }
}

__attribute__((constructor)) static void watch_fork(void)
{
    virt_fork_guard(&slots_lock);
    virt_fork_child(mark_forked);
}

/* A free slot, or a new one. Holds the lock. */
static struct virt_connection *take_slot(void)
{
    struct virt_connection *connection = free_slots;
    if (connection != NULL) {
        free_slots = (struct virt_connection *)connection->head.next;
        return connection;
    }
    size_t size = (sizeof *connection + 63) / 64 * 64;
    if (posix_memalign((void **)&connection, 64, size) != 0)
        return NULL;
    memset(connection, 0, size);
    connection->next_slot = all_slots;
    all_slots = connection;
    return connection;
}

struct virt_connection *virt_connection_make(uint16_t class_id, uint32_t mode, uint32_t open_flags)
{
    virt_lock_acquire(&slots_lock);
    struct virt_connection *connection = take_slot();
    live += connection != NULL;
    virt_lock_release(&slots_lock);
    if (connection == NULL) {
        virt_error_raise_memory(VIR_FROM_NONE);
        return NULL;
    }
    struct virt_handle *head = &connection->head;
    uint32_t generation = head->generation + 1;
    struct virt_connection *next_slot = connection->next_slot;
    struct virt_row *table = connection->table;
    const void *table_kind = connection->table_kind;
    memset(connection, 0, sizeof *connection);
    connection->next_slot = next_slot;
    connection->table = table;
    connection->table_kind = table_kind;
    head->class_id = class_id;
    head->size_class = UINT16_MAX;
    head->generation = generation;
    head->connection = connection;
    head->identity.size = sizeof head->identity;
    head->identity.id = -1;
    connection->mode = mode;
    connection->open_flags = open_flags;
    __atomic_store_n(&head->references, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&head->check, (uint64_t)(uintptr_t)head ^ virt_magic(class_id), __ATOMIC_RELEASE);
    return connection;
}

void virt_connection_take_apart(struct virt_connection *connection)
{
    if (!virt_mode_has(connection, VIRT_MODE_FORKED)) {
        if (connection->head.word_release != NULL)
            connection->head.word_release(connection->head.word);
        if (connection->host_release != NULL)
            connection->host_release(connection);
    }
    free(connection->error.message);
    free(connection->error.str1);
    free(connection->error.str2);
    free(connection->error.str3);
    virt_lock_acquire(&slots_lock);
    connection->head.next = (struct virt_handle *)free_slots;
    free_slots = connection;
    live--;
    virt_lock_release(&slots_lock);
}

uint64_t virt_connection_live(void)
{
    virt_lock_acquire(&slots_lock);
    uint64_t count = live;
    virt_lock_release(&slots_lock);
    return count;
}

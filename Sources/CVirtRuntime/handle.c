/* Handles: made with their texts inside, counted, and taken apart when the last reference goes. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

/* Serialises changes of private words; a word changes once or twice in a handle's life. */
static virt_lock_word word_lock;

__attribute__((constructor)) static void guard_words(void)
{
    virt_fork_guard(&word_lock);
}

static inline size_t extra_size_of(uint16_t class_id)
{
    if (&virt_class_count == NULL || class_id >= virt_class_count)
        return 0;
    return virt_class_table[class_id].extra_size;
}

/* Raises, and gives the caller its NULL. */
static void *no_memory(void)
{
    virt_error_raise_memory(VIR_FROM_NONE);
    return NULL;
}

/* Where a text goes, and where the next one starts. */
static inline const char *place(char **cursor, const char *text, size_t length)
{
    if (text == NULL)
        return NULL;
    char *start = *cursor;
    memcpy(start, text, length);
    *cursor = start + length;
    return start;
}

/* Copies the three texts of an identity; texts that lie behind one another, in one go. */
static inline void place_texts(struct virt_identity *own, const struct virt_identity *identity, const size_t lengths[3], char *cursor)
{
    const char *name = identity->name, *first = identity->strings[0], *second = identity->strings[1];
    if (name != NULL && first == name + lengths[0] && second == first + lengths[1]) {
        memcpy(cursor, name, lengths[0] + lengths[1] + lengths[2]);
        own->name = cursor;
        own->strings[0] = cursor + lengths[0];
        own->strings[1] = cursor + lengths[0] + lengths[1];
        return;
    }
    own->name = place(&cursor, name, lengths[0]);
    own->strings[0] = place(&cursor, first, lengths[1]);
    own->strings[1] = place(&cursor, second, lengths[2]);
}

static inline size_t length_with_end(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

void *virt_handle_make(uint16_t class_id, struct virt_connection *connection, void *parent,
                       const struct virt_identity *identity)
{
    const size_t lengths[3] = { length_with_end(identity->name), length_with_end(identity->strings[0]),
                                length_with_end(identity->strings[1]) };
    size_t text_length = lengths[0] + lengths[1] + lengths[2];
    size_t extra = extra_size_of(class_id), flags = 0;
    size_t head = sizeof(struct virt_handle) + extra;
    struct virt_handle *handle;
    char *cursor;
    if (VIRT_LIKELY(head + text_length <= virt_pool_most)) {
        handle = virt_pool_take(head + text_length);
        cursor = (char *)handle + head;
    } else {
        handle = virt_pool_take(head);
        cursor = handle != NULL ? malloc(text_length) : NULL;
        flags = VIRT_HANDLE_FAR_TEXT;
        if (handle != NULL && cursor == NULL) {
            virt_pool_give(handle);
            handle = NULL;
        }
    }
    if (VIRT_UNLIKELY(handle == NULL))
        return no_memory();
    handle->class_id = class_id;
    handle->connection = connection;
    handle->parent = parent;
    handle->rows = connection->head.rows;
    __atomic_store_n(&handle->word, NULL, __ATOMIC_RELAXED);
    handle->word_release = NULL;
    handle->identity.size = sizeof(struct virt_identity);
    place_texts(&handle->identity, identity, lengths, cursor);
    memcpy(handle->identity.uuid, identity->uuid, sizeof handle->identity.uuid);
    handle->identity.id = identity->id;
    handle->identity.number = identity->number;
    handle->flags = (uint32_t)flags;
    if (VIRT_UNLIKELY(extra != 0))
        memset((char *)handle + sizeof *handle, 0, extra);
    __atomic_fetch_add(&connection->head.references, 1, __ATOMIC_RELAXED);
    if (parent != NULL)
        __atomic_fetch_add(&((struct virt_handle *)parent)->references, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&handle->references, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&handle->check, (uint64_t)(uintptr_t)handle ^ virt_magic(class_id), __ATOMIC_RELEASE);
    return handle;
}

bool virt_handle_reference(void *pointer)
{
    struct virt_handle *handle = pointer;
    uint32_t count = __atomic_load_n(&handle->references, __ATOMIC_RELAXED);
    do {
        if (VIRT_UNLIKELY(count == 0 || count > INT32_MAX))
            return false;
    } while (!__atomic_compare_exchange_n(&handle->references, &count, count + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return true;
}

/* Takes a reference away and says how many there were; 0 when there was none. */
static inline uint32_t drop(struct virt_handle *handle)
{
    uint32_t count = __atomic_load_n(&handle->references, __ATOMIC_RELAXED);
    do {
        if (VIRT_UNLIKELY(count == 0))
            return 0;
    } while (!__atomic_compare_exchange_n(&handle->references, &count, count - 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    return count;
}

/* The last reference is gone: nobody can find the handle any more. */
static void take_apart(struct virt_handle *handle)
{
    __atomic_store_n(&handle->check, 0, __ATOMIC_RELAXED);
    struct virt_connection *connection = handle->connection;
    if (handle == &connection->head) {
        virt_connection_take_apart(connection);
        return;
    }
    struct virt_handle *parent = handle->parent;
    if (VIRT_UNLIKELY(handle->word_release != NULL) && !virt_mode_has(connection, VIRT_MODE_FORKED))
        handle->word_release(handle->word);
    if (VIRT_UNLIKELY(handle->flags & VIRT_HANDLE_FAR_TEXT))
        free((void *)(uintptr_t)(handle->identity.name       ? handle->identity.name
                                 : handle->identity.strings[0] ? handle->identity.strings[0]
                                                               : handle->identity.strings[1]));
    virt_pool_give(handle);
    if (parent != NULL && drop(parent) == 1)
        take_apart(parent);
    if (VIRT_UNLIKELY(drop(&connection->head) == 1))
        take_apart(&connection->head);
}

int64_t virt_handle_release(void *pointer)
{
    uint32_t count = drop(pointer);
    if (count == 1)
        take_apart(pointer);
    return (int64_t)count - 1;
}

void virt_handle_set_id(void *handle, int32_t id)
{
    __atomic_store_n(&((struct virt_handle *)handle)->identity.id, id, __ATOMIC_RELAXED);
}

bool virt_handle_set_word(void *pointer, void *expected, void *word, void (*release)(void *word))
{
    struct virt_handle *handle = pointer;
    virt_lock_acquire(&word_lock);
    bool same = handle->word == expected;
    void (*earlier)(void *word) = NULL;
    if (same) {
        earlier = handle->word_release;
        handle->word_release = release;
        __atomic_store_n(&handle->word, word, __ATOMIC_RELEASE);
    }
    virt_lock_release(&word_lock);
    if (earlier != NULL)
        earlier(expected);
    return same;
}

void virt_handle_set_rows(void *handle, const struct virt_row *rows)
{
    __atomic_store_n(&((struct virt_handle *)handle)->rows, rows, __ATOMIC_RELEASE);
}

void *virt_handle_extra(void *handle)
{
    return (char *)handle + sizeof(struct virt_handle);
}

uint64_t virt_handle_count(void)
{
    return virt_pool_live() + virt_connection_live();
}

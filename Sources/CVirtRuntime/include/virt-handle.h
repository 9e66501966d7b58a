/* Handles: their layout, the checks that every call makes, and how they are made and counted. */
#ifndef VIRT_HANDLE_H
#define VIRT_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "virt-lock.h"

#ifdef __cplusplus
extern "C" {
#endif

struct virt_connection;

/* One row of a dense table: never NULL, an absent operation has a generated thunk. */
struct virt_row {
    void (*function)(void);
    void *state;
};

/* What a handle stands for; laid out as `struct virt_driver_identity` of the driver boundary. */
struct virt_identity {
    size_t size;            /* of this struct                                                                  */
    const char *name;       /* never NULL in a live handle that has a name                                     */
    const char *strings[2]; /* class specific: key and pool name, hardware address, usage id, port and filter … */
    unsigned char uuid[16];
    int32_t id;             /* domain id, -1 when it has none                                                  */
    int32_t number;         /* secret usage type …                                                             */
};

/* Head of every handle. Slots come from a type-stable pool and never go back to the allocator, so that reading a stale
 * one is always safe and always refused. The first cache line is read by every call and written only when the handle is
 * made or freed; the count lives in the second. */
struct virt_handle {
    uint64_t check;                     /* address ^ virt_magic(class); 0 when the slot is free    */
    uint16_t class_id;
    uint16_t size_class;
    uint32_t generation;                /* counts the uses of the slot                             */
    struct virt_connection *connection; /* owned reference; a connection names itself, unowned     */
    struct virt_handle *parent;         /* owned reference: domain of a snapshot …; else NULL      */
    const struct virt_row *rows;        /* the connection's dense table, or a stream's own         */
    void *word;                         /* the driver's private word, NULL at first                */
    void (*word_release)(void *word);   /* runs once when the last reference goes; may be NULL     */
    struct virt_handle *next;           /* free slots; nothing for a live handle                   */
    struct virt_identity identity;
    uint32_t references;                /* atomic; 0 when free                                     */
    uint32_t flags;                     /* VIRT_HANDLE_…                                           */
};
#ifndef __cplusplus
_Static_assert(sizeof(void *) != 8 || sizeof(struct virt_handle) == 128, "two cache lines");
#endif

/* The texts of this handle's identity live in memory of their own. */
#define VIRT_HANDLE_FAR_TEXT 1u

#define VIRT_MODE_READ_ONLY 1u
#define VIRT_MODE_FORKED 2u
#define VIRT_MODE_CLOSED 4u /* the host ended it: every call is refused as on a forked one */
#define VIRT_MODE_DEAD (VIRT_MODE_FORKED | VIRT_MODE_CLOSED)

/* A connection: a handle whose connection is itself. Class specific data of other classes (streams) follows their head in
 * the same way; virt_handle_extra() finds it. */
struct virt_connection {
    struct virt_handle head;
    uint32_t mode;                     /* atomic; VIRT_MODE_…                                               */
    uint32_t open_flags;               /* as the caller gave them                                           */
    struct virt_row *table;            /* stays with the slot; the host fills it; head.rows points here     */
    const void *table_kind;            /* what the host filled it from; the host's to compare               */
    const uint64_t *nonblocking;       /* bits of operations by id, of the driver; or NULL                  */
    void *host;                        /* the host's object for this connection; host_release drops it      */
    void (*host_release)(struct virt_connection *connection); /* closes providers; runs at the last reference,
                                          not in a forked child for a connection from before the fork       */
    const char *driver_name;           /* borrowed from the host, for texts                                 */
    const char *uri;                   /* borrowed from the host                                            */
    /* private to the error functions */
    virt_lock_word error_lock;
    uint32_t reserved;
    virError error;
    virErrorFunc error_handler;
    void *error_opaque;
    struct virt_connection *next_slot; /* every connection slot ever made, for fork */
};

/* Mixes the class into a pattern no pointer and no text looks like. */
static inline uint64_t virt_magic(uint16_t class_id)
{
    return 0xa5c3d21e96b4f087ull + (uint64_t)class_id * 0x9e3779b97f4a7c15ull;
}

/* Whether the pointer is a live handle of this class. Accepts NULL, handles of other classes, stale handles and readable
 * memory of a handle's size. */
static inline bool virt_is(const void *handle, uint16_t class_id)
{
    return VIRT_LIKELY(handle != NULL)
        && __atomic_load_n(&((const struct virt_handle *)handle)->check, __ATOMIC_RELAXED)
               == ((uint64_t)(uintptr_t)handle ^ virt_magic(class_id));
}

/* The connection behind a live handle, of whatever class; of a connection, itself. Borrowed. */
static inline struct virt_connection *virt_connection_of(const void *handle)
{
    return ((const struct virt_handle *)handle)->connection;
}

/* The operation table of a live handle. */
static inline const struct virt_row *virt_rows_of(const void *handle)
{
    return __atomic_load_n(&((const struct virt_handle *)handle)->rows, __ATOMIC_ACQUIRE);
}

/* The parent of a live handle (the domain of a snapshot), or NULL. Borrowed. */
static inline void *virt_parent_of(const void *handle)
{
    return ((const struct virt_handle *)handle)->parent;
}

/* The identity of a live handle; stable as long as the handle is. */
static inline const struct virt_identity *virt_identity_of(const void *handle)
{
    return &((const struct virt_handle *)handle)->identity;
}

/* The number of the object, which another thread may change. */
static inline int32_t virt_id_of(const void *handle)
{
    return __atomic_load_n(&virt_identity_of(handle)->id, __ATOMIC_RELAXED);
}

/* Whether a live connection has any of these mode bits. */
static inline bool virt_mode_has(const struct virt_connection *connection, uint32_t bits)
{
    return (__atomic_load_n(&connection->mode, __ATOMIC_RELAXED) & bits) != 0;
}

/* What the description says about a handle class; the generated table is indexed by class id, 0 is no class. */
struct virt_class {
    const char *name;       /* "domain"                                                                     */
    int32_t invalid_code;   /* VIR_ERR_INVALID_DOMAIN                                                       */
    int32_t error_domain;   /* VIR_FROM_DOM; -1: the domain of the function that was called (connections)   */
    uint32_t extra_size;    /* bytes of class specific data behind the head                                 */
};
extern const struct virt_class virt_class_table[] __attribute__((weak));
extern const uint32_t virt_class_count __attribute__((weak));

#ifndef VIRT_SIBLING

/* Makes a handle with one reference. Takes a reference of its own to the connection and to the parent (which may be NULL),
 * copies the identity's texts. NULL only when there is no memory (raises). */
void *virt_handle_make(uint16_t class_id, struct virt_connection *connection, void *parent,
                       const struct virt_identity *identity);
/* Makes a connection with one reference; `host`, `table` and so on are the caller's to fill before anybody sees it. */
struct virt_connection *virt_connection_make(uint16_t class_id, uint32_t mode, uint32_t open_flags);
/* Adds a reference to a live handle. False when it was freed meanwhile. */
bool virt_handle_reference(void *handle);
/* Gives a reference back; the last one releases the word, the parent and the connection. The references that are left;
 * -1 when there was none. */
int64_t virt_handle_release(void *handle);
/* Updates the id of a live domain handle. */
void virt_handle_set_id(void *handle, int32_t id);
/* Sets the private word and its release function; an earlier word is released. False when `expected` was not the
 * present word (two threads at once): then nothing is changed and `word` stays the caller's. */
bool virt_handle_set_word(void *handle, void *expected, void *word, void (*release)(void *word));
/* Points a handle at rows of its own (streams), which do not change afterwards. Calls of other threads may be about to read them. */
void virt_handle_set_rows(void *handle, const struct virt_row *rows);
/* The class specific data behind the head of a live handle, zeroed when it was made. */
void *virt_handle_extra(void *handle);
/* How many handles are live, all classes; for tests. */
uint64_t virt_handle_count(void);

#endif

#ifdef __cplusplus
}
#endif
#endif

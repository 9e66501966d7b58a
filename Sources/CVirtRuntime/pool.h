/* The pool that handles come from; for handle.c and connection.c only. */
#ifndef VIRT_POOL_H
#define VIRT_POOL_H

#include "virt-runtime.h"

/* A free slot of at least `size` bytes, its `size_class` and `generation` set, all else undefined; NULL without memory.
 * Sizes above virt_pool_most are refused. */
struct virt_handle *virt_pool_take(size_t size);
/* Gives a slot back. Its `check` is 0 already. */
void virt_pool_give(struct virt_handle *slot);
/* Bytes of the largest slots. */
enum { virt_pool_most = 1152 };
/* Slots in use. */
uint64_t virt_pool_live(void);

/* Ends a connection whose last reference is gone: the host's part, the error, the slot. */
void virt_connection_take_apart(struct virt_connection *connection);
/* Connections in use. */
uint64_t virt_connection_live(void);

#endif

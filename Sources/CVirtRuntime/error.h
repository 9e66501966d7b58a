/* Between the error functions; for error*.c and refuse.c only. */
#ifndef VIRT_ERROR_H
#define VIRT_ERROR_H

#include "virt-runtime.h"

#include <string.h>

/* The code's text alone, never NULL. */
const char *virt_error_plain(int32_t code);
/* Part of a text that is joined. */
struct virt_piece {
    const char *text;
    size_t length;
};
/* Joins them: writes a text, and says where the next one starts. */
static inline char *virt_append(char *cursor, const char *text, size_t length)
{
    memcpy(cursor, text, length);
    return cursor + length;
}
/* Sets the thread's error to a sentence joined from pieces; str1 and str2 are static texts, the integers 0. */
void virt_error_sentence(int32_t code, int32_t domain, const struct virt_piece *pieces, size_t count, const char *first,
                         const char *second);
/* Sets the thread's error in the usual form, the detail joined from pieces. */
void virt_error_compose(int32_t code, int32_t domain, const struct virt_piece *pieces, size_t count);
/* The thread's error, made at the first need; NULL without memory. */
struct virt_thread_error *virt_error_of_thread(void);
/* Copies one error's fields into memory that owns its strings. */
void virt_error_copy(virErrorPtr to, const virError *from);

#endif

/* This thread's error: one block of memory per thread, made at its first error and reused, so that an error in the steady
 * state allocates nothing. */
#include "error.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__thread struct virt_thread_error *virt_thread_error __attribute__((tls_model("initial-exec")));

/* Details longer than this are cut; a name from outside can be any length. */
enum { detail_most = 65536, keep_most = 4096, first_size = 256 };

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void thread_ends(void *memory)
{
    struct virt_thread_error *mine = memory;
    virt_thread_error = NULL;
    free(mine->text);
    free(mine);
}

static void make_key(void)
{
    if (pthread_key_create(&key, thread_ends) != 0)
        key = (pthread_key_t)-1;
}

static __attribute__((noinline)) struct virt_thread_error *make_thread_error(void)
{
    struct virt_thread_error *mine = calloc(1, sizeof *mine);
    if (mine == NULL)
        return NULL;
    pthread_once(&key_once, make_key);
    if (key != (pthread_key_t)-1)
        pthread_setspecific(key, mine);
    virt_thread_error = mine;
    return mine;
}

struct virt_thread_error *virt_error_of_thread(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    return VIRT_LIKELY(mine != NULL) ? mine : make_thread_error();
}

void virt_error_reset_slow(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    if (mine == NULL)
        return;
    memset(&mine->error, 0, sizeof mine->error);
    mine->told = 0;
    if (VIRT_UNLIKELY(mine->capacity > keep_most)) {
        int saved = errno;
        free(mine->text);
        errno = saved;
        mine->text = NULL;
        mine->capacity = 0;
    }
}

/* Memory for the strings of one error. What was there before may be a piece of what comes now (a caller that raises from
 * the error it just read), so it lives until `*earlier` is freed. NULL without memory. */
static char *text_room(struct virt_thread_error *mine, size_t size, char **earlier)
{
    *earlier = mine->text;
    if (mine->error.code == VIR_ERR_OK && size <= mine->capacity) {
        *earlier = NULL;
        return mine->text;
    }
    size_t capacity = size > first_size ? size : first_size;
    char *text = malloc(capacity);
    if (text == NULL) {
        *earlier = NULL;
        return NULL;
    }
    mine->text = text;
    mine->capacity = capacity;
    return text;
}

/* The texts of a code; of one that nobody knows, those of an error. */
static const struct virt_error_text *texts_of(int32_t code)
{
    static const struct virt_error_text other = { "error", "error: %s", sizeof "error" - 1, NULL };
    if (&virt_error_text_count == NULL || code < 0 || (uint32_t)code >= virt_error_text_count || virt_error_texts[code].plain == NULL)
        return &other;
    return &virt_error_texts[code];
}

const char *virt_error_plain(int32_t code)
{
    return texts_of(code)->plain;
}

/* The plain text of a code as the whole error; touches no memory that might be missing. */
static void set_plain(struct virt_thread_error *mine, int32_t code, int32_t domain)
{
    mine->error = (virError){ .code = code, .domain = domain, .level = VIR_ERR_ERROR, .int1 = -1, .int2 = -1 };
    mine->error.message = mine->error.str1 = (char *)(uintptr_t)virt_error_plain(code);
    mine->told = 0;
}

void virt_error_sentence(int32_t code, int32_t domain, const struct virt_piece *pieces, size_t count, const char *first,
                         const char *second)
{
    int saved = errno;
    struct virt_thread_error *mine = virt_error_of_thread();
    if (mine == NULL)
        return;
    size_t size = 1;
    for (size_t index = 0; index < count; index++)
        size += pieces[index].length;
    char *earlier, *text = text_room(mine, size, &earlier), *cursor = text;
    if (text == NULL) {
        set_plain(mine, VIR_ERR_NO_MEMORY, domain);
        errno = saved;
        return;
    }
    for (size_t index = 0; index < count; index++)
        cursor = virt_append(cursor, pieces[index].text, pieces[index].length);
    *cursor = '\0';
    mine->error = (virError){ .code = code,
                              .domain = domain,
                              .level = VIR_ERR_ERROR,
                              .message = text,
                              .str1 = (char *)(uintptr_t)first,
                              .str2 = (char *)(uintptr_t)second };
    mine->told = 0;
    free(earlier);
    errno = saved;
}

void virt_error_compose(int32_t code, int32_t domain, const struct virt_piece *pieces, size_t count)
{
    int saved = errno;
    struct virt_thread_error *mine = virt_error_of_thread();
    if (mine == NULL)
        return;
    size_t detail = 0;
    for (size_t index = 0; index < count; index++)
        detail += pieces[index].length;
    if (detail == 0) {
        set_plain(mine, code, domain);
        errno = saved;
        return;
    }
    if (VIRT_UNLIKELY(detail > detail_most))
        detail = detail_most;
    const struct virt_error_text *texts = texts_of(code);
    char *earlier, *cursor = text_room(mine, texts->length + 2 + detail + 1, &earlier), *text = cursor;
    if (text == NULL) {
        set_plain(mine, VIR_ERR_NO_MEMORY, domain);
        errno = saved;
        return;
    }
    cursor = virt_append(cursor, texts->detailed, texts->length + 2);
    char *detail_start = cursor;
    for (size_t index = 0; index < count && detail > 0; index++) {
        size_t length = pieces[index].length < detail ? pieces[index].length : detail;
        cursor = virt_append(cursor, pieces[index].text, length);
        detail -= length;
    }
    *cursor = '\0';
    mine->error = (virError){ .code = code,
                              .domain = domain,
                              .level = VIR_ERR_ERROR,
                              .message = text,
                              .str1 = (char *)(uintptr_t)texts->detailed,
                              .str2 = detail_start,
                              .int1 = -1,
                              .int2 = -1 };
    mine->told = 0;
    free(earlier);
    errno = saved;
}

static inline size_t length_with_end(const char *text)
{
    return text != NULL ? strnlen(text, detail_most) + 1 : 0;
}

/* Copies a string into the block and steps past it. */
static char *keep(char **cursor, const char *text, size_t length)
{
    if (text == NULL)
        return NULL;
    char *start = *cursor;
    memcpy(start, text, length - 1);
    start[length - 1] = '\0';
    *cursor = start + length;
    return start;
}

void virt_error_set(const struct virt_error_fields *fields)
{
    if (fields->message == NULL) {
        virt_error_raise(fields->code, fields->domain, fields->detail);
        if (virt_thread_error == NULL)
            return;
        if (fields->strings[0] == NULL) {
            virError *made = &virt_thread_error->error;
            made->level = (virErrorLevel)(fields->level != 0 ? fields->level : VIR_ERR_ERROR);
            made->int1 = fields->integers[0];
            made->int2 = fields->integers[1];
            return;
        }
        /* The sentence is made; set it together with the given strings. */
        struct virt_error_fields whole = *fields;
        whole.message = virt_thread_error->error.message;
        virt_error_set(&whole);
        return;
    }
    int saved = errno;
    struct virt_thread_error *mine = virt_error_of_thread();
    if (mine == NULL)
        return;
    size_t lengths[4] = { length_with_end(fields->message), length_with_end(fields->strings[0]),
                          length_with_end(fields->strings[1]), length_with_end(fields->strings[2]) };
    char *earlier, *cursor = text_room(mine, lengths[0] + lengths[1] + lengths[2] + lengths[3], &earlier);
    if (cursor == NULL) {
        set_plain(mine, VIR_ERR_NO_MEMORY, fields->domain);
        errno = saved;
        return;
    }
    mine->error = (virError){ .code = fields->code,
                              .domain = fields->domain,
                              .level = (virErrorLevel)(fields->level != 0 ? fields->level : VIR_ERR_ERROR),
                              .message = keep(&cursor, fields->message, lengths[0]),
                              .str1 = keep(&cursor, fields->strings[0], lengths[1]),
                              .str2 = keep(&cursor, fields->strings[1], lengths[2]),
                              .str3 = keep(&cursor, fields->strings[2], lengths[3]),
                              .int1 = fields->integers[0],
                              .int2 = fields->integers[1] };
    mine->told = 0;
    free(earlier);
    errno = saved;
}

void virt_error_raise(int32_t code, int32_t domain, const char *detail)
{
    struct virt_piece piece = { detail, detail != NULL ? strnlen(detail, detail_most) : 0 };
    virt_error_compose(code, domain, &piece, 1);
}

void virt_error_raise_about(int32_t code, int32_t domain, const char *text, size_t text_length, const char *subject,
                            size_t subject_length)
{
    struct virt_piece pieces[4] = { { text, text_length } };
    size_t count = 1;
    if (subject_length > 0 && text_length > 0) {
        pieces[1] = (struct virt_piece){ " '", 2 };
        pieces[2] = (struct virt_piece){ subject, subject_length };
        pieces[3] = (struct virt_piece){ "'", 1 };
        count = 4;
    } else if (subject_length > 0) {
        pieces[0] = (struct virt_piece){ subject, subject_length };
    }
    virt_error_compose(code, domain, pieces, count);
}

void virt_error_raise_format(int32_t code, int32_t domain, const char *pattern, ...)
{
    int saved = errno;
    char detail[1024];
    va_list arguments;
    va_start(arguments, pattern);
    vsnprintf(detail, sizeof detail, pattern, arguments);
    va_end(arguments);
    virt_error_raise(code, domain, detail);
    errno = saved;
}

void virt_error_raise_system(int32_t domain, int number, const char *detail)
{
    char buffer[128];
    const char *text = strerror_r(number, buffer, sizeof buffer);
    struct virt_piece pieces[3] = { { detail, detail != NULL ? strnlen(detail, detail_most) : 0 }, { ": ", 2 },
                                    { text, strlen(text) } };
    virt_error_compose(VIR_ERR_SYSTEM_ERROR, domain, pieces, 3);
    if (virt_thread_error != NULL)
        virt_thread_error->error.int1 = number;
}

void virt_error_raise_memory(int32_t domain)
{
    struct virt_thread_error *mine = virt_error_of_thread();
    if (mine != NULL)
        set_plain(mine, VIR_ERR_NO_MEMORY, domain);
}

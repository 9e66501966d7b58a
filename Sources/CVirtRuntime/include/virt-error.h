/* The error of a thread: set, told, taken away and put back. Not for the sibling libraries. */
#ifndef VIRT_ERROR_STATE_H
#define VIRT_ERROR_STATE_H

#include "virt-handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The error of one thread. Its strings lie in `text` or are static: nobody frees them one by one. */
struct virt_thread_error {
    virError error;
    uint32_t told;   /* handlers were called for it */
    char *text;
    size_t capacity;
};
/* NULL until this thread's first error. */
extern __thread struct virt_thread_error *virt_thread_error __attribute__((tls_model("initial-exec")));

void virt_error_reset_slow(void);

/* Forgets this thread's error. One load when there is none. */
static inline void virt_error_reset(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    if (VIRT_UNLIKELY(mine != NULL) && mine->error.code != VIR_ERR_OK)
        virt_error_reset_slow();
}

#define VIRT_ENTER() virt_error_reset()
#define VIRT_LEAVE() virt_error_reset()

/* Code of this thread's error, 0 when there is none. */
static inline int32_t virt_error_code(void)
{
    struct virt_thread_error *mine = virt_thread_error;
    return mine != NULL ? mine->error.code : VIR_ERR_OK;
}

/* Every field of an error. Strings are copied; a NULL message is composed from the code's text and `detail`. */
struct virt_error_fields {
    int32_t code;
    int32_t domain;
    int32_t level;          /* virErrorLevel; 0 means VIR_ERR_ERROR              */
    const char *message;    /* the whole sentence, or NULL                       */
    const char *detail;     /* what follows the code's text, or NULL             */
    const char *strings[3];
    int32_t integers[2];
};
/* Sets this thread's error to exactly these fields. Tells nobody. Preserves errno. */
void virt_error_set(const struct virt_error_fields *fields);
/* Sets this thread's error in the usual form: message is the code's text and the detail, str1 the text's pattern, str2 the
 * detail, integers -1. `detail` may be NULL. Tells nobody. */
void virt_error_raise(int32_t code, int32_t domain, const char *detail);
/* The same, with the detail in two pieces: constant text, then a name in quotes when it is not empty. Lengths in bytes. */
void virt_error_raise_about(int32_t code, int32_t domain, const char *text, size_t text_length, const char *subject,
                            size_t subject_length);
/* The same with a printf pattern for the detail. */
void virt_error_raise_format(int32_t code, int32_t domain, const char *pattern, ...) __attribute__((format(printf, 3, 4)));
/* An errno as VIR_ERR_SYSTEM_ERROR: the detail, then the system's text for it; int1 is the number. */
void virt_error_raise_system(int32_t domain, int number, const char *detail);
/* No memory: VIR_ERR_NO_MEMORY, without allocating. */
void virt_error_raise_memory(int32_t domain);
/* Copies this thread's error to the connection (or NULL) and calls the handlers, once per error, holding no lock. */
void virt_error_dispatch(struct virt_connection *connection);
/* Takes this thread's error away to put it back later, around clean-up that may fail. Preserves nothing else. */
virErrorPtr virt_error_take(void);
/* Puts back what virt_error_take() gave, and frees it. NULL is fine. */
void virt_error_restore(virErrorPtr saved);

/* Texts of the description. `plain` stands alone; `detailed` has one "%s" for the detail. */
struct virt_error_text {
    const char *plain;
    const char *detailed; /* The same with ": %s". */
    size_t length;        /* Of the plain text, in bytes. */
    const char *name;     /* The code's name in C. */
};
/* By error code; absent codes have NULLs. */
extern const struct virt_error_text virt_error_texts[] __attribute__((weak));
extern const uint32_t virt_error_text_count __attribute__((weak));
/* The name of an error code in C; NULL for a number without one. */
static inline const char *virt_error_name(uint32_t code)
{
    return &virt_error_text_count != NULL && code < virt_error_text_count ? virt_error_texts[code].name : NULL;
}
/* The name of an error domain as the default handler prints it, by VIR_FROM_…. */
extern const char *const virt_error_domain_names[] __attribute__((weak));
extern const uint32_t virt_error_domain_count __attribute__((weak));

#ifdef __cplusplus
}
#endif
#endif

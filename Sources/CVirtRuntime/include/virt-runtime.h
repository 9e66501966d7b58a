/* The run-time at the very bottom of libvirt.so.0: handles, errors, the lock. It calls nothing above it.
 *
 * Generated C entry points are its main customer, in two places: inside libvirt.so.0, where everything here is a hidden
 * function, and (VIRT_SIBLING defined) in the sibling libraries, where the same names forward through the one private
 * symbol `__virt_runtime`. Hand-written Swift above uses it through the module CVirtRuntime. */
#ifndef VIRT_RUNTIME_H
#define VIRT_RUNTIME_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "virt-lock.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VIRT_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define VIRT_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* ---- Handles ------------------------------------------------------------------------------------------------------ */

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
_Static_assert(sizeof(void *) != 8 || sizeof(struct virt_handle) == 128, "two cache lines");

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
    struct virt_row *table;            /* owned by the host; head.rows points here                          */
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
    return ((const struct virt_handle *)handle)->rows;
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

/* ---- Functions and rules ------------------------------------------------------------------------------------------- */

/* What an entry point knows about its function, one static object each. */
struct virt_function {
    const char *name;       /* "virDomainSuspend"                       */
    int16_t error_domain;   /* VIR_FROM_… of the function               */
    uint16_t operation;     /* id of its operation, 0 when it has none  */
};

/* What an argument broke. */
enum virt_rule {
    VIRT_RULE_NULL,          /* must not be NULL                                            */
    VIRT_RULE_NOT_NULL,      /* must be NULL                                                */
    VIRT_RULE_ZERO,          /* must not be zero                                            */
    VIRT_RULE_NEGATIVE,      /* must not be negative                                        */
    VIRT_RULE_NOT_POSITIVE,  /* must be greater than zero                                   */
    VIRT_RULE_MOST,          /* must be at most `limit`                                     */
    VIRT_RULE_LEAST,         /* must be at least `limit`                                    */
    VIRT_RULE_BELOW,         /* must be less than `limit` (event ids, enumerations)         */
    VIRT_RULE_NOT_ZERO,      /* must be zero                                                */
    VIRT_RULE_UUID,          /* must be a UUID                                              */
    VIRT_RULE_CONNECTION,    /* must belong to the same connection                          */
    VIRT_RULE_SIZE,          /* a struct's size is more than this library knows             */
    VIRT_RULE_EMPTY,         /* must not be empty                                           */
    VIRT_RULE_LINE,          /* must not contain a line break                               */
    VIRT_RULE_TEXT           /* any other: `limit` is ignored, the text says only "invalid" */
};

#ifndef VIRT_SIBLING

/* Each of these sets the thread's error, copies it to the connection (which may be NULL) and tells the error handlers.
 * The codes, domains, strings and integers are the reference's. All preserve errno. Names of functions, arguments and flags
 * are not copied: they are literals. */

/* Not a live handle of the class: NULL, another class, stale. */
void virt_refuse_handle(const void *handle, uint16_t class_id, const struct virt_function *function);
/* The connection is read-only, or from before a fork, or closed. */
void virt_refuse_mode(struct virt_connection *connection, const struct virt_function *function);
/* A pointer argument is NULL and must not be. */
void virt_refuse_null(struct virt_connection *connection, const struct virt_function *function, const char *argument);
/* Any other broken rule; `limit` as the rule says. */
void virt_refuse_value(struct virt_connection *connection, const struct virt_function *function, const char *argument,
                       enum virt_rule rule, int64_t limit);
/* Two flags that exclude each other are both set. */
void virt_refuse_flags(struct virt_connection *connection, const struct virt_function *function, const char *first,
                       const char *second);
/* A flag is set without the one it needs. */
void virt_refuse_flag_alone(struct virt_connection *connection, const struct virt_function *function, const char *flag,
                            const char *needs);
/* A flag that a read-only connection may not pass; `flag` is its C name. */
void virt_refuse_flag_read_only(struct virt_connection *connection, const struct virt_function *function, const char *flag);
/* A value does not fit: too large to be handed on (VIR_ERR_OVERFLOW). */
void virt_refuse_overflow(struct virt_connection *connection, const struct virt_function *function, uint64_t value);
/* A product of two arguments does not fit (VIR_ERR_OVERFLOW). */
void virt_refuse_product(struct virt_connection *connection, const struct virt_function *function, uint64_t first,
                         uint64_t second);
/* Nothing stands behind this function here: VIR_ERR_NO_SUPPORT. */
void virt_refuse_unsupported(struct virt_connection *connection, const struct virt_function *function);
/* The driver lacks a feature the call needs, such as passing descriptors: VIR_ERR_ARGUMENT_UNSUPPORTED. */
void virt_refuse_feature(struct virt_connection *connection, const struct virt_function *function, const char *feature);
/* Any code with a text of its own, in the usual form (str1 the code's text, str2 the detail). */
void virt_refuse(struct virt_connection *connection, const struct virt_function *function, int32_t code,
                 const char *detail);
/* An operation answered `code` (not 0). Keeps what it raised; else makes VIR_ERR_NO_SUPPORT the uniform unsupported error
 * and any other code VIR_ERR_INTERNAL_ERROR naming driver and operation. Then copies and tells as above. */
void virt_call_failed(struct virt_connection *connection, const struct virt_function *function, int32_t code);

/* ---- Making and counting handles ----------------------------------------------------------------------------------- */

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
/* Points a handle at rows of its own (streams). Before anybody else sees the handle. */
void virt_handle_set_rows(void *handle, const struct virt_row *rows);
/* The class specific data behind the head of a live handle, zeroed when it was made. */
void *virt_handle_extra(void *handle);
/* How many handles are live, all classes; for tests. */
uint64_t virt_handle_count(void);

/* ---- The thread's error -------------------------------------------------------------------------------------------- */

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
    const char *detailed;
};
/* By error code; absent codes have NULLs. */
extern const struct virt_error_text virt_error_texts[] __attribute__((weak));
extern const uint32_t virt_error_text_count __attribute__((weak));
/* The name of an error domain as the default handler prints it, by VIR_FROM_…. */
extern const char *const virt_error_domain_names[] __attribute__((weak));
extern const uint32_t virt_error_domain_count __attribute__((weak));

/* ---- Elevated processes -------------------------------------------------------------------------------------------- */

/* Whether the process runs with more rights than its user has: the environment is not to be trusted. */
bool virt_process_is_elevated(void);
/* An environment variable, or NULL when it is unset, empty or the process is elevated. */
const char *virt_environment(const char *name);

/* ---- Built-in facts --------------------------------------------------------------------------------------------------- */

/* The directory of system configuration, "/etc" unless the build said otherwise (VIRT_SYSCONFDIR). */
const char *virt_configuration_directory(void);
/* The release this library answers to, as in LIBVIR_VERSION_NUMBER: 12008000. */
unsigned long virt_library_version(void);

/* ---- Log switch ----------------------------------------------------------------------------------------------------- */

/* Bit n: something may want messages of priority n (1 debug … 4 error). Bit 0: not configured yet. */
extern uint32_t virt_log_word;
/* The off path: one load. */
static inline bool virt_log_wanted(uint32_t priority)
{
    return VIRT_UNLIKELY((__atomic_load_n(&virt_log_word, __ATOMIC_RELAXED) >> priority) & 1u);
}

/* Writes one message to whatever wants its priority; reads the configuration at the first call. `source` names the part
 * that speaks ("error", "event"). Provided by the layer above; absent in programs that have only this one. */
void virt_log_write(uint32_t priority, const char *source, const char *text) __attribute__((weak));
/* Sets the switch. */
void virt_log_set_word(uint32_t word);
/* This thread's number, as the system counts threads. */
int virt_thread_id(void);
/* Opens the system log under this name; false without memory. */
bool virt_system_log_open(const char *name);
/* Writes to the system log. */
void virt_system_log_write(uint32_t priority, const char *text);
/* A socket to the journal, -1 when there is none. */
int virt_journal_open(void);
/* Writes to the journal. */
void virt_journal_write(int descriptor, uint32_t priority, const char *source, const char *text);

/* ---- Waking a thread that polls --------------------------------------------------------------------------------------- */

/* A descriptor that becomes readable when sent to; -1 when the system has none left. */
int virt_wake_open(void);
/* Makes it readable; never blocks. */
void virt_wake_send(int descriptor);
/* Makes it unreadable again. */
void virt_wake_drain(int descriptor);

/* ---- Plugin notes ---------------------------------------------------------------------------------------------------- */

enum virt_note_result {
    VIRT_NOTE_FOUND = 0,    /* the note's body is in the buffer                               */
    VIRT_NOTE_NONE = 1,     /* a loadable object of this machine, but it carries no such note */
    VIRT_NOTE_BAD = 2       /* not loadable here, or damaged: see the reason                  */
};
/* Finds the first note of this owner and type in the loadable object behind the descriptor. Every byte of the file is
 * distrusted. `length` receives the size of the body, of which at most `capacity` bytes are in `buffer` (a body larger
 * than that is VIRT_NOTE_BAD); `reason` a static text, unless found. */
enum virt_note_result virt_note_read(int descriptor, const char *owner, uint32_t type, void *buffer, size_t capacity,
                                     size_t *length, const char **reason);

#endif /* !VIRT_SIBLING */

/* ---- For the sibling libraries ----------------------------------------------------------------------------------------- */

struct virt_sibling_bodies; /* generated: hand-written bodies of the sibling libraries' functions */

/* What libvirt.so.0 offers to libvirt-qemu, -lxc and -admin. Grows at the end. */
struct virt_runtime {
    size_t size;
    void (*enter)(void);
    void (*leave)(void);
    void (*refuse_handle)(const void *, uint16_t, const struct virt_function *);
    void (*refuse_mode)(struct virt_connection *, const struct virt_function *);
    void (*refuse_null)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse_value)(struct virt_connection *, const struct virt_function *, const char *, enum virt_rule, int64_t);
    void (*refuse_flags)(struct virt_connection *, const struct virt_function *, const char *, const char *);
    void (*refuse_flag_alone)(struct virt_connection *, const struct virt_function *, const char *, const char *);
    void (*refuse_flag_read_only)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse_overflow)(struct virt_connection *, const struct virt_function *, uint64_t);
    void (*refuse_product)(struct virt_connection *, const struct virt_function *, uint64_t, uint64_t);
    void (*refuse_unsupported)(struct virt_connection *, const struct virt_function *);
    void (*refuse_feature)(struct virt_connection *, const struct virt_function *, const char *);
    void (*refuse)(struct virt_connection *, const struct virt_function *, int32_t, const char *);
    void (*call_failed)(struct virt_connection *, const struct virt_function *, int32_t);
    bool (*handle_reference)(void *);
    int64_t (*handle_release)(void *);
    void *(*handle_extra)(void *);
    void (*error_raise)(int32_t, int32_t, const char *);
    void (*error_raise_system)(int32_t, int, const char *);
    void (*error_dispatch)(struct virt_connection *);
    void (*parameters_free)(virTypedParameterPtr, int);
    void (*uuid_format)(const unsigned char *, char *);
    int (*uuid_parse)(const char *, unsigned char *);
    const struct virt_sibling_bodies *bodies;
};
/* The one private symbol of libvirt.so.0. */
extern const struct virt_runtime *const __virt_runtime;

#ifdef VIRT_SIBLING
#define VIRT_ENTER() __virt_runtime->enter()
#define VIRT_LEAVE() __virt_runtime->leave()
#define virt_refuse_handle __virt_runtime->refuse_handle
#define virt_refuse_mode __virt_runtime->refuse_mode
#define virt_refuse_null __virt_runtime->refuse_null
#define virt_refuse_value __virt_runtime->refuse_value
#define virt_refuse_flags __virt_runtime->refuse_flags
#define virt_refuse_flag_alone __virt_runtime->refuse_flag_alone
#define virt_refuse_flag_read_only __virt_runtime->refuse_flag_read_only
#define virt_refuse_overflow __virt_runtime->refuse_overflow
#define virt_refuse_product __virt_runtime->refuse_product
#define virt_refuse_unsupported __virt_runtime->refuse_unsupported
#define virt_refuse_feature __virt_runtime->refuse_feature
#define virt_refuse __virt_runtime->refuse
#define virt_call_failed __virt_runtime->call_failed
#define virt_handle_reference __virt_runtime->handle_reference
#define virt_handle_release __virt_runtime->handle_release
#define virt_handle_extra __virt_runtime->handle_extra
#define virt_error_raise __virt_runtime->error_raise
#define virt_error_raise_system __virt_runtime->error_raise_system
#define virt_error_dispatch __virt_runtime->error_dispatch
#define virt_parameters_free __virt_runtime->parameters_free
#define virt_uuid_format __virt_runtime->uuid_format
#define virt_uuid_parse __virt_runtime->uuid_parse
#else
/* Frees the values of typed parameters and the array. */
void virt_parameters_free(virTypedParameterPtr parameters, int count);
/* Writes 36 characters and a NUL. */
void virt_uuid_format(const unsigned char *uuid, char *text);
/* Makes a path absolute with the present working directory; the caller frees it. False after raising. */
bool virt_path_absolute(const char *path, char **absolute);
/* Reads a UUID the way the API accepts it: hyphens and white space between the bytes, white space at the end. 0, or -1. */
int virt_uuid_parse(const char *text, unsigned char *uuid);
#endif

#ifdef __cplusplus
}
#endif

#ifndef VIRT_SIBLING
#include "virt-parameters.h"
#endif
#endif

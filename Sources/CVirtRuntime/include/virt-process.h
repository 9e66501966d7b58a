/* The process around the library: its environment, the log, waking threads, plugin files, texts. Not for the sibling
 * libraries. */
#ifndef VIRT_PROCESS_H
#define VIRT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "virt-lock.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the process runs with more rights than its user has: the environment is not to be trusted. */
bool virt_process_is_elevated(void);
/* Whether it was started with another user's rights and has them still. */
bool virt_process_is_lent(void);
/* An environment variable, or NULL when it is unset, empty or the process is elevated. */
const char *virt_environment(const char *name);

/* The directory of system configuration, "/etc" unless the build said otherwise (VIRT_SYSCONFDIR). */
const char *virt_configuration_directory(void);
/* The release this library answers to, as in LIBVIR_VERSION_NUMBER: 12008000. */
unsigned long virt_library_version(void);

/* The path of the shared object an address lies in, as it was loaded; NULL when that is unknown. */
const char *virt_object_path(const void *address);
/* The path of the library itself. */
const char *virt_library_path(void);

/* Bit n: something may want messages of priority n (1 debug … 4 error). Bit 0: not configured yet. */
extern uint32_t virt_log_word;
/* Writes one message to whatever wants its priority; reads the configuration at the first call. `source` names the part
 * that speaks ("error", "event"). Provided by the layer above; absent in programs that have only this one. */
void virt_log_write(uint32_t priority, const char *source, const char *text) __attribute__((weak));
/* The same; where nobody provides it, nothing is wanted any more. */
void virt_log(uint32_t priority, const char *source, const char *text);
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

/* A descriptor that becomes readable when sent to; -1 when the system has none left. */
int virt_wake_open(void);
/* Makes it readable; never blocks. */
void virt_wake_send(int descriptor);
/* Makes it unreadable again. */
void virt_wake_drain(int descriptor);

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

#ifdef __cplusplus
}
#endif
#endif

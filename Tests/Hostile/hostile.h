/* What the generated calls and the program that makes them share. */
#ifndef HOSTILE_H
#define HOSTILE_H
#include <stddef.h>
#include <stdint.h>
#include <libvirt/libvirt-admin.h>
#include <libvirt/libvirt-lxc.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include "classes.h"

enum kind {
    KIND_NONE, KIND_HANDLE, KIND_HANDLES, KIND_TEXT, KIND_TEXTS, KIND_EMPTY_LIST, KIND_NUMBER, KIND_LENGTH, KIND_HONEST, KIND_FLAGS,
    KIND_LENGTH_BEHIND, KIND_ARRAY, KIND_PARAMETERS, KIND_GROWING, KIND_SLOT, KIND_CALLBACK, KIND_OPAQUE
};
enum text {
    TEXT_UUID, TEXT_URI, TEXT_PATH, TEXT_NAME, TEXT_OTHER, TEXT_DOMAIN_XML, TEXT_DEVICE_XML, TEXT_SNAPSHOT_XML, TEXT_CHECKPOINT_XML,
    TEXT_BACKUP_XML, TEXT_PROCESSOR_XML, TEXT_NETWORK_XML, TEXT_PORT_XML, TEXT_INTERFACE_XML, TEXT_POOL_XML, TEXT_VOLUME_XML,
    TEXT_NODE_DEVICE_XML, TEXT_SECRET_XML, TEXT_FILTER_XML, TEXT_BINDING_XML, TEXT_SORTS
};
enum { NEUTRAL = 2, ABSENT = 3, SOME = 4 };

/* A parameter of a public function: what kind of value it takes; `detail` depends on the kind. */
struct parameter {
    const char *name;
    enum kind kind;
    int detail;
};

/* The value a call gets: which of its kind's choices, and memory to be freed after it. */
struct value {
    const struct parameter *parameter;
    int choice;
    long long number;
    void *pointer;
    void *owned;
    long long count;
};

/* One public function; the call answers 0, 1 for failed, NEUTRAL or ABSENT. */
struct call {
    const char *name;
    int (*make)(struct value *);
    const struct parameter *parameters;
    int count;
    /* Whether it frees its first argument, and whether that may be NULL. */
    int ends;
    int nullable;
};

typedef int release(void *);
extern const struct call calls[];
extern const int call_count;

/* What the program and its threads share. */
enum { MOST_THREADS = 64, NUMBERS = 10 };
void prepare(void);
void choose(struct value *value, int choice, int ends);
unsigned random_below(uint64_t *state, unsigned limit);
int may_be_silent(const char *name);
int code_of_error(void);
int share(int threads, int rounds);

#define SIZE_BEHIND(type) sizeof(*(type)0)
/* A function of the library under test. */
#define CALL(name) ((__typeof__(&name))find(#name))
void *find(const char *name);

/* The world a call finds: handles that live, and such that were freed; mild: as much of it as the reference has. */
extern int mild, threaded;
extern void *live[CLASSES], *stale[CLASSES];
extern const char *const good_texts[TEXT_SORTS];
void make_world(int has_sample);
void end_world(void);
/* Makes again what calls have ended. */
void renew_world(void);
void give_up(struct value *value, int class);
void take_one_more(int class);

long long behind(const struct value *value);
void fill(struct value *value, size_t size, long long count);
void note_error(void);
void free_elements(struct value *value, long long count, release *release);
void free_parameters(struct value *value, long long moved);
void free_growing(struct value *parameters, struct value *count);
void free_slot(struct value *value, long long count, release *element, const char *release);
void free_slot_parameters(struct value *value, long long count);
#endif

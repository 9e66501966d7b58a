/* What the generated calls and the program that makes them share. */
#ifndef HOSTILE_H
#define HOSTILE_H
#include <stddef.h>
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
enum text { TEXT_XML, TEXT_UUID, TEXT_URI, TEXT_PATH, TEXT_NAME, TEXT_OTHER, TEXT_SORTS };
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

#define SIZE_BEHIND(type) sizeof(*(type)0)
void *find(const char *name);
long long behind(const struct value *value);
void fill(struct value *value, size_t size, long long count);
void note_error(void);
void give_up(struct value *value, int class);
void free_elements(struct value *value, long long count, release *release);
void free_parameters(struct value *value, long long moved);
void free_growing(struct value *parameters, struct value *count);
void free_slot(struct value *value, long long count, release *element, const char *release);
void free_slot_parameters(struct value *value, long long count);
#endif

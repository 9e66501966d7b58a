/* The run-time of the Python extension: what the generated functions are made of. It knows classes, functions and
 * structs from tables only.
 *
 * Threads: everything wants the interpreter's lock unless it says otherwise. */
#ifndef PY_H
#define PY_H

#define PY_SSIZE_T_CLEAN
#include <pyconfig.h>                   /* says whether there is a lock at all                            */
#ifndef Py_GIL_DISABLED
#define Py_LIMITED_API 0x030A0000
#endif
#include <Python.h>
#include <structmember.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt-lxc.h>

typedef PyObject *py_method(PyObject *self, PyObject *const *given, Py_ssize_t number, PyObject *keywords);

/* What is known of a C function, and of what Python calls it. */
struct py_function {
    const char *name, *since;
    _Atomic(void *) address;            /* NULL until it was looked up                                    */
    const char *binding;                /* its name in the module of C names                              */
    const char *method;                 /* NULL: Python does not have it                                  */
    py_method *body;
    const char *const *arguments;
    short library;                      /* index of py_modules                                            */
    short operation;                    /* its operation, -1: none that a driver could call non-blocking  */
    const short *needs;                 /* operations of which it needs one, -1 behind them; NULL: none   */
    signed char classed;                /* the class whose method it is, -1: a function of the module     */
    unsigned char keeps;                /* it never waits: the interpreter's lock is kept                 */
    unsigned char is_number;            /* C tells a failure by a number                                  */
    unsigned char required, count;      /* of arguments                                                   */
    unsigned int zeros;                 /* bits of arguments that are 0 when they are left out            */
    atomic_int replaced;                /* interpreters in which a program put another function here      */
};

struct py_ancestor { const char *name; int class_index; };
struct py_constant { const char *name; long long number; const char *text; };

struct py_class {
    const char *name;                   /* as Python has it, with its module                              */
    const char *capsule;
    int parent;                         /* -1: none                                                       */
    const char *parent_attribute;
    int ends;                           /* whether it is closed by a method                               */
    const char *closer;                 /* that method                                                    */
    struct py_function *release, *reference;
    struct py_function *root;           /* tells the connection, NULL: none does                          */
    PyMethodDef *methods;
    const struct py_ancestor *ancestors;
    const struct py_constant *constants;
    const char *doc;
};

struct py_module {
    const char *name, *soname;
    PyMethodDef *functions;
    const struct py_constant *constants;
    const char *doc;
};

struct py_key { const char *name; int type; };
struct py_family { const char *name; const struct py_key *keys; };
struct py_error_name { const char *name; int code; };   /* with its module */

struct py_call;
#include "py-generated.h"

extern const struct py_class py_classes[PY_CLASSES];
extern const struct py_module py_modules[];
extern const struct py_error_name py_error_names[];
extern struct py_function *const py_functions[];
extern const char *const py_free_invoker;
extern const unsigned char py_callback_waits[PY_CALLBACKS];
int py_ask_host_bits(void *connection);
const virError *py_ask_last_error(void);

/* Objects that live for ever are shared by interpreters that have locks of their own: nobody counts their references. Those of
 * a header older than this rule would. */
#ifndef Py_GIL_DISABLED
#undef Py_INCREF
#undef Py_DECREF
#undef Py_XINCREF
#undef Py_XDECREF
#define Py_INCREF(object) py_count_up((PyObject *)(object))
#define Py_DECREF(object) py_count_down((PyObject *)(object))
#define Py_XINCREF(object) do { PyObject *it_ = (PyObject *)(object); if (it_) py_count_up(it_); } while (0)
#define Py_XDECREF(object) do { PyObject *it_ = (PyObject *)(object); if (it_) py_count_down(it_); } while (0)
static inline void py_count_up(PyObject *object) {
    if ((int32_t)object->ob_refcnt >= 0) object->ob_refcnt++;
}
static inline void py_count_down(PyObject *object) {
    if ((int32_t)object->ob_refcnt >= 0 && --object->ob_refcnt == 0) _Py_Dealloc(object);
}
#endif

/* The limited API has it not. */
#define PY_SET(place, value) do { PyObject *old_ = (place); (place) = (value); Py_XDECREF(old_); } while (0)
#define PY_METHOD(function) ((PyCFunction)(void (*)(void))(function))
#define PY_CALL(function) ((__typeof__(function) *)atomic_load_explicit(&py_f_##function.address, memory_order_relaxed))
/* Keeps other threads from an object where there is no lock that keeps them from everything. */
#ifdef Py_GIL_DISABLED
#define PY_BEGIN_ALONE(object) Py_BEGIN_CRITICAL_SECTION(object)
#define PY_END_ALONE() Py_END_CRITICAL_SECTION()
#else
#define PY_BEGIN_ALONE(object) {
#define PY_END_ALONE() }
#endif
#define PY_GIVEN(value) ((value) && (value) != Py_None)

/* ---- State -------------------------------------------------------------------------------------------------------- */

/* Lets callbacks in, until the interpreter ends. Never freed: threads of the library may still come. */
struct py_gate {
    atomic_int closed, inside;
    PyInterpreterState *interpreter;
    struct py_callback *retired;
    int is_main;
};

#define PY_ERROR_CODES 512
#define PY_KEY_BITS 9
#define PY_KEYS (1 << PY_KEY_BITS)

/* A key of typed parameters, and its text, which lives as long as it does. */
struct py_known_key {
    PyObject *key;
    const char *text;
    size_t size;
};

/* What one interpreter has. */
struct py_state {
    PyTypeObject *classes[PY_CLASSES];
    PyObject *error;                    /* libvirtError                                                   */
    PyObject *errors[PY_ERROR_CODES];   /* made when first raised                                         */
    struct py_known_key keys[PY_KEYS];  /* of typed parameters, by hash; the last of each                 */
    PyObject *replacements;             /* by C name, or NULL                                             */
    struct py_gate *gate;
    PyObject *module;                   /* borrowed                                                       */
};

/* An object of one of the classes. */
struct py_object {
    PyObject_HEAD
    _Atomic(void *) pointer;            /* owned; NULL when it was given back                             */
    PyObject *parent;
    PyObject *dictionary, *weak;
    PyObject *capsule;                  /* of the pointer, made when it is asked for                      */
    PyObject *legacy;                   /* callbacks without numbers: a dict                              */
    const struct py_class *type;
    struct py_state *state;
    const uint64_t *quick;              /* bits of operations that do not wait, or NULL                   */
    _Atomic(void *) ending;             /* what the last call that is still running gives back            */
    atomic_int busy;
    unsigned char borrowed;             /* the pointer is not owned                                       */
};

struct py_state *py_state_of_type(PyTypeObject *type);
int py_make_classes(PyObject *module, struct py_state *state);
int py_make_errors(PyObject *module, struct py_state *state);
PyObject *py_error_class(struct py_state *state, int code);
PyObject *py_capsule_of(struct py_object *object);
struct py_object *py_new_object(struct py_state *state, int class_index);
struct py_object *py_as_object(PyObject *object);

/* ---- Libraries ---------------------------------------------------------------------------------------------------- */

/* Opens the library; 0, or -1 with an ImportError. */
int py_open_library(void);
/* Whether the library looks at handles before it uses them, as ours does. */
bool py_is_careful(void);
/* The operations that never wait on a connection, as bits; NULL when that cannot be told. */
const uint64_t *py_quick_operations(void *connection);
/* Whether a driver answers an operation on a connection; -1 when that cannot be told. Without the lock. */
int py_offers(void *connection, int operation);
/* Finds a function; NULL without an exception when the library has it not. Any thread, lock or no lock. */
void *py_find(struct py_function *function);

/* ---- Calls -------------------------------------------------------------------------------------------------------- */

#define PY_HELD 4
/* A running call. */
struct py_call {
    struct py_function *function;
    struct py_state *state;
    struct py_object *self;             /* NULL for functions of the module                               */
    void *pointer;                      /* of self                                                        */
    PyThreadState *thread, *outer;
    struct py_call *around;             /* the call of this thread that this one runs in                  */
    struct py_block *blocks;
    PyObject *answer;                   /* of a replaced function                                         */
    PyObject *kept;                     /* a list of what must live until the end, or NULL                */
    PyObject *told;                     /* what the error handler was told meanwhile, or NULL             */
    struct py_object *held[PY_HELD];
    unsigned char holding, keeps, bare;
};

/* What the calling thread is doing. */
struct py_thread {
    PyThreadState *released;            /* set while a call runs without the interpreter's lock           */
    int inside;                         /* calls that kept it                                             */
    struct py_call *call;               /* the one that is in the library                                 */
    int bare;                           /* the next call takes and gives capsules                         */
};
extern _Thread_local struct py_thread py_thread;

int py_enter(struct py_call *call, struct py_function *function, PyObject *self, PyObject *const *given, Py_ssize_t number,
             PyObject *keywords, PyObject **value);
int py_need(struct py_call *call, struct py_function *function);
void py_release(struct py_call *call);
void py_acquire(struct py_call *call);
PyObject *py_failed(struct py_call *call);
void py_leave(struct py_call *call);
int py_ending(struct py_call *call);
/* Zeroed memory until the call ends; NULL when there is none. Needs no lock. */
void *py_block(struct py_call *call, size_t size);
int py_keep(struct py_call *call, PyObject *object);
void py_hold(struct py_call *call, struct py_object *object);
void py_let_go(struct py_object *object);
void py_give_back(const struct py_class *type, void *pointer);
/* The pointer of self, or of its ancestor of a class. Needs no lock. */
void *py_pointer_of(struct py_call *call, int class_index);
/* The pointer of the connection that self belongs to, be it closed in Python or not. Needs no lock. */
void *py_root_pointer(struct py_call *call);
/* Borrowed; NULL when there is none. */
PyObject *py_ancestor(struct py_call *call, int class_index);
PyObject *py_ancestor_of(struct py_call *call, int class_index);

/* ---- Python to C --------------------------------------------------------------------------------------------------- */

#define PY_TO(name, type) int py_to_##name(struct py_call *call, int index, PyObject *value, type *to)
PY_TO(int, int);
PY_TO(uint, unsigned int);
PY_TO(long, long);
PY_TO(ulong, unsigned long);
PY_TO(llong, long long);
PY_TO(ullong, unsigned long long);
PY_TO(size, size_t);
PY_TO(truth, int);
PY_TO(text, const char *);
PY_TO(uuid, const unsigned char *);
int py_to_handle(struct py_call *call, int index, PyObject *value, int class_index, void **to);
int py_to_handles(struct py_call *call, int index, PyObject *value, int class_index, void ***to);
int py_to_bytes(struct py_call *call, int index, PyObject *value, const void **to, size_t *size);
int py_to_bits(struct py_call *call, int index, PyObject *value, unsigned char **to, size_t *size);
int py_to_texts(struct py_call *call, int index, PyObject *value, const char ***to, size_t *size);
int py_to_uints(struct py_call *call, int index, PyObject *value, unsigned int **to, size_t *size);
int py_to_uint_ullong_pairs(struct py_call *call, int index, PyObject *value, unsigned int **keys, unsigned long long **values,
                            size_t *size);
int py_to_descriptors(struct py_call *call, int index, PyObject *value, int **to, size_t *size);
int py_to_record(struct py_call *call, int index, PyObject *value, const char *first, long long *first_to, const char *second,
                 unsigned int *second_to);
int py_to_parameters(struct py_call *call, int index, PyObject *value, const struct py_family *family, virTypedParameterPtr *to,
                     size_t *size);
int py_to_virConnectAuth(struct py_call *call, int index, PyObject *value, virConnectAuth *room, virConnectAuthPtr *to);
/* Refuses a number of elements that is 0. */
int py_not_empty(struct py_call *call, int index, size_t size);
/* Raises `type` with the name of the function and the argument in front; 0. */
int py_refuse(struct py_call *call, int index, PyObject *type, const char *format, ...);

/* ---- C to Python --------------------------------------------------------------------------------------------------- */

PyObject *py_none(void);
PyObject *py_from_int(long value);
PyObject *py_from_uint(unsigned long value);
PyObject *py_from_long(long value);
PyObject *py_from_ulong(unsigned long value);
PyObject *py_from_llong(long long value);
PyObject *py_from_ullong(unsigned long long value);
PyObject *py_from_size(size_t value);
/* None for NULL; bytes that are no UTF-8 come through as surrogates. */
PyObject *py_from_text(const char *text);
PyObject *py_from_owned_text(char *text);
PyObject *py_from_bounded_text(const char *text, size_t room);
PyObject *py_from_owned_bytes(void *bytes, size_t size);
PyObject *py_from_texts(char *const *texts, Py_ssize_t number);
PyObject *py_from_ints(const int *values, Py_ssize_t number);
PyObject *py_from_ullongs(const unsigned long long *values, Py_ssize_t number);
PyObject *py_from_ullong_grid(const unsigned long long *values, Py_ssize_t number, int start, const unsigned int *keys, size_t width);
PyObject *py_from_bits(const char *bytes, int bits, int is_tuple);
PyObject *py_from_bit_rows(const char *bytes, int rows, int width, int bits);
int py_host_bits(struct py_call *call, Py_ssize_t most);
PyObject *py_from_parameters(struct py_call *call, const virTypedParameter *parameters, int number);
PyObject *py_from_parameter_rows(struct py_call *call, const virTypedParameter *parameters, size_t rows, size_t width);
void py_free_texts(char **texts, Py_ssize_t number);
void py_free_parameters(virTypedParameterPtr parameters, size_t number);
/* These take the references of their items; an item that is NULL makes them fail. */
PyObject *py_list(PyObject **items, int number);
PyObject *py_tuple(PyObject **items, int number);
PyObject *py_dict(const char *const *keys, PyObject **items, int number);
PyObject *py_list_set(PyObject *list, Py_ssize_t at, PyObject *item);
int py_dict_enter(PyObject *dict, PyObject *key, PyObject *value);
/* An object with the pointer, whose reference it takes; a capsule in a bare call; None for NULL. */
PyObject *py_wrap(struct py_call *call, int class_index, void *pointer, PyObject *parent);
PyObject *py_wrap_all(struct py_call *call, int class_index, void **pointers, Py_ssize_t number, PyObject *parent);
/* The same for a pointer that stays the caller's. */
PyObject *py_share(struct py_call *call, int class_index, void *pointer);

/* ---- Callbacks ------------------------------------------------------------------------------------------------------ */

struct py_callback;
int py_to_callback(struct py_call *call, int index, PyObject *value, int type, struct py_callback **callback);
int py_to_opaque(struct py_call *call, PyObject *value, struct py_callback **callback);
/* The object that a callback of a module's function belongs to: what it is handed first. */
int py_to_owner(struct py_call *call, PyObject *value, int class_index, void *pointer, struct py_callback **callback);
int py_to_global(struct py_call *call, int index, PyObject *value, int type);
int py_legacy_register(struct py_call *call, int index, PyObject *value, PyObject *opaque, struct py_callback **callback);
int py_legacy_deregister(struct py_call *call, int index, PyObject *value);
/* From C, on any thread. */
void py_callback_free(void *callback);
/* The same from Python, with the lock in hand. */
void py_callback_drop(struct py_callback *callback);
/* What is registered for the whole process has nobody who says that it is no longer used: a thread may be about to call it
 * when it is replaced. So it stays, emptied, for the interpreter's next registration of this kind. */
struct py_callback *py_callback_again(struct py_call *call);
void py_callback_retire(struct py_callback *callback);
/* Puts back what a Python function raised during the call. */
int py_callback_raised(struct py_callback *callback);

/* A C function's visit to Python. */
struct py_entry {
    struct py_callback *callback;
    struct py_gate *gate;
    PyThreadState *thread;
    PyThreadState *left;                /* of another interpreter, whose lock was kept                    */
    int mode, type, inside;
};
int py_entry_begin(struct py_entry *entry, void *callback, int type);
int py_entry_global(struct py_entry *entry, int type);
PyObject *py_entry_owner(struct py_entry *entry);
PyObject *py_entry_opaque(struct py_entry *entry);
PyObject *py_entry_handle(struct py_entry *entry, int class_index, void *pointer);
PyObject *py_entry_call(struct py_entry *entry, PyObject **items, int number);
int py_entry_status(struct py_entry *entry, PyObject *result);
int py_entry_bytes(struct py_entry *entry, PyObject *result, char *to, size_t room);
int py_entry_numbers(struct py_entry *entry, PyObject *result, long long *numbers, int number);
void py_entry_end(struct py_entry *entry);

/* A C function that Python was handed, with what it is to be given. */
struct py_c_callback { void (*function)(void); void *opaque; PyThreadState *thread, *outer; };
PyObject *py_from_c_callback(PyCFunction function);
PyObject *py_from_c_opaque(void (*function)(void), void *opaque, virFreeCallback free);
int py_c_callback_from(PyObject *arguments, int *numbers, int number, struct py_c_callback *target);
void py_c_callback_release(struct py_c_callback *target);
PyObject *py_c_callback_acquire(struct py_c_callback *target);
PyObject *py_invoke_free(PyObject *module, PyObject *opaque);

#endif

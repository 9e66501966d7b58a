/* Python functions that C calls, from any thread. */
#include "py.h"
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define PY_FUNCTIONS 3
/* The Python functions of one registration, or of one call, and what they are given. */
struct py_callback {
    struct py_gate *gate;
    struct py_state *state;
    struct py_function *function;       /* what it was registered with                                    */
    PyObject *owner, *opaque, *legacy;
    PyObject *functions[PY_FUNCTIONS];
    short types[PY_FUNCTIONS];
    short count;
    PyObject *raised[3];                /* what a Python function raised during the call                  */
    struct py_callback *next;           /* of those that wait to be used again                            */
    int is_process;                     /* registered for all threads, whatever they run                  */
};

/* What there is once in a process: the parts of an event loop. */
static _Atomic(struct py_callback *) globals[PY_CALLBACKS];
/* For what was registered for the whole process and replaced. */
static pthread_mutex_t retiring = PTHREAD_MUTEX_INITIALIZER;

/* Lets go of what belongs to Python. */
static void clear(struct py_callback *callback) {
    int count = callback->count;
    callback->count = 0;
    Py_CLEAR(callback->owner);
    Py_CLEAR(callback->opaque);
    Py_CLEAR(callback->legacy);
    for (int at = 0; at < count; at++) Py_CLEAR(callback->functions[at]);
    for (int at = 0; at < 3; at++) Py_CLEAR(callback->raised[at]);
}

static struct py_callback *begin(struct py_call *call, struct py_callback *callback) {
    if (!callback) {
        PyErr_NoMemory();
        return NULL;
    }
    callback->gate = call->state->gate;
    callback->state = call->state;
    callback->function = call->function;
    callback->owner = (PyObject *)call->self;
    Py_XINCREF(callback->owner);
    return callback;
}

static struct py_callback *new_callback(struct py_call *call) { return begin(call, calloc(1, sizeof(struct py_callback))); }

struct py_callback *py_callback_again(struct py_call *call) {
    struct py_gate *gate = call->state->gate;
    pthread_mutex_lock(&retiring);
    struct py_callback *callback = gate->retired;
    if (callback) gate->retired = callback->next;
    pthread_mutex_unlock(&retiring);
    if (callback) clear(callback);
    callback = callback ? begin(call, callback) : new_callback(call);
    if (callback) callback->is_process = 1;
    return callback;
}

int py_to_callback(struct py_call *call, int index, PyObject *value, int type, struct py_callback **callback) {
    if (!PyCallable_Check(value)) return py_refuse(call, index, PyExc_TypeError, "must be callable");
    if (!*callback && !(*callback = new_callback(call))) return 0;
    if ((*callback)->count == PY_FUNCTIONS) return 0;
    Py_INCREF(value);
    (*callback)->types[(*callback)->count] = (short)type;
    (*callback)->functions[(*callback)->count++] = value;
    return 1;
}

int py_to_opaque(struct py_call *call, PyObject *value, struct py_callback **callback) {
    if (!*callback && !(*callback = new_callback(call))) return 0;
    Py_XINCREF(value);
    PY_SET((*callback)->opaque, value);
    return 1;
}

int py_to_owner(struct py_call *call, PyObject *value, int class_index, void *pointer, struct py_callback **callback) {
    if (!*callback && !(*callback = new_callback(call))) return 0;
    PyObject *owner = value;
    if (py_as_object(value)) {
        Py_INCREF(owner);
    } else {
        /* A callback is handed objects, also when it was registered with a capsule. */
        unsigned char bare = call->bare;
        call->bare = 0;
        owner = py_share(call, class_index, pointer);
        call->bare = bare;
        if (!owner) return 0;
    }
    PY_SET((*callback)->owner, owner);
    return 1;
}

int py_to_global(struct py_call *call, int index, PyObject *value, int type) {
    struct py_callback *callback = py_callback_again(call);
    if (!callback) return 0;
    bool fits = py_to_callback(call, index, value, type, &callback);
    py_callback_retire(fits ? atomic_exchange(&globals[type], callback) : callback);
    return fits;
}

static int legacy_register(struct py_call *call, PyObject *value, PyObject *opaque, struct py_callback **callback) {
    struct py_object *self = call->self;
    if (self->legacy) return PyDict_SetItem(self->legacy, value, opaque);
    PyObject *all = PyDict_New();
    if (!all || PyDict_SetItem(all, value, opaque) < 0 || !(*callback = new_callback(call))) {
        Py_XDECREF(all);
        return -1;
    }
    self->legacy = all;
    Py_INCREF(all);
    (*callback)->legacy = all;
    return 1;
}

int py_legacy_register(struct py_call *call, int index, PyObject *value, PyObject *opaque, struct py_callback **callback) {
    int status;
    if (!PyCallable_Check(value)) return py_refuse(call, index, PyExc_TypeError, "must be callable"), -1;
    PY_BEGIN_ALONE((PyObject *)call->self);
    status = legacy_register(call, value, opaque, callback);
    PY_END_ALONE();
    return status;
}

static int legacy_deregister(struct py_object *self, PyObject *value) {
    if (!self->legacy) return 0;
    if (PyDict_DelItem(self->legacy, value) < 0) return -1;
    if (PyDict_Size(self->legacy) > 0) return 0;
    Py_CLEAR(self->legacy);
    return 1;
}

int py_legacy_deregister(struct py_call *call, int index, PyObject *value) {
    (void)index;
    int status;
    PY_BEGIN_ALONE((PyObject *)call->self);
    status = legacy_deregister(call->self, value);
    PY_END_ALONE();
    return status;
}

int py_callback_raised(struct py_callback *callback) {
    if (!callback || !callback->raised[0]) return 0;
    PyErr_Restore(callback->raised[0], callback->raised[1], callback->raised[2]);
    callback->raised[0] = callback->raised[1] = callback->raised[2] = NULL;
    return 1;
}


/* ---- Visits ---------------------------------------------------------------------------------------------------------- */

enum { HELD, RELEASED, ENSURED, MADE };

/* Takes the interpreter's lock, however the thread comes; 0 when the interpreter has ended. */
static int enter(struct py_entry *entry, struct py_gate *gate) {
    entry->gate = gate;
    entry->inside = py_thread.inside;
    entry->left = NULL;
    atomic_fetch_add(&gate->inside, 1);
    if (atomic_load(&gate->closed)) {
        atomic_fetch_sub(&gate->inside, 1);
        return 0;
    }
    if (entry->inside && PyInterpreterState_Get() == gate->interpreter) {
        entry->mode = HELD;
        py_thread.inside = 0;
        return 1;
    }
    /* What one interpreter registered may be told while another calls. */
    if (entry->inside) entry->left = PyEval_SaveThread();
    if (py_thread.released && PyThreadState_GetInterpreter(py_thread.released) == gate->interpreter) {
        entry->mode = RELEASED;
        entry->thread = py_thread.released;
        PyEval_RestoreThread(entry->thread);
    } else if (gate->is_main) {
        entry->mode = ENSURED;
        entry->thread = (PyThreadState *)(intptr_t)PyGILState_Ensure();
    } else {
        entry->mode = MADE;
        entry->thread = PyThreadState_New(gate->interpreter);
        PyEval_RestoreThread(entry->thread);
    }
    py_thread.inside = 0;
    return 1;
}

static void leave(struct py_entry *entry) {
    struct py_gate *gate = entry->gate;
    switch (entry->mode) {
    case HELD: break;
    case RELEASED: PyEval_SaveThread(); break;
    case ENSURED: PyGILState_Release((PyGILState_STATE)(intptr_t)entry->thread); break;
    default:
        PyThreadState_Clear(entry->thread);
        PyEval_SaveThread();
        PyThreadState_Delete(entry->thread);
    }
    if (entry->mode == RELEASED) py_thread.released = entry->thread;
    if (entry->left) PyEval_RestoreThread(entry->left);
    py_thread.inside = entry->inside;
    atomic_fetch_sub(&gate->inside, 1);
}

/* Lets go of what belongs to Python, with the lock of the interpreter it belongs to; 0 when that has ended. */
static int empty(struct py_callback *callback) {
    struct py_entry entry;
    if (!callback || !enter(&entry, callback->gate)) return 0;
    clear(callback);
    leave(&entry);
    return 1;
}

void py_callback_free(void *callback) {
    if (empty(callback)) free(callback);
}

void py_callback_drop(struct py_callback *callback) {
    int inside = py_thread.inside;
    py_thread.inside = 1;
    py_callback_free(callback);
    py_thread.inside = inside;
}

void py_callback_retire(struct py_callback *callback) {
    if (!callback) return;
    /* What belongs to another interpreter it lets go of itself, when it needs the place. */
    if (PyInterpreterState_Get() == callback->gate->interpreter) clear(callback);
    pthread_mutex_lock(&retiring);
    callback->next = callback->gate->retired;
    callback->gate->retired = callback;
    pthread_mutex_unlock(&retiring);
}

/* The interpreter that the thread runs or has let go of for a call; NULL for a thread that has none. */
static PyInterpreterState *current(void) {
    if (py_thread.inside) return PyInterpreterState_Get();
    return py_thread.released ? PyThreadState_GetInterpreter(py_thread.released) : NULL;
}

static int entry_begin(struct py_entry *entry, struct py_callback *callback, int type) {
    entry->callback = callback;
    entry->type = type;
    return callback && enter(entry, callback->gate);
}

int py_entry_begin(struct py_entry *entry, void *opaque, int type) {
    struct py_callback *callback = opaque;
    /* One interpreter's function hears nothing of what others do. */
    if (callback && callback->is_process && current() && current() != callback->gate->interpreter) return 0;
    return entry_begin(entry, callback, type);
}

int py_entry_global(struct py_entry *entry, int type) { return entry_begin(entry, atomic_load(&globals[type]), type); }

PyObject *py_entry_owner(struct py_entry *entry) {
    PyObject *owner = entry->callback->owner ? entry->callback->owner : Py_None;
    Py_INCREF(owner);
    return owner;
}

PyObject *py_entry_opaque(struct py_entry *entry) {
    PyObject *opaque = entry->callback->opaque ? entry->callback->opaque : Py_None;
    Py_INCREF(opaque);
    return opaque;
}

PyObject *py_entry_handle(struct py_entry *entry, int class_index, void *pointer) {
    struct py_call call = {.state = entry->callback->state, .self = py_as_object(entry->callback->owner)};
    return py_share(&call, class_index, pointer);
}

static PyObject *call_legacy(struct py_callback *callback, PyObject *arguments) {
    PyObject *all = PyDict_Items(callback->legacy);
    Py_ssize_t last = PyTuple_Size(arguments) - 1;
    for (Py_ssize_t at = 0; all && at < PyList_Size(all); at++) {
        PyObject *pair = PyList_GetItem(all, at), *copy = PyTuple_GetSlice(arguments, 0, last), *own, *result = NULL;
        PyObject *opaque = copy ? PyTuple_Pack(1, PyTuple_GetItem(pair, 1)) : NULL;
        own = opaque ? PySequence_Concat(copy, opaque) : NULL;
        if (own) result = PyObject_Call(PyTuple_GetItem(pair, 0), own, NULL);
        if (!result) PyErr_WriteUnraisable(PyTuple_GetItem(pair, 0));
        Py_XDECREF(result);
        Py_XDECREF(own);
        Py_XDECREF(opaque);
        Py_XDECREF(copy);
    }
    Py_XDECREF(all);
    return py_none();
}

/* The call of a function with two items, as almost all have, or with more. */
static PyObject *call_function(PyObject *function, PyObject **items, int number) {
    if (number == 2 && items[0] && items[1]) {
        PyObject *result = PyObject_CallFunctionObjArgs(function, items[0], items[1], NULL);
        Py_DECREF(items[0]);
        Py_DECREF(items[1]);
        return result;
    }
    PyObject *arguments = py_tuple(items, number), *result = arguments ? PyObject_Call(function, arguments, NULL) : NULL;
    Py_XDECREF(arguments);
    return result;
}

PyObject *py_entry_call(struct py_entry *entry, PyObject **items, int number) {
    struct py_callback *callback = entry->callback;
    PyObject *result = NULL, *function = NULL;
    for (int at = 0; at < callback->count; at++) {
        if (callback->types[at] == entry->type || callback->count == 1) function = callback->functions[at];
    }
    if (function && !callback->legacy) {
        struct py_call *call = callback->is_process ? py_thread.call : NULL;
        if (call && call->state == callback->state) {
            Py_XINCREF(items[number - 1]);
            PY_SET(call->told, items[number - 1]);
        }
        Py_INCREF(function);
        result = call_function(function, items, number);
        Py_DECREF(function);
        return result;
    }
    PyObject *arguments = py_tuple(items, number);
    if (arguments) result = callback->legacy ? call_legacy(callback, arguments) : py_none();
    Py_XDECREF(arguments);
    return result;
}

/* A call that waits for its callbacks raises what they raised; nobody waits for the others. */
static int keep_raised(struct py_entry *entry) {
    struct py_callback *callback = entry->callback;
    if (callback->function->classed >= 0 && callback->count && !callback->raised[0]) {
        PyErr_Fetch(&callback->raised[0], &callback->raised[1], &callback->raised[2]);
    } else {
        PyErr_WriteUnraisable(callback->functions[0]);
    }
    return -1;
}

static int is_waited_for(const struct py_entry *entry);

static int failed(struct py_entry *entry) {
    if (is_waited_for(entry)) return keep_raised(entry);
    PyErr_WriteUnraisable(entry->callback->functions[0]);
    return -1;
}

int py_entry_status(struct py_entry *entry, PyObject *result) {
    if (!result) return failed(entry);
    long status = PyLong_Check(result) ? PyLong_AsLong(result) : 0;
    Py_DECREF(result);
    if (status < 0 && is_waited_for(entry)) {
        PyErr_Format(PyExc_RuntimeError, "%s handler returned %ld", entry->callback->function->method, status);
        return failed(entry);
    }
    return (int)status;
}

int py_entry_bytes(struct py_entry *entry, PyObject *result, char *to, size_t room) {
    char *bytes;
    Py_ssize_t size = 0;
    if (!result) return failed(entry);
    if (PyLong_Check(result)) return py_entry_status(entry, result);
    if (result == Py_None) {
        Py_DECREF(result);
        return 0;
    }
    PyObject *view = PyUnicode_Check(result) ? NULL : PyMemoryView_FromObject(result), *copy = view ? PyBytes_FromObject(view) : NULL;
    Py_XDECREF(view);
    Py_DECREF(result);
    if (!copy || PyBytes_AsStringAndSize(copy, &bytes, &size) < 0 || (size_t)size > room) {
        Py_XDECREF(copy);
        PyErr_Format(PyExc_ValueError, "%s handler must return at most %zu bytes", entry->callback->function->method, room);
        return failed(entry);
    }
    memcpy(to, bytes, (size_t)size);
    Py_DECREF(copy);
    return (int)size;
}

int py_entry_numbers(struct py_entry *entry, PyObject *result, long long *numbers, int number) {
    if (!result) return failed(entry);
    for (int at = 0; at < number; at++) {
        PyObject *item = PySequence_GetItem(result, at);
        numbers[at] = item ? PyLong_AsLongLong(item) : -1;
        Py_XDECREF(item);
    }
    Py_DECREF(result);
    return PyErr_Occurred() ? failed(entry) : 0;
}

void py_entry_end(struct py_entry *entry) { leave(entry); }

static int is_waited_for(const struct py_entry *entry) { return entry->type != -1 && py_callback_waits[entry->type]; }

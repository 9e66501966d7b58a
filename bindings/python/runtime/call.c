/* A call from Python to C: arguments bound, the interpreter's lock released and taken again, what was borrowed given back. */
#include "py.h"

_Thread_local struct py_thread py_thread;

/* Memory of a call. */
struct py_block { struct py_block *next; max_align_t start[]; };

static const char *place(const struct py_function *function) {
    return function->classed >= 0 ? py_classes[function->classed].name : py_modules[function->library].name;
}

static int too_many(const struct py_function *function, Py_ssize_t number) {
    PyErr_Format(PyExc_TypeError, "%s.%s() takes %s %d argument%s (%zd given)", place(function), function->method,
                 function->count == function->required ? "exactly" : "at most", function->count, function->count == 1 ? "" : "s", number);
    return 0;
}

/* Puts the arguments where they belong; those left out stay NULL. */
static int bind(const struct py_function *function, PyObject *const *given, Py_ssize_t number, PyObject *keywords, PyObject **value) {
    if (number > function->count) return too_many(function, number);
    for (Py_ssize_t at = 0; at < number; at++) value[at] = given[at];
    Py_ssize_t named = keywords ? PyTuple_Size(keywords) : 0;
    for (Py_ssize_t at = 0; at < named; at++) {
        PyObject *name = PyTuple_GetItem(keywords, at);
        int index = 0;
        while (index < function->count && PyUnicode_CompareWithASCIIString(name, function->arguments[index]) != 0) index++;
        if (index == function->count) {
            PyErr_Format(PyExc_TypeError, "%s.%s() got an unexpected keyword argument '%U'", place(function), function->method, name);
            return 0;
        }
        if (value[index]) {
            PyErr_Format(PyExc_TypeError, "%s.%s() got multiple values for argument '%U'", place(function), function->method, name);
            return 0;
        }
        value[index] = given[number + at];
    }
    for (int index = 0; index < function->required; index++) {
        if (value[index]) continue;
        PyErr_Format(PyExc_TypeError, "%s.%s() missing required argument '%s' (pos %d)", place(function), function->method,
                     function->arguments[index], index + 1);
        return 0;
    }
    return 1;
}

/* An object of ours as a capsule, everything else as it is; a new reference. */
static PyObject *bare_of(struct py_state *state, PyObject *value) {
    for (int at = 0; at < PY_CLASSES; at++) {
        if (PyType_IsSubtype(Py_TYPE(value), state->classes[at])) return py_capsule_of((struct py_object *)value);
    }
    Py_INCREF(value);
    return value;
}

/* What a capsule that came back stands for. */
static PyObject *unbare(struct py_call *call, PyObject *result) {
    for (int at = 0; at < PY_CLASSES; at++) {
        if (!PyCapsule_IsValid(result, py_classes[at].capsule)) continue;
        void *pointer = PyCapsule_GetPointer(result, py_classes[at].capsule);
        PyObject *parent = py_classes[at].parent >= 0 ? py_ancestor(call, py_classes[at].parent) : NULL;
        Py_DECREF(result);
        return py_wrap(call, at, pointer, parent);
    }
    return result;
}

/* Calls what a program put in the place of a C function, as C would be called; 0 when nothing was. */
static int call_replacement(struct py_call *call, PyObject **value) {
    const struct py_function *function = call->function;
    PyObject *found = call->state->replacements ? PyDict_GetItemString(call->state->replacements, function->binding) : NULL;
    if (!found) return 0;
    int first = call->self ? 1 : 0, complete = 1;
    PyObject *arguments = PyTuple_New(function->count + first);
    if (arguments && first) PyTuple_SetItem(arguments, 0, py_capsule_of(call->self));
    for (int at = 0; arguments && at < function->count; at++) {
        PyObject *item = value[at] ? bare_of(call->state, value[at]) : function->zeros >> at & 1 ? py_from_int(0) : py_none();
        complete = complete && item;
        PyTuple_SetItem(arguments, at + first, item);
    }
    PyObject *result = arguments && complete ? PyObject_CallObject(found, arguments) : NULL;
    Py_XDECREF(arguments);
    int failed = result && (function->is_number ? PyLong_Check(result) && PyLong_AsLong(result) == -1 : result == Py_None);
    if (failed) {
        Py_DECREF(result);
        result = py_failed(call);
    }
    call->answer = result ? unbare(call, result) : NULL;
    return 1;
}

static int is_quick(const struct py_object *object, const struct py_function *function) {
    return object && object->quick && function->operation >= 0 && (object->quick[function->operation / 64] >> (function->operation % 64) & 1);
}

static int enter(struct py_call *call, struct py_function *function, PyObject *const *given, Py_ssize_t number, PyObject *keywords,
                 PyObject **value);

int py_enter(struct py_call *call, struct py_function *function, PyObject *self, PyObject *const *given, Py_ssize_t number,
             PyObject *keywords, PyObject **value) {
    call->function = function;
    call->blocks = NULL;
    call->kept = NULL;
    call->told = NULL;
    call->holding = 0;
    call->bare = (unsigned char)py_thread.bare;
    py_thread.bare = 0;
    if (function->classed >= 0) {
        call->self = (struct py_object *)self;
        call->state = call->self->state;
        if (!call->state) {
            PyErr_Format(PyExc_TypeError, "%s.__init__() was not called", place(function));
            return 0;
        }
        /* First said, then looked: whoever closes it meanwhile sees one or the other. */
        if (call->self->type->ends) py_hold(call, call->self);
        call->pointer = call->self->pointer;
    } else {
        call->self = NULL;
        call->state = PyModule_GetState(self);
        call->pointer = NULL;
    }
    call->answer = NULL;
    call->keeps = function->keeps || is_quick(call->self, function);
    if (enter(call, function, given, number, keywords, value)) return 1;
    py_leave(call);
    return 0;
}

static int enter(struct py_call *call, struct py_function *function, PyObject *const *given, Py_ssize_t number, PyObject *keywords,
                 PyObject **value) {
    if ((number || keywords || function->required) && !bind(function, given, number, keywords, value)) return 0;
    if (atomic_load_explicit(&function->replaced, memory_order_relaxed) && !call->bare && call_replacement(call, value)) return 0;
    if (!py_need(call, function)) return 0;
    if (call->self && !call->pointer && !py_is_careful()) {
        /* Of the functions of a class, the one that frees is sure to refuse NULL. */
        if (py_find(call->self->type->release)) ((int (*)(void *))atomic_load(&call->self->type->release->address))(NULL);
        call->answer = py_failed(call);
        return 0;
    }
    return 1;
}

int py_need(struct py_call *call, struct py_function *function) {
    if (py_find(function)) return 1;
    PyErr_Format(call->state->error, "%s.%s(): %s() is not supported by this library version; it came with libvirt %s",
                 place(call->function), call->function->method, function->name, function->since);
    return 0;
}

void py_release(struct py_call *call) {
    call->around = py_thread.call;
    py_thread.call = call;
    if (call->keeps) {
        py_thread.inside++;
        return;
    }
    call->outer = py_thread.released;
    call->thread = PyEval_SaveThread();
    py_thread.released = call->thread;
}

void py_acquire(struct py_call *call) {
    py_thread.call = call->around;
    if (call->keeps) {
        py_thread.inside--;
        return;
    }
    py_thread.released = call->outer;
    PyEval_RestoreThread(call->thread);
}

void *py_block(struct py_call *call, size_t size) {
    if (size > PTRDIFF_MAX - sizeof(struct py_block)) return NULL;
    struct py_block *block = calloc(1, sizeof *block + size + 1);
    if (!block) return NULL;
    block->next = call->blocks;
    call->blocks = block;
    return block->start;
}

int py_keep(struct py_call *call, PyObject *object) {
    if (!object) return 0;
    if (!call->kept) call->kept = PyList_New(0);
    int status = call->kept ? PyList_Append(call->kept, object) : -1;
    Py_DECREF(object);
    return status == 0;
}

void py_hold(struct py_call *call, struct py_object *object) {
    if (call->holding == PY_HELD) return;
    Py_INCREF(object);
    atomic_fetch_add(&object->busy, 1);
    call->held[call->holding++] = object;
}

void py_give_back(const struct py_class *type, void *pointer) {
    if (!pointer || !py_find(type->release)) return;
    int (*release)(void *) = (int (*)(void *))atomic_load(&type->release->address);
    if (type->ends) {
        PyThreadState *outer = py_thread.released, *thread = PyEval_SaveThread();
        py_thread.released = thread;
        release(pointer);
        py_thread.released = outer;
        PyEval_RestoreThread(thread);
    } else {
        py_thread.inside++;
        release(pointer);
        py_thread.inside--;
    }
}

/* The last call on an object that was closed meanwhile gives its pointer back. */
void py_let_go(struct py_object *object) {
    if (atomic_fetch_sub(&object->busy, 1) == 1 && object->ending) py_give_back(object->type, atomic_exchange(&object->ending, NULL));
}

void py_leave(struct py_call *call) {
    while (call->blocks) {
        struct py_block *next = call->blocks->next;
        free(call->blocks);
        call->blocks = next;
    }
    if (call->kept || call->holding || call->told) {
        PyObject *type, *value, *trace;
        PyErr_Fetch(&type, &value, &trace);
        Py_XDECREF(call->kept);
        Py_XDECREF(call->told);
        while (call->holding) {
            struct py_object *object = call->held[--call->holding];
            py_let_go(object);
            Py_DECREF(object);
        }
        PyErr_Restore(type, value, trace);
    }
}

/* A call that ends its object: while others use it, the last of them gives the pointer back. */
int py_ending(struct py_call *call) {
    struct py_object *self = call->self;
    call->pointer = atomic_exchange(&self->pointer, NULL);
    if (!call->pointer || self->borrowed || atomic_load(&self->busy) == 1) return 1;
    self->ending = call->pointer;
    return 0;
}

PyObject *py_ancestor(struct py_call *call, int class_index) {
    for (struct py_object *object = call->self; object; object = py_as_object(object->parent)) {
        if (object->type == &py_classes[class_index]) return (PyObject *)object;
    }
    return NULL;
}

void *py_pointer_of(struct py_call *call, int class_index) {
    struct py_object *object = (struct py_object *)py_ancestor(call, class_index);
    if (object == call->self) return call->pointer;
    return py_classes[class_index].parent < 0 ? py_root_pointer(call) : object ? object->pointer : NULL;
}

void *py_root_pointer(struct py_call *call) {
    struct py_object *object = call->self;
    while (object && object->type->parent >= 0) object = py_as_object(object->parent);
    if (object && object->pointer) return object == call->self ? call->pointer : object->pointer;
    struct py_function *root = call->self && call->pointer ? call->self->type->root : NULL;
    return root && py_find(root) ? ((void *(*)(void *))atomic_load(&root->address))(call->pointer) : NULL;
}

PyObject *py_ancestor_of(struct py_call *call, int class_index) {
    PyObject *found = py_ancestor(call, class_index);
    if (!found) return py_none();
    Py_INCREF(found);
    return found;
}

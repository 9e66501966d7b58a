/* The classes: objects that own a pointer of the library. */
#include "py.h"


struct py_object *py_as_object(PyObject *object) {
    if (!object) return NULL;
    struct py_state *state = py_state_of_type(Py_TYPE(object));
    return state ? (struct py_object *)object : NULL;
}

/* The state of the module one of whose classes a type is or inherits; NULL without an exception for other types. */
struct py_state *py_state_of_type(PyTypeObject *type) {
    while (type && (PyType_GetFlags(type) & Py_TPFLAGS_HEAPTYPE)) {
        struct py_state *state = PyType_GetModuleState(type);
        if (state) {
            for (int at = 0; at < PY_CLASSES; at++) {
                if (state->classes[at] == type) return state;
            }
        } else {
            PyErr_Clear();
        }
        type = PyType_GetSlot(type, Py_tp_base);
    }
    return NULL;
}

static const struct py_class *class_of(PyTypeObject *type, struct py_state **state) {
    *state = py_state_of_type(type);
    for (; *state && type; type = PyType_GetSlot(type, Py_tp_base)) {
        for (int at = 0; at < PY_CLASSES; at++) {
            if ((*state)->classes[at] == type) return &py_classes[at];
        }
    }
    return NULL;
}

/* What the connection says about operations that do not wait. */
static void inherit(struct py_object *object) {
    if (object->type->parent < 0) {
        object->quick = py_quick_operations(object->pointer);
    } else {
        struct py_object *parent = object->parent ? py_as_object(object->parent) : NULL;
        object->quick = parent ? parent->quick : NULL;
    }
}

/* An object that is not initialised behaves like one that was closed. */
static PyObject *object_new(PyTypeObject *wanted, PyObject *arguments, PyObject *keywords) {
    (void)arguments, (void)keywords;
    struct py_state *state;
    const struct py_class *type = class_of(wanted, &state);
    struct py_object *object = type ? (struct py_object *)PyType_GenericAlloc(wanted, 0) : NULL;
    if (!object) return NULL;
    object->type = type;
    object->state = state;
    return (PyObject *)object;
}

static int object_init(PyObject *self, PyObject *arguments, PyObject *keywords) {
    struct py_object *object = (struct py_object *)self;
    struct py_state *state;
    const struct py_class *type = class_of(Py_TYPE(self), &state);
    PyObject *parent = NULL, *capsule = Py_None;
    if (!type) return -1;
    if (type->parent < 0) {
        static const char *const names[] = {"_obj", NULL};
        if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|O", (char **)names, &capsule)) return -1;
    } else {
        const char *const names[] = {type->parent_attribute + 1, "_obj", NULL};
        const char *const usual[] = {"conn", "_obj", NULL};
        if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O", (char **)(strcmp(names[0], "conn") ? names : usual), &parent, &capsule))
            return -1;
    }
    if (!PyCapsule_IsValid(capsule, type->capsule)) {
        PyErr_Format(PyExc_TypeError, "%s(): '_obj' must be a capsule '%s', not %R", type->name, type->capsule, capsule);
        return -1;
    }
    void *old = object->pointer;
    object->type = type;
    object->state = state;
    object->pointer = PyCapsule_GetPointer(capsule, type->capsule);
    if (old && old != object->pointer) py_give_back(type, old);
    Py_XINCREF(parent);
    PY_SET(object->parent, parent);
    inherit(object);
    return 0;
}

struct py_object *py_new_object(struct py_state *state, int class_index) {
    struct py_object *object = (struct py_object *)PyType_GenericAlloc(state->classes[class_index], 0);
    if (!object) return NULL;
    object->type = &py_classes[class_index];
    object->state = state;
    return object;
}

static int object_traverse(PyObject *self, visitproc visit, void *arg) {
    struct py_object *object = (struct py_object *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(object->parent);
    Py_VISIT(object->dictionary);
    Py_VISIT(object->legacy);
    return 0;
}

static int object_clear(PyObject *self) {
    struct py_object *object = (struct py_object *)self;
    Py_CLEAR(object->dictionary);
    Py_CLEAR(object->legacy);
    return 0;
}

static void object_dealloc(PyObject *self) {
    struct py_object *object = (struct py_object *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (object->weak) PyObject_ClearWeakRefs(self);
    void *pointer = object->pointer;
    object->pointer = NULL;
    if (pointer && object->type && !object->borrowed) py_give_back(object->type, pointer);
    object_clear(self);
    Py_CLEAR(object->parent);
    Py_CLEAR(object->capsule);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

PyObject *py_capsule_of(struct py_object *object) {
    PyObject *capsule;
    PY_BEGIN_ALONE((PyObject *)object);
    void *pointer = object->pointer;
    if (pointer && object->capsule && PyCapsule_GetPointer(object->capsule, object->type->capsule) != pointer) Py_CLEAR(object->capsule);
    if (pointer && !object->capsule) object->capsule = PyCapsule_New(pointer, object->type->capsule, NULL);
    capsule = pointer ? object->capsule : Py_None;
    Py_XINCREF(capsule);
    PY_END_ALONE();
    return capsule;
}

static PyObject *get_capsule(PyObject *self, void *closure) {
    (void)closure;
    return py_capsule_of((struct py_object *)self);
}

static int set_capsule(PyObject *self, PyObject *value, void *closure) {
    struct py_object *object = (struct py_object *)self;
    (void)closure;
    if (!object->type) return 0;
    if (value == Py_None) {
        object->pointer = NULL;
        return 0;
    }
    if (!value || !PyCapsule_IsValid(value, object->type->capsule)) {
        PyErr_Format(PyExc_TypeError, "%s._o must be None or a capsule '%s'", object->type->name, object->type->capsule);
        return -1;
    }
    object->pointer = PyCapsule_GetPointer(value, object->type->capsule);
    return 0;
}

static PyObject *get_parent(PyObject *self, void *closure) {
    struct py_object *object = (struct py_object *)self;
    (void)closure;
    PyObject *parent = object->parent ? object->parent : Py_None;
    Py_INCREF(parent);
    return parent;
}

/* The ancestor of the class whose index the closure is. */
static PyObject *get_ancestor(PyObject *self, void *closure) {
    int index = (int)(intptr_t)closure;
    for (struct py_object *object = (struct py_object *)self; object; object = py_as_object(object->parent)) {
        if (object->type == &py_classes[index]) {
            Py_INCREF((PyObject *)object);
            return (PyObject *)object;
        }
        if (object->parent && !py_as_object(object->parent)) return get_parent((PyObject *)object, NULL);
    }
    return py_none();
}

static PyObject *call_ancestor(PyObject *self, PyObject *unused, const char *name) {
    (void)unused;
    struct py_object *object = (struct py_object *)self;
    for (const struct py_ancestor *ancestor = object->type->ancestors; ancestor->name; ancestor++) {
        if (strcmp(ancestor->name, name) == 0) return get_ancestor(self, (void *)(intptr_t)ancestor->class_index);
    }
    return py_none();
}

/* One C function for each place in the table of ancestors, since a method does not know its name. */
#define ANCESTORS 3
#define ANCESTOR(number) \
    static PyObject *ancestor_##number(PyObject *self, PyObject *unused) { \
        struct py_object *object = (struct py_object *)self; \
        return object->type ? call_ancestor(self, unused, object->type->ancestors[number].name) : py_none(); \
    }
ANCESTOR(0)
ANCESTOR(1)
ANCESTOR(2)
static const PyCFunction ancestor_methods[ANCESTORS] = {ancestor_0, ancestor_1, ancestor_2};

static PyObject *c_pointer(PyObject *self, PyObject *unused) {
    (void)unused;
    return PyLong_FromVoidPtr(((struct py_object *)self)->pointer);
}

static PyObject *enter_context(PyObject *self, PyObject *unused) {
    (void)unused;
    Py_INCREF(self);
    return self;
}

static PyObject *exit_context(PyObject *self, PyObject *arguments) {
    (void)arguments;
    struct py_object *object = (struct py_object *)self;
    PyObject *result = object->type ? PyObject_CallMethod(self, object->type->closer, NULL) : NULL;
    if (!result) return NULL;
    Py_DECREF(result);
    return py_none();
}

static PyMemberDef members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(struct py_object, dictionary), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct py_object, weak), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static int make_class(PyObject *module, struct py_state *state, int index) {
    const struct py_class *type = &py_classes[index];
    int count = 0, extra = 0;
    while (type->methods[count].ml_name) count++;
    /* These stay: the class refers to them for as long as the process lives. */
    PyMethodDef *methods = calloc((size_t)count + ANCESTORS + 4, sizeof *methods);
    PyGetSetDef *properties = calloc(8, sizeof *properties);
    if (!methods || !properties) return PyErr_NoMemory(), -1;
    memcpy(methods, type->methods, (size_t)count * sizeof *methods);
    for (const struct py_ancestor *ancestor = type->ancestors; ancestor->name && extra < ANCESTORS; ancestor++, extra++)
        methods[count++] = (PyMethodDef){ancestor->name, ancestor_methods[extra], METH_NOARGS, "The object it belongs to, of the class the name says."};
    methods[count++] = (PyMethodDef){"c_pointer", c_pointer, METH_NOARGS, "c_pointer($self)\n--\n\nThe address of the C object; 0 when it was given back."};
    if (type->ends) {
        methods[count++] = (PyMethodDef){"__enter__", enter_context, METH_NOARGS, NULL};
        methods[count++] = (PyMethodDef){"__exit__", exit_context, METH_VARARGS, NULL};
    }
    int at = 0;
    properties[at++] = (PyGetSetDef){"_o", get_capsule, set_capsule, "The C object in a capsule; None when it was given back.", NULL};
    properties[at++] = (PyGetSetDef){"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL};
    if (type->parent >= 0) {
        properties[at++] = (PyGetSetDef){type->parent_attribute, get_parent, NULL, "The object it belongs to.", NULL};
        int root = type->parent;
        while (py_classes[root].parent >= 0) root = py_classes[root].parent;
        if (strcmp(type->parent_attribute, "_conn") != 0)
            properties[at++] = (PyGetSetDef){"_conn", get_ancestor, NULL, "The connection it belongs to.", (void *)(intptr_t)root};
    }
    PyType_Slot slots[] = {
        {Py_tp_new, object_new}, {Py_tp_init, object_init}, {Py_tp_dealloc, object_dealloc}, {Py_tp_traverse, object_traverse}, {Py_tp_clear, object_clear},
        {Py_tp_methods, methods}, {Py_tp_members, members}, {Py_tp_getset, properties}, {Py_tp_doc, (void *)type->doc}, {0, NULL},
    };
    PyType_Spec spec = {type->name, sizeof(struct py_object), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
    state->classes[index] = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    if (!state->classes[index]) return -1;
    for (const struct py_constant *constant = type->constants; constant->name; constant++) {
        PyObject *number = PyLong_FromLongLong(constant->number);
        int status = number ? PyObject_SetAttrString((PyObject *)state->classes[index], constant->name, number) : -1;
        Py_XDECREF(number);
        if (status < 0) return -1;
    }
    return PyModule_AddObjectRef(module, strchr(type->name, '.') + 1, (PyObject *)state->classes[index]);
}

int py_make_classes(PyObject *module, struct py_state *state) {
    for (int at = 0; at < PY_CLASSES; at++) {
        if (make_class(module, state, at) < 0) return -1;
    }
    return 0;
}

PyObject *py_wrap(struct py_call *call, int class_index, void *pointer, PyObject *parent) {
    if (!pointer) return py_none();
    if (call->bare) return PyCapsule_New(pointer, py_classes[class_index].capsule, NULL);
    struct py_object *object = py_new_object(call->state, class_index);
    if (!object) {
        py_give_back(&py_classes[class_index], pointer);
        return NULL;
    }
    object->pointer = pointer;
    Py_XINCREF(parent);
    object->parent = parent;
    if (parent && parent == (PyObject *)call->self) object->quick = call->self->quick;
    else inherit(object);
    return (PyObject *)object;
}

PyObject *py_wrap_all(struct py_call *call, int class_index, void **pointers, Py_ssize_t number, PyObject *parent) {
    PyObject *all = PyList_New(number < 0 ? 0 : number);
    for (Py_ssize_t at = 0; at < number; at++) {
        if (all) all = py_list_set(all, at, py_wrap(call, class_index, pointers[at], parent));
        else py_give_back(&py_classes[class_index], pointers[at]);
    }
    return all;
}

PyObject *py_share(struct py_call *call, int class_index, void *pointer) {
    const struct py_class *type = &py_classes[class_index];
    if (!pointer || !py_find(type->reference)) return py_none();
    int (*reference)(void *) = (int (*)(void *))atomic_load(&type->reference->address);
    if (reference(pointer) < 0) return py_none();
    return py_wrap(call, class_index, pointer, type->parent >= 0 ? py_ancestor(call, type->parent) : NULL);
}

int py_host_bits(struct py_call *call, Py_ssize_t most) {
    if (!call) return (int)most;
    void *connection = py_root_pointer(call);
    if (!connection) return (int)most;
    py_release(call);
    int bits = py_ask_host_bits(connection);
    py_acquire(call);
    return bits > 0 && bits < most ? bits : (int)most;
}

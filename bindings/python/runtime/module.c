/* The module: its functions, classes and constants, once for each interpreter; and the modules beside it. */
#include "py.h"
#include <stdio.h>
#include <time.h>

/* Shuts callbacks out and waits for those that are in. */
static PyObject *finish(PyObject *module, PyObject *unused) {
    (void)unused;
    struct py_state *state = PyModule_GetState(module);
    struct py_gate *gate = state->gate;
    atomic_store(&gate->closed, 1);
    for (int round = 0; atomic_load(&gate->inside) && round < 5000; round++) {
        PyThreadState *thread = PyEval_SaveThread();
        nanosleep(&(struct timespec){0, 200000}, NULL);
        PyEval_RestoreThread(thread);
    }
    return py_none();
}

static int add_constants(PyObject *module, const struct py_constant *constants) {
    for (; constants->name; constants++) {
        PyObject *value = constants->text ? PyUnicode_FromString(constants->text) : PyLong_FromLongLong(constants->number);
        int status = value ? PyObject_SetAttrString(module, constants->name, value) : -1;
        Py_XDECREF(value);
        if (status < 0) return -1;
    }
    return 0;
}

static int add_functions(PyObject *module, PyObject *self, PyMethodDef *functions, PyObject *name) {
    for (; functions->ml_name; functions++) {
        PyObject *function = PyCFunction_NewEx(functions, self, name);
        int status = function ? PyObject_SetAttrString(module, functions->ml_name, function) : -1;
        Py_XDECREF(function);
        if (status < 0) return -1;
    }
    return 0;
}

/* ---- Modules beside this one ------------------------------------------------------------------------------------------ */

/* Fills a module that stands for one of the other libraries. */
static PyObject *fill(PyObject *module, PyObject *other) {
    PyObject *name = PyObject_GetAttrString(other, "__name__");
    const char *text = name ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
    int status = text ? 0 : -1;
    for (const struct py_module *at = py_modules; status == 0 && at->name; at++) {
        if (strcmp(at->name, text) != 0) continue;
        status = add_constants(other, at->constants);
        if (status == 0) status = add_functions(other, module, at->functions, name);
    }
    Py_XDECREF(name);
    return status == 0 ? py_none() : NULL;
}

/* A function by its C name that takes and gives capsules and tells failures like C. */
static PyObject *bare(PyObject *self, PyObject *const *given, Py_ssize_t number, PyObject *keywords) {
    struct py_function *function = PyCapsule_GetPointer(PyTuple_GetItem(self, 0), "py_function");
    PyObject *module = PyTuple_GetItem(self, 1), *receiver = module, *result;
    if (!function) return NULL;
    struct py_object *object = NULL;
    if (function->classed >= 0) {
        const struct py_class *type = &py_classes[function->classed];
        if (number < 1 || (given[0] != Py_None && !PyCapsule_IsValid(given[0], type->capsule))) {
            PyErr_Format(PyExc_TypeError, "%s(): the first argument must be a capsule '%s' or None", function->name, type->capsule);
            return NULL;
        }
        if (!(object = py_new_object(PyModule_GetState(module), function->classed))) return NULL;
        object->borrowed = 1;
        object->pointer = given[0] == Py_None ? NULL : PyCapsule_GetPointer(given[0], type->capsule);
        receiver = (PyObject *)object;
        given++;
        number--;
    }
    py_thread.bare = 1;
    result = function->body(receiver, given, number, keywords);
    py_thread.bare = 0;
    Py_XDECREF((PyObject *)object);
    return result;
}

/* The pointer of the capsule that a function of a class was given; NULL with an exception for anything else. */
static void *given_pointer(PyObject *self, PyObject *value, const struct py_class **type) {
    *type = PyCapsule_GetPointer(self, "py_class");
    if (*type && PyCapsule_IsValid(value, (*type)->capsule)) return PyCapsule_GetPointer(value, (*type)->capsule);
    PyErr_Format(PyExc_TypeError, "the argument must be a capsule '%s'", *type ? (*type)->capsule : "");
    return NULL;
}

static PyObject *bare_release(PyObject *self, PyObject *value) {
    const struct py_class *type;
    void *pointer = given_pointer(self, value, &type);
    if (!pointer) return NULL;
    py_give_back(type, pointer);
    return py_from_int(0);
}

static PyObject *bare_pointer(PyObject *self, PyObject *value) {
    const struct py_class *type;
    void *pointer = given_pointer(self, value, &type);
    return pointer ? PyLong_FromVoidPtr(pointer) : NULL;
}

/* The two functions of each class that no method has: `XFree` and `X_pointer`. */
static PyObject *class_function(const char *name) {
    static PyMethodDef release = {"release", bare_release, METH_O, NULL}, pointer = {"pointer", bare_pointer, METH_O, NULL};
    for (int at = 0; at < PY_CLASSES; at++) {
        const struct py_class *type = &py_classes[at];
        const char *short_name = strchr(type->name, '.') + 1;
        size_t length = strlen(short_name);
        int is_pointer = strncmp(name, short_name, length) == 0 && strcmp(name + length, "_pointer") == 0;
        if (!is_pointer && strcmp(name, type->release->name) != 0) continue;
        PyObject *self = PyCapsule_New((void *)type, "py_class", NULL);
        PyObject *function = self ? PyCFunction_NewEx(is_pointer ? &pointer : &release, self, NULL) : NULL;
        Py_XDECREF(self);
        return function;
    }
    return NULL;
}

static PyMethodDef bare_method = {"function", PY_METHOD(bare), METH_FASTCALL | METH_KEYWORDS, NULL};

/* The function with a C name, for modules that have them; NULL with an AttributeError for other names. */
static PyObject *bare_function(PyObject *module, PyObject *arguments) {
    const char *library, *name;
    if (!PyArg_ParseTuple(arguments, "ss", &library, &name)) return NULL;
    for (struct py_function *const *at = py_functions; *at; at++) {
        if (strcmp((*at)->binding, name) != 0 || strcmp(py_modules[(*at)->library].name, library) != 0) continue;
        PyObject *capsule = PyCapsule_New(*at, "py_function", NULL);
        PyObject *self = capsule ? PyTuple_Pack(2, capsule, module) : NULL;
        PyObject *result = self ? PyCFunction_NewEx(&bare_method, self, NULL) : NULL;
        Py_XDECREF(self);
        Py_XDECREF(capsule);
        return result;
    }
    PyObject *found = strcmp(library, py_modules[0].name) == 0 ? class_function(name) : NULL;
    if (found || PyErr_Occurred()) return found;
    PyErr_Format(PyExc_AttributeError, "no function '%s'", name);
    return NULL;
}

/* Puts a function of the program in the place of a C function; None puts the C function back. */
static PyObject *replace(PyObject *module, PyObject *arguments) {
    struct py_state *state = PyModule_GetState(module);
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(arguments, "sO", &name, &value)) return NULL;
    if (!state->replacements && !(state->replacements = PyDict_New())) return NULL;
    for (struct py_function *const *at = py_functions; *at; at++) {
        if (strcmp((*at)->binding, name) != 0) continue;
        PyObject *old = PyDict_GetItemString(state->replacements, name);
        if (value == Py_None) {
            if (!old) return py_none();
            atomic_fetch_sub(&(*at)->replaced, 1);
            return PyDict_DelItemString(state->replacements, name) < 0 ? NULL : py_none();
        }
        if (!old) atomic_fetch_add(&(*at)->replaced, 1);
        return PyDict_SetItemString(state->replacements, name, value) < 0 ? NULL : py_none();
    }
    return py_none();
}

static PyObject *bare_names(PyObject *module, PyObject *library) {
    (void)module;
    if (!PyUnicode_Check(library)) {
        PyErr_SetString(PyExc_TypeError, "the argument must be the name of a module");
        return NULL;
    }
    PyObject *all = PyList_New(0);
    for (struct py_function *const *at = py_functions; all && *at; at++) {
        if (PyUnicode_CompareWithASCIIString(library, py_modules[(*at)->library].name) != 0) continue;
        PyObject *name = PyUnicode_FromString((*at)->binding);
        if (!name || PyList_Append(all, name) < 0) Py_CLEAR(all);
        Py_XDECREF(name);
    }
    return all;
}

/* The code of each exception class by its name. */
static PyObject *error_codes(PyObject *module, PyObject *unused) {
    (void)module, (void)unused;
    PyObject *all = PyDict_New();
    for (const struct py_error_name *at = py_error_names; all && at->name; at++) {
        if (!py_dict_enter(all, PyUnicode_FromString(strrchr(at->name, '.') + 1), PyLong_FromLong(at->code))) Py_CLEAR(all);
    }
    return all;
}

static PyObject *error_class(PyObject *module, PyObject *code) {
    long number = PyLong_AsLong(code);
    if (number == -1 && PyErr_Occurred()) return NULL;
    PyObject *found = py_error_class(PyModule_GetState(module), (int)number);
    Py_INCREF(found);
    return found;
}

/* Whether a name means a function: its C name, the same without "vir", or its name in Python behind that of its class. */
static bool is_named(const struct py_function *function, const char *name) {
    if (strcmp(function->name, name) == 0) return true;
    if (strncmp(function->name, "vir", 3) == 0 && (function->name[3] | 32) == name[0] && strcmp(function->name + 4, name + 1) == 0) return true;
    if (function->classed < 0) return strcmp(function->method, name) == 0;
    const char *type = strchr(py_classes[function->classed].name, '.') + 1;
    size_t length = strlen(type);
    return strncmp(name, type, length) == 0 && name[length] == '.' && strcmp(name + length + 1, function->method) == 0;
}

/* Whether a function can be called on a connection; None when the library does not tell. */
static PyObject *supports(PyObject *module, PyObject *arguments) {
    struct py_state *state = PyModule_GetState(module);
    PyObject *given;
    const char *name;
    if (!PyArg_ParseTuple(arguments, "O!s:supports", (PyObject *)state->classes[0], &given, &name)) return NULL;
    struct py_object *connection = (struct py_object *)given;
    for (struct py_function *const *at = py_functions; *at; at++) {
        struct py_function *function = *at;
        const short one[] = {function->operation, -1}, *wanted = function->needs ? function->needs : one;
        if (!is_named(function, name)) continue;
        if (!py_find(function)) return PyBool_FromLong(0);
        if (wanted[0] < 0) return PyBool_FromLong(1);
        if (!connection->pointer) {
            PyErr_SetString(PyExc_ValueError, "the connection is closed");
            return NULL;
        }
        int offers = 0;
        atomic_fetch_add(&connection->busy, 1);
        PyThreadState *thread = PyEval_SaveThread();
        for (; *wanted >= 0 && offers == 0; wanted++) offers = py_offers(connection->pointer, *wanted);
        PyEval_RestoreThread(thread);
        py_let_go(connection);
        return offers < 0 ? py_none() : PyBool_FromLong(offers);
    }
    PyErr_Format(PyExc_ValueError, "there is no function '%s'", name);
    return NULL;
}

/* What is rarely asked for comes when it is asked for. */
static PyObject *get_attribute(PyObject *module, PyObject *name) {
    (void)module;
    if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "libvirtmod") == 0) return PyImport_Import(name);
    if (PyUnicode_Check(name) && PyUnicode_GetLength(name) > 1 && PyUnicode_ReadChar(name, 0) == '_' && PyUnicode_ReadChar(name, 1) != '_') {
        PyObject *aliases = PyImport_ImportModule("libvirt._aliases"), *found = NULL;
        if (aliases) found = PyObject_GetAttr(aliases, name);
        Py_XDECREF(aliases);
        if (found) return found;
        PyErr_Clear();
    }
    PyErr_Clear();
    PyErr_Format(PyExc_AttributeError, "module 'libvirt' has no attribute '%S'", name);
    return NULL;
}

static PyMethodDef own[] = {
    {"__getattr__", get_attribute, METH_O, NULL},
    {"_fill", fill, METH_O, NULL},
    {"_bare", bare_function, METH_VARARGS, NULL},
    {"_replace", replace, METH_VARARGS, NULL},
    {"_bare_names", bare_names, METH_O, NULL},
    {"_error_codes", error_codes, METH_NOARGS, NULL},
    {"_error_class", error_class, METH_O, NULL},
    {"_supports", supports, METH_VARARGS, NULL},
    {"_finish", finish, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef free_invoker = {NULL, py_invoke_free, METH_O, "Frees what came with a callback that an event loop was handed."};

/* ---- This module -------------------------------------------------------------------------------------------------------- */

static int close_at_exit(PyObject *module) {
    PyObject *atexit = PyImport_ImportModule("atexit"), *function = PyObject_GetAttrString(module, "_finish");
    PyObject *result = atexit && function ? PyObject_CallMethod(atexit, "register", "O", function) : NULL;
    Py_XDECREF(result);
    Py_XDECREF(function);
    Py_XDECREF(atexit);
    return result ? 0 : -1;
}

static int module_exec(PyObject *module) {
    struct py_state *state = PyModule_GetState(module);
    state->module = module;
    if (py_open_library() < 0) return -1;
    state->gate = calloc(1, sizeof *state->gate);
    if (!state->gate) return PyErr_NoMemory(), -1;
    state->gate->interpreter = PyInterpreterState_Get();
    state->gate->is_main = PyInterpreterState_GetID(state->gate->interpreter) == 0;
    PyObject *name = PyUnicode_FromString(py_modules[0].name);
    free_invoker.ml_name = py_free_invoker;
    PyObject *invoker = PyCFunction_NewEx(&free_invoker, module, name);
    int status = name && invoker ? PyObject_SetAttrString(module, py_free_invoker, invoker) : -1;
    if (status == 0) status = py_make_errors(module, state);
    if (status == 0) status = py_make_classes(module, state);
    if (status == 0) status = add_functions(module, module, py_modules[0].functions, name);
    if (status == 0) status = add_constants(module, py_modules[0].constants);
    if (status == 0) status = close_at_exit(module);
    Py_XDECREF(invoker);
    Py_XDECREF(name);
    return status;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    struct py_state *state = PyModule_GetState(module);
    for (int at = 0; state && at < PY_CLASSES; at++) Py_VISIT(state->classes[at]);
    if (state) Py_VISIT(state->error);
    for (int at = 0; state && at < PY_ERROR_CODES; at++) Py_VISIT(state->errors[at]);
    return 0;
}

static int module_clear(PyObject *module) {
    struct py_state *state = PyModule_GetState(module);
    for (int at = 0; state && at < PY_CLASSES; at++) Py_CLEAR(state->classes[at]);
    if (state) Py_CLEAR(state->error);
    if (state) Py_CLEAR(state->replacements);
    for (int at = 0; state && at < PY_ERROR_CODES; at++) Py_CLEAR(state->errors[at]);
    for (int at = 0; state && at < PY_KEYS; at++) Py_CLEAR(state->keys[at].key);
    return 0;
}

/* Slots by number: older interpreters refuse those they do not know, so the list depends on the one that runs. */
enum { SLOT_INTERPRETERS = 3, SLOT_GIL = 4 };
static PyModuleDef_Slot slots[4] = {{Py_mod_exec, module_exec}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "libvirt", .m_size = sizeof(struct py_state), .m_methods = own, .m_slots = slots,
    .m_traverse = module_traverse, .m_clear = module_clear,
};

PyMODINIT_FUNC PyInit_libvirt(void) {
    int major = 0, minor = 0, at = 1;
    definition.m_doc = py_modules[0].doc;
    sscanf(Py_GetVersion(), "%d.%d", &major, &minor);
    /* A sub-interpreter may have a lock of its own. */
    if (major == 3 && minor >= 12) slots[at++] = (PyModuleDef_Slot){SLOT_INTERPRETERS, (void *)2};
#ifdef Py_GIL_DISABLED
    if (major == 3 && minor >= 13) slots[at++] = (PyModuleDef_Slot){SLOT_GIL, (void *)1};
#endif
    slots[at] = (PyModuleDef_Slot){0, NULL};
    return PyModuleDef_Init(&definition);
}

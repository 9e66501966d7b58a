/* libvirtError, and a subclass of it for each code. */
#include "py.h"

/* What an exception has beside what every exception has: a copy of the library's error, from which `err` is made when it is
 * asked for, or what a program put there. */
struct py_failure {
    virError *error;                    /* with its texts, one piece of memory; NULL: `err` counts        */
    PyObject *err;                      /* NULL: None                                                     */
};
static Py_ssize_t base_size;            /* of every exception                                             */

static struct py_failure *failure_of(PyObject *self) { return (struct py_failure *)((char *)self + base_size); }

static virError *copy_of(const virError *from) {
    const char *const texts[] = {from->message, from->str1, from->str2, from->str3};
    size_t sizes[4], size = 0;
    for (int at = 0; at < 4; at++) size += sizes[at] = texts[at] ? strlen(texts[at]) + 1 : 0;
    virError *to = malloc(sizeof *to + size);
    if (!to) return NULL;
    *to = *from;
    char *end = (char *)(to + 1), **const copies[] = {&to->message, &to->str1, &to->str2, &to->str3};
    for (int at = 0; at < 4; at++) {
        if (texts[at]) *copies[at] = memcpy(end, texts[at], sizes[at]);
        end += sizes[at];
    }
    return to;
}

static void set_failure(struct py_failure *failure, PyObject *err) {
    free(failure->error);
    failure->error = NULL;
    Py_XINCREF(err);
    PY_SET(failure->err, err);
}

/* The last error of the thread becomes that of the exception. */
static int error_init(PyObject *self, PyObject *arguments, PyObject *keywords) {
    static const char *const names[] = {"defmsg", NULL};
    PyObject *message;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O:libvirtError", (char **)names, &message)) return -1;
    struct py_failure *failure = failure_of(self);
    const virError *last = py_ask_last_error();
    set_failure(failure, NULL);
    failure->error = last ? copy_of(last) : NULL;
    if (last && !failure->error) return PyErr_NoMemory(), -1;
    message = last ? py_from_text(last->message) : message;
    PyObject *base = message ? PyTuple_Pack(1, message) : NULL;
    if (last) Py_XDECREF(message);
    initproc init = (initproc)PyType_GetSlot((PyTypeObject *)PyExc_Exception, Py_tp_init);
    int status = base ? init(self, base, NULL) : -1;
    Py_XDECREF(base);
    return status;
}

/* The nine parts; None when there was no error. */
static PyObject *get_err(PyObject *self, void *closure) {
    (void)closure;
    struct py_failure *failure = failure_of(self);
    PyObject *err;
    PY_BEGIN_ALONE(self);
    if (failure->error) {
        err = py_from_virError(NULL, failure->error);
        if (err) set_failure(failure, err);
    } else {
        err = failure->err ? failure->err : Py_None;
        Py_INCREF(err);
    }
    PY_END_ALONE();
    return err;
}

static int set_err(PyObject *self, PyObject *value, void *closure) {
    (void)closure;
    PY_BEGIN_ALONE(self);
    set_failure(failure_of(self), value);
    PY_END_ALONE();
    return 0;
}

/* One of the nine, None when there was no error. */
static PyObject *error_part(PyObject *self, Py_ssize_t index) {
    PyObject *error = get_err(self, NULL);
    if (!error || error == Py_None) return error;
    PyObject *part = PySequence_GetItem(error, index);
    Py_DECREF(error);
    return part;
}

static PyObject *get_error_code(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *code = NULL;
    PY_BEGIN_ALONE(self);
    const virError *error = failure_of(self)->error;
    if (error) code = PyLong_FromLong(error->code);
    PY_END_ALONE();
    return code ? code : error_part(self, 0);
}

/* Copies and pickles are made of the message and of what else stands in `__dict__`, to which `err` belongs here. */
static PyObject *reduce(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *arguments = PyObject_GetAttrString(self, "args"), *own = PyObject_GetAttrString(self, "__dict__");
    PyObject *all = own ? PyDict_Copy(own) : NULL, *err = get_err(self, NULL), *result = NULL;
    if (arguments && all && err && PyDict_SetItemString(all, "err", err) == 0)
        result = PyTuple_Pack(3, (PyObject *)Py_TYPE(self), arguments, all);
    Py_XDECREF(err);
    Py_XDECREF(all);
    Py_XDECREF(own);
    Py_XDECREF(arguments);
    return result;
}

static int error_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(failure_of(self)->err);
    return ((traverseproc)PyType_GetSlot((PyTypeObject *)PyExc_Exception, Py_tp_traverse))(self, visit, arg);
}

static int error_clear(PyObject *self) {
    Py_CLEAR(failure_of(self)->err);
    return ((inquiry)PyType_GetSlot((PyTypeObject *)PyExc_Exception, Py_tp_clear))(self);
}

static void error_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    /* Nobody comes across it while what it holds goes; the base class takes it from the collector itself. */
    PyObject_GC_UnTrack(self);
    free(failure_of(self)->error);
    failure_of(self)->error = NULL;
    Py_CLEAR(failure_of(self)->err);
    PyObject_GC_Track(self);
    ((destructor)PyType_GetSlot((PyTypeObject *)PyExc_Exception, Py_tp_dealloc))(self);
    Py_DECREF(type);
}

#define PART(name, index) static PyObject *name(PyObject *self, PyObject *unused) { (void)unused; return error_part(self, index); }
PART(get_error_domain, 1)
PART(get_error_message, 2)
PART(get_error_level, 3)
PART(get_str1, 4)
PART(get_str2, 5)
PART(get_str3, 6)
PART(get_int1, 7)
PART(get_int2, 8)

static PyMethodDef methods[] = {
    {"get_error_code", get_error_code, METH_NOARGS, "get_error_code($self)\n--\n\nThe code, one of the VIR_ERR_ constants; None when the library said nothing."},
    {"get_error_domain", get_error_domain, METH_NOARGS, "get_error_domain($self)\n--\n\nThe part of the library that failed, one of the VIR_FROM_ constants."},
    {"get_error_message", get_error_message, METH_NOARGS, "get_error_message($self)\n--\n\nThe sentence for people."},
    {"get_error_level", get_error_level, METH_NOARGS, "get_error_level($self)\n--\n\nHow bad it is, one of the VIR_ERR_ levels."},
    {"get_str1", get_str1, METH_NOARGS, "get_str1($self)\n--\n\nThe first text that came with the error, or None."},
    {"get_str2", get_str2, METH_NOARGS, "get_str2($self)\n--\n\nThe second text that came with the error, or None."},
    {"get_str3", get_str3, METH_NOARGS, "get_str3($self)\n--\n\nThe third text that came with the error, or None."},
    {"get_int1", get_int1, METH_NOARGS, "get_int1($self)\n--\n\nThe first number that came with the error."},
    {"get_int2", get_int2, METH_NOARGS, "get_int2($self)\n--\n\nThe second number that came with the error."},
    {"__reduce__", reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"err", get_err, set_err, "The nine parts of the library's error, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_init, error_init},
    {Py_tp_dealloc, error_dealloc},
    {Py_tp_traverse, error_traverse},
    {Py_tp_clear, error_clear},
    {Py_tp_getset, properties},
    {Py_tp_methods, methods},
    {Py_tp_doc, "libvirtError(defmsg)\n--\n\nWhat a failed call raises. Reads the thread's last error; `err` holds its nine parts."},
    {0, NULL},
};
int py_make_errors(PyObject *module, struct py_state *state) {
    PyType_Spec spec = {"libvirt.libvirtError", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
    PyObject *bases = PyTuple_Pack(1, PyExc_Exception), *size = PyObject_GetAttrString(PyExc_Exception, "__basicsize__");
    base_size = size ? PyLong_AsSsize_t(size) : 0;
    spec.basicsize = (int)(base_size + (Py_ssize_t)sizeof(struct py_failure));
    state->error = bases && base_size > 0 ? PyType_FromModuleAndSpec(module, &spec, bases) : NULL;
    Py_XDECREF(size);
    Py_XDECREF(bases);
    return state->error ? PyModule_AddObjectRef(module, "libvirtError", state->error) : -1;
}

static void make_class(struct py_state *state, int code);

PyObject *py_error_class(struct py_state *state, int code) {
    if (code <= 0 || code >= PY_ERROR_CODES) return state->error;
    if (!state->errors[code]) {
        PY_BEGIN_ALONE(state->module);
        make_class(state, code);
        PY_END_ALONE();
    }
    return state->errors[code] ? state->errors[code] : state->error;
}

static void make_class(struct py_state *state, int code) {
    for (const struct py_error_name *name = py_error_names; name->name; name++) {
        if (name->code != code || state->errors[code]) continue;
        PyType_Slot own[] = {{Py_tp_dealloc, error_dealloc}, {0, NULL}};
        PyType_Spec subclass = {name->name, 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, own};
        PyObject *bases = PyTuple_Pack(1, state->error);
        state->errors[code] = bases ? PyType_FromModuleAndSpec(state->module, &subclass, bases) : NULL;
        Py_XDECREF(bases);
        if (!state->errors[code]) PyErr_Clear();
    }
}

/* The message of what an error handler was told during the call, when that is still the thread's last error; borrowed. */
static PyObject *message_told(const struct py_call *call, const virError *last) {
    if (!last || !last->message || !call->told || !PyTuple_Check(call->told) || PyTuple_Size(call->told) != 9) return NULL;
    PyObject *message = PyTuple_GetItem(call->told, 2);
    const char *text = PyUnicode_Check(message) ? PyUnicode_AsUTF8AndSize(message, NULL) : NULL;
    if (text && strcmp(text, last->message) == 0 && PyLong_AsLong(PyTuple_GetItem(call->told, 0)) == last->code) return message;
    PyErr_Clear();
    return NULL;
}

PyObject *py_failed(struct py_call *call) {
    if (PyErr_Occurred()) return NULL;
    if (call->bare) return call->function->is_number ? py_from_int(-1) : py_none();
    const virError *last = py_ask_last_error();
    PyTypeObject *type = (PyTypeObject *)py_error_class(call->state, last ? last->code : 0);
    PyObject *told = message_told(call, last), *message = told;
    if (told) Py_INCREF(told);
    else message = last ? py_from_text(last->message) : PyUnicode_FromFormat("%s() failed", call->function->name);
    PyObject *arguments = message ? PyTuple_Pack(1, message) : NULL;
    /* Not initialised, which would ask for the last error again. */
    PyObject *raised = arguments ? ((newfunc)PyType_GetSlot(type, Py_tp_new))(type, arguments, NULL) : NULL;
    if (raised) {
        if (told) set_failure(failure_of(raised), call->told);
        if (last && !told && !(failure_of(raised)->error = copy_of(last))) PyErr_NoMemory();
        else PyErr_SetObject((PyObject *)type, raised);
    }
    Py_XDECREF(raised);
    Py_XDECREF(arguments);
    Py_XDECREF(message);
    return NULL;
}

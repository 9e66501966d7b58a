/* libvirtError, and a subclass of it for each code. */
#include "py.h"

static PyObject *error_tuple(const virError *error) { return py_from_virError(NULL, error); }

static int error_init(PyObject *self, PyObject *arguments, PyObject *keywords) {
    static const char *const names[] = {"defmsg", NULL};
    PyObject *message;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O:libvirtError", (char **)names, &message)) return -1;
    const virError *last = py_ask_last_error();
    PyObject *error = last ? error_tuple(last) : py_none();
    if (!error) return -1;
    PyObject *base = last ? PyTuple_Pack(1, PyTuple_GetItem(error, 2)) : PyTuple_Pack(1, message);
    initproc init = (initproc)PyType_GetSlot((PyTypeObject *)PyExc_Exception, Py_tp_init);
    int status = base ? init(self, base, NULL) : -1;
    if (status == 0) status = PyObject_SetAttrString(self, "err", error);
    Py_XDECREF(base);
    Py_DECREF(error);
    return status;
}

/* One of the nine, None when there was no error. */
static PyObject *error_part(PyObject *self, Py_ssize_t index) {
    PyObject *error = PyObject_GetAttrString(self, "err");
    if (!error || error == Py_None) return error;
    PyObject *part = PySequence_GetItem(error, index);
    Py_DECREF(error);
    return part;
}

#define PART(name, index) static PyObject *name(PyObject *self, PyObject *unused) { (void)unused; return error_part(self, index); }
PART(get_error_code, 0)
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
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_init, error_init},
    {Py_tp_methods, methods},
    {Py_tp_doc, "libvirtError(defmsg)\n--\n\nWhat a failed call raises. Reads the thread's last error; `err` holds its nine parts."},
    {0, NULL},
};
static PyType_Spec spec = {"libvirt.libvirtError", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};

int py_make_errors(PyObject *module, struct py_state *state) {
    PyObject *bases = PyTuple_Pack(1, PyExc_Exception);
    state->error = bases ? PyType_FromModuleAndSpec(module, &spec, bases) : NULL;
    Py_XDECREF(bases);
    if (!state->error) return -1;
    return PyModule_AddObjectRef(module, "libvirtError", state->error);
}

PyObject *py_error_class(struct py_state *state, int code) {
    if (code <= 0 || code >= PY_ERROR_CODES) return state->error;
    if (state->errors[code]) return state->errors[code];
    for (const struct py_error_name *name = py_error_names; name->name; name++) {
        if (name->code != code) continue;
        char full[128];
        PyOS_snprintf(full, sizeof full, "libvirt.errors.%s", name->name);
        state->errors[code] = PyErr_NewException(full, state->error, NULL);
        if (!state->errors[code]) PyErr_Clear();
        break;
    }
    return state->errors[code] ? state->errors[code] : state->error;
}

PyObject *py_failed(struct py_call *call) {
    if (PyErr_Occurred()) return NULL;
    if (call->bare) return call->function->is_number ? py_from_int(-1) : py_none();
    const virError *last = py_ask_last_error();
    PyObject *type = py_error_class(call->state, last ? last->code : 0);
    PyObject *message = PyUnicode_FromFormat("%s() failed", call->function->name);
    PyObject *error = message ? PyObject_CallFunctionObjArgs(type, message, NULL) : NULL;
    if (error) PyErr_SetObject(type, error);
    Py_XDECREF(message);
    Py_XDECREF(error);
    return NULL;
}

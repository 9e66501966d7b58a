/* Credentials: what a program is asked when a connection is opened. */
#include "py.h"

/* The Python function and what it is given, for the time of the call. */
struct asked { PyObject *function, *opaque; struct py_gate *gate; };

/* A question as a list of five, the last of which the program replaces by its answer. */
static PyObject *question(const virConnectCredential *from) {
    return py_list((PyObject *[]){py_from_int(from->type), py_from_text(from->prompt), py_from_text(from->challenge),
                                  py_from_text(from->defresult), py_none()}, 5);
}

static int answer(virConnectCredential *to, PyObject *list) {
    PyObject *text = PyList_Size(list) > 4 ? PyList_GetItem(list, 4) : NULL;
    Py_ssize_t size;
    if (!text || text == Py_None) return 0;
    const char *found = PyUnicode_AsUTF8AndSize(text, &size);
    if (!found) return -1;
    to->result = strdup(found);
    to->resultlen = (unsigned int)size;
    return to->result ? 0 : -1;
}

static int ask(virConnectCredentialPtr credentials, unsigned int number, void *data) {
    struct asked *asked = data;
    PyThreadState *thread = py_thread.released;
    if (thread) PyEval_RestoreThread(thread);
    py_thread.released = NULL;
    PyObject *list = PyList_New((Py_ssize_t)number), *result = NULL;
    for (unsigned int at = 0; list && at < number; at++) list = py_list_set(list, at, question(&credentials[at]));
    if (list) result = PyObject_CallFunctionObjArgs(asked->function, list, asked->opaque, NULL);
    int status = result ? 0 : -1;
    if (result && PyLong_Check(result)) status = (int)PyLong_AsLong(result);
    for (unsigned int at = 0; status == 0 && at < number; at++) status = answer(&credentials[at], PyList_GetItem(list, at));
    if (PyErr_Occurred()) PyErr_WriteUnraisable(asked->function);
    Py_XDECREF(result);
    Py_XDECREF(list);
    py_thread.released = thread;
    if (thread) PyEval_SaveThread();
    return status;
}

int py_to_virConnectAuth(struct py_call *call, int index, PyObject *value, virConnectAuth *room, virConnectAuthPtr *to) {
    if (value == Py_None) return 1;
    if (!PyList_Check(value) || PyList_Size(value) < 2 || PyList_Size(value) > 3)
        return py_refuse(call, index, PyExc_TypeError, "must be a list of kinds of credentials, a function, and what it is given");
    PyObject *kinds = PyList_GetItem(value, 0), *function = PyList_GetItem(value, 1);
    PyObject *opaque = PyList_Size(value) > 2 ? PyList_GetItem(value, 2) : Py_None;
    struct asked *asked = py_block(call, sizeof *asked);
    unsigned int *types = NULL;
    size_t size = 0;
    if (!asked) return PyErr_NoMemory(), 0;
    if (function != Py_None && !PyCallable_Check(function)) return py_refuse(call, index, PyExc_TypeError, "must have a function as its second element");
    if (!py_to_uints(call, index, kinds, &types, &size)) return 0;
    Py_INCREF(function);
    Py_INCREF(opaque);
    if (!py_keep(call, function) || !py_keep(call, opaque)) return 0;
    *asked = (struct asked){function, opaque, call->state->gate};
    memset(room, 0, sizeof *room);
    room->credtype = (int *)types;
    room->ncredtype = (unsigned int)size;
    room->cb = function == Py_None ? NULL : ask;
    room->cbdata = asked;
    *to = room;
    return 1;
}

/* C functions that Python is handed, by an event loop, and calls. */
#include "py.h"
#include <pthread.h>

static const char function_name[] = "virEventHandleCallback", opaque_name[] = "void*", free_name[] = "virFreeCallback";

PyObject *py_from_c_callback(PyCFunction function) {
    static PyMethodDef known[8];
    int at = 0;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    while (known[at].ml_meth && known[at].ml_meth != function && at < 7) at++;
    if (!known[at].ml_meth) known[at] = (PyMethodDef){"invoke", function, METH_VARARGS, NULL};
    pthread_mutex_unlock(&lock);
    return PyCFunction_NewEx(&known[at], NULL, NULL);
}

static PyObject *capsule(void *pointer, const char *name) { return pointer ? PyCapsule_New(pointer, name, NULL) : py_none(); }

PyObject *py_from_c_opaque(void (*function)(void), void *opaque, virFreeCallback release) {
    return py_tuple((PyObject *[]){capsule((void *)function, function_name), capsule(opaque, opaque_name), capsule((void *)release, free_name)}, 3);
}

static void *pointer_of(PyObject *object, const char *name) {
    return PyCapsule_IsValid(object, name) ? PyCapsule_GetPointer(object, name) : NULL;
}

int py_c_callback_from(PyObject *arguments, int *numbers, int number, struct py_c_callback *target) {
    Py_ssize_t given = PyTuple_Size(arguments);
    if (given < number + 1 || given > number + 2) {
        PyErr_Format(PyExc_TypeError, "the callback takes %d numbers and what came with it (%zd arguments given)", number, given);
        return 0;
    }
    for (int at = 0; at < number; at++) {
        long found = PyLong_AsLong(PyTuple_GetItem(arguments, at));
        if (found == -1 && PyErr_Occurred()) return 0;
        numbers[at] = (int)found;
    }
    PyObject *first = PyTuple_GetItem(arguments, number), *second = given > number + 1 ? PyTuple_GetItem(arguments, number + 1) : Py_None;
    if (second == Py_None && PyTuple_Check(first) && PyTuple_Size(first) >= 2) {
        second = PyTuple_GetItem(first, 1);
        first = PyTuple_GetItem(first, 0);
    }
    target->function = (void (*)(void))pointer_of(first, function_name);
    target->opaque = pointer_of(second, opaque_name);
    if (target->function) return 1;
    PyErr_SetString(PyExc_TypeError, "the last argument must be what came with the callback");
    return 0;
}

void py_c_callback_release(struct py_c_callback *target) {
    target->outer = py_thread.released;
    target->thread = PyEval_SaveThread();
    py_thread.released = target->thread;
}

PyObject *py_c_callback_acquire(struct py_c_callback *target) {
    py_thread.released = target->outer;
    PyEval_RestoreThread(target->thread);
    return py_none();
}

PyObject *py_invoke_free(PyObject *module, PyObject *opaque) {
    (void)module;
    if (!PyTuple_Check(opaque) || PyTuple_Size(opaque) < 3) {
        PyErr_SetString(PyExc_TypeError, "the argument must be what came with a callback");
        return NULL;
    }
    virFreeCallback release = (virFreeCallback)pointer_of(PyTuple_GetItem(opaque, 2), free_name);
    if (!release) return py_none();
    struct py_c_callback target;
    void *pointer = pointer_of(PyTuple_GetItem(opaque, 1), opaque_name);
    py_c_callback_release(&target);
    release(pointer);
    return py_c_callback_acquire(&target);
}

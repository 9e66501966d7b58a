/* Python values become C values; what does not fit is refused with the names of the function and the argument. */
#include "py.h"
#include <limits.h>
#include <stdarg.h>

int py_refuse(struct py_call *call, int index, PyObject *type, const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    PyObject *reason = PyUnicode_FromFormatV(format, rest);
    va_end(rest);
    const struct py_function *function = call->function;
    const char *where = function->classed >= 0 ? py_classes[function->classed].name : py_modules[function->library].name;
    if (reason) PyErr_Format(type, "%s.%s(): argument '%s' %U", where, function->method, function->arguments[index], reason);
    Py_XDECREF(reason);
    return 0;
}

static int wrong_type(struct py_call *call, int index, PyObject *value, const char *wanted) {
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(value), "__name__");
    if (name) py_refuse(call, index, PyExc_TypeError, "must be %s, not %U", wanted, name);
    Py_XDECREF(name);
    return 0;
}

/* An integer between two bounds; `most` counts when `least` is 0. */
static int number(struct py_call *call, int index, PyObject *value, long long least, unsigned long long most, unsigned long long *to) {
    if (!PyLong_Check(value) && !PyIndex_Check(value)) return wrong_type(call, index, value, "an integer");
    PyObject *integer = PyNumber_Index(value);
    if (!integer) return 0;
    int overflow = 0;
    long long small = PyLong_AsLongLongAndOverflow(integer, &overflow);
    bool fits = overflow == 0 && small >= least && (small < 0 || (unsigned long long)small <= most);
    *to = (unsigned long long)small;
    if (overflow > 0) {
        *to = PyLong_AsUnsignedLongLong(integer);
        fits = !PyErr_Occurred() && *to <= most;
        PyErr_Clear();
    }
    Py_DECREF(integer);
    if (fits) return 1;
    return py_refuse(call, index, PyExc_OverflowError, "is out of range: %S", value);
}

#define NUMBER(name, type, least, most) \
    PY_TO(name, type) { \
        unsigned long long found; \
        if (!number(call, index, value, least, most, &found)) return 0; \
        *to = (type)found; \
        return 1; \
    }
NUMBER(int, int, INT_MIN, INT_MAX)
NUMBER(uint, unsigned int, 0, UINT_MAX)
NUMBER(long, long, LONG_MIN, LONG_MAX)
NUMBER(ulong, unsigned long, 0, ULONG_MAX)
NUMBER(llong, long long, LLONG_MIN, LLONG_MAX)
NUMBER(ullong, unsigned long long, 0, ULLONG_MAX)
NUMBER(size, size_t, 0, SSIZE_MAX)

int py_not_empty(struct py_call *call, int index, size_t size) {
    return size > 0 || py_refuse(call, index, PyExc_LookupError, "must not be empty");
}

PY_TO(truth, int) {
    (void)call, (void)index;
    *to = PyObject_IsTrue(value);
    return *to >= 0;
}

PY_TO(text, const char *) {
    Py_ssize_t size;
    if (value == Py_None) {
        *to = NULL;
        return 1;
    }
    if (!PyUnicode_Check(value)) return wrong_type(call, index, value, "str or None");
    *to = PyUnicode_AsUTF8AndSize(value, &size);
    if (!*to) {
        PyErr_Clear();
        PyObject *bytes = PyUnicode_AsEncodedString(value, "utf-8", "surrogateescape");
        char *text;
        if (!bytes || !py_keep(call, bytes) || PyBytes_AsStringAndSize(bytes, &text, &size) < 0) return 0;
        *to = text;
    }
    if (memchr(*to, 0, (size_t)size)) return py_refuse(call, index, PyExc_ValueError, "has an embedded null character");
    return 1;
}

/* Bytes of any object that has some. */
static int bytes_of(struct py_call *call, int index, PyObject *value, char **to, Py_ssize_t *size) {
    if (PyBytes_Check(value)) return PyBytes_AsStringAndSize(value, to, size) == 0;
    PyObject *view = PyUnicode_Check(value) || PyLong_Check(value) ? NULL : PyMemoryView_FromObject(value);
    PyObject *bytes = view ? PyBytes_FromObject(view) : NULL;
    Py_XDECREF(view);
    if (!bytes) {
        PyErr_Clear();
        return wrong_type(call, index, value, "bytes");
    }
    return py_keep(call, bytes) && PyBytes_AsStringAndSize(bytes, to, size) == 0;
}

PY_TO(uuid, const unsigned char *) {
    char *bytes;
    Py_ssize_t size;
    if (!bytes_of(call, index, value, &bytes, &size)) return 0;
    if (size != VIR_UUID_BUFLEN) return py_refuse(call, index, PyExc_ValueError, "must have %d bytes, not %zd", VIR_UUID_BUFLEN, size);
    *to = (const unsigned char *)bytes;
    return 1;
}

int py_to_bytes(struct py_call *call, int index, PyObject *value, const void **to, size_t *size) {
    char *bytes;
    Py_ssize_t length;
    if (!bytes_of(call, index, value, &bytes, &length)) return 0;
    *to = bytes;
    *size = (size_t)length;
    return 1;
}

int py_to_handle(struct py_call *call, int index, PyObject *value, int class_index, void **to) {
    const struct py_class *type = &py_classes[class_index];
    *to = NULL;
    if (value == Py_None) return 1;
    if (PyType_IsSubtype(Py_TYPE(value), call->state->classes[class_index])) {
        struct py_object *object = (struct py_object *)value;
        if (type->ends) py_hold(call, object);
        *to = object->pointer;
        return 1;
    }
    if (PyCapsule_IsValid(value, type->capsule)) {
        *to = PyCapsule_GetPointer(value, type->capsule);
        return 1;
    }
    return wrong_type(call, index, value, type->name);
}

/* The elements of a list or tuple, kept until the call ends. */
static PyObject *elements(struct py_call *call, int index, PyObject *value, Py_ssize_t *size) {
    bool is_iterable = PySequence_Check(value) || PyObject_HasAttrString(value, "__iter__");
    if (!is_iterable || PyUnicode_Check(value) || PyBytes_Check(value) || PyDict_Check(value)) {
        wrong_type(call, index, value, "a list or tuple");
        return NULL;
    }
    PyObject *all = PySequence_Tuple(value);
    if (!all || !py_keep(call, all)) return NULL;
    *size = PyTuple_Size(all);
    return all;
}

#define ARRAY(value, pointer) \
    Py_ssize_t length; \
    PyObject *all = elements(call, index, value, &length); \
    if (!all) return 0; \
    if (!(*(pointer) = py_block(call, ((size_t)length + 1) * sizeof **(pointer)))) return PyErr_NoMemory(), 0;

int py_to_handles(struct py_call *call, int index, PyObject *value, int class_index, void ***to) {
    ARRAY(value, to)
    for (Py_ssize_t at = 0; at < length; at++) {
        PyObject *item = PyTuple_GetItem(all, at);
        if (item == Py_None) return wrong_type(call, index, item, "a list without None");
        if (!py_to_handle(call, index, item, class_index, &(*to)[at])) return 0;
        if (!(*to)[at]) return py_refuse(call, index, PyExc_ValueError, "has an object that is closed, at %zd", at);
    }
    return 1;
}

int py_to_bits(struct py_call *call, int index, PyObject *value, unsigned char **to, size_t *size) {
    ARRAY(value, to)
    *size = length ? ((size_t)length + 7) / 8 : 1;
    for (Py_ssize_t at = 0; at < length; at++) {
        int is = PyObject_IsTrue(PyTuple_GetItem(all, at));
        if (is < 0) return 0;
        if (is) (*to)[at / 8] |= (unsigned char)(1 << (at % 8));
    }
    return 1;
}

int py_to_texts(struct py_call *call, int index, PyObject *value, const char ***to, size_t *size) {
    if (value == Py_None) return 1;
    ARRAY(value, to)
    *size = (size_t)length;
    for (Py_ssize_t at = 0; at < length; at++) {
        PyObject *item = PyTuple_GetItem(all, at);
        if (item == Py_None) return wrong_type(call, index, item, "a list of str");
        if (!py_to_text(call, index, item, &(*to)[at])) return 0;
    }
    return 1;
}

int py_to_uints(struct py_call *call, int index, PyObject *value, unsigned int **to, size_t *size) {
    ARRAY(value, to)
    *size = (size_t)length;
    for (Py_ssize_t at = 0; at < length; at++) {
        if (!py_to_uint(call, index, PyTuple_GetItem(all, at), &(*to)[at])) return 0;
    }
    return 1;
}

int py_to_descriptors(struct py_call *call, int index, PyObject *value, int **to, size_t *size) {
    if (value == Py_None) return 1;
    ARRAY(value, to)
    *size = (size_t)length;
    for (Py_ssize_t at = 0; at < length; at++) {
        (*to)[at] = PyObject_AsFileDescriptor(PyTuple_GetItem(all, at));
        if ((*to)[at] < 0) return 0;
    }
    return 1;
}

int py_to_uint_ullong_pairs(struct py_call *call, int index, PyObject *value, unsigned int **keys, unsigned long long **values,
                            size_t *size) {
    if (!PyDict_Check(value)) return wrong_type(call, index, value, "a dict");
    PyObject *copy = PyDict_Copy(value), *key, *item;
    if (!py_keep(call, copy)) return 0;
    *size = (size_t)PyDict_Size(copy);
    *keys = py_block(call, *size * sizeof **keys);
    *values = py_block(call, *size * sizeof **values);
    if (!*keys || !*values) return PyErr_NoMemory(), 0;
    Py_ssize_t position = 0;
    for (size_t at = 0; at < *size && PyDict_Next(copy, &position, &key, &item); at++) {
        if (!py_to_uint(call, index, key, &(*keys)[at]) || !py_to_ullong(call, index, item, &(*values)[at])) return 0;
    }
    return 1;
}

int py_to_record(struct py_call *call, int index, PyObject *value, const char *first, long long *first_to, const char *second,
                 unsigned int *second_to) {
    *first_to = 0;
    *second_to = 0;
    if (!value || value == Py_None) return 1;
    if (!PyDict_Check(value)) return wrong_type(call, index, value, "a dict");
    PyObject *a = PyDict_GetItemString(value, first), *b = PyDict_GetItemString(value, second);
    if (!a) return py_refuse(call, index, PyExc_LookupError, "must have the key '%s'", first);
    if (PyDict_Size(value) > (b ? 2 : 1)) return py_refuse(call, index, PyExc_LookupError, "may have the keys '%s' and '%s' only", first, second);
    return py_to_llong(call, index, a, first_to) && (!b || py_to_uint(call, index, b, second_to));
}

/* ---- Typed parameters ---------------------------------------------------------------------------------------------- */

/* The type that a Python value has by itself. */
static int guess(PyObject *value) {
    if (PyUnicode_Check(value)) return VIR_TYPED_PARAM_STRING;
    if (PyBool_Check(value)) return VIR_TYPED_PARAM_BOOLEAN;
    if (PyFloat_Check(value)) return VIR_TYPED_PARAM_DOUBLE;
    if (!PyLong_Check(value)) return 0;
    int overflow = 0;
    PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow > 0 ? VIR_TYPED_PARAM_ULLONG : VIR_TYPED_PARAM_LLONG;
}

static int set_parameter(struct py_call *call, int index, const char *key, int type, PyObject *value, virTypedParameterPtr to) {
    const char *text;
    strcpy(to->field, key);
    to->type = type;
    switch (type) {
    case VIR_TYPED_PARAM_INT: return py_to_int(call, index, value, &to->value.i);
    case VIR_TYPED_PARAM_UINT: return py_to_uint(call, index, value, &to->value.ui);
    case VIR_TYPED_PARAM_LLONG: return py_to_llong(call, index, value, &to->value.l);
    case VIR_TYPED_PARAM_ULLONG: return py_to_ullong(call, index, value, &to->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        to->value.d = PyFloat_AsDouble(value);
        return !PyErr_Occurred();
    case VIR_TYPED_PARAM_BOOLEAN: {
        int is = PyObject_IsTrue(value);
        to->value.b = is > 0;
        return is >= 0;
    }
    case VIR_TYPED_PARAM_STRING:
        if (!py_to_text(call, index, value, &text)) return 0;
        if (!text) return py_refuse(call, index, PyExc_TypeError, "has None under '%s'", key);
        to->value.s = (char *)text;
        return 1;
    default: return py_refuse(call, index, PyExc_TypeError, "has a value of a type that no parameter has, under '%s'", key);
    }
}

int py_to_parameters(struct py_call *call, int index, PyObject *value, const struct py_family *family, virTypedParameterPtr *to,
                     size_t *size) {
    if (value == Py_None) return 1;
    if (!PyDict_Check(value)) return wrong_type(call, index, value, "a dict");
    PyObject *copy = PyDict_Copy(value), *key, *item;
    if (!py_keep(call, copy)) return 0;
    size_t room = 0;
    Py_ssize_t position = 0;
    while (PyDict_Next(copy, &position, &key, &item)) room += PyList_Check(item) ? (size_t)PyList_Size(item) : 1;
    if (!(*to = py_block(call, room * sizeof **to))) return PyErr_NoMemory(), 0;
    position = 0;
    while (PyDict_Next(copy, &position, &key, &item)) {
        const char *name;
        if (!PyUnicode_Check(key)) return wrong_type(call, index, key, "a dict with str keys");
        if (!py_to_text(call, index, key, &name)) return 0;
        if (strlen(name) >= VIR_TYPED_PARAM_FIELD_LENGTH) return py_refuse(call, index, PyExc_ValueError, "has a key that is too long: '%s'", name);
        int type = 0;
        if (family && family->keys->name) {
            const struct py_key *known = family->keys;
            while (known->name && strcmp(known->name, name) != 0) known++;
            if (!known->name) return py_refuse(call, index, PyExc_LookupError, "has an unknown key '%s'; the family is '%s'", name, family->name);
            type = known->type;
        }
        /* A copy, because what converts an element may change the list. */
        PyObject *all = PyList_Check(item) ? PyList_AsTuple(item) : NULL;
        if (PyList_Check(item) && !py_keep(call, all)) return 0;
        Py_ssize_t count = all ? PyTuple_Size(all) : 1;
        for (Py_ssize_t at = 0; at < count && *size < room; at++) {
            PyObject *one = all ? PyTuple_GetItem(all, at) : item;
            if (!one || !set_parameter(call, index, name, type ? type : guess(one), one, &(*to)[*size])) return 0;
            ++*size;
        }
    }
    return 1;
}

/* C values become Python values. */
#include "py.h"

PyObject *py_none(void) { Py_INCREF(Py_None); return Py_None; }
PyObject *py_from_int(long value) { return PyLong_FromLong(value); }
PyObject *py_from_uint(unsigned long value) { return PyLong_FromUnsignedLong(value); }
PyObject *py_from_long(long value) { return PyLong_FromLong(value); }
PyObject *py_from_ulong(unsigned long value) { return PyLong_FromUnsignedLong(value); }
PyObject *py_from_llong(long long value) { return PyLong_FromLongLong(value); }
PyObject *py_from_ullong(unsigned long long value) { return PyLong_FromUnsignedLongLong(value); }
PyObject *py_from_size(size_t value) { return PyLong_FromSize_t(value); }

PyObject *py_from_text(const char *text) {
    return text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape") : py_none();
}

PyObject *py_from_owned_text(char *text) {
    PyObject *result = py_from_text(text);
    free(text);
    return result;
}

PyObject *py_from_bounded_text(const char *text, size_t room) {
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strnlen(text, room), "surrogateescape");
}

PyObject *py_from_owned_bytes(void *bytes, size_t size) {
    PyObject *result = PyBytes_FromStringAndSize(bytes, (Py_ssize_t)size);
    free(bytes);
    return result;
}

PyObject *py_list_set(PyObject *list, Py_ssize_t at, PyObject *item) {
    if (list && item && PyList_SetItem(list, at, item) == 0) return list;
    if (!list) Py_XDECREF(item);
    Py_XDECREF(list);
    return NULL;
}

int py_dict_enter(PyObject *dict, PyObject *key, PyObject *value) {
    int status = dict && key && value ? PyDict_SetItem(dict, key, value) : -1;
    Py_XDECREF(key);
    Py_XDECREF(value);
    return status == 0;
}

PyObject *py_list(PyObject **items, int number) {
    PyObject *list = PyList_New(number);
    for (int at = 0; at < number; at++) {
        if (list) list = py_list_set(list, at, items[at]);
        else Py_XDECREF(items[at]);
    }
    return list;
}

PyObject *py_tuple(PyObject **items, int number) {
    PyObject *tuple = NULL;
    int complete = 1;
    for (int at = 0; at < number; at++) complete = complete && items[at];
    if (complete) tuple = PyTuple_New(number);
    for (int at = 0; at < number; at++) {
        if (tuple) PyTuple_SetItem(tuple, at, items[at]);
        else Py_XDECREF(items[at]);
    }
    return tuple;
}

PyObject *py_dict(const char *const *keys, PyObject **items, int number) {
    PyObject *dict = PyDict_New();
    for (int at = 0; at < number; at++) {
        int status = -1;
        if (dict && items[at]) status = keys[at] ? PyDict_SetItemString(dict, keys[at], items[at]) : PyDict_Update(dict, items[at]);
        Py_XDECREF(items[at]);
        if (status < 0) Py_CLEAR(dict);
    }
    return dict;
}

#define LIST(head, make) \
    head { \
        PyObject *list = PyList_New(number < 0 ? 0 : number); \
        for (Py_ssize_t at = 0; list && at < number; at++) list = py_list_set(list, at, make); \
        return list; \
    }
LIST(PyObject *py_from_texts(char *const *texts, Py_ssize_t number), py_from_text(texts[at]))
LIST(PyObject *py_from_ints(const int *values, Py_ssize_t number), PyLong_FromLong(values[at]))
LIST(PyObject *py_from_ullongs(const unsigned long long *values, Py_ssize_t number), PyLong_FromUnsignedLongLong(values[at]))

PyObject *py_from_ullong_grid(const unsigned long long *values, Py_ssize_t number, int start, const unsigned int *keys, size_t width) {
    PyObject *rows = PyDict_New(), *row = NULL;
    for (Py_ssize_t at = 0; rows && width && at < number; at++) {
        if ((size_t)at % width == 0) {
            row = PyDict_New();
            Py_XINCREF(row);
            if (!py_dict_enter(rows, PyLong_FromLong(start + (long)((size_t)at / width)), row)) {
                Py_CLEAR(row);
                Py_CLEAR(rows);
                break;
            }
            Py_DECREF(row);
        }
        if (!py_dict_enter(row, PyLong_FromUnsignedLong(keys[(size_t)at % width]), PyLong_FromUnsignedLongLong(values[at]))) Py_CLEAR(rows);
    }
    return rows;
}

PyObject *py_from_bits(const char *bytes, int bits, int is_tuple) {
    PyObject *list = PyList_New(bits < 0 ? 0 : bits);
    for (int at = 0; list && at < bits; at++) list = py_list_set(list, at, PyBool_FromLong(bytes[at / 8] >> (at % 8) & 1));
    if (!list || !is_tuple) return list;
    PyObject *tuple = PyList_AsTuple(list);
    Py_DECREF(list);
    return tuple;
}

PyObject *py_from_bit_rows(const char *bytes, int rows, int width, int bits) {
    PyObject *list = PyList_New(rows < 0 ? 0 : rows);
    for (int at = 0; list && at < rows; at++) list = py_list_set(list, at, py_from_bits(bytes + (size_t)at * (size_t)width, bits, 1));
    return list;
}

static PyObject *parameter_value(const virTypedParameter *parameter) {
    switch (parameter->type) {
    case VIR_TYPED_PARAM_INT: return PyLong_FromLong(parameter->value.i);
    case VIR_TYPED_PARAM_UINT: return PyLong_FromUnsignedLong(parameter->value.ui);
    case VIR_TYPED_PARAM_LLONG: return PyLong_FromLongLong(parameter->value.l);
    case VIR_TYPED_PARAM_ULLONG: return PyLong_FromUnsignedLongLong(parameter->value.ul);
    case VIR_TYPED_PARAM_DOUBLE: return PyFloat_FromDouble(parameter->value.d);
    case VIR_TYPED_PARAM_BOOLEAN: return PyBool_FromLong(parameter->value.b);
    case VIR_TYPED_PARAM_STRING: return py_from_text(parameter->value.s);
    default: return NULL;
    }
}

/* Tells keys apart, eight bytes at a time; the last eight may overlap those before. The upper bits depend on all. */
static size_t hash_of(const char *field, size_t length) {
    uint64_t hash = length, word = 0;
    for (size_t at = 0; at + 8 < length; at += 8) {
        memcpy(&word, field + at, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    }
    word = 0;
    if (length >= 8) memcpy(&word, field + length - 8, 8);
    else memcpy(&word, field, length);
    return (size_t)(((hash ^ word) * 0x9e3779b97f4a7c15u) >> (64 - PY_KEY_BITS));
}

/* The key of a parameter. The same few come again and again, with each of thousands of objects. */
static PyObject *key_of(struct py_state *state, const char *field) {
    size_t length = strnlen(field, VIR_TYPED_PARAM_FIELD_LENGTH);
#ifdef Py_GIL_DISABLED
    state = NULL;
#endif
    if (!state) return py_from_bounded_text(field, length);
    struct py_known_key *known = &state->keys[hash_of(field, length)];
    if (!known->key || known->size != length || memcmp(known->text, field, length) != 0) {
        Py_ssize_t size;
        PyObject *made = py_from_bounded_text(field, length);
        const char *text = made ? PyUnicode_AsUTF8AndSize(made, &size) : NULL;
        if (!text || (size_t)size != length) {
            PyErr_Clear();
            return made;
        }
        known->text = text;
        known->size = length;
        PY_SET(known->key, made);
    }
    Py_INCREF(known->key);
    return known->key;
}

PyObject *py_from_parameters(struct py_call *call, const virTypedParameter *parameters, int number) {
    PyObject *dict = PyDict_New();
    for (int at = 0; dict && parameters && at < number; at++) {
        PyObject *value = parameter_value(&parameters[at]);
        if (!value && !PyErr_Occurred()) continue;
        if (!py_dict_enter(dict, key_of(call ? call->state : NULL, parameters[at].field), value)) Py_CLEAR(dict);
    }
    return dict;
}

PyObject *py_from_parameter_rows(struct py_call *call, const virTypedParameter *parameters, size_t rows, size_t width) {
    PyObject *list = PyList_New(0);
    for (size_t row = 0; list && parameters && row < rows; row++) {
        if (parameters[row * width].type == 0) continue;
        PyObject *dict = py_from_parameters(call, parameters + row * width, (int)width);
        int status = dict ? PyList_Append(list, dict) : -1;
        Py_XDECREF(dict);
        if (status < 0) Py_CLEAR(list);
    }
    return list;
}

void py_free_texts(char **texts, Py_ssize_t number) {
    for (Py_ssize_t at = 0; texts && at < number; at++) free(texts[at]);
}

void py_free_parameters(virTypedParameterPtr parameters, size_t number) {
    for (size_t at = 0; parameters && at < number; at++) {
        if (parameters[at].type == VIR_TYPED_PARAM_STRING) free(parameters[at].value.s);
    }
}

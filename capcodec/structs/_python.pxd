"""References, ints and the Python C API, as far as the core needs more than Cython declares."""

from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport uint64_t


cdef extern from *:
    """
    #ifndef CC_PYTHON
    #define CC_PYTHON

    #ifdef Py_GIL_DISABLED
    #define CC_HAS_GIL 0
    #else
    #define CC_HAS_GIL 1
    #endif

    /* From a new reference that nobody counts to one that Cython counts, and back. */
    #define cc_own(o) ((PyObject *)(o))
    static inline __attribute__((unused)) PyObject *cc_new_ref(PyObject *o) { Py_INCREF(o); return o; }

    /* The definition of a builtin function, with another entry. */
    static inline __attribute__((unused)) PyMethodDef cc_with_entry(PyObject *function, void *entry)
    {
        PyMethodDef method = *((PyCFunctionObject *)function)->m_ml;
        method.ml_meth = (PyCFunction)(void (*)(void))entry;
        method.ml_flags = METH_FASTCALL | METH_KEYWORDS;
        return method;
    }

    /* Beyond 256 Python makes a new int each time, for a third of what it costs to read a field. The values of capsets
     * are few and come back again and again: powers of two, limits, sizes. So each module keeps the ints that it made
     * last, one for each hash. Without a GIL that would be a race. */
    #if CC_HAS_GIL
    static struct { uint64_t value; PyObject *object; } cc_ints[1024];

    static __attribute__((unused, noinline)) PyObject *cc_make_int(uint64_t v, uint64_t slot)
    {
        PyObject *made = PyLong_FromUnsignedLongLong(v), *old = cc_ints[slot].object;
        if (made) {
            Py_INCREF(made);
            cc_ints[slot].value = v;
            cc_ints[slot].object = made;
            Py_XDECREF(old);
        }
        return made;
    }

    static inline PyObject *cc_int(uint64_t v)
    {
        uint64_t slot = v * UINT64_C(0x9e3779b97f4a7c15) >> 54;
        PyObject *known = cc_ints[slot].object;
        if (known && cc_ints[slot].value == v) {
            Py_INCREF(known);
            return known;
        }
        return cc_make_int(v, slot);
    }
    #else
    #define cc_int(v) PyLong_FromUnsignedLongLong(v)
    #endif

    /* The value of an int of one digit, as most are, without a call. */
    #if PY_VERSION_HEX >= 0x030C0000
    #define cc_is_small(o) PyUnstable_Long_IsCompact((PyLongObject *)(o))
    #define cc_small_value(o) PyUnstable_Long_CompactValue((PyLongObject *)(o))
    #else
    #define cc_is_small(o) ((size_t)Py_SIZE(o) + 1 <= 2)
    #define cc_small_value(o) ((long long)Py_SIZE(o) * ((PyLongObject *)(o))->ob_digit[0])
    #endif
    #endif
    """
    bint CC_HAS_GIL
    ctypedef struct PyMethodDef:
        pass
    PyMethodDef cc_with_entry(object function, void *entry)
    object PyCFunction_NewEx(PyMethodDef *method, void *self, object module)
    PyObject *PyObject_Vectorcall(
        object function, PyObject *const *args, Py_ssize_t count, PyObject *keywords
    ) except NULL
    object own "cc_own"(PyObject *o)
    PyObject *new_ref "cc_new_ref"(object o)
    PyObject *cc_int(uint64_t v) except NULL
    bint cc_is_small(PyObject *o)
    long long cc_small_value(PyObject *o)

cdef extern from "Python.h":
    void incref "Py_INCREF"(PyObject *o)
    void decref "Py_DECREF"(PyObject *o)
    PyTypeObject *Py_TYPE(PyObject *o)
    bint PyLong_CheckExact(PyObject *o)
    long long PyLong_AsLongLongAndOverflow(PyObject *o, int *overflow) except? -1
    unsigned long long PyLong_AsUnsignedLongLong(object o) except? <unsigned long long>-1
    object PyNumber_Index(object o)
    Py_ssize_t PyNumber_AsSsize_t(object o, object error) except? -1
    PyObject *new_int "PyLong_FromLongLong"(long long v) except NULL
    PyObject *new_float "PyFloat_FromDouble"(double v) except NULL
    PyObject *new_bytes "PyBytes_FromStringAndSize"(const char *bytes, Py_ssize_t size) except NULL
    ctypedef PyObject *(*newfunc)(PyTypeObject *, PyObject *, PyObject *) except NULL
    ctypedef struct construction "PyTypeObject":
        PyObject *tp_dict
        newfunc tp_new
        void *tp_vectorcall
    void PyType_Modified(PyTypeObject *type)

"""Ints: those that are there already, and the values of small ones."""

cdef extern from *:
    """
    /* Beyond 256 Python makes a new int each time, for a third of what reading a field costs. The values of capsets are
     * few and come back again and again: powers of two, limits, sizes. So the ints made last are kept, one per hash. */
    #if CC_HAS_GIL
    static struct { uint64_t value; PyObject *object; } cc_ints[1024];

    static PyObject *cc_new_int(uint64_t v, uint64_t slot)
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
        return cc_new_int(v, slot);
    }
    #else
    #define cc_int(v) PyLong_FromUnsignedLongLong(v)
    #endif

    /* Ints of one digit, by far the most, are read without a call. */
    #if PY_VERSION_HEX >= 0x030C0000
    #define cc_is_small(o) PyUnstable_Long_IsCompact((PyLongObject *)(o))
    #define cc_small_value(o) PyUnstable_Long_CompactValue((PyLongObject *)(o))
    #else
    #define cc_is_small(o) ((size_t)Py_SIZE(o) + 1 <= 2)
    #define cc_small_value(o) ((long long)Py_SIZE(o) * ((PyLongObject *)(o))->ob_digit[0])
    #endif
    """
    PyObject *cc_int(uint64_t v) except NULL
    bint cc_is_small(PyObject *o)
    long long cc_small_value(PyObject *o)

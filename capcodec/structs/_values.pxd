"""One element that is no struct: bytes to a Python value and back."""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint64_t

from capcodec.structs._headers cimport (
    CC_SBITS, CC_U32, CC_UBITS, cc_load32, cc_load_unsigned, cc_row, cc_store32, cc_store_integer,
)
from capcodec.structs._python cimport (
    PyLong_AsLongLongAndOverflow, PyLong_CheckExact, cc_int, cc_is_small, cc_small_value,
)

cdef enum:
    # What is wrong with a value; field_errors.wrong_value puts it into words
    FITS
    WRONG_TYPE
    OUT_OF_RANGE
    WRONG_LENGTH

cdef PyObject *load_rarer(const cc_row *row, const uint8_t *p) except NULL
cdef int store_rarer(const cc_row *row, uint8_t *p, object value) except -1
cdef int store_huge(const cc_row *row, uint8_t *p, object value) except -1


cdef inline PyObject *load_value(const cc_row *row, const uint8_t *p) except NULL:
    """The value, as a new reference."""
    cdef uint8_t op = row.op
    if op == CC_U32:
        return cc_int(cc_load32(p))
    if op <= CC_UBITS:
        return cc_int(cc_load_unsigned(row, p))
    return load_rarer(row, p)


cdef inline int store_value(const cc_row *row, uint8_t *p, PyObject *value) except -1:
    """Store a value, or say why not. Nothing is written unless it fits."""
    cdef int overflow = 0
    cdef long long v
    if row.op > CC_SBITS or not PyLong_CheckExact(value):
        return store_rarer(row, p, <object>value)
    v = cc_small_value(value) if cc_is_small(value) else PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow:
        return store_huge(row, p, <object>value)
    if v < row.min or (v > 0 and <uint64_t>v > row.max):
        return OUT_OF_RANGE
    if row.op == CC_U32:
        cc_store32(p, <uint64_t>v)
    else:
        cc_store_integer(row, p, <uint64_t>v)
    return FITS

# -- numbers that callers give

cdef Py_ssize_t odd_number(object subject, str name, object value, Py_ssize_t low, Py_ssize_t high) except -1


cdef inline Py_ssize_t exact_number(object subject, str name, object value, Py_ssize_t low, Py_ssize_t high) except -1:
    """The number that a caller gives, if it is one from ``low`` to ``high``."""
    if PyLong_CheckExact(<PyObject *>value) and cc_is_small(<PyObject *>value):
        if low <= cc_small_value(<PyObject *>value) <= high:
            return cc_small_value(<PyObject *>value)
    return odd_number(subject, name, value, low, high)

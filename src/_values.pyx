"""One element that is no struct: the types that are rarer than an unsigned integer."""

from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_AsDouble, PyFloat_Check
from cpython.object cimport PyObject
from libc.stdint cimport UINT64_MAX, uint8_t
from libc.string cimport memmove, memset

from capcodec.structs._headers cimport (
    CC_CHARS, CC_F32, CC_F64, cc_load_f32, cc_load_f64, cc_load_signed, cc_row, cc_store_f32, cc_store_f64,
    cc_store_integer,
)
from capcodec.structs._instances cimport borrow, cc_borrowed, release
from capcodec.structs._python cimport (
    PyLong_AsLongLongAndOverflow, PyLong_AsUnsignedLongLong, PyLong_CheckExact, PyNumber_Index, new_bytes, new_float,
    new_int,
)

from capcodec import errors

cdef extern from "Python.h":
    const Py_ssize_t PY_SSIZE_T_MAX


cdef PyObject *load_rarer(const cc_row *row, const uint8_t *p) except NULL:
    cdef Py_ssize_t n
    if row.op == CC_F32:
        return new_float(cc_load_f32(p))
    if row.op == CC_F64:
        return new_float(cc_load_f64(p))
    if row.op == CC_CHARS:
        n = row.size
        while n and p[n - 1] == 0:
            n -= 1
        return new_bytes(<char *>p, n)
    return new_int(cc_load_signed(row, p))


cdef int store_rarer(const cc_row *row, uint8_t *p, object value) except -1:
    """Floats, char arrays, and ints that are no plain int."""
    if row.op == CC_F32 or row.op == CC_F64:
        return store_float(row, p, value)
    if row.op == CC_CHARS:
        return store_chars(row, p, value)
    if PyFloat_Check(value) or not hasattr(value, "__index__"):
        return WRONG_TYPE
    value = exact_int(value)
    return store_value(row, p, <PyObject *>value)


cdef object exact_int(object value):
    """Of bool and other subclasses, the plain int: the methods of a subclass may lie."""
    value = PyNumber_Index(value)
    return value if PyLong_CheckExact(<PyObject *>value) else int.__add__(value, 0)


cdef int store_huge(const cc_row *row, uint8_t *p, object value) except -1:
    """An int that does not fit a long long: the upper half of u64, or too much for any field."""
    if row.max != UINT64_MAX:
        return OUT_OF_RANGE
    try:
        cc_store_integer(row, p, PyLong_AsUnsignedLongLong(value))
    except OverflowError:
        return OUT_OF_RANGE
    return FITS


cdef int store_float(const cc_row *row, uint8_t *p, object value) except -1:
    cdef double d
    if PyFloat_Check(value):
        d = PyFloat_AS_DOUBLE(value)
    else:
        try:
            d = PyFloat_AsDouble(value)
        except TypeError:
            return WRONG_TYPE
        except OverflowError:
            return OUT_OF_RANGE
    if row.op == CC_F64:
        cc_store_f64(p, d)
        return FITS
    return OUT_OF_RANGE if cc_store_f32(p, d) else FITS


cdef int store_chars(const cc_row *row, uint8_t *p, object value) except -1:
    cdef cc_borrowed text
    if not isinstance(value, (bytes, bytearray, memoryview)):
        return WRONG_TYPE
    borrow(<PyObject *>value, &text, <PyObject *>"a char array")
    if text.length > row.size:
        release(&text)
        return WRONG_LENGTH
    # The buffer given may be the very bytes that are written
    memmove(p, text.data, text.length)
    memset(p + text.length, 0, row.size - text.length)
    release(&text)
    return FITS


cdef Py_ssize_t odd_number(object subject, str name, object value, Py_ssize_t low, Py_ssize_t high) except -1:
    """As exact_number, of any object."""
    cdef int overflow = 0
    cdef long long n = 0
    number = None
    try:
        number = PyNumber_Index(value)
    except TypeError:
        pass
    if number is not None:
        n = PyLong_AsLongLongAndOverflow(<PyObject *>number, &overflow)
        if not overflow and low <= n <= high:
            return n
    limits = f"{low} or more" if high == PY_SSIZE_T_MAX else f"{low}..{high}"
    raise errors.ArgumentError(f"{subject}: expected a {name} of {limits}, got {errors.shown(value)}")

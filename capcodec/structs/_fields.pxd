"""Fields as Python sees them: descriptors on the class, and arrays in place."""

from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport uint8_t

from capcodec.structs._dicts cimport cc_slot


cdef class Array:
    cdef PyObject *owner  # the instance: keeps the bytes
    cdef PyObject *keeper  # keeps what the slot points to
    cdef const cc_slot *slot
    cdef uint8_t *data
    cdef int depth  # dimensions left
    cdef Py_ssize_t shape[3]
    cdef Py_ssize_t strides[3]


cdef class Member:
    cdef cc_slot slot
    cdef object owner  # the type that has this in its dict
    cdef object kept  # what the slot borrows


cdef Member blank_member()
cdef PyObject *member_get(PyObject *member, PyObject *instance, PyObject *owner) except NULL
cdef int member_set(PyObject *member, PyObject *instance, PyObject *value) except -1

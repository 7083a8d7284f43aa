"""Classes as the core makes them, and what other Cython code may call.

Compile with ``include_dirs=[capcodec.get_include()]``.
"""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t

from capcodec.structs._dicts cimport cc_class
from capcodec.structs._fields cimport Member
from capcodec.structs._headers cimport cc_row
from capcodec.structs._instances cimport Instance


cdef class Codec:
    cdef cc_class cls
    cdef object layout
    cdef object planner  # of columns
    cdef dict plans  # that it has made
    cdef object type  # that this is the codec of
    cdef dict nested  # classes of the structs within, by layout; those within them too
    cdef dict members  # by path, filled as paths are asked for
    cdef list kept  # what the slots borrow
    cdef bytes name


cdef class Struct(Instance):
    pass


cdef Codec codec_of(object cls)
cdef int fill_bits(cc_row *row, object field) except -1
cdef int refuse_stray(object field) except -1

# The layout: the row of the field at a path, as in cls.fields. It lives as long as the class.
cdef const cc_row *row_at(object cls, str path) except NULL

# An instance of a struct's class with a copy of `size` bytes.
cdef object unpack_bytes(object cls, const uint8_t *data, Py_ssize_t size)

# The bytes of an instance, and how many there are: at one address as long as it lives, not to be written if it is
# a read-only view.
cdef uint8_t *bytes_of(object capset, Py_ssize_t *size) except NULL

"""What the core knows of a class's fields, and whole structs as dicts and lists."""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from capcodec.structs._headers cimport CC_STRUCT, cc_load_unsigned, cc_row
from capcodec.structs._instances cimport cc_storage
from capcodec.structs._python cimport new_ref
from capcodec.structs._values cimport load_value

cdef struct cc_slot:
    # One field of a class: its row, and what a row that knows no Python cannot hold
    cc_row row
    PyObject *name  # this and the field are borrowed; who has the slot keeps them
    PyObject *field
    cc_class *child  # of a struct; borrowed likewise
    cc_cases *cases  # of a union whose member is told by a field before it; else NULL
    bint filler

cdef struct cc_cases:
    # Which member of a union is meant
    cc_row row  # of the field that tells
    uint32_t distance  # from that field to the union, in bytes
    Py_ssize_t count
    uint64_t *values
    cc_class **classes  # borrowed, as `child` is

cdef struct cc_class:
    # A class as the core sees it
    cc_storage storage  # first, so that a pointer to it is one to the class
    PyObject *codec  # what this is a part of
    PyObject *layout  # and the layout that it keeps
    Py_ssize_t slot_count
    cc_slot *slots
    PyObject *zeros  # a dict with all keys and zeros; NULL if there is padding, which is no key unless it is not zero

cdef struct cc_path:
    # The way from the outermost field to the one at hand, walked back only to name it in an error
    cc_path *up
    PyObject *field  # of a struct; or NULL for the element `index` of what is up
    Py_ssize_t index

cdef dict struct_to_dict(const cc_class *cls, const uint8_t *p, Py_ssize_t valid, Py_ssize_t length)
cdef object struct_from_dict(cc_class *cls, object given)
cdef object load_list(const cc_slot *slot, int depth, const uint8_t *p)
cdef object load_struct(const cc_class *cls, const uint8_t *p)
cdef int store_whole(const cc_slot *slot, int depth, uint8_t *p, object value, cc_path *path) except -1


cdef inline const cc_class *class_at(const cc_slot *slot, const uint8_t *p) noexcept:
    """The class of a struct at ``p``. A union's has no fields, unless a field before it tells which member is meant."""
    cdef uint64_t told
    cdef Py_ssize_t i
    if slot.cases == NULL:
        return slot.child
    told = cc_load_unsigned(&slot.cases.row, p - slot.cases.distance)
    for i in range(slot.cases.count):
        if slot.cases.values[i] == told:
            return slot.cases.classes[i]
    return slot.child


cdef inline PyObject *load_elements(const cc_slot *slot, int depth, const uint8_t *p) except NULL:
    """What lies within the innermost ``depth`` dimensions of a field, as a new reference; one element if that is 0."""
    if depth:
        return new_ref(load_list(slot, depth, p))
    if slot.row.op == CC_STRUCT:
        return new_ref(load_struct(class_at(slot, p), p))
    return load_value(&slot.row, p)

"""What the core knows of a class's fields, and whole structs as dicts and lists."""

from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from capcodec.structs._headers cimport CC_CHARS, CC_STRUCT, cc_load_unsigned, cc_row
from capcodec.structs._instances cimport cc_storage
from capcodec.structs._python cimport new_ref
from capcodec.structs._values cimport load_value

cdef extern from *:
    """
    /* The name of a field, which is an identifier of C. */
    #define cc_name(name) ((const char *)PyUnicode_DATA(name))
    #define cc_name_size(name) PyUnicode_GET_LENGTH(name)
    """
    const char *cc_name(PyObject *name)
    Py_ssize_t cc_name_size(PyObject *name)

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

cdef struct cc_prefix:
    # Offsets are from the start of the outermost struct
    Py_ssize_t end  # where a struct with just these fields ends, if nothing else says so
    Py_ssize_t given  # end of the last field that is given
    Py_ssize_t missing  # start of the first field that is not; -1 if all are given


cdef inline void field_given(cc_prefix *prefix, Py_ssize_t end) noexcept:
    prefix.end = prefix.given = end


cdef inline void field_missing(cc_prefix *prefix, const cc_slot *slot, const cc_class *child, Py_ssize_t base) noexcept:
    """``child``: the class of a single struct, whose own first field is missing first; else NULL."""
    if prefix.missing < 0:
        prefix.missing = base + slot.row.offset + (first_field(child) if child != NULL else 0)


cdef inline void struct_ended(cc_prefix *prefix, Py_ssize_t end) noexcept:
    """If none of its fields is missing, the padding at its end is not either."""
    if prefix.missing < 0:
        prefix.end = end


cdef Py_ssize_t first_field(const cc_class *cls) noexcept
cdef Py_ssize_t partial_at(const cc_class *cls, const uint8_t *p, Py_ssize_t valid, bint *declared) noexcept
cdef object begin_struct(cc_class *cls, Py_ssize_t declared, bytes partial, bytes tail, cc_prefix *prefix)
cdef object end_struct(
    cc_class *cls, object made, Py_ssize_t declared, bytes partial, bytes tail, cc_prefix *prefix
)
cdef object field_at(cc_path *path)
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


cdef inline bint left_out(const cc_slot *slot, const uint8_t *p) noexcept:
    """Is it padding of zeros, in a struct at ``p``?"""
    cdef uint32_t i
    if not slot.filler:
        return False
    for i in range(slot.row.offset, slot.row.end):
        if slot.row.op == CC_CHARS and p[i]:
            return False
    return slot.row.op == CC_CHARS or cc_load_unsigned(&slot.row, p + slot.row.offset) == 0


cdef inline const cc_class *class_within(const cc_slot *slot, const uint8_t *p, Py_ssize_t valid) noexcept:
    """The class of a struct in one at ``p`` of which ``valid`` bytes arrived."""
    # What tells a union's member lies before it, and may not have arrived either
    return class_at(slot, p + slot.row.offset) if valid >= slot.row.offset else slot.child

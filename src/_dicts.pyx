"""Whole structs to dicts and lists, and back.

A dict may end early: fields at its end are missing, because the struct that it stands for was cut short. ``cc_prefix``
says how many bytes such a dict reaches. Reading and writing tell it of the same keys by the same three functions, so
both get the same answer; what it cannot say, the keys ``_valid_size`` and ``_partial`` do.
"""

from cpython.bytes cimport PyBytes_AS_STRING
from cpython.dict cimport PyDict_CheckExact, PyDict_Size
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from capcodec.structs._headers cimport CC_STRUCT, CC_UBITS, cc_load_unsigned, cc_stride
from capcodec.structs._instances cimport cc_header, header, is_instance, new_owning
from capcodec.structs._python cimport (
    CC_HAS_GIL, PyLong_CheckExact, cc_int, new_bytes, own,
)
from capcodec.structs._values cimport WRONG_LENGTH, WRONG_TYPE, store_value

from _collections_abc import Mapping
from itertools import islice

from capcodec import errors
from capcodec.structs import field_errors, flags
from capcodec.structs import layout as layouts

cdef extern from "Python.h":
    object PyList_New(Py_ssize_t n)
    object PyDict_Copy(PyObject *d)
    void PyList_SET_ITEM(object l, Py_ssize_t i, PyObject *element)
    int PyDict_SetItem(object d, PyObject *key, PyObject *value) except -1
    PyObject *PyDict_GetItemWithError(object d, object key) except? NULL
    bint PyDict_Next(object d, Py_ssize_t *position, PyObject **key, PyObject **value)
    bint PyList_CheckExact(object o)
    Py_ssize_t PyList_GET_SIZE(object l)
    PyObject *PyList_GET_ITEM(object l, Py_ssize_t i)

# -- how far a dict reaches


cdef Py_ssize_t first_field(const cc_class *cls) noexcept:
    """Offset of the first field that is no struct; 0 if there is none."""
    cdef Py_ssize_t i
    for i in range(cls.slot_count):
        if not cls.slots[i].filler:
            if cls.slots[i].row.op == CC_STRUCT and not cls.slots[i].row.ndim:
                return cls.slots[i].row.offset + first_field(cls.slots[i].child)
            return cls.slots[i].row.offset
    return 0

# -- bytes to objects

cdef object load_list(const cc_slot *slot, int depth, const uint8_t *p):
    cdef Py_ssize_t i, n = slot.row.dims[slot.row.ndim - depth]
    cdef uint32_t stride = cc_stride(&slot.row, depth)
    elements = PyList_New(n)
    for i in range(n):
        PyList_SET_ITEM(elements, i, load_elements(slot, depth - 1, p + i * stride))
    return elements


cdef object load_struct(const cc_class *cls, const uint8_t *p):
    """The fields of a struct that is all there, as a new dict."""
    cdef Py_ssize_t i
    # Most values of a real capset are zero. A copy of a dict of zeros comes with them, and with all keys in place.
    found = {} if cls.zeros == NULL else PyDict_Copy(cls.zeros)
    for i in range(cls.slot_count):
        load_field(&cls.slots[i], p, found, cls.zeros != NULL)
    return found


cdef inline int load_field(const cc_slot *slot, const uint8_t *p, object found, bint zero_is_there) except -1:
    """Put a field into a dict; padding only where it is not zero."""
    cdef PyObject *value
    cdef uint64_t v
    if slot.row.op <= CC_UBITS and slot.row.ndim == 0:
        v = cc_load_unsigned(&slot.row, p + slot.row.offset)
        if v == 0 and zero_is_there:
            return 0
        value = cc_int(v)
    else:
        value = load_elements(slot, slot.row.ndim, p + slot.row.offset)
    kept = own(value)
    if not slot.filler or kept:
        PyDict_SetItem(found, slot.name, value)
    return 0


cdef bint measure_prefix(
    const cc_class *cls, const uint8_t *p, Py_ssize_t valid, Py_ssize_t base, cc_prefix *prefix, Py_ssize_t *cut
) noexcept:
    """How far the fields reach that lie whole within the first ``valid`` bytes; returns whether there are any.

    ``base`` is where this struct starts in the outermost. ``cut`` becomes the start of the first row, padding included,
    that is not whole.
    """
    cdef cc_prefix before
    cdef const cc_slot *slot
    cdef const cc_class *child
    cdef bint found = False
    cdef Py_ssize_t i
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        if slot.row.end <= valid:
            found |= not left_out(slot, p)
            if not slot.filler:
                field_given(prefix, base + slot.row.end)
        elif slot.row.op == CC_STRUCT and not slot.row.ndim:
            child = class_within(slot, p, valid)
            before = prefix[0]
            if measure_prefix(child, p + slot.row.offset, valid - slot.row.offset, base + slot.row.offset, prefix, cut):
                found = True
                struct_ended(prefix, base + slot.row.end)
            else:
                prefix[0] = before
                field_missing(prefix, slot, child, base)
        else:
            if cut[0] < 0:
                cut[0] = base + slot.row.offset
            if not slot.filler:
                field_missing(prefix, slot, NULL, base)
    return found


cdef Py_ssize_t partial_at(const cc_class *cls, const uint8_t *p, Py_ssize_t valid, bint *declared) noexcept:
    """Where the bytes that belong to no whole field start; ``declared`` becomes whether ``valid`` has to be told."""
    cdef cc_prefix prefix
    cdef Py_ssize_t cut = -1
    prefix.end, prefix.given, prefix.missing = 0, 0, -1
    measure_prefix(cls, p, valid, 0, &prefix, &cut)
    struct_ended(&prefix, cls.storage.size)
    # A row that is cut may start in the very byte in which the last whole one ends
    declared[0] = cut < valid or prefix.end != valid
    return min(cut, valid)


cdef dict load_prefix(const cc_class *cls, const uint8_t *p, Py_ssize_t valid):
    """The fields that lie whole within the first ``valid`` bytes."""
    cdef dict found = {}
    cdef const cc_slot *slot
    cdef Py_ssize_t i
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        if slot.row.end <= valid:
            load_field(slot, p, found, False)
        elif slot.row.op == CC_STRUCT and not slot.row.ndim:
            part = load_prefix(class_within(slot, p, valid), p + slot.row.offset, valid - slot.row.offset)
            if part:
                found[<object>slot.name] = part
    return found


cdef dict struct_to_dict(const cc_class *cls, const uint8_t *p, Py_ssize_t valid, Py_ssize_t length):
    cdef Py_ssize_t cut
    cdef bint declared = False
    cdef dict found
    if valid == cls.storage.size:
        found = load_struct(cls, p)
        if length > valid:
            found["_tail"] = own(new_bytes(<char *>p + valid, length - valid))
        return found
    found = load_prefix(cls, p, valid)
    cut = partial_at(cls, p, valid, &declared)
    if declared:
        found["_valid_size"] = valid
    if cut < valid:
        found["_partial"] = own(new_bytes(<char *>p + cut, valid - cut))
    return found

# -- objects to bytes

cdef object field_at(cc_path *path):
    if path.up == NULL:
        return <object>path.field
    above = field_at(path.up)
    if path.field == NULL:
        return above.element(path.index)
    return (<object>path.field).within(above)


cdef inline int store_item(const cc_slot *slot, int depth, uint8_t *p, PyObject *item, cc_path *path) except -1:
    """As store_part, of an item that only a dict or a list holds: it is kept, where storing it may run Python code."""
    if depth == 0 and PyLong_CheckExact(item) and slot.row.op != CC_STRUCT:
        return checked(store_value(&slot.row, p, item), item, path)
    kept = <object>item
    return store_part(slot, depth, p, kept, path)


cdef inline int checked(int wrong, PyObject *value, cc_path *path) except -1:
    if wrong:
        complain(wrong, <object>value, path)
    return 0


cdef int complain(int wrong, object value, cc_path *path) except -1:
    kept = value  # its list may lose it while the error is put into words
    raise field_errors.wrong_value(wrong, field_at(path), kept)


cdef int store_part(const cc_slot *slot, int depth, uint8_t *p, object value, cc_path *path) except -1:
    """Store the innermost ``depth`` dimensions of a field. An error may leave them half stored."""
    if depth:
        return store_elements(slot, depth, p, value, path)
    if slot.row.op == CC_STRUCT:
        return store_struct(slot.child, class_at(slot, p), p, value, path, 0, NULL)
    return checked(store_value(&slot.row, p, <PyObject *>value), <PyObject *>value, path)


cdef int store_elements(const cc_slot *slot, int depth, uint8_t *p, object value, cc_path *path) except -1:
    cdef cc_path inner
    cdef Py_ssize_t i, n = slot.row.dims[slot.row.ndim - depth]
    cdef uint32_t stride = cc_stride(&slot.row, depth)
    if not CC_HAS_GIL or not PyList_CheckExact(value):
        if (
            isinstance(value, (str, bytes, Mapping, set, frozenset))
            or is_instance(<PyObject *>value)  # of a mask, whose numbers are no elements
            or not hasattr(value, "__len__")
        ):
            raise field_errors.wrong_value(WRONG_TYPE, field_at(path), value)
        if len(value) != n:
            raise field_errors.wrong_value(WRONG_LENGTH, field_at(path), value)
        value = list(islice(value, n + 1))
    inner.up, inner.field = path, NULL
    for i in range(n):
        if PyList_GET_SIZE(value) != n:  # asked each time: storing an element may run code that shortens the list
            raise field_errors.wrong_value(WRONG_LENGTH, field_at(path), value)
        inner.index = i
        store_item(slot, depth - 1, p + i * stride, PyList_GET_ITEM(value, i), &inner)
    return 0


cdef int store_struct(
    const cc_class *whole,
    const cc_class *cls,
    uint8_t *p,
    object value,
    cc_path *path,
    Py_ssize_t base,
    cc_prefix *prefix,
) except -1:
    """Store a struct from an instance of ``whole``, or from a mapping of ``cls``: of a union, one of its members.

    Fields at its end may be missing only where ``prefix`` is given.
    """
    cdef cc_path inner
    cdef const cc_slot *slot
    cdef PyObject *key
    cdef PyObject *item
    cdef Py_ssize_t i, known = 0, position = 0, next_position
    if not PyDict_CheckExact(value) or not CC_HAS_GIL:
        if is_instance(<PyObject *>value):
            if prefix != NULL and path != NULL:
                field_given(prefix, base + whole.storage.size)
            return store_instance(whole, p, value, path)
        if not isinstance(value, Mapping):
            raise field_errors.wrong_value(WRONG_TYPE, field_at(path), value)
        value = dict(value)
    inner.up = path
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        inner.field = slot.field
        # A dict in the header's order, as most are, need not be searched: its next key is the one
        next_position = position
        if PyDict_Next(value, &next_position, &key, &item) and key == slot.name:
            position = next_position
        else:
            item = PyDict_GetItemWithError(value, <object>slot.name)
        if item != NULL:
            known += 1
            if prefix == NULL:
                store_item(slot, slot.row.ndim, p + slot.row.offset, item, &inner)
            else:
                if prefix.missing >= 0 and (slot.row.op != CC_STRUCT or slot.row.ndim):
                    refuse_unknown(cls, value, path, prefix)  # better than a gap, which would follow
                store_prefix_item(slot, p, <object>item, &inner, base, prefix)
        elif not slot.filler:
            if prefix == NULL:
                refuse_unknown(cls, value, path, prefix)
                raise field_errors.missing_field(field_at(&inner))
            field_missing(
                prefix,
                slot,
                class_at(slot, p + slot.row.offset) if slot.row.op == CC_STRUCT and not slot.row.ndim else NULL,
                base,
            )
    if known != PyDict_Size(value):
        refuse_unknown(cls, value, path, prefix)
        raise field_errors.unknown_key(<object>cls.layout, None, None)  # the dict has changed meanwhile
    return 0


cdef int store_prefix_item(
    const cc_slot *slot, uint8_t *p, object value, cc_path *path, Py_ssize_t base, cc_prefix *prefix
) except -1:
    """Store a field of a struct that may lack its end, unless a field before it is missing already."""
    kept = value
    if slot.row.op == CC_STRUCT and not slot.row.ndim:
        p += slot.row.offset
        base += slot.row.offset
        if prefix.missing >= 0 and is_instance(<PyObject *>kept):
            raise field_errors.gap(field_at(path), prefix.missing)
        store_struct(slot.child, class_at(slot, p), p, kept, path, base, prefix)
        struct_ended(prefix, base + slot.row.size)
        return 0
    if prefix.missing >= 0:
        raise field_errors.gap(field_at(path), prefix.missing)
    store_part(slot, slot.row.ndim, p + slot.row.offset, kept, path)
    if not slot.filler:
        field_given(prefix, base + slot.row.end)
    return 0


cdef int store_instance(const cc_class *cls, uint8_t *p, object value, cc_path *path) except -1:
    cdef cc_header *that = header(<PyObject *>value)
    if that.storage != &cls.storage:
        raise field_errors.wrong_value(WRONG_TYPE, field_at(path), value)
    if that.valid != cls.storage.size:
        raise field_errors.wrong_value(WRONG_LENGTH, field_at(path), value.pack())
    memcpy(p, that.data, cls.storage.size)
    return 0


cdef int refuse_unknown(const cc_class *cls, dict given, cc_path *path, const cc_prefix *prefix) except -1:
    """Raise an error for the first key that is no field of the struct."""
    error = flags.unknown_in(<object>cls.layout, given, None if path == NULL else field_at(path), prefix != NULL)
    if error is not None:
        raise error
    return 0


cdef int store_whole(const cc_slot *slot, int depth, uint8_t *p, object value, cc_path *path) except -1:
    """As store_part, but all or nothing."""
    cdef uint8_t *scratch
    cdef size_t size = cc_stride(&slot.row, depth + 1)
    cdef const cc_class *cls
    if depth == 0 and slot.row.op != CC_STRUCT:
        return store_part(slot, 0, p, value, path)
    cls = class_at(slot, p) if slot.row.op == CC_STRUCT and depth == 0 else NULL
    scratch = <uint8_t *>PyMem_Malloc(size)
    if scratch == NULL:
        raise MemoryError
    try:
        memcpy(scratch, p, size)
        if depth:
            store_part(slot, depth, scratch, value, path)
        else:
            store_struct(slot.child, cls, scratch, value, path, 0, NULL)
        memcpy(p, scratch, size)
    finally:
        PyMem_Free(scratch)
    return 0


cdef object struct_from_dict(cc_class *cls, object given):
    cdef cc_prefix prefix
    cdef Py_ssize_t declared = -1
    cdef dict fields
    cdef bytes partial, tail
    if not isinstance(given, Mapping):
        raise errors.TextError(f"{(<object>cls.layout).name}: expected a dict, got {type(given).__name__}")
    fields = given if PyDict_CheckExact(given) else dict(given)
    tail = partial = b""
    if "_tail" in fields or "_partial" in fields or "_valid_size" in fields:
        fields = fields.copy()
        declared, partial, tail = layouts.take_special_keys(<object>cls.layout, fields)
    made = begin_struct(cls, declared, partial, tail, &prefix)
    try:
        store_struct(cls, cls, header(<PyObject *>made).data, fields, NULL, 0, &prefix)
    except (errors.UnknownFieldError, errors.TextError):  # flags are no keys of the struct
        fields = flags.merged(<object>cls.layout, fields)
        if fields is None:
            raise
        made = begin_struct(cls, declared, partial, tail, &prefix)
        store_struct(cls, cls, header(<PyObject *>made).data, fields, NULL, 0, &prefix)
    return end_struct(cls, made, declared, partial, tail, &prefix)


cdef object begin_struct(cc_class *cls, Py_ssize_t declared, bytes partial, bytes tail, cc_prefix *prefix):
    """An instance of zeros, into which the fields that are given can be stored."""
    cdef Py_ssize_t size = cls.storage.size, partial_size = len(partial), tail_size = len(tail)
    cdef PyObject *o = new_owning(&cls.storage, size + tail_size)
    cdef cc_header *it = header(o)
    memset(it.data, 0, size)
    if partial_size:
        # First, since its first byte may hold the last bits of a field that is whole
        memcpy(it.data + declared - partial_size, PyBytes_AS_STRING(partial), partial_size)
    memcpy(it.data + size, PyBytes_AS_STRING(tail), tail_size)
    prefix.end, prefix.given, prefix.missing = 0, 0, -1
    return own(o)


cdef object end_struct(
    cc_class *cls, object made, Py_ssize_t declared, bytes partial, bytes tail, cc_prefix *prefix
):
    """The same instance, now that its fields are stored, as long as these and the special keys say."""
    cdef Py_ssize_t size = cls.storage.size, partial_size = len(partial), tail_size = len(tail)
    struct_ended(prefix, size)
    if declared < 0:
        declared = prefix.end
    elif declared < prefix.given or 0 <= prefix.missing < declared - partial_size:
        raise errors.TextError(
            f"{(<object>cls.layout).name}: _valid_size {declared} with {partial_size} bytes in _partial does not "
            f"continue the fields given, which end at byte {prefix.given}"
        )
    if tail_size and declared != size:
        raise errors.TextError(f"{(<object>cls.layout).name}: a _tail behind {declared} of {size} bytes")
    header(<PyObject *>made).valid = declared
    header(<PyObject *>made).length = declared + tail_size
    return made

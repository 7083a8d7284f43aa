"""Whole structs to dicts and lists, and back."""

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

cdef struct cc_trail:
    # The way from the outermost field to the one at hand, walked back only to name it in an error
    cc_trail *up
    PyObject *field  # of a struct; or NULL for the element `index` of what is up
    Py_ssize_t index

cdef struct cc_reach:
    # How far the fields go of a struct that is not all there; offsets from its start
    Py_ssize_t whole  # end of the last field that is there
    Py_ssize_t missing  # start of the first row that is not; -1 if all are
    bint lacks_field  # and some row that is not there is more than padding


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


# -- bytes to objects

cdef inline PyObject *load_elements(const cc_slot *slot, int depth, const uint8_t *p) except NULL:
    """What lies within the innermost ``depth`` dimensions of a field, as a new reference; one element if that is 0."""
    if depth:
        return released(load_list(slot, depth, p))
    if slot.row.op == CC_STRUCT:
        return released(load_struct(class_at(slot, p), p))
    return load_value(&slot.row, p)


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
    cdef int status = 0
    if slot.row.op <= CC_UBITS and slot.row.ndim == 0:
        v = cc_load_unsigned(&slot.row, p + slot.row.offset)
        if v == 0 and zero_is_there:
            return 0
        value = cc_int(v)
    else:
        value = load_elements(slot, slot.row.ndim, p + slot.row.offset)
    if not slot.filler or <object>value:
        status = PyDict_SetItem(found, slot.name, value)
    decref(value)
    return status


cdef dict load_prefix(const cc_class *cls, const uint8_t *p, Py_ssize_t valid, Py_ssize_t base, cc_reach *reach):
    """The fields that lie whole within the first ``valid`` bytes. ``base`` is where this struct starts in the outer."""
    cdef dict found = {}
    cdef const cc_slot *slot
    cdef const cc_class *child
    cdef Py_ssize_t i
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        if slot.row.end <= valid:
            load_field(slot, p, found, False)
            if not slot.filler:
                reach.whole = base + slot.row.end
        elif slot.row.op == CC_STRUCT and not slot.row.ndim:
            # What tells a union's member lies before it, and may not have arrived either
            child = class_at(slot, p + slot.row.offset) if valid >= slot.row.offset else slot.child
            part = load_prefix(child, p + slot.row.offset, valid - slot.row.offset, base + slot.row.offset, reach)
            if part:
                found[<object>slot.name] = part
        else:
            if reach.missing < 0:
                reach.missing = base + slot.row.offset
            reach.lacks_field |= not slot.filler
    return found


cdef dict struct_to_dict(Struct self):
    cdef cc_reach reach
    cdef dict found
    if self.valid_size == self.cls.size:
        found = load_struct(self.cls, self.data)
        if self.length > self.valid_size:
            found["_tail"] = self.tail
        return found
    reach.whole, reach.missing, reach.lacks_field = 0, -1, False
    found = load_prefix(self.cls, self.data, self.valid_size, 0, &reach)
    # A field that is cut may start in the very byte in which the last whole one ends
    if reach.missing < self.valid_size or self.valid_size != (reach.whole if reach.lacks_field else self.cls.size):
        found["_valid_size"] = self.valid_size
    if reach.missing < self.valid_size:
        found["_partial"] = adopt(new_bytes(<char *>self.data + reach.missing, self.valid_size - reach.missing))
    return found


# -- objects to bytes

cdef object field_at(cc_trail *trail):
    if trail.up == NULL:
        return <object>trail.field
    above = field_at(trail.up)
    if trail.field == NULL:
        return above.element(trail.index)
    return (<object>trail.field).within(above)


cdef inline int store_item(const cc_slot *slot, int depth, uint8_t *p, PyObject *item, cc_trail *trail) except -1:
    """As store_part, of an item that only a dict or a list holds: it is kept, where storing it may run Python code."""
    if depth == 0 and PyLong_CheckExact(item) and slot.row.op != CC_STRUCT:
        return checked(store_value(&slot.row, p, item), item, trail)
    kept = <object>item
    return store_part(slot, depth, p, kept, trail)


cdef inline int checked(int wrong, PyObject *value, cc_trail *trail) except -1:
    if wrong:
        raise field_errors.wrong_value(wrong, field_at(trail), <object>value)
    return 0


cdef int store_part(const cc_slot *slot, int depth, uint8_t *p, object value, cc_trail *trail) except -1:
    """Store the innermost ``depth`` dimensions of a field. An error may leave them half stored."""
    if depth:
        return store_elements(slot, depth, p, value, trail)
    if slot.row.op == CC_STRUCT:
        return store_struct(slot.child, class_at(slot, p), p, value, trail, 0, NULL)
    return checked(store_value(&slot.row, p, <PyObject *>value), <PyObject *>value, trail)


cdef int store_elements(const cc_slot *slot, int depth, uint8_t *p, object value, cc_trail *trail) except -1:
    cdef cc_trail inner
    cdef Py_ssize_t i, n = slot.row.dims[slot.row.ndim - depth]
    cdef uint32_t stride = cc_stride(&slot.row, depth)
    if not PyList_CheckExact(value):
        if isinstance(value, (str, bytes, dict, set, frozenset)) or not hasattr(value, "__len__"):
            raise field_errors.wrong_value(WRONG_TYPE, field_at(trail), value)
        value = list(value)
    inner.up, inner.field = trail, NULL
    for i in range(n):
        if PyList_GET_SIZE(value) != n:  # asked each time: storing an element may run code that shortens the list
            raise field_errors.wrong_value(WRONG_LENGTH, field_at(trail), value)
        inner.index = i
        store_item(slot, depth - 1, p + i * stride, PyList_GET_ITEM(value, i), &inner)
    return 0


cdef int store_struct(
    const cc_class *whole,
    const cc_class *cls,
    uint8_t *p,
    object value,
    cc_trail *trail,
    Py_ssize_t base,
    cc_reach *reach,
) except -1:
    """Store a struct from an instance of ``whole``, or from a dict of ``cls``: of a union, one of its members.

    Fields at its end may be missing only where ``reach`` is given.
    """
    cdef cc_trail inner
    cdef const cc_slot *slot
    cdef PyObject *key
    cdef PyObject *item
    cdef Py_ssize_t i, known = 0, position = 0, next_position
    if not PyDict_Check(value):
        return store_instance(whole, p, value, trail)
    inner.up = trail
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
            if reach == NULL:
                store_item(slot, slot.row.ndim, p + slot.row.offset, item, &inner)
            else:
                store_reached(slot, p, <object>item, &inner, base, reach)
        elif not slot.filler:
            if reach == NULL:
                raise field_errors.missing_field(field_at(&inner))
            if reach.missing < 0:
                reach.missing = base + slot.row.offset
    if known != PyDict_Size(value):
        raise unknown_key(cls, value, trail)
    return 0


cdef int store_reached(
    const cc_slot *slot, uint8_t *p, object value, cc_trail *trail, Py_ssize_t base, cc_reach *reach
) except -1:
    """Store a field of a struct that may lack its end, unless one before it is missing already."""
    kept = value
    if slot.row.op == CC_STRUCT and not slot.row.ndim and PyDict_Check(value):
        p += slot.row.offset  # what it ends in may be padding that is not there: it counts its own reach
        return store_struct(slot.child, class_at(slot, p), p, kept, trail, base + slot.row.offset, reach)
    if reach.missing >= 0:
        raise field_errors.gap(field_at(trail), reach.missing)
    store_part(slot, slot.row.ndim, p + slot.row.offset, kept, trail)
    if not slot.filler:
        reach.whole = base + slot.row.end
    return 0


cdef int store_instance(const cc_class *cls, uint8_t *p, object value, cc_trail *trail) except -1:
    cdef cc_object *that = <cc_object *>value
    if not is_struct(<PyObject *>value) or that.cls != <void *>cls:
        raise field_errors.wrong_value(WRONG_TYPE, field_at(trail), value)
    if that.valid != cls.size:
        raise field_errors.wrong_value(WRONG_LENGTH, field_at(trail), value.pack())
    memcpy(p, that.data, cls.size)
    return 0


cdef object unknown_key(const cc_class *cls, object given, cc_trail *trail):
    layout = (<Codec>cls.codec).layout
    key = next(key for key in given if key not in {row.path for row in layout.rows})
    return field_errors.unknown_key(layout, key, None if trail == NULL else field_at(trail))


cdef int set_part(const cc_slot *slot, int depth, uint8_t *p, object value, cc_trail *trail) except -1:
    """As store_part, but all or nothing."""
    cdef uint8_t *scratch
    cdef size_t size = cc_stride(&slot.row, depth + 1)
    if depth == 0 and slot.row.op != CC_STRUCT:
        return store_part(slot, 0, p, value, trail)
    scratch = <uint8_t *>PyMem_Malloc(size)
    if scratch == NULL:
        raise MemoryError
    try:
        memcpy(scratch, p, size)
        if depth:
            store_part(slot, depth, scratch, value, trail)
        else:
            store_struct(slot.child, class_at(slot, p), scratch, value, trail, 0, NULL)
        memcpy(p, scratch, size)
    finally:
        PyMem_Free(scratch)
    return 0


cdef object struct_from_dict(Codec codec, dict given):
    cdef cc_reach reach
    cdef cc_class *cls = &codec.cls
    cdef Py_ssize_t size = cls.size
    cdef cc_object *self
    tail = partial = b""
    declared = None
    if "_tail" in given or "_partial" in given or "_valid_size" in given:
        given = given.copy()
        declared, partial, tail = take_special_keys(codec.layout, given)
    made = zeroed(cls, size + len(tail))
    self = <cc_object *>made
    if partial:
        # First, since its first byte may hold the last bits of a field that is whole
        memcpy(self.data + <Py_ssize_t>declared - len(partial), PyBytes_AS_STRING(partial), len(partial))
    memcpy(self.data + size, PyBytes_AS_STRING(tail), len(tail))
    reach.whole, reach.missing = 0, -1
    store_struct(cls, cls, self.data, given, NULL, 0, &reach)
    if declared is None:
        self.valid = size if reach.missing < 0 else reach.whole
    else:
        if declared < reach.whole or (0 <= reach.missing < declared - len(partial)):
            raise errors.TextError(
                f"{codec.layout.name}: _valid_size {declared} with {len(partial)} bytes in _partial does not continue "
                f"the fields given, which end at byte {reach.whole}"
            )
        self.valid = declared
    if tail and self.valid != size:
        raise errors.TextError(f"{codec.layout.name}: a _tail behind {self.valid} of {size} bytes")
    self.length = self.valid + len(tail)
    return made


cdef tuple take_special_keys(layout, dict given):
    """Remove the keys that are no fields; returns ``_valid_size`` or None, ``_partial`` and ``_tail``."""
    declared = given.pop("_valid_size", None)
    partial = given.pop("_partial", b"")
    tail = given.pop("_tail", b"")
    if not isinstance(partial, bytes) or not isinstance(tail, bytes):
        raise errors.TextError(f"{layout.name}: expected bytes in _partial and _tail")
    if declared is None and partial:
        raise errors.TextError(f"{layout.name}: _partial without _valid_size")
    if declared is not None and (not isinstance(declared, int) or not len(partial) <= declared <= layout.size):
        raise errors.TextError(
            f"{layout.name}: expected a _valid_size of {len(partial)}..{layout.size} bytes, got {declared!r}"
        )
    return declared, partial, tail

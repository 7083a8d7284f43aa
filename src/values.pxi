"""One field at a time: bytes to Python values and back, and the descriptors that do so."""

cdef extern from "cc_field.h" nogil:
    uint32_t cc_load32(const uint8_t *p)
    uint64_t cc_load_unsigned(const cc_row *row, const uint8_t *p)
    int64_t cc_load_signed(const cc_row *row, const uint8_t *p)
    double cc_load_f32(const uint8_t *p)
    double cc_load_f64(const uint8_t *p)
    void cc_store_integer(const cc_row *row, uint8_t *p, uint64_t v)
    int cc_store_f32(uint8_t *p, double d)
    void cc_store_f64(uint8_t *p, double d)

cdef extern from "Python.h":
    object PyLong_FromUnsignedLong(unsigned long v)
    object PyLong_FromUnsignedLongLong(unsigned long long v)
    long long PyLong_AsLongLongAndOverflow(object o, int *overflow) except? -1
    unsigned long long PyLong_AsUnsignedLongLong(object o) except? <unsigned long long>-1
    object PyNumber_Index(object o)
    Py_ssize_t PyNumber_AsSsize_t(object o, object error) except? -1

cdef enum:
    # What is wrong with a value; errors.wrong_value puts it into words
    FITS
    WRONG_TYPE
    OUT_OF_RANGE
    WRONG_LENGTH


cdef inline object load_value(const cc_row *row, const uint8_t *p):
    """One element that is no struct."""
    cdef uint8_t op = row.op
    cdef Py_ssize_t n
    if op == CC_U32:
        return PyLong_FromUnsignedLong(cc_load32(p))
    if op < CC_U64 or op == CC_BIT:
        return PyLong_FromLong(<long>cc_load_unsigned(row, p))
    if op == CC_U64 or op == CC_UBITS:
        return PyLong_FromUnsignedLongLong(cc_load_unsigned(row, p))
    if op == CC_F32:
        return PyFloat_FromDouble(cc_load_f32(p))
    if op == CC_F64:
        return PyFloat_FromDouble(cc_load_f64(p))
    if op == CC_CHARS:
        n = row.size
        while n and p[n - 1] == 0:
            n -= 1
        return PyBytes_FromStringAndSize(<char *>p, n)
    return PyLong_FromLongLong(cc_load_signed(row, p))


cdef int store_value(const cc_row *row, uint8_t *p, object value) except -1:
    """Store one element that is no struct, or say why not. Nothing is written unless it fits."""
    if row.op == CC_F32 or row.op == CC_F64:
        return store_float(row, p, value)
    if row.op == CC_CHARS:
        return store_chars(row, p, value)
    return store_integer(row, p, value)


cdef inline int store_integer(const cc_row *row, uint8_t *p, object value) except -1:
    cdef int overflow = 0
    cdef long long v
    cdef unsigned long long u
    if not PyLong_Check(value):
        if PyFloat_Check(value) or not hasattr(value, "__index__"):
            return WRONG_TYPE
        value = PyNumber_Index(value)
    v = PyLong_AsLongLongAndOverflow(value, &overflow)
    if overflow == 0:
        if v < row.min or (v > 0 and <uint64_t>v > row.max):
            return OUT_OF_RANGE
        cc_store_integer(row, p, <uint64_t>v)
        return FITS
    if overflow < 0 or row.max != UINT64_MAX:
        return OUT_OF_RANGE
    try:
        u = PyLong_AsUnsignedLongLong(value)
    except OverflowError:
        return OUT_OF_RANGE
    cc_store_integer(row, p, u)
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
    cdef cc_span span
    if not isinstance(value, (bytes, bytearray, memoryview)):
        return WRONG_TYPE
    borrow(<PyObject *>value, &span, "a char array")
    if span.length > row.size:
        release(&span)
        return WRONG_LENGTH
    # The buffer given may be the very bytes that are written
    memmove(p, span.data, span.length)
    memset(p + span.length, 0, row.size - span.length)
    release(&span)
    return FITS


@cython.final
cdef class Member:
    """Descriptor of one field of a class: reads and writes it at its offset in the instance's bytes."""

    cdef cc_slot slot
    cdef PyTypeObject *owner  # borrowed: the type that has this in its dict
    cdef object kept  # what the slot borrows

    @property
    def field(self):
        """What is known of the field."""
        return <object>self.slot.field

    def __get__(self, instance, owner):
        if instance is None:
            return self.field
        return get_member(<PyObject *>self, <PyObject *>instance)

    def __set__(self, instance, value):
        set_member(self, <PyObject *>instance, value)

    def __delete__(self, instance):
        raise AttributeError(f"{self.field} cannot be deleted")

    @property
    def __doc__(self):
        return self.field.doc

    def __repr__(self):
        return f"<member {self.field}>"


cdef inline object get_member(PyObject *member, PyObject *instance):
    cdef cc_slot *slot = &(<Member>member).slot
    cdef cc_object *self = <cc_object *>instance
    if Py_TYPE(instance) != (<Member>member).owner:
        raise wrong_instance(<Member>member, <object>instance)
    if slot.row.end > self.valid:
        raise errors.absent_field(<object>slot.field, self.valid)
    if slot.row.ndim:
        return new_array(<Member>member, instance, self.data + slot.row.offset)
    if slot.row.op == CC_STRUCT:
        return adopt(new_child(slot.child, instance, self.data + slot.row.offset, slot.row.size))
    return load_value(&slot.row, self.data + slot.row.offset)


cdef int set_member(Member member, PyObject *instance, object value) except -1:
    cdef cc_slot *slot = &member.slot
    cdef cc_object *self = <cc_object *>instance
    cdef cc_trail trail
    cdef int wrong
    if Py_TYPE(instance) != member.owner:
        raise wrong_instance(member, <object>instance)
    if slot.row.end > self.valid:
        raise errors.absent_field(<object>slot.field, self.valid)
    if self.readonly:
        raise errors.read_only(member.field)
    if slot.row.ndim or slot.row.op == CC_STRUCT:
        trail.up, trail.field = NULL, slot.field
        return set_part(slot, slot.row.ndim, self.data + slot.row.offset, value, &trail)
    wrong = store_value(&slot.row, self.data + slot.row.offset, value)
    if wrong:
        raise errors.wrong_value(wrong, member.field, value)
    return 0


cdef object wrong_instance(Member member, object instance):
    return TypeError(f"{member.field} is no field of {type(instance).__name__!r} objects")

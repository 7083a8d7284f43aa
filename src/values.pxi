"""One field at a time: bytes to Python values and back, and the descriptors that do so."""

cdef extern from "cc_field.h" nogil:
    uint32_t cc_load32(const uint8_t *p)
    void cc_store32(uint8_t *p, uint32_t v)

cdef extern from "Python.h":
    PyObject *new_int "PyLong_FromLongLong"(long long v) except NULL
    PyObject *new_float "PyFloat_FromDouble"(double v) except NULL
    PyObject *new_bytes "PyBytes_FromStringAndSize"(const char *bytes, Py_ssize_t size) except NULL
    long long PyLong_AsLongLongAndOverflow(PyObject *o, int *overflow) except? -1
    unsigned long long PyLong_AsUnsignedLongLong(object o) except? <unsigned long long>-1
    object PyNumber_Index(object o)
    Py_ssize_t PyNumber_AsSsize_t(object o, object error) except? -1
    bint PyLong_CheckExact(PyObject *o)
    ctypedef PyObject *(*descrgetfunc)(PyObject *, PyObject *, PyObject *)
    ctypedef int (*descrsetfunc)(PyObject *, PyObject *, PyObject *)

cdef enum:
    # What is wrong with a value; field_errors.wrong_value puts it into words
    FITS
    WRONG_TYPE
    OUT_OF_RANGE
    WRONG_LENGTH


cdef inline PyObject *load_value(const cc_row *row, const uint8_t *p) except NULL:
    """One element that is no struct, as a new reference."""
    cdef uint8_t op = row.op
    if op == CC_U32:
        return cc_int(cc_load32(p))
    if op <= CC_UBITS:
        return cc_int(cc_load_unsigned(row, p))
    return load_rarer(row, p)


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


cdef inline int store_value(const cc_row *row, uint8_t *p, PyObject *value) except -1:
    """Store one element that is no struct, or say why not. Nothing is written unless it fits."""
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
        cc_store32(p, <uint32_t>v)
    else:
        cc_store_integer(row, p, <uint64_t>v)
    return FITS


cdef int store_rarer(const cc_row *row, uint8_t *p, object value) except -1:
    """Floats, char arrays, and ints that are no plain int."""
    if row.op == CC_F32 or row.op == CC_F64:
        return store_float(row, p, value)
    if row.op == CC_CHARS:
        return store_chars(row, p, value)
    if PyFloat_Check(value) or not hasattr(value, "__index__"):
        return WRONG_TYPE
    value = int(PyNumber_Index(value))  # bool and other subclasses become plain ints
    return store_value(row, p, <PyObject *>value)


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
    cdef cc_span span
    if not isinstance(value, (bytes, bytearray, memoryview)):
        return WRONG_TYPE
    borrow(<PyObject *>value, &span, <PyObject *>"a char array")
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
        return adopt(member_get(<PyObject *>self, NULL if instance is None else <PyObject *>instance, NULL))

    def __set__(self, instance, value):
        member_set(<PyObject *>self, <PyObject *>instance, <PyObject *>value)

    def __delete__(self, instance):
        member_set(<PyObject *>self, <PyObject *>instance, NULL)

    @property
    def __doc__(self):
        return (<object>self.slot.field).doc

    def __repr__(self):
        return f"<member {self.field}>"


cdef PyObject *member_get(PyObject *member, PyObject *instance, PyObject *owner) except NULL:
    cdef cc_slot *slot = &(<Member>member).slot
    cdef cc_object *self = <cc_object *>instance
    if instance == NULL:
        incref(slot.field)
        return slot.field
    if Py_TYPE(instance) != (<Member>member).owner:
        raise wrong_instance(<Member>member, <object>instance)
    if slot.row.end > self.valid:
        raise field_errors.absent_field(<object>slot.field, self.valid)
    if slot.row.ndim:
        return new_array(member, instance, self.data + slot.row.offset, slot.row.ndim)
    if slot.row.op == CC_STRUCT:
        return new_child(slot.child, instance, self.data + slot.row.offset, slot.row.size)
    return load_value(&slot.row, self.data + slot.row.offset)


cdef int member_set(PyObject *member, PyObject *instance, PyObject *value) except -1:
    cdef cc_slot *slot = &(<Member>member).slot
    cdef cc_object *self = <cc_object *>instance
    cdef cc_trail trail
    cdef int wrong
    if Py_TYPE(instance) != (<Member>member).owner:
        raise wrong_instance(<Member>member, <object>instance)
    if value == NULL:
        raise AttributeError(f"{<object>slot.field} cannot be deleted")
    if slot.row.end > self.valid:
        raise field_errors.absent_field(<object>slot.field, self.valid)
    if self.readonly:
        raise field_errors.read_only(<object>slot.field)
    if slot.row.ndim or slot.row.op == CC_STRUCT:
        trail.up, trail.field = NULL, slot.field
        return set_part(slot, slot.row.ndim, self.data + slot.row.offset, <object>value, &trail)
    wrong = store_value(&slot.row, self.data + slot.row.offset, value)
    if wrong:
        raise field_errors.wrong_value(wrong, <object>slot.field, <object>value)
    return 0


cdef object wrong_instance(Member member, object instance):
    return TypeError(f"{member.field} is no field of {type(instance).__name__!r} objects")


# The interpreter calls these two directly: what Cython puts around a method costs as much as reading the field.
(<PyTypeObject *>Member).tp_descr_get = <descrgetfunc>member_get
(<PyTypeObject *>Member).tp_descr_set = <descrsetfunc>member_set

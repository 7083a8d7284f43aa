"""Classes from layouts: a heap type per struct, made in C so that its instances cost no more than their bytes."""

cdef extern from *:
    """
    #define cc_method(descriptor) (((PyMethodDescrObject *)(descriptor))->d_method)

    /* A class keeps its codec as an attribute. The type's cache finds it in a few instructions. */
    #if CC_HAS_GIL
    #define cc_codec(type, name) _PyType_Lookup((PyTypeObject *)(type), name)
    #else
    static PyObject *cc_codec(PyObject *type, PyObject *name)
    {
        PyObject *codec = PyObject_GetAttr(type, name);
        Py_XDECREF(codec); /* the type holds it, and never lets go */
        return codec;
    }
    #endif
    """
    ctypedef PyObject *(*vectorcallfunc)(PyObject *, PyObject *const *, size_t, PyObject *) except NULL
    ctypedef struct type_calls "PyTypeObject":
        vectorcallfunc tp_vectorcall
    PyMethodDef *cc_method(object descriptor)
    PyObject *cc_codec(PyObject *type, object name)
    object PyDescr_NewMethod(PyTypeObject *type, PyMethodDef *method)
    size_t PyVectorcall_NARGS(size_t count)
    ctypedef struct PyType_Slot:
        int slot
        void *pfunc
    ctypedef struct PyType_Spec:
        const char *name
        int basicsize
        int itemsize
        unsigned int flags
        PyType_Slot *slots
    object PyType_FromSpecWithBases(PyType_Spec *spec, object bases)
    void PyType_Modified(PyTypeObject *type)
    int Py_tp_dealloc, Py_tp_doc, Py_tp_new
    unsigned int Py_TPFLAGS_DEFAULT
    unsigned long Py_TPFLAGS_IMMUTABLETYPE


cdef class Codec:
    """A layout compiled for one class: its rows, its descriptors, its pools of dead instances."""

    cdef cc_class cls
    cdef readonly object layout
    cdef readonly object planner  # of columns
    cdef readonly dict nested  # classes of the structs within, by layout; those within them too
    cdef dict members  # by path, filled as paths are asked for
    cdef list kept  # what the slots borrow
    cdef bytes name

    def __cinit__(self, layout, dict nested):
        cdef Py_ssize_t i
        self.layout = layout
        self.planner = columns.Planner(layout)
        self.nested = {}
        for cls in nested.values():
            self.nested.update((<Codec>cls._codec).nested)
        self.nested.update(nested)
        self.members = {}
        self.kept = []
        self.cls.codec = <PyObject *>self
        self.cls.size = layout.size
        self.cls.slots = <cc_slot *>PyMem_Calloc(len(layout.rows), sizeof(cc_slot))
        if self.cls.slots == NULL:
            raise MemoryError
        for i, field in enumerate(layout.rows):
            self.kept.append(fill_slot(&self.cls.slots[i], field, field.path not in layout.fields.named, self.nested))
            self.cls.slot_count = i + 1
        if [row.path for row in layout.rows] == list(layout.fields):
            zeros = {<object>self.cls.slots[i].name: 0 for i in range(self.cls.slot_count)}
            self.kept.append(zeros)
            self.cls.zeros = <PyObject *>zeros

    def __dealloc__(self):
        empty_pool(&self.cls.owning)
        empty_pool(&self.cls.borrowing)
        PyMem_Free(self.cls.slots)

    def unpack(self, source):
        """An instance with a copy of the bytes of any contiguous buffer, which may be shorter or longer than known.

        Raises:
            BufferAccessError: it is no such buffer.
        """
        return adopt(unpacked(self, <PyObject *>source))

    def view(self, source):
        """An instance over the bytes of any contiguous buffer, without a copy.

        Writes go to the buffer, unless it is read-only. It is kept alive, and from being resized, as long as the
        instance lives.

        Raises:
            BufferAccessError: it is no such buffer.
        """
        return adopt(view_of(&self.cls, <PyObject *>source, <PyObject *>self.layout))

    def from_dict(self, given):
        """An instance from a dict as :meth:`to_dict` makes it. Fields at the end may be left out, and are then absent.

        Raises:
            UnknownFieldError, FieldTypeError, FieldRangeError, FieldLengthError: of the first field that is wrong.
            TextError: a field is missing and one behind it is given.
        """
        if not PyDict_Check(given):
            raise errors.TextError(f"{self.layout.name}: expected a dict, got {type(given).__name__}")
        return struct_from_dict(self, given)

    def zeros(self, size=None):
        """An instance of zeros, of today's size or of an older size step."""
        return zeroed(&self.cls, self.layout.step(size))

    def __reduce__(self):
        raise TypeError("a codec lives and dies with its class")


cdef inline PyObject *unpacked(Codec codec, PyObject *source) except NULL:
    cdef cc_span span
    cdef PyObject *o
    borrow(source, &span, <PyObject *>codec.layout)
    try:
        o = new_owning(&codec.cls, span.length)
        memcpy((<cc_object *>o).data, span.data, span.length)
    finally:
        release(&span)
    return o


cdef object zeroed(cc_class *cls, Py_ssize_t length):
    cdef PyObject *o = new_owning(cls, length)
    memset((<cc_object *>o).data, 0, length)
    return adopt(o)


cdef PyObject *view_of(cc_class *cls, PyObject *source, PyObject *layout) except NULL:
    cdef cc_object *self
    cdef PyObject *o
    cdef Py_buffer *view
    if is_struct(source):
        return new_child(cls, source, (<cc_object *>source).data, (<cc_object *>source).length)
    if PyBytes_CheckExact(<object>source):
        o = new_borrowing(cls, <uint8_t *>PyBytes_AS_STRING(<object>source), PyBytes_GET_SIZE(<object>source))
        self = <cc_object *>o
        self.origin, self.owner, self.readonly = ORIGIN_CHILD, source, True
        incref(source)
        return o
    # The export is taken where it will stay, since some exporters point into the Py_buffer itself. Until it is, the
    # new instance belongs to None, so that it can be dropped as any other.
    o = new_borrowing(cls, NULL, 0)
    self = <cc_object *>o
    self.origin, self.owner = ORIGIN_CHILD, <PyObject *>None
    incref(self.owner)
    view = <Py_buffer *>storage(o)
    try:
        get_export(source, view, PyBUF_SIMPLE, layout)
    except BaseException:
        decref(o)
        raise
    decref(self.owner)
    self.origin, self.owner, self.readonly = ORIGIN_EXPORT, NULL, view.readonly
    self.data, self.length = <uint8_t *>view.buf, view.len
    self.valid = min(view.len, cls.size)
    return o


cdef object fill_slot(cc_slot *slot, field, bint filler, dict nested):
    """Write the row of a field; returns what the slot only borrows."""
    cdef Codec child
    cdef cc_row *row = &slot.row
    cdef int plain
    name = intern(field.name)
    dims = field.dims
    slot.name, slot.field, slot.filler = <PyObject *>name, <PyObject *>field, filler
    slot.child, slot.cases = NULL, NULL
    row.offset, row.end, row.shift, row.width = field.offset, field.end, 0, 0
    row.min, row.max = 0, 0
    child = cases = None
    if field.selector is not None:
        cases = Cases(field, nested)
        slot.cases = &(<Cases>cases).cases
    if field.layout is not None:
        child = nested[field.layout]._codec
        slot.child = &child.cls
        row.op, row.size = CC_STRUCT, child.cls.size
    elif field.type == "char":
        row.op, row.size = CC_CHARS, dims[-1] if dims else 1
        dims = dims[:-1]
    elif field.bits is not None:
        fill_bits(row, field)
    else:
        row.op, row.size = OPS[field.type], field.member.type.size
        limit(row, row.size * 8, field.type[0] == "s")
    row.ndim = len(dims)
    for axis, count in enumerate(dims):
        row.dims[axis] = count
    return name, field, child, cases


cdef class Cases:
    """The classes of a union's members, by the value of the field that tells which is meant."""

    cdef cc_cases cases

    def __cinit__(self, field, dict nested):
        cdef cc_slot telling
        cdef Py_ssize_t i
        cdef list layouts = [field.layout.cases[name] for name in field.selector.names.values()]
        fill_slot(&telling, field.selector.field, False, nested)
        self.cases.row, self.cases.distance = telling.row, field.selector.distance
        self.cases.values = <uint64_t *>PyMem_Calloc(len(layouts), sizeof(uint64_t))
        self.cases.classes = <cc_class **>PyMem_Calloc(len(layouts), sizeof(cc_class *))
        if self.cases.values == NULL or self.cases.classes == NULL:
            raise MemoryError
        for i, value in enumerate(field.selector.names):
            self.cases.values[i] = value
            self.cases.classes[i] = &(<Codec>nested[layouts[i]]._codec).cls
        self.cases.count = len(layouts)

    def __dealloc__(self):
        PyMem_Free(self.cases.values)
        PyMem_Free(self.cases.classes)

    def __reduce__(self):
        raise TypeError("cases live and die with their class")


cdef int fill_bits(cc_row *row, field) except -1:
    cdef bint signed = field.type[0] == "s"
    row.shift, row.width, row.size = field.shift, field.bits, field.size
    limit(row, row.width, signed)
    if row.shift == 0 and row.width in (8, 16, 32, 64):
        row.op = OPS[f"{field.type[0]}{row.width}"]  # nothing about it needs masking
    elif signed:
        row.op = CC_SBITS
    elif row.size == 1:
        row.op = CC_BIT
    else:
        row.op = CC_UBITS
    return 0


cdef void limit(cc_row *row, int width, bint signed) noexcept:
    """Set the range of an integer of ``width`` bits."""
    if signed:
        row.max = UINT64_MAX >> (65 - width) if width > 1 else 0
        row.min = -<int64_t>row.max - 1
    else:
        row.max = UINT64_MAX >> (64 - width)
        row.min = 0


cdef Member new_member(Codec codec, field):
    cdef Member member = Member.__new__(Member)
    member.owner = codec.cls.type
    member.kept = fill_slot(&member.slot, field, False, codec.nested)
    return member


cdef Member member_at(cc_class *cls, path):
    """The descriptor for a path; made when first asked for."""
    cdef Codec codec = <Codec>cls.codec
    member = codec.members.get(path)
    if member is None:
        member = new_member(codec, codec.layout.fields[path])
        if len(codec.members) < MOST_PATHS:
            codec.members[path] = member
    return member


cdef object struct_new(PyTypeObject *type, args, PyObject *kwargs):
    """``Class()`` is all zeros, ``Class(buffer)`` a copy of its bytes; keywords then set fields."""
    cdef Codec codec = (<object>type)._codec
    if len(args) > 1:
        raise TypeError(f"{codec.layout.name}: expected one buffer at most, got {len(args)} arguments")
    made = codec.unpack(args[0]) if args else codec.zeros()
    if kwargs != NULL:
        for path, value in (<dict>kwargs).items():
            made[path] = value
    return made


cdef PyObject *struct_call(PyObject *type, PyObject *const *args, size_t count, PyObject *keywords) except NULL:
    """The same without a tuple and a dict for the arguments, which cost more than the copy."""
    count = PyVectorcall_NARGS(count)
    if count == 1 and keywords == NULL:
        return unpacked(<Codec>cc_codec(type, CODEC), args[0])
    positional = tuple([<object>args[i] for i in range(count)])
    if keywords == NULL:
        return released(struct_new(<PyTypeObject *>type, positional, NULL))
    named = {name: <object>args[count + i] for i, name in enumerate(<tuple>keywords)}
    return released(struct_new(<PyTypeObject *>type, positional, <PyObject *>named))


def new_class(layout, str name, str module, dict attributes, dict fields, dict nested):
    """A class whose instances are the bytes of a struct.

    Args:
        layout: what :func:`capcodec.structs.layout.layout_of` returns.
        name, module: of the class.
        attributes: of the class, besides the methods that are made here.
        fields: by the attribute that each shall appear as.
        nested: by layout, the classes of the structs in it, and of the members of a union.
    """
    cdef PyType_Slot slots[4]
    cdef PyType_Spec spec
    cdef Codec codec = Codec(layout, nested)
    doc = attributes.pop("__doc__").encode()
    codec.name = f"{module}.{name}".encode()  # until 3.10 a type's name stays where it was given
    slots[0].slot, slots[0].pfunc = Py_tp_dealloc, <void *>struct_dealloc
    slots[1].slot, slots[1].pfunc = Py_tp_new, <void *>struct_new
    slots[2].slot, slots[2].pfunc = Py_tp_doc, <void *>PyBytes_AS_STRING(doc)
    slots[3].slot, slots[3].pfunc = 0, NULL
    spec.name = codec.name
    spec.basicsize = <int>sizeof(cc_object)
    spec.itemsize = 0
    spec.flags = Py_TPFLAGS_DEFAULT
    spec.slots = slots
    made = PyType_FromSpecWithBases(&spec, (Struct,))
    made.__name__, made.__qualname__, made.__module__ = name, name, module  # a variant's name may hold a dot
    codec.cls.type = <PyTypeObject *>made
    (<type_calls *>made).tp_vectorcall = struct_call  # there is no slot for it in a spec before 3.14
    # Plain builtin functions rather than classmethods, which would be bound anew at every call
    made.unpack, made.view = codec.unpack, codec.view
    made.from_dict, made.zeros = codec.from_dict, codec.zeros
    made._codec = codec
    for name in ("pack", "to_dict", "has_field"):
        # Once more as the class's own: the interpreter calls a method faster if its type is exactly the instance's
        setattr(made, name, PyDescr_NewMethod(codec.cls.type, cc_method(getattr(Struct, name))))
    for key, value in attributes.items():
        setattr(made, key, value)
    for key, field in fields.items():
        setattr(made, key, new_member(codec, field))
    codec.cls.type.tp_flags |= Py_TPFLAGS_IMMUTABLETYPE
    PyType_Modified(codec.cls.type)
    return made


cdef str CODEC = "_codec"

cdef dict OPS = {
    "u8": CC_U8, "u16": CC_U16, "u32": CC_U32, "u64": CC_U64,
    "s8": CC_S8, "s16": CC_S16, "s32": CC_S32, "s64": CC_S64,
    "f32": CC_F32, "f64": CC_F64,
}
cdef enum:
    MOST_PATHS = 1 << 14

if (<PyTypeObject *>Struct).tp_basicsize != sizeof(cc_object):
    raise SystemError("cc_object does not mirror Struct")

"""Classes from layouts: a heap type for each struct, made in C so that its instances cost no more than their bytes."""

cimport cython
from cpython.buffer cimport PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject, PyTypeObject
from cpython.unicode cimport PyUnicode_CheckExact
from libc.stdint cimport UINT32_MAX, UINT64_MAX, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy, memset

from capcodec.structs._dicts cimport cc_cases, cc_class, cc_slot, struct_from_dict, struct_to_dict
from capcodec.structs._fields cimport Member, blank_member, member_get, member_set
from capcodec.structs._headers cimport (
    CC_BIT, CC_CHARS, CC_F32, CC_F64, CC_S8, CC_S16, CC_S32, CC_S64, CC_SBITS, CC_STRUCT, CC_U8, CC_U16, CC_U32,
    CC_MAX_DIMS, CC_U64, CC_UBITS, cc_row,
)
from capcodec.structs._instances cimport (
    ORIGIN_OWN, Instance, borrow, cc_borrowed, cc_header, empty_pool, header, instance_dealloc, is_instance,
    new_owning, only_made_here, release, view_of,
)
from capcodec.structs._python cimport (
    PyType_Modified, Py_TYPE, decref, incref, new_bytes, new_ref, own,
)

from sys import intern

from capcodec import errors
from capcodec.structs import columns, field_errors

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
        if (codec)
            Py_DECREF(codec); /* the type holds it, and never lets go */
        else
            PyErr_Clear();
        return codec;
    }
    #endif
    """
    ctypedef PyObject *(*vectorcallfunc)(PyObject *, PyObject *const *, size_t, PyObject *) except NULL
    ctypedef struct type_calls "PyTypeObject":
        vectorcallfunc tp_vectorcall
        PyObject *tp_dict
        PyObject *tp_mro
    ctypedef struct PyMethodDef:
        pass
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
    PyObject *PyType_FromSpecWithBases(PyType_Spec *spec, object bases)
    PyObject *PyErr_Occurred()
    int Py_tp_dealloc, Py_tp_doc, Py_tp_new
    unsigned int Py_TPFLAGS_BASETYPE, Py_TPFLAGS_DEFAULT
    unsigned long Py_TPFLAGS_IMMUTABLETYPE

cdef str CODEC = "_codec"

cdef dict OPS = {
    "u8": CC_U8, "u16": CC_U16, "u32": CC_U32, "u64": CC_U64,
    "s8": CC_S8, "s16": CC_S16, "s32": CC_S32, "s64": CC_S64,
    "f32": CC_F32, "f64": CC_F64,
}

cdef enum:
    MAX_PATHS = 1 << 14  # that a class remembers

# -- rows and slots


cdef int refuse_stray(object field) except -1:
    raise field_errors.stray(field)


cdef int fill_row(cc_row *row, field) except -1:
    """Write the row of a field that is no struct."""
    dims = field.dims
    row.offset, row.shift, row.width = field.offset, 0, 0
    row.min, row.max = 0, 0
    if field.type == "char":
        row.op, row.size = CC_CHARS, dims[-1] if dims else 1
        dims = dims[:-1]
    elif field.bits is not None:
        fill_bits(row, field)
    else:
        fill_whole(row, field.type)
    return fill_dims(row, field, dims)


cdef int fill_whole(cc_row *row, str type) except -1:
    row.op, row.size = OPS[type], int(type[1:]) // 8
    limit(row, row.size * 8, type[0] == "s")
    return 0


cdef int fill_bits(cc_row *row, field) except -1:
    cdef str kind = field.type[0]
    row.shift, row.width, row.size = field.shift, field.bits, field.size
    if not 1 <= row.width <= 64 or row.size > 8 or row.shift + row.width > 8 * row.size:
        refuse_stray(field)
    if row.shift == 0 and row.width in (8, 16, 32, 64):
        return fill_whole(row, f"{kind}{row.width}")  # nothing about it needs masking
    limit(row, row.width, kind == "s")
    if kind == "s":
        row.op = CC_SBITS
    elif row.size == 1:
        row.op = CC_BIT
    else:
        row.op = CC_UBITS
    return 0


cdef int fill_dims(cc_row *row, field, dims) except -1:
    """Set what depends on the dimensions, and with them on where the field ends."""
    cdef int axis
    cdef uint64_t extent = row.size
    row.ndim = len(dims)
    if row.ndim > CC_MAX_DIMS:
        refuse_stray(field)
    for axis in range(row.ndim):
        row.dims[axis] = dims[axis]
        extent *= row.dims[axis]
        if extent > UINT32_MAX:
            refuse_stray(field)
    if row.offset + extent > UINT32_MAX:
        refuse_stray(field)
    row.end = <uint32_t>(row.offset + extent)
    return 0


cdef void limit(cc_row *row, int width, bint signed) noexcept:
    """Set the range of an integer of ``width`` bits."""
    if signed:
        row.max = UINT64_MAX >> (65 - width) if width > 1 else 0
        row.min = -<int64_t>row.max - 1
    else:
        row.max = UINT64_MAX >> (64 - width)
        row.min = 0


@cython.final
@cython.auto_pickle(False)
cdef class Cases:
    """The classes of a union's members, by the value of the field that tells which is meant."""

    cdef cc_cases cases
    cdef list kept

    def __cinit__(self, field, dict nested):
        cdef Py_ssize_t i
        cdef dict names = dict(field.selector.names)
        fill_row(&self.cases.row, field.selector.field)
        self.kept = []
        for name in names.values():  # no comprehension: out of memory, Cython 3.3 drops the element twice
            self.kept.append(nested[field.layout.cases[name]])
        self.cases.distance = field.selector.distance
        self.cases.values = <uint64_t *>PyMem_Calloc(len(names) + 1, sizeof(uint64_t))
        self.cases.classes = <cc_class **>PyMem_Calloc(len(names) + 1, sizeof(cc_class *))
        if self.cases.values == NULL or self.cases.classes == NULL:
            raise MemoryError
        for i, value in enumerate(names):
            self.cases.values[i] = value
            self.cases.classes[i] = &codec_of(self.kept[i]).cls
        self.cases.count = len(names)

    def __dealloc__(self):
        PyMem_Free(self.cases.values)
        PyMem_Free(self.cases.classes)


only_made_here(Cases)


cdef object fill_slot(cc_slot *slot, field, bint filler, Codec codec):
    """Write what the core knows of a field; returns what the slot only borrows."""
    cdef cc_row *row = &slot.row
    name = intern(field.name)
    slot.name, slot.field, slot.filler = <PyObject *>name, <PyObject *>field, filler
    slot.child, slot.cases = NULL, NULL
    kept = [name, field]
    if field.layout is None:
        fill_row(row, field)
    else:
        child = codec.nested[field.layout]
        kept.append(child)
        slot.child = &codec_of(child).cls
        row.op, row.size = CC_STRUCT, slot.child.storage.size
        row.offset, row.shift, row.width, row.min, row.max = field.offset, 0, 0, 0, 0
        fill_dims(row, field, field.dims)
        if field.selector is not None:
            cases = Cases.__new__(Cases, field, codec.nested)
            kept.append(cases)
            slot.cases = &(<Cases>cases).cases
            check_cases(slot, field)
    if row.end > codec.cls.storage.size:
        refuse_stray(field)
    return kept


cdef int check_cases(const cc_slot *slot, field) except -1:
    """Does the field that tells lie before the union, and is no member larger than that?"""
    cdef Py_ssize_t i
    if not slot.cases.row.size <= slot.cases.distance <= slot.row.offset:
        refuse_stray(field)
    for i in range(slot.cases.count):
        if slot.cases.classes[i].storage.size > slot.child.storage.size:
            refuse_stray(field)
    return 0

# -- codecs


@cython.final
@cython.auto_pickle(False)
@cython.no_gc_clear  # the type, which holds it as an attribute, lets go of it
cdef class Codec:
    """A layout compiled for one class: its rows, its descriptors, its pools of dead instances."""

    def __cinit__(self, layout, dict nested):
        cdef Py_ssize_t i
        cdef bint padded = False
        cdef tuple rows = tuple(layout.rows)
        self.layout = layout
        self.planner = columns.Planner(layout)
        self.plans = self.planner.made
        self.nested = {}
        for cls in nested.values():
            self.nested.update(codec_of(cls).nested)
        self.nested.update(nested)
        self.members = {}
        self.kept = []
        self.cls.codec = <PyObject *>self
        self.cls.layout = <PyObject *>layout
        self.cls.storage.size = layout.size
        self.cls.slots = <cc_slot *>PyMem_Calloc(len(rows), sizeof(cc_slot))
        if self.cls.slots == NULL:
            raise MemoryError
        for i, field in enumerate(rows):
            self.kept.append(fill_slot(&self.cls.slots[i], field, field.path not in layout.fields.named, self))
            self.cls.slot_count = i + 1
            padded |= self.cls.slots[i].filler
        if not padded:
            zeros = {<object>self.cls.slots[i].name: 0 for i in range(self.cls.slot_count)}
            self.kept.append(zeros)
            self.cls.zeros = <PyObject *>zeros

    def __dealloc__(self):
        empty_pool(&self.cls.storage.owning)
        empty_pool(&self.cls.storage.borrowing)
        PyMem_Free(self.cls.slots)

    def unpack(self, source, /):
        """An instance with a copy of the bytes of any contiguous buffer, which may be shorter or longer than known.

        Raises:
            BufferAccessError: it is no such buffer.
        """
        return own(unpacked(self, <PyObject *>source))

    def view(self, source, /):
        """An instance over the bytes of any contiguous buffer, without a copy.

        Writes go to the buffer, unless it is read-only. The instance keeps the buffer alive, and keeps it from being
        resized. Python's garbage collector does not look into instances: a buffer that holds its own view lives for
        ever, unless somebody breaks the cycle. Threads that write the same bytes at once leave a mixture of what they
        wrote, and change no other byte; bitfields of one word are the same bytes.

        Raises:
            BufferAccessError: it is no such buffer.
        """
        return own(view_of(&self.cls.storage, <PyObject *>source, <PyObject *>self.layout))

    def from_dict(self, given, /):
        """An instance from a dict as :meth:`to_dict` makes it. Fields at the end may be left out, and are then absent.

        Raises:
            UnknownFieldError, FieldTypeError, FieldRangeError, FieldLengthError: of the first field that is wrong.
            TextError: a field is missing and one behind it is given.
        """
        return struct_from_dict(&self.cls, given)

only_made_here(Codec)


cdef inline PyObject *unpacked(Codec codec, PyObject *source) except NULL:
    cdef cc_borrowed borrowed
    cdef PyObject *o
    borrow(source, &borrowed, <PyObject *>codec.layout)
    try:
        o = new_owning(&codec.cls.storage, borrowed.length)
        memcpy(header(o).data, borrowed.data, borrowed.length)
    finally:
        release(&borrowed)
    return o


cdef object zeroed(Codec codec, Py_ssize_t length):
    cdef PyObject *o = new_owning(&codec.cls.storage, length)
    memset(header(o).data, 0, length)
    return own(o)


cdef Codec codec_of(object cls):
    """The codec of a class that new_class made; an attribute of that name on another class counts for nothing."""
    cdef PyObject *codec = cc_codec(<PyObject *>cls, CODEC) if isinstance(cls, type) else NULL
    if codec == NULL or Py_TYPE(codec) != <PyTypeObject *>Codec or (<Codec>codec).type is not cls:
        raise errors.ArgumentError(f"expected the class of a struct, got {errors.shown(cls)}")
    return <Codec>codec


cdef Member new_member(Codec codec, field):
    cdef Member member = blank_member()
    member.owner = codec.type
    member.kept = fill_slot(&member.slot, field, False, codec)
    return member


cdef inline Member member_at(const cc_class *cls, path):
    """The descriptor for a path; made when first asked for."""
    cdef Codec codec = <Codec>cls.codec
    if PyUnicode_CheckExact(path):  # an instance of a subclass may equal any key
        member = codec.members.get(path)
        if member is not None:
            return member
    return member_rarer(codec, path)


cdef Member member_rarer(Codec codec, path):
    member = new_member(codec, codec.layout.fields[path])
    if PyUnicode_CheckExact(path) and len(codec.members) < MAX_PATHS:
        codec.members[path] = member
    return member

# -- structs


@cython.auto_pickle(False)
cdef class Struct(Instance):
    """Struct(source=b'', /, **fields)
--

    Bytes of a struct, whole or cut short, its own or borrowed. Classes are made by :func:`capcodec.define`.

    ``Class()`` is all zeros, ``Class(buffer)`` has a copy of its bytes; keywords then set fields by name.
    """

    # What each class has of its own, by these names

    @classmethod
    def unpack(cls, source, /):
        """An instance with a copy of the bytes of any contiguous buffer."""
        return codec_of(cls).type.unpack(source)

    @classmethod
    def view(cls, source, /):
        """An instance over the bytes of any contiguous buffer, without a copy."""
        return codec_of(cls).type.view(source)

    @classmethod
    def from_dict(cls, given, /):
        """An instance from what :meth:`to_dict` made."""
        return codec_of(cls).type.from_dict(given)

    @classmethod
    def from_json(cls, source):
        """An instance from what :meth:`to_json` made."""
        return codec_of(cls).type.from_json(source)

    @classmethod
    def zeros(cls, size=None):
        """An instance of zeros, of today's size or of an older size step.

        Raises:
            SizeStepError: the struct never had that size.
        """
        cdef Codec codec = codec_of(cls)
        return zeroed(codec, codec.layout.step(size))

    @classmethod
    def guest_defaults(cls, size=None):
        """What a guest assumes before it asks."""
        return codec_of(cls).type.guest_defaults(size)

    def to_json(self):
        """Text that loses nothing and reads well in a diff."""
        return type(self).to_json(self)

    @property
    def valid_size(self):
        """Bytes of the layout that arrived, at most the struct's size."""
        return self.it.valid

    def pack(self):
        """The bytes, exactly as they arrived or were written: ``valid_size`` of the struct, then the tail."""
        return own(new_bytes(<char *>self.it.data, self.it.length))

    @property
    def tail(self):
        """Bytes that arrived behind the newest layout we know; kept, never interpreted."""
        return own(new_bytes(<char *>self.it.data + self.it.valid, self.it.length - self.it.valid))

    @property
    def readonly(self):
        """True for a view of a buffer that cannot be written."""
        return self.it.readonly != 0

    def has_field(self, path, /):
        """Did the field arrive whole?

        Args:
            path: a name, also one of a nested struct's that appears on this one, or a path as in C.

        Raises:
            UnknownFieldError: the struct has no such field.
        """
        return member_at(<cc_class *>self.it.storage, path).slot.row.end <= self.it.valid

    def __getitem__(self, path):
        member = member_at(<cc_class *>self.it.storage, path)
        return own(member_get(<PyObject *>member, <PyObject *>self, NULL))

    def __setitem__(self, path, value):
        member = member_at(<cc_class *>self.it.storage, path)
        member_set(<PyObject *>member, <PyObject *>self, <PyObject *>value)

    def to_dict(self):
        """The fields by name, nested as in C; absent ones are left out.

        Values are ints and floats, bytes for char arrays (without the NULs at their end), lists and dicts. Three more
        keys are there only when needed: ``_tail``, the bytes behind the struct; ``_valid_size`` and ``_partial``, if
        the bytes end within a field: how many arrived, and those of them that belong to no whole field.
        """
        return struct_to_dict(<cc_class *>self.it.storage, self.it.data, self.it.valid, self.it.length)

    def __eq__(self, other):
        cdef cc_header *that
        if not is_instance(<PyObject *>other) or Py_TYPE(<PyObject *>other) != Py_TYPE(<PyObject *>self):
            return NotImplemented
        that = header(<PyObject *>other)
        return self.it.length == that.length and memcmp(self.it.data, that.data, self.it.length) == 0

    def __copy__(self):
        return copied(self)

    def __deepcopy__(self, memo):
        return copied(self)

    def __sizeof__(self):
        if self.it.origin == ORIGIN_OWN:
            return sizeof(PyObject) + sizeof(cc_header) + max(self.it.storage.size, self.it.length)
        return sizeof(PyObject) + sizeof(cc_header) + sizeof(Py_buffer)

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self.it.data, self.it.length, self.it.readonly, flags)


only_made_here(Struct)


def _refuse_subclass(cls, /, **keywords):
    raise errors.SchemaError(
        "Struct is not meant to be subclassed: declare a struct with capcodec.schema, and make its class with "
        "capcodec.define"
    )


# Cython has no __init_subclass__ for its classes. Classes that new_class makes do not call it.
(<dict>(<type_calls *>Struct).tp_dict)["__init_subclass__"] = classmethod(_refuse_subclass)
PyType_Modified(<PyTypeObject *>Struct)


cdef object copied(Struct self):
    """An instance of its own with the same bytes."""
    cdef PyObject *o = new_owning(self.it.storage, self.it.length)
    memcpy(header(o).data, self.it.data, self.it.length)
    return own(o)


cdef object struct_new(PyTypeObject *type, args, PyObject *kwargs):
    """``Class()`` is all zeros, ``Class(buffer)`` a copy of its bytes; keywords then set fields."""
    cdef Codec codec = codec_of(<object>type)
    if len(args) > 1:
        raise TypeError(f"{codec.layout.name}: expected one buffer at most, got {len(args)} arguments")
    made = codec.unpack(args[0]) if args else zeroed(codec, codec.layout.size)
    if kwargs != NULL:
        for path, value in (<dict>kwargs).items():
            made[path] = value
    return made


cdef PyObject *struct_call(PyObject *type, PyObject *const *args, size_t count, PyObject *keywords) except NULL:
    """The same without a tuple and a dict for the arguments: with these, it takes 151 % more instructions."""
    count = PyVectorcall_NARGS(count)
    if count == 1 and keywords == NULL:
        return unpacked(<Codec>cc_codec(type, CODEC), args[0])
    positional = tuple([<object>args[i] for i in range(count)])
    if keywords == NULL:
        return new_ref(struct_new(<PyTypeObject *>type, positional, NULL))
    named = {name: <object>args[count + i] for i, name in enumerate(<tuple>keywords)}
    return new_ref(struct_new(<PyTypeObject *>type, positional, <PyObject *>named))


cdef PyObject *type_from(PyType_Spec *spec) except NULL:
    """A new heap type. Without memory, Python 3.11 fails to make one and does not say why."""
    cdef PyObject *made = PyType_FromSpecWithBases(spec, (Struct,))
    if made == NULL and PyErr_Occurred() == NULL:
        raise MemoryError
    return made


cdef int look_last_in(type_calls *cls, unseen) except -1:
    """Let attributes that a class has nowhere else be looked up in another class, which is none of its bases.

    So nothing lists them: neither dir() and help() nor vars().
    """
    cdef tuple order = <tuple>cls.tp_mro
    order = (*order[:-1], unseen, order[-1])
    incref(<PyObject *>order)
    decref(cls.tp_mro)
    cls.tp_mro = <PyObject *>order
    return 0


def new_class(layout, str name, str module, dict attributes, dict fields, dict nested, unseen):
    """A class whose instances are the bytes of a struct.

    Args:
        layout: what :func:`capcodec.structs.layout.layout_of` returns.
        name, module: of the class.
        attributes: of the class, besides the methods that are made here.
        fields: by the attribute that each shall appear as.
        nested: by layout, the classes of the structs in it, and of the members of a union.
        unseen: a class with attributes that nothing shall list; or None.
    """
    cdef PyType_Slot slots[4]
    cdef PyType_Spec spec
    cdef Codec codec = Codec.__new__(Codec, layout, nested)
    codec.name = f"{module}.{name}".encode()  # until 3.10 a type's name stays where it was given
    # Python takes the signature out of the docstring, if that begins with the name as it sees it: behind the last dot
    doc = codec.name.rpartition(b".")[2] + b"(source=b'', /, **fields)\n--\n\n"
    doc += attributes.pop("__doc__").encode("utf-8", "backslashreplace")
    slots[0].slot, slots[0].pfunc = Py_tp_dealloc, <void *>instance_dealloc
    slots[1].slot, slots[1].pfunc = Py_tp_new, <void *>struct_new
    slots[2].slot, slots[2].pfunc = Py_tp_doc, <void *>PyBytes_AS_STRING(doc)
    slots[3].slot, slots[3].pfunc = 0, NULL
    spec.name = codec.name
    spec.basicsize = <int>(<PyTypeObject *>Instance).tp_basicsize
    spec.itemsize = 0
    spec.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE  # __init_subclass__ refuses a subclass, in words
    spec.slots = slots
    made = own(type_from(&spec))
    made.__name__, made.__module__ = name, module  # a variant's name may hold a dot
    made.__qualname__ = attributes.pop("__qualname__")
    codec.type = made
    codec.cls.storage.type = <PyTypeObject *>made
    (<type_calls *>made).tp_vectorcall = struct_call  # there is no slot for it in a spec before 3.14
    # Plain builtin functions rather than classmethods, which would be bound anew at every call
    made.unpack, made.view = codec.unpack, codec.view
    made.from_dict = codec.from_dict
    made._codec = codec
    for name in ("pack", "to_dict", "has_field"):
        # Once more as the class's own: the interpreter calls a method faster if its type is exactly the instance's.
        # Without this, pack takes 23 % more instructions.
        setattr(made, name, PyDescr_NewMethod(codec.cls.storage.type, cc_method(getattr(Struct, name))))
    for key, value in attributes.items():
        setattr(made, key, value)
    for key, field in fields.items():
        setattr(made, key, new_member(codec, field))
    if unseen is not None:
        look_last_in(<type_calls *>made, unseen)
    codec.cls.storage.type.tp_flags |= Py_TPFLAGS_IMMUTABLETYPE
    PyType_Modified(codec.cls.storage.type)
    return made

# -- what _classes.pxd offers to other Cython code


cdef const cc_row *row_at(object cls, str path) except NULL:
    cdef Codec codec = codec_of(cls)
    cdef Member member = member_at(&codec.cls, path)
    codec.members[path] = member  # however many there are: the caller's pointer relies on it
    return &member.slot.row


cdef object unpack_bytes(object cls, const uint8_t *data, Py_ssize_t size):
    cdef PyObject *o
    if size < 0:
        raise errors.ArgumentError(f"unpack_bytes: expected 0 bytes or more, got {size}")
    o = new_owning(&codec_of(cls).cls.storage, size)
    memcpy(header(o).data, data, size)
    return own(o)


cdef uint8_t *bytes_of(object capset, Py_ssize_t *size) except NULL:
    if not is_instance(<PyObject *>capset):
        raise TypeError(f"expected an instance of a struct, got {type(capset).__name__}")
    size[0] = header(<PyObject *>capset).length
    return header(<PyObject *>capset).data

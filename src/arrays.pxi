"""Arrays in place: reading and writing an element reads and writes the struct's bytes."""

cdef extern from *:
    """
    /* Codes of Python's struct module, by op. A memoryview reads only those without a byte order. */
    #if CC_BIG_ENDIAN
    #define CC_LE "<"
    #else
    #define CC_LE ""
    #endif
    static const char *const CC_FORMATS[CC_OPS] = {
        [CC_U8] = "B", [CC_U16] = CC_LE "H", [CC_U32] = CC_LE "I", [CC_U64] = CC_LE "Q",
        [CC_S8] = "b", [CC_S16] = CC_LE "h", [CC_S32] = CC_LE "i", [CC_S64] = CC_LE "q",
        [CC_F32] = CC_LE "f", [CC_F64] = CC_LE "d", /* bits, chars and structs have none */
    };
    """
    const char *const *CC_FORMATS

cdef extern from "Python.h":
    ctypedef PyObject *(*binaryfunc)(PyObject *, PyObject *) except NULL
    ctypedef struct PyMappingMethods:
        binaryfunc mp_subscript
    ctypedef struct type_slots "PyTypeObject":
        PyMappingMethods *tp_as_mapping
    unsigned long Py_TPFLAGS_HEAPTYPE

cdef cc_pool array_pool


@cython.final
@cython.no_gc  # refers to a struct and a member, and neither can refer to an array
cdef class Array:
    """The elements of an array field, in the struct's own bytes.

    ``len``, indices from either end, slices (a list), iteration, comparison with any list, tuple or array. Arrays of
    scalars export the buffer protocol with their type and dimensions.
    """

    cdef PyObject *owner  # the instance: keeps the bytes
    cdef PyObject *member  # keeps the slot
    cdef cc_slot *slot
    cdef uint8_t *data
    cdef int depth  # dimensions left
    cdef Py_ssize_t shape[3]
    cdef Py_ssize_t strides[3]

    def __cinit__(self):
        raise TypeError("arrays are parts of structs")

    @property
    def field(self):
        """What is known of the field, or of the part of it that this array is."""
        field = (<Member>self.member).field
        distance = self.data - (<cc_object *>self.owner).data - self.slot.row.offset
        for depth in range(self.slot.row.ndim, self.depth, -1):
            index, distance = divmod(distance, cc_stride(&self.slot.row, depth))
            field = field.element(index)
        return field

    def tolist(self):
        """The elements as a list, as in :meth:`Struct.to_dict`."""
        return adopt(load_elements(self.slot, self.depth, self.data))

    def bits(self):
        """Numbers of the bits that are set, counted on from word to word: the format numbers of a format mask."""
        cdef Py_ssize_t i, n = len(self)
        cdef int bit
        cdef uint64_t word
        if self.slot.row.op > CC_U64 or self.depth != 1:
            raise field_errors.wrong_type(self.field, "an array of unsigned integers", self)
        found = []
        for i in range(n):
            word = cc_load_unsigned(&self.slot.row, self.data + i * self.slot.row.size)
            for bit in range(self.slot.row.size * 8):
                if word >> bit & 1:
                    found.append(i * self.slot.row.size * 8 + bit)
        return found

    def __len__(self):
        return array_length(self)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [adopt(array_item(self, i)) for i in range(*index.indices(array_length(self)))]
        return adopt(array_item(self, checked_index(self, index)))

    def __setitem__(self, index, value):
        cdef cc_trail trail
        cdef Py_ssize_t i
        if isinstance(index, slice):
            raise TypeError(f"{self.field}: elements are set one at a time, or all with the field")
        i = checked_index(self, index)
        element = self.field.element(i)
        if (<cc_object *>self.owner).readonly:
            raise field_errors.read_only(element)
        trail.up, trail.field = NULL, <PyObject *>element
        set_part(self.slot, self.depth - 1, self.data + i * cc_stride(&self.slot.row, self.depth), value, &trail)

    def __iter__(self):
        return iter([adopt(array_item(self, i)) for i in range(array_length(self))])

    def __eq__(self, other):
        if not isinstance(other, (Array, list, tuple)):
            return NotImplemented
        return self.tolist() == (other.tolist() if isinstance(other, Array) else list(other))

    def __repr__(self):
        return repr(self.tolist())

    def __getbuffer__(self, Py_buffer *view, int flags):
        cdef const char *format = CC_FORMATS[self.slot.row.op]
        cdef cc_object *owner = <cc_object *>self.owner
        cdef int i
        if format == NULL:
            raise BufferError(f"{self.field}: only arrays of scalars export a buffer")
        if flags & PyBUF_WRITABLE and owner.readonly:
            raise BufferError(f"{self.field} belongs to a read-only view")
        for i in range(self.depth):
            self.shape[i] = self.slot.row.dims[self.slot.row.ndim - self.depth + i]
            self.strides[i] = cc_stride(&self.slot.row, self.depth - i)
        view.obj = self
        view.buf = self.data
        view.len = self.shape[0] * self.strides[0]
        view.itemsize = self.slot.row.size
        view.readonly = owner.readonly
        view.ndim = self.depth
        view.format = <char *>format if flags & PyBUF_FORMAT else NULL
        view.shape = self.shape if flags & PyBUF_ND else NULL
        view.strides = self.strides if (flags & PyBUF_STRIDES) == PyBUF_STRIDES else NULL
        view.suboffsets = NULL
        view.internal = NULL


cdef PyObject *new_array(PyObject *member, PyObject *instance, uint8_t *data, int depth) except NULL:
    cdef PyObject *o
    if array_pool.count:
        array_pool.count -= 1
        o = array_pool.items[array_pool.count]
        cc_revive(o)
    else:
        o = PyObject_Malloc((<PyTypeObject *>Array).tp_basicsize)
        if o == NULL:
            raise MemoryError
        PyObject_Init(o, <PyTypeObject *>Array)
    incref(instance)
    incref(member)
    (<Array>o).owner = instance
    (<Array>o).member = member
    (<Array>o).slot = &(<Member>member).slot
    (<Array>o).data = data
    (<Array>o).depth = depth
    return o


cdef void array_dealloc(PyObject *o) noexcept:
    decref((<Array>o).owner)
    decref((<Array>o).member)
    if array_pool.count < CC_POOL:
        array_pool.items[array_pool.count] = o
        array_pool.count += 1
        return
    PyObject_Free(o)
    if (<PyTypeObject *>Array).tp_flags & Py_TPFLAGS_HEAPTYPE:
        decref(<PyObject *>Array)


cdef inline Py_ssize_t array_length(Array self) noexcept:
    return self.slot.row.dims[self.slot.row.ndim - self.depth]


cdef inline Py_ssize_t checked_index(Array self, index) except -1:
    cdef Py_ssize_t i = PyNumber_AsSsize_t(index, IndexError)
    cdef Py_ssize_t n = array_length(self)
    if i < 0:
        i += n
    if i < 0 or i >= n:
        raise field_errors.wrong_index(self.field, index)
    return i


cdef inline PyObject *array_item(Array self, Py_ssize_t i) except NULL:
    cdef uint8_t *p = self.data + i * cc_stride(&self.slot.row, self.depth)
    if self.depth > 1:
        return new_array(self.member, self.owner, p, self.depth - 1)
    if self.slot.row.op == CC_STRUCT:
        return new_child(self.slot.child, self.owner, p, self.slot.row.size)
    return load_value(&self.slot.row, p)


cdef PyObject *array_subscript(PyObject *self, PyObject *index) except NULL:
    if PyLong_CheckExact(index):
        return array_item(<Array>self, checked_index(<Array>self, <object>index))
    return any_subscript(self, index)


# As for Member: the slots that the interpreter uses most, without what Cython puts around them.
cdef binaryfunc any_subscript = (<type_slots *>Array).tp_as_mapping.mp_subscript
(<type_slots *>Array).tp_as_mapping.mp_subscript = array_subscript
(<PyTypeObject *>Array).tp_dealloc = array_dealloc

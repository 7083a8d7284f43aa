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
        "B", CC_LE "H", CC_LE "I", CC_LE "Q", "b", CC_LE "h", CC_LE "i", CC_LE "q", CC_LE "f", CC_LE "d",
        /* bits, chars and structs have none */
    };
    """
    const char *const *CC_FORMATS


@cython.final
@cython.no_gc  # refers to a struct and a member, and neither can refer to an array
@cython.freelist(8)
cdef class Array:
    """The elements of an array field, in the struct's own bytes.

    ``len``, indices from either end, slices (a list), iteration, comparison with any sequence. Arrays of scalars
    export the buffer protocol with their type and dimensions.
    """

    cdef object owner  # the instance: keeps the bytes
    cdef Member member  # keeps the slot
    cdef cc_slot *slot
    cdef uint8_t *data
    cdef int depth  # dimensions left
    cdef tuple indices  # that led here, of an array of arrays
    cdef Py_ssize_t shape[3]
    cdef Py_ssize_t strides[3]

    @property
    def field(self):
        """What is known of the field."""
        field = self.member.field
        for index in self.indices:
            field = field.element(index)
        return field

    def tolist(self):
        """The elements as a list, as in :meth:`to_dict`."""
        return load_elements(self.slot, self.depth, self.data)

    def bits(self):
        """Numbers of the bits that are set, counted on from word to word: the format numbers of a format mask."""
        cdef Py_ssize_t i, n = len(self)
        cdef int bit
        cdef uint64_t word
        if self.slot.row.op > CC_U64 or self.depth != 1:
            raise errors.wrong_type(self.field, "an array of unsigned integers", self)
        found = []
        for i in range(n):
            word = cc_load_unsigned(&self.slot.row, self.data + i * self.slot.row.size)
            for bit in range(self.slot.row.size * 8):
                if word >> bit & 1:
                    found.append(i * self.slot.row.size * 8 + bit)
        return found

    def __len__(self):
        return self.slot.row.dims[self.slot.row.ndim - self.depth]

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self.item(i) for i in range(*index.indices(len(self)))]
        return self.item(self.checked(index))

    def __setitem__(self, index, value):
        cdef cc_trail trail
        cdef cc_object *owner = <cc_object *>self.owner
        cdef Py_ssize_t i
        if isinstance(index, slice):
            raise TypeError(f"{self.field}: elements are set one at a time, or all with the field")
        i = self.checked(index)
        field = self.field
        if owner.readonly:
            raise errors.read_only(field.element(i))
        trail.up = NULL
        field = field.element(i)
        trail.field = <PyObject *>field
        set_part(self.slot, self.depth - 1, self.data + i * cc_stride(&self.slot.row, self.depth), value, &trail)

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
            raise BufferError(f"{self.member.field}: only arrays of scalars export a buffer")
        if flags & PyBUF_WRITABLE and owner.readonly:
            raise BufferError(f"{self.member.field} belongs to a read-only view")
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

    cdef Py_ssize_t checked(self, index) except -1:
        cdef Py_ssize_t i = PyNumber_AsSsize_t(index, IndexError)
        cdef Py_ssize_t n = self.slot.row.dims[self.slot.row.ndim - self.depth]
        if i < 0:
            i += n
        if i < 0 or i >= n:
            raise errors.wrong_index(self.field, index)
        return i

    cdef object item(self, Py_ssize_t i):
        cdef uint8_t *p = self.data + i * cc_stride(&self.slot.row, self.depth)
        cdef Array inner
        if self.depth > 1:
            inner = new_array(self.member, <PyObject *>self.owner, p)
            inner.depth = self.depth - 1
            inner.indices = self.indices + (i,)
            return inner
        if self.slot.row.op == CC_STRUCT:
            return adopt(new_child(self.slot.child, <PyObject *>self.owner, p, self.slot.row.size))
        return load_value(&self.slot.row, p)


cdef inline Array new_array(Member member, PyObject *instance, uint8_t *data):
    cdef Array array = Array.__new__(Array)
    array.owner = <object>instance
    array.member = member
    array.slot = &member.slot
    array.data = data
    array.depth = member.slot.row.ndim
    array.indices = ()
    return array

"""Many records in one buffer: bulk copies, views of single records, fields as columns."""

cdef extern from "cc_copy.h" nogil:
    int cc_overlap(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)

cdef extern from *:
    const char *CC_LE

cdef extern from "Python.h":
    Py_buffer *PyMemoryView_GET_BUFFER(object view)
    object PyByteArray_FromStringAndSize(const char *bytes, Py_ssize_t size)
    const Py_ssize_t PY_SSIZE_T_MAX

cdef extern from "cc_columns.h" nogil:
    ctypedef struct cc_column:
        uint32_t pieces, piece
        const uint32_t *offsets
        const cc_row *bits
        uint8_t *out
    size_t cc_column_width(const cc_column *column)
    void cc_column_take(const cc_column *column, const uint8_t *record, uint8_t *out)
    void cc_gather(
        cc_column *columns, size_t n, const uint8_t *records, Py_ssize_t stride, size_t room, size_t count
    )


def min_copy_many(dst, src, dst_stride, src_stride, count=None, *, dst_size=None, src_size=None, tail="keep"):
    """Copy many records, each as :func:`min_copy` copies one. Other threads run meanwhile.

    Args:
        dst, src: buffers as for :func:`min_copy`. They may overlap: the result is as if all records were read before
            any is written.
        dst_stride, src_stride: bytes from one record to the next.
        count: of records; as many as ``src`` holds if not given.
        dst_size, src_size: bytes of a record, at most its stride; the stride if not given.
        tail: what becomes of the bytes of a destination record that the source does not reach.

    Returns:
        The number of bytes copied, of all records together.

    Raises:
        BufferAccessError: ``dst`` is read-only, or one of the two is no contiguous buffer.
        ArgumentError: a stride, a size or the count is negative or does not fit its buffer. Nothing was written.
    """
    cdef cc_span to, source
    cdef cc_records target, origin
    cdef size_t n
    cdef bint zero_tail = tail == "zero"
    cdef int status
    if not zero_tail and tail != "keep":
        raise errors.ArgumentError(f"min_copy_many: expected tail='keep' or tail='zero', got {tail!r}")
    borrow_writable(<PyObject *>dst, &to, <PyObject *>"min_copy_many to dst")
    try:
        borrow(<PyObject *>src, &source, <PyObject *>"min_copy_many from src")
        try:
            origin = records_of("src", &source, src_stride, src_size)
            if count is None:
                n = 0 if source.length < <Py_ssize_t>origin.size else (source.length - origin.size) // origin.stride + 1
            else:
                n = non_negative("count", count)
            target = records_of("dst", &to, dst_stride, dst_size)
            check_room("src", &source, &origin, n)
            check_room("dst", &to, &target, n)
            with nogil:
                status = cc_min_copy_many(target, origin, n, zero_tail)
            if status:
                raise MemoryError
        finally:
            release(&source)
    finally:
        release(&to)
    return n * min(target.size, origin.size)


cdef Py_ssize_t non_negative(str name, value) except -1:
    cdef int overflow = 0
    cdef long long n = PyLong_AsLongLongAndOverflow(<PyObject *>value, &overflow) if PyLong_Check(value) else -1
    if overflow or n < 0:
        raise errors.ArgumentError(f"min_copy_many: expected a {name} of 0 or more, got {value!r}")
    return n


cdef cc_records records_of(str name, cc_span *span, stride, size) except *:
    cdef cc_records found
    found.data = span.data
    found.stride = non_negative("stride", stride)
    found.size = found.stride if size is None else non_negative("size", size)
    if not found.stride or found.size > found.stride:
        raise errors.ArgumentError(
            f"min_copy_many: expected a stride of {name} above 0 and records that fit into it, "
            f"got {found.size} bytes every {found.stride}"
        )
    return found


cdef int check_room(str name, cc_span *span, cc_records *records, size_t count) except -1:
    # Dividing, since a product of what the caller gives might overflow
    cdef size_t length = span.length
    if count and (records.size > length or (length - records.size) // records.stride < count - 1):
        raise errors.ArgumentError(
            f"min_copy_many: {count} records of {records.size} bytes every {records.stride} do not fit into the "
            f"{span.length} bytes of {name}"
        )
    return 0


@cython.final
cdef class Column:
    """One field of all records of a batch: a sequence, and a buffer with an element or a sub-array for each record.

    Where a record is too short to hold the field, the sequence has None. Who reads the buffer asks ``valid``.
    """

    cdef readonly object field
    """What is known of the field; its offset is that of the first element in a record."""
    cdef readonly object valid
    """None if every record has the field; else a memoryview of a bool for each record."""
    cdef readonly bint contiguous
    """Is it an array of its own, rather than a view of the records?"""
    cdef object owner  # keeps the memory
    cdef uint8_t *data
    cdef bint readonly
    cdef cc_row row  # of one element
    cdef bytes format
    cdef int ndim
    cdef Py_ssize_t shape[9]
    cdef Py_ssize_t strides[9]

    def __cinit__(self, plan, Py_ssize_t count, owner, bint readonly, valid=None):
        cdef int i
        if len(plan.dims) >= 9:
            raise errors.ArgumentError(f"{plan.field}: more than 8 dimensions in a column")
        self.field, self.valid, self.owner, self.readonly = plan.field, valid, owner, readonly
        self.row.op, self.row.size = OPS_BY_CODE[plan.format[-1:]], plan.itemsize
        self.format = CC_LE + plan.format.encode()
        self.ndim = 1 + len(plan.dims)
        self.shape[0] = count
        for i in range(1, self.ndim):
            self.shape[i] = plan.dims[i - 1]

    cdef int place(self, uint8_t *data, strides) except -1:
        """Say where the elements lie: ``strides`` apart, one behind the other if that is None."""
        cdef Py_ssize_t step = self.row.size
        cdef int i
        self.data = data
        self.contiguous = strides is None
        for i in range(self.ndim - 1, -1, -1):
            self.strides[i] = step if strides is None else strides[i]
            step *= self.shape[i]
        return 0

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        cdef Py_ssize_t i
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self.shape[0]))]
        i = PyNumber_AsSsize_t(index, IndexError)
        if i < 0:
            i += self.shape[0]
        if not 0 <= i < self.shape[0]:
            raise IndexError(f"{self.field.path}: a column of {self.shape[0]} records has no {index}")
        if self.valid is not None and not self.valid[i]:
            return None
        return self.elements(1, self.data + i * self.strides[0])

    cdef object elements(self, int axis, uint8_t *p):
        if axis < self.ndim:
            return [self.elements(axis + 1, p + i * self.strides[axis]) for i in range(self.shape[axis])]
        return adopt(load_value(&self.row, p))

    def tolist(self):
        """The values, None for records that lack the field."""
        return self[:]

    def __repr__(self):
        return f"<column of {self.shape[0]} {self.field.struct}.{self.field.path}>"

    def __getbuffer__(self, Py_buffer *view, int flags):
        if flags & PyBUF_WRITABLE and self.readonly:
            raise BufferError(f"the column of {self.field.path} is read-only")
        if not self.contiguous and (flags & PyBUF_STRIDES) != PyBUF_STRIDES:
            raise BufferError(f"the column of {self.field.path} is not contiguous")
        view.obj = self
        view.buf = self.data
        view.itemsize = self.row.size
        view.len = view.itemsize
        for i in range(self.ndim):
            view.len *= self.shape[i]
        view.readonly = self.readonly
        view.ndim = self.ndim
        view.format = PyBytes_AS_STRING(self.format) if flags & PyBUF_FORMAT else NULL
        view.shape = self.shape if flags & PyBUF_ND else NULL
        view.strides = self.strides if (flags & PyBUF_STRIDES) == PyBUF_STRIDES else NULL
        view.suboffsets = NULL
        view.internal = NULL


@cython.final
cdef class Batch:
    """A fleet of capsets: records of one struct in one buffer, at equal distances.

    ``len``, indices and slices, iteration: ``batch[i]`` is a view of a record, ``batch[a:b]`` a batch.

    Args:
        cls: the struct's class.
        buffer: any contiguous buffer. It is kept, and kept from being resized.
        stride: bytes from one record to the next; the struct's size if not given.
        sizes: bytes of each record, at most the stride. If not given a record is as long as the struct, or as the
            stride if that is less; what the buffer has at its end for part of a record is a shorter one.

    Raises:
        BufferAccessError: ``buffer`` is none.
        ArgumentError: ``stride`` or ``sizes`` do not fit the buffer.
    """

    cdef readonly object cls
    """Class of the records."""
    cdef readonly Py_ssize_t stride
    """Bytes from one record to the next; negative in a slice that runs backwards."""
    cdef readonly bint readonly
    """Is it over a buffer that cannot be written?"""
    cdef Codec codec
    cdef object memory  # a memoryview: keeps the buffer exported
    cdef uint8_t *data
    cdef Py_ssize_t count
    cdef Py_ssize_t room  # bytes of a record, if `sizes` does not say otherwise
    cdef bytearray own_sizes
    cdef Py_ssize_t *sizes  # in own_sizes, or NULL

    def __init__(self, cls, buffer, stride=None, sizes=None):
        cdef Py_ssize_t i, length
        self.cls, self.codec = cls, codec_of(cls)
        try:
            self.memory = memoryview(buffer)
        except TypeError as error:
            raise errors.wrong_buffer("Batch", "a contiguous buffer", buffer, error) from None
        if not self.memory.c_contiguous:
            raise errors.wrong_buffer("Batch", "a contiguous buffer", buffer, "its elements are apart")
        self.data = <uint8_t *>PyMemoryView_GET_BUFFER(self.memory).buf
        self.readonly, length = self.memory.readonly, self.memory.nbytes
        if stride is None:
            stride = self.codec.cls.size
        if not PyLong_Check(stride) or not 0 < stride <= PY_SSIZE_T_MAX:
            raise errors.ArgumentError(f"Batch: expected a stride of at least 1 byte, got {stride!r}")
        self.stride = stride
        self.room = min(self.stride, self.codec.cls.size)
        self.count = length // self.stride + (length % self.stride != 0)
        if sizes is not None:
            self.count = len(sizes)
            self.take_sizes(sizes, length)
        elif length % self.stride and length % self.stride < self.room:
            self.take_sizes([self.room] * (self.count - 1) + [length % self.stride], length)

    cdef int take_sizes(self, sizes, Py_ssize_t length) except -1:
        self.own_sizes = bytearray(self.count * sizeof(Py_ssize_t))
        self.sizes = <Py_ssize_t *>PyByteArray_AS_STRING(self.own_sizes)
        for i, size in enumerate(sizes):
            if not PyLong_Check(size) or not 0 <= size <= self.stride or i * <object>self.stride + size > length:
                raise errors.ArgumentError(
                    f"Batch: expected a size of 0..{self.stride} bytes for record {i} at byte "
                    f"{i * <object>self.stride} of {length}, got {size!r}"
                )
            self.sizes[i] = size
        return 0

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        cdef Py_ssize_t i
        if isinstance(index, slice):
            return self.part(range(*index.indices(self.count)))
        i = PyNumber_AsSsize_t(index, IndexError)
        if i < 0:
            i += self.count
        if i < 0 or i >= self.count:
            raise IndexError(f"a batch of {self.count} records has no {index}")
        return adopt(self.record(i))

    cdef PyObject *record(self, Py_ssize_t i) except NULL:
        cdef Py_ssize_t length = self.room if self.sizes == NULL else self.sizes[i]
        cdef PyObject *o = new_borrowing(&self.codec.cls, self.data + i * self.stride, length)
        cdef cc_object *view = <cc_object *>o
        view.origin, view.owner, view.readonly = ORIGIN_CHILD, <PyObject *>self, self.readonly
        incref(view.owner)
        return o

    cdef Batch part(self, indices):
        cdef Batch made = Batch.__new__(Batch)
        made.cls, made.codec, made.memory = self.cls, self.codec, self.memory
        made.readonly, made.room, made.count = self.readonly, self.room, len(indices)
        made.stride = self.stride * indices.step
        made.data = self.data
        if made.count:
            made.data += self.stride * <Py_ssize_t>indices.start
        if self.sizes != NULL:
            made.own_sizes = bytearray(made.count * sizeof(Py_ssize_t))
            made.sizes = <Py_ssize_t *>PyByteArray_AS_STRING(made.own_sizes)
            for to, i in enumerate(indices):
                made.sizes[<Py_ssize_t>to] = self.sizes[<Py_ssize_t>i]
        return made

    def __iter__(self):
        return map(self.__getitem__, range(self.count))

    def __repr__(self):
        return f"<batch of {self.count} {self.codec.layout.name}, {self.stride} bytes apart>"

    def column(self, path):
        """One field of all records.

        Where the buffer protocol can say it, and every record has the field, this is a view without a copy.

        Args:
            path: of the field, as on one instance. Arrays on the way may go without an index: ``video_caps.max_width``
                is 32 values for each record. A nested struct comes as the unsigned words that it is made of.

        Raises:
            UnknownFieldError: the struct has no such field.
        """
        cdef Column column
        plan = self.codec.planner.plan(path)
        if plan.bits or self.lacking(plan.end):
            return self.columns([path])[path]
        column = Column(plan, self.count, self, self.readonly)
        column.place(self.data + <Py_ssize_t>plan.field.offset, (self.stride, *plan.strides))
        return column

    cdef Py_ssize_t lacking(self, Py_ssize_t end) noexcept:
        """How many records are too short for a field that ends there."""
        cdef Py_ssize_t i, found = 0
        if self.sizes == NULL:
            return self.count if end > self.room else 0
        for i in range(self.count):
            found += self.sizes[i] < end
        return found

    def columns(self, names=None, out=None):
        """Several fields of all records, copied in one pass into arrays of their own. Other threads run meanwhile.

        Args:
            names: paths as for :meth:`column`. If not given, those in ``out``, or all fields by the names that they go
                by on an instance.
            out: by path, writable contiguous buffers of just the size of a column, to be filled in place of new ones.
                Elements of records that lack a field are left as they were.

        Returns:
            dict: a :class:`Column` for each path.

        Raises:
            UnknownFieldError: the struct has no such field.
            BufferAccessError, ArgumentError: a buffer of ``out`` cannot be used. Nothing was written.
        """
        if names is None:
            names = columns.default_paths(self.codec.layout) if out is None else out
        plans = {path: self.codec.planner.plan(path) for path in names}
        gathering = Gathering(self, len(plans))
        made = {path: gathering.add(plan, None if out is None else out[path]) for path, plan in plans.items()}
        gathering.run()
        return made


cdef struct cc_target:
    # A column to be filled
    cc_column column
    cc_row row  # if it is of bitfields
    Py_ssize_t end  # bytes that a record must have
    uint8_t *valid  # for each record, does it; NULL if all do


@cython.final
cdef class Gathering:
    """One pass over the records of a batch: what it takes of each, and where it puts that."""

    cdef Batch batch
    cdef cc_target *targets
    cdef Py_ssize_t count
    cdef list kept

    def __cinit__(self, Batch batch, Py_ssize_t most):
        self.batch = batch
        self.kept = []
        self.targets = <cc_target *>PyMem_Calloc(most + 1, sizeof(cc_target))
        if self.targets == NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.targets)

    cdef Column add(self, plan, out):
        """Plan a column, into the buffer ``out`` if that is not None."""
        cdef cc_target *target = &self.targets[self.count]
        cdef Py_ssize_t lacking = self.batch.lacking(plan.end)
        cdef Column made
        valid = None
        target.end = plan.end
        target.column.offsets = <uint32_t *>PyBytes_AS_STRING(plan.offsets)
        target.column.pieces = plan.pieces
        target.column.piece = plan.piece
        if plan.bits:
            fill_bits(&target.row, plan.field)
            target.column.bits = &target.row
        size = self.batch.count * <object>cc_column_width(&target.column)
        if out is None:
            memory = PyByteArray_FromStringAndSize(NULL, size)
            target.column.out = <uint8_t *>PyByteArray_AS_STRING(memory)
            if lacking:
                memset(target.column.out, 0, size)
        else:
            memory = self.checked_out(plan, out, size)
            target.column.out = <uint8_t *>PyMemoryView_GET_BUFFER(memory).buf
        if lacking:
            flags = bytearray(self.batch.count)
            target.valid = <uint8_t *>PyByteArray_AS_STRING(flags)
            valid = memoryview(flags).cast("?")
        self.kept.append((plan, memory, valid))
        self.count += 1
        made = Column(plan, self.batch.count, memory, False, valid)
        made.place(target.column.out, None)
        return made

    cdef object checked_out(self, plan, out, size):
        """``out`` as a memoryview, if it is just what the column needs."""
        batch = self.batch
        try:
            memory = memoryview(out)
        except TypeError as error:
            raise errors.wrong_buffer(plan.field.path, "a writable contiguous buffer", out, error) from None
        if memory.readonly or not memory.c_contiguous:
            reason = "it is read-only" if memory.readonly else "its elements are apart"
            raise errors.wrong_buffer(plan.field.path, "a writable contiguous buffer", out, reason)
        if memory.nbytes != size or memory.itemsize not in (1, plan.itemsize):
            raise errors.ArgumentError(
                f"{plan.field.path}: expected a buffer of {size} bytes in elements of {plan.itemsize}, "
                f"got {memory.nbytes} in elements of {memory.itemsize}"
            )
        whole = batch.memory
        if cc_overlap(
            <uint8_t *>PyMemoryView_GET_BUFFER(memory).buf, memory.nbytes,
            <uint8_t *>PyMemoryView_GET_BUFFER(whole).buf, whole.nbytes,
        ):
            raise errors.ArgumentError(f"{plan.field.path}: the buffer overlaps the records that it is filled from")
        return memory

    cdef int run(self) except -1:
        cdef Batch batch = self.batch
        cdef cc_column *columns = <cc_column *>PyMem_Malloc((self.count + 1) * sizeof(cc_column))
        cdef Py_ssize_t c, whole = 0
        if columns == NULL:
            raise MemoryError
        for c in range(self.count):
            if self.targets[c].valid == NULL:
                columns[whole] = self.targets[c].column
                whole += 1
        with nogil:
            cc_gather(columns, whole, batch.data, batch.stride, batch.room, batch.count)
            for c in range(self.count):
                if self.targets[c].valid != NULL:
                    gather_some(&self.targets[c], batch.data, batch.stride, batch.room, batch.sizes, batch.count)
        PyMem_Free(columns)
        return 0


cdef void gather_some(
    cc_target *target, const uint8_t *record, Py_ssize_t stride, Py_ssize_t room, const Py_ssize_t *sizes,
    Py_ssize_t count,
) noexcept nogil:
    """Fill a column from those records that have the field, and mark them."""
    cdef size_t width = cc_column_width(&target.column)
    cdef Py_ssize_t i
    for i in range(count):
        if (room if sizes == NULL else sizes[i]) >= target.end:
            cc_column_take(&target.column, record + i * stride, target.column.out + i * width)
            target.valid[i] = 1


cdef dict OPS_BY_CODE = {
    "B": CC_U8, "H": CC_U16, "I": CC_U32, "Q": CC_U64, "b": CC_S8, "h": CC_S16, "i": CC_S32, "q": CC_S64,
    "f": CC_F32, "d": CC_F64, "s": CC_CHARS,
}

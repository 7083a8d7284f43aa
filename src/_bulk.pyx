"""Many records in one buffer: bulk copies, views of single records, fields as columns."""

cimport cython
from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_ND, PyBUF_SIMPLE, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_Release,
)
from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc, PyMem_RawCalloc
from cpython.object cimport PyObject
from libc.errno cimport ENOMEM
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy, memset

from capcodec.structs._classes cimport Codec, codec_of, fill_bits, refuse_stray
from capcodec.structs._headers cimport (
    CC_BIG_ENDIAN, CC_CHARS, CC_F32, CC_F64, CC_S8, CC_S16, CC_S32, CC_S64, CC_U8, CC_U16, CC_U32, CC_U64,
    cc_min_copy, cc_min_copy_many, cc_overlap, cc_records, cc_row,
)
from capcodec.structs._instances cimport (
    ORIGIN_CHILD, borrow, cc_borrowed, cc_header, export, get_export, header, is_instance, is_zero, new_borrowing,
    only_made_here, release, runs_no_code,
)
from capcodec.structs._python cimport (
    PyCFunction_NewEx, PyLong_CheckExact, PyMethodDef, PyNumber_AsSsize_t, PyObject_Vectorcall, cc_int, cc_is_small,
    cc_small_value, cc_with_entry, construction, incref, own,
)
from capcodec.structs._values cimport exact_number, load_value

from _collections_abc import Sequence  # what collections.abc re-exports, at none of its cost

from capcodec import errors
from capcodec.structs import arrow, columns, pickled

cdef extern from "Python.h":
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
        cc_column *columns, size_t n, const uint8_t *records, Py_ssize_t stride, size_t record_size, size_t count,
        size_t more,
    )
    void cc_swap_elements(uint8_t *p, size_t count, size_t size)

cdef object Generic = type((<object>list)[int])  # what Batch[VirglCapsV2] is, in annotations

cdef extern from *:
    """
    #define cc_arrow_malloc PyMem_RawMalloc
    #define cc_arrow_free PyMem_RawFree
    #include "cc_arrow_in.h"

    #if PY_VERSION_HEX < 0x030D0000
    #define Py_IsFinalizing _Py_IsFinalizing
    #endif

    static void cc_keep(void *holder)
    {
        PyGILState_STATE state = PyGILState_Ensure();
        Py_INCREF((PyObject *)holder);
        PyGILState_Release(state);
    }

    static void cc_let_go(void *holder)
    {
        if (!Py_IsInitialized() || Py_IsFinalizing())
            return; /* nobody may touch its objects any more, and all of its memory goes */
        PyGILState_STATE state = PyGILState_Ensure();
        Py_DECREF((PyObject *)holder);
        PyGILState_Release(state);
    }

    /* A capsule with a struct of Arrow's in it. Whoever takes it over leaves it released. */
    #define CC_CAPSULE(kind, type, fill) \
        static void cc_drop_##kind(PyObject *capsule) \
        { \
            struct type *made = (struct type *)PyCapsule_GetPointer(capsule, "arrow_" #kind); \
            if (made->release) \
                made->release(made); \
            PyMem_RawFree(made); \
        } \
        static PyObject *cc_##kind(cc_arrow_source *source) \
        { \
            int wrong; \
            struct type *made = (struct type *)PyMem_RawCalloc(1, sizeof *made); \
            PyObject *capsule = made ? PyCapsule_New(made, "arrow_" #kind, cc_drop_##kind) : PyErr_NoMemory(); \
            if (!capsule) { \
                PyMem_RawFree(made); \
                return NULL; \
            } \
            Py_BEGIN_ALLOW_THREADS \
            wrong = fill; \
            Py_END_ALLOW_THREADS \
            if (!wrong) \
                return capsule; \
            Py_DECREF(capsule); \
            return PyErr_NoMemory(); \
        }
    CC_CAPSULE(schema, ArrowSchema, cc_arrow_schema(source, made))
    CC_CAPSULE(array, ArrowArray, cc_arrow_array(source, source->count, made))
    CC_CAPSULE(array_stream, ArrowArrayStream, cc_arrow_stream(source, made))

    /* What is in a capsule becomes ours, if it is of the right name. */
    #define CC_TAKE(kind, type, field) \
        if (PyCapsule_IsValid(capsule, "arrow_" #kind)) { \
            struct type *given = (struct type *)PyCapsule_GetPointer(capsule, "arrow_" #kind); \
            CC_ARROW_MOVE(&in->field, given); \
        }
    static void cc_take(cc_arrow_in *in, PyObject *capsule)
    {
        CC_TAKE(schema, ArrowSchema, schema)
        CC_TAKE(array, ArrowArray, first.array)
        CC_TAKE(array_stream, ArrowArrayStream, stream)
    }
    """
    ctypedef struct cc_arrow_node:
        pass
    ctypedef struct cc_arrow_source:
        const cc_arrow_node *nodes
        const cc_column *leaves
        const char *text
        size_t n_nodes, text_size, record_size, count, chunk
        const uint8_t *records
        Py_ssize_t stride
        const Py_ssize_t *sizes
        const uint8_t **places
        const uint8_t *valid
        bint shared
        void *holder
        void (*keep)(void *holder) noexcept nogil
        void (*let_go)(void *holder) noexcept nogil
    void arrow_keep "cc_keep"(void *holder) noexcept nogil
    void arrow_let_go "cc_let_go"(void *holder) noexcept nogil
    object schema_of "cc_schema"(cc_arrow_source *source)
    object array_of "cc_array"(cc_arrow_source *source)
    object stream_of "cc_array_stream"(cc_arrow_source *source)
    ctypedef struct cc_arrow_in:
        size_t count, at
        const uint8_t **places
        Py_ssize_t *sizes
        const uint8_t *low
        const uint8_t *high
        const char *wrong
    void cc_take(cc_arrow_in *it, object capsule)
    int cc_arrow_in_read(cc_arrow_in *it) nogil
    void cc_arrow_in_end(cc_arrow_in *it) nogil
    enum: CC_PLACES_BLOCK
    void cc_places_gather(
        cc_column *columns, size_t n, const uint8_t **places, const Py_ssize_t *sizes, size_t count, size_t size,
        uint8_t *block
    ) nogil
    Py_ssize_t cc_places_distance(const uint8_t **places, const Py_ssize_t *sizes, size_t count)

cdef enum:
    ARROW_CHUNK = 1 << 22  # bytes of records that become one array of a stream
    FEW = 1 << 14  # bytes that are copied in the time that it takes to let other threads run

# -- copies

cdef str KEEP = "keep"


def min_copy_many(dst, src, dst_stride, src_stride, count=None, *, dst_size=None, src_size=None, tail="keep"):
    """Copy many records, each as :func:`min_copy` copies one. Other threads run meanwhile, if it takes long.

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
    cdef cc_records to, origin
    cdef Py_ssize_t n = -1
    cdef bint zero_tail = tail is not KEEP and is_zero("min_copy_many", tail)
    origin = records_of("stride of src", src_stride, "size of src", src_size)
    to = records_of("stride of dst", dst_stride, "size of dst", dst_size)
    if count is not None:
        n = exact_number("min_copy_many", "count", count, 0, PY_SSIZE_T_MAX)
    return own(copy_records(<PyObject *>dst, to, <PyObject *>src, origin, n, zero_tail))


cdef PyObject *min_copy_many_call(
    PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *keywords
) except NULL:
    """The entry that Python sees: two buffers and two plain strides skip the parsing of arguments."""
    cdef cc_records to, origin
    if count == 4 and keywords == NULL and is_stride(args[2]) and is_stride(args[3]):
        to.size = to.stride = cc_small_value(args[2])
        origin.size = origin.stride = cc_small_value(args[3])
        return copy_records(args[0], to, args[1], origin, -1, False)
    return PyObject_Vectorcall(parsed_min_copy_many, args, count, keywords)


cdef object parsed_min_copy_many = min_copy_many
cdef PyMethodDef min_copy_many_method = cc_with_entry(min_copy_many, <void *>min_copy_many_call)
min_copy_many = PyCFunction_NewEx(&min_copy_many_method, NULL, "capcodec")


cdef inline bint is_stride(PyObject *value) noexcept:
    return PyLong_CheckExact(value) and cc_is_small(value) and cc_small_value(value) > 0


cdef PyObject *copy_records(
    PyObject *dst, cc_records to, PyObject *src, cc_records origin, Py_ssize_t n, bint zero_tail
) except NULL:
    """Copy ``n`` records, or as many as there are if that is negative."""
    cdef cc_borrowed target, source
    cdef size_t copied
    if runs_no_code(src) and runs_no_code(dst) and not PyBytes_CheckExact(<object>dst):
        # Few bytes are copied sooner than they are exported
        borrow(src, &source, NULL)
        borrow(dst, &target, NULL)
        if source.length <= FEW and target.length <= FEW and not (is_instance(dst) and header(dst).readonly):
            return cc_int(copy_held(&to, &target, &origin, &source, n, zero_tail))
    # Exports, since other threads run during the copy; lengths are taken after all code of the caller's has run
    pin(src, &source, PyBUF_SIMPLE, <PyObject *>"min_copy_many from src")
    try:
        pin(dst, &target, PyBUF_WRITABLE, <PyObject *>"min_copy_many to dst")
        try:
            copied = copy_held(&to, &target, &origin, &source, n, zero_tail)
        finally:
            release(&target)
    finally:
        release(&source)
    return cc_int(copied)


cdef Py_ssize_t copy_held(
    cc_records *to, cc_borrowed *target, cc_records *origin, cc_borrowed *source, Py_ssize_t n, bint zero_tail
) except -1:
    """Copy between bytes that stay where they are; other threads run meanwhile, if they are more than a few."""
    cdef bint few = source.length <= FEW and target.length <= FEW
    cdef Py_ssize_t left
    cdef int status = 0
    if n < 0:
        left = source.length - <Py_ssize_t>origin.size
        # One record, as if there were no more, costs no division: here, and in check_records
        n = left >= 0 if left < <Py_ssize_t>origin.stride else left // origin.stride + 1
    origin.data, to.data = source.data, target.data
    check_records("src", source.length, origin, n)
    check_records("dst", target.length, to, n)
    if few and n == 1:
        cc_min_copy(to.data, to.size, origin.data, origin.size, zero_tail)
    elif few:
        status = cc_min_copy_many(to[0], origin[0], n, zero_tail)
    else:
        with nogil:
            status = cc_min_copy_many(to[0], origin[0], n, zero_tail)
    if status:
        raise MemoryError
    return n * min(to.size, origin.size)


cdef int pin(PyObject *source, cc_borrowed *borrowed, int flags, PyObject *subject) except -1:
    """The bytes of a buffer until they are released, whatever other threads do. Those of some objects never move."""
    if PyBytes_CheckExact(<object>source) and not flags & PyBUF_WRITABLE:
        return borrow(source, borrowed, subject)
    if is_instance(source) and not (flags & PyBUF_WRITABLE and header(source).readonly):
        return borrow(source, borrowed, subject)
    return export(source, borrowed, flags, subject)


cdef cc_records records_of(str stride_name, stride, str size_name, size) except *:
    cdef cc_records found
    found.data = NULL
    found.stride = exact_number("min_copy_many", stride_name, stride, 1, PY_SSIZE_T_MAX)
    found.size = found.stride
    if size is not None:
        found.size = exact_number("min_copy_many", size_name, size, 0, found.stride)
    return found


cdef int check_records(str name, size_t length, cc_records *records, size_t count) except -1:
    # Dividing, since a product of what the caller gives might overflow
    if count and (records.size > length or count > 1 and (length - records.size) // records.stride < count - 1):
        raise columns.unfit_records(name, length, count, records.size, records.stride)
    return 0

# -- memory


@cython.final
@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Export:
    """Somebody's contiguous bytes, or binary column, kept where they are as long as this lives."""

    cdef Py_buffer view
    cdef bint held
    cdef cc_arrow_in *column

    def __cinit__(self, source, int flags, subject):
        if type(source) is tuple:
            self.take(<tuple>source)
            return
        get_export(<PyObject *>source, &self.view, flags, <PyObject *>subject)
        self.held = True

    cdef int take(self, tuple capsules) except -1:
        """The column in a capsule with a stream, or in one with its type and one with an array."""
        cdef int status
        self.column = <cc_arrow_in *>PyMem_RawCalloc(1, sizeof(cc_arrow_in))
        if self.column == NULL:
            raise MemoryError
        for capsule in capsules:
            cc_take(self.column, capsule)
        with nogil:
            status = cc_arrow_in_read(self.column)
        if status == ENOMEM:
            raise MemoryError
        if status:
            raise columns.unfit_column(<bytes>self.column.wrong, self.column.at)
        return 0

    def __dealloc__(self):
        if self.held:
            PyBuffer_Release(&self.view)
        if self.column != NULL:
            with nogil:  # a producer's callbacks may wait for other threads
                cc_arrow_in_end(self.column)


only_made_here(Export)


cdef Py_ssize_t place_of(index, Py_ssize_t count, field) except -1:
    """An index of one of ``count`` records, of a column if it has a field."""
    cdef Py_ssize_t i = PyNumber_AsSsize_t(index, IndexError)
    if i < 0:
        i += count
    if not 0 <= i < count:
        of = "a batch" if field is None else f"{field.path}: a column"
        raise IndexError(f"{of} of {count} records has no {errors.shown(index)}")
    return i

# -- columns


@cython.final
@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Column:
    """Column()
--

    One field of all records of a batch: a sequence, and a buffer with an element or a sub-array for each record.

    Where a record is too short to hold the field, the sequence has None. Who reads the buffer asks ``valid``.
    A batch makes columns; a call makes none.
    """

    cdef readonly object cls
    """Class of the records."""
    cdef readonly object field
    """What is known of the field; its offset is that of the first element in a record."""
    cdef readonly object valid
    """None if every record has the field; else a memoryview of a bool for each record."""
    cdef readonly bint contiguous
    """Is it an array of its own, rather than a view of the records?"""
    cdef object owner  # keeps the memory
    cdef Export flags  # a byte for each record: what `valid` shows
    cdef uint8_t *data
    cdef bint readonly
    cdef bint native  # elements are in the machine's byte order, and not little-endian
    cdef cc_row row  # of one element
    cdef bytes format
    cdef int ndim
    cdef Py_ssize_t shape[9]
    cdef Py_ssize_t strides[9]

    def __cinit__(self, cls, plan, Py_ssize_t count, owner, bint readonly, Export flags=None, bint native=False):
        cdef int i
        self.cls = cls
        if len(plan.dims) >= 9:
            raise errors.ArgumentError(f"{plan.field}: more than 8 dimensions in a column")
        self.field, self.owner, self.readonly = plan.field, owner, readonly
        self.flags = flags
        self.valid = None if flags is None else columns.read_only(<object>flags.view.obj)
        self.native = native
        self.row.op, self.row.size = OPS_BY_CODE[plan.format[-1:]], plan.itemsize
        self.format = (b"<" if CC_BIG_ENDIAN and not native else b"") + plan.format.encode()
        self.ndim = 1 + len(plan.dims)
        self.shape[0] = count
        for i in range(1, self.ndim):
            self.shape[i] = plan.dims[i - 1]

    cdef int place_whole(self, uint8_t *data, Py_ssize_t width) except -1:
        """The elements lie one behind the other, ``width`` bytes for each record."""
        cdef Py_ssize_t step = self.row.size
        cdef int i
        self.data = data
        self.contiguous = True
        for i in range(self.ndim - 1, 0, -1):
            self.strides[i] = step
            if not 1 <= self.shape[i] <= width // step:
                refuse_stray(self.field)
            step *= self.shape[i]
        self.strides[0] = step
        if step != width:
            refuse_stray(self.field)
        return 0

    cdef int place_apart(self, plan, uint8_t *records, Py_ssize_t stride, Py_ssize_t end) except -1:
        """The elements lie in the first ``end`` bytes of records that are ``stride`` bytes apart."""
        cdef Py_ssize_t offset = plan.field.offset, reach = self.row.size
        cdef int i
        self.data = records + offset
        self.strides[0] = stride
        if len(plan.strides) != self.ndim - 1:
            refuse_stray(plan.field)
        for i in range(1, self.ndim):
            self.strides[i] = plan.strides[i - 1]
            if not 1 <= self.shape[i] <= end or not 0 <= self.strides[i] <= end:
                refuse_stray(plan.field)
            reach += (self.shape[i] - 1) * self.strides[i]
        if not 0 <= offset <= end - reach:
            refuse_stray(plan.field)
        return 0

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self.records(range(*index.indices(self.shape[0])))
        return self.record(place_of(index, self.shape[0], self.field))

    def __iter__(self):
        return map(self.__getitem__, range(self.shape[0]))

    cdef object record(self, Py_ssize_t i):
        if self.flags is not None and not (<uint8_t *>self.flags.view.buf)[i]:
            return None
        return self.elements(1, self.data + i * self.strides[0])

    cdef list records(self, indices):
        cdef list found = []
        for i in indices:
            found.append(self.record(i))
        return found

    cdef object elements(self, int axis, uint8_t *p):
        cdef uint8_t swapped[8]
        cdef list found
        cdef Py_ssize_t i
        if axis < self.ndim:
            found = []
            for i in range(self.shape[axis]):
                found.append(self.elements(axis + 1, p + i * self.strides[axis]))
            return found
        if CC_BIG_ENDIAN and self.native and self.row.op != CC_CHARS:
            memcpy(swapped, p, self.row.size)
            cc_swap_elements(swapped, 1, self.row.size)
            return own(load_value(&self.row, swapped))
        return own(load_value(&self.row, p))

    def tolist(self):
        """The values, None for records that lack the field."""
        return self.records(range(self.shape[0]))

    cdef Gathering exporting(self):
        cdef tuple tree = arrow.tree_of_column(self)
        cdef Gathering made = Gathering.__new__(Gathering, None, len(<list>tree[0]))
        made.describe(tree, self)
        made.source.record_size = tree[3]
        made.source.records, made.source.stride = self.data - <Py_ssize_t>self.field.offset, self.strides[0]
        made.source.count, made.source.shared = self.shape[0], True
        if self.flags is not None:
            made.source.valid = <uint8_t *>self.flags.view.buf
        return made

    def __arrow_c_schema__(self):
        """The type that Arrow has for the column, in a capsule.

        A single bit is a boolean, a char array text of a character for each byte, as in JSON; a nested struct is a
        struct, a mask binary. See https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
        """
        made = self.exporting()
        return schema_of(&made.source)

    def __arrow_c_array__(self, requested_schema=None):
        """The same and an array for Arrow: null where the column has None; the column's own memory where that will do.

        No other schema can be had, whatever is requested.
        """
        made = self.exporting()
        return schema_of(&made.source), array_of(&made.source)

    @property
    def __array_interface__(self):
        """What NumPy makes an array of, the same as of the buffer: elements of records that lack the field are 0."""
        return interface_of(self, <size_t>self.data, None)

    def __reduce__(self):
        return pickled.reduced_column(self, restored_column)

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


(<dict>(<construction *>Column).tp_dict).update(index=Sequence.index, count=Sequence.count)
Sequence.register(Column)
only_made_here(Column)


cdef object interface_of(of, size_t address, size):
    from capcodec.structs import dtype

    return dtype.interface(of, address, size)


def restored_column(cls, path, data, valid, /):
    """A column that was pickled."""
    plan = plan_of(codec_of(cls), path)
    cdef Py_ssize_t width = plan.pieces * plan.piece
    cdef Export memory = Export.__new__(Export, bytearray(data), PyBUF_WRITABLE, path)
    cdef Export flags = None if valid is None else Export.__new__(Export, bytearray(valid), PyBUF_WRITABLE, path)
    cdef Column made = Column.__new__(Column, cls, plan, memory.view.len // width, memory, False, flags)
    made.place_whole(<uint8_t *>memory.view.buf, width)
    if memory.view.len % width or flags is not None and flags.view.len != made.shape[0]:
        refuse_stray(plan.field)
    return made


cdef dict OPS_BY_CODE = {
    "B": CC_U8, "H": CC_U16, "I": CC_U32, "Q": CC_U64, "b": CC_S8, "h": CC_S16, "i": CC_S32, "q": CC_S64,
    "f": CC_F32, "d": CC_F64, "s": CC_CHARS,
}

# -- batches


@cython.final
@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Batch:
    """Batch(cls, buffer, stride, sizes=None)
--

    A fleet of capsets: records of one struct, in one buffer at equal distances, or as :meth:`of` finds them.

    ``len``, indices and slices, iteration: ``batch[i]`` is a view of a record, ``batch[a:b]`` a batch.

    Args:
        cls: the struct's class.
        buffer: any contiguous buffer. It is kept, and kept from being resized.
        stride: bytes from one record to the next. It has no default: today's size of a struct that grows would cut the
            same buffer into other records tomorrow.
        sizes: bytes of each record, at most the stride. If not given a record is as long as the struct, or as the
            stride if that is less; what the buffer has at its end for part of a record is a shorter one.

    Raises:
        BufferAccessError: ``buffer`` is none.
        ArgumentError: ``cls`` is no struct's class, or ``stride`` or ``sizes`` do not fit the buffer.
    """

    @classmethod
    def __class_getitem__(cls, record, /):
        return Generic(cls, record)

    cdef readonly object cls
    """Class of the records."""
    cdef readonly Py_ssize_t stride
    """Bytes from one record to the next; negative in a slice that runs backwards, 0 if they differ."""
    cdef readonly bint readonly
    """Is it over a buffer that cannot be written?"""
    cdef Codec codec
    cdef Export memory
    cdef uint8_t *data
    cdef Py_ssize_t count
    cdef Py_ssize_t record_size  # bytes of a record, if `sizes` does not say otherwise
    cdef bytearray own_sizes
    cdef Py_ssize_t *sizes  # in own_sizes or in memory, or NULL
    cdef const uint8_t **places  # behind the sizes, if the distances differ; else NULL

    def __cinit__(self, cls=None, buffer=None, stride=None, sizes=None):
        cdef Py_ssize_t length, i
        cdef list given
        self.cls, self.codec = cls, codec_of(cls)
        if stride is None:
            raise columns.no_stride(cls)
        self.stride = exact_number("Batch", "stride in bytes", stride, 1, PY_SSIZE_T_MAX)
        self.memory = buffer if type(buffer) is Export else Export.__new__(Export, buffer, PyBUF_SIMPLE, "Batch")
        self.data, length = <uint8_t *>self.memory.view.buf, self.memory.view.len
        self.readonly = self.memory.view.readonly
        self.record_size = min(self.stride, self.codec.cls.storage.size)
        self.count = length // self.stride + (length % self.stride != 0)
        if sizes is not None:
            given = columns.listed(sizes, self.count + 2)  # one more than can fit is enough to be refused
            self.count = len(given)
            self.make_sizes()
            for i in range(self.count):
                self.sizes[i] = exact_number("Batch", f"size of record {i} in bytes", given[i], 0, self.stride)
                # Dividing, since a product of what the caller gives might overflow
                if self.sizes[i] > length or (length - self.sizes[i]) // self.stride < i:
                    raise columns.unfit_record(i, self.sizes[i], self.stride, length)
        elif length % self.stride and length % self.stride < self.record_size:
            self.make_sizes()
            for i in range(self.count):
                self.sizes[i] = self.record_size
            self.sizes[self.count - 1] = length % self.stride

    @classmethod
    def of(cls, struct, records, /):
        """Records of any lengths, from several buffers or from a binary column.

        Args:
            struct: its class.
            records: buffers, which are copied into one memory; or a column of Arrow's type binary, in any of its forms,
                of whatever exports it: an array of pyarrow's, a series of Polars'. Its records stay where they are.
                None and null are records of which nothing arrived: they have no bytes, and every field is absent.

        Raises:
            BufferAccessError: a record is no contiguous buffer; the message says which.
            ArgumentError: ``struct`` is no struct's class, ``records`` are neither, or what the producer of the column
                says of it is impossible.
        """
        cdef Batch made
        cdef Py_ssize_t i, end = 0
        codec_of(struct)
        memory, sizes = columns.found(records, type(records) is Batch)
        memory = Export.__new__(Export, memory, PyBUF_SIMPLE, "Batch.of")
        made = Batch.__new__(Batch, struct, memory, 1)
        if sizes is None:
            made.readonly = True
            made.place(made.memory.column.places, made.memory.column.sizes, made.memory.column.count)
            return made
        made.count = len(<list>sizes)
        made.make_sizes(True)
        for i in range(made.count):
            made.sizes[i], made.places[i] = (<list>sizes)[i], made.data + end
            end += made.sizes[i]
        made.place(made.places, made.sizes, made.count)
        return made

    cdef int place(self, const uint8_t **places, Py_ssize_t *sizes, Py_ssize_t count) except -1:
        """Take records that lie anywhere. Whatever keeps them keeps the two arrays as well."""
        cdef Py_ssize_t i
        self.places, self.sizes, self.count = places, sizes, count
        self.record_size = self.codec.cls.storage.size
        self.stride = cc_places_distance(places, sizes, count)
        if self.stride == 0:
            return 0
        self.data, self.places = <uint8_t *>places[0], NULL
        for i in range(count):
            if sizes[i] != sizes[0]:
                return 0
        self.record_size, self.sizes = sizes[0], NULL
        return 0

    cdef int make_sizes(self, bint apart=False) except -1:
        """Memory for a size of each record, and for its place too."""
        self.own_sizes = bytearray((1 + apart) * self.count * sizeof(Py_ssize_t))
        self.sizes = <Py_ssize_t *>PyByteArray_AS_STRING(self.own_sizes)
        if apart:
            self.places = <const uint8_t **>(self.sizes + self.count)
        return 0

    cdef uint8_t *at(self, Py_ssize_t i) noexcept nogil:
        return self.data + i * self.stride if self.places == NULL else <uint8_t *>self.places[i]

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self.part(range(*index.indices(self.count)))
        return own(self.record(place_of(index, self.count, None)))

    cdef PyObject *record(self, Py_ssize_t i) except NULL:
        cdef Py_ssize_t length = self.record_size if self.sizes == NULL else self.sizes[i]
        cdef PyObject *o = new_borrowing(&self.codec.cls.storage, self.at(i), length)
        cdef cc_header *it = header(o)
        it.origin, it.owner, it.readonly = ORIGIN_CHILD, <PyObject *>self, self.readonly
        incref(it.owner)
        return o

    cdef Batch part(self, indices):
        cdef Batch made = Batch.__new__(Batch, self.cls, self.memory, 1, ())
        cdef Py_ssize_t i, start = 0, step = 1
        made.record_size, made.count = self.record_size, len(indices)
        made.own_sizes = None
        made.sizes = NULL
        if made.count:
            start = indices.start
        if made.count > 1:  # one record has no distance to the next, and steps may be huge
            step = indices.step
        made.stride = self.stride * step
        made.data = self.data + self.stride * start
        if self.sizes != NULL:
            made.make_sizes(self.places != NULL)
            for i in range(made.count):
                made.sizes[i] = self.sizes[start + i * step]
                if self.places != NULL:
                    made.places[i] = self.places[start + i * step]
        return made

    def __iter__(self):
        return map(self.__getitem__, range(self.count))

    @property
    def __array_interface__(self):
        """What NumPy makes an array of records of: no copy, unless they are at unequal distances.

        Its type is that of :func:`numpy_dtype`, with those fields that every record has.
        """
        cdef Py_ssize_t i, least = min(self.record_size, self.codec.cls.storage.size)
        if self.sizes != NULL:
            for i in range(self.count):
                least = min(least, self.sizes[i])
        return interface_of(self, <size_t>self.data, least)

    def __reduce__(self):
        return pickled.reduced_batch(self)

    def __repr__(self):
        return f"<batch of {self.count} {self.codec.layout.name}, {self.stride or 'various'} bytes apart>"

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
        plan = plan_of(self.codec, path)
        if plan.bits or self.places != NULL or self.lacking(plan.end):
            return self.columns([path])[path]
        column = Column.__new__(Column, self.cls, plan, self.count, self, self.readonly)
        column.place_apart(plan, self.data, self.stride, plan.end)
        return column

    cdef Py_ssize_t lacking(self, Py_ssize_t end) noexcept:
        """How many records are too short for a field that ends there."""
        cdef Py_ssize_t i, found = 0
        if self.sizes == NULL:
            return self.count if end > self.record_size else 0
        for i in range(self.count):
            found += self.sizes[i] < end
        return found

    def columns(self, names=None, out=None):
        """Several fields of all records, copied in one pass into arrays of their own. Other threads run meanwhile.

        Args:
            names: paths as for :meth:`column`. If not given, those in ``out``, or all fields by the names that they go
                by on an instance.
            out: by path, writable contiguous buffers of just the size of a column, to be filled in place of new ones.
                Their elements have the column's type: as many bytes, signed or not, integer or float, in the machine's
                byte order or marked as little-endian. Plain bytes can take elements of several bytes, in little-endian
                order. Elements of records that lack a field are left as they were.

        Returns:
            dict: a :class:`Column` for each path.

        Raises:
            UnknownFieldError: the struct has no such field.
            BufferAccessError, ArgumentError: a buffer of ``out`` cannot be used. Nothing was written.
        """
        cdef Gathering gathering
        paths, out = columns.asked(self.codec.layout, names, out)
        plans = {path: plan_of(self.codec, path) for path in paths}
        if out is not None:
            columns.refuse_lacking(plans, out)
        gathering = Gathering.__new__(Gathering, self, len(plans))
        made = {path: gathering.add(plan, None if out is None else out[path]) for path, plan in plans.items()}
        gathering.run()
        return made

    cdef Gathering exporting(self):
        cdef tuple tree = arrow.tree_of(self.codec.planner)
        cdef Gathering made = Gathering.__new__(Gathering, None, len(<list>tree[0]))
        made.describe(tree, self)
        made.source.records, made.source.stride, made.source.record_size = self.data, self.stride, self.record_size
        made.source.sizes, made.source.places, made.source.count = self.sizes, self.places, self.count
        made.source.chunk = max(8, ARROW_CHUNK // self.codec.cls.storage.size)
        return made

    def __arrow_c_schema__(self):
        """The types that Arrow has for the fields, by the names that they go by on an instance: see :class:`Column`."""
        made = self.exporting()
        return schema_of(&made.source)

    def __arrow_c_array__(self, requested_schema=None):
        """The same and all records as one record batch for Arrow; fields that a record lacks are null."""
        made = self.exporting()
        return schema_of(&made.source), array_of(&made.source)

    def __arrow_c_stream__(self, requested_schema=None):
        """The records as a stream of record batches for Arrow, each of about four megabytes and made when asked for."""
        made = self.exporting()
        return stream_of(&made.source)


cdef object plan_of(Codec codec, path):
    """How to take a field out of each record."""
    plan = codec.plans.get(path) if type(path) is str else None
    return codec.planner.plan(path) if plan is None else plan

# -- gathering

cdef struct cc_target:
    # A column to be filled
    cc_column column
    cc_row row  # if it is of bitfields
    Py_ssize_t end  # bytes that a record must have
    uint8_t *valid  # for each record, does it; NULL if all do
    Py_ssize_t swapped  # bytes of an element that has to be put into the machine's byte order; 0 if none has to


@cython.final
@cython.auto_pickle(False)
cdef class Gathering:
    """One pass over the records of a batch: what it takes of each, and where it puts that."""

    cdef Batch batch
    cdef cc_target *targets
    cdef Py_ssize_t count
    cdef list kept
    cdef cc_arrow_source source  # of an export
    cdef cc_column *leaves

    def __cinit__(self, Batch batch, Py_ssize_t count):
        self.batch = batch
        self.kept = []
        self.targets = <cc_target *>PyMem_Calloc(count + 1, sizeof(cc_target))
        if self.targets == NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.targets)
        PyMem_Free(self.leaves)

    cdef cc_target *target(self, plan) except NULL:
        """The next column: where in a record it is."""
        cdef cc_target *target = &self.targets[self.count]
        cdef Py_ssize_t taken, k
        target.end = plan.end
        cdef bytes offsets = plan.offsets
        self.kept.append(offsets)
        target.column.offsets = <uint32_t *>PyBytes_AS_STRING(offsets)
        target.column.pieces = plan.pieces
        target.column.piece = plan.piece
        taken = target.column.piece
        if plan.bits:
            fill_bits(&target.row, plan.field)
            target.column.bits = &target.row
            taken = target.row.size
        for k in range(target.column.pieces):
            if target.column.offsets[k] + taken > target.end:
                refuse_stray(plan.field)
        self.count += 1
        return target

    cdef int describe(self, tuple tree, of) except -1:
        """Plan the export of a tree, out of memory that ``of`` keeps."""
        cdef cc_arrow_source *source = &self.source
        cdef list leaves = tree[0]
        cdef bytes nodes = tree[1], text = tree[2]
        cdef Py_ssize_t i
        self.leaves = <cc_column *>PyMem_Malloc((len(leaves) + 1) * sizeof(cc_column))
        if self.leaves == NULL:
            raise MemoryError
        for i in range(len(leaves)):
            self.leaves[i] = self.target(leaves[i]).column
        self.kept.append((nodes, text, of))
        source.nodes = <cc_arrow_node *>PyBytes_AS_STRING(nodes)
        source.n_nodes = len(nodes) // sizeof(cc_arrow_node)
        source.text, source.text_size = PyBytes_AS_STRING(text), len(text)
        source.leaves, source.holder = self.leaves, <PyObject *>self
        source.keep, source.let_go = arrow_keep, arrow_let_go
        return 0

    cdef Column add(self, plan, out):
        """Plan a column, into the buffer ``out`` if that is not None."""
        cdef cc_target *target = self.target(plan)
        cdef Py_ssize_t lacking = self.batch.lacking(target.end), size, width
        cdef Column made
        cdef Export memory
        cdef Export flags = None
        cdef bint native = False
        width = cc_column_width(&target.column)
        if width and self.batch.count > PY_SSIZE_T_MAX // width:
            raise MemoryError
        size = self.batch.count * width
        if out is None:
            array = PyByteArray_FromStringAndSize(NULL, size)
            if lacking:
                memset(PyByteArray_AS_STRING(array), 0, size)
            memory = Export.__new__(Export, array, PyBUF_WRITABLE, plan.field.path)
        else:
            memory = Export.__new__(
                Export, out, PyBUF_WRITABLE | PyBUF_FORMAT | PyBUF_C_CONTIGUOUS, plan.field.path
            )
            native = self.check_out(plan, memory, size)
        target.column.out = <uint8_t *>memory.view.buf
        if CC_BIG_ENDIAN and native and plan.format[-1] != "s":
            target.swapped = plan.itemsize
        if lacking:
            flags = Export.__new__(Export, bytearray(self.batch.count), PyBUF_WRITABLE, plan.field.path)
            target.valid = <uint8_t *>flags.view.buf
        self.kept.append((memory, flags))
        made = Column.__new__(Column, self.batch.cls, plan, self.batch.count, memory, False, flags, native)
        made.place_whole(target.column.out, width)
        return made

    cdef bint check_out(self, plan, Export memory, Py_ssize_t size) except -1:
        """Is it just what the column needs? Returns whether its elements are in the machine's byte order."""
        cdef bytes given = memory.view.format if memory.view.format != NULL else b"B"
        format = given.decode("latin-1")
        if format == plan.format and not CC_BIG_ENDIAN:  # as mostly
            kind = "native"
        else:
            kind = columns.out_kind(plan, format, memory.view.itemsize)
        if memory.view.len != size or not kind:
            raise columns.unfit(plan, size, memory.view.len, format, memory.view.itemsize)
        if self.overlaps(<uint8_t *>memory.view.buf, size):
            raise errors.ArgumentError(f"{plan.field.path}: the buffer overlaps the records that it is filled from")
        return kind == "native"

    cdef bint overlaps(self, const uint8_t *out, Py_ssize_t size) noexcept:
        """Does it share bytes with the records?"""
        cdef Batch batch = self.batch
        cdef cc_arrow_in *column = batch.memory.column
        cdef Py_ssize_t i
        if column == NULL:
            return cc_overlap(out, size, <uint8_t *>batch.memory.view.buf, batch.memory.view.len)
        if cc_overlap(out, size, column.low, column.high - column.low):
            for i in range(batch.count):
                if cc_overlap(out, size, batch.at(i), batch.record_size if batch.sizes == NULL else batch.sizes[i]):
                    return True
        return False

    cdef int run(self) except -1:
        cdef Batch batch = self.batch
        cdef cc_column *gathered = <cc_column *>PyMem_Malloc((self.count + 1) * sizeof(cc_column))
        cdef Py_ssize_t c, start, whole = 0, end = 1
        cdef uint8_t *block = NULL
        if gathered == NULL:
            raise MemoryError
        for c in range(self.count):
            if self.targets[c].valid == NULL:
                gathered[whole] = self.targets[c].column
                whole += 1
                end = max(end, self.targets[c].end)
        if batch.places != NULL:
            block = <uint8_t *>PyMem_Malloc(CC_PLACES_BLOCK + end)
            if block == NULL:
                PyMem_Free(gathered)
                raise MemoryError
        with nogil:
            if block != NULL:
                cc_places_gather(gathered, whole, batch.places, batch.sizes, batch.count, end, block)
            else:
                cc_gather(gathered, whole, batch.data, batch.stride, batch.record_size, batch.count, 0)
            if whole < self.count:
                for start in range(0, batch.count, 64):  # a block of records that stay in the cache
                    for c in range(self.count):
                        if self.targets[c].valid != NULL:
                            gather_some(&self.targets[c], batch, start, min(batch.count, start + 64))
            for c in range(self.count):
                if self.targets[c].swapped:
                    swap(&self.targets[c], batch.count)
        PyMem_Free(gathered)
        PyMem_Free(block)
        return 0


only_made_here(Gathering)


cdef void gather_some(cc_target *target, Batch batch, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """Fill a column from those of these records that have the field, and mark them."""
    cdef size_t width = cc_column_width(&target.column)
    cdef Py_ssize_t i
    for i in range(start, end):
        if (batch.record_size if batch.sizes == NULL else batch.sizes[i]) >= target.end:
            cc_column_take(&target.column, batch.at(i), target.column.out + i * width)
            target.valid[i] = 1


cdef void swap(cc_target *target, Py_ssize_t count) noexcept nogil:
    """Put what was gathered into the machine's byte order."""
    cdef size_t width = cc_column_width(&target.column)
    cdef Py_ssize_t i
    for i in range(count):
        if target.valid == NULL or target.valid[i]:
            cc_swap_elements(target.column.out + i * width, width // target.swapped, target.swapped)

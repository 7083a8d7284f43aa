"""Instances: a header of 64 bytes, and behind it the bytes of the struct, or what keeps borrowed bytes alive."""

cdef extern from *:
    """
    /* The first members of Struct, once more, for code that must not touch reference counts. */
    typedef struct cc_object {
        PyObject_HEAD
        uint8_t *data;        /* never moves */
        Py_ssize_t valid;     /* bytes of the layout that arrived */
        Py_ssize_t length;    /* and with those behind the layout: the tail */
        PyObject *owner;      /* of an ORIGIN_CHILD: what its bytes belong to */
        void *cls;            /* struct cc_class, kept by the type */
        int origin;
        int readonly;
    } cc_object;

    /* A new reference, from then on counted by Cython. */
    #define cc_adopt(o) ((PyObject *)(o))

    /* An object that Cython counts, as a new reference that it no longer does. */
    static inline PyObject *cc_released(PyObject *o) { Py_INCREF(o); return o; }

    /* A dead object taken from a pool lives again: what PyObject_Init does, less the call. */
    #if defined(Py_GIL_DISABLED) || defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS)
    #define cc_revive(o) _Py_NewReference(o)
    #else
    #define cc_revive(o) Py_SET_REFCNT(o, 1)
    #endif

    /* Pools are plain arrays, so without a GIL there are none; nor where an address sanitizer is to see every use of
     * what is dead. */
    #if defined(Py_GIL_DISABLED) || defined(__SANITIZE_ADDRESS__)
    #define CC_POOL 0
    #else
    #define CC_POOL 8
    #endif
    """
    ctypedef struct cc_object:
        uint8_t *data
        Py_ssize_t valid
        Py_ssize_t length
        PyObject *owner
        void *cls
        int origin
        bint readonly
    object adopt "cc_adopt"(PyObject *o)
    PyObject *released "cc_released"(object o)
    void cc_revive(PyObject *o)
    enum: CC_POOL
    PyTypeObject *Py_TYPE(PyObject *o)
    PyObject *PyObject_Malloc(size_t n)
    void PyObject_Free(void *p)
    PyObject *PyObject_Init(PyObject *o, PyTypeObject *type)
    void incref "Py_INCREF"(PyObject *o)
    void decref "Py_DECREF"(PyObject *o)

cdef enum:
    ORIGIN_OWN  # the bytes lie behind the header
    ORIGIN_CHILD  # they belong to `owner`
    ORIGIN_EXPORT  # they belong to the exporter of the Py_buffer behind the header

cdef struct cc_slot:
    # One field of a class: its row, and what a row that knows no Python cannot hold
    cc_row row
    PyObject *name  # all three borrowed from the Codec
    PyObject *field
    cc_class *child
    cc_cases *cases  # of a union whose member is told by a field before it; else NULL
    bint filler

cdef struct cc_cases:
    # Which member of a union is meant
    cc_row row  # of the field that tells
    uint32_t distance  # from that field to the union, in bytes
    Py_ssize_t count
    uint64_t *values
    cc_class **classes  # borrowed, as `child` is

cdef struct cc_pool:
    # Dead instances of one class, kept for the next: malloc is slow beyond glibc's cached sizes
    int count
    PyObject *items[8]

cdef struct cc_class:
    PyTypeObject *type  # borrowed: the type keeps the Codec, which this is a part of
    PyObject *codec
    Py_ssize_t size
    Py_ssize_t slot_count
    cc_slot *slots
    PyObject *zeros  # a dict with all keys and zeros; NULL if there is padding, which is no key unless it is not zero
    cc_pool owning
    cc_pool borrowing


cdef inline bint is_struct(PyObject *o) noexcept:
    """Is it an instance of a class made here? All of these, and nothing else, are freed by struct_dealloc."""
    return Py_TYPE(o).tp_dealloc == <destructor>struct_dealloc


cdef inline PyObject *new_object(cc_class *cls, cc_pool *pool, Py_ssize_t room) except NULL:
    """An instance with ``room`` bytes behind its header; nothing but its type and class is set."""
    cdef PyObject *o
    if pool != NULL and pool.count:
        pool.count -= 1
        o = pool.items[pool.count]
        incref(<PyObject *>cls.type)
        cc_revive(o)
        return o
    o = PyObject_Malloc(sizeof(cc_object) + room)
    if o == NULL:
        raise MemoryError
    PyObject_Init(o, cls.type)
    (<cc_object *>o).cls = cls
    return o


cdef inline uint8_t *storage(PyObject *o) noexcept:
    return <uint8_t *>o + sizeof(cc_object)


cdef inline PyObject *new_owning(cc_class *cls, Py_ssize_t length) except NULL:
    """An instance that owns ``length`` bytes, not yet written; more, up to ``cls.size``, are never read."""
    cdef PyObject *o
    cdef cc_object *self
    if length <= cls.size:
        o = new_object(cls, &cls.owning, cls.size)
    else:
        o = new_object(cls, NULL, length)
    self = <cc_object *>o
    self.data = storage(o)
    self.length = length
    self.valid = length if length < cls.size else cls.size
    self.owner = NULL
    self.origin = ORIGIN_OWN
    self.readonly = False
    return o


cdef inline PyObject *new_borrowing(cc_class *cls, uint8_t *data, Py_ssize_t length) except NULL:
    """An instance over foreign bytes; the caller sets what keeps them alive."""
    cdef PyObject *o = new_object(cls, &cls.borrowing, sizeof(Py_buffer))
    cdef cc_object *self = <cc_object *>o
    self.data = data
    self.length = length
    self.valid = length if length < cls.size else cls.size
    return o


cdef inline PyObject *new_child(cc_class *cls, PyObject *parent, uint8_t *data, Py_ssize_t length) except NULL:
    """An instance over some of the bytes of another. A child of a child belongs to the first owner."""
    cdef PyObject *o = new_borrowing(cls, data, length)
    cdef cc_object *self = <cc_object *>o
    cdef cc_object *above = <cc_object *>parent
    self.origin = ORIGIN_CHILD
    self.readonly = above.readonly
    self.owner = above.owner if above.origin == ORIGIN_CHILD else parent
    incref(self.owner)
    return o


cdef void struct_dealloc(PyObject *o) noexcept:
    cdef cc_object *self = <cc_object *>o
    cdef cc_class *cls = <cc_class *>self.cls
    cdef PyTypeObject *type = Py_TYPE(o)
    cdef cc_pool *pool = &cls.borrowing
    if self.origin == ORIGIN_OWN:
        pool = &cls.owning if self.length <= cls.size else NULL
    elif self.origin == ORIGIN_CHILD:
        decref(self.owner)
    else:
        PyBuffer_Release(<Py_buffer *>storage(o))
    if pool != NULL and pool.count < CC_POOL:
        pool.items[pool.count] = o
        pool.count += 1
    else:
        PyObject_Free(o)
    decref(<PyObject *>type)  # last: it may take the class and its pools along


cdef void empty_pool(cc_pool *pool) noexcept:
    while pool.count:
        pool.count -= 1
        PyObject_Free(pool.items[pool.count])


cdef class Struct:
    """Bytes of a struct, whole or cut short, its own or borrowed. Classes are made by :func:`capcodec.define`."""

    cdef uint8_t *data
    cdef readonly Py_ssize_t valid_size
    """Bytes of the layout that arrived, at most the struct's size."""
    cdef Py_ssize_t length
    cdef PyObject *owner
    cdef cc_class *cls
    cdef int origin
    cdef int is_readonly

    def __cinit__(self):
        raise TypeError("this class has no struct; define one from a schema")

    def pack(self):
        """The bytes, exactly as they arrived or were written: ``valid_size`` of the struct, then the tail."""
        return adopt(new_bytes(<char *>self.data, self.length))

    @property
    def tail(self):
        """Bytes that arrived behind the newest layout we know; kept, never interpreted."""
        return adopt(new_bytes(<char *>self.data + self.valid_size, self.length - self.valid_size))

    @property
    def readonly(self):
        """True for a view of a buffer that cannot be written."""
        return self.is_readonly != 0

    def has_field(self, path):
        """Did the field arrive whole?

        Args:
            path: a name, also one of a nested struct's that appears on this one, or a path as in C.

        Raises:
            UnknownFieldError: the struct has no such field.
        """
        return member_at(self.cls, path).slot.row.end <= self.valid_size

    def __getitem__(self, path):
        member = member_at(self.cls, path)
        return adopt(member_get(<PyObject *>member, <PyObject *>self, NULL))

    def __setitem__(self, path, value):
        member = member_at(self.cls, path)
        member_set(<PyObject *>member, <PyObject *>self, <PyObject *>value)

    def to_dict(self):
        """The fields by name, nested as in C; absent ones are left out.

        Values are ints and floats, bytes for char arrays (without the NULs at their end), lists and dicts. Three more
        keys are there only when needed: ``_tail``, the bytes behind the struct; ``_valid_size`` and ``_partial``, if
        the bytes end within a field: how many arrived, and those of them that belong to no whole field.
        """
        return struct_to_dict(self)

    def __eq__(self, other):
        cdef Struct that
        if not is_struct(<PyObject *>other) or Py_TYPE(<PyObject *>other) != Py_TYPE(<PyObject *>self):
            return NotImplemented
        that = <Struct>other
        return self.length == that.length and memcmp(self.data, that.data, self.length) == 0

    def __copy__(self):
        return copied(self)

    def __deepcopy__(self, memo):
        return copied(self)

    def __sizeof__(self):
        if self.origin == ORIGIN_OWN:
            return sizeof(cc_object) + max(self.cls.size, self.length)
        return sizeof(cc_object) + sizeof(Py_buffer)

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self.data, self.length, self.is_readonly, flags)


cdef object copied(Struct self):
    """An instance of its own with the same bytes."""
    cdef PyObject *o = new_owning(self.cls, self.length)
    memcpy((<cc_object *>o).data, self.data, self.length)
    return adopt(o)

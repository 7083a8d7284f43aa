"""Instances as memory: a header, and behind it the bytes of the struct or what keeps borrowed bytes alive."""

from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release
from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_CheckExact, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_GET_SIZE
from cpython.object cimport PyObject, PyTypeObject, destructor
from libc.stdint cimport uint8_t

from capcodec.structs._python cimport CC_HAS_GIL, Py_TYPE, construction, decref, incref, PyType_Modified


cdef extern from *:
    """
    #ifndef CC_INSTANCES
    #define CC_INSTANCES

    /* A dead object taken from a pool lives again: what PyObject_Init does, less the call. */
    #if !CC_HAS_GIL || defined(Py_REF_DEBUG) || defined(Py_TRACE_REFS)
    #define cc_revive(o) _Py_NewReference(o)
    #else
    #define cc_revive(o) Py_SET_REFCNT(o, 1)
    #endif

    /* Pools are plain arrays, so without a GIL there are none. An address sanitizer shall see every use of what is
     * dead, so it gets none either. */
    #if !CC_HAS_GIL || defined(__SANITIZE_ADDRESS__)
    #define CC_POOL 0
    #else
    #define CC_POOL 8
    #endif
    #endif
    """
    void cc_revive(PyObject *o)
    enum: CC_POOL
    PyObject *PyObject_Malloc(size_t n)
    void PyObject_Free(void *p)
    PyObject *PyObject_Init(PyObject *o, PyTypeObject *type)

cdef enum:
    ORIGIN_OWN  # the bytes lie behind the header
    ORIGIN_CHILD  # they belong to `owner`
    ORIGIN_EXPORT  # they belong to the exporter of the Py_buffer behind the header

cdef struct cc_pool:
    # Dead instances of one class, kept for the next: malloc is slow beyond the sizes that glibc caches
    int count
    PyObject *items[8]

cdef struct cc_storage:
    # What instances of one class need to live and die
    PyTypeObject *type  # borrowed: every instance holds it
    Py_ssize_t size  # bytes of the newest layout
    cc_pool owning
    cc_pool borrowing

cdef struct cc_header:
    # What an instance is, besides its reference count and its type
    uint8_t *data  # never moves
    Py_ssize_t valid  # bytes of the layout that arrived
    Py_ssize_t length  # these, and the tail behind the layout
    PyObject *owner  # of an ORIGIN_CHILD: what its bytes belong to
    cc_storage *storage
    int origin
    bint readonly

cdef class Instance:
    cdef cc_header it

# -- instances

cdef void instance_dealloc(PyObject *o) noexcept
cdef void empty_pool(cc_pool *pool) noexcept
cdef PyObject *view_of(cc_storage *cls, PyObject *source, PyObject *subject) except NULL


cdef inline cc_header *header(PyObject *o) noexcept:
    return &(<Instance>o).it


cdef inline bint is_instance(PyObject *o) noexcept:
    """Is it an instance of a class made here? All of these die by instance_dealloc, and nothing else does."""
    return Py_TYPE(o).tp_dealloc == <destructor>instance_dealloc


cdef inline uint8_t *behind(PyObject *o) noexcept:
    """What lies behind the header."""
    return <uint8_t *>o + sizeof(PyObject) + sizeof(cc_header)


cdef inline PyObject *new_object(cc_storage *cls, cc_pool *pool, Py_ssize_t size) except NULL:
    """An instance with ``size`` bytes behind its header. Only its type and its storage are set."""
    cdef PyObject *o
    if pool != NULL and pool.count:
        pool.count -= 1
        o = pool.items[pool.count]
        incref(<PyObject *>cls.type)
        cc_revive(o)
        return o
    o = PyObject_Malloc(sizeof(PyObject) + sizeof(cc_header) + size)
    if o == NULL:
        raise MemoryError
    PyObject_Init(o, cls.type)
    header(o).storage = cls
    return o


cdef inline PyObject *new_owning(cc_storage *cls, Py_ssize_t length) except NULL:
    """An instance that owns ``length`` bytes, not yet written; more, up to ``cls.size``, are never read."""
    cdef PyObject *o
    cdef cc_header *it
    if length <= cls.size:
        o = new_object(cls, &cls.owning, cls.size)
    else:
        o = new_object(cls, NULL, length)
    it = header(o)
    it.data = behind(o)
    it.length = length
    it.valid = length if length < cls.size else cls.size
    it.owner = NULL
    it.origin = ORIGIN_OWN
    it.readonly = False
    return o


cdef inline PyObject *new_borrowing(cc_storage *cls, uint8_t *data, Py_ssize_t length) except NULL:
    """An instance over foreign bytes; the caller sets what keeps them alive."""
    cdef PyObject *o = new_object(cls, &cls.borrowing, sizeof(Py_buffer))
    cdef cc_header *it = header(o)
    it.data = data
    it.length = length
    it.valid = length if length < cls.size else cls.size
    return o


cdef inline PyObject *new_child(cc_storage *cls, PyObject *parent, uint8_t *data, Py_ssize_t length) except NULL:
    """An instance over some of the bytes of another. A child of a child belongs to the first owner."""
    cdef PyObject *o = new_borrowing(cls, data, length)
    cdef cc_header *it = header(o)
    cdef cc_header *above = header(parent)
    it.origin = ORIGIN_CHILD
    it.readonly = above.readonly
    it.owner = above.owner if above.origin == ORIGIN_CHILD else parent
    incref(it.owner)
    return o

# -- bytes of other objects

cdef bint is_zero(str subject, tail) except -1

cdef struct cc_borrowed:
    # Somebody's bytes, for the length of one call
    uint8_t *data
    Py_ssize_t length
    bint exported  # `view` has to be released
    Py_buffer view

cdef int get_export(PyObject *source, Py_buffer *view, int flags, PyObject *subject) except -1


cdef inline void release(cc_borrowed *borrowed) noexcept:
    if borrowed.exported:
        PyBuffer_Release(&borrowed.view)


cdef inline bint runs_no_code(PyObject *source) noexcept:
    """Can its bytes be had without running any code of the caller's?"""
    return (
        PyBytes_CheckExact(<object>source)
        or is_instance(source)
        or (CC_HAS_GIL and PyByteArray_CheckExact(<object>source))
    )


cdef inline int borrow(PyObject *source, cc_borrowed *borrowed, PyObject *subject) except -1:
    """The bytes of any contiguous buffer, until Python code runs or the GIL is released.

    Only an export outlives that. Bytes, bytearrays and instances, which are given most often, are not exported.
    """
    borrowed.exported = False
    if PyBytes_CheckExact(<object>source):
        borrowed.data = <uint8_t *>PyBytes_AS_STRING(<object>source)
        borrowed.length = PyBytes_GET_SIZE(<object>source)
    elif is_instance(source):
        borrowed.data = header(source).data
        borrowed.length = header(source).length
    elif CC_HAS_GIL and PyByteArray_CheckExact(<object>source):
        borrowed.data = <uint8_t *>PyByteArray_AS_STRING(<object>source)
        borrowed.length = PyByteArray_GET_SIZE(<object>source)
    else:
        export(source, borrowed, PyBUF_SIMPLE, subject)
    return 0


cdef inline int borrow_writable(PyObject *target, cc_borrowed *borrowed, PyObject *subject) except -1:
    borrowed.exported = False
    if CC_HAS_GIL and PyByteArray_CheckExact(<object>target):
        borrowed.data = <uint8_t *>PyByteArray_AS_STRING(<object>target)
        borrowed.length = PyByteArray_GET_SIZE(<object>target)
    elif is_instance(target) and not header(target).readonly:
        borrowed.data = header(target).data
        borrowed.length = header(target).length
    else:
        export(target, borrowed, PyBUF_WRITABLE, subject)
    return 0


cdef inline int export(PyObject *source, cc_borrowed *borrowed, int flags, PyObject *subject) except -1:
    """The bytes of any contiguous buffer, until they are released, whatever happens in between."""
    get_export(source, &borrowed.view, flags, subject)
    borrowed.exported = True
    borrowed.data = <uint8_t *>borrowed.view.buf
    borrowed.length = borrowed.view.len
    return 0

# -- internals

cdef PyObject *refuse_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) except NULL


cdef inline void only_made_here(object type) noexcept:
    """Python code gets objects of this type from the core, and cannot make any: one half made would be unsafe."""
    (<construction *>type).tp_new = refuse_new
    (<construction *>type).tp_vectorcall = NULL  # Cython's own, which would not ask tp_new
    PyType_Modified(<PyTypeObject *>type)

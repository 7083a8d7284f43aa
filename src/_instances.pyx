"""Instances as memory: how they come to life and die, how bytes are borrowed for one call, and the min-size copy."""

from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_GET_SIZE
from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport uint8_t

from capcodec.structs._headers cimport cc_min_copy
from capcodec.structs._python cimport (
    CC_HAS_GIL, PyCFunction_NewEx, PyMethodDef, PyObject_Vectorcall, cc_int, cc_with_entry, decref, incref, new_ref,
    own,
)

from capcodec import errors

cdef extern from *:
    """
    /* An exception that is set already, where Cython shall see it. */
    #define cc_raised() (-1)

    /* How many instances are dying inside one another, and those that wait for the outermost. */
    #if CC_HAS_GIL
    #define CC_THREAD
    #else
    #define CC_THREAD __thread
    #endif
    static CC_THREAD int cc_dying;
    static CC_THREAD PyObject *cc_waiting;
    """
    int cc_dying
    PyObject *cc_waiting
    Py_ssize_t Py_REFCNT(PyObject *o)
    int PyObject_GetBuffer(PyObject *source, Py_buffer *view, int flags) noexcept
    int raised "cc_raised"() except -1

cdef enum:
    MAX_DYING = 64  # instances that die inside one another before the next one waits


cdef class Instance:
    """What all structs are: bytes, their own or borrowed."""


only_made_here(Instance)


cdef PyObject *refuse_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) except NULL:
    raise TypeError(f"{(<object>type).__name__!r} objects cannot be made by calling their type")


cdef void instance_dealloc(PyObject *o) noexcept:
    global cc_dying, cc_waiting
    cdef cc_header *it = header(o)
    cdef cc_storage *cls = it.storage
    if it.origin == ORIGIN_OWN:
        bury(o, &cls.owning if it.length <= cls.size else NULL)
        return
    if CC_HAS_GIL and it.origin == ORIGIN_CHILD and Py_REFCNT(it.owner) > 1:
        decref(it.owner)  # lives on, as it mostly does
        bury(o, &cls.borrowing)
        return
    if CC_HAS_GIL and it.origin == ORIGIN_EXPORT and lives_on(<Py_buffer *>behind(o)):
        PyBuffer_Release(<Py_buffer *>behind(o))
        bury(o, &cls.borrowing)
        return
    # What a view belongs to may be a view in turn, through any number of memoryviews: the C stack would not hold them
    if cc_dying == MAX_DYING:
        it.data = <uint8_t *>cc_waiting
        cc_waiting = o
        return
    cc_dying += 1
    let_go(o)
    while cc_waiting != NULL and cc_dying == 1:
        o = cc_waiting
        cc_waiting = <PyObject *>header(o).data
        let_go(o)
    cc_dying -= 1


cdef inline bint lives_on(Py_buffer *view) noexcept:
    """Does somebody else hold the exporter too?"""
    return <PyObject *>view.obj != NULL and Py_REFCNT(<PyObject *>view.obj) > 1


cdef inline void let_go(PyObject *o) noexcept:
    """End a view: release what it borrowed."""
    cdef cc_header *it = header(o)
    cdef cc_storage *cls = it.storage
    if it.origin == ORIGIN_CHILD:
        decref(it.owner)
    else:
        PyBuffer_Release(<Py_buffer *>behind(o))
    bury(o, &cls.borrowing)


cdef inline void bury(PyObject *o, cc_pool *pool) noexcept:
    """Put a dead instance into its pool, if that has a place for it."""
    cdef PyTypeObject *type = Py_TYPE(o)
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


cdef PyObject *view_of(cc_storage *cls, PyObject *source, PyObject *subject) except NULL:
    """An instance over somebody's bytes, which lives as long as it needs them; ``subject`` as for get_export."""
    cdef cc_header *it
    cdef PyObject *o
    cdef Py_buffer *view
    if is_instance(source):
        return new_child(cls, source, header(source).data, header(source).length)
    if PyBytes_CheckExact(<object>source):
        o = new_borrowing(cls, <uint8_t *>PyBytes_AS_STRING(<object>source), PyBytes_GET_SIZE(<object>source))
        it = header(o)
        it.origin, it.owner, it.readonly = ORIGIN_CHILD, source, True
        incref(source)
        return o
    # The export is taken where it will stay, since some exporters point into the Py_buffer itself. Until it is, the
    # new instance belongs to None, so that it can be dropped as any other.
    made = own(new_borrowing(cls, NULL, 0))
    it = header(<PyObject *>made)
    it.origin, it.owner = ORIGIN_CHILD, <PyObject *>None
    incref(it.owner)
    view = <Py_buffer *>behind(<PyObject *>made)
    get_export(source, view, PyBUF_SIMPLE, subject)
    decref(it.owner)
    it.origin, it.owner, it.readonly = ORIGIN_EXPORT, NULL, view.readonly
    it.data, it.length = <uint8_t *>view.buf, view.len
    it.valid = min(view.len, cls.size)
    return new_ref(made)


cdef int get_export(PyObject *source, Py_buffer *view, int flags, PyObject *subject) except -1:
    """Ask for a buffer; ``subject``, a layout or a phrase, says in an error what it was for."""
    if PyObject_GetBuffer(source, view, flags):
        refuse_export(source, flags, subject)
    return 0


cdef int refuse_export(PyObject *source, int flags, PyObject *subject) except -1:
    """Put into words why an object gave no buffer."""
    try:
        raised()
    except (BufferError, TypeError, ValueError) as error:
        what = "a writable contiguous buffer" if flags & PyBUF_WRITABLE else "a contiguous buffer"
        raise errors.wrong_buffer(<object>subject, what, <object>source, error) from None
    return 0


def min_copy(dst, src, *, tail="keep"):
    """Copy ``min(len(dst), len(src))`` bytes from the front of ``src`` to the front of ``dst``.

    This is what a guest kernel does since Linux 4.16 (9a191b114906): a longer source is cut off, and behind a shorter
    one the rest of the destination keeps what it held.

    Args:
        dst: any writable contiguous buffer; an instance of a struct counts with the bytes it holds.
        src: any contiguous buffer. The two may overlap.
        tail: ``"keep"`` leaves the rest of ``dst`` untouched, ``"zero"`` clears it, as ``copy_struct_from_user`` does.

    Returns:
        The number of bytes copied, not counting those cleared.

    Raises:
        BufferAccessError: ``dst`` is read-only, or one of the two is no contiguous buffer. Nothing was written.
        ArgumentError: ``tail`` is neither of the two.
    """
    return own(copy_between(<PyObject *>dst, <PyObject *>src, is_zero("min_copy", tail)))


cdef bint is_zero(str subject, tail) except -1:
    """What becomes of the bytes that a source does not reach: are they cleared, or kept?"""
    if type(tail) is not str or (tail != "keep" and tail != "zero"):
        raise errors.ArgumentError(f"{subject}: expected tail='keep' or tail='zero', got {errors.shown(tail)}")
    return tail == "zero"


cdef inline PyObject *copy_between(PyObject *dst, PyObject *src, bint zero_tail) except NULL:
    cdef cc_borrowed target, source
    cdef size_t n
    if not runs_no_code(src):
        return copy_exported(dst, src, zero_tail)
    borrow_writable(dst, &target, <PyObject *>"min_copy to dst")
    borrow(src, &source, <PyObject *>"min_copy from src")
    n = cc_min_copy(target.data, target.length, source.data, source.length, zero_tail)
    release(&target)
    return cc_int(n)


cdef PyObject *copy_exported(PyObject *dst, PyObject *src, bint zero_tail) except NULL:
    """The same from an object that may run code when asked for its bytes: so it is asked first."""
    cdef cc_borrowed target, source
    cdef size_t n
    export(src, &source, PyBUF_SIMPLE, <PyObject *>"min_copy from src")
    try:
        borrow_writable(dst, &target, <PyObject *>"min_copy to dst")
        n = cc_min_copy(target.data, target.length, source.data, source.length, zero_tail)
        release(&target)
    finally:
        release(&source)
    return cc_int(n)


cdef PyObject *min_copy_call(
    PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *keywords
) except NULL:
    """The entry that Python sees. Most calls give two buffers and no more: they skip the parsing of arguments.

    Without this entry, a copy of 308 bytes takes 45 % more instructions.
    """
    if count == 2 and keywords == NULL:
        return copy_between(args[0], args[1], False)
    return PyObject_Vectorcall(parsed_min_copy, args, count, keywords)


cdef object parsed_min_copy = min_copy
cdef PyMethodDef min_copy_method = cc_with_entry(min_copy, <void *>min_copy_call)
min_copy = PyCFunction_NewEx(&min_copy_method, NULL, "capcodec")

if (<PyTypeObject *>Instance).tp_basicsize != sizeof(PyObject) + sizeof(cc_header):
    raise SystemError("something lies between the header of an instance and its bytes")

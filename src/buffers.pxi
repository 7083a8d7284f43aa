"""Bytes of other objects: to read, to write, to keep."""

cdef extern from *:
    """
    /* Without a GIL another thread may resize a bytearray at any moment; only an export pins it. */
    #ifdef Py_GIL_DISABLED
    #define CC_HAS_GIL 0
    #else
    #define CC_HAS_GIL 1
    #endif
    """
    bint CC_HAS_GIL

cdef extern from "cc_copy.h" nogil:
    size_t cc_min_copy(uint8_t *dst, size_t dst_size, const uint8_t *src, size_t src_size, bint zero_tail)


cdef struct cc_span:
    # Somebody's bytes, for the length of one call
    uint8_t *data
    Py_ssize_t length
    bint held  # `view` is an export to be released
    Py_buffer view


cdef inline void release(cc_span *span) noexcept:
    if span.held:
        PyBuffer_Release(&span.view)


cdef inline int borrow(PyObject *source, cc_span *span, action) except -1:
    """The bytes of any contiguous buffer. Fast for what is most often given; no Python code runs in between."""
    span.held = False
    if PyBytes_CheckExact(<object>source):
        span.data = <uint8_t *>PyBytes_AS_STRING(<object>source)
        span.length = PyBytes_GET_SIZE(<object>source)
    elif is_struct(source):
        span.data = (<cc_object *>source).data
        span.length = (<cc_object *>source).length
    elif CC_HAS_GIL and PyByteArray_CheckExact(<object>source):
        span.data = <uint8_t *>PyByteArray_AS_STRING(<object>source)
        span.length = PyByteArray_GET_SIZE(<object>source)
    else:
        get_export(source, &span.view, PyBUF_SIMPLE, action)
        span.held = True
        span.data = <uint8_t *>span.view.buf
        span.length = span.view.len
    return 0


cdef inline int borrow_writable(PyObject *target, cc_span *span, action) except -1:
    span.held = False
    if CC_HAS_GIL and PyByteArray_CheckExact(<object>target):
        span.data = <uint8_t *>PyByteArray_AS_STRING(<object>target)
        span.length = PyByteArray_GET_SIZE(<object>target)
    elif is_struct(target) and not (<cc_object *>target).readonly:
        span.data = (<cc_object *>target).data
        span.length = (<cc_object *>target).length
    else:
        get_export(target, &span.view, PyBUF_WRITABLE, action)
        span.held = True
        span.data = <uint8_t *>span.view.buf
        span.length = span.view.len
    return 0


cdef int get_export(PyObject *source, Py_buffer *view, int flags, action) except -1:
    try:
        PyObject_GetBuffer(<object>source, view, flags)
    except (BufferError, TypeError, ValueError) as error:
        what = "a writable contiguous buffer" if flags & PyBUF_WRITABLE else "a contiguous buffer"
        raise errors.wrong_buffer(action, what, <object>source, error) from None
    return 0


cdef object byte_count(Py_ssize_t n):
    return PyLong_FromLong(n)


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
    cdef cc_span to, source
    cdef size_t n
    cdef bint zero_tail = False
    if tail == "zero":
        zero_tail = True
    elif tail != "keep":
        raise errors.ArgumentError(f"min_copy: expected tail='keep' or tail='zero', got {tail!r}")
    borrow_writable(<PyObject *>dst, &to, "min_copy to dst")
    try:
        borrow(<PyObject *>src, &source, "min_copy from src")
    except BaseException:
        release(&to)
        raise
    n = cc_min_copy(to.data, to.length, source.data, source.length, zero_tail)
    release(&source)
    release(&to)
    return byte_count(n)

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

cdef extern from *:
    """
    /* The definition of a builtin function, with another entry. */
    static PyMethodDef cc_described(PyObject *function, void *entry)
    {
        PyMethodDef method = *((PyCFunctionObject *)function)->m_ml;
        method.ml_meth = (PyCFunction)(void (*)(void))entry;
        method.ml_flags = METH_FASTCALL | METH_KEYWORDS;
        return method;
    }
    """
    ctypedef struct PyMethodDef:
        pass
    PyMethodDef cc_described(object function, void *entry)
    object PyCFunction_NewEx(PyMethodDef *method, void *self, object module)
    PyObject *PyObject_Vectorcall(
        object function, PyObject *const *args, Py_ssize_t count, PyObject *keywords
    ) except NULL


cdef struct cc_span:
    # Somebody's bytes, for the length of one call
    uint8_t *data
    Py_ssize_t length
    bint held  # `view` is an export to be released
    Py_buffer view


cdef inline void release(cc_span *span) noexcept:
    if span.held:
        PyBuffer_Release(&span.view)


cdef inline int borrow(PyObject *source, cc_span *span, PyObject *subject) except -1:
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
        get_export(source, &span.view, PyBUF_SIMPLE, subject)
        span.held = True
        span.data = <uint8_t *>span.view.buf
        span.length = span.view.len
    return 0


cdef inline int borrow_writable(PyObject *target, cc_span *span, PyObject *subject) except -1:
    span.held = False
    if CC_HAS_GIL and PyByteArray_CheckExact(<object>target):
        span.data = <uint8_t *>PyByteArray_AS_STRING(<object>target)
        span.length = PyByteArray_GET_SIZE(<object>target)
    elif is_struct(target) and not (<cc_object *>target).readonly:
        span.data = (<cc_object *>target).data
        span.length = (<cc_object *>target).length
    else:
        get_export(target, &span.view, PyBUF_WRITABLE, subject)
        span.held = True
        span.data = <uint8_t *>span.view.buf
        span.length = span.view.len
    return 0


cdef int get_export(PyObject *source, Py_buffer *view, int flags, PyObject *subject) except -1:
    """Ask for a buffer; ``subject``, a layout or a phrase, says in an error what it was for."""
    try:
        PyObject_GetBuffer(<object>source, view, flags)
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
    if tail != "keep" and tail != "zero":
        raise errors.ArgumentError(f"min_copy: expected tail='keep' or tail='zero', got {tail!r}")
    return adopt(copy_between(<PyObject *>dst, <PyObject *>src, tail == "zero"))


cdef inline PyObject *copy_between(PyObject *dst, PyObject *src, bint zero_tail) except NULL:
    cdef cc_span to, source
    cdef size_t n
    borrow_writable(dst, &to, <PyObject *>"min_copy to dst")
    try:
        borrow(src, &source, <PyObject *>"min_copy from src")
        n = cc_min_copy(to.data, to.length, source.data, source.length, zero_tail)
        release(&source)
    finally:
        release(&to)
    return cc_int(n)


cdef PyObject *min_copy_call(
    PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *keywords
) except NULL:
    """The entry that Python sees. Two buffers and no more is what is asked most: it skips the parsing of arguments."""
    if count == 2 and keywords == NULL:
        return copy_between(args[0], args[1], False)
    return PyObject_Vectorcall(any_min_copy, args, count, keywords)


cdef object any_min_copy = min_copy
cdef PyMethodDef min_copy_method = cc_described(min_copy, <void *>min_copy_call)
min_copy = PyCFunction_NewEx(&min_copy_method, NULL, "capcodec")

"""What capcodec/_core.pxd offers to other Cython code."""


cdef const cc_row *row_at(object cls, str path) except NULL:
    return &member_at(&codec_of(cls).cls, path).slot.row


cdef object unpack_bytes(object cls, const uint8_t *data, Py_ssize_t size):
    cdef PyObject *o = new_owning(&codec_of(cls).cls, size)
    memcpy((<cc_object *>o).data, data, size)
    return adopt(o)


cdef uint8_t *bytes_of(object capset, Py_ssize_t *size) except NULL:
    if not is_struct(<PyObject *>capset):
        raise TypeError(f"expected an instance of a struct, got {type(capset).__name__}")
    size[0] = (<cc_object *>capset).length
    return (<cc_object *>capset).data


cdef inline Codec codec_of(object cls):
    cdef PyObject *codec = cc_codec(<PyObject *>cls, CODEC) if isinstance(cls, type) else NULL
    if codec == NULL:
        raise errors.ArgumentError(f"expected the class of a struct, got {cls!r}")
    return <Codec>codec

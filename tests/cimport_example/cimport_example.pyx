# cython: language_level=3, freethreading_compatible=True
"""The layout, the copy and the unpack entry of capcodec, called without Python in between."""

from libc.stdint cimport uint8_t, uint32_t

from capcodec cimport (
    CC_U32, bytes_of, cc_load_unsigned, cc_min_copy, cc_min_copy_many, cc_records, cc_row, cc_store_integer, row_at,
    unpack_bytes,
)


def where(cls, str path):
    """Offset, end and bit of a field."""
    cdef const cc_row *row = row_at(cls, path)
    return row.offset, row.end, row.shift, row.op == CC_U32


def total(cls, str path, const uint8_t[:] records, Py_ssize_t stride):
    """Sum of an unsigned field over many records, in C throughout."""
    cdef const cc_row *row = row_at(cls, path)
    cdef Py_ssize_t i, count = records.shape[0] // stride
    cdef unsigned long long found = 0
    with nogil:
        for i in range(count):
            found += cc_load_unsigned(row, &records[i * stride] + row.offset)
    return found


def first_bytes(cls, const uint8_t[:] data, Py_ssize_t size):
    """An instance of a struct from the first bytes of some memory."""
    return unpack_bytes(cls, &data[0], size)


def double_samples(capset):
    """Change a field in an instance's own bytes; returns how many of those there are."""
    cdef Py_ssize_t size
    cdef uint8_t *data = bytes_of(capset, &size)
    cdef const cc_row *row = row_at(type(capset), "max_samples")
    if row.end > <uint32_t>size:
        raise ValueError("no max_samples in there")
    cc_store_integer(row, data + row.offset, 2 * cc_load_unsigned(row, data + row.offset))
    return size


def copies(uint8_t[:] dst, const uint8_t[:] src, size_t size):
    """A min-size copy, and the same again record by record."""
    cdef cc_records to, source
    cdef size_t n = cc_min_copy(&dst[0], size, &src[0], src.shape[0], False)
    to.data, to.stride, to.size = &dst[0] + size, size, size
    source.data, source.stride, source.size = <uint8_t *>&src[0], size, size
    cc_min_copy_many(to, source, src.shape[0] // size, False)
    return n

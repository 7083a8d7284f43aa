"""Instances as JSON text, straight from their bytes. The form is described in capcodec.structs.json_text."""

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.object cimport PyObject
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdio cimport snprintf
from libc.string cimport memcpy, strlen

from capcodec.structs._dicts cimport (
    cc_class, cc_name, cc_name_size, cc_slot, class_at, class_within, left_out, partial_at,
)
from capcodec.structs._headers cimport (
    CC_CHARS, CC_F32, CC_F64, CC_STRUCT, CC_UBITS, cc_load32, cc_load64, cc_load_f32, cc_load_f64, cc_load_signed,
    cc_load_unsigned, cc_row, cc_store_f32, cc_store_f64, cc_stride,
)
from capcodec.structs._instances cimport cc_header, header, is_instance
from capcodec.structs._json_headers cimport (
    CC_MAX_CHAR, CC_MAX_INT, cc_write_chars, cc_write_gap, cc_write_hex, cc_write_signed, cc_write_unsigned,
)

from capcodec import errors

cdef extern from "<math.h>" nogil:
    bint isnan(double d)
    bint isinf(double d)

cdef extern from "Python.h":
    int Py_DTSF_ADD_DOT_0
    char *PyOS_double_to_string(double value, char format, int precision, int flags, int *type) except NULL
    double PyOS_string_to_double(const char *text, char **end, PyObject *overflow) except? -1
    object PyUnicode_DecodeASCII(const char *text, Py_ssize_t size, const char *errors)

cdef enum:
    FIRST_ROOM = 16384  # characters; the text of a whole capset 2 has 7,000
    CHUNK = 4096  # bytes of a char array that are written at once
    MAX_FLOAT = 32  # characters
    MAX_WHOLE = 1 << 23  # from here on, floats lie a whole number apart
    NEGATIVE_ZERO = 0x80000000  # its bits

cdef struct cc_text:
    # Text that grows
    char *start
    char *end
    char *limit


cdef inline char *with_room(cc_text *text, Py_ssize_t size) except NULL:
    """The end of the text, behind which there is room for so many characters."""
    return text.end if text.limit - text.end >= size else grown(text, size)


cdef char *grown(cc_text *text, Py_ssize_t size) except NULL:
    cdef Py_ssize_t length = text.end - text.start
    cdef Py_ssize_t capacity = max(2 * (text.limit - text.start), length + size, FIRST_ROOM)
    cdef char *start = <char *>PyMem_Realloc(text.start, capacity)
    if start == NULL:
        raise MemoryError
    text.start, text.end, text.limit = start, start + length, start + capacity
    return text.end


cdef inline int put(cc_text *text, const char *part, Py_ssize_t size) except -1:
    memcpy(with_room(text, size), part, size)
    text.end += size
    return 0


# -- values


cdef int put_float(cc_text *text, const uint8_t *p, bint single) except -1:
    cdef uint64_t bits = cc_load32(p) if single else cc_load64(p)
    cdef double value = cc_load_f32(p) if single else cc_load_f64(p)
    cdef char *digits
    if isnan(value):
        with_room(text, MAX_FLOAT)
        text.end += snprintf(text.end, MAX_FLOAT, b'"nan:0x%llx"', <unsigned long long>bits)
        return 0
    if isinf(value):
        return put(text, b'"inf"', 5) if value > 0 else put(text, b'"-inf"', 6)
    if single and -MAX_WHOLE < value < MAX_WHOLE and value == <int>value and bits != NEGATIVE_ZERO:
        # As most are. A float so small has no shorter decimal.
        text.end = cc_write_signed(with_room(text, MAX_FLOAT), <int>value)
        return put(text, b".0", 2)
    digits = PyOS_double_to_string(shortest(value) if single else value, b"r", 0, Py_DTSF_ADD_DOT_0, NULL)
    try:
        return put(text, digits, strlen(digits))
    finally:
        PyMem_Free(digits)


cdef double shortest(double value) except? -1:
    """The decimal of the fewest digits that a float of 32 bits comes back from."""
    cdef int precision
    cdef double short_one
    cdef char *end
    cdef char *digits
    for precision in range(1, 10):
        digits = PyOS_double_to_string(value, b"g", precision, 0, NULL)
        try:
            short_one = PyOS_string_to_double(digits, &end, NULL)
        finally:
            PyMem_Free(digits)
        if <float>short_one == <float>value:
            break
    return short_one


def plain_float(double value, bint single):
    """The value of a float field as JSON has it: a float of the fewest digits, or a string."""
    cdef uint8_t stored[8]
    if single and cc_store_f32(stored, value):
        return value
    if isinf(value):
        return "inf" if value > 0 else "-inf"
    if not single:
        cc_store_f64(stored, value)
    if isnan(value):
        return f"nan:{hex(cc_load32(stored) if single else cc_load64(stored))}"
    return shortest(cc_load_f32(stored)) if single else value


cdef int put_chars(cc_text *text, const uint8_t *p, Py_ssize_t size) except -1:
    cdef Py_ssize_t part
    while size and p[size - 1] == 0:
        size -= 1
    put(text, b'"', 1)
    while size:
        part = min(size, CHUNK)
        text.end = cc_write_chars(with_room(text, part * CC_MAX_CHAR), p, part)
        p += part
        size -= part
    return put(text, b'"', 1)


cdef int put_name(cc_text *text, str name) except -1:
    """The name of a struct, which is an identifier, or of its variant, which may be any string."""
    cdef bytes spelt
    if name.isascii():
        spelt = name.encode()
        return put_chars(text, <const uint8_t *><char *>spelt, len(spelt))
    from json import dumps as quoted  # slow to import, and hardly ever needed

    spelt = quoted(name).encode()
    return put(text, spelt, len(spelt))


cdef int put_hex(cc_text *text, const char *key, const uint8_t *p, Py_ssize_t size) except -1:
    """A special key of the outermost struct, with bytes in hexadecimal."""
    put(text, key, strlen(key))
    text.end = cc_write_hex(with_room(text, 2 * size), p, size)
    return put(text, b'"', 1)


cdef inline int put_value(cc_text *text, const cc_row *row, const uint8_t *p) except -1:
    if row.op <= CC_UBITS:
        text.end = cc_write_unsigned(with_room(text, CC_MAX_INT), cc_load_unsigned(row, p))
        return 0
    if row.op == CC_F32 or row.op == CC_F64:
        return put_float(text, p, row.op == CC_F32)
    if row.op == CC_CHARS:
        return put_chars(text, p, row.size)
    text.end = cc_write_signed(with_room(text, CC_MAX_INT), cc_load_signed(row, p))
    return 0


cdef int put_elements(cc_text *text, const cc_slot *slot, int dims, const uint8_t *p, int depth) except -1:
    """The innermost ``dims`` dimensions of a field; ``depth`` of the struct that has it, -1 if all is on one line."""
    cdef Py_ssize_t i, n
    cdef uint32_t stride
    cdef int inner = depth + 1 if depth >= 0 else -1
    if dims == 0:
        if slot.row.op == CC_STRUCT:
            return put_struct(text, class_at(slot, p), p, inner)
        return put_value(text, &slot.row, p)
    n, stride = slot.row.dims[slot.row.ndim - dims], cc_stride(&slot.row, dims)
    if dims == 1 and slot.row.op != CC_STRUCT:
        inner = -1
    put(text, b"[", 1)
    for i in range(n):
        text.end = cc_write_gap(with_room(text, inner + 3), i == 0, inner + 1 if inner >= 0 else -1)
        put_elements(text, slot, dims - 1, p + i * stride, -1)
    return put_closing(text, b"]", inner)


cdef inline int put_closing(cc_text *text, const char *bracket, int depth) except -1:
    if depth >= 0:
        text.end = cc_write_gap(with_room(text, depth + 3), True, depth)
    return put(text, bracket, 1)


cdef inline int put_key(cc_text *text, const cc_slot *slot, bint first, int depth) except -1:
    cdef Py_ssize_t size = cc_name_size(slot.name)
    cdef char *out = cc_write_gap(with_room(text, size + depth + 8), first, depth + 1 if depth >= 0 else -1)
    out[0] = b'"'
    memcpy(out + 1, cc_name(slot.name), size)
    memcpy(out + 1 + size, b'": ', 3)
    text.end = out + size + 4
    return 0

# -- structs


cdef int put_struct(cc_text *text, const cc_class *cls, const uint8_t *p, int depth) except -1:
    """A struct that is all there; ``depth`` is how many spaces its closing bracket gets, -1 if all is on one line."""
    cdef bint first = True
    put(text, b"{", 1)
    put_fields(text, cls, p, cls.storage.size, depth, &first)
    return put_closing(text, b"}", -1 if first else depth)


cdef int put_fields(
    cc_text *text, const cc_class *cls, const uint8_t *p, Py_ssize_t valid, int depth, bint *first
) except -1:
    """The fields that lie whole within the first ``valid`` bytes; ``first`` becomes false if there is one."""
    cdef const cc_slot *slot
    cdef Py_ssize_t i, before
    cdef bint empty
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        if slot.row.end <= valid:
            if not left_out(slot, p):
                put_key(text, slot, first[0], depth)
                put_elements(text, slot, slot.row.ndim, p + slot.row.offset, depth)
                first[0] = False
        elif slot.row.op == CC_STRUCT and not slot.row.ndim:
            before, empty = text.end - text.start, True
            put_key(text, slot, first[0], depth)
            put(text, b"{", 1)
            put_fields(
                text, class_within(slot, p, valid), p + slot.row.offset, valid - slot.row.offset, depth + 1, &empty
            )
            if empty:
                text.end = text.start + before
            else:
                first[0] = False
                put_closing(text, b"}", depth + 1)
    return 0


cdef int put_instance(cc_text *text, object capset) except -1:
    cdef cc_header *it = header(<PyObject *>capset)
    cdef const cc_class *cls = <cc_class *>it.storage
    cdef bint first = False, declared = False
    cdef Py_ssize_t cut
    put(text, b'{\n "_struct": ', 14)
    put_name(text, (<object>cls.layout).full_name)
    put_fields(text, cls, it.data, it.valid, 0, &first)
    if it.valid < cls.storage.size:
        cut = partial_at(cls, it.data, it.valid, &declared)
        if declared:
            put(text, b',\n "_valid_size": ', 18)
            text.end = cc_write_signed(with_room(text, CC_MAX_INT), it.valid)
        if cut < it.valid:
            put_hex(text, b',\n "_partial": "', it.data + cut, it.valid - cut)
    elif it.length > it.valid:
        put_hex(text, b',\n "_tail": "', it.data + it.valid, it.length - it.valid)
    return put(text, b"\n}\n", 3)


def dumps(capset):
    """``capset`` as JSON text that ends in a newline."""
    cdef cc_text text
    if not is_instance(<PyObject *>capset):
        raise errors.ArgumentError(f"expected an instance of a struct, got {errors.shown(capset)}")
    text.start = text.end = text.limit = NULL
    try:
        put_instance(&text, capset)
        return PyUnicode_DecodeASCII(text.start, text.end - text.start, NULL)
    finally:
        PyMem_Free(text.start)

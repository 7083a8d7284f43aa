"""Instances from JSON text: first tokens, then each field from its token. No Python object is made of a value.

The keys of an object are mostly in the header's order, and then compared with the next field's name. Else a dict finds
them. Which fields may be missing is told as of a dict, by the same ``cc_prefix``.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_Size
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.object cimport PyObject
from libc.math cimport isinf
from libc.stdint cimport UINT32_MAX, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp

from capcodec.structs._classes cimport Codec, codec_of
from capcodec.structs._dicts cimport (
    begin_struct, cc_class, cc_name, cc_name_size, cc_path, cc_prefix, cc_slot, class_at, end_struct, field_at,
    field_given, field_missing, struct_ended,
)
from capcodec.structs._headers cimport (
    CC_CHARS, CC_F32, CC_SBITS, CC_STRUCT, cc_row, cc_store32, cc_store64, cc_store_f32, cc_store_f64,
    cc_store_integer, cc_stride,
)
from capcodec.structs._instances cimport header
from capcodec.structs._json_headers cimport (
    CC_JSON_ARRAY, CC_JSON_ESCAPED, CC_JSON_FALSE, CC_JSON_FULL, CC_JSON_HUGE, CC_JSON_INT, CC_JSON_OBJECT,
    CC_JSON_REAL, CC_JSON_STRING, CC_JSON_TRUE, CC_JSON_WRONG, cc_json_bytes, cc_json_special, cc_scan, cc_scan_from,
    cc_scanner, cc_token,
)
from capcodec.structs._values cimport FITS, OUT_OF_RANGE, WRONG_LENGTH, WRONG_TYPE

from capcodec import errors
from capcodec.structs import field_errors, json_errors, json_text
from capcodec.structs import layout as layouts

cdef extern from "Python.h":
    double PyOS_string_to_double(const char *text, char **end, PyObject *overflow) except? -1
    object PyUnicode_DecodeUTF8(const char *text, Py_ssize_t size, const char *errors)
    PyObject *PyDict_GetItemWithError(object d, object key) except? NULL
    size_t PyLong_AsSize_t(object o) except? <size_t>-1

cdef enum:
    FIRST_TOKENS = 2048  # a whole capset 2 has 1,200
    NOT_FINITE = 4  # more that may be wrong with a value than there is for values of Python
    NOT_SPECIAL
    NOT_LATIN

cdef struct cc_source:
    # A text and its tokens
    const char *text
    const cc_token *tokens
    PyObject *data  # the text as bytes, for errors

cdef struct cc_members:
    # The members of an object that are still to come, if they are in the header's order
    uint32_t at  # token of the next key
    uint64_t left


def loads(cls, source):
    """An instance of ``cls`` from JSON text. Time and memory are in proportion to the text and the struct.

    Raises:
        TextError: not JSON, a key twice, a number JSON has not, another struct's text, or far more values than the
            struct has.
        CapcodecError: something in it does not fit the struct.
    """
    cdef Codec codec = codec_of(cls)
    cdef bytes data = json_text.as_utf8(codec.layout, source)
    cdef cc_scanner scanner
    cdef cc_source found
    cc_scan_from(&scanner, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))
    try:
        scan(codec.layout, data, &scanner)
        found.text, found.tokens, found.data = scanner.text, scanner.tokens, <PyObject *>data
        return read_instance(&codec.cls, &found)
    finally:
        PyMem_Free(scanner.tokens)


cdef int scan(layout, bytes data, cc_scanner *scanner) except -1:
    """Find the tokens of a text, if there are no more than the struct has a use for."""
    cdef size_t most = UINT32_MAX - 1
    cdef size_t capacity = FIRST_TOKENS
    cdef cc_token *tokens
    cdef int status = CC_JSON_FULL
    if PyBytes_GET_SIZE(data) > json_text.MAX_UNCHECKED:
        most = min(most, PyLong_AsSize_t(json_text.max_tokens(layout)))
    while status == CC_JSON_FULL:
        if scanner.count >= most:
            raise json_errors.too_many(layout, data, scanner.at, most)
        tokens = <cc_token *>PyMem_Realloc(scanner.tokens, min(capacity, most) * sizeof(cc_token))
        if tokens == NULL:
            raise MemoryError
        scanner.tokens, scanner.capacity = tokens, <uint32_t>min(capacity, most)
        capacity *= 2
        status = cc_scan(scanner)
    if status == CC_JSON_WRONG:
        raise json_errors.not_json(layout, data, scanner.at, scanner.expected.decode())
    return 0

# -- errors, strings and keys


cdef object located(const cc_source *source, uint32_t token, error):
    cdef const cc_token *it = &source.tokens[token]
    quoted = it.kind == CC_JSON_STRING or it.kind == CC_JSON_ESCAPED
    return json_errors.located(error, <bytes>source.data, it.start - quoted)


cdef str got_at(const cc_source *source, uint32_t token):
    cdef const cc_token *it = &source.tokens[token]
    return json_errors.got(<bytes>source.data, it.kind, it.start, it.value)


cdef object wrong(const cc_source *source, uint32_t token, int status, cc_path *path):
    """What is wrong with the value at a token."""
    cdef const cc_token *it = &source.tokens[token]
    count = it.value
    if status == WRONG_LENGTH and it.kind != CC_JSON_ARRAY:
        count = cc_json_bytes(source.text, it, NULL, 0)
    return located(source, token, json_errors.wrong_value(status, field_at(path), got_at(source, token), count))


cdef object string_at(const cc_source *source, uint32_t token):
    """The string at a token, as Python has it."""
    cdef const cc_token *it = &source.tokens[token]
    string = PyUnicode_DecodeUTF8(source.text + it.start, it.value, "surrogatepass")
    return string if it.kind == CC_JSON_STRING else json_text.unescaped(string)


cdef inline bint is_key(const cc_source *source, uint32_t token, const cc_slot *slot) noexcept:
    cdef const cc_token *it = &source.tokens[token]
    cdef Py_ssize_t size = cc_name_size(slot.name)
    return (
        it.value == <uint64_t>size
        and it.kind == CC_JSON_STRING
        and memcmp(source.text + it.start, cc_name(slot.name), size) == 0
    )


cdef bint in_order(const cc_source *source, cc_members members, const cc_class *cls) noexcept:
    """Are all members fields of the struct, in the header's order?"""
    cdef Py_ssize_t i
    for i in range(cls.slot_count):
        if members.left == 0:
            break
        if is_key(source, members.at, &cls.slots[i]):
            members.at = source.tokens[members.at + 1].next
            members.left -= 1
    return members.left == 0


cdef dict tokens_by_key(const cc_source *source, cc_members members, const cc_class *cls):
    """The token of each member's value by its key."""
    cdef dict found = {}
    while members.left:
        members.left -= 1
        key = string_at(source, members.at)
        if key in found:
            raise located(source, members.at, json_errors.twice(<object>cls.layout, key))
        found[key] = members.at + 1
        members.at = source.tokens[members.at + 1].next
    return found


cdef int refuse_unknown(const cc_source *source, const cc_class *cls, dict by_key, cc_path *path) except -1:
    """Raise an error for the first key that is no field of the struct."""
    cdef Py_ssize_t i, known = 0
    for i in range(cls.slot_count):
        known += PyDict_GetItemWithError(by_key, <object>cls.slots[i].name) != NULL
    if known == PyDict_Size(by_key):
        return 0
    layout = <object>cls.layout
    key = json_text.first_unknown(layout, by_key)
    error = field_errors.unknown_key(layout, key, None if path == NULL else field_at(path))
    raise located(source, by_key[key] - 1, error)


cdef inline uint32_t value_of(
    const cc_source *source, cc_members *members, dict by_key, const cc_slot *slot
) except? 0:
    """The token of a field's value; 0 if there is none."""
    cdef uint32_t key = members.at
    cdef PyObject *found
    if by_key is not None:
        found = PyDict_GetItemWithError(by_key, <object>slot.name)
        return 0 if found == NULL else <object>found
    if members.left == 0 or not is_key(source, key, slot):
        return 0
    members.at = source.tokens[key + 1].next
    members.left -= 1
    return key + 1

# -- values


cdef int read_value(const cc_source *source, const cc_row *row, uint8_t *p, uint32_t token) except -1:
    """Store a value, or say why not. Of one that does not fit, nothing is written but to a char array."""
    cdef const cc_token *it = &source.tokens[token]
    cdef Py_ssize_t count
    if row.op <= CC_SBITS:
        if it.kind == CC_JSON_INT:
            if it.value > (-<uint64_t>row.min if it.negative else row.max):
                return OUT_OF_RANGE
            cc_store_integer(row, p, -it.value if it.negative else it.value)
            return FITS
        if it.kind == CC_JSON_TRUE or it.kind == CC_JSON_FALSE:
            if it.kind == CC_JSON_TRUE and row.max == 0:
                return OUT_OF_RANGE
            cc_store_integer(row, p, it.kind == CC_JSON_TRUE)
            return FITS
        return OUT_OF_RANGE if it.kind == CC_JSON_HUGE else WRONG_TYPE
    if row.op == CC_CHARS:
        if it.kind != CC_JSON_STRING and it.kind != CC_JSON_ESCAPED:
            return WRONG_TYPE
        count = cc_json_bytes(source.text, it, p, row.size)
        if count < 0:
            return NOT_LATIN
        return FITS if count <= <Py_ssize_t>row.size else WRONG_LENGTH
    return read_float(source, row, p, it)


cdef int read_float(const cc_source *source, const cc_row *row, uint8_t *p, const cc_token *it) except -1:
    cdef double value
    cdef char *end
    cdef uint64_t bits
    if it.kind == CC_JSON_STRING:
        if row.op == CC_F32:
            if cc_json_special(source.text, it, 32, 23, &bits):
                return NOT_SPECIAL
            cc_store32(p, bits)
        else:
            if cc_json_special(source.text, it, 64, 52, &bits):
                return NOT_SPECIAL
            cc_store64(p, bits)
        return FITS
    if it.kind == CC_JSON_ESCAPED:
        return NOT_SPECIAL
    if it.kind == CC_JSON_TRUE or it.kind == CC_JSON_FALSE:
        value = it.kind == CC_JSON_TRUE
    elif it.kind == CC_JSON_INT or it.kind == CC_JSON_HUGE or it.kind == CC_JSON_REAL:
        value = PyOS_string_to_double(source.text + it.start, &end, NULL)
        if it.kind == CC_JSON_INT and it.value == 0:
            value = 0  # the integer -0 has no sign
        if isinf(value):
            return NOT_FINITE if it.kind == CC_JSON_REAL else OUT_OF_RANGE
    else:
        return WRONG_TYPE
    if row.op == CC_F32:
        return OUT_OF_RANGE if cc_store_f32(p, value) else FITS
    cc_store_f64(p, value)
    return FITS


cdef int read_part(
    const cc_source *source, const cc_slot *slot, int dims, uint8_t *p, uint32_t token, cc_path *path
) except -1:
    """Store the innermost ``dims`` dimensions of a field."""
    cdef cc_path inner
    cdef const cc_token *it = &source.tokens[token]
    cdef Py_ssize_t i, n
    cdef uint32_t stride
    cdef int status
    if dims == 0:
        if slot.row.op == CC_STRUCT:
            return read_struct(source, class_at(slot, p), p, token, path, 0, NULL)
        status = read_value(source, &slot.row, p, token)
        if status != FITS:
            raise wrong(source, token, status, path)
        return 0
    n, stride = slot.row.dims[slot.row.ndim - dims], cc_stride(&slot.row, dims)
    if it.kind != CC_JSON_ARRAY:
        raise wrong(source, token, WRONG_TYPE, path)
    if it.value != <uint64_t>n:
        raise wrong(source, token, WRONG_LENGTH, path)
    inner.up, inner.field = path, NULL
    token += 1
    for i in range(n):
        inner.index = i
        read_part(source, slot, dims - 1, p + i * stride, token, &inner)
        token = source.tokens[token].next
    return 0

# -- structs


cdef int read_struct(
    const cc_source *source,
    const cc_class *cls,
    uint8_t *p,
    uint32_t token,
    cc_path *path,
    Py_ssize_t base,
    cc_prefix *prefix,
) except -1:
    """Store a struct, of a union one of its members. Fields may be missing only at its end, if ``prefix`` is given."""
    cdef cc_members members
    cdef dict by_key = None
    if source.tokens[token].kind != CC_JSON_OBJECT:
        raise wrong(source, token, WRONG_TYPE, path)
    members.at, members.left = token + 1, source.tokens[token].value
    if not in_order(source, members, cls):
        by_key = tokens_by_key(source, members, cls)
        refuse_unknown(source, cls, by_key, path)
    return read_fields(source, cls, p, token, members, by_key, path, base, prefix)


cdef int read_fields(
    const cc_source *source,
    const cc_class *cls,
    uint8_t *p,
    uint32_t token,
    cc_members members,
    dict by_key,
    cc_path *path,
    Py_ssize_t base,
    cc_prefix *prefix,
) except -1:
    cdef cc_path inner
    cdef const cc_slot *slot
    cdef uint32_t value
    cdef Py_ssize_t i
    inner.up = path
    for i in range(cls.slot_count):
        slot = &cls.slots[i]
        inner.field = slot.field
        value = value_of(source, &members, by_key, slot)
        if value:
            if prefix == NULL:
                read_part(source, slot, slot.row.ndim, p + slot.row.offset, value, &inner)
            else:
                read_prefix_part(source, slot, p, value, &inner, base, prefix)
        elif not slot.filler:
            if prefix == NULL:
                raise located(source, token, field_errors.missing_field(field_at(&inner)))
            field_missing(
                prefix,
                slot,
                class_at(slot, p + slot.row.offset) if slot.row.op == CC_STRUCT and not slot.row.ndim else NULL,
                base,
            )
    return 0


cdef int read_prefix_part(
    const cc_source *source,
    const cc_slot *slot,
    uint8_t *p,
    uint32_t token,
    cc_path *path,
    Py_ssize_t base,
    cc_prefix *prefix,
) except -1:
    """Store a field of a struct that may lack its end, unless a field before it is missing already."""
    p += slot.row.offset
    if slot.row.op == CC_STRUCT and not slot.row.ndim:
        base += slot.row.offset
        read_struct(source, class_at(slot, p), p, token, path, base, prefix)
        struct_ended(prefix, base + slot.row.size)
        return 0
    if prefix.missing >= 0:
        raise located(source, token, field_errors.gap(field_at(path), prefix.missing))
    read_part(source, slot, slot.row.ndim, p, token, path)
    if not slot.filler:
        field_given(prefix, base + slot.row.end)
    return 0


cdef object read_instance(cc_class *cls, const cc_source *source):
    """The outermost struct, which has keys of its own."""
    cdef cc_members members
    cdef cc_prefix prefix
    cdef Py_ssize_t declared
    cdef dict by_key
    layout = <object>cls.layout
    if source.tokens[0].kind != CC_JSON_OBJECT:
        raise located(source, 0, errors.TextError(f"{layout.name}: expected a JSON object, got {got_at(source, 0)}"))
    members.at, members.left = 1, source.tokens[0].value
    by_key = tokens_by_key(source, members, cls)
    special = {}
    for key in json_text.SPECIAL_KEYS:
        token = by_key.pop(key, None)
        if token is not None:
            special[key] = special_value(source, layout, key, token)
    declared, partial, tail = layouts.take_special_keys(layout, special)
    refuse_unknown(source, cls, by_key, NULL)
    made = begin_struct(cls, declared, partial, tail, &prefix)
    read_fields(source, cls, header(<PyObject *>made).data, 0, members, by_key, NULL, 0, &prefix)
    return end_struct(cls, made, declared, partial, tail, &prefix)


cdef object special_value(const cc_source *source, layout, str key, uint32_t token):
    """What a key of the outermost struct says that is no field of it."""
    cdef const cc_token *it = &source.tokens[token]
    value = None
    if it.kind == CC_JSON_STRING or it.kind == CC_JSON_ESCAPED:
        value = string_at(source, token)
    elif it.kind == CC_JSON_INT and not it.negative:
        value = it.value
    try:
        return json_text.special_value(layout, key, value, got_at(source, token))
    except errors.TextError as error:
        raise located(source, token, error) from None

"""The C headers for JSON, which know no Python either, and which no other Cython code needs."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t


cdef extern from "cc_json_write.h" nogil:
    enum: CC_MAX_INT, CC_MAX_CHAR
    # Each writes at `out` and returns the end of what it wrote
    char *cc_write_unsigned(char *out, uint64_t v)
    char *cc_write_signed(char *out, int64_t v)
    char *cc_write_hex(char *out, const uint8_t *p, size_t size)
    char *cc_write_chars(char *out, const uint8_t *p, size_t size)
    char *cc_write_gap(char *out, bint first, int depth)

cdef extern from "cc_json_read.h" nogil:
    enum cc_json_kind:
        CC_JSON_INT, CC_JSON_HUGE, CC_JSON_REAL, CC_JSON_STRING, CC_JSON_ESCAPED, CC_JSON_ARRAY, CC_JSON_OBJECT
        CC_JSON_TRUE, CC_JSON_FALSE, CC_JSON_NULL
    enum cc_json_status:
        CC_JSON_DONE, CC_JSON_FULL, CC_JSON_WRONG
    ctypedef struct cc_token:
        uint64_t value
        size_t start
        uint32_t next
        uint8_t kind
        bint negative
    ctypedef struct cc_scanner:
        const char *text
        size_t size, at
        cc_token *tokens
        uint32_t count, capacity
        const char *expected
    void cc_scan_from(cc_scanner *s, const char *text, size_t size)
    int cc_scan(cc_scanner *s)
    Py_ssize_t cc_json_bytes(const char *text, const cc_token *token, uint8_t *out, size_t capacity)
    int cc_json_special(const char *text, const cc_token *token, int width, int fraction, uint64_t *bits)

"""The C headers of the core, which know no Python."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t


cdef extern from "cc_row.h" nogil:
    enum: CC_MAX_DIMS
    enum cc_op:
        CC_U8, CC_U16, CC_U32, CC_U64, CC_BIT, CC_UBITS, CC_S8, CC_S16, CC_S32, CC_S64, CC_SBITS
        CC_F32, CC_F64, CC_CHARS, CC_STRUCT, CC_OPS
    ctypedef struct cc_row:
        uint32_t offset  # bytes from the start of the struct
        uint32_t end  # one past the last byte of the field
        uint32_t size  # bytes of one element
        uint8_t op, shift, width, ndim
        uint32_t dims[3]
        uint64_t max
        int64_t min
    uint32_t cc_stride(const cc_row *row, int depth)

cdef extern from "cc_field.h" nogil:
    bint CC_BIG_ENDIAN
    # Of one element, whose bytes start at p and are known to be all there
    uint32_t cc_load32(const uint8_t *p)
    uint64_t cc_load64(const uint8_t *p)
    void cc_store32(uint8_t *p, uint32_t v)
    void cc_store64(uint8_t *p, uint64_t v)
    uint64_t cc_load_unsigned(const cc_row *row, const uint8_t *p)
    int64_t cc_load_signed(const cc_row *row, const uint8_t *p)
    double cc_load_f32(const uint8_t *p)
    double cc_load_f64(const uint8_t *p)
    void cc_store_integer(const cc_row *row, uint8_t *p, uint64_t v)  # checks no range
    int cc_store_f32(uint8_t *p, double d)  # -1 if out of range
    void cc_store_f64(uint8_t *p, double d)

cdef extern from "cc_copy.h" nogil:
    ctypedef struct cc_records:
        uint8_t *data
        size_t stride, size
    size_t cc_min_copy(uint8_t *dst, size_t dst_size, const uint8_t *src, size_t src_size, bint zero_tail)
    int cc_min_copy_many(cc_records dst, cc_records src, size_t count, bint zero_tail)
    bint cc_overlap(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)

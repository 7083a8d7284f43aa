/* A row says where one field lies in a struct and how its bytes read as a value.
 *
 * The core interprets rows; it holds no code for any one capset. Rows are made
 * from a schema by capcodec/layout.py, and hold for every size step of a struct
 * at once: a struct grows only at its end, so an older layout is a shorter
 * prefix of the same rows.
 *
 * Knows no Python. All offsets and sizes are in bytes.
 */
#ifndef CC_ROW_H
#define CC_ROW_H

#include <stdint.h>

#define CC_MAX_DIMS 3

/* In an order that lets a range of them be asked for: unsigned, then signed, then what is no integer. */
enum cc_op {
    CC_U8, CC_U16, CC_U32, CC_U64,
    CC_BIT,    /* bits within one byte: every single-bit flag, and most small fields */
    CC_UBITS,  /* unsigned bits over up to eight bytes */
    CC_S8, CC_S16, CC_S32, CC_S64,
    CC_SBITS,  /* bits in two's complement */
    CC_F32, CC_F64,
    CC_CHARS,  /* a char array; `size` is its length */
    CC_STRUCT,
    CC_OPS
};

typedef struct cc_row {
    uint32_t offset;             /* of the first byte that holds any bit of the field */
    uint32_t end;                /* one past the last such byte: the field arrived whole if end <= valid */
    uint32_t size;               /* of one element; for bits, the bytes they touch */
    uint8_t op;                  /* enum cc_op, of one element */
    uint8_t shift, width;        /* bits only: lowest bit counted from `offset`, and how many */
    uint8_t ndim;                /* 0: a single element */
    uint32_t dims[CC_MAX_DIMS];  /* elements, outermost first, as declared */
    uint64_t max;                /* largest value of an integer element */
    int64_t min;                 /* smallest; 0 if unsigned */
} cc_row;

/* Bytes from one element to the next in the `depth` innermost dimensions' outermost;
 * depth 1 steps over single elements, depth ndim + 1 over whole fields. */
static inline uint32_t cc_stride(const cc_row *row, int depth)
{
    uint32_t stride = row->size;
    for (int i = row->ndim - depth + 1; i < row->ndim; i++)
        stride *= row->dims[i];
    return stride;
}

#endif

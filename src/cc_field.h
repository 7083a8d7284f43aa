/* Loads and stores of one element: little-endian bytes to values and back.
 *
 * Every access goes through memcpy or single bytes, since fields of a borrowed
 * buffer may lie at any address; compilers turn both into plain moves. None of
 * these functions checks a length: callers compare `end` with the valid size.
 *
 * Knows no Python.
 */
#ifndef CC_FIELD_H
#define CC_FIELD_H

#include <math.h>
#include <string.h>

#include "cc_row.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CC_BIG_ENDIAN 1
static inline uint16_t cc_swap16(uint16_t v) { return __builtin_bswap16(v); }
static inline uint32_t cc_swap32(uint32_t v) { return __builtin_bswap32(v); }
static inline uint64_t cc_swap64(uint64_t v) { return __builtin_bswap64(v); }
#else
#define CC_BIG_ENDIAN 0
static inline uint16_t cc_swap16(uint16_t v) { return v; }
static inline uint32_t cc_swap32(uint32_t v) { return v; }
static inline uint64_t cc_swap64(uint64_t v) { return v; }
#endif

static inline uint16_t cc_load16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return cc_swap16(v); }
static inline uint32_t cc_load32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return cc_swap32(v); }
static inline uint64_t cc_load64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return cc_swap64(v); }

static inline void cc_store16(uint8_t *p, uint16_t v) { v = cc_swap16(v); memcpy(p, &v, 2); }
static inline void cc_store32(uint8_t *p, uint32_t v) { v = cc_swap32(v); memcpy(p, &v, 4); }
static inline void cc_store64(uint8_t *p, uint64_t v) { v = cc_swap64(v); memcpy(p, &v, 8); }

/* Bits are read byte by byte, and only the bytes they touch: the storage unit a
 * compiler would load may reach past the bytes that arrived. */
static inline uint64_t cc_load_bits(const cc_row *row, const uint8_t *p)
{
    uint64_t unit = 0;
    for (uint32_t i = 0; i < row->size; i++)
        unit |= (uint64_t)p[i] << (8 * i);
    return (unit >> row->shift) & row->max;
}

static inline int64_t cc_load_signed_bits(const cc_row *row, const uint8_t *p)
{
    uint64_t unit = 0, sign = (uint64_t)1 << (row->width - 1);
    for (uint32_t i = 0; i < row->size; i++)
        unit |= (uint64_t)p[i] << (8 * i);
    unit = (unit >> row->shift) & ((sign - 1) | sign);
    return (int64_t)((unit ^ sign) - sign);
}

static inline void cc_store_bits(const cc_row *row, uint8_t *p, uint64_t v)
{
    uint64_t mask = (row->width < 64 ? ((uint64_t)1 << row->width) - 1 : UINT64_MAX) << row->shift;
    v <<= row->shift;
    for (uint32_t i = 0; i < row->size; i++) {
        uint8_t keep = (uint8_t)~(mask >> (8 * i));
        p[i] = (uint8_t)((p[i] & keep) | ((v & mask) >> (8 * i)));
    }
}

static inline uint64_t cc_load_unsigned(const cc_row *row, const uint8_t *p)
{
    switch (row->op) {
    case CC_U8: return *p;
    case CC_U16: return cc_load16(p);
    case CC_U32: return cc_load32(p);
    case CC_U64: return cc_load64(p);
    case CC_BIT: return (*p >> row->shift) & row->max;
    default: return cc_load_bits(row, p);
    }
}

static inline int64_t cc_load_signed(const cc_row *row, const uint8_t *p)
{
    switch (row->op) {
    case CC_S8: return (int8_t)*p;
    case CC_S16: return (int16_t)cc_load16(p);
    case CC_S32: return (int32_t)cc_load32(p);
    case CC_S64: return (int64_t)cc_load64(p);
    default: return cc_load_signed_bits(row, p);
    }
}

/* Stores the low bits of `v`; the caller has checked it against min and max. */
static inline void cc_store_integer(const cc_row *row, uint8_t *p, uint64_t v)
{
    switch (row->op) {
    case CC_U8: case CC_S8: *p = (uint8_t)v; break;
    case CC_U16: case CC_S16: cc_store16(p, (uint16_t)v); break;
    case CC_U32: case CC_S32: cc_store32(p, (uint32_t)v); break;
    case CC_U64: case CC_S64: cc_store64(p, v); break;
    default: cc_store_bits(row, p, v);
    }
}

static inline double cc_double_of(uint64_t bits) { double d; memcpy(&d, &bits, 8); return d; }
static inline uint64_t cc_bits_of(double d) { uint64_t bits; memcpy(&bits, &d, 8); return bits; }

/* A C cast between float and double quiets a signalling NaN, which would lose a
 * bit of the payload; NaNs are therefore moved as integers, both ways. */
static inline double cc_load_f32(const uint8_t *p)
{
    uint32_t bits = cc_load32(p);
    float f;
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return cc_double_of((uint64_t)(bits & 0x80000000u) << 32 | UINT64_C(0x7ff0000000000000) |
                            (uint64_t)(bits & 0x7fffffu) << 29);
    memcpy(&f, &bits, 4);
    return (double)f;
}

static inline double cc_load_f64(const uint8_t *p) { return cc_double_of(cc_load64(p)); }

/* Returns 0, or -1 with nothing stored if a finite `d` has no finite float. */
static inline int cc_store_f32(uint8_t *p, double d)
{
    uint64_t wide = cc_bits_of(d);
    uint32_t bits;
    float f;
    if (isnan(d)) {
        bits = (uint32_t)(wide >> 32 & 0x80000000u) | 0x7f800000u | (uint32_t)(wide >> 29 & 0x7fffffu);
        if (!(bits & 0x7fffffu))
            bits |= 0x400000u; /* the payload lay wholly in the bits a float lacks: stay a NaN */
    } else {
        f = (float)d;
        if (isinf(f) && !isinf(d))
            return -1;
        memcpy(&bits, &f, 4);
    }
    cc_store32(p, bits);
    return 0;
}

static inline void cc_store_f64(uint8_t *p, double d) { cc_store64(p, cc_bits_of(d)); }

#endif

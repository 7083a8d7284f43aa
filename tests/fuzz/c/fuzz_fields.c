/* Loads and stores of one field against the same bit by bit.
 *
 * covers: src/cc_field.h src/cc_row.h
 * plant: src/cc_field.h | (mask >> (8 * i)) | (mask >> (7 * i))
 */
#include "choices.h"

#include "cc_field.h"

static int bit(const uint8_t *p, uint32_t i) { return p[i / 8] >> (i % 8) & 1; }

/* The value in bits [shift, shift + width), with the highest one repeated if signed. */
static uint64_t naive_load(const uint8_t *p, uint32_t shift, uint32_t width, int is_signed)
{
    uint64_t v = 0;
    for (uint32_t i = 0; i < 64; i++) {
        int from = i < width ? bit(p, shift + i) : is_signed && bit(p, shift + width - 1);
        v |= (uint64_t)from << i;
    }
    return v;
}

static void naive_store(uint8_t *p, uint32_t shift, uint32_t width, uint64_t v)
{
    for (uint32_t i = 0; i < width; i++) {
        uint8_t one = (uint8_t)(1u << (shift + i) % 8);
        p[(shift + i) / 8] = (uint8_t)(v >> i & 1 ? p[(shift + i) / 8] | one : p[(shift + i) / 8] & ~one);
    }
}

static void integers(choices *c)
{
    static const uint8_t sizes[CC_OPS] = {
        [CC_U8] = 1, [CC_U16] = 2, [CC_U32] = 4, [CC_U64] = 8, [CC_S8] = 1, [CC_S16] = 2, [CC_S32] = 4, [CC_S64] = 8,
    };
    cc_row row = {.op = choose_byte(c) % (CC_SBITS + 1)};
    int is_signed = row.op >= CC_S8;
    row.size = sizes[row.op];
    row.width = (uint8_t)(row.size * 8);
    if (!row.size) { /* bits, in one byte or up to eight */
        row.shift = choose_byte(c) % 8;
        row.width = (uint8_t)(1 + choose_byte(c) % ((row.op == CC_BIT ? 8 : 64) - row.shift));
        row.size = (row.shift + row.width + 7u) / 8;
        row.max = row.width < 64 ? ((uint64_t)1 << row.width) - 1 : UINT64_MAX;
    }
    uint8_t *p = exactly(row.size), before[8];
    choose_into(c, p, row.size);
    memcpy(before, p, row.size);
    uint64_t loaded = is_signed ? (uint64_t)cc_load_signed(&row, p) : cc_load_unsigned(&row, p);
    EXPECT(loaded == naive_load(p, row.shift, row.width, is_signed));
    uint64_t v = choose(c, 8);
    cc_store_integer(&row, p, v);
    naive_store(before, row.shift, row.width, v);
    EXPECT(!memcmp(p, before, row.size));
    free(p);
}

static void floats(choices *c)
{
    uint8_t *p = exactly(4), *q = exactly(8), before[8];
    choose_into(c, p, 4);
    memcpy(before, p, 4);
    double d = cc_load_f32(p);
    float f;
    memcpy(&f, p, 4);
    EXPECT(isnan(d) ? isnan(f) : d == (double)f);
    EXPECT(cc_store_f32(p, d) == 0 && !memcmp(p, before, 4)); /* NaNs too come back bit by bit */
    choose_into(c, q, 8);
    memcpy(before, q, 8);
    d = cc_load_f64(q);
    cc_store_f64(q, d);
    EXPECT(!memcmp(q, before, 8));
    memset(p, 0xdd, 4);
    if (cc_store_f32(p, d)) {
        EXPECT(p[0] == 0xdd && p[1] == 0xdd && p[2] == 0xdd && p[3] == 0xdd);
        EXPECT(!isinf(d) && !isnan(d) && fabs(d) > 3.4028234e38);
    } else {
        memcpy(&f, p, 4);
        EXPECT(isnan(d) ? isnan(f) : f == (float)d);
    }
    free(p);
    free(q);
}

static void strides(choices *c)
{
    cc_row row = {.size = choose_byte(c), .ndim = choose_byte(c) % (CC_MAX_DIMS + 1)};
    uint32_t expected = row.size;
    for (int i = 0; i < row.ndim; i++)
        row.dims[i] = choose_byte(c);
    for (int depth = 1; depth <= row.ndim + 1; depth++) {
        EXPECT(cc_stride(&row, depth) == expected);
        if (depth <= row.ndim)
            expected *= row.dims[row.ndim - depth];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    choices c = {data, size};
    switch (choose_byte(&c) % 4) {
    case 0: floats(&c); break;
    case 1: strides(&c); break;
    default: integers(&c);
    }
    return 0;
}

/* The core's C headers, without Python. Values are printed, for test_core_headers.py to compare with Python's own; copies
 * and columns are compared here with the same done byte by byte and bit by bit. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int no_memory;
static void *some_malloc(size_t size) { return no_memory ? NULL : malloc(size); }
#define malloc(size) some_malloc(size)

#include "cc_columns.h"
#include "cc_copy.h"
#include "check.h"

static void put(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    printf("\n");
}

/* Bytes that tell where they are. */
static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 2654435761u >> 13);
}

/* A field at an odd address, with nothing behind its last byte: a load that reads further is caught. */
static void field(cc_row row, const char *hex, int is_signed)
{
    uint8_t *memory = malloc(row.size + 1), *p = memory + 1;
    for (uint32_t i = 0; i < row.size; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    uint64_t v = is_signed ? (uint64_t)cc_load_signed(&row, p) : cc_load_unsigned(&row, p);
    printf("%" PRIx64 " ", v);
    for (uint32_t i = 0; i < row.size; i++)
        p[i] = (uint8_t)~p[i];
    cc_store_integer(&row, p, v);
    put(p, row.size);
    free(memory);
}

static void single(const char *hex)
{
    uint8_t *memory = malloc(5), *p = memory + 1;
    for (int i = 0; i < 4; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    double d = cc_load_f32(p);
    uint64_t bits = cc_bits_of(d);
    memset(p, 0, 4);
    int wrong = cc_store_f32(p, d);
    printf("%" PRIx64 " %d ", bits, wrong);
    put(p, 4);
    free(memory);
}

static void twice(const char *hex)
{
    uint8_t *memory = malloc(9), *p = memory + 1;
    for (int i = 0; i < 8; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    double d = cc_load_f64(p);
    printf("%" PRIx64 " ", cc_bits_of(d));
    cc_store_f64(p, d);
    put(p, 8);
    free(memory);
}

/* What a float cannot hold. */
static void narrow(void)
{
    uint8_t p[4] = {1, 2, 3, 4};
    CHECK(cc_store_f32(p, 1e39) == -1 && cc_store_f32(p, -1e39) == -1);
    CHECK(!memcmp(p, "\1\2\3\4", 4));
    CHECK(cc_store_f32(p, cc_double_of(UINT64_C(0xfff0000000000001))) == 0);
    CHECK(cc_load32(p) == 0xffc00000u); /* a NaN still, though a float has none of its payload's bits */
}

static void strides(void)
{
    cc_row row = {.size = 6, .ndim = 3, .dims = {2, 3, 5}};
    CHECK(cc_stride(&row, 1) == 6 && cc_stride(&row, 2) == 30 && cc_stride(&row, 3) == 90);
}

static void copies(void)
{
    for (size_t d = 0; d < 80; d++)
        for (size_t s = 0; s < 80; s++)
            for (int zero = 0; zero < 2; zero++) {
                uint8_t *dst = malloc(d + !d), *src = malloc(s + !s);
                memset(dst, 0xdd, d);
                fill(src, s);
                size_t n = cc_min_copy(dst, d, src, s, zero);
                CHECK(n == (d < s ? d : s));
                for (size_t i = 0; i < d; i++)
                    CHECK(dst[i] == (i < n ? src[i] : zero ? 0 : 0xdd));
                free(dst);
                free(src);
            }
}

/* Records that overlap in every way, or not at all; with memory for those that need a buffer, and without. */
static void overlaps(void)
{
    enum { SIZE = 80 };
    uint8_t memory[SIZE], before[SIZE], after[SIZE];
    int refused = 0;
    for (size_t d = 0; d < 48; d += 5)
        for (size_t s = 0; s < 48; s += 3)
            for (int shape = 0; shape < 5 * 5 * 3 * 3 * 4 * 4; shape++) {
                cc_records dst = {memory + d, 3 + shape % 5, 0}, src = {memory + s, 3 + shape / 5 % 5, 0};
                size_t count = (size_t)(shape / 25 % 4);
                int zero = shape / 100 % 2;
                no_memory = shape / 200 % 2;
                dst.size = dst.stride - (size_t)(shape / 400 % 3);
                src.size = src.stride - (size_t)(shape / 1200 % 3);
                size_t n = dst.size < src.size ? dst.size : src.size;
                fill(before, SIZE);
                memcpy(memory, before, SIZE);
                memcpy(after, before, SIZE);
                for (size_t i = 0; i < count; i++)
                    for (size_t k = 0; k < (zero ? dst.size : n); k++)
                        after[d + i * dst.stride + k] = k < n ? before[s + i * src.stride + k] : 0;
                int failed = cc_min_copy_many(dst, src, count, zero);
                CHECK(!failed || no_memory);
                CHECK(!memcmp(memory, failed ? before : after, SIZE));
                refused += failed != 0;
            }
    no_memory = 0;
    CHECK(refused);
    cc_records none = {memory, 4, 0};
    CHECK(cc_min_copy_many(none, none, 3, 1) == 0 && cc_extent(&none, 0) == 0);
}

/* Records one behind the other, into memory that starts `skew` bytes after a cache line. */
static void bulk(size_t count, size_t from, size_t to, size_t skew)
{
    uint8_t *src = malloc(count * from), *dst = aligned_alloc(CC_LINE, (count * to + 2 * CC_LINE) / CC_LINE * CC_LINE);
    uint8_t *at = dst + skew;
    fill(src, count * from);
    memset(dst, 0xdd, skew);
    cc_records target = {at, to, to}, origin = {src, from, from};
    CHECK(!cc_min_copy_many(target, origin, count, 1));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < to; k++)
            CHECK(at[i * to + k] == (k < from ? src[i * from + k] : 0));
    for (size_t k = 0; k < skew; k++)
        CHECK(dst[k] == 0xdd);
    free(dst);
    free(src);
}

/* Byte `k` of what a bitfield at `p` is worth, sign and all. */
static uint8_t byte_of_bits(const cc_row *bits, const uint8_t *p, uint32_t k)
{
    unsigned byte = 0;
    for (unsigned b = 0; b < 8; b++) {
        unsigned at = 8 * k + b;
        if (at >= bits->width && bits->op == CC_SBITS)
            at = bits->width - 1u;
        if (at < bits->width)
            byte |= (p[(bits->shift + at) / 8] >> (bits->shift + at) % 8 & 1u) << b;
    }
    return (uint8_t)byte;
}

/* One column of a kind of its own out of records of `size` bytes, forwards or backwards, to a place within a line. */
static void column(const cc_row *bits, uint32_t pieces, uint32_t piece, size_t size, size_t count, int backwards)
{
    uint8_t *records = malloc(count * size), *lines = aligned_alloc(CC_LINE, (count * pieces * piece / CC_LINE + 2) * CC_LINE);
    uint8_t *out = lines + CC_LINE / 4;
    uint32_t *offsets = malloc(pieces * sizeof *offsets), reach = bits ? bits->size : piece;
    fill(records, count * size);
    for (uint32_t k = 0; k < pieces; k++)
        offsets[k] = (uint32_t)(k * 7 % (size - reach + 1));
    cc_column one = {.pieces = pieces, .piece = piece, .offsets = offsets, .bits = bits, .out = out};
    const uint8_t *first = backwards ? records + (count - 1) * size : records;
    cc_gather(&one, 1, first, backwards ? -(ptrdiff_t)size : (ptrdiff_t)size, size, count, 0);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < pieces; k++) {
            const uint8_t *p = records + (backwards ? count - 1 - i : i) * size + offsets[k];
            for (uint32_t b = 0; b < piece; b++)
                CHECK(out[(i * pieces + k) * piece + b] == (bits ? byte_of_bits(bits, p, b) : p[b]));
        }
    free(offsets);
    free(lines);
    free(records);
}

static void columns(void)
{
    static const cc_row kinds[] = {
        {.op = CC_BIT, .size = 1, .shift = 5, .width = 2, .max = 3},
        {.op = CC_UBITS, .size = 2, .shift = 6, .width = 5, .max = 31},
        {.op = CC_SBITS, .size = 2, .shift = 3, .width = 9},
    };
    cc_gather(NULL, 0, NULL, 0, 0, 0, 0);
    for (size_t count = 1; count < 200; count = count * 2 + 1)
        for (uint32_t pieces = 1; pieces < 5; pieces += 3) {
            for (int kind = 0; kind < 3; kind++)
                for (uint32_t piece = 1; piece <= (kinds[kind].op == CC_BIT ? 1 : 8); piece *= 2)
                    column(&kinds[kind], pieces, piece, 33, count, count & 2);
            for (uint32_t piece = 1; piece < 90; piece += 7)
                column(NULL, pieces, piece, 90, count, count & 2);
            for (uint32_t piece = 2; piece < 5; piece += 2)
                column(NULL, pieces, piece, 90, count, count & 2);
        }
    /* So many that they are written past the caches */
    column(NULL, 1, 4, 5, 1100000, 0);
    column(NULL, 1, 900, 900, 5000, 0);
    column(NULL, 3, 40, 90, 40000, 1);
    column(&kinds[0], 1, 1, 2, 4300000, 0);
    column(&kinds[1], 5, 8, 90, 110000, 0);
    column(&kinds[2], 600, 8, 90, 900, 0);
    column(NULL, 1, 64, 64, 70000, 0);
    column(NULL, 1, 80, 90, 60000, 1);
}

/* Several columns in one pass, of records wide and narrow. */
static void passes(size_t count, size_t from)
{
    static const uint32_t word = 4, bits = 2, apart[] = {0, 12, 5};
    static const cc_row three = {.op = CC_UBITS, .size = 2, .shift = 6, .width = 5, .max = 31};
    uint8_t *src = malloc(count * from);
    fill(src, count * from);
    cc_column columns[] = {
        {.pieces = 1, .piece = 4, .offsets = &word, .out = malloc(count * 4)},
        {.pieces = 1, .piece = 1, .offsets = &bits, .bits = &three, .out = malloc(count)},
        {.pieces = 3, .piece = 2, .offsets = apart, .out = malloc(count * 6)},
        {.pieces = 1, .piece = (uint32_t)from - 5, .offsets = apart + 2, .out = malloc(count * (from - 5))},
    };
    size_t n = from > 500 ? 3 : 4; /* without the last, little of a wide record is wanted */
    cc_gather(columns, n, src, (ptrdiff_t)from, from, count, 0);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = src + i * from;
        CHECK(!memcmp(columns[0].out + 4 * i, record + 4, 4));
        CHECK(columns[1].out[i] == byte_of_bits(&three, record + 2, 0));
        CHECK(!memcmp(columns[2].out + 6 * i, record, 2) && !memcmp(columns[2].out + 6 * i + 2, record + 12, 2));
        CHECK(!memcmp(columns[2].out + 6 * i + 4, record + 5, 2));
        CHECK(n < 4 || !memcmp(columns[3].out + columns[3].piece * i, record + 5, columns[3].piece));
    }
    for (int c = 0; c < 4; c++)
        free(columns[c].out);
    free(src);
}

/* Of few records so much that it is written past the caches, and of one column less than a line. */
static void few(void)
{
    enum { COUNT = 5, SIZE = 1 << 20 };
    static const uint32_t first = 0, second = 1;
    uint8_t *src = malloc(COUNT * SIZE), out[COUNT], *wide = malloc((size_t)COUNT * (SIZE - 16));
    fill(src, COUNT * SIZE);
    cc_column columns[] = {
        {.pieces = 1, .piece = 1, .offsets = &second, .out = out},
        {.pieces = 1, .piece = SIZE - 16, .offsets = &first, .out = wide},
    };
    cc_gather(columns, 2, src, SIZE, SIZE, COUNT, 0);
    for (size_t i = 0; i < COUNT; i++)
        CHECK(out[i] == src[i * SIZE + 1] && !memcmp(wide + i * (SIZE - 16), src + i * SIZE, SIZE - 16));
    free(wide);
    free(src);
}

static void swaps(void)
{
    uint8_t memory[24], before[24];
    fill(before, 24);
    for (size_t size = 1; size <= 8; size++) {
        memcpy(memory, before, 24);
        cc_swap_elements(memory, 3, size);
        for (size_t i = 0; i < 24; i++)
            CHECK(memory[i] == before[i < 3 * size ? i / size * size + size - 1 - i % size : i]);
    }
}

int main(void)
{
    uint16_t probe = 1;
    printf("%s\n", *(uint8_t *)&probe ? "little" : "big");
#include "calls.h"
    narrow();
    strides();
    copies();
    overlaps();
    bulk(1, 90, 70, 9);
    bulk(63, 70, 90, 9);
    bulk(65, 64, 64, 9);
    bulk(3000, 33, 20, 9);
    bulk(20000, 1000, 900, 9);
    bulk(30000, 200, 300, 9);
    bulk(70000, 64, 64, 0);
    columns();
    passes(1, 90);
    passes(65, 64);
    passes(3000, 33);
    passes(3000, 1000);
    passes(130000, 33);
    few();
    swaps();
    return 0;
}

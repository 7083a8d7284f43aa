/* Columns gathered from records against the same byte by byte.
 *
 * covers: src/cc_columns.h
 * plant: src/cc_columns.h | out[i + k] = (uint8_t)(p[k * stride] >> shift & mask) | out[i + k] = (uint8_t)(p[k * stride] >> shift)
 */
#include "choices.h"

#define cc_worth_streaming cc_worth_streaming_there
#include "cc_stream.h"
#undef cc_worth_streaming
static inline int cc_worth_streaming(size_t bytes) { return bytes > 2048; }
#include "cc_columns.h"

enum { COLUMNS = 5, PIECES = 6 };

typedef struct plan {
    uint32_t offsets[PIECES];
    cc_row bits;
    int is_signed;
} plan;

/* A column whose pieces lie within `room` bytes. */
static cc_column plan_column(choices *c, plan *plan, uint32_t room)
{
    cc_column column = {.offsets = plan->offsets};
    uint32_t reach;
    if (choose_byte(c) & 1) {
        cc_row *bits = &plan->bits;
        static const uint8_t ops[] = {CC_BIT, CC_UBITS, CC_SBITS};
        bits->op = ops[choose_byte(c) % 3];
        bits->shift = choose_byte(c) % 8;
        uint32_t most = bits->op == CC_BIT ? 8u : (room < 8 ? room : 8u) * 8;
        bits->width = (uint8_t)(1 + choose_byte(c) % (most - bits->shift));
        bits->max = bits->width < 64 ? ((uint64_t)1 << bits->width) - 1 : UINT64_MAX;
        reach = bits->size = (bits->shift + bits->width + 7u) / 8;
        plan->is_signed = bits->op == CC_SBITS;
        column.bits = bits;
        column.piece = bits->width <= 8 ? 1 : bits->width <= 16 ? 2 : bits->width <= 32 ? 4 : 8;
    } else {
        reach = column.piece = 1 + choose_byte(c) % (room < 200 ? room : 200);
        if (choose_byte(c) & 1 && room >= 4)
            reach = column.piece = 4;
        else if (room >= 64)
            reach = column.piece = room / 16 * 16; /* goes straight to where it is wanted */
    }
    column.pieces = choose_byte(c) & 1 ? 1 : 1 + choose_byte(c) % PIECES;
    for (uint32_t k = 0; k < column.pieces; k++)
        plan->offsets[k] = choose_byte(c) % (room - reach + 1);
    return column;
}

static uint64_t naive_bits(const plan *plan, const uint8_t *p)
{
    uint64_t v = 0;
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t width = plan->bits.width, at = plan->bits.shift + (i < width ? i : width - 1);
        if (i < width || plan->is_signed)
            v |= (uint64_t)(p[at / 8] >> at % 8 & 1) << i;
    }
    return v;
}

static void naive(const cc_column *column, const plan *plan, const uint8_t *record, uint8_t *out)
{
    for (uint32_t k = 0; k < column->pieces; k++, out += column->piece)
        for (uint32_t i = 0; i < column->piece; i++)
            out[i] = column->bits ? (uint8_t)(naive_bits(plan, record + plan->offsets[k]) >> 8 * i)
                                  : record[plan->offsets[k] + i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    choices c = {data, size};
    uint32_t room = 1 + choose_byte(&c);
    int backwards = choose_byte(&c) & 1;
    size_t stride = room + choose_byte(&c) % 70, count = choose_byte(&c), n = choose_byte(&c) % (COLUMNS + 1);
    if (count == 255 && choose_byte(&c) == 255)
        count = 2100; /* more than a block of records of which but a few lines are wanted */
    plan plans[COLUMNS] = {0};
    cc_column columns[COLUMNS];
    uint8_t *expected[COLUMNS], *memory = exactly(count * stride);
    for (size_t k = 0; k < n; k++)
        columns[k] = plan_column(&c, &plans[k], room);
    uint8_t salt = choose_byte(&c);
    for (size_t i = 0; i < count * stride; i++)
        memory[i] = (uint8_t)((i * 2654435761u >> 11) ^ salt);
    const uint8_t *first = backwards && count ? memory + (count - 1) * stride : memory;
    ptrdiff_t step = backwards ? -(ptrdiff_t)stride : (ptrdiff_t)stride;
    for (size_t k = 0; k < n; k++) {
        size_t width = cc_column_width(&columns[k]);
        columns[k].out = exactly(width * count);
        expected[k] = exactly(width * count);
        for (size_t i = 0; i < count; i++)
            naive(&columns[k], &plans[k], first + (ptrdiff_t)i * step, expected[k] + i * width);
    }
    cc_gather(columns, n, first, step, room, count, 0);
    for (size_t k = 0; k < n; k++) {
        EXPECT(!memcmp(columns[k].out, expected[k], cc_column_width(&columns[k]) * count));
        free(columns[k].out);
        free(expected[k]);
    }
    free(memory);
    return 0;
}

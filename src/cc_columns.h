/* Fields of many records, each gathered into an array of its own, all in one pass over the records.
 *
 * Record after record, a column at a time: that would fetch every record once
 * for each column. So the pass goes by blocks of records that stay in the cache
 * until every column has taken its share, while the next block is on its way.
 *
 * Knows no Python.
 */
#ifndef CC_COLUMNS_H
#define CC_COLUMNS_H

#include "cc_field.h"
#include "cc_stream.h"

#define CC_BLOCK 64         /* records, all lines of which are wanted */
#define CC_SPARSE_BLOCK 2048 /* records, of which but a few are */

typedef struct cc_column {
    uint32_t pieces;         /* runs of bytes that one record contributes, or bitfields */
    uint32_t piece;          /* bytes of each, as they are put into the array */
    const uint32_t *offsets; /* of each piece in the record */
    const cc_row *bits;      /* how to take it out of the bytes there, if it is a bitfield */
    uint8_t *out;
    cc_stream stream;
} cc_column;

static inline size_t cc_column_width(const cc_column *column)
{
    return (size_t)column->pieces * column->piece;
}

/* Numbers of a size that the compiler knows, which costs no call for each. */
static inline __attribute__((always_inline)) void cc_take_pieces(const cc_column *column, const uint8_t *record, uint8_t *out, const size_t size)
{
    for (uint32_t k = 0; k < column->pieces; k++)
        memcpy(out + k * size, record + column->offsets[k], size);
}

/* One record's share. */
static inline void cc_column_take(const cc_column *column, const uint8_t *record, uint8_t *out)
{
    const cc_row *bits = column->bits;
    if (!bits)
        switch (column->piece) {
        case 1: cc_take_pieces(column, record, out, 1); return;
        case 2: cc_take_pieces(column, record, out, 2); return;
        case 4: cc_take_pieces(column, record, out, 4); return;
        default: cc_take_pieces(column, record, out, column->piece); return;
        }
    for (uint32_t k = 0; k < column->pieces; k++, out += column->piece) {
        const uint8_t *p = record + column->offsets[k];
        uint64_t v = bits->op == CC_SBITS ? (uint64_t)cc_load_signed_bits(bits, p) : cc_load_bits(bits, p);
        switch (column->piece) {
        case 1: *out = (uint8_t)v; break;
        case 2: cc_store16(out, (uint16_t)v); break;
        case 4: cc_store32(out, (uint32_t)v); break;
        default: cc_store64(out, v);
        }
    }
}

typedef uint32_t cc_four __attribute__((vector_size(16)));

static inline __attribute__((always_inline)) uint32_t cc_word(const uint8_t *p) { uint32_t word; memcpy(&word, p, 4); return word; }

/* A word of each of several records. Loads, each a cache miss of its own, are under way together. */
static inline void cc_pack_words(const uint8_t *p, ptrdiff_t stride, size_t count, uint8_t *out)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4, p += 4 * stride) {
        cc_four words = {cc_word(p), cc_word(p + stride), cc_word(p + 2 * stride), cc_word(p + 3 * stride)};
        memcpy(out + 4 * i, &words, 16);
    }
    for (; i < count; i++, p += stride)
        memcpy(out + 4 * i, p, 4);
}

/* A few units of a size that the compiler knows, as above. */
static inline __attribute__((always_inline)) void cc_pack_units(const uint8_t *p, ptrdiff_t stride, size_t count, size_t width, uint8_t *out, const size_t unit)
{
    for (; count--; p += stride, out += width)
        for (size_t i = 0; i < width; i += unit)
            memcpy(out + i, p + i, unit);
}

/* The same for bits that lie in one byte. */
static inline void cc_pack_bits(const cc_row *bits, const uint8_t *p, ptrdiff_t stride, size_t count, uint8_t *out)
{
    const uint8_t shift = bits->shift, mask = (uint8_t)bits->max;
    size_t i = 0;
    for (; i + 8 <= count; i += 8, p += 8 * stride)
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++)
            out[i + k] = (uint8_t)(p[k * stride] >> shift & mask);
    for (; i < count; i++, p += stride)
        out[i] = (uint8_t)(*p >> shift & mask);
}

/* The shares of several records, one behind the other. */
static inline void cc_column_pack(const cc_column *column, const uint8_t *record, ptrdiff_t stride, size_t count, uint8_t *out)
{
    size_t width = cc_column_width(column);
    if (column->pieces == 1 && column->bits && column->bits->op == CC_BIT) {
        cc_pack_bits(column->bits, record + column->offsets[0], stride, count, out);
    } else if (column->pieces > 1 || column->bits) {
        for (size_t i = 0; i < count; i++, record += stride)
            cc_column_take(column, record, out + width * i);
    } else if (width == 4) {
        cc_pack_words(record + column->offsets[0], stride, count, out);
    } else if (width <= 32 && width % 8 == 0) {
        cc_pack_units(record + column->offsets[0], stride, count, width, out, 8);
    } else if (width <= 32 && width % 4 == 0) {
        cc_pack_units(record + column->offsets[0], stride, count, width, out, 4);
    } else {
        cc_pack_units(record + column->offsets[0], stride, count, width, out, width);
    }
}

static inline void cc_column_stream(cc_column *column, const uint8_t *record, ptrdiff_t stride, size_t count, cc_ahead *ahead)
{
    enum { ROOM = CC_BLOCK * CC_LINE };
    uint8_t packed[CC_LINE + ROOM + CC_LINE]; /* behind the line that waits; and what is read further than that */
    cc_stream *stream = &column->stream;
    size_t width = cc_column_width(column);
    if (column->pieces == 1 && !column->bits && cc_stream_fits(stream, width)) {
        cc_stream_pieces(stream, record + column->offsets[0], stride, count, width, ahead);
        return;
    }
    if (width > CC_LINE && !column->bits) {
        for (size_t i = 0; i < count; i++, record += stride)
            for (uint32_t k = 0; k < column->pieces; k++)
                cc_stream_append(stream, record + column->offsets[k], column->piece);
        return;
    }
    cc_column part = {.piece = column->piece, .bits = column->bits};
    size_t step = width > CC_LINE ? 1 : CC_BLOCK;
    for (size_t start = 0; start < count; start += step, record += (ptrdiff_t)step * stride) {
        size_t here = count - start < step ? count - start : step;
        for (uint32_t k = 0; k < column->pieces; k += part.pieces) {
            part.pieces = column->pieces - k < ROOM / here / column->piece ? column->pieces - k
                                                                           : (uint32_t)(ROOM / here / column->piece);
            part.offsets = column->offsets + k;
            memcpy(packed, stream->line, CC_LINE);
            cc_column_pack(&part, record, stride, here, packed + stream->filled);
            cc_stream_behind(stream, packed, stream->filled + here * cc_column_width(&part), ahead);
        }
    }
}

/* Gathers all columns of `count` records, `stride` bytes apart, of which `record_size` bytes each may be read. `more`
 * records lie behind them that will be asked for next. */
static inline void cc_gather(cc_column *columns, size_t n, const uint8_t *records, ptrdiff_t stride, size_t record_size, size_t count, size_t more)
{
    size_t width = 0;
    if (!n)
        return;
    for (size_t c = 0; c < n; c++)
        width += cc_column_width(&columns[c]);
    int stream = cc_worth_streaming(width * count);
    for (size_t c = 0; stream && c < n; c++)
        cc_stream_open(&columns[c].stream, columns[c].out);
    /* Each column fetches a part of the next block, if most of it will be read. */
    size_t lines = width >= record_size / 2 ? record_size / CC_LINE + 1 : 0, share = (CC_BLOCK * lines + n - 1) / n;
    const size_t block_size = lines ? CC_BLOCK : CC_SPARSE_BLOCK;
    for (size_t start = 0; start < count; start += block_size) {
        size_t here = count - start < block_size ? count - start : block_size;
        size_t next = start + here, left = count - next + more, then = left < CC_BLOCK ? left : CC_BLOCK;
        const uint8_t *block = records + (ptrdiff_t)start * stride;
        cc_ahead ahead = {block, stride, 0, record_size, 0};
        if (lines && then) {
            ahead.record = records + (ptrdiff_t)next * stride;
            ahead.count = then;
        }
        for (size_t c = 0; c < n; c++) {
            cc_column *column = &columns[c];
            if (stream) {
                cc_column_stream(column, block, stride, here, &ahead);
                continue;
            }
            for (size_t i = 0; i < share; i++)
                cc_fetch(&ahead);
            cc_column_pack(column, block, stride, here, column->out + start * cc_column_width(column));
        }
        do
            cc_fetch(&ahead);
        while (ahead.count);
    }
    for (size_t c = 0; stream && c < n; c++)
        cc_stream_close(&columns[c].stream);
}

/* Turns the bytes of each of `count` elements round, `size` bytes each. */
static inline void cc_swap_elements(uint8_t *p, size_t count, size_t size)
{
    for (; count--; p += size)
        for (size_t i = 0; i < size / 2; i++) {
            uint8_t byte = p[i];
            p[i] = p[size - 1 - i];
            p[size - 1 - i] = byte;
        }
}

#endif

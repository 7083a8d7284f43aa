/* Writing much memory once, past the caches.
 *
 * An ordinary store first reads the line that it changes. Where more is written
 * than the caches hold, non-temporal stores of whole lines save that read: 1.6
 * to 2 times the speed. They must be of whole lines, in order: a line written in
 * parts costs five times as much as an ordinary store would. So what is
 * appended here is cut into lines, whatever the pieces it comes in.
 *
 * Knows no Python.
 */
#ifndef CC_STREAM_H
#define CC_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#define CC_CAN_STREAM 1
#else
#define CC_CAN_STREAM 0
#endif

#define CC_LINE 64

typedef struct cc_stream {
    uint8_t *dst;   /* where the next whole line goes */
    size_t filled;  /* bytes of `line` that wait for the rest of it */
    size_t skipped; /* bytes at the start of the first line that are not ours */
    uint8_t line[CC_LINE];
} cc_stream;

/* Is it worth it? On a machine with 1 MiB of L2 a core and 32 MiB of L3, ordinary stores win up to 3 MB and streaming
 * wins from 5 MB on, even if what was written is read again at once. Nothing tells reliably how much of a shared cache
 * one core has (virtual machines report the sum over all sockets), so this is a constant. */
static inline int cc_worth_streaming(size_t bytes)
{
    return CC_CAN_STREAM && bytes > (size_t)4 << 20;
}

static inline void cc_stream_open(cc_stream *stream, uint8_t *dst)
{
    stream->skipped = stream->filled = (uintptr_t)dst % CC_LINE;
    stream->dst = dst - stream->filled;
}

static inline __attribute__((always_inline)) void cc_stream_quarter(uint8_t *dst, const uint8_t *src)
{
#if CC_CAN_STREAM
    _mm_stream_si128((__m128i *)(void *)dst, _mm_loadu_si128((const __m128i *)(const void *)src));
#else
    memcpy(dst, src, CC_LINE / 4);
#endif
}

static inline __attribute__((always_inline)) void cc_stream_line(uint8_t *dst, const uint8_t *src)
{
    cc_stream_quarter(dst, src);
    cc_stream_quarter(dst + CC_LINE / 4, src + CC_LINE / 4);
    cc_stream_quarter(dst + CC_LINE / 2, src + CC_LINE / 2);
    cc_stream_quarter(dst + CC_LINE / 4 * 3, src + CC_LINE / 4 * 3);
}

/* Writes a line; all of it, but for the bytes before the stream's own first. */
static inline void cc_stream_put(cc_stream *stream, const uint8_t *line)
{
    if (stream->skipped) {
        memcpy(stream->dst + stream->skipped, line + stream->skipped, CC_LINE - stream->skipped);
        stream->skipped = 0;
    } else {
        cc_stream_line(stream->dst, line);
    }
    stream->dst += CC_LINE;
}

static inline void cc_stream_append(cc_stream *stream, const uint8_t *src, size_t size)
{
    if (stream->filled) {
        size_t rest = CC_LINE - stream->filled, n = size < rest ? size : rest;
        memcpy(stream->line + stream->filled, src, n);
        stream->filled += n;
        if (stream->filled < CC_LINE)
            return;
        cc_stream_put(stream, stream->line);
        stream->filled = 0;
        src += n;
        size -= n;
    }
    for (; size >= CC_LINE; src += CC_LINE, size -= CC_LINE)
        cc_stream_put(stream, src);
    memcpy(stream->line, src, size);
    stream->filled = size;
}

/* Records that will be read soon, of which a line is fetched for each one that is written: more at a time would be
 * waited for. */
typedef struct cc_ahead {
    const uint8_t *record;
    ptrdiff_t stride;
    size_t count, size, at; /* records; bytes that are wanted of each; of those, how many are on their way */
} cc_ahead;

static inline __attribute__((always_inline)) void cc_fetch(cc_ahead *ahead)
{
    if (!ahead->count)
        return;
    __builtin_prefetch(ahead->record + ahead->at);
    ahead->at += CC_LINE;
    if (ahead->at >= ahead->size) {
        ahead->at = 0;
        if (--ahead->count)
            ahead->record += ahead->stride;
    }
}

/* Appends what stands in `bytes` behind the line that waits, with which they begin: `size` in all. They are read up to
 * a line further. */
static inline void cc_stream_behind(cc_stream *stream, const uint8_t *bytes, size_t size, cc_ahead *ahead)
{
    cc_ahead next = *ahead; /* in registers, as `dst` */
    if (stream->skipped && size >= CC_LINE) {
        cc_stream_put(stream, bytes);
        bytes += CC_LINE;
        size -= CC_LINE;
    }
    uint8_t *dst = stream->dst;
    for (; size >= CC_LINE; dst += CC_LINE, bytes += CC_LINE, size -= CC_LINE) {
        cc_fetch(&next);
        cc_stream_line(dst, bytes);
    }
    *ahead = next;
    stream->dst = dst;
    memcpy(stream->line, bytes, CC_LINE);
    stream->filled = size;
}

/* May cc_stream_pieces append pieces of that size? */
static inline int cc_stream_fits(const cc_stream *stream, size_t size)
{
    return size >= CC_LINE && (size | stream->filled) % (CC_LINE / 4) == 0;
}

/* Appends a piece of each of several records, straight from there. */
static inline void cc_stream_pieces(cc_stream *stream, const uint8_t *p, ptrdiff_t stride, size_t count, size_t size, cc_ahead *ahead)
{
    cc_ahead next = *ahead;
    uint8_t *dst = stream->dst;
    for (size_t i = stream->skipped; i < stream->filled; i += CC_LINE / 4)
        cc_stream_quarter(dst + i, stream->line + i);
    dst += stream->filled;
    stream->skipped = 0;
    const size_t rest = stream->filled = (stream->filled + size * count) % CC_LINE; /* of the last one, which waits */
    for (size_t i; count--; p += stride) {
        const size_t whole = count ? size : size - rest;
        for (i = 0; i + CC_LINE <= whole; i += CC_LINE, dst += CC_LINE) {
            cc_fetch(&next);
            cc_stream_line(dst, p + i);
        }
        for (; i < whole; i += CC_LINE / 4, dst += CC_LINE / 4)
            cc_stream_quarter(dst, p + i);
    }
    memcpy(stream->line, p - stride + size - rest, rest);
    *ahead = next;
    stream->dst = dst;
}

/* Writes what is left, and makes all of it visible to other threads. */
static inline void cc_stream_close(cc_stream *stream)
{
    if (stream->filled > stream->skipped)
        memcpy(stream->dst + stream->skipped, stream->line + stream->skipped, stream->filled - stream->skipped);
#if CC_CAN_STREAM
    _mm_sfence();
#endif
}

#endif

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

/* Writes a line; all of it, but for the bytes before the stream's own first. */
static inline void cc_stream_put(cc_stream *stream, const uint8_t *line)
{
    if (stream->skipped) {
        memcpy(stream->dst + stream->skipped, line + stream->skipped, CC_LINE - stream->skipped);
        stream->skipped = 0;
    } else {
#if CC_CAN_STREAM
        for (int i = 0; i < CC_LINE; i += 16)
            _mm_stream_si128((__m128i *)(void *)(stream->dst + i), _mm_loadu_si128((const __m128i *)(const void *)(line + i)));
#else
        memcpy(stream->dst, line, CC_LINE);
#endif
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

/* The min-size copy, as the repaired virtio-gpu ioctl makes it: of one record, and of many.
 *
 * Linux 4.16 (9a191b114906, drivers/gpu/drm/virtio/virtgpu_ioctl.c) copies the
 * smaller of the two sizes and leaves the rest of the reader's struct alone, so
 * that what the host did not send keeps the reader's own default.
 *
 * Knows no Python.
 */
#ifndef CC_COPY_H
#define CC_COPY_H

#include <stdlib.h>

#include "cc_stream.h"

/* Copies min(dst_size, src_size) bytes to the front of dst and returns how many.
 * The two may overlap. With zero_tail the rest of dst is cleared, as
 * copy_struct_from_user does; otherwise it is not touched.
 *
 * The size is never a compile-time constant here, on purpose: gcc inlines a
 * constant copy of 1408 bytes as `rep movsq`, at a quarter of memmove's speed. */
static inline __attribute__((always_inline)) size_t cc_min_copy(uint8_t *dst, size_t dst_size, const uint8_t *src, size_t src_size, int zero_tail)
{
    size_t n = dst_size < src_size ? dst_size : src_size;
    memmove(dst, src, n);
    if (zero_tail)
        memset(dst + n, 0, dst_size - n);
    return n;
}

/* One side of a copy of many records: `size` bytes each, `stride` bytes apart, size <= stride. */
typedef struct cc_records {
    uint8_t *data;
    size_t stride, size;
} cc_records;

/* Do the bytes from a to a + a_size and those from b to b + b_size have any in common? */
static inline int cc_overlap(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    return (uintptr_t)a < (uintptr_t)b + b_size && (uintptr_t)b < (uintptr_t)a + a_size;
}

static inline size_t cc_extent(const cc_records *records, size_t count)
{
    return count ? (count - 1) * records->stride + records->size : 0;
}

/* Copies `count` records, each as cc_min_copy would, with a result as if all were
 * read before any is written. Returns 0, or -1 if memory for that ran out, with
 * nothing written.
 *
 * Records that move down, or closer together, are safe to copy in order; those
 * that move up, or apart, in reverse; only what does both goes through a buffer. */
static inline int cc_min_copy_many(cc_records dst, cc_records src, size_t count, int zero_tail)
{
    size_t n = dst.size < src.size ? dst.size : src.size;
    size_t written = zero_tail ? dst.size : n;
    uint8_t *buffer = NULL;
    if (!count || !written)
        return 0;
    if (cc_overlap(dst.data, cc_extent(&dst, count), src.data, cc_extent(&src, count))) {
        if (dst.data >= src.data && dst.stride >= src.stride) {
            for (size_t i = count; i-- > 0;)
                cc_min_copy(dst.data + i * dst.stride, dst.size, src.data + i * src.stride, src.size, zero_tail);
            return 0;
        }
        if (!(dst.data <= src.data && dst.stride <= src.stride)) {
            buffer = (uint8_t *)malloc(count * n + !n);
            if (!buffer)
                return -1;
            for (size_t i = 0; i < count; i++)
                memcpy(buffer + i * n, src.data + i * src.stride, n);
            src.data = buffer;
            src.stride = src.size = n;
        }
    } else if (written == dst.stride && cc_worth_streaming(count * written)) {
        /* Only where records leave no gap can every line be written whole. */
        static const uint8_t zeros[CC_LINE];
        cc_stream stream;
        cc_stream_open(&stream, dst.data);
        for (size_t i = 0; i < count; i++) {
            cc_stream_append(&stream, src.data + i * src.stride, n);
            for (size_t left = written - n; left;) {
                size_t part = left < CC_LINE ? left : CC_LINE;
                cc_stream_append(&stream, zeros, part);
                left -= part;
            }
        }
        cc_stream_close(&stream);
        return 0;
    }
    for (; count--; dst.data += dst.stride, src.data += src.stride)
        cc_min_copy(dst.data, dst.size, src.data, src.size, zero_tail);
    free(buffer);
    return 0;
}

#endif

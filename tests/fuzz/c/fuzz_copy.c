/* Copies of many records, in one buffer or two, against the same byte by byte.
 *
 * covers: src/cc_copy.h
 * plant: src/cc_copy.h | dst.data >= src.data && dst.stride >= src.stride | dst.data >= src.data
 */
#include "choices.h"

#define cc_worth_streaming cc_worth_streaming_there
#include "cc_stream.h"
#undef cc_worth_streaming
/* Little is worth it here, so that a fuzzer need not write megabytes. */
static inline int cc_worth_streaming(size_t bytes) { return bytes > 256; }
#include "cc_copy.h"

static void naive(uint8_t *dst, cc_records to, const uint8_t *src, cc_records from, size_t count, int zero_tail)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < to.size; k++)
            if (k < from.size)
                dst[i * to.stride + k] = src[i * from.stride + k];
            else if (zero_tail)
                dst[i * to.stride + k] = 0;
}

static cc_records shape(choices *c)
{
    cc_records found = {NULL, 1u + choose_byte(c) % 80, 0};
    found.size = choose_byte(c) & 1 ? found.stride : choose_byte(c) % (found.stride + 1);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    choices c = {data, size};
    int flags = choose_byte(&c), together = flags & 1, zero_tail = flags >> 1 & 1;
    cc_records dst = shape(&c), src = shape(&c);
    size_t count = choose_byte(&c) % 65, before_dst = choose_byte(&c), before_src = choose_byte(&c);
    size_t dst_end = before_dst + cc_extent(&dst, count), src_end = before_src + cc_extent(&src, count);
    size_t whole = together && src_end > dst_end ? src_end : dst_end;
    uint8_t *memory = exactly(whole), *other = together ? memory : exactly(src_end);
    uint8_t *expected = exactly(whole), *given = exactly(src_end);
    for (size_t i = 0; i < whole; i++)
        memory[i] = (uint8_t)(i * 7 + choose_byte(&c));
    for (size_t i = 0; !together && i < src_end; i++)
        other[i] = (uint8_t)(i * 13 + 5);
    memcpy(expected, memory, whole);
    memcpy(given, other, src_end);
    naive(expected + before_dst, dst, given + before_src, src, count, zero_tail);
    dst.data = memory + before_dst;
    src.data = other + before_src;
    EXPECT(cc_min_copy_many(dst, src, count, zero_tail) == 0);
    EXPECT(!memcmp(memory, expected, whole));
    EXPECT(together || !memcmp(other, given, src_end));
    if (!together)
        free(other);
    free(memory);
    free(expected);
    free(given);
    return 0;
}

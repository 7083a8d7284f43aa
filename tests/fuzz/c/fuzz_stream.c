/* A stream of pieces of any sizes to any address against plain copies; nothing before or behind is written.
 *
 * covers: src/cc_stream.h
 * plant: src/cc_stream.h | n = size < rest ? size : rest | n = size <= rest ? size : rest - 1
 */
#include "choices.h"

#include "cc_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    choices c = {data, size};
    enum { MEMORY = 4096 };
    uint8_t *memory = aligned_alloc(CC_LINE, MEMORY), *expected = exactly(MEMORY);
    size_t at = choose_byte(&c), pieces = choose_byte(&c) % 32;
    memset(memory, 0xdd, MEMORY);
    memset(expected, 0xdd, MEMORY);
    cc_stream stream;
    cc_stream_open(&stream, memory + at);
    for (size_t i = 0; i < pieces; i++) {
        size_t length = choose_byte(&c);
        if (at + length > MEMORY)
            break;
        uint8_t *piece = exactly(length);
        for (size_t k = 0; k < length; k++)
            piece[k] = (uint8_t)(i + k * 3);
        cc_stream_append(&stream, piece, length);
        memcpy(expected + at, piece, length);
        at += length;
        free(piece);
    }
    cc_stream_close(&stream);
    EXPECT(!memcmp(memory, expected, MEMORY));
    EXPECT(cc_worth_streaming((size_t)64 << 20) == CC_CAN_STREAM && !cc_worth_streaming(4096));
    free(memory);
    free(expected);
    return 0;
}

/* Decisions from a fuzzer's bytes; behind their end every byte is 0. */
#ifndef CHOICES_H
#define CHOICES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct choices {
    const uint8_t *data;
    size_t left;
} choices;

static inline uint8_t choose_byte(choices *c)
{
    if (!c->left)
        return 0;
    c->left--;
    return *c->data++;
}

static inline uint64_t choose(choices *c, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)choose_byte(c) << (8 * i);
    return v;
}

static inline void choose_into(choices *c, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = choose_byte(c);
}

/* Memory of just that size, so that the sanitizer sees a byte too many. */
static inline uint8_t *exactly(size_t size)
{
    uint8_t *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

#define EXPECT(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

#endif

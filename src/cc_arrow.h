/* Fields of many records by Arrow's C data interface, to be read by any other library:
 * https://arrow.apache.org/docs/format/CDataInterface.html and .../CStreamInterface.html
 *
 * What is exported is a tree of nodes: first the root, then level by level. An array and all below it is one allocation,
 * which lives until the last of its parts is released: a consumer may move some away and release the others.
 *
 * Knows no Python. Nothing here needs a lock; callbacks may come from any thread.
 */
#ifndef CC_ARROW_H
#define CC_ARROW_H

#include <errno.h>
#include <stdlib.h>

#include "cc_columns.h"

#ifndef cc_arrow_malloc
#define cc_arrow_malloc malloc
#define cc_arrow_free free
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_NULLABLE 2

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

#define CC_ARROW_BLOCK 512 /* records that all leaves take their share of before the next; a multiple of 8 */
#define CC_ARROW_LINE 64   /* what buffers are aligned to */

enum cc_arrow_kind {
    CC_ARROW_NESTED, /* a struct or a list: has no elements of its own */
    CC_ARROW_FIXED,
    CC_ARROW_BITS,   /* single bits: booleans */
    CC_ARROW_TEXT    /* char arrays, a character for each byte up to the NULs at the end */
};

typedef struct cc_arrow_node {
    uint32_t format, name;    /* where they start in the text */
    uint32_t first, children; /* nodes */
    uint32_t kind;            /* enum cc_arrow_kind */
    uint32_t times;           /* elements for each record */
    uint32_t size;            /* bytes of a text, or of a number, which a big-endian machine turns round; else 0 */
    uint32_t end;             /* bytes that a record must have */
    uint32_t nullable;        /* is it null in a record that has less? */
} cc_arrow_node;

/* What is exported, and the records it is in. */
typedef struct cc_arrow_source {
    const cc_arrow_node *nodes;
    const cc_column *leaves; /* of the nodes that have elements, in their order */
    const char *text;
    size_t n_nodes, n_leaves, text_size;
    const uint8_t *records;
    ptrdiff_t stride;
    size_t record_size;      /* bytes of each, if `sizes` does not say otherwise */
    const ptrdiff_t *sizes;
    const uint8_t *valid;    /* for each record a byte: has it the root at all? NULL if all have */
    size_t count, at, chunk; /* of a stream: where the next array starts, and how many records it takes */
    int shared;              /* may arrays point into the records? Then they keep `holder` */
    void *holder;            /* what keeps all of the above */
    void (*keep)(void *holder);
    void (*let_go)(void *holder);
} cc_arrow_source;

typedef struct cc_arrow_memory {
    uint32_t parts; /* that are not released */
    void *holder;   /* or NULL */
    void (*let_go)(void *holder);
} cc_arrow_memory;

static inline void cc_arrow_part_ends(cc_arrow_memory *memory)
{
    if (__atomic_sub_fetch(&memory->parts, 1, __ATOMIC_ACQ_REL))
        return;
    if (memory->holder)
        memory->let_go(memory->holder);
    cc_arrow_free(memory);
}

static inline void cc_arrow_release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    schema->release = NULL;
    cc_arrow_part_ends((cc_arrow_memory *)schema->private_data);
}

static inline void cc_arrow_release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    array->release = NULL;
    cc_arrow_part_ends((cc_arrow_memory *)array->private_data);
}

/* The types of what is exported. Returns 0, or ENOMEM and has written nothing. */
static inline int cc_arrow_schema(const cc_arrow_source *source, struct ArrowSchema *out)
{
    size_t n = source->n_nodes;
    cc_arrow_memory *memory = (cc_arrow_memory *)cc_arrow_malloc(
        sizeof *memory + n * (sizeof *out + sizeof out) + source->text_size);
    if (!memory)
        return ENOMEM;
    struct ArrowSchema *parts = (struct ArrowSchema *)(memory + 1), **links = (struct ArrowSchema **)(parts + n);
    char *text = (char *)(links + n);
    memcpy(text, source->text, source->text_size);
    *memory = (cc_arrow_memory){.parts = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        const cc_arrow_node *node = &source->nodes[i];
        links[i] = &parts[i];
        parts[i] = (struct ArrowSchema){
            .format = text + node->format, .name = text + node->name, .flags = ARROW_FLAG_NULLABLE,
            .n_children = node->children, .children = links + node->first, .release = cc_arrow_release_schema,
            .private_data = memory};
    }
    *out = parts[0];
    return 0;
}

/* A leaf while its elements are gathered. */
typedef struct cc_arrow_leaf {
    cc_column column; /* `out` goes on from block to block; of texts it is where their ends go */
    const cc_arrow_node *node;
    uint8_t *text;    /* all texts, one behind the other */
    size_t filled;    /* bytes of it */
    int whole;        /* does every record have its bytes? */
} cc_arrow_leaf;

static inline size_t cc_arrow_aligned(size_t size)
{
    return (size + CC_ARROW_LINE - 1) / CC_ARROW_LINE * CC_ARROW_LINE;
}

static inline size_t cc_arrow_bitmap(size_t bits)
{
    return cc_arrow_aligned(bits / 8 + 1);
}

/* Bytes of the buffers of a node, but for its bitmap of what is not null. A text may double: of its bytes, those from 128
 * on become two of UTF-8. */
static inline size_t cc_arrow_data_size(const cc_arrow_node *node, const cc_column *leaf, size_t count)
{
    size_t elements = count * node->times;
    switch (node->kind) {
    case CC_ARROW_FIXED: return cc_arrow_aligned(count * cc_column_width(leaf));
    case CC_ARROW_BITS: return cc_arrow_bitmap(elements);
    case CC_ARROW_TEXT: return cc_arrow_aligned(8 * (elements + 1)) + cc_arrow_aligned(2 * elements * node->size);
    default: return 0;
    }
}

static inline size_t cc_arrow_size_of(const cc_arrow_source *source, size_t i)
{
    return source->sizes ? (size_t)source->sizes[i] : source->record_size;
}

/* Are there records in which a node is null? `least` is the size of the smallest. */
static inline int cc_arrow_lacks(const cc_arrow_source *source, const cc_arrow_node *node, size_t least)
{
    return source->valid ? node == source->nodes : node->nullable && node->end > least;
}

/* Marks where a node is not null; returns in how many records it is. */
static inline int64_t cc_arrow_mark(const cc_arrow_source *source, size_t end, size_t count, uint8_t *bits)
{
    int64_t nulls = 0;
    memset(bits, 0, count / 8 + 1);
    for (size_t i = 0; i < count; i++) {
        size_t at = source->at + i;
        int there = source->valid ? source->valid[at] != 0 : cc_arrow_size_of(source, at) >= end;
        bits[i / 8] |= (uint8_t)(there << i % 8);
        nulls += !there;
    }
    return nulls;
}

/* The wanted bit of each of eight bytes, as one byte. */
static inline uint8_t cc_arrow_pick(const cc_column *column, uint64_t eight)
{
    eight >>= column->bits ? column->bits->shift : 0;
    return (uint8_t)((eight & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56);
}

static inline void cc_arrow_take_text(cc_arrow_leaf *leaf, const uint8_t *p, size_t size, uint8_t *ends)
{
    uint8_t *out = leaf->text + leaf->filled;
    int64_t end;
    while (size && !p[size - 1])
        size--;
    for (size_t i = 0; i < size; i++) { /* without a branch, which could not be foretold */
        uint8_t high = p[i] >> 7;
        out[0] = high ? 0xc0 | p[i] >> 6 : p[i];
        out[1] = 0x80 | (p[i] & 0x3f); /* there is room for two bytes each */
        out += 1 + high;
    }
    leaf->filled = end = out - leaf->text;
    memcpy(ends, &end, 8);
}

/* One block's share of a leaf that cc_gather does not know, or of which not every record has its bytes. */
static inline void cc_arrow_take(cc_arrow_leaf *leaf, const cc_arrow_source *source, size_t start, size_t count)
{
    const cc_arrow_node *node = leaf->node;
    const cc_column *column = &leaf->column;
    const uint8_t *record = source->records + (ptrdiff_t)start * source->stride;
    uint8_t *out = column->out;
    uint64_t eight = 0; /* bytes, one bit of each of which is wanted */
    unsigned filled = 0;
    size_t i = 0;
    if (node->kind == CC_ARROW_BITS && leaf->whole && column->pieces == 1) {
        const uint8_t *p = record + column->offsets[0];
        for (; i + 8 <= count; i += 8, eight = 0) {
            for (int k = 0; k < 64; k += 8, p += source->stride)
                eight |= (uint64_t)*p << k;
            *out++ = cc_arrow_pick(column, eight);
        }
        record += (ptrdiff_t)i * source->stride;
    }
    for (; i < count; i++, record += source->stride) {
        int there = leaf->whole || cc_arrow_size_of(source, start + i) >= node->end;
        if (node->kind == CC_ARROW_BITS) {
            for (uint32_t k = 0; k < column->pieces; k++) {
                eight |= (uint64_t)(there ? record[column->offsets[k]] : 0) << filled;
                filled += 8;
                if (filled == 64) {
                    *out++ = cc_arrow_pick(column, eight);
                    eight = filled = 0;
                }
            }
        } else if (node->kind == CC_ARROW_TEXT) {
            for (uint32_t k = 0; k < column->pieces; k++)
                for (size_t at = 0; at < column->piece; at += node->size, out += 8)
                    cc_arrow_take_text(leaf, record + column->offsets[k] + at, there ? node->size : 0, out);
        } else {
            if (there)
                cc_column_take(column, record, out);
            else
                memset(out, 0, cc_column_width(column));
            out += cc_column_width(column);
        }
    }
    if (filled)
        *out = cc_arrow_pick(column, eight);
    leaf->column.out = out;
}

/* The next `count` records as an array. Returns 0, or ENOMEM and has written nothing. */
static inline int cc_arrow_array(const cc_arrow_source *source, size_t count, struct ArrowArray *out)
{
    const size_t n = source->n_nodes;
    size_t least = source->record_size, leaf_count = 0, whole = 0, odd = 0;
    for (size_t i = 0; source->sizes && i < count; i++)
        if (!i || cc_arrow_size_of(source, source->at + i) < least)
            least = cc_arrow_size_of(source, source->at + i);
    const size_t fixed = sizeof(cc_arrow_memory) + n * (sizeof *out + sizeof out + 3 * sizeof(void *));
    size_t size = fixed + CC_ARROW_LINE, each = 0;
    for (size_t i = 0; i < n; i++) {
        const cc_arrow_node *node = &source->nodes[i];
        const cc_column *leaf = &source->leaves[leaf_count];
        leaf_count += node->kind != CC_ARROW_NESTED;
        each += cc_arrow_data_size(node, leaf, 1) + 1;
        size += cc_arrow_data_size(node, leaf, count);
        size += cc_arrow_lacks(source, node, least) ? cc_arrow_bitmap(count) : 0;
    }
    if (count > SIZE_MAX / 4 / each)
        return ENOMEM;
    cc_arrow_memory *memory = (cc_arrow_memory *)cc_arrow_malloc(size);
    cc_arrow_leaf *leaves = (cc_arrow_leaf *)cc_arrow_malloc((leaf_count + 1) * (sizeof *leaves + sizeof(cc_column)));
    if (!memory || !leaves) {
        cc_arrow_free(memory);
        cc_arrow_free(leaves);
        return ENOMEM;
    }
    cc_column *columns = (cc_column *)(leaves + leaf_count); /* those that cc_gather takes */
    struct ArrowArray *parts = (struct ArrowArray *)(memory + 1), **links = (struct ArrowArray **)(parts + n);
    const void **buffers = (const void **)(links + n);
    uint8_t *next = (uint8_t *)cc_arrow_aligned((uintptr_t)memory + fixed);
    const uint8_t *records = source->records + (ptrdiff_t)source->at * source->stride;
    *memory = (cc_arrow_memory){.parts = (uint32_t)n, .let_go = source->let_go};
    leaf_count = 0;
    for (size_t i = 0; i < n; i++, buffers += 3) {
        const cc_arrow_node *node = &source->nodes[i];
        const cc_column *column = &source->leaves[leaf_count];
        links[i] = &parts[i];
        parts[i] = (struct ArrowArray){
            .length = (int64_t)(count * node->times), .n_buffers = 1, .n_children = node->children,
            .buffers = buffers, .children = links + node->first, .release = cc_arrow_release_array,
            .private_data = memory};
        buffers[0] = NULL;
        if (cc_arrow_lacks(source, node, least)) {
            buffers[0] = next;
            parts[i].null_count = cc_arrow_mark(source, node->end, count, next);
            next += cc_arrow_bitmap(count);
        }
        if (node->kind == CC_ARROW_NESTED)
            continue;
        leaf_count++;
        buffers[1] = next;
        parts[i].n_buffers = node->kind == CC_ARROW_TEXT ? 3 : 2;
        if (node->kind != CC_ARROW_FIXED || node->end > least) {
            leaves[odd] = (cc_arrow_leaf){.column = *column, .node = node, .whole = node->end <= least};
            leaves[odd].column.out = next;
            if (node->kind == CC_ARROW_TEXT) {
                memset(next, 0, 8);
                leaves[odd].column.out += 8;
                buffers[2] = leaves[odd].text = next + cc_arrow_aligned(8 * (count * node->times + 1));
            }
            odd++;
        } else if (source->shared && column->pieces == 1 && !column->bits && !(CC_BIG_ENDIAN && node->size) &&
                   source->stride == (ptrdiff_t)column->piece &&
                   (uintptr_t)(records + column->offsets[0]) % 8 == 0) {
            buffers[1] = records + column->offsets[0];
            memory->holder = source->holder;
            continue;
        } else {
            columns[whole] = *column;
            columns[whole++].out = next;
        }
        next += cc_arrow_data_size(node, column, count);
    }
    for (size_t start = 0; start < count; start += CC_ARROW_BLOCK) {
        size_t here = count - start < CC_ARROW_BLOCK ? count - start : CC_ARROW_BLOCK;
        cc_gather(columns, whole, records + (ptrdiff_t)start * source->stride, source->stride, source->record_size, here);
        for (size_t c = 0; c < whole; c++)
            columns[c].out += here * cc_column_width(&columns[c]);
        for (size_t c = 0; c < odd; c++)
            cc_arrow_take(&leaves[c], source, source->at + start, here);
    }
    for (size_t i = 0; CC_BIG_ENDIAN && i < n; i++) {
        const cc_arrow_node *node = &source->nodes[i];
        if (node->kind == CC_ARROW_FIXED && node->size)
            cc_swap_elements((uint8_t *)(uintptr_t)parts[i].buffers[1], count * node->times, node->size);
    }
    cc_arrow_free(leaves);
    if (memory->holder)
        source->keep(memory->holder);
    *out = parts[0];
    return 0;
}

static inline int cc_arrow_get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    return cc_arrow_schema((const cc_arrow_source *)stream->private_data, out);
}

static inline int cc_arrow_get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    cc_arrow_source *source = (cc_arrow_source *)stream->private_data;
    size_t left = source->count - source->at, count = left < source->chunk ? left : source->chunk;
    if (!count) {
        out->release = NULL; /* says that this was all */
        return 0;
    }
    int wrong = cc_arrow_array(source, count, out);
    source->at += wrong ? 0 : count;
    return wrong;
}

static inline const char *cc_arrow_get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "not enough memory";
}

static inline void cc_arrow_release_stream(struct ArrowArrayStream *stream)
{
    const cc_arrow_source *source = (const cc_arrow_source *)stream->private_data;
    stream->release = NULL;
    source->let_go(source->holder);
}

/* All records, in arrays of `chunk`. The stream keeps the holder. Returns 0. */
static inline int cc_arrow_stream(cc_arrow_source *source, struct ArrowArrayStream *out)
{
    source->keep(source->holder);
    *out = (struct ArrowArrayStream){
        cc_arrow_get_schema, cc_arrow_get_next, cc_arrow_get_last_error, cc_arrow_release_stream, source};
    return 0;
}

#endif

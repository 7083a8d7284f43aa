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
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "cc_columns.h"
#include "cc_places.h"

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

#define CC_ARROW_BLOCK 128 /* records that all leaves take their share of before the next; a multiple of 16 */
#define CC_ARROW_LINE 64   /* what buffers are aligned to */
#define CC_ARROW_BEYOND 16 /* bytes that may be written behind a text */
#define CC_ARROW_PIECES 64 /* most words of a record that are taken at a time */
#define CC_ARROW_LARGE (1 << 22) /* bytes from which on memory shall come in large pages */

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
    const uint8_t *const *places; /* of records at unequal distances, whose `sizes` are known; else NULL */
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
    int cut;          /* are its elements cut out of words, as below? */
    uint32_t word, step, shift, mask;
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
    case CC_ARROW_TEXT: return cc_arrow_aligned(8 * (elements + 1)) + cc_arrow_aligned(2 * elements * node->size + CC_ARROW_BEYOND);
    default: return 0;
    }
}

/* Memory of an array. A large one comes in large pages, since the first touch of small ones takes as long as all else.
 * NumPy asks for them likewise. */
static inline void *cc_arrow_new(size_t size)
{
    void *memory = cc_arrow_malloc(size);
#ifdef MADV_HUGEPAGE
    if (memory && size >= CC_ARROW_LARGE) {
        uintptr_t start = ((uintptr_t)memory + 4095) / 4096 * 4096;
        madvise((void *)start, size - (start - (uintptr_t)memory), MADV_HUGEPAGE);
    }
#endif
    return memory;
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
static inline uint8_t cc_arrow_pick(uint64_t eight, unsigned shift)
{
    return (uint8_t)((eight >> shift & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56);
}

/* Can all elements be cut out of words that lie at equal distances in the record, each of which is there to be read?
 * Elements that lie in the same words are then cut out of one copy of these, side by side in wide registers. */
static inline int cc_arrow_cuts(cc_arrow_leaf *leaf, const cc_arrow_source *source, size_t least)
{
    const cc_column *column = &leaf->column;
    const cc_row *bits = column->bits;
    const size_t distance = (size_t)(source->stride < 0 ? -source->stride : source->stride);
    const uint32_t pieces = column->pieces, first = column->offsets[0], size = bits ? bits->size : column->piece;
    leaf->word = first / 4 * 4;
    leaf->step = pieces > 1 ? column->offsets[1] - first : 0;
    leaf->shift = first % 4 * 8 + (bits ? bits->shift : 0);
    leaf->mask = leaf->node->kind == CC_ARROW_BITS ? 1 : bits ? (uint32_t)bits->max : UINT32_MAX;
    if (CC_BIG_ENDIAN || !leaf->whole || leaf->node->kind == CC_ARROW_TEXT || (bits && bits->op == CC_SBITS) ||
        first % 4 + size > 4 || column->piece == 3 || pieces > CC_ARROW_PIECES)
        return 0;
    if (distance < source->record_size) /* a column that is an array of its own has no bytes before its elements */
        return 0;
    for (uint32_t k = 0; k < pieces; k++)
        if (column->offsets[k] != first + k * leaf->step || leaf->word + k * leaf->step + 4 > least)
            return 0;
    return 1;
}

/* Bits of sixteen words, as numbers of a type; compilers make wide instructions of such loops. */
#define CC_ARROW_CUT(type) \
    for (; count; count -= 16, words += 16, out += 16 * sizeof(type)) { \
        type cut[16]; \
        for (int k = 0; k < 16; k++) \
            cut[k] = (type)(words[k] >> shift & mask); \
        memcpy(out, cut, sizeof cut); \
    } \
    break

/* Bits of each of several words, up to a multiple of 16: there is room for as many. */
static inline void cc_arrow_cut(const cc_arrow_leaf *leaf, const uint32_t *words, size_t count)
{
    const uint32_t shift = leaf->shift, mask = leaf->mask;
    uint8_t *out = leaf->column.out;
    count = (count + 15) / 16 * 16;
    switch (leaf->node->kind == CC_ARROW_BITS ? 0 : leaf->column.piece) {
    case 1: CC_ARROW_CUT(uint8_t);
    case 2: CC_ARROW_CUT(uint16_t);
    case 4: CC_ARROW_CUT(uint32_t);
    default:
        for (; count; count -= 16, words += 16, out += 2) {
            uint8_t cut[16];
            uint64_t eight[2];
            for (int k = 0; k < 16; k++)
                cut[k] = (uint8_t)(words[k] >> shift & mask);
            memcpy(eight, cut, 16);
            out[0] = cc_arrow_pick(eight[0], 0);
            out[1] = cc_arrow_pick(eight[1], 0);
        }
    }
}

/* One block's share of such a leaf. `words` still holds those of the one before, if there is one. */
static inline void cc_arrow_take_cut(cc_arrow_leaf *leaf, const cc_arrow_leaf *before, const uint8_t *record, ptrdiff_t stride, size_t count, uint32_t *words)
{
    const uint32_t pieces = leaf->column.pieces;
    const size_t n = count * pieces;
    if (!before || before->word != leaf->word || before->column.pieces != pieces || before->step != leaf->step) {
        if (pieces == 1)
            cc_pack_words(record + leaf->word, stride, count, (uint8_t *)words);
        else
            for (size_t i = 0; i < count; i++, record += stride)
                cc_pack_words(record + leaf->word, leaf->step, pieces, (uint8_t *)(words + i * pieces));
        memset(words + n, 0, (0 - n) % 16 * 4);
    }
    cc_arrow_cut(leaf, words, n);
    leaf->column.out += leaf->node->kind == CC_ARROW_BITS ? n / 8 : n * leaf->column.piece;
}

/* Writes text as UTF-8, of up to two bytes for each character; returns how many. */
static inline size_t cc_arrow_utf8(const uint8_t *p, size_t size, uint8_t *start)
{
    uint8_t *out = start;
    while (size) {
        uint8_t some[8] = {0};
        uint16_t two[8];
        uint64_t eight;
        const size_t n = size < 8 ? size : 8;
        memcpy(some, p, n);
        memcpy(&eight, some, 8);
        p += n;
        size -= n;
        if (!(eight & UINT64_C(0x8080808080808080))) {
            memcpy(out, some, 8);
            out += n;
            continue;
        }
        for (int k = 0; k < 8; k++) { /* without a branch, which could not be foretold */
            uint16_t byte = some[k], wide = (uint16_t)(0x80c0 | byte >> 6 | (byte & 0x3f) << 8);
            two[k] = (uint16_t)(byte ^ ((byte ^ wide) & (0 - (byte >> 7))));
        }
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) {
            cc_store16(out, two[k]);
            out += 1 + (some[k] >> 7);
        }
        out -= 8 - n; /* what is no character was written as NUL */
    }
    return (size_t)(out - start);
}

static inline void cc_arrow_take_text(cc_arrow_leaf *leaf, const uint8_t *p, size_t size, uint8_t *ends)
{
    while (size && !p[size - 1])
        size--;
    leaf->filled += cc_arrow_utf8(p, size, leaf->text + leaf->filled);
    int64_t end = (int64_t)leaf->filled;
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
    const unsigned shift = column->bits ? column->bits->shift : 0;
    for (size_t i = 0; i < count; i++, record += source->stride) {
        int there = leaf->whole || cc_arrow_size_of(source, start + i) >= node->end;
        if (node->kind == CC_ARROW_BITS) {
            for (uint32_t k = 0; k < column->pieces; k++) {
                eight |= (uint64_t)(there ? record[column->offsets[k]] : 0) << filled;
                filled += 8;
                if (filled == 64) {
                    *out++ = cc_arrow_pick(eight, shift);
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
        *out = cc_arrow_pick(eight, shift);
    leaf->column.out = out;
}

static inline int cc_arrow_array(const cc_arrow_source *source, size_t count, struct ArrowArray *out);

/* The same of records at unequal distances. */
static __attribute__((noinline)) int cc_arrow_array_apart(const cc_arrow_source *source, size_t count, struct ArrowArray *out)
{
    cc_arrow_source lined = *source;
    uint8_t *records = count < SIZE_MAX / 2 / source->record_size ? (uint8_t *)cc_arrow_malloc(count * source->record_size + 1) : NULL;
    if (!records)
        return ENOMEM;
    lined.places = NULL;
    lined.sizes += source->at;
    lined.at = 0;
    lined.records = records;
    lined.stride = (ptrdiff_t)source->record_size;
    cc_places_line_up(source->places + source->at, lined.sizes, count, records, source->record_size);
    int wrong = cc_arrow_array(&lined, count, out);
    cc_arrow_free(records);
    return wrong;
}

/* The next `count` records as an array. Returns 0, or ENOMEM and has written nothing. */
static inline int cc_arrow_array(const cc_arrow_source *source, size_t count, struct ArrowArray *out)
{
    if (source->places)
        return cc_arrow_array_apart(source, count, out);
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
    cc_arrow_memory *memory = (cc_arrow_memory *)cc_arrow_new(size);
    enum { WORDS = CC_ARROW_BLOCK * CC_ARROW_PIECES * 4 }; /* bytes */
    cc_arrow_leaf *leaves =
        (cc_arrow_leaf *)cc_arrow_malloc((leaf_count + 1) * (sizeof *leaves + sizeof(cc_column)) + WORDS);
    if (!memory || !leaves) {
        cc_arrow_free(memory);
        cc_arrow_free(leaves);
        return ENOMEM;
    }
    cc_column *columns = (cc_column *)(leaves + leaf_count); /* those that cc_gather takes */
    uint32_t *words = (uint32_t *)(columns + leaf_count);
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
        leaves[odd] = (cc_arrow_leaf){.column = *column, .node = node, .whole = node->end <= least};
        leaves[odd].column.out = next;
        leaves[odd].cut = cc_arrow_cuts(&leaves[odd], source, least);
        if (node->kind != CC_ARROW_FIXED || node->end > least ||
            (leaves[odd].cut && (column->pieces > 1 || column->bits))) {
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
        const uint8_t *block = records + (ptrdiff_t)start * source->stride;
        cc_gather(columns, whole, block, source->stride, source->record_size, here, count - start - here);
        for (size_t c = 0; c < whole; c++)
            columns[c].out += here * cc_column_width(&columns[c]);
        const cc_arrow_leaf *before = NULL;
        for (size_t c = 0; c < odd; c++)
            if (leaves[c].cut) {
                cc_arrow_take_cut(&leaves[c], before, block, source->stride, here, words);
                before = &leaves[c];
            } else {
                cc_arrow_take(&leaves[c], source, source->at + start, here);
            }
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

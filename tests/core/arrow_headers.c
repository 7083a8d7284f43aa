/* src/cc_arrow.h without Python: trees that are moved apart and released in any order, and memory that runs out.
 * What other libraries read in the arrays is compared in test_arrow.py. */
#include "some_malloc.h"

#include "cc_arrow.h"
#include "check.h"

enum { COUNT = 1100, SIZE = 12 }; /* more than two blocks */

static int kept;
static void keep(void *holder) { *(int *)holder += 1; }
static void let_go(void *holder) { *(int *)holder -= 1; }

/* A record: u32, a bit of it, three bits of bytes 4 to 6, two texts of 2 in bytes 7 to 10, an u8. */
static const uint32_t at0[] = {0}, at456[] = {4, 5, 6}, at7[] = {7}, at11[] = {11};
static const cc_row third_bit = {.op = CC_BIT, .size = 1, .shift = 2, .width = 1, .max = 1};
static const cc_column leaves[] = {
    {.pieces = 1, .piece = 4, .offsets = at0}, {.pieces = 1, .piece = 1, .offsets = at0, .bits = &third_bit},
    {.pieces = 1, .piece = 1, .offsets = at11}, {.pieces = 3, .piece = 1, .offsets = at456},
    {.pieces = 1, .piece = 4, .offsets = at7},
};
static const char text[] = "+s\0I\0b\0C\0+w:3\0+w:2\0U\0item";
enum { STRUCT = 0, U32 = 3, BOOL = 5, U8 = 7, THREE = 9, TWO = 14, TEXT = 19, ITEM = 21 };
static const cc_arrow_node nodes[] = {
    {STRUCT, ITEM, 1, 5, CC_ARROW_NESTED, 1, 0, 4, 0}, {U32, ITEM, 6, 0, CC_ARROW_FIXED, 1, 4, 4, 1},
    {BOOL, ITEM, 6, 0, CC_ARROW_BITS, 1, 0, 1, 1}, {U8, ITEM, 6, 0, CC_ARROW_FIXED, 1, 1, 12, 1},
    {THREE, ITEM, 6, 1, CC_ARROW_NESTED, 1, 0, 7, 1}, {TWO, ITEM, 7, 1, CC_ARROW_NESTED, 1, 0, 11, 1},
    {BOOL, ITEM, 8, 0, CC_ARROW_BITS, 3, 0, 7, 0}, {TEXT, ITEM, 8, 0, CC_ARROW_TEXT, 2, 2, 11, 0},
};
static uint8_t records[COUNT * SIZE];
static ptrdiff_t sizes[COUNT];

static cc_arrow_source source_of(void)
{
    return (cc_arrow_source){
        .nodes = nodes, .leaves = leaves, .text = text, .n_nodes = 8, .text_size = sizeof text, .records = records,
        .stride = SIZE, .record_size = SIZE, .count = COUNT, .chunk = 500, .holder = &kept, .keep = keep, .let_go = let_go};
}

static int bit(const void *bits, size_t i) { return ((const uint8_t *)bits)[i / 8] >> i % 8 & 1; }

/* Are all elements of the records from `start` on as they have to be? */
static void check(const cc_arrow_source *source, const struct ArrowArray *root, size_t start)
{
    struct ArrowArray **parts = root->children;
    const char *texts = parts[4]->children[0]->buffers[2];
    int64_t nulls[5] = {0}, ends[2] = {0, 0};
    CHECK(root->n_children == 5 && root->null_count == 0 && !root->buffers[0]);
    for (size_t i = 0; i < (size_t)root->length; i++) {
        const uint8_t *p = records + (start + i) * SIZE;
        ptrdiff_t size = source->sizes ? sizes[start + i] : (ptrdiff_t)source->record_size;
        for (int k = 0; k < 5; k++) {
            int there = size >= (ptrdiff_t)nodes[1 + k].end;
            nulls[k] += !there;
            CHECK(parts[k]->buffers[0] ? bit(parts[k]->buffers[0], i) == there : there);
        }
        uint32_t word;
        memcpy(&word, (const char *)parts[0]->buffers[1] + 4 * i, 4);
        CHECK(word == (size >= 4 ? cc_load32(p) : 0));
        CHECK(bit(parts[1]->buffers[1], i) == (size >= 1 ? p[0] >> 2 & 1 : 0));
        CHECK(((const uint8_t *)parts[2]->buffers[1])[i] == (size >= 12 ? p[11] : 0));
        for (size_t k = 0; k < 3; k++)
            CHECK(bit(parts[3]->children[0]->buffers[1], 3 * i + k) == (size >= 7 ? p[4 + k] & 1 : 0));
        for (size_t k = 0; k < 2; k++) {
            char expected[5] = "";
            size_t length = 0;
            for (int b = 0; size >= 11 && b < (p[8 + 2 * k] ? 2 : p[7 + 2 * k] ? 1 : 0); b++) {
                uint8_t byte = p[7 + 2 * k + (size_t)b];
                if (byte >= 0x80)
                    expected[length++] = (char)(0xc0 | byte >> 6);
                expected[length++] = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
            }
            memcpy(ends, (const char *)parts[4]->children[0]->buffers[1] + 8 * (2 * i + k), 16);
            CHECK(ends[1] - ends[0] == (int64_t)length && !memcmp(texts + ends[0], expected, length));
        }
    }
    for (int k = 0; k < 5; k++)
        CHECK(parts[k]->null_count == nulls[k]);
}

static void schemas(void)
{
    cc_arrow_source source = source_of();
    struct ArrowSchema schema, moved;
    fail_at = 0;
    CHECK(cc_arrow_schema(&source, &schema) == ENOMEM && !live);
    fail_at = -1;
    CHECK(!cc_arrow_schema(&source, &schema));
    CHECK(!strcmp(schema.children[4]->children[0]->format, "U") && !strcmp(schema.name, "item"));
    moved = *schema.children[4];
    schema.children[4]->release = NULL;
    schema.release(&schema);
    CHECK(!schema.release && live == 1 && !strcmp(moved.children[0]->name, "item"));
    moved.release(&moved);
    CHECK(!live);
}

static void arrays(void)
{
    cc_arrow_source source = source_of();
    for (int sized = 0; sized < 3; sized++) {
        struct ArrowArray array, moved;
        source.sizes = sized == 1 ? sizes : NULL;
        source.record_size = sized == 2 ? 5 : SIZE;
        for (int at = 0; at < 2; at++) {
            fail_at = at;
            CHECK(cc_arrow_array(&source, COUNT, &array) == ENOMEM && !live);
        }
        fail_at = -1;
        CHECK(!cc_arrow_array(&source, COUNT, &array));
        check(&source, &array, 0);
        moved = *array.children[3];
        array.children[3]->release = NULL;
        array.release(&array);
        CHECK(!array.release && live == 1 && moved.children[0]->length == 3 * COUNT);
        moved.release(&moved);
        CHECK(!live && !kept);
        CHECK(sized == 1 || cc_arrow_array(&source, SIZE_MAX / 8, &array) == ENOMEM);
        source.count = 0;
        CHECK(!cc_arrow_array(&source, 0, &array) && !array.length);
        array.release(&array);
    }
}

/* More than comes in small pages: one record, again and again. */
static void large(void)
{
    enum { MANY = 1 << 18 };
    cc_arrow_source source = source_of();
    struct ArrowArray array;
    source.stride = 0;
    source.count = MANY;
    fail_at = 0;
    CHECK(cc_arrow_array(&source, MANY, &array) == ENOMEM && !live);
    fail_at = -1;
    CHECK(!cc_arrow_array(&source, MANY, &array));
    for (size_t i = 0; i < MANY; i++)
        CHECK(((const uint32_t *)array.children[0]->buffers[1])[i] == cc_load32(records));
    array.release(&array);
    CHECK(!live);
}

static void streams(void)
{
    cc_arrow_source source = source_of();
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    size_t start = 0;
    source.sizes = sizes;
    CHECK(!cc_arrow_stream(&source, &stream) && kept == 1);
    CHECK(!stream.get_schema(&stream, &schema));
    schema.release(&schema);
    fail_at = 0;
    CHECK(stream.get_next(&stream, &array) == ENOMEM && *stream.get_last_error(&stream));
    fail_at = -1;
    for (;; start += 500) {
        CHECK(!stream.get_next(&stream, &array));
        if (!array.release)
            break;
        check(&source, &array, start);
        array.release(&array);
    }
    CHECK(start == 1500);
    stream.release(&stream);
    CHECK(!stream.release && !kept && !live);
}

/* An array of words, as a column has it: shared if it lies well and is to be read as it is. */
static void shared(void)
{
    static _Alignas(8) uint32_t words[18];
    static const cc_arrow_node word = {U32, ITEM, 1, 0, CC_ARROW_FIXED, 1, 0, 4, 0}, number = {U32, ITEM, 1, 0, CC_ARROW_FIXED, 1, 4, 4, 0};
    static const cc_row bits = {.op = CC_UBITS, .size = 2, .shift = 3, .width = 9, .max = 511};
    static const uint32_t at02[] = {0, 2};
    static const cc_column odd[] = {
        {.pieces = 2, .piece = 2, .offsets = at02}, {.pieces = 1, .piece = 4, .offsets = at0, .bits = &bits}};
    uint8_t valid[16];
    cc_arrow_source source = source_of();
    struct ArrowArray array;
    source.nodes = &word;
    source.n_nodes = 1;
    source.count = 16;
    source.shared = 1;
    for (int i = 0; i < 16; i++)
        valid[i] = (uint8_t)(i % 3);
    source.valid = valid;
    for (int skewed = 0; skewed < 2; skewed++)
        for (int apart = 0; apart < 2; apart++) {
            source.records = (const uint8_t *)(words + skewed);
            source.stride = apart ? 0 : 4;
            CHECK(!cc_arrow_array(&source, 16, &array));
            CHECK((array.buffers[1] == source.records) == (!skewed && !apart) && kept == (!skewed && !apart));
            CHECK(array.null_count == 6 && !bit(array.buffers[0], 3) && bit(array.buffers[0], 4));
            array.release(&array);
            CHECK(!kept && !live);
        }
    source.valid = NULL;
    source.stride = 4;
    source.records = (const uint8_t *)words;
    for (int i = 0; i < 3; i++) {
        source.nodes = i < 2 ? &word : &number;
        source.leaves = i < 2 ? &odd[i] : leaves;
        CHECK(!cc_arrow_array(&source, 16, &array));
        CHECK(kept == (i == 2 && !CC_BIG_ENDIAN));
        array.release(&array);
    }
}

/* Elements of all kinds, cut out of words or not, against the same taken one by one. */
static void cuts(void)
{
    static const cc_row low = {.op = CC_BIT, .size = 1, .shift = 3, .width = 2, .max = 3},
                        odd = {.op = CC_UBITS, .size = 2, .shift = 6, .width = 9, .max = 511},
                        wide = {.op = CC_UBITS, .size = 3, .shift = 1, .width = 20, .max = 0xfffff},
                        huge = {.op = CC_UBITS, .size = 5, .shift = 7, .width = 30, .max = 0x3fffffff},
                        below = {.op = CC_SBITS, .size = 2, .shift = 3, .width = 9};
    static const uint32_t even[] = {1, 17, 33}, uneven[] = {1, 17, 34}, late[] = {1, 31, 61}, far[] = {1, 32, 63}, none[65];
    static const cc_column kinds[] = {
        {.pieces = 3, .piece = 1, .offsets = even}, {.pieces = 3, .piece = 1, .offsets = even, .bits = &low},
        {.pieces = 3, .piece = 2, .offsets = even}, {.pieces = 3, .piece = 2, .offsets = even, .bits = &odd},
        {.pieces = 3, .piece = 3, .offsets = even}, {.pieces = 3, .piece = 4, .offsets = even},
        {.pieces = 3, .piece = 4, .offsets = even, .bits = &wide}, {.pieces = 3, .piece = 4, .offsets = even, .bits = &huge},
        {.pieces = 3, .piece = 2, .offsets = even, .bits = &below}, {.pieces = 3, .piece = 2, .offsets = uneven},
        {.pieces = 3, .piece = 1, .offsets = late}, {.pieces = 3, .piece = 1, .offsets = far},
        {.pieces = 65, .piece = 2, .offsets = none}, {.pieces = 2, .piece = 4, .offsets = none},
        {.pieces = 1, .piece = 1, .offsets = even, .bits = &low}, {.pieces = 1, .piece = 8, .offsets = even},
    };
    enum { RECORD = 64, N = 300, KINDS = sizeof kinds / sizeof *kinds };
    uint8_t memory[N * RECORD], taken[65 * 2];
    cc_arrow_node tree[1 + KINDS];
    cc_arrow_source source = source_of();
    struct ArrowArray array;
    tree[0] = (cc_arrow_node){STRUCT, ITEM, 1, KINDS, CC_ARROW_NESTED, 1, 0, RECORD, 0};
    for (uint32_t i = 0; i < KINDS; i++)
        tree[1 + i] = (cc_arrow_node){U8, ITEM, 0, 0, CC_ARROW_FIXED, kinds[i].pieces, 0, RECORD, 1};
    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = (uint8_t)(i * 2654435761u >> 13);
    source.nodes = tree;
    source.leaves = kinds;
    source.n_nodes = 1 + KINDS;
    source.records = memory;
    source.stride = source.record_size = RECORD;
    for (size_t count = 1; count <= N; count += 13) {
        CHECK(!cc_arrow_array(&source, count, &array));
        for (size_t c = 0; c < KINDS; c++)
            for (size_t i = 0; i < count; i++) {
                const size_t width = cc_column_width(&kinds[c]);
                cc_column_take(&kinds[c], memory + i * RECORD, taken);
                CHECK(!memcmp((const uint8_t *)array.children[c]->buffers[1] + i * width, taken, width));
            }
        array.release(&array);
    }
    CHECK(!live);
}

/* A column of so many records, at places in no order, that they are more than a block. */
static void gathered(const uint8_t *const *some)
{
    enum { MANY = 3 * (CC_PLACES_BLOCK / 4) + 5 };
    const uint8_t **places = malloc(MANY * sizeof *places);
    ptrdiff_t *all = malloc(MANY * sizeof *all);
    uint8_t *block = malloc(CC_PLACES_BLOCK + 4);
    uint32_t *out = malloc(4 * MANY);
    cc_column column = leaves[0];
    for (size_t i = 0; i < MANY; i++) {
        places[i] = records + i * 7919 % COUNT * SIZE;
        all[i] = SIZE;
    }
    column.out = (uint8_t *)out;
    cc_places_gather(&column, 1, places, all, MANY, 4, block);
    for (size_t i = 0; i < MANY; i++)
        CHECK(!memcmp(&out[i], places[i], 4));
    cc_places_gather(&column, 0, some, sizes, COUNT, 1, block); /* nothing is asked for */
    free(places), free(all), free(block), free(out);
}

/* Records at unequal distances: read as if they stood in line. */
static void apart(void)
{
    static const uint8_t *places[COUNT];
    cc_arrow_source source = source_of();
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    size_t start = 0;
    for (size_t i = 0; i < COUNT; i++)
        places[i] = sizes[i] ? records + i * SIZE : NULL;
    source.places = places;
    source.sizes = sizes;
    for (int at = 0; at < 3; at++) {
        fail_at = at;
        CHECK(cc_arrow_array(&source, COUNT, &array) == ENOMEM && !live);
    }
    fail_at = -1;
    CHECK(cc_arrow_array(&source, SIZE_MAX / 8, &array) == ENOMEM && !live);
    source.record_size = SIZE - 1; /* of longer ones, no more is read */
    source.nodes = nodes + 1;
    source.n_nodes = 1;
    CHECK(!cc_arrow_array(&source, COUNT, &array) && live == 1 && array.length == COUNT);
    array.release(&array);
    source = source_of();
    source.places = places;
    source.sizes = sizes;
    CHECK(!cc_arrow_stream(&source, &stream));
    for (; !stream.get_next(&stream, &array) && array.release; start += 500) {
        check(&source, &array, start);
        array.release(&array);
    }
    stream.release(&stream);
    CHECK(start == 1500 && !live && !kept);
    CHECK(!cc_places_distance(places, sizes, 0) && cc_places_distance(places, sizes, 1) == SIZE);
    CHECK(!cc_places_distance(places, sizes, COUNT)); /* NULL is out of line */
    gathered(places);
    for (size_t i = 0; i < COUNT; i++)
        places[i] = records + i * SIZE;
    CHECK(cc_places_distance(places, sizes, COUNT) == SIZE);
    sizes[7]++; /* 7 * 7 % 13 = 10: still fits */
    CHECK(cc_places_distance(places, sizes, COUNT) == SIZE);
    sizes[7] += 2;
    CHECK(!cc_places_distance(places, sizes, COUNT));
    sizes[7] -= 3;
}

int main(void)
{
    uint16_t one = 1;
    puts(*(uint8_t *)&one ? "little" : "big");
    for (size_t i = 0; i < sizeof records; i++)
        records[i] = (uint8_t)(i % 5 ? i * 2654435761u >> 13 : 0);
    for (size_t i = 0; i < COUNT; i++)
        sizes[i] = (ptrdiff_t)(i * 7 % (SIZE + 1));
    sizes[0] = SIZE;
    schemas();
    arrays();
    large();
    streams();
    shared();
    cuts();
    apart();
#include "calls.h"
    return 0;
}

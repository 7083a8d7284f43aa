/* src/cc_arrow_in.h without Python: producers that lie, fail, or forget, and memory that runs out.
 * What real producers export is compared in test_records.py. */
#include "some_malloc.h"

#include "cc_arrow_in.h"
#include "check.h"

/* A producer: what it has given and not got back, whether it marks what it got back, and what its stream does. */
static int given, forgetful, chunks_left, schema_fails, next_fails;
static const char *message;
static struct ArrowArray model;
static const char *format;

static void drop_schema(struct ArrowSchema *it) { given--; if (!forgetful) it->release = NULL; }
static void drop_array(struct ArrowArray *it) { given--; if (!forgetful) it->release = NULL; }
static void drop_stream(struct ArrowArrayStream *it) { given--; if (!forgetful) it->release = NULL; }

static void give_schema(struct ArrowSchema *out)
{
    given++;
    *out = (struct ArrowSchema){.format = format, .release = drop_schema};
}

static void give_array(struct ArrowArray *out)
{
    given++;
    *out = model;
    out->release = drop_array;
}

static int get_schema(struct ArrowArrayStream *it, struct ArrowSchema *out)
{
    CHECK(it->release);
    give_schema(out);
    if (!schema_fails)
        return 0;
    given--; /* what is written beside an error counts for nothing */
    return schema_fails;
}

static int get_next(struct ArrowArrayStream *it, struct ArrowArray *out)
{
    CHECK(it->release);
    memset(out, 0x55, sizeof *out);
    if (next_fails && !chunks_left)
        return next_fails;
    if (chunks_left--)
        give_array(out);
    else
        out->release = NULL;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *it) { (void)it; return message; }

static cc_arrow_in *made(void)
{
    cc_arrow_in *in = (cc_arrow_in *)some_malloc(sizeof *in);
    memset(in, 0, sizeof *in);
    return in;
}

/* An array as it is now in `model`. */
static int read_array(cc_arrow_in **in)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    give_schema(&schema);
    give_array(&array);
    *in = made();
    CC_ARROW_MOVE(&(*in)->schema, &schema);
    CC_ARROW_MOVE(&(*in)->first.array, &array);
    CHECK(!schema.release && !array.release);
    return cc_arrow_in_read(*in);
}

static void ended(cc_arrow_in *in)
{
    cc_arrow_in_end(in);
    CHECK(!given && !live);
}

static void refused(const char *wrong, size_t at)
{
    cc_arrow_in *in;
    CHECK(read_array(&in) == EINVAL);
    if (strcmp(in->wrong, wrong) || in->at != at)
        fprintf(stderr, "%s, at %zu; not %s, at %zu\n", in->wrong, in->at, wrong, at);
    CHECK(!strcmp(in->wrong, wrong) && in->at == at);
    ended(in);
}

#define NOWHERE SIZE_MAX
static const uint8_t data[] = "abcdefghijklmnopqrstuvwxyz", null1[] = {0xfd}; /* all but the second are there */
static int32_t offsets32[] = {0, 3, 3, 10, 26};
static int64_t offsets64[] = {0, 3, 3, 10, 26}, variadic[] = {26};
static struct {
    int32_t size;
    union { char text[12]; struct { char start[4]; int32_t buffer, at; }; };
} views[] = {{3, {"abc"}}, {-5, {""}}, {13, {.start = "bcde", .at = 1}}, {12, {"defghijklmno"}}};
static const void *buffers[4];

/* Four records after one that is skipped; the second of them null if `nulls`. */
static void offer(const char *of, int nulls, const void *second, const void *third)
{
    format = of;
    model = (struct ArrowArray){.length = 4, .n_buffers = *of == 'w' ? 2 : 3, .buffers = buffers, .null_count = nulls};
    buffers[0] = nulls ? null1 : NULL;
    buffers[1] = second;
    buffers[2] = third;
}

static void check(cc_arrow_in *in, size_t i, const char *text)
{
    CHECK(in->sizes[i] == (ptrdiff_t)strlen(text) && (!*text || !memcmp(in->places[i], text, strlen(text))));
}

static void arrays(void)
{
    cc_arrow_in *in;
    for (int nulls = 0; nulls < 2; nulls++) {
        for (int wide = 0; wide < 2; wide++) {
            offer(wide ? "Z" : "z", nulls, wide ? (void *)offsets64 : (void *)offsets32, data);
            CHECK(!read_array(&in) && in->count == 4);
            check(in, 0, "abc"), check(in, 1, ""), check(in, 2, "defghij"), check(in, 3, "klmnopqrstuvwxyz");
            CHECK(in->places[0] == data && in->low == data && in->high == data + 26);
            ended(in);
            model.offset = 2;
            model.length = 2;
            CHECK(!read_array(&in) && in->count == 2);
            check(in, 0, "defghij"), check(in, 1, "klmnopqrstuvwxyz");
            ended(in);
        }
        offer("w:5", nulls, data, NULL);
        CHECK(!read_array(&in));
        check(in, 0, "abcde"), check(in, 1, nulls ? "" : "fghij"), check(in, 3, "pqrst");
        CHECK(cc_places_distance(in->places, in->sizes, in->count) == 5);
        ended(in);
    }
    offer("vz", 1, views, data);
    model.n_buffers = 4;
    buffers[3] = variadic;
    CHECK(!read_array(&in));
    check(in, 0, "abc"), check(in, 1, ""), check(in, 2, "bcdefghijklmn"), check(in, 3, "defghijklmno");
    CHECK(in->places[2] == data + 1);
    ended(in);
    for (const char **empty = (const char *[]){"w:0", "z", "Z", "vz", NULL}; *empty; empty++) {
        static const int64_t zeros[16];
        offer(*empty, 0, **empty == 'w' ? NULL : zeros, NULL);
        buffers[3] = NULL;
        CHECK(!read_array(&in) && in->count == 4 && !in->low && !in->high);
        CHECK(!in->sizes[3] && cc_places_distance(in->places, in->sizes, in->count) == (**empty == 'v' ? 16 : 0));
        ended(in);
        model.length = 0;
        model.buffers = NULL;
        CHECK(!read_array(&in) && !in->count);
        ended(in);
    }
}

static void lies(void)
{
    const char *length = "an array of no possible length", *number = "an array of other buffers than its type has";
    const char *lacks = "an array without one of its buffers", *shrinks = "offsets that do not grow";
    const char *view = "a view that leaves its buffer", *type = "another type than binary";
    cc_arrow_in *in;
    for (const char **other = (const char *[]){"", "u", "zz", "w", "w:", "w:5,", "w:5a", "w:99999999999", "w;5", "w:-1", "+s", "x:5", NULL}; *other; other++) {
        offer(*other, 0, data, data);
        refused(type, NOWHERE);
    }
    format = NULL;
    refused(type, NOWHERE);
    offer("z", 0, offsets32, data), model.length = -1;
    refused(length, NOWHERE);
    model.length = INT64_MAX;
    refused(length, NOWHERE);
    model.length = 4, model.offset = -1;
    refused(length, NOWHERE);
    model.offset = INT64_MAX;
    refused(length, NOWHERE);
    offer("z", 0, offsets32, data), model.buffers = NULL;
    refused(number, 0);
    for (const char **each = (const char *[]){"z", "Z", "w:5", "vz", NULL}; *each; each++) {
        offer(*each, 0, views, data), model.n_buffers -= 1;
        refused(number, 0);
        offer(*each, 0, NULL, data);
        refused(lacks, 0);
        offer(*each, 0, views, data), model.null_count = 1;
        refused(lacks, 0);
    }
    offer("z", 0, offsets32, data), model.n_buffers = 4;
    refused(number, 0);
    offer("z", 0, offsets32, NULL);
    refused(lacks, 0);
    offer("w:2147483647", 0, data, NULL), model.offset = INT64_MAX / 64 - 4;
    refused("an array of more bytes than there can be", 0);
    for (int i = 0; i < 2; i++) {
        offer("z", i, offsets32, data), offsets32[2 + i] = -4;
        refused(shrinks, 1 + (size_t)i);
        offsets32[2] = 3, offsets32[3] = 10;
    }
    offer("Z", 0, offsets64, data), offsets64[0] = -1;
    refused(shrinks, 0);
    offsets64[0] = 0;
    for (int i = 0; i < 6; i++) {
        offer("vz", 1, views, data), model.n_buffers = 4, buffers[3] = variadic;
        views[2].buffer = i == 0 ? -1 : i == 1; /* at 1 there are their sizes */
        views[2].at = i == 2 ? -1 : i == 3 ? 14 : 1;
        buffers[2] = i == 4 ? NULL : data;
        buffers[3] = i == 5 ? NULL : variadic;
        refused(view, 2);
    }
    views[2].buffer = 0, views[2].at = 1;
    offer("vz", 0, views, data), model.n_buffers = 4, buffers[3] = variadic;
    refused(view, 1); /* of a negative size */
    offer("z", 0, offsets32, data);
    fail_at = 1;
    CHECK(read_array(&in) == ENOMEM);
    ended(in);
    fail_at = -1;
    in = made();
    CHECK(cc_arrow_in_read(in) == EINVAL && !strcmp(in->wrong, "no array, or one that was released before"));
    give_array(&in->first.array);
    CHECK(cc_arrow_in_read(in) == EINVAL && !strcmp(in->wrong, "a type that was released before"));
    ended(in);
    in = made(); /* which nobody read */
    give_schema(&in->schema);
    given++, in->stream.release = drop_stream;
    ended(in);
}

static int read_stream(cc_arrow_in **in, int chunks)
{
    *in = made();
    (*in)->stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, drop_stream, NULL};
    given++;
    chunks_left = chunks;
    return cc_arrow_in_read(*in);
}

static void streams(void)
{
    cc_arrow_in *in;
    offer("z", 0, offsets32, data);
    for (int chunks = 0; chunks < 4; chunks++) {
        CHECK(!read_stream(&in, chunks) && in->count == 4 * (size_t)chunks);
        for (int i = 0; i < chunks; i++)
            check(in, 4 * (size_t)i, "abc"), check(in, 4 * (size_t)i + 3, "klmnopqrstuvwxyz");
        CHECK(!in->stream.release && given == chunks + 1);
        ended(in);
    }
    message = "nobody knows";
    next_fails = EIO;
    CHECK(read_stream(&in, 2) == EINVAL && !strcmp(in->wrong, message) && in->at == NOWHERE);
    ended(in);
    next_fails = 0;
    schema_fails = EIO;
    message = NULL;
    CHECK(read_stream(&in, 2) == EINVAL && !*in->wrong);
    ended(in);
    char lengthy[300];
    memset(lengthy, 'x', 299), lengthy[299] = 0;
    message = lengthy;
    CHECK(read_stream(&in, 2) == EINVAL && strlen(in->wrong) == 199);
    ended(in);
    schema_fails = ENOMEM;
    CHECK(read_stream(&in, 2) == ENOMEM);
    ended(in);
    schema_fails = 0;
    for (int at = 1; at < 4; at++) {
        fail_at = at;
        CHECK(read_stream(&in, 2) == ENOMEM);
        ended(in);
    }
    fail_at = -1;
    for (int i = 0; i < 3; i++) {
        in = made();
        in->stream = (struct ArrowArrayStream){i == 0 ? NULL : get_schema, i == 1 ? NULL : get_next, NULL, drop_stream, NULL};
        given++;
        schema_fails = EIO;
        CHECK(cc_arrow_in_read(in) == EINVAL && !strcmp(in->wrong, i < 2 ? "a stream without its callbacks" : ""));
        ended(in);
    }
    schema_fails = 0;
}

int main(void)
{
    uint16_t one = 1;
    puts(*(uint8_t *)&one ? "little" : "big");
    for (forgetful = 0; forgetful < 2; forgetful++) {
        arrays();
        lies();
        streams();
    }
#include "calls.h"
    return 0;
}

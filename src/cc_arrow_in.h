/* Records that another library has as a binary column, by Arrow's C data interface: each where it lies, without a copy.
 *
 * A producer may be careless or hostile. What it says is checked as far as anybody can check it: how many bytes there
 * are behind an address it does not say, but for those of views. Whatever comes, all that was taken over is released
 * once.
 *
 * Knows no Python.
 */
#ifndef CC_ARROW_IN_H
#define CC_ARROW_IN_H

#include "cc_arrow.h"

typedef struct cc_arrow_chunk {
    struct ArrowArray array;
    struct cc_arrow_chunk *next;
} cc_arrow_chunk;

typedef struct cc_arrow_in {
    struct ArrowArrayStream stream; /* these three are moved here by whoever asks: a stream, or the other two */
    struct ArrowSchema schema;
    cc_arrow_chunk first;
    size_t count;                   /* records, of all chunks */
    const uint8_t **places;
    ptrdiff_t *sizes;               /* 0 of a null */
    const uint8_t *low, *high;      /* between these lie all records, and maybe other things */
    const char *wrong;              /* what is, after EINVAL */
    size_t at;                      /* the record that is wrong, if one is; else SIZE_MAX */
    char said[200];                 /* by the producer */
} cc_arrow_in;

#define CC_ARROW_MOVE(to, from) (*(to) = *(from), (from)->release = NULL)
#define CC_ARROW_RELEASE(what) \
    do { \
        if ((what)->release) \
            (what)->release(what); \
        (what)->release = NULL; /* which the producer may have forgotten */ \
    } while (0)

static inline void cc_arrow_in_end(cc_arrow_in *in)
{
    CC_ARROW_RELEASE(&in->stream);
    CC_ARROW_RELEASE(&in->schema);
    for (cc_arrow_chunk *chunk = &in->first, *next; chunk; chunk = next) {
        next = chunk->next;
        CC_ARROW_RELEASE(&chunk->array);
        if (chunk != &in->first)
            cc_arrow_free(chunk);
    }
    cc_arrow_free(in->places);
    cc_arrow_free(in);
}

static inline int cc_arrow_in_refuse(cc_arrow_in *in, const char *wrong)
{
    in->wrong = wrong;
    return EINVAL;
}

/* Everything that a stream has. */
static inline int cc_arrow_in_pull(cc_arrow_in *in)
{
    struct ArrowArrayStream *stream = &in->stream;
    cc_arrow_chunk *last = &in->first;
    const char *said;
    int status;
    if (!stream->get_schema || !stream->get_next)
        return cc_arrow_in_refuse(in, "a stream without its callbacks");
    status = stream->get_schema(stream, &in->schema);
    if (status)
        in->schema.release = NULL; /* whatever else was written there */
    while (!status) {
        status = stream->get_next(stream, &last->array);
        if (status || !last->array.release) {
            memset(&last->array, 0, sizeof last->array); /* whatever else was written there */
            break;
        }
        last->next = (cc_arrow_chunk *)cc_arrow_malloc(sizeof *last);
        if (!last->next)
            return ENOMEM;
        last = last->next;
        memset(last, 0, sizeof *last);
    }
    if (!status)
        return 0;
    said = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    for (size_t i = 0; said && i < sizeof in->said - 1 && said[i]; i++)
        in->said[i] = said[i];
    return status == ENOMEM ? ENOMEM : cc_arrow_in_refuse(in, in->said);
}

/* The type, by the letter that it is spelt with, and bytes of each record where all have the same; 0 if it is another. */
static inline char cc_arrow_in_type(const char *format, int64_t *width)
{
    *width = 0;
    if (!format)
        return 0;
    if (!strcmp(format, "vz"))
        return 'v';
    if (format[0] == 'w' && format[1] == ':' && format[2]) {
        for (format += 2; *format >= '0' && *format <= '9' && *width <= INT32_MAX; format++)
            *width = 10 * *width + (*format - '0');
        return *format ? 0 : 'w';
    }
    return (format[0] == 'z' || format[0] == 'Z') && !format[1] ? format[0] : 0;
}

/* The i-th of an array of int32_t or int64_t, which may lie anyhow. */
static inline int64_t cc_arrow_in_number(const void *numbers, int wide, int64_t i)
{
    int64_t number;
    int32_t narrow;
    if (wide) {
        memcpy(&number, (const char *)numbers + 8 * i, 8);
        return number;
    }
    memcpy(&narrow, (const char *)numbers + 4 * i, 4);
    return narrow;
}

/* Is the record of that view, of 16 bytes, inside its buffer? */
static inline int cc_arrow_in_view(const struct ArrowArray *array, const uint8_t *view, const uint8_t **place, ptrdiff_t *size)
{
    const int64_t variadic = array->n_buffers - 3;
    int64_t buffer = cc_arrow_in_number(view, 0, 2), start = cc_arrow_in_number(view, 0, 3);
    *size = cc_arrow_in_number(view, 0, 0);
    *place = view + 4;
    if (*size <= 12)
        return *size >= 0;
    if (buffer < 0 || buffer >= variadic || start < 0 || !array->buffers[2 + buffer] || !array->buffers[2 + variadic] ||
        *size > cc_arrow_in_number(array->buffers[2 + variadic], 1, buffer) - start)
        return 0;
    *place = (const uint8_t *)array->buffers[2 + buffer] + start;
    return 1;
}

/* Where the records of an array lie. */
static inline int cc_arrow_in_places(cc_arrow_in *in, char type, int64_t width, const struct ArrowArray *array)
{
    const int64_t first = array->offset;
    if (!array->length)
        return 0;
    if (!array->buffers || (type == 'v' ? array->n_buffers < 3 : array->n_buffers != (type == 'w' ? 2 : 3)))
        return cc_arrow_in_refuse(in, "an array of other buffers than its type has");
    const uint8_t *valid = (const uint8_t *)array->buffers[0];
    const uint8_t *data = (const uint8_t *)array->buffers[type == 'w' ? 1 : 2], *firsts = (const uint8_t *)array->buffers[1];
    if ((!valid && array->null_count > 0) || (!firsts && (type != 'w' || width)))
        return cc_arrow_in_refuse(in, "an array without one of its buffers");
    if (width && first + array->length > INT64_MAX / width)
        return cc_arrow_in_refuse(in, "an array of more bytes than there can be");
    for (int64_t i = first; i < first + array->length; i++, in->at++) {
        const uint8_t **place = &in->places[in->at];
        ptrdiff_t *size = &in->sizes[in->at];
        const int null = valid && !(valid[i / 8] >> i % 8 & 1);
        if (type == 'v') {
            *place = NULL;
            *size = 0;
            if (!null && !cc_arrow_in_view(array, firsts + 16 * i, place, size))
                return cc_arrow_in_refuse(in, "a view that leaves its buffer");
        } else {
            int64_t start = type == 'w' ? width * i : cc_arrow_in_number(firsts, type == 'Z', i);
            int64_t end = type == 'w' ? start + width : cc_arrow_in_number(firsts, type == 'Z', i + 1);
            if (start < 0 || end < start)
                return cc_arrow_in_refuse(in, "offsets that do not grow");
            if (!data && end > start)
                return cc_arrow_in_refuse(in, "an array without one of its buffers");
            *place = data ? data + start : NULL;
            *size = null ? 0 : end - start;
        }
        if (*size && (!in->low || *place < in->low))
            in->low = *place;
        if (*size && *place + *size > in->high)
            in->high = *place + *size;
    }
    return 0;
}

/* Finds the records in what was moved here. Returns 0, ENOMEM or EINVAL. Then, or later, comes cc_arrow_in_end. */
static inline int cc_arrow_in_read(cc_arrow_in *in)
{
    const int64_t most = PTRDIFF_MAX / 64;
    int64_t width;
    int status = 0;
    char type;
    in->at = SIZE_MAX;
    if (in->stream.release)
        status = cc_arrow_in_pull(in);
    else if (!in->first.array.release)
        return cc_arrow_in_refuse(in, "no array, or one that was released before");
    CC_ARROW_RELEASE(&in->stream);
    if (status)
        return status;
    if (!in->schema.release)
        return cc_arrow_in_refuse(in, "a type that was released before");
    type = cc_arrow_in_type(in->schema.format, &width);
    if (!type)
        return cc_arrow_in_refuse(in, "another type than binary");
    for (const cc_arrow_chunk *chunk = &in->first; chunk; chunk = chunk->next) {
        const struct ArrowArray *array = &chunk->array;
        if (array->length < 0 || array->offset < 0 || array->offset > most || array->length > most - (int64_t)in->count)
            return cc_arrow_in_refuse(in, "an array of no possible length");
        in->count += (size_t)array->length;
    }
    in->places = (const uint8_t **)cc_arrow_malloc((in->count + 1) * (sizeof *in->places + sizeof *in->sizes));
    if (!in->places)
        return ENOMEM;
    in->sizes = (ptrdiff_t *)(in->places + in->count);
    in->at = 0;
    for (const cc_arrow_chunk *chunk = &in->first; !status && chunk; chunk = chunk->next)
        status = cc_arrow_in_places(in, type, width, &chunk->array);
    return status;
}

#endif

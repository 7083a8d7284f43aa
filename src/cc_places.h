/* Records that lie anywhere, each of its own length.
 *
 * Knows no Python.
 */
#ifndef CC_PLACES_H
#define CC_PLACES_H

#include "cc_columns.h"

#define CC_PLACES_BLOCK (1 << 20) /* bytes of records that are brought into line at a time */

/* Bytes from each record to the next, if that is the same for all and none reaches into the next one; else 0. */
static inline ptrdiff_t cc_places_distance(const uint8_t *const *places, const ptrdiff_t *sizes, size_t count)
{
    ptrdiff_t distance = 0;
    if (count)
        distance = count > 1 ? (ptrdiff_t)((uintptr_t)places[1] - (uintptr_t)places[0]) : sizes[0];
    for (size_t i = 0; i < count; i++)
        if (sizes[i] > distance || (uintptr_t)places[i] - (uintptr_t)places[0] != i * (size_t)distance)
            return 0;
    return distance;
}

/* Copies records to equal distances: of each no more than that. */
static inline void cc_places_line_up(const uint8_t *const *places, const ptrdiff_t *sizes, size_t count, uint8_t *out, size_t distance)
{
    for (size_t i = 0; i < count; i++, out += distance)
        if (sizes[i])
            memcpy(out, places[i], (size_t)sizes[i] < distance ? (size_t)sizes[i] : distance);
}

/* cc_gather, of records each of which has the first `size` bytes. `block` has room for CC_PLACES_BLOCK bytes and one
 * record more. */
static inline void cc_places_gather(cc_column *columns, size_t n, const uint8_t *const *places, const ptrdiff_t *sizes, size_t count, size_t size, uint8_t *block)
{
    const size_t most = CC_PLACES_BLOCK / size + 1;
    for (size_t start = 0; start < count; start += most) {
        size_t here = count - start < most ? count - start : most;
        cc_places_line_up(places + start, sizes + start, here, block, size);
        cc_gather(columns, n, block, (ptrdiff_t)size, size, here, 0);
        for (size_t c = 0; c < n; c++)
            columns[c].out += here * cc_column_width(&columns[c]);
    }
}

#endif

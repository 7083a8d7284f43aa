/* Values as JSON text. Each function writes at `out`, where the caller has made room, and returns the end.
 *
 * Knows no Python.
 */
#ifndef CC_JSON_WRITE_H
#define CC_JSON_WRITE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CC_MAX_INT 20 /* characters of an integer of 64 bits, its sign included */
#define CC_MAX_CHAR 6 /* characters that a byte of a string becomes: \u00ff */

static inline char *cc_write_unsigned(char *out, uint64_t v)
{
    char digits[CC_MAX_INT];
    int n = CC_MAX_INT;
    if (v < 10) { /* as most values are */
        *out = (char)('0' + v);
        return out + 1;
    }
    for (; v; v /= 10)
        digits[--n] = (char)('0' + v % 10);
    memcpy(out, digits + n, (size_t)(CC_MAX_INT - n));
    return out + (CC_MAX_INT - n);
}

static inline char *cc_write_signed(char *out, int64_t v)
{
    if (v >= 0)
        return cc_write_unsigned(out, (uint64_t)v);
    *out = '-';
    return cc_write_unsigned(out + 1, ~(uint64_t)v + 1);
}

static inline char *cc_write_hex(char *out, const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        *out++ = "0123456789abcdef"[p[i] >> 4];
        *out++ = "0123456789abcdef"[p[i] & 0xf];
    }
    return out;
}

/* The inside of a string, a character for each byte. */
static inline char *cc_write_chars(char *out, const uint8_t *p, size_t size)
{
    static const char letters[] = "btn\0fr"; /* of the control characters from 8 on that have one */
    for (size_t i = 0; i < size; i++) {
        uint8_t c = p[i];
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            *out++ = (char)c;
            continue;
        }
        *out++ = '\\';
        if (c == '"' || c == '\\')
            *out++ = (char)c;
        else if (c >= 8 && c <= 13 && letters[c - 8])
            *out++ = letters[c - 8];
        else {
            memcpy(out, "u00", 3);
            out = cc_write_hex(out + 3, &c, 1);
        }
    }
    return out;
}

/* Behind what stands before a member or an element: at depth -1 all stands on one line. */
static inline char *cc_write_gap(char *out, int first, int depth)
{
    if (!first)
        *out++ = ',';
    if (depth < 0) {
        if (!first)
            *out++ = ' ';
        return out;
    }
    *out++ = '\n';
    memset(out, ' ', (size_t)depth);
    return out + depth;
}

#endif

/* JSON text to tokens: which values there are and where, without an object for any of them.
 *
 * A text may hold far more values than a struct, and be nested as deeply as it is
 * long. So nothing here calls itself, and the caller gives the memory for tokens,
 * which bounds how many there are.
 *
 * Knows no Python. The text is UTF-8, and ends in a NUL that `size` does not count.
 */
#ifndef CC_JSON_READ_H
#define CC_JSON_READ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum cc_json_kind {
    CC_JSON_INT,     /* up to 64 bits; `value` is its magnitude */
    CC_JSON_HUGE,    /* an integer of more bits */
    CC_JSON_REAL,    /* a number with a fraction or an exponent */
    CC_JSON_STRING,  /* `value` is how many bytes stand between its quotes */
    CC_JSON_ESCAPED, /* likewise, with a backslash among them */
    CC_JSON_ARRAY,   /* `value` is how many elements it has; their tokens follow */
    CC_JSON_OBJECT,  /* `value` is how many members it has; of each a token for its key and those of its value follow */
    CC_JSON_TRUE, CC_JSON_FALSE, CC_JSON_NULL
};

typedef struct cc_token {
    uint64_t value;
    size_t start;    /* byte of the text where it starts; of a string, that behind the quote */
    uint32_t next;   /* the token behind it and all within it; of an array or object that is still open, the outer one */
    uint8_t kind;    /* enum cc_json_kind */
    uint8_t negative;
} cc_token;

enum cc_json_status { CC_JSON_DONE, CC_JSON_FULL, CC_JSON_WRONG };
enum cc_json_state { CC_AT_VALUE, CC_AT_KEY, CC_BEHIND_BRACKET, CC_BEHIND_VALUE };

#define CC_JSON_OUTERMOST UINT32_MAX

typedef struct cc_scanner {
    const char *text;
    size_t size, at;
    cc_token *tokens;
    uint32_t count, capacity;
    uint32_t open;        /* token of the innermost array or object that is not closed */
    enum cc_json_state state;
    const char *expected; /* if the text is wrong: what should stand at `at` */
} cc_scanner;

static inline void cc_scan_from(cc_scanner *s, const char *text, size_t size)
{
    memset(s, 0, sizeof *s);
    s->text = text;
    s->size = size;
    s->open = CC_JSON_OUTERMOST;
    s->state = CC_AT_VALUE;
}

static inline int cc_is_digit(char c) { return c >= '0' && c <= '9'; }

static inline int cc_hex_digit(char c)
{
    if (cc_is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of four hexadecimal digits; -1 if they are not four. */
static inline int cc_code_unit(const char *p)
{
    int unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = cc_hex_digit(p[i]); /* the NUL at the end of the text is no digit */
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Goes on to the next character that is no space, and returns it. */
static inline char cc_scan_spaces(cc_scanner *s)
{
    const char *p = s->text + s->at;
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
        p++;
    s->at = (size_t)(p - s->text);
    return *p;
}

static inline int cc_scan_string(cc_scanner *s, cc_token *token)
{
    const char *text = s->text;
    size_t at = s->at + 1;
    token->kind = CC_JSON_STRING;
    token->start = at;
    for (;; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c == '"')
            break;
        if (c < 0x20) {
            s->at = at;
            s->expected = at == s->size ? "a quote at the end of the string" : "no control character within a string";
            return CC_JSON_WRONG;
        }
        if (c == '\\') {
            token->kind = CC_JSON_ESCAPED;
            c = (unsigned char)text[at + 1];
            if (c == 'u' ? cc_code_unit(text + at + 2) < 0 : !c || !strchr("\"\\/bfnrt", c)) {
                s->at = at;
                s->expected = "an escape that JSON knows";
                return CC_JSON_WRONG;
            }
            at += c == 'u' ? 5 : 1;
        }
    }
    token->value = at - token->start;
    s->at = at + 1;
    return CC_JSON_DONE;
}

static inline int cc_scan_number(cc_scanner *s, cc_token *token)
{
    const char *p = s->text + s->at;
    uint64_t value = 0;
    token->kind = CC_JSON_INT;
    token->start = s->at;
    token->negative = *p == '-';
    p += token->negative;
    if (!cc_is_digit(*p))
        return CC_JSON_WRONG;
    if (*p == '0')
        p++;
    else
        for (; cc_is_digit(*p); p++) {
            uint64_t digit = (uint64_t)(*p - '0');
            if (value > (UINT64_MAX - digit) / 10)
                token->kind = CC_JSON_HUGE;
            else
                value = value * 10 + digit;
        }
    if (*p == '.' && cc_is_digit(p[1])) {
        token->kind = CC_JSON_REAL;
        for (p++; cc_is_digit(*p); p++)
            ;
    }
    if (*p == 'e' || *p == 'E') {
        const char *digits = p + 1 + (p[1] == '+' || p[1] == '-');
        if (cc_is_digit(*digits)) {
            token->kind = CC_JSON_REAL;
            for (p = digits; cc_is_digit(*p); p++)
                ;
        }
    }
    token->value = value;
    s->at = (size_t)(p - s->text);
    return CC_JSON_DONE;
}

static inline int cc_scan_word(cc_scanner *s, cc_token *token, const char *word, uint8_t kind)
{
    size_t size = strlen(word);
    if (strncmp(s->text + s->at, word, size))
        return CC_JSON_WRONG;
    token->kind = kind;
    token->start = s->at;
    s->at += size;
    return CC_JSON_DONE;
}

static inline int cc_scan_value(cc_scanner *s, cc_token *token)
{
    char c = s->text[s->at];
    switch (c) {
    case '"': return cc_scan_string(s, token);
    case 't': return cc_scan_word(s, token, "true", CC_JSON_TRUE);
    case 'f': return cc_scan_word(s, token, "false", CC_JSON_FALSE);
    case 'n': return cc_scan_word(s, token, "null", CC_JSON_NULL);
    case '[': case '{':
        token->kind = c == '[' ? CC_JSON_ARRAY : CC_JSON_OBJECT;
        token->start = s->at++;
        return CC_JSON_DONE;
    default: return cc_scan_number(s, token);
    }
}

/* Goes on until the text ends, is found wrong, or there is no room for the next token: then the caller makes room and
 * calls again. */
static inline int cc_scan(cc_scanner *s)
{
    cc_token *token;
    for (;;) {
        char c = cc_scan_spaces(s), closing = 0;
        if (s->open != CC_JSON_OUTERMOST)
            closing = s->tokens[s->open].kind == CC_JSON_ARRAY ? ']' : '}';
        if (s->state == CC_BEHIND_VALUE || s->state == CC_BEHIND_BRACKET) {
            if (!closing) {
                s->expected = "nothing more";
                return s->at == s->size ? CC_JSON_DONE : CC_JSON_WRONG;
            }
            if (c == closing) {
                uint32_t outer = s->tokens[s->open].next;
                s->tokens[s->open].next = s->count;
                s->open = outer;
                s->state = CC_BEHIND_VALUE;
                s->at++;
                continue;
            }
            if (s->state == CC_BEHIND_VALUE) {
                s->expected = closing == ']' ? "',' or ']'" : "',' or '}'";
                if (c != ',')
                    return CC_JSON_WRONG;
                s->at++;
            }
            s->state = closing == ']' ? CC_AT_VALUE : CC_AT_KEY;
            if (c == ',')
                continue;
        }
        if (s->count == s->capacity)
            return CC_JSON_FULL;
        token = &s->tokens[s->count];
        token->next = s->count + 1;
        token->negative = 0;
        token->value = 0;
        if (s->state == CC_AT_KEY) {
            s->expected = "a key in double quotes";
            if (c != '"' || cc_scan_string(s, token))
                return CC_JSON_WRONG;
            s->expected = "':'";
            if (cc_scan_spaces(s) != ':')
                return CC_JSON_WRONG;
            s->at++;
            s->tokens[s->open].value++;
            s->count++;
            s->state = CC_AT_VALUE;
            continue;
        }
        s->expected = "a value";
        if (cc_scan_value(s, token))
            return CC_JSON_WRONG;
        if (closing == ']')
            s->tokens[s->open].value++;
        s->state = CC_BEHIND_VALUE;
        if (token->kind == CC_JSON_ARRAY || token->kind == CC_JSON_OBJECT) {
            token->next = s->open;
            s->open = s->count;
            s->state = CC_BEHIND_BRACKET;
        }
        s->count++;
    }
}

/* Writes the characters of a string as bytes, one each; no more than `capacity`, and the NULs that are missing.
 * Returns how many characters it has, or -1 if one is beyond U+00FF: then bytes may have been written. */
static inline ptrdiff_t cc_json_bytes(const char *text, const cc_token *token, uint8_t *out, size_t capacity)
{
    const char *p = text + token->start, *end = p + token->value;
    size_t count = 0;
    while (p < end) {
        unsigned char c = (unsigned char)*p++;
        if (c == '\\') {
            static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
            const char *letter = strchr(letters, *p);
            int unit = letter ? meant[letter - letters] : *p;
            if (*p++ == 'u') {
                unit = cc_code_unit(p);
                p += 4;
            }
            if (unit > 0xff)
                return -1;
            c = (unsigned char)unit;
        } else if (c >= 0x80) {
            if (c != 0xc2 && c != 0xc3)
                return -1;
            c = (unsigned char)(c << 6 | (*p++ & 0x3f));
        }
        if (count < capacity)
            out[count] = c;
        count++;
    }
    if (count < capacity)
        memset(out + count, 0, capacity - count);
    return (ptrdiff_t)count;
}

/* The bits of a float that "inf", "-inf" or the payload of a NaN such as "nan:0x7fc00000" stands for, which has `width`
 * bits with `fraction` of them for its fraction. Returns 0, or -1 if the string is none of these. */
static inline int cc_json_special(const char *text, const cc_token *token, int width, int fraction, uint64_t *bits)
{
    const char *p = text + token->start, *end = p + token->value;
    uint64_t mask = ((uint64_t)1 << fraction) - 1;
    uint64_t infinity = (((uint64_t)1 << (width - 1 - fraction)) - 1) << fraction;
    int negative = p < end && *p == '-';
    if ((size_t)(end - p) == (size_t)(3 + negative) && !memcmp(p + negative, "inf", 3)) {
        *bits = (uint64_t)negative << (width - 1) | infinity;
        return 0;
    }
    if (end - p < 5 || memcmp(p, "nan:", 4))
        return -1;
    p += 4;
    if (end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x')
        p += 2;
    for (*bits = 0; p < end; p++) {
        int digit = cc_hex_digit(*p);
        if (digit < 0 || *bits >> (width - 4))
            return -1;
        *bits = *bits << 4 | (uint64_t)digit;
    }
    return (*bits & infinity) == infinity && (*bits & mask) ? 0 : -1;
}

#endif

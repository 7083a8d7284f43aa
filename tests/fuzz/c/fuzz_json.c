/* JSON texts against a slow parser that calls itself; numbers against strtoull; strings written and read again.
 *
 * covers: src/cc_json_read.h src/cc_json_write.h
 * plant: src/cc_json_read.h | closing == ']' ? CC_AT_VALUE : CC_AT_KEY; | CC_AT_VALUE;
 */
#include "choices.h"

#include <errno.h>

#include "cc_json_read.h"
#include "cc_json_write.h"

enum { DEPTH = 200 };

typedef struct slow {
    const char *p;
    uint32_t count; /* of keys and values */
    int too_deep;
} slow;

static void spaces(slow *s) { while (*s->p && strchr(" \n\r\t", *s->p)) s->p++; }

static int string(slow *s)
{
    s->count++;
    if (*s->p != '"')
        return 0;
    for (s->p++; *s->p != '"'; s->p++) {
        if ((unsigned char)*s->p < ' ')
            return 0;
        if (*s->p == '\\') {
            s->p++;
            if (*s->p == 'u') {
                for (int i = 0; i < 4; i++)
                    if (!*++s->p || !strchr("0123456789abcdefABCDEF", *s->p))
                        return 0;
            } else if (!*s->p || !strchr("\"\\/bfnrt", *s->p))
                return 0;
        }
    }
    s->p++;
    return 1;
}

static int digits(slow *s)
{
    const char *start = s->p;
    s->p += strspn(s->p, "0123456789");
    return s->p > start;
}

static int number(slow *s)
{
    s->count++;
    s->p += *s->p == '-';
    if (*s->p == '0')
        s->p++;
    else if (!digits(s))
        return 0;
    const char *end = s->p;
    if (*s->p == '.' && (s->p++, digits(s)))
        end = s->p;
    s->p = end;
    if ((*s->p == 'e' || *s->p == 'E') && (s->p++, s->p += *s->p == '+' || *s->p == '-', digits(s)))
        end = s->p;
    s->p = end;
    return 1;
}

static int value(slow *s, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    if (depth == DEPTH)
        return s->too_deep = 1, 0;
    spaces(s);
    for (int i = 0; i < 3; i++)
        if (!strncmp(s->p, words[i], strlen(words[i])))
            return s->p += strlen(words[i]), s->count++, 1;
    if (*s->p == '"')
        return string(s);
    if (*s->p != '[' && *s->p != '{')
        return number(s);
    char closing = *s->p++ == '[' ? ']' : '}';
    s->count++;
    spaces(s);
    if (*s->p == closing)
        return s->p++, 1;
    for (;; s->p++) {
        if (closing == '}') {
            spaces(s);
            if (!string(s))
                return 0;
            spaces(s);
            if (*s->p != ':')
                return 0;
            s->p++;
        }
        if (!value(s, depth + 1))
            return 0;
        spaces(s);
        if (*s->p == closing)
            return s->p++, 1;
        if (*s->p != ',')
            return 0;
    }
}

static void check_tokens(const cc_scanner *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const cc_token *token = &s->tokens[i];
        EXPECT(token->start <= s->size && token->next > i && token->next <= s->count);
        if (token->kind == CC_JSON_INT || token->kind == CC_JSON_HUGE) {
            errno = 0;
            uint64_t expected = strtoull(s->text + token->start + token->negative, NULL, 10);
            EXPECT((token->kind == CC_JSON_HUGE) == (errno == ERANGE));
            EXPECT(token->kind == CC_JSON_HUGE || token->value == expected);
        }
        if (token->kind == CC_JSON_STRING || token->kind == CC_JSON_ESCAPED) {
            uint8_t *bytes = exactly(token->value);
            ptrdiff_t count = cc_json_bytes(s->text, token, bytes, token->value);
            EXPECT(count <= (ptrdiff_t)token->value);
            EXPECT(cc_json_bytes(s->text, token, NULL, 0) == count);
            uint64_t bits;
            cc_json_special(s->text, token, 32, 23, &bits);
            cc_json_special(s->text, token, 64, 52, &bits);
            free(bytes);
        }
        if (token->kind == CC_JSON_ARRAY || token->kind == CC_JSON_OBJECT) {
            uint32_t at = i + 1;
            for (uint64_t k = 0; k < token->value; k++)
                at = s->tokens[token->kind == CC_JSON_OBJECT ? at + 1 : at].next;
            EXPECT(at == token->next);
        }
    }
}

static void check_text(const uint8_t *data, size_t size, uint32_t step)
{
    char *text = (char *)exactly(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    cc_scanner s;
    cc_scan_from(&s, text, size);
    int status = CC_JSON_FULL;
    while (status == CC_JSON_FULL) {
        cc_token *more = (cc_token *)exactly((s.capacity + step) * sizeof *more);
        if (s.count)
            memcpy(more, s.tokens, s.count * sizeof *more);
        free(s.tokens);
        s.tokens = more;
        s.capacity += step;
        status = cc_scan(&s);
    }
    slow other = {text, 0, 0};
    int right = value(&other, 0) && (spaces(&other), other.p == text + size);
    EXPECT(other.too_deep || right == (status == CC_JSON_DONE));
    EXPECT(status != CC_JSON_WRONG || (s.at <= size && s.expected));
    EXPECT(!right || s.count == other.count);
    if (status == CC_JSON_DONE)
        check_tokens(&s);
    free(s.tokens);
    free(text);
}

static void check_string(const uint8_t *data, size_t size)
{
    char *text = (char *)exactly(size * CC_MAX_CHAR + 3);
    uint8_t *back = exactly(size);
    text[0] = '"';
    char *end = cc_write_chars(text + 1, data, size);
    end[0] = '"';
    end[1] = 0;
    cc_scanner s;
    cc_token token;
    cc_scan_from(&s, text, (size_t)(end + 1 - text));
    s.tokens = &token;
    s.capacity = 1;
    EXPECT(cc_scan(&s) == CC_JSON_DONE);
    EXPECT(cc_json_bytes(text, &token, back, size) == (ptrdiff_t)size);
    EXPECT(!size || !memcmp(back, data, size));
    free(text);
    free(back);
}

static void check_numbers(choices c)
{
    uint64_t v = choose(&c, 8) >> (choose_byte(&c) & 63);
    char ours[CC_MAX_INT + 1], theirs[CC_MAX_INT + 2];
    *cc_write_unsigned(ours, v) = 0;
    snprintf(theirs, sizeof theirs, "%llu", (unsigned long long)v);
    EXPECT(!strcmp(ours, theirs));
    *cc_write_signed(ours, (int64_t)v) = 0;
    snprintf(theirs, sizeof theirs, "%lld", (long long)v);
    EXPECT(!strcmp(ours, theirs));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    choices c = {data, size};
    uint32_t step = choose_byte(&c) % 8 + 1;
    check_text(c.data, c.left, step);
    check_string(c.data, c.left);
    check_numbers(c);
    return 0;
}

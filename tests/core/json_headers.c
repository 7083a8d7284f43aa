/* The core's headers that read and write JSON, without Python: what a text says is printed as they write it, for
 * test_core_headers.py to compare with Python's json. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cc_json_read.h"
#include "cc_json_write.h"
#include "check.h"

/* Scans a text in memory of just its size, with room for `step` more tokens each time that there is none left. */
static cc_scanner scan(const char *literal, size_t size, uint32_t step, int expected)
{
    char *text = malloc(size + 1);
    memcpy(text, literal, size);
    text[size] = 0;
    cc_scanner s;
    cc_scan_from(&s, text, size);
    uint32_t resumed = 0;
    int status;
    while ((status = cc_scan(&s)) == CC_JSON_FULL) {
        cc_token *more = malloc((s.capacity + step) * sizeof *more);
        if (s.count)
            memcpy(more, s.tokens, s.count * sizeof *more);
        free(s.tokens);
        s.tokens = more;
        s.capacity += step;
        resumed++;
    }
    CHECK(status == expected);
    CHECK(status == CC_JSON_WRONG || resumed == (s.count + step - 1) / step);
    return s;
}

static void end(cc_scanner *s)
{
    free(s->tokens);
    free((char *)s->text);
}

static void show_integer(uint64_t magnitude, int negative)
{
    char room[1 + CC_MAX_INT], *out = room;
    if (negative && magnitude <= UINT64_C(1) << 63)
        out = cc_write_signed(out, (int64_t)(0 - magnitude));
    else {
        if (negative)
            *out++ = '-';
        out = cc_write_unsigned(out, magnitude);
    }
    fwrite(room, 1, (size_t)(out - room), stdout);
}

/* A string, from its bytes; if a character is more than a byte, as it stands in the text. */
static void show_string(const cc_scanner *s, const cc_token *token)
{
    const char *start = s->text + token->start;
    CHECK((memchr(start, '\\', token->value) != NULL) == (token->kind == CC_JSON_ESCAPED));
    ptrdiff_t count = cc_json_bytes(s->text, token, NULL, 0);
    if (count < 0) {
        printf("\"%.*s\"", (int)token->value, start);
        return;
    }
    uint8_t *bytes = malloc((size_t)count + !count);
    char *chars = malloc((size_t)count * CC_MAX_CHAR + 1);
    CHECK(cc_json_bytes(s->text, token, bytes, (size_t)count) == count);
    *cc_write_chars(chars, bytes, (size_t)count) = 0;
    printf("\"%s\"", chars);
    free(chars);
    free(bytes);
}

static void show_gap(int first, int depth)
{
    size_t size = (size_t)(!first + (depth < 0 ? !first : 1 + depth));
    char *room = malloc(size + !size);
    CHECK(cc_write_gap(room, first, depth) == room + size);
    fwrite(room, 1, size, stdout);
    free(room);
}

/* One value, with `indent` more spaces before each within it, or all on one line if that is -1. Returns the token behind. */
static uint32_t show(const cc_scanner *s, uint32_t at, int indent, int depth)
{
    const cc_token *token = &s->tokens[at++];
    const char *start = s->text + token->start;
    int object = token->kind == CC_JSON_OBJECT, inner = indent < 0 ? -1 : depth + indent;
    switch (token->kind) {
    case CC_JSON_TRUE: printf("true"); break;
    case CC_JSON_FALSE: printf("false"); break;
    case CC_JSON_NULL: printf("null"); break;
    case CC_JSON_INT: show_integer(token->value, token->negative); break;
    case CC_JSON_HUGE: case CC_JSON_REAL: printf("%.*s", (int)strspn(start, "+-.0123456789eE"), start); break;
    case CC_JSON_STRING: case CC_JSON_ESCAPED: show_string(s, token); break;
    default:
        putchar(object ? '{' : '[');
        for (uint64_t i = 0; i < token->value; i++) {
            show_gap(i == 0, inner);
            if (object) {
                at = show(s, at, indent, inner);
                printf(": ");
            }
            at = show(s, at, indent, inner);
        }
        if (token->value && indent >= 0)
            show_gap(1, depth);
        putchar(object ? '}' : ']');
    }
    CHECK(token->next == at);
    return at;
}

static void right(const char *text, size_t size, uint32_t step, int indent)
{
    cc_scanner s = scan(text, size, step, CC_JSON_DONE);
    CHECK(show(&s, 0, indent, indent < 0 ? -1 : 0) == s.count);
    putchar('\n');
    end(&s);
}

/* A text that is refused: where, and what should stand there. */
static void wrong(const char *text, size_t size)
{
    cc_scanner s = scan(text, size, 1, CC_JSON_WRONG);
    printf("%zu %s\n", s.at, s.expected);
    end(&s);
}

static void number(uint64_t v)
{
    char room[CC_MAX_INT + 1];
    *cc_write_unsigned(room, v) = 0;
    printf("%s ", room);
    *cc_write_signed(room, (int64_t)v) = 0;
    printf("%s\n", room);
}

/* A string into memory of another size. */
static void bytes(const char *text, size_t size, size_t capacity)
{
    cc_scanner s = scan(text, size, 1, CC_JSON_DONE);
    uint8_t *out = malloc(capacity + !capacity);
    char *digits = malloc(2 * capacity + 1);
    memset(out, 0xdd, capacity);
    ptrdiff_t count = cc_json_bytes(s.text, s.tokens, out, capacity);
    *cc_write_hex(digits, out, count < 0 ? 0 : capacity) = 0;
    printf("%td %s\n", count, digits);
    free(digits);
    free(out);
    end(&s);
}

static void special(const char *text, size_t size, int width, int fraction)
{
    cc_scanner s = scan(text, size, 1, CC_JSON_DONE);
    uint64_t bits = 0;
    int failed = cc_json_special(s.text, s.tokens, width, fraction, &bits);
    printf("%d %" PRIx64 "\n", failed, failed ? 0 : bits);
    end(&s);
}

/* Nested far deeper than a stack is. */
static void deep(void)
{
    enum { DEPTH = 1000000 };
    char *text = malloc(2 * DEPTH);
    memset(text, '[', DEPTH);
    memset(text + DEPTH, ']', DEPTH);
    cc_scanner s = scan(text, 2 * DEPTH, DEPTH, CC_JSON_DONE);
    CHECK(s.count == DEPTH);
    for (uint32_t i = 0; i < DEPTH; i++)
        CHECK(s.tokens[i].next == DEPTH && s.tokens[i].value == (i < DEPTH - 1));
    end(&s);
    s = scan(text, 2 * DEPTH - 1, DEPTH, CC_JSON_WRONG);
    CHECK(s.at == 2 * DEPTH - 1);
    end(&s);
    free(text);
}

int main(void)
{
    uint16_t probe = 1;
    printf("%s\n", *(uint8_t *)&probe ? "little" : "big");
#include "calls.h"
    deep();
    return 0;
}

#include "watch/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What ends a word. */
static bool is_mark(char c)
{
    return is_blank(c) || c == '\0' || strchr("(),<>=\"", c) != NULL;
}

enum err lex_wrong_at(struct lex *l, size_t at, enum err e, const char *format, ...)
{
    if (!l->e) {
        va_list args;
        va_start(args, format);
        vsnprintf(l->wrong->why, sizeof l->wrong->why, format, args);
        va_end(args);
        l->wrong->at = at;
        l->e = e;
    }
    return l->e;
}

enum err lex_wrong(struct lex *l, enum err e, const char *format, ...)
{
    if (!l->e) {
        va_list args;
        va_start(args, format);
        vsnprintf(l->wrong->why, sizeof l->wrong->why, format, args);
        va_end(args);
        l->wrong->at = l->at;
        l->e = e;
    }
    return l->e;
}

const char *lex_said(const struct lex *l, char room[40])
{
    if (l->kind == LEX_END) {
        return "the end";
    }
    int n = l->len > 30 ? 30 : (int)l->len;
    while (n > 0 && n < (int)l->len && ((unsigned char)l->p[n] & 0xc0) == 0x80) {
        n--; /* no half character */
    }
    snprintf(room, 40, "'%.*s%s'", n, l->p, n < (int)l->len ? "..." : "");
    return room;
}

static void take(struct lex *l, enum lex_kind kind, size_t at, size_t len)
{
    l->kind = kind;
    l->at = at;
    l->p = l->text + at;
    l->len = len;
    l->pos = at + len;
}

static size_t skip_blanks(struct lex *l)
{
    while (l->pos < l->n && is_blank(l->text[l->pos])) {
        l->pos++;
    }
    return l->pos;
}

static void take_quoted(struct lex *l, size_t at)
{
    const char *end = memchr(l->text + at + 1, '"', l->n - at - 1);
    take(l, LEX_QUOTED, at + 1, end ? (size_t)(end - (l->text + at + 1)) : l->n - at - 1);
    l->at = at;
    l->pos += end != NULL;
    if (!end) {
        lex_wrong(l, ERR_SYNTAX, "this quote does not end: a \" is expected after the name");
    }
}

void lex_next(struct lex *l)
{
    const size_t at = skip_blanks(l);
    if (at == l->n || l->e) {
        take(l, LEX_END, l->n, 0);
        return;
    }
    const char c = l->text[at];
    if (c == '(' || c == ')' || c == ',') {
        take(l, c == '(' ? LEX_OPEN : c == ')' ? LEX_CLOSE : LEX_COMMA, at, 1);
    } else if (c == '<' || c == '>') {
        take(l, LEX_COMPARE, at, at + 1 < l->n && l->text[at + 1] == '=' ? 2 : 1);
    } else if (c == '"') {
        take_quoted(l, at);
    } else if (c == '=' || c == '\0') {
        take(l, LEX_WORD, at, 1);
        lex_wrong(l, ERR_SYNTAX, "%s means nothing here: a word was expected",
                  c ? "'='" : "a NUL byte");
    } else {
        size_t end = at;
        while (end < l->n && !is_mark(l->text[end])) {
            end++;
        }
        take(l, LEX_WORD, at, end - at);
    }
}

/* Where an object of braces that begins at a byte ends; texts in it may hold braces. */
static size_t object_end(const struct lex *l, size_t at)
{
    unsigned depth = 0;
    bool quoted = false;
    for (size_t i = at; i < l->n; i++) {
        const char c = l->text[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
            continue;
        }
        quoted = c == '"';
        depth += c == '{';
        if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return l->n;
}

void lex_next_area(struct lex *l)
{
    const size_t at = skip_blanks(l);
    if (at == l->n || l->e || l->text[at] == '"' || l->text[at] == ')') {
        lex_next(l);
        return;
    }
    size_t end = at;
    if (l->text[at] == '{') {
        end = object_end(l, at);
    } else {
        while (end < l->n && !is_blank(l->text[end]) && l->text[end] != ')') {
            end++;
        }
    }
    take(l, LEX_WORD, at, end - at);
}

void lex_start(struct lex *l, const char *text, size_t n, struct watch_wrong *wrong)
{
    *l = (struct lex){.text = text, .n = n, .wrong = wrong};
    *wrong = (struct watch_wrong){0};
    lex_next(l);
}

bool lex_is(const struct lex *l, const char *word)
{
    return l->kind == LEX_WORD && strlen(word) == l->len && strncasecmp(l->p, word, l->len) == 0;
}

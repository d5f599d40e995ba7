#include "serve/fault.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct row {
    const char *name, *sentence;
} rows[] = {
#define FAULT(name, sentence) {#name, sentence},
#include "serve/fault.def"
};

static const struct by_status {
    int status;
    const char *name;
} by_status[] = {
    {400, "refused"},   {401, "no_token"},      {403, "forbidden"},    {404, "not_found"},
    {405, "no_method"}, {409, "conflict"},      {411, "no_length"},    {413, "too_large"},
    {414, "too_long"},  {415, "not_json"},      {422, "not_believed"}, {429, "busy"},
    {431, "too_large"}, {503, "not_available"},
};

static const char *find(const char *in, const char *piece, size_t n)
{
    for (; strlen(in) >= n; in++) {
        if (memcmp(in, piece, n) == 0) {
            return in;
        }
    }
    return NULL;
}

/* Each piece between stars where it first comes; the last ends the sentence. */
static bool fits(const char *pattern, const char *sentence, struct fault *f)
{
    size_t n = strcspn(pattern, "*");
    f->n = 0;
    if (strncmp(sentence, pattern, n) != 0) {
        return false;
    }
    sentence += n;
    pattern += n;
    while (*pattern) {
        n = strcspn(++pattern, "*");
        const char *at = pattern[n] ? find(sentence, pattern, n) : NULL;
        if (!pattern[n] && strlen(sentence) >= n) {
            at = sentence + strlen(sentence) - n;
            at = memcmp(at, pattern, n) == 0 ? at : NULL;
        }
        if (!at) {
            return false;
        }
        if (f->n < FAULT_SAID_MAX) {
            f->said[f->n++] = (struct fault_said){sentence, (size_t)(at - sentence)};
        }
        sentence = at + n;
        pattern += n;
    }
    return !*sentence;
}

static void find_row(const char *sentence, struct fault *f)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (fits(rows[i].sentence, sentence, f)) {
            f->name = rows[i].name;
            return;
        }
    }
    f->n = 0;
}

/* Passes over "line 1, column 16: ". */
static const char *take_place(const char *sentence, struct fault *f)
{
    unsigned line, column;
    int n = 0;
    if (sscanf(sentence, "line %9u, column %9u: %n", &line, &column, &n) != 2 || n == 0) {
        return sentence;
    }
    f->line = line;
    f->column = column;
    return sentence + n;
}

struct fault fault_find(const char *sentence, int status)
{
    struct fault f = {.name = "refused"};
    const size_t field = strspn(sentence, "abcdefghijklmnopqrstuvwxyz_0123456789");
    if (field > 0 && strncmp(sentence + field, ": ", 2) == 0) {
        f.field = sentence;
        f.field_n = field;
        sentence += field + 2;
    }
    sentence = take_place(sentence, &f);
    for (size_t i = 0; i < sizeof by_status / sizeof *by_status; i++) {
        if (by_status[i].status == status) {
            f.name = by_status[i].name;
        }
    }
    find_row(sentence, &f);
    return f;
}

void fault_json(const struct fault *f, struct buf *out)
{
    buf_format(out, ",\"code\":\"%s\"", f->name);
    if (f->field_n > 0) {
        buf_text(out, ",\"field\":");
        buf_json_string(out, f->field, f->field_n);
    }
    if (f->line > 0) {
        buf_format(out, ",\"line\":%u,\"column\":%u", f->line, f->column);
    }
    for (size_t i = 0; i < f->n; i++) {
        buf_text(out, i ? "," : ",\"said\":[");
        buf_json_string(out, f->said[i].p, f->said[i].n);
    }
    buf_text(out, f->n ? "]" : "");
}

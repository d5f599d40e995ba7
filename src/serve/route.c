/* Request → handler → answer. */
#include "serve/fault.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum method { METHOD_GET, METHOD_POST };

static const struct route_row {
    enum method method;
    const char *pattern;
    route_fn *handler;
} rows[] = {
#define ROUTE(method, pattern, handler) {METHOD_##method, pattern, handler},
#include "serve/routes.def"
};

void answer_json(struct serve *s, struct answer *a, struct buf *b)
{
    a->status = 200;
    a->type = "application/json";
    a->body = body_of(b);
    buf_free(b);
    if (!a->body) {
        answer_error(s, a, 503, "out of memory");
    }
}

void answer_sheet(struct serve *s, struct sheet *sheet, const struct request *q, struct answer *a)
{
    bool gzip = q->gzip;
    struct body *body = sheet_get(sheet, q->asked_ms, &gzip);
    if (body) {
        a->status = 200;
        a->type = "application/json";
        a->encoding = gzip ? "gzip" : NULL;
        a->body = body_hold(body);
    } else if (sheet->failed) {
        sheet->failed = false;
        answer_error(s, a, 503, "out of memory");
    } else {
        a->later = true;
    }
}

void answer_error(struct serve *s, struct answer *a, int status, const char *format, ...)
{
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    struct buf b = {0};
    buf_text(&b, "{\"error\":");
    buf_json_string(&b, sentence, strlen(sentence));
    const struct fault f = fault_find(sentence, status);
    fault_json(&f, &b);
    buf_text(&b, "}\n");
    body_drop(a->body);
    a->body = body_of(&b);
    buf_free(&b);
    a->status = status;
    a->type = "application/json";
    a->cache = a->encoding = NULL;
    a->etag[0] = '\0';
    if (status >= 400 && status < 500 && status != 404) {
        count(s->o.counters, COUNT_HTTP_REFUSED);
    }
}

void route(struct serve *s, bool post, struct request *q, struct answer *a)
{
    const enum method method = post ? METHOD_POST : METHOD_GET;
    char rest[96]; /* a statement is named by 64 digits */
    q->rest = rest;
    bool other_method = false;
    if (s->o.published_only && !operation_may_show(q->path)) {
        answer_error(s, a, 404, "there is no %s here", q->path);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!query_match(rows[i].pattern, q->path, rest, sizeof rest)) {
            continue;
        }
        if (rows[i].method == method) {
            rows[i].handler(s, q, a);
            return;
        }
        other_method = true;
    }
    if (other_method || post) {
        a->name = "allow:";
        a->value = post ? "GET, HEAD" : "POST";
        answer_error(s, a, 405, "%s takes %s", q->path, a->value);
        return;
    }
    serve_file(s, q, a);
}

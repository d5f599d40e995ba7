/* GET /api/v1/coverage: how well an area was heard. */
#include "history/cover.h"

#include "serve/asked.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 20000, VALUE_MAX = 300 };

/* What an error of the answer is in HTTP. */
static int status_of(enum err e)
{
    return e == ERR_NOT_FOUND ? 404 : e == ERR_SYSTEM || e == ERR_MEMORY ? 503 : 400;
}

static bool read_args(struct cover *c, const struct asked_work *w)
{
    static const char *const name[] = {"area", "from", "to", "alt", "by", "source", "format"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char value[VALUE_MAX];
        if (query_arg(w->args, name[i], value, sizeof value) &&
            cover_set(c, name[i], value, w->why, ASKED_WHY_MAX)) {
            return false;
        }
    }
    if (c->asked.format == COVERAGE_TABLE || c->asked.format == COVERAGE_CSV) {
        snprintf(w->why, ASKED_WHY_MAX, "format: the answers here are json and geojson");
        return false;
    }
    return true;
}

static int make(struct asked_work *w)
{
    struct cover c;
    size_t torn = 0;
    int status = 400;
    cover_start(&c);
    c.question.lands = w->options->lands;
    c.asked.format = COVERAGE_JSON;
    if (read_args(&c, w)) {
        const enum err e =
            cover_answer(&c, w->store, ROWS_MAX, w->out, &torn, w->why, ASKED_WHY_MAX);
        status = e ? status_of(e) : 200;
    }
    cover_free(&c);
    return status;
}

void api_coverage(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
}

/* Operations over HTTP: the board and its parts read from history by threads of the pool, changes
   made on the loop, statements by their hash. A listener of what is published answers these alone.
 */
#include "serve/asked.h"
#include "serve/internal.h"

#include <stdio.h>
#include <string.h>

#define OPERATIONS "/api/v1/operations"
#define STATEMENTS "/api/v1/statements/"

bool operation_may_show(const char *path)
{
    return strcmp(path, OPERATIONS) == 0 || strncmp(path, OPERATIONS "/", sizeof OPERATIONS) == 0 ||
           strncmp(path, STATEMENTS, sizeof STATEMENTS - 1) == 0 ||
           (strncmp(path, "/api/", 5) != 0 && strncmp(path, "/data/", 6) != 0 &&
            strncmp(path, "/globe_history/", 15) != 0 && strcmp(path, "/healthz") != 0 &&
            strcmp(path, "/metrics") != 0 && strcmp(path, "/ws") != 0);
}

static int make(struct asked_work *w)
{
    if (!w->options->operation) {
        snprintf(w->why, ASKED_WHY_MAX, "this server keeps no operations");
        return 404;
    }
    return w->options->operation(w->options->ctx, w->store, w->path + sizeof "/api/v1" - 1, w->args,
                                 w->options->published_only, w->out, w->why, ASKED_WHY_MAX);
}

void api_operation(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
}

/* The page as it was frozen; it brings its own content policy and loads nothing. */
void api_statement(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
    if (a->status == 200) {
        a->type = "text/html; charset=utf-8";
    }
}

void api_operation_change(struct serve *s, const struct request *q, struct answer *a)
{
    char why[512] = "";
    struct buf b = {0};
    if (s->o.published_only || !s->o.operation_change) {
        answer_error(s, a, 403, "nothing is changed here");
        return;
    }
    if (may_not_post(s, q, a)) {
        return;
    }
    const int status = s->o.operation_change(s->o.ctx, q->path + sizeof OPERATIONS - 1, q->bytes,
                                             q->n, &b, why, sizeof why);
    if (status == 200) {
        asked_forget(&s->asked, OPERATIONS); /* who wrote reads what was written */
        answer_json(s, a, &b);
    } else {
        buf_free(&b);
        answer_error(s, a, status, "%s", why);
    }
}

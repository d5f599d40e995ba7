/* Watches over HTTP: what is watched, what was told, and what a rule would have told, read by
   threads of the pool; changes made on the loop. */
#include "serve/asked.h"
#include "serve/internal.h"

#include <stdio.h>
#include <string.h>

#define API "/api/v1"

static int make(struct asked_work *w)
{
    if (!w->options->watch) {
        snprintf(w->why, ASKED_WHY_MAX, "this server keeps no watches");
        return 404;
    }
    return w->options->watch(w->options->ctx, w->store, w->path + sizeof API - 1, w->args, w->out,
                             w->why, ASKED_WHY_MAX);
}

void api_watch(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
}

void api_watch_feed(struct serve *s, const struct request *q, struct answer *a)
{
    asked_answer(s, q, a, make);
    if (a->status == 200) {
        a->type = "application/atom+xml; charset=utf-8";
    }
}

void api_watch_change(struct serve *s, const struct request *q, struct answer *a)
{
    char why[512] = "";
    struct buf b = {0};
    if (!s->o.watch_change) {
        answer_error(s, a, 404, "this server keeps no watches: start it with --store DIR");
        return;
    }
    if (may_not_post(s, q, a)) {
        return;
    }
    const int status =
        s->o.watch_change(s->o.ctx, q->path + sizeof API - 1, q->bytes, q->n, &b, why, sizeof why);
    asked_forget(&s->asked, API "/watches");
    asked_forget(&s->asked, API "/expected");
    if (status == 200) {
        answer_json(s, a, &b);
    } else {
        buf_free(&b);
        answer_error(s, a, status, "%s", why);
    }
}

#include "serve/asked.h"

#include "base/instant.h"
#include "serve/internal.h"
#include "serve/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED_MS = 5000 };

struct asked {
    struct serve *s;
    uv_work_t work;
    asked_fn *make;
    char key[ASKED_KEY_MAX], rest[96]; /* path?args */
    bool busy, stale;                  /* stale: what it rests on has changed meanwhile */
    int64_t asked_ms, made_ms;         /* steady */
    struct body *body;
    struct buf b; /* the thread's while busy, as are: */
    int status;
    char why[ASKED_WHY_MAX];
};

static void on_work(uv_work_t *work)
{
    struct asked *d = work->data;
    struct store *store = NULL;
    const struct store_options o = {.mode = STORE_READ};
    if (store_open(d->s->o.store_dir, &o, &store, d->why, sizeof d->why)) {
        d->status = 503;
        return;
    }
    char path[ASKED_KEY_MAX];
    snprintf(path, sizeof path, "%.*s", (int)strcspn(d->key, "?"), d->key);
    struct asked_work w = {.store = store,
                           .options = &d->s->o,
                           .path = path,
                           .rest = d->rest,
                           .args = strchr(d->key, '?') + 1,
                           .out = &d->b,
                           .why = d->why};
    d->status = d->make(&w);
    store_close(store);
}

static void on_worked(uv_work_t *work, int status)
{
    struct asked *d = work->data;
    d->busy = false;
    d->s->reading--;
    d->made_ms = serve_clock_ms(d->s);
    d->body = d->status == 200 && status == 0 ? body_of(&d->b) : NULL;
    if (!d->body && d->status == 200) {
        d->status = 503;
        snprintf(d->why, sizeof d->why, "out of memory");
    }
    buf_free(&d->b);
    serve_ready(d->s);
}

static void start(struct serve *s, struct asked *d, const char *key, const char *rest,
                  asked_fn *make)
{
    body_drop(d->body);
    *d = (struct asked){.s = s, .make = make, .busy = true, .asked_ms = serve_clock_ms(s)};
    snprintf(d->key, sizeof d->key, "%s", key);
    snprintf(d->rest, sizeof d->rest, "%s", rest);
    d->work.data = d;
    s->reading++;
    uv_queue_work(s->o.loop, &d->work, on_work, on_worked);
}

/* The one with this key, else one that can be used for it, else NULL. */
static struct asked *find(struct asked_all *all, const char *key)
{
    struct asked *oldest = NULL;
    for (size_t i = 0; i < ASKED_MAX; i++) {
        struct asked *d = all->of[i];
        if (d && strcmp(d->key, key) == 0) {
            return d;
        }
    }
    for (size_t i = 0; i < ASKED_MAX; i++) {
        if (!all->of[i]) {
            return all->of[i] = calloc(1, sizeof *oldest);
        }
        if (!all->of[i]->busy && (!oldest || all->of[i]->asked_ms < oldest->asked_ms)) {
            oldest = all->of[i];
        }
    }
    return oldest;
}

void asked_answer(struct serve *s, const struct request *q, struct answer *a, asked_fn *make)
{
    char key[ASKED_KEY_MAX];
    if (!s->o.store_dir) {
        answer_error(s, a, 404, "this server keeps no history: start it with --store DIR");
        return;
    }
    if (snprintf(key, sizeof key, "%s?%s", q->path, q->args) >= (int)sizeof key) {
        answer_error(s, a, 414, "what follows the '?' is too long");
        return;
    }
    struct asked *d = find(&s->asked, key);
    if (!d || d->busy) {
        a->later = true; /* one of them will be done */
    } else if (strcmp(d->key, key) != 0 || d->stale || d->made_ms < q->asked_ms - SHARED_MS) {
        start(s, d, key, q->rest, make);
        a->later = true;
    } else if (d->body) {
        a->status = 200;
        a->type = "application/json";
        a->body = body_hold(d->body);
    } else {
        answer_error(s, a, d->status, "%s", d->why);
    }
}

void asked_forget(struct asked_all *all, const char *path)
{
    for (size_t i = 0; i < ASKED_MAX; i++) {
        if (all->of[i] && strncmp(all->of[i]->key, path, strlen(path)) == 0) {
            all->of[i]->stale = true;
        }
    }
}

void asked_free(struct asked_all *all)
{
    for (size_t i = 0; i < ASKED_MAX; i++) {
        if (all->of[i]) {
            body_drop(all->of[i]->body);
            free(all->of[i]);
        }
    }
}

bool asked_time(const struct asked_work *w, const char *name, int64_t otherwise, int64_t *out_ms)
{
    char text[40], *end = NULL;
    int64_t us;
    *out_ms = otherwise;
    if (!query_arg(w->args, name, text, sizeof text)) {
        return true;
    }
    const double s = strtod(text, &end);
    if (end != text && !*end && s >= -1e9 && s <= 3.2e9) {
        *out_ms = llround(s * 1000);
        return true;
    }
    if (instant_parse(text, &us) == ERR_OK) {
        *out_ms = us / 1000;
        return true;
    }
    snprintf(w->why, ASKED_WHY_MAX,
             "%s is not a time: seconds since 1970, or as 2024-06-07T08:30:00Z", name);
    return false;
}

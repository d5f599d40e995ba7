#include "serve/body.h"

#include <libwebsockets.h>
#include <stdlib.h>

void body_begin(struct buf *b)
{
    static const uint8_t room[LWS_PRE];
    buf_clear(b);
    buf_add(b, room, sizeof room);
}

struct body *body_take(struct buf *b, struct jobs *jobs)
{
    struct body *body = b->failed ? NULL : malloc(sizeof *body);
    if (!body) {
        buf_free(b);
        return NULL;
    }
    *body = (struct body){.n = b->n - LWS_PRE,
                          .bytes = b->p + LWS_PRE,
                          .holders = 1,
                          .jobs = jobs,
                          .memory = b->p,
                          .size = b->cap};
    *b = (struct buf){0};
    return body;
}

struct body *body_of(const struct buf *b)
{
    struct buf copy = {0};
    body_begin(&copy);
    buf_add(&copy, b->p, b->n);
    copy.failed |= b->failed;
    return body_take(&copy, NULL);
}

struct body *body_hold(struct body *b)
{
    b->holders++;
    return b;
}

void body_drop(struct body *b)
{
    if (b && --b->holders == 0) {
        job_free(b->jobs, b->memory, b->size);
        free(b);
    }
}

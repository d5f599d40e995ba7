#include "source/pace.h"

#include "base/instant.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 5, FULL_BYTES = 4 << 20 };

/* What stands before each item in the queue. */
struct held {
    int64_t due_us; /* by the recording's clock */
    uint32_t bytes; /* of the record, this included; a multiple of 8 */
    uint32_t kind;  /* enum wire_kind */
};

struct pace {
    struct pace_options o;
    uv_timer_t timer;
    struct buf queue; /* records from `at` on */
    size_t at;
    int64_t first_us, last_us; /* recording's clock: of the first item; of the newest added */
    double elapsed_us;         /* recording's clock: played since the first */
    uint64_t ticked_ns;
    bool is_full, is_paused, is_ending, is_closed, is_emitting;
};

static void free_pace(struct pace *p)
{
    buf_free(&p->queue);
    free(p);
}

static void on_closed(uv_handle_t *handle)
{
    free_pace(handle->data);
}

static void set_full(struct pace *p, bool full)
{
    if (full != p->is_full) {
        p->is_full = full;
        p->o.hold(p->o.ctx, full);
    }
}

static void emit(struct pace *p, struct held *h)
{
    union {
        struct frame frame;
        struct uat_frame uat;
        struct message message;
    } copy; /* the callee may change it, and the queue may move */
    struct wire_item item = {.kind = (enum wire_kind)h->kind};
    memcpy(&copy, h + 1, h->bytes - sizeof *h < sizeof copy ? h->bytes - sizeof *h : sizeof copy);
    if (item.kind == WIRE_FRAME) {
        item.frame = &copy.frame;
    } else if (item.kind == WIRE_UAT) {
        item.uat = &copy.uat;
    } else {
        item.message = &copy.message;
    }
    p->at += h->bytes;
    p->o.item(p->o.ctx, &item);
}

/* Emits all that is due. The callee may close us in between. */
static void emit_due(struct pace *p)
{
    p->is_emitting = true;
    while (!p->is_closed && p->at < p->queue.n) {
        struct held *h = (struct held *)(p->queue.p + p->at);
        if ((double)(h->due_us - p->first_us) > p->elapsed_us) {
            break;
        }
        emit(p, h);
    }
    p->is_emitting = false;
}

static void on_tick(uv_timer_t *timer)
{
    struct pace *p = timer->data;
    const uint64_t now_ns = uv_hrtime();
    p->elapsed_us += (double)(now_ns - p->ticked_ns) / 1000 * p->o.speed;
    p->ticked_ns = now_ns;
    emit_due(p);
    if (p->is_closed) {
        uv_close((uv_handle_t *)&p->timer, on_closed);
        return;
    }
    if (p->at > FULL_BYTES / 2 || p->at == p->queue.n) {
        memmove(p->queue.p, p->queue.p + p->at, p->queue.n - p->at);
        p->queue.n -= p->at;
        p->at = 0;
    }
    if (p->queue.n - p->at < FULL_BYTES / 2 && !p->is_ending) {
        set_full(p, false);
    }
    if (p->queue.n == p->at && p->is_ending) {
        uv_timer_stop(timer);
        p->o.drained(p->o.ctx);
    }
}

struct pace *pace_new(const struct pace_options *o)
{
    struct pace *p = calloc(1, sizeof *p);
    if (!p) {
        return NULL;
    }
    p->o = *o;
    p->first_us = INSTANT_NONE;
    uv_timer_init(o->loop, &p->timer);
    p->timer.data = p;
    return p;
}

static void start(struct pace *p)
{
    p->ticked_ns = uv_hrtime();
    uv_timer_start(&p->timer, on_tick, TICK_MS, TICK_MS);
}

/* An item as it is held: only what of it is set. */
struct pieces {
    const void *p;
    size_t bytes;
    int64_t t_us;
    uint8_t flags;
};

static struct pieces pieces_of(const struct wire_item *item)
{
    const struct message *m = item->message;
    const struct uat_frame *u = item->uat;
    switch (item->kind) {
    case WIRE_FRAME:
        return (struct pieces){item->frame, sizeof *item->frame, item->frame->t_us,
                               item->frame->flags};
    case WIRE_UAT:
        return (struct pieces){u, offsetof(struct uat_frame, byte) + u->n, u->t_us, u->flags};
    default:
        return (struct pieces){m, offsetof(struct message, item) + m->n * sizeof *m->item, m->t_us,
                               m->flags};
    }
}

bool pace_add(struct pace *p, const struct wire_item *item)
{
    const struct pieces it = pieces_of(item);
    const uint8_t flags = it.flags;
    const int64_t t_us = it.t_us;
    const size_t bytes = it.bytes;
    const size_t record = (sizeof(struct held) + bytes + 7) / 8 * 8;
    uint8_t *to = buf_reserve(&p->queue, record);
    if (!to) {
        return false;
    }
    if (!(flags & FRAME_NO_TIME)) {
        if (p->first_us == INSTANT_NONE) {
            p->first_us = p->last_us = t_us;
            start(p);
        }
        p->last_us = t_us > p->last_us ? t_us : p->last_us;
    } else if (p->first_us == INSTANT_NONE) {
        p->first_us = p->last_us = 0;
        start(p);
    }
    const struct held h = {p->last_us, (uint32_t)record, item->kind};
    memcpy(to, &h, sizeof h);
    memcpy(to + sizeof h, it.p, bytes);
    p->queue.n += record;
    if (p->queue.n - p->at > FULL_BYTES) {
        set_full(p, true);
    }
    return true;
}

void pace_pause(struct pace *p, bool paused)
{
    if (paused == p->is_paused || p->is_closed) {
        return;
    }
    p->is_paused = paused;
    if (paused) {
        uv_timer_stop(&p->timer);
    } else if (p->first_us != INSTANT_NONE) {
        start(p);
    }
}

void pace_end(struct pace *p)
{
    p->is_ending = true;
    if (p->first_us == INSTANT_NONE) {
        p->o.drained(p->o.ctx);
    }
}

void pace_close(struct pace *p)
{
    if (p->is_closed) {
        return;
    }
    p->is_closed = true;
    if (!p->is_emitting) {
        uv_close((uv_handle_t *)&p->timer, on_closed);
    }
}

#include "wire/clock.h"

#include <string.h>

#define SECOND_US INT64_C(1000000)

void clock_start(struct clock *c, enum wire_clock source, enum clock_tick tick, int64_t base_us)
{
    memset(c, 0, sizeof *c);
    c->source = source;
    c->tick = tick;
    c->first_flags = base_us ? 0 : FRAME_ELAPSED;
    c->flags = FRAME_NO_TIME;
    c->last_us = base_us;
    c->limit_us = INT64_MAX;
}

void clock_mark(struct clock *c, int64_t mark_us)
{
    if (c->mark > 0 && mark_us > c->mark_us && mark_us - c->mark_us > c->mark_gap_us) {
        c->mark_gap_us = mark_us - c->mark_us;
    }
    if (c->mark_gap_us > 0) {
        c->limit_us = mark_us + 2 * c->mark_gap_us + SECOND_US;
    }
    c->mark++;
    c->mark_us = c->last_us = mark_us;
    c->now.is_set = false;
    c->flags = 0;
}

static struct clock_anchor *slot(struct clock *c, uint64_t id)
{
    return &c->other[(id * UINT64_C(0x9e3779b97f4a7c15)) >> 60];
}

void clock_receiver(struct clock *c, uint64_t id)
{
    if (c->now.id == id) {
        return;
    }
    *slot(c, c->now.id) = c->now;
    const struct clock_anchor *known = slot(c, id);
    if (known->id == id && known->mark == c->mark) {
        c->now = *known;
    } else {
        c->now = (struct clock_anchor){.id = id};
    }
}

static void anchor(struct clock *c, uint64_t tick)
{
    c->now.is_set = true;
    c->now.mark = c->mark;
    c->now.last_tick = tick;
    c->now.anchor_us = c->last_us;
    c->now.acc = 0;
}

uint8_t clock_frame_any(struct clock *c, uint64_t tick, int64_t *t_us)
{
    if (tick == FRAME_NO_TICK) {
        *t_us = c->last_us;
        return c->flags;
    }
    if (!c->now.is_set) {
        anchor(c, tick);
        if (c->flags & FRAME_NO_TIME) {
            c->flags = c->first_flags;
        }
    } else {
        const int64_t acc = c->now.acc + clock_step(c->tick, c->now.last_tick, tick);
        const int64_t t = c->now.anchor_us + acc / CLOCK_TICKS_US;
        if (clock_is_next(c, t)) {
            c->now.acc = acc;
            c->now.last_tick = tick;
            c->last_us = t;
        } else {
            anchor(c, tick);
        }
    }
    *t_us = c->last_us;
    return c->flags;
}

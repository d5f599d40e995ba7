/* When a frame was received, from what its feed says: marks of the time of day, a receiver's
   counter, or neither. Pure: the time of arrival is handed in. One stream, one thread.
 *
 * Under clock=feed a mark is the time of the frame that follows it; frames after that one are as
 * much later as their counters say. Before the first mark the counters alone give the time since
 * the first frame. A counter that jumps (restarted, or another's) does not move the time: counting
 * goes on from the last frame. It has jumped where the time would go back by more than a second, or
 * on by more than a day, or, once two marks have shown how often they come, past the next mark by
 * as long again. */
#ifndef MASAR_WIRE_CLOCK_H
#define MASAR_WIRE_CLOCK_H

#include "model/frame.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_RECEIVERS = 16, CLOCK_TICKS_US = 12 };

/* What the 48 bits of a counter are. */
enum clock_tick {
    CLOCK_TICK_12MHZ, /* wraps after 2^48 ticks */
    CLOCK_TICK_GPS    /* Radarcape: 18 bits second of the day, 30 bits nanosecond */
};

/* One receiver's counter: at anchor_us it stood acc_e12 ticks before last_tick. */
struct clock_anchor {
    uint64_t id;        /* of the receiver */
    uint32_t mark;      /* number of the mark it was set under */
    bool is_set;        /* the members below are */
    uint64_t last_tick; /* as sent, of the frame before */
    int64_t anchor_us;
    int64_t acc; /* ticks of 12 MHz since anchor_us */
};

struct clock {
    enum wire_clock source;
    enum clock_tick tick;
    uint8_t flags; /* of the next frame: FRAME_ELAPSED, FRAME_NO_TIME or 0 */
    uint8_t first_flags;
    uint32_t mark;       /* marks so far */
    int64_t last_us;     /* time of the frame before, or of the mark since */
    int64_t mark_us;     /* time of the last mark */
    int64_t mark_gap_us; /* longest time between two marks */
    int64_t limit_us;    /* no frame is later before the next mark; INT64_MAX if not known */
    struct clock_anchor now;
    struct clock_anchor other[CLOCK_RECEIVERS]; /* of receivers that take turns (Beast 0xe3) */
};

/* base_us: where elapsed time counts from; 0: from 0, and the frames bear FRAME_ELAPSED. */
void clock_start(struct clock *c, enum wire_clock source, enum clock_tick tick, int64_t base_us);

/* The feed says what time it is, microseconds since 1970. */
void clock_mark(struct clock *c, int64_t mark_us);

/* The frames that follow are another receiver's, with a counter of its own. */
void clock_receiver(struct clock *c, uint64_t id);

/* The general case of clock_frame. */
uint8_t clock_frame_any(struct clock *c, uint64_t tick, int64_t *t_us);

/* A counter's way from one reading to the next, in ticks of 12 MHz, the short way round. */
static inline int64_t clock_step(enum clock_tick kind, uint64_t from, uint64_t to)
{
    if (kind == CLOCK_TICK_12MHZ) {
        return (int64_t)((to - from) << 16) >> 16;
    }
    const int64_t day_us = INT64_C(86400000000);
    const int64_t a = (int64_t)(from >> 30) * 1000000 + (int64_t)(from & 0x3fffffff) / 1000;
    const int64_t b = (int64_t)(to >> 30) * 1000000 + (int64_t)(to & 0x3fffffff) / 1000;
    const int64_t step = b - a;
    return CLOCK_TICKS_US * (step < -day_us / 2  ? step + day_us
                             : step > day_us / 2 ? step - day_us
                                                 : step);
}

#define CLOCK_BACK_US INT64_C(1000000)
#define CLOCK_ON_US   INT64_C(86400000000)

/* True where a frame at t_us follows the one before: neither too far back nor too far on. */
static inline bool clock_is_next(const struct clock *c, int64_t t_us)
{
    return (uint64_t)(t_us - c->last_us + CLOCK_BACK_US) <=
               (uint64_t)(CLOCK_BACK_US + CLOCK_ON_US) &&
           t_us <= c->limit_us;
}

/* The time of a frame whose counter stands at tick (FRAME_NO_TICK: none) and that came at now_us.
   Returns the flags it bears: 0, FRAME_ELAPSED or FRAME_NO_TIME. */
static inline uint8_t clock_frame(struct clock *c, uint64_t tick, int64_t now_us, int64_t *t_us)
{
    if (c->source == WIRE_CLOCK_RECEIVE) {
        *t_us = now_us;
        return 0;
    }
    if (c->now.is_set && c->tick == CLOCK_TICK_12MHZ && tick != FRAME_NO_TICK) {
        const int64_t acc = c->now.acc + clock_step(CLOCK_TICK_12MHZ, c->now.last_tick, tick);
        const int64_t t = c->now.anchor_us + acc / CLOCK_TICKS_US;
        if (clock_is_next(c, t)) {
            c->now.acc = acc;
            c->now.last_tick = tick;
            *t_us = c->last_us = t;
            return c->flags;
        }
    }
    return clock_frame_any(c, tick, t_us);
}

#endif

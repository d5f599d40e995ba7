#include "movement/silence.h"

#include <math.h>

/* Where nobody knows what is heard: chance per minute to be heard, high and low. */
#define HEARD_HIGH 0.04F
#define HEARD_LOW  0.015F

/* Minutes that hang together: a receiver that is off, a hill, a transponder's aerial. */
#define BLOCK_MIN 45

/* How far apart it is looked up where that matters: a cell or two. */
#define STEP_MIN 6

static float heard_at(const struct movement_views *v, const struct silence_way *w, float t_min,
                      float *alt_ft)
{
    const float high = isnan(w->alt_ft) ? 10000 : w->alt_ft;
    const float left_nm = (w->way_min - t_min) * 7; /* at 420 kt */
    const float line = w->field_ft + left_nm * 310;
    const int64_t after_ms = (int64_t)(t_min * 60000);
    *alt_ft = w->down && line < high ? line : high;
    if (!v->heard) {
        return -1;
    }
    const struct sphere_place at = sphere_between(w->from, w->to, t_min / w->way_min);
    return v->heard(v->heard_ctx, at.lat_e7, at.lon_e7, (int32_t)*alt_ft,
                    w->back ? w->t_ms - after_ms : w->t_ms + after_ms);
}

float silence_log(const struct movement_views *v, const struct silence_way *w, bool *known)
{
    const float until = w->minutes < w->way_min ? w->minutes : w->way_min;
    const float aim = w->known ? STEP_MIN : fmaxf(until / 12, 2);
    const int steps = until > 0 ? (int)(until / aim + 0.9F) : 0;
    const float step = until / (float)(steps > 0 ? steps : 1);
    float log_p = 0, block = 0, block_min = 0;
    for (int i = 0; i < steps; i++) {
        float alt_ft = 0;
        const float t_min = ((float)i + 0.5F) * step;
        const float h = t_min < w->skip_min ? -1 : heard_at(v, w, t_min, &alt_ft);
        if (h < 0 && !w->known) {
            log_p += step * logf(1 - (alt_ft > 10000 ? HEARD_HIGH : HEARD_LOW));
        } else if (h >= 0) {
            *known = true;
            block = h > block ? h : block;
        }
        block_min += step;
        if (block_min >= BLOCK_MIN || i + 1 == steps) {
            log_p += logf(1 - (block < 0.99F ? block : 0.99F));
            block = block_min = 0;
        }
    }
    return log_p;
}

#include "movement/silence.h"

#include "movement/quick.h"

#include <math.h>

#define RADIANS_PER_E7 (0.017453292519943295 * 1e-7)

/* Where nobody knows what is heard: chance per minute to be heard, high and low. */
#define HEARD_HIGH 0.04F
#define HEARD_LOW  0.015F

/* Minutes that hang together: a receiver that is off, a hill, a transponder's aerial. */
#define BLOCK_MIN 45

/* How far apart it is looked up where that matters: a cell or two. */
#define STEP_MIN 6

/* A great circle: cos(turn) times where it begins plus sin(turn) times where it heads. */
struct line {
    float begin[3], ahead[3], radians;
};

static void vector_of(struct sphere_place at, double v[3])
{
    const double lat = at.lat_e7 * RADIANS_PER_E7, lon = at.lon_e7 * RADIANS_PER_E7;
    v[0] = cos(lat) * cos(lon);
    v[1] = cos(lat) * sin(lon);
    v[2] = sin(lat);
}

static struct line line_of(const struct silence_way *w)
{
    struct line l;
    double a[3], b[3], along = 0, across = 0;
    vector_of(w->from, a);
    vector_of(w->to, b);
    for (int i = 0; i < 3; i++) {
        along += a[i] * b[i];
    }
    for (int i = 0; i < 3; i++) { /* what of `to` stands across `from` */
        b[i] -= along * a[i];
        across += b[i] * b[i];
    }
    across = sqrt(across);
    for (int i = 0; i < 3; i++) {
        l.begin[i] = (float)a[i];
        l.ahead[i] = (float)(across > 0 ? b[i] / across : 0);
    }
    l.radians = (float)atan2(across, along);
    return l;
}

static int32_t e7_of(float deg, float sign)
{
    return (int32_t)((sign < 0 ? -deg : deg) * 1e7F);
}

/* Right to some meters: cells of coverage are tens of kilometers wide. */
static struct sphere_place place_on(const struct line *l, float part)
{
    const float c = cosf(part * l->radians), s = sinf(part * l->radians);
    const float x = c * l->begin[0] + s * l->ahead[0], y = c * l->begin[1] + s * l->ahead[1];
    const float z = c * l->begin[2] + s * l->ahead[2];
    return (struct sphere_place){
        e7_of(quick_angle_deg(sqrtf(x * x + y * y), z), z),
        sphere_wrap_e7(e7_of(quick_angle_deg(x, y), y)),
    };
}

static float height_at(const struct silence_way *w, float t_min, bool down)
{
    const float high = isnan(w->alt_ft) ? 10000 : w->alt_ft;
    const float left_nm = (w->way_min - t_min) * 7; /* at 420 kt */
    const float line = w->field_ft + left_nm * 310;
    return down && line < high ? line : high;
}

/* What adds up along a way. */
struct silence {
    float log_p, block, block_min;
};

static void add_step(struct silence *s, const struct silence_way *w, float h, float alt_ft,
                     float step, bool last)
{
    if (h < 0 && !w->known) {
        s->log_p += step * quick_log(1 - (alt_ft > 10000 ? HEARD_HIGH : HEARD_LOW));
    } else if (h >= 0) {
        s->block = h > s->block ? h : s->block;
    }
    s->block_min += step;
    if (s->block_min >= BLOCK_MIN || last) {
        s->log_p += quick_log(1 - (s->block < 0.99F ? s->block : 0.99F));
        s->block = s->block_min = 0;
    }
}

/* ways: one or both, the one that comes down first if both. */
static void walk(const struct movement_views *v, const struct silence_way *w, const bool *down,
                 int ways, struct silence *out, bool *known)
{
    const float until = w->minutes < w->way_min ? w->minutes : w->way_min;
    const float aim = w->known ? STEP_MIN : fmaxf(until / 12, 2);
    const int steps = until > 0 ? (int)(until / aim + 0.9F) : 0;
    const float step = until / (float)(steps > 0 ? steps : 1);
    struct line line = {.radians = 0};
    if (v->heard && steps > 0) {
        line = line_of(w);
    }
    for (int i = 0; i < steps; i++) {
        const float t_min = ((float)i + 0.5F) * step;
        const bool asked = v->heard && t_min >= w->skip_min;
        const int64_t after_ms = (int64_t)(t_min * 60000);
        const struct sphere_place at =
            asked ? place_on(&line, t_min / w->way_min) : (struct sphere_place){0, 0};
        for (int k = 0; k < ways; k++) {
            const float alt_ft = t_min < w->skip_min ? 0 : height_at(w, t_min, down[k]);
            const float h = asked ? v->heard(v->heard_ctx, at.lat_e7, at.lon_e7, (int32_t)alt_ft,
                                             w->back ? w->t_ms - after_ms : w->t_ms + after_ms)
                                  : -1;
            *known |= h >= 0;
            add_step(&out[k], w, h, alt_ft, step, i + 1 == steps);
        }
    }
}

float silence_log(const struct movement_views *v, const struct silence_way *w, bool *known)
{
    struct silence s = {0, 0, 0};
    walk(v, w, &w->down, 1, &s, known);
    return s.log_p;
}

struct silence_both silence_log_both(const struct movement_views *v, const struct silence_way *w,
                                     bool *known)
{
    static const bool down[] = {true, false};
    struct silence s[2] = {{0, 0, 0}, {0, 0, 0}};
    walk(v, w, down, 2, s, known);
    return (struct silence_both){s[0].log_p, s[1].log_p};
}

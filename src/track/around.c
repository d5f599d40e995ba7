/* Where each receiver hears aircraft: the last airborne place it brought. A pair of surface halves
   means four places a quarter turn apart and one more across the equator; who does not say where
   the receiver stands still has it hear aircraft fly by, and those on the ground are near them.

   A receiver number that stands for many receivers hears places far from each other: within an
   hour of two such places it is of no help. */
#include "track/internal.h"

#include <stdlib.h>

enum { HIGHEST_E7 = 700000000 }; /* farther from the equator a quarter turn is no long way */

static const int64_t SECOND_US = 1000000;
static const int64_t HOUR_US = 3600 * INT64_C(1000000);
static const float TOGETHER_M = 1000e3F; /* of two places one receiver hears */

struct around {
    int64_t t_us, wide_us;
    int32_t lat_e7, lon_e7;
    bool is_heard, is_wide;
};

bool around_init(struct tracker *t)
{
    t->around = calloc(RECEIVERS_MAX, sizeof *t->around);
    return t->around != NULL;
}

static bool is_together(const struct around *r, struct sphere_place p)
{
    const struct sphere_offset o = sphere_offset((struct sphere_place){r->lat_e7, r->lon_e7}, p);
    return o.x_m * o.x_m + o.y_m * o.y_m < TOGETHER_M * TOGETHER_M;
}

static bool is_within_hour(int64_t then_us, int64_t now_us)
{
    return llabs(now_us - then_us) < HOUR_US;
}

void around_note(const struct push *p, const struct fix *f)
{
    struct around *r = &p->t->around[source_receiver(p->source)];
    if (f->ground || f->method != FIX_CPR_GLOBAL ||
        (r->is_heard && llabs(f->t_us - r->t_us) < SECOND_US)) {
        return;
    }
    const struct sphere_place now = {f->lat_e7, f->lon_e7};
    if (r->is_heard && is_within_hour(r->t_us, f->t_us) && !is_together(r, now)) {
        r->is_wide = true;
        r->wide_us = f->t_us;
    }
    r->t_us = f->t_us;
    r->lat_e7 = f->lat_e7;
    r->lon_e7 = f->lon_e7;
    r->is_heard = true;
}

static const struct around *around_of(const struct push *p)
{
    const struct around *r = &p->t->around[source_receiver(p->source)];
    const bool is_of_use = r->is_heard && p->timed && is_within_hour(r->t_us, p->t_us) &&
                           abs(r->lat_e7) < HIGHEST_E7 &&
                           !(r->is_wide && is_within_hour(r->wide_us, p->t_us));
    return is_of_use ? r : NULL;
}

bool around_place(const struct push *p, struct cpr_position *out)
{
    const struct around *r = around_of(p);
    if (r) {
        *out = (struct cpr_position){r->lat_e7, r->lon_e7};
    }
    return r;
}

bool around_is_near(const struct push *p, struct cpr_position at)
{
    const struct around *r = around_of(p);
    return r && is_together(r, (struct sphere_place){at.lat_e7, at.lon_e7});
}

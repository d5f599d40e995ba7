#include "movement/stay.h"

#include <math.h>

/* Where both places are left alike, any time is as good. */
#define ALIKE 1e-3

static float mean(const struct movement_stays *s, float before_h)
{
    return (before_h + s->hours) / (1 + s->stays);
}

float stay_hours(const struct movement_views *v, uint32_t address, uint16_t epoch, int64_t t_ms,
                 bool state, uint32_t site)
{
    struct movement_stays own = {0, 0}, unit = {0, 0};
    if (v->stay) {
        v->stay(v->history_ctx, address, epoch, t_ms, site, &own, &unit);
    }
    const float hours = mean(&own, mean(&unit, state ? STAY_H_STATE : STAY_H_CIVIL));
    return hours > 0.25F ? hours : 0.25F; /* nobody leaves as soon as it lands */
}

double stay_left_h(double window_h, double here_h, double there_h)
{
    /* It left after m hours with a density like exp(-m/here) exp(-(window - m)/there): of an
       exponential of this rate, cut at the window, the median. */
    const double rate = 1 / here_h - 1 / there_h;
    const double x = fabs(rate) * window_h;
    if (x < ALIKE) {
        return window_h / 2;
    }
    const double m = (log(2) - log1p(exp(-x))) / fabs(rate);
    return rate > 0 ? m : window_h - m;
}

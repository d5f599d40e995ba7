#include "radio/gain.h"

enum {
    FRAMES_LEAST = 20, /* fewer say nothing of how many are strong */
    ROOMY_PERIODS = 5,
    BAR_PERIODS = 300
};

static const double CLIPPED_MOST = 1e-3;
static const double CLIPPED_FAR = 1e-2;
static const double CLIPPED_ROOMY = 1e-5;
static const double STRONG_MOST = 0.1;
static const double STRONG_ROOMY = 0.02;
static const double NOISE_MOST_DBFS = -24;
static const double NOISE_ROOMY_DBFS = -30;

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static bool is_too_high(const struct gain_heard *h)
{
    return share(h->clipped, h->values) > CLIPPED_MOST || h->noise_dbfs > NOISE_MOST_DBFS ||
           (h->frames >= FRAMES_LEAST && share(h->strong, h->frames) > STRONG_MOST);
}

static bool has_room(const struct gain_heard *h)
{
    return share(h->clipped, h->values) < CLIPPED_ROOMY && h->noise_dbfs < NOISE_ROOMY_DBFS &&
           share(h->strong, h->frames) < STRONG_ROOMY;
}

bool gain_period(struct gain *g, const struct gain_heard *h)
{
    const unsigned was = g->step;
    g->bar -= g->bar > 0;
    if (is_too_high(h)) {
        const unsigned down = share(h->clipped, h->values) > CLIPPED_FAR ? 3 : 1;
        g->step -= g->step < down ? g->step : down;
        g->bar = BAR_PERIODS;
        g->roomy = 0;
        return g->step != was;
    }
    g->roomy = has_room(h) ? g->roomy + 1 : 0;
    if (g->roomy >= ROOMY_PERIODS && g->bar == 0 && g->step + 1 < g->steps) {
        g->step++;
        g->roomy = 0;
    }
    return g->step != was;
}

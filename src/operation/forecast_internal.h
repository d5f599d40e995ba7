/* What the files of the forecast share: what is learned of the past, and what each draw works on.
 */
#ifndef MASAR_OPERATION_FORECAST_INTERNAL_H
#define MASAR_OPERATION_FORECAST_INTERNAL_H

#include "base/rng.h"
#include "operation/forecast.h"

#define FORECAST_DAY_MS INT64_C(86400000)

/* A departure so far. */
struct forecast_past {
    int64_t t_ms;
    float p;
    uint8_t base;
};

/* Departures of one base drawn together: n of that base in `past` from its first on. */
struct forecast_convoy {
    int64_t first_ms, last_ms;
    size_t first;
    unsigned n;
    uint8_t base;
};

/* A claim of a total: by then so much had left a base (or all of them), in base units. */
struct forecast_pin {
    int64_t at_ms;
    int base; /* -1: all */
    enum measure measure;
    double low, high;
};

enum { FORECAST_PINS = 32 };
#define FORECAST_ALL 1e15 /* of a pin: whatever there is */

struct forecast_world {
    const struct operation *o;
    const struct forecast_options *with;
    struct forecast_past *past; /* by time */
    size_t n;
    struct forecast_convoy *convoy; /* by first_ms */
    size_t convoys;
    struct forecast_pin pin[FORECAST_PINS]; /* by time */
    size_t pins;
    double load_kg, load_sd_kg, each_sd_kg; /* the mean, how well it is known, one from another */
    double people[FORECAST_BASES], people_sd[FORECAST_BASES]; /* log deviation of people */
    double most_kg;
    bool learned;
    double shape[FORECAST_BASES], rate[FORECAST_BASES]; /* of the gamma of departures a clear day */
    double dispersion;                                  /* of counts a day: variance over mean */
    uint8_t *is_gap; /* FORECAST_BASES rows of FORECAST_DAYS, ahead of now */
    struct forecast *out;
};

/* Loads and people of a departure from claims (forecast_learn.c). */
void forecast_learn(struct forecast_world *w);
/* Departures a day of each base (forecast_pace.c). */
void forecast_pace(struct forecast_world *w);
/* Departures together (forecast_convoy.c). ERR_MEMORY. */
enum err forecast_convoys(struct forecast_world *w);
/* What one departure of many carries, by a normal curve that ends at 0 and at the most. */
struct forecast_moments {
    double mean, variance;
};
struct forecast_moments forecast_one_load(double mean, double sd, double most);
/* The draws (forecast_draw.c). ERR_MEMORY. */
enum err forecast_draw(struct forecast_world *w);

#endif

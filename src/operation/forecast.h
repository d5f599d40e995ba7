/* When an operation will be done: from the departures seen so far (a count with overdispersion),
   what a departure carries (learned from the operation's own claims, else between low and plan of
   its type), the requirement line by line in order of priority, and the days without clearance,
   through which nothing is extrapolated. Answers are 10, 50 and 90 % dates and the probability of
   making the deadline; where there is nothing to reckon from it says "no basis". Seeded draws: the
   same input gives the same answer. Pure. Times are milliseconds since 1970, loads kilograms. */
#ifndef MASAR_OPERATION_FORECAST_H
#define MASAR_OPERATION_FORECAST_H

#include "operation/clearance.h"
#include "operation/match.h"
#include "operation/tally.h"

enum {
    FORECAST_LINES = 64,
    FORECAST_BASES = 16,
    FORECAST_BURNS = 16,
    FORECAST_DRAWS = 2000,
    FORECAST_DAYS = 400
};

#define FORECAST_NEVER INT64_MAX /* not within FORECAST_DAYS */

enum forecast_basis {
    FORECAST_OPEN,      /* there is a forecast */
    FORECAST_DONE,      /* as good as surely done already */
    FORECAST_NO_PACE,   /* no departure from its base of late */
    FORECAST_NOT_READY, /* not ready yet: nothing seen so far can have been of it */
    FORECAST_NO_UNIT,   /* nothing says how much of its unit a departure carries */
    FORECAST_NO_LOAD    /* nobody knows what the aircraft lift */
};
/* "forecast", "done", "no_pace" … */
const char *forecast_basis_key(enum forecast_basis b);

struct forecast_line {
    const struct item *line; /* NULL: of all lines that may not be left and have a basis */
    enum forecast_basis basis;
    double quantity, unit_base;           /* in its unit; base units in one */
    double moved_low, moved, moved_high;  /* so far: 10, 50, 90 %, in its unit */
    int64_t at_10_ms, at_50_ms, at_90_ms; /* closed; FORECAST_NEVER */
    double p_deadline;
    double needed_a_day; /* departures from its base a day to make the deadline, at the mean load */
};

/* 10 and 90 % of the draws, and what lies between: the median, of departures the mean. */
struct forecast_band {
    float low, mid, high;
};

/* By day (since 1970): what is left to move at its end, as far back as believed now and ahead. */
struct forecast_series {
    int32_t first_day;
    unsigned days;
    size_t n;
    struct forecast_burn {
        const struct item *line; /* NULL: all lines of the measure that may not be left */
        enum measure measure;
        double whole; /* base units */
        struct forecast_band day[FORECAST_DAYS];
    } of[FORECAST_BURNS];
    struct forecast_band ahead[FORECAST_DAYS]; /* departures; of days after now */
};

struct forecast_base {
    char code[12];
    char country[3];
    double rate; /* departures a day of valid clearance, mean */
    double rate_low, rate_high;
    unsigned gap_days; /* ahead, known to have no valid clearance */
    bool has_pace;
    double people;                              /* a departure */
    double ceiling_kg;                          /* a day by its working MOG; 0 not known */
    int64_t next_10_ms, next_50_ms, next_90_ms; /* its next departure; FORECAST_NEVER */
};

struct forecast {
    int64_t now_ms, deadline_ms;
    double load_kg, load_sd_kg; /* mean of a departure, and how well it is known */
    bool load_learned;          /* from claims */
    struct forecast_line line[FORECAST_LINES], all;
    size_t lines;
    struct forecast_base base[FORECAST_BASES];
    size_t bases;
    unsigned lines_without; /* that may not be left and have no basis */
};

struct forecast_options {
    int64_t now_ms;
    uint64_t seed;
    double load_kg; /* of each departure, whatever claims say; 0: learned */
    unsigned draws; /* 0: FORECAST_DRAWS; fewer of thousands of departures */
    size_t alone;   /* of more departures than these those of a day are drawn together; 0: 256 */
    struct forecast_series *series;                         /* NULL: not asked for */
    const char *(*country)(void *ctx, const char *airport); /* "" not known */
    void *ctx;
};

/* ERR_MEMORY; ERR_NOT_FOUND: the operation has no head. */
enum err forecast_make(const struct operation *o, const struct matches *m,
                       const struct forecast_options *with, struct forecast *out);

/* Whether something said was known at an instant: a claim published, a clearance asked for. */
bool forecast_claim_known(const struct item *claim, int64_t now_ms);

#endif

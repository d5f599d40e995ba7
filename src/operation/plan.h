/* A plan of an airlift: departures by day, base and type that take what is left by the deadline, as
   a linear problem which somebody else solves: lift of the fleet, places worked on at once, days
   with clearance, ready and latest dates, priorities. What does not fit is left over, never made to
   fit; what binds is found by solving again without each kind of limit. Pure. Days count from the
   one after now, amounts are base units (kilograms, people). */
#ifndef MASAR_OPERATION_PLAN_H
#define MASAR_OPERATION_PLAN_H

#include "operation/forecast.h"

enum { PLAN_TYPES = 4, PLAN_DAYS = 200, PLAN_WHY_MAX = 256 };

enum plan_limit { PLAN_AIRCRAFT, PLAN_PLACES, PLAN_CLEARANCES, PLAN_DATES, PLAN_LIMITS };
/* "aircraft", "places", "clearances", "dates". */
const char *plan_limit_key(enum plan_limit l);

struct plan_type {
    char code[5];
    double aircraft, payload_kg, seats;
    double ground_h, block_kt;
    const struct item *factor; /* the edition it is by */
};

struct plan_question {
    const struct forecast *forecast; /* what has moved, the load learned */
    struct plan_type type[PLAN_TYPES];
    size_t types;
    double flying_h;     /* an aircraft a day */
    const char *edition; /* NULL: the first planning factor of each type */
    /* Kilometers between airports; 0: one of them is not known. */
    double (*km)(void *ctx, const char *from, const char *to);
    void *ctx;
};

struct plan_base {
    char code[12], other[12]; /* the other end of its flights */
    double km;
    double places[PLAN_DAYS];    /* departures a day; HUGE_VAL: nobody knows a limit */
    bool open[PLAN_DAYS];        /* a clearance is valid, or nobody knows */
    double each_day[PLAN_TYPES]; /* round trips of one aircraft a day */
    double cycle_h[PLAN_TYPES];  /* of one */
};

struct plan_line {
    const struct item *line;
    size_t base;
    enum measure measure;
    double left;     /* base units */
    int first, last; /* days it may leave on */
    bool must;
};

struct plan_result {
    double over[FORECAST_LINES];                         /* of each line left over */
    double must_over;                                    /* of lines that must go: share of them */
    int done[FORECAST_LINES], all_done;                  /* day; -1 never, or nothing was left */
    double lp[FORECAST_BASES][PLAN_TYPES][PLAN_DAYS];    /* departures, broken */
    uint16_t fly[FORECAST_BASES][PLAN_TYPES][PLAN_DAYS]; /* whole: none later than needed */
    double moved[FORECAST_LINES][PLAN_DAYS];
    unsigned departures;
};

struct plan {
    struct plan_question with;
    int32_t first_day;
    unsigned days;
    struct plan_base base[FORECAST_BASES];
    size_t bases;
    struct plan_line line[FORECAST_LINES];
    size_t lines, without; /* without: of a unit nobody knows the room of */
    struct plan_result as_is;
    struct {
        double must_over;
        int all_done;
    } freed[PLAN_LIMITS]; /* without that limit */
};

/* Minimize cost * x, lower <= x; each row: sum of its cells between low and high. */
struct plan_problem {
    size_t columns, rows, cells;
    double *cost;       /* of columns */
    double *upper;      /* of columns; HUGE_VAL */
    double *low, *high; /* of rows; HUGE_VAL or -HUGE_VAL: none */
    int *row, *column;  /* of cells; both count from 1, the first cell is [1] */
    double *value;
};

/* Puts x of each column; false: it has no solution or the solver failed. */
typedef bool plan_solve_fn(void *ctx, const struct plan_problem *p, double *x);

/* ERR_RANGE, ERR_NOT_FOUND: why says what is missing; ERR_MEMORY. */
enum err plan_make(const struct operation *o, const struct matches *m,
                   const struct plan_question *with, plan_solve_fn *solve, void *ctx,
                   struct plan *out, char why[PLAN_WHY_MAX]);

/* What binds most, PLAN_LIMITS: nothing but the priorities and the round trips themselves. */
enum plan_limit plan_binds(const struct plan *p);

/* Between the files of this room: the problem without the limits of a mask; reads its solution. */
enum err plan_problem_make(const struct plan *p, unsigned freed, struct plan_problem *out);
void plan_problem_free(struct plan_problem *p);
void plan_read(const struct plan *p, const double *x, struct plan_result *out);

#endif

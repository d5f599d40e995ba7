/* Sums over an operation's flights: departures and arrivals by day, expected and observed with the
   interval that holds the true number with 90 %, the lift they offered (never what was carried),
   and who else was at the bases. Pure. */
#ifndef MASAR_OPERATION_TALLY_H
#define MASAR_OPERATION_TALLY_H

#include "base/chance.h"
#include "operation/match.h"

enum tally_edge { TALLY_OUT, TALLY_IN, TALLY_EDGES }; /* departures, arrivals */
/* What an operation counts: arrivals where the last one closes it, else departures. */
enum tally_edge operation_edge(const struct operation *o);

enum lift { LIFT_LOW, LIFT_PLAN, LIFT_MAX, LIFTS };

struct tally_sum {
    struct chance_sum sum; /* expected, low, high */
    double unseen;         /* of the expected: of visits with neither end heard */
    unsigned observed, listed;
    double lift_kg[LIFTS]; /* expected */
    unsigned lift_unknown; /* listed flights of types nobody knows the lift of */
};

struct tally_day {
    float expected[TALLY_EDGES];
    uint16_t observed[TALLY_EDGES], listed[TALLY_EDGES];
    uint16_t low[TALLY_EDGES], high[TALLY_EDGES]; /* 90 % interval */
};

/* Lift of one sortie of a type in kg, from the operation's own factors, else from the type.
   edition: NULL: whichever says it; with one, plan is that edition's. False: nobody knows. */
bool tally_lift(const struct operation *o, const struct sortie *s, const char *edition,
                double kg[LIFTS]);

/* Of the flights that are the operation's within from <= t < to; base: NULL any. ERR_MEMORY. */
enum err tally_sum(const struct operation *o, const struct matches *m, enum tally_edge edge,
                   const char *base, int64_t from_ms, int64_t to_ms, struct tally_sum *out);

/* days of room from first_day (since 1970) on. ERR_MEMORY. */
enum err tally_days(const struct matches *m, int32_t first_day, size_t days, struct tally_day *out);

/* Who used the bases: one row a country, operator and whether military. */
struct presence {
    char country[3], operator[9];
    bool military, in; /* in: has flights of the operation */
    unsigned arrivals; /* listed */
    float expected;
    struct presence_day {
        float surest; /* p of the surest arrival or departure of the day */
        uint16_t n;   /* listed */
    } * day;
};
struct presence_all {
    struct presence *row; /* by expected, falling */
    size_t n, days;
    int32_t first_day;
};
enum err presence_find(const struct matches *m, int32_t first_day, size_t days,
                       struct presence_all *out);
void presence_free(struct presence_all *p);

#endif

/* What a sum adds for flights that left no row (movement/unheard.h): of one question for arrivals
   at or departures from a place, unit by unit (of state aircraft country and type, of others
   operator and type), for each flies in a rhythm of its own. Nothing is added where all seems to
   have been heard, where too few stays are known to have a rhythm, and where a call sign, an
   operator or a least probability was asked for: what nobody heard has none of them. Pure. */
#ifndef MASAR_LEDGER_MISSED_H
#define MASAR_LEDGER_MISSED_H

#include "ledger/later.h"
#include "ledger/question.h"
#include "movement/unheard.h"

/* Flights of one unit, by airframe. Owned. */
struct missed_group {
    char unit[24];
    bool military;
    struct unheard_flight *flight;
    size_t n, cap;
    struct later later; /* where they were, all they flew */
};

struct missed {
    struct missed_group *group;
    size_t groups;
    int64_t now_ms; /* the ledger's last word on anything */
};

/* Whether this is a question whose sum tells of what was missed. */
bool missed_is_asked(const struct ledger_question *q);

/* Its group; NULL: out of memory. */
struct missed_group *missed_group(struct missed *m, const char *unit, bool military);

/* A flight of that unit; those of one airframe in their order. ERR_MEMORY. */
enum err missed_add(struct missed_group *g, const struct unheard_flight *f);

/* Expected departures (or arrivals) that left no row, and from what. */
struct missed_sum {
    double stays;         /* in stays that leave room for a flight out and back */
    double ends;          /* of aircraft that came and were not heard again */
    double ways;          /* between two places elsewhere of which one is only reached from here */
    double visits;        /* of visits with neither end heard */
    double variance_more; /* of visits, beside their own: how well their number is known */
    double heard_out, heard_in; /* least share of any unit; 1: nothing was judged */
};

/* Adds the chances they are made of to p, where there are *n of at most max. ERR_MEMORY. */
enum err missed_sum(const struct missed *m, const struct ledger_question *q, struct missed_sum *out,
                    float *p, size_t *n, size_t max);

/* How many chances missed_sum may add. */
size_t missed_most(const struct missed *m);

double missed_expected(const struct missed_sum *s);
void missed_free(struct missed *m);

#endif

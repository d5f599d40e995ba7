/* A flight as the ledger tells it, with what an operation asks of it: who, both ends with where
   they may have been, whose airspace its path was seen in. A plain value; app makes it of rows of
   the ledger. Times are milliseconds since 1970. */
#ifndef MASAR_OPERATION_SORTIE_H
#define MASAR_OPERATION_SORTIE_H

#include <stdbool.h>
#include <stdint.h>

enum { SORTIE_PLACES = 8, SORTIE_STATES = 24 };

#define SORTIE_NO_TIME INT64_MIN

struct sortie_end {
    bool known, observed; /* somebody says where; both sides of it were heard */
    uint8_t places;
    struct sortie_place {
        char code[12], country[3];
        float p;
        /* Where habit.h weighed it anew: what the ledger said, and by how much more than p, which
           stays below "inferred", it counts in sums; else 0. */
        float told, more;
    } place[SORTIE_PLACES]; /* falling p */
    float p;                /* that it happened at all */
    int64_t lo_ms, hi_ms;   /* SORTIE_NO_TIME */
    int64_t t_ms;           /* as likely before as after; outside of them: the middle */
    uint32_t number;        /* of the ledger's row; 0 */
};

/* The one time an end is counted at; SORTIE_NO_TIME. */
static inline int64_t sortie_end_time(const struct sortie_end *e)
{
    return e->lo_ms == SORTIE_NO_TIME                   ? SORTIE_NO_TIME
           : e->t_ms >= e->lo_ms && e->t_ms <= e->hi_ms ? e->t_ms
                                                        : e->lo_ms + (e->hi_ms - e->lo_ms) / 2;
}

struct sortie_state {
    char country[3];
    int64_t first_ms, last_ms; /* seen inside from, to, without a hole */
};

struct sortie {
    uint32_t address, leg;
    uint16_t epoch;
    char callsign[9], type[5], operator[9], country[3], registration[17];
    bool military, is_sortie, is_over;
    bool is_lift;        /* of a class that carries things */
    bool implied;        /* never heard: it was there before and elsewhere after */
    uint32_t lift_kg[3]; /* low, plan, max of its type; 0 not known */
    uint16_t seats;
    struct sortie_end off, on;
    char came_as[9];  /* call sign it came under to where it left; "" not known */
    uint32_t came_by; /* leg of that flight and one; 0 not known */
    /* The path: passages of states seen overflown, in the order of time, a new one after each hole;
       silent_ms: how much of it nobody heard; path_known: its points were looked at. */
    bool path_known;
    uint8_t states;
    struct sortie_state state[SORTIE_STATES];
    int64_t silent_ms;
};

#endif

/* Diplomatic clearances against flights and days: whether what was seen of a flight was inside
   one, outside all, with none on file, or cannot be known. A country's airspace is its land and
   12 NM of sea; what nobody heard is unknown, never outside. Pure. Times are milliseconds. */
#ifndef MASAR_OPERATION_CLEARANCE_H
#define MASAR_OPERATION_CLEARANCE_H

#include "operation/operation.h"
#include "operation/sortie.h"

enum clearance_state {
    CLEARANCE_INSIDE,
    CLEARANCE_OUTSIDE, /* there was one for it, not valid then: another time, refused, revoked */
    CLEARANCE_NONE,    /* none on file */
    CLEARANCE_UNKNOWN, /* it was not seen there, or not when */
    CLEARANCE_STATES
};

/* Rises from inside over unknown and none to outside: what a desk must look at first. */
unsigned clearance_grave(enum clearance_state s);

enum clearance_use { CLEARANCE_LANDING, CLEARANCE_OVERFLIGHT };

/* Whether two may be for the same flights: country, use, tails, call signs and types meet, an empty
   list meeting everything. */
bool clearance_meet(const struct item *a, const struct item *b);

/* "inside", "outside", "none", "unknown". */
const char *clearance_state_key(enum clearance_state s);

enum { CLEARANCE_FINDINGS = 16 };

struct clearance_finding {
    char country[3];
    enum clearance_use use;
    bool leaving; /* of landing: it is the take-off */
    enum clearance_state state;
    const struct item *clearance; /* the one it was inside, or that came nearest; NULL */
};

/* Which flight an overflight clearance was for, or which visit a landing clearance (a flight that
   came and the one that left), where its country's rule says it is for one alone (`once`): of those
   it names and that went its way the one nearest to its beginning, none twice. As many and in the
   order of the operation's clearances. */
struct clearance_taken {
    struct clearance_flight {
        uint32_t address, leg; /* of a visit: of the flight that came */
        uint16_t epoch;
        bool is;        /* else it is nobody's */
        bool contested; /* it may as well have been another one's, which has none */
        int64_t t_ms;   /* when it flew */
    } * by;
    size_t n;
};
/* Of flights, n of them, stride bytes apart (each begins with a struct sortie). ERR_MEMORY. */
enum err clearance_take(const struct operation *o, const struct sortie *first, size_t n,
                        size_t stride, struct clearance_taken *out);
void clearance_taken_free(struct clearance_taken *t);

/* What each country it was seen in, landed in or left, and each one whose clearance names it, says
   of the flight; as known at now. taken: may be NULL. Its party's own countries ask for none.
   Returns how many. */
size_t clearance_find(const struct operation *o, const struct clearance_taken *taken,
                      const struct sortie *s, int64_t now_ms,
                      struct clearance_finding out[CLEARANCE_FINDINGS]);

/* Whether it was asked for, or decided on, by then. */
bool clearance_is_known(const struct item *c, int64_t now_ms);

/* From when to when a clearance is valid by its country's rule, as known at now. False: it is not
   valid at any time (asked for, refused, revoked before it began). */
bool clearance_window(const struct operation *o, const struct item *c, int64_t now_ms,
                      int64_t *from_ms, int64_t *to_ms);

/* A country's landing clearances over one day (since 1970). */
enum clearance_day {
    CLEARANCE_DAY_VALID,
    CLEARANCE_DAY_NONE,    /* some are on file for before and after, none for the day */
    CLEARANCE_DAY_UNKNOWN, /* nothing is on file, or not for so late */
    CLEARANCE_DAY_FREE     /* its rule says none is needed */
};
enum clearance_day clearance_day(const struct operation *o, const char *country, int32_t day,
                                 int64_t now_ms);
/* Of n days from first_day on. */
void clearance_days(const struct operation *o, const char *country, int32_t first_day, size_t n,
                    int64_t now_ms, enum clearance_day *out);

/* The last of a country's landing clearances ends within ahead_ms, and none follows: when. False:
   no such end. */
bool clearance_lapses(const struct operation *o, const char *country, int64_t now_ms,
                      int64_t ahead_ms, int64_t *at_ms);

/* A clearance that is valid and the last instant it is, by its country's rule. What one wants of it
   stands in its fields: number c->key, SAID_CLEARANCE_COUNTRY, _USE, _CALLSIGNS, _TAILS, _POINTS;
   item_word(c, SAID_CLEARANCE_USE) is an enum clearance_use. */
struct clearance_end {
    const struct item *c; /* of the operation */
    int64_t from_ms, to_ms;
    bool is_last; /* no other of its country and use that may be for the same flights is valid later
                   */
};

/* Those valid at now whose last instant is within ahead_ms, as known at now; not those in whose
   place another one is valid for longer (`replaces`). The soonest first, then by number; the first
   most of them. Extending one moves its end, so that it is no longer here or ends later. */
size_t clearance_ends(const struct operation *o, int64_t now_ms, int64_t ahead_ms,
                      struct clearance_end *out, size_t most);

#endif

/* A question to the ledger, as names and values say it: the options of `masar flights` and its
   like, the parameters of /api/v1/flights. Any bytes may come.

     airport=DRRN             landings, take-offs, stays and events there; flights from or to it.
                              Fields side by side are one
     country=NE               the same of a country's airports (of events: over land and sea, no)
     area=…                   the same of airports, or events, in an area (wire/area_read.h)
     hex=aefc10 registration=… type=C17 (exact) class=airlift_heavy operator=RCH callsign=RCH103
     military=1|0 state=US    whose aircraft: state is that of its address
     kind=orbit               of events
     from=T to=T              the time it is listed by, from <= t < to; RFC 3339, a date or seconds
     p=0.5                    no row less sure than this (default 0.005)
     limit=N                  the first N rows; sums are over all
     after=…                  rows behind that one: `next` of the answer before
     format=table|csv|json */
#ifndef MASAR_LEDGER_QUESTION_H
#define MASAR_LEDGER_QUESTION_H

#include "base/err.h"
#include "wire/area_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ledger_what {
    LEDGER_FLIGHTS,
    LEDGER_ARRIVALS,
    LEDGER_DEPARTURES,
    LEDGER_STAYS,
    LEDGER_ORBITS,
    LEDGER_EVENTS,
    LEDGER_WHATS
};

enum ledger_format { LEDGER_TABLE, LEDGER_CSV, LEDGER_JSON };

enum { LEDGER_WHY_MAX = 256, LEDGER_TEXT_MAX = 32 };

#define LEDGER_LEAST_P 0.005F

struct ledger_question {
    enum ledger_what what;
    enum ledger_format format;
    char airport[LEDGER_TEXT_MAX], country[3], registration[LEDGER_TEXT_MAX], type[5],
        class[LEDGER_TEXT_MAX], operator[LEDGER_TEXT_MAX], callsign[9], state[3];
    uint32_t address; /* ADDRESS_NONE: any */
    int military;     /* -1: any */
    int kind;         /* enum claim_kind; -1: any */
    int64_t from_ms, to_ms;
    int64_t edition; /* 0: the newest */
    float least_p;
    uint64_t limit; /* 0: all */
    struct ledger_after {
        bool given;
        int64_t t_ms;
        uint32_t address, epoch, leg, number;
        char airport[12];
    } after;                        /* rows in their order behind this one */
    const struct area_lands *lands; /* set after ledger_question_start; borrowed */
    struct area_given area;
    struct area_shape *shape; /* NULL: anywhere */
};

/* "flights" …; LEDGER_WHATS: none. */
enum ledger_what ledger_what_find(const char *name);
const char *ledger_what_name(enum ledger_what w);

void ledger_question_start(struct ledger_question *q, enum ledger_what what);
void ledger_question_free(struct ledger_question *q);

/* One name and its value. On an error why says in a sentence what is wrong and what would be right:
   ERR_UNKNOWN: no such name; ERR_SYNTAX, ERR_RANGE, ERR_MEMORY. */
enum err ledger_question_set(struct ledger_question *q, const char *name, const char *value,
                             char *why, size_t why_size);

#endif

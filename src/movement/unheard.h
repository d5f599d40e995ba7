/* What nobody heard of the traffic of some places ("the bases": an operation's, or the airport
   asked for), from its own rhythm: how long aircraft stay there, how long they fly, and which share
   of departures and arrivals was not heard. So a stay that leaves room for a flight out and back,
   an aircraft that came and was never heard again, and a way that is only ever flown by a base each
   tell of flights in between; so does a flight of which one end was heard, where nobody ever heard
   one go straight from there to where the airframe stood; and of visits with both ends unheard
   their number is known though not when (two lists of the same visits, those by arrival and those
   by departure: Chapman 1951). Pure. Times are milliseconds. */
#ifndef MASAR_MOVEMENT_UNHEARD_H
#define MASAR_MOVEMENT_UNHEARD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place is where an end was with this much. */
#define UNHEARD_SURE 0.7
/* A flight of which so little is said is none. */
#define UNHEARD_LEAST_P 0.05

#define UNHEARD_NO_TIME INT64_MIN

struct unheard_end {
    uint32_t place; /* where it was, if that is sure enough: a number of the caller's; 0 unknown */
    bool is_base;   /* that is one of the bases */
    double base_p;  /* that it happened, and at one of the bases */
    double place_p; /* and at the likeliest of its places */
    int64_t lo_ms, hi_ms; /* UNHEARD_NO_TIME */
};

struct unheard_flight {
    uint64_t airframe;
    bool own;   /* of the traffic that is looked at */
    bool heard; /* itself; else it follows from others */
    struct unheard_end off, on;
};

struct unheard {
    double *stay_h; /* at bases, rising */
    size_t stays;
    double usual_h, flight_h;       /* medians; flight: of one that came to or left a base */
    double room_h;                  /* a stay as long as this holds a flight out and one back */
    double p_room;                  /* that it did */
    double unheard_out, unheard_in; /* share of departures, arrivals not heard */
    double hidden;                  /* departures and arrivals not heard, that tell so */
    double unseen;                  /* visits with neither end heard, expected */
    double unseen_low,
        unseen_high; /* by the 10 and 90 % points of both shares, which few tell of */
};

/* Flights by airframe, each one's in their order. ERR_MEMORY. */
enum err unheard_learn(const struct unheard_flight *f, size_t n, struct unheard *out);
void unheard_free(struct unheard *u);

enum unheard_kind {
    UNHEARD_NOTHING,
    UNHEARD_LEFT,         /* it came to a base and left it */
    UNHEARD_OUT_AND_BACK, /* it left the base where it was and came back */
    UNHEARD_BY_A_BASE,    /* it came to a base and left it, between two places elsewhere */
    UNHEARD_FROM_A_BASE,  /* so too, and the next flight, heard at its end alone, left the base: not
                             where it stood before */
    UNHEARD_TO_A_BASE     /* so too, and the flight before, heard at its start alone, came to it */
};

struct unheard_between {
    enum unheard_kind kind;
    double p;
    int64_t came_ms, left_ms; /* it came at the soonest, left at the latest; ends lie between */
    int64_t within_ms;        /* of UNHEARD_OUT_AND_BACK: left within that of having come */
    size_t like; /* …_A_BASE: a flight, the nearest in time, that left or came to it */
};

/* What took place between flight[a] and the next of its airframe (has_next: flight[a + 1] is it;
   else nothing was heard after until now_ms). */
struct unheard_between unheard_find(const struct unheard *u, const struct unheard_flight *flight,
                                    size_t n, size_t a, bool has_next, int64_t now_ms);

#endif

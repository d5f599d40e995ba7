/* What an aircraft did while nobody heard it, given that it came down: where it landed, where it
   left, and whether it flew a whole flight from the one to the other that nobody heard. Weighed
   from both sides of the silence, with the time there was and with what is normally heard on the
   ways. Pure; no rows. */
#ifndef MASAR_MOVEMENT_STOP_H
#define MASAR_MOVEMENT_STOP_H

#include "movement/posterior.h"

struct stop_question {
    const struct movement_views *views;
    struct posterior *posterior;
    struct posterior_flight before;    /* of the flight that fell silent */
    struct posterior_flight after;     /* its first moment is the one heard again */
    struct posterior_end origin;       /* of the flight before; n 0 not known */
    const struct posterior_end *stood; /* it stood there when last heard; NULL: it flew */
    const struct posterior_end *found; /* it stands there now; NULL: it flies */
    float minutes;                     /* of silence */
    float cruise_kt;
    float stop_min;    /* shortest stop */
    float typical_min; /* as stops mostly are; longer ones get rarer slowly */
};

enum { STOP_WAYS = 16 };

struct stop_answer {
    struct posterior_end landed; /* after it was last heard (stood there, if it stood) */
    struct posterior_end left;   /* last, before it was heard again (found there, if found) */
    struct posterior_end from, to;
    float unheard_p; /* that it flew from one place to another meanwhile */
    float fit;       /* how well it fits that it stopped at all, beside stop_flew_on's 1 */
    /* Where it left last, and how well it fits with no flight in between and with one. */
    struct stop_way {
        uint32_t airport;
        float once, twice;
    } way[STOP_WAYS];
    unsigned ways;
    /* Minutes the ways between the likeliest places take: into the silence's first place, out of
       its last, and from the one to the other. */
    struct stop_min {
        float least, usual;
    } in, out, between;
};

void stop_weigh(const struct stop_question *q, struct stop_answer *out);

/* Minutes a way takes, at least and as it is mostly flown. */
float stop_least_min(float nm, float cruise_kt);
float stop_way_min(float nm, float cruise_kt);

#endif

/* How likely flights begin and end where, before their path is looked at: from what was flown
   before by the airframe, its unit, operator and kind. One half of the posterior (posterior.h has
   the other); what both share is here. */
#ifndef MASAR_MOVEMENT_PRIOR_H
#define MASAR_MOVEMENT_PRIOR_H

#include "movement/fit.h"

enum { EXTRAS = 64, STAGES = 2048 };

struct posterior {
    struct movement_views views;
    struct posterior_weights w, state_w; /* of airlines, of states */
    struct sites sites;
    int32_t day;                  /* asked about */
    int32_t alike_from, alike_to; /* base and state hold from day to day; the latter not included */
    float *base;  /* by site: how likely a flight of which nothing is known ends here; sums to 1 */
    float *state; /* the same of a state's aircraft; sums to 1 */
    float base_small; /* what a size of 1 is in base */
    float *op, *from, *pair, *prior, *score;
    float *end;        /* by site: how likely it is the other end */
    float *nm, *fit;   /* of the moment asked about, by site */
    int32_t *step;     /* of stage, by site */
    uint16_t *country; /* by site: its two letters; 0 not known */
    const struct fit_kernel *kernel;
    struct fit_places places; /* of all sites */
    struct site extra[EXTRAS];
    float extra_score[EXTRAS];
    unsigned extras;
    float none_score;
    float guessed; /* share of the prior for which only sizes of fields tell where traffic goes */
    float wide;    /* what the prior of a field without routes is, of its base */
    uint32_t rules;
    float best, all, heat; /* of the answer given last */
    float stage[STAGES];
};

/* Fills what does not depend on a flight: how likely a flight is so long. */
void prior_open(struct posterior *p);

/* p->prior over all sites given the other end; backward: of origins. Adds to p->rules. */
void prior_fill(struct posterior *p, const struct posterior_flight *f,
                const struct posterior_end *end, bool backward);

float prior_sum(const struct posterior *p, const float *of);

#endif

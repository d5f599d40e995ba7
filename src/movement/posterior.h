/* Where a flight is bound, and where it came from: a probability over sites, with "none of these",
   from what was flown before and from its path. The terms and how they were fitted are in
   docs/MOVEMENT.md. One machine, any number of flights; answers depend on the question alone. */
#ifndef MASAR_MOVEMENT_POSTERIOR_H
#define MASAR_MOVEMENT_POSTERIOR_H

#include "model/claim.h"
#include "movement/movement.h"
#include "movement/site.h"

enum vertical { VERTICAL_UNKNOWN, VERTICAL_CLIMB, VERTICAL_LEVEL, VERTICAL_DESCENT };

struct place_p {
    uint32_t airport;
    float p;
};

/* An end of a flight: falling p; none_p is what is left. */
struct posterior_end {
    struct place_p place[CLAIM_CANDIDATES];
    unsigned n; /* 0: nothing is known */
    float none_p;
    uint32_t rules; /* which terms told: bits of enum claim_rule */
};

/* A moment of a flight. Distances nautical miles, heights feet, speeds knots. */
struct posterior_moment {
    struct unit at;
    int32_t lat_e7, lon_e7;
    float track_deg; /* < 0 not known */
    float alt_ft;    /* above the sea; NAN not known */
    float gs_kt;     /* NAN not known */
    float rate_fpm;  /* of the last minute or two; 0 */
    float straight;  /* chord by way over the last minutes: 1 straight on, 0 round in circles */
    enum vertical phase;
};

struct posterior_flight {
    uint32_t address;
    uint16_t epoch; /* of the airframes of its address, as a claim's */
    int64_t t_ms;   /* of now */
    char operator[4];
    bool state;
    struct movement_type type; /* zeros: not known */
    struct posterior_moment first, now;
    bool first_is_takeoff; /* flown counts from the field */
    float flown_nm;        /* along its path, from first to now */
    float top_ft;          /* highest so far */
    float top_gs_kt;       /* fastest so far */
    float brisk;           /* how fast it climbed, of what is usual; 0 not known */
    bool silent;           /* now (of posterior_origin: first) is where hearing ends (begins) */
};

struct posterior_weights {
    float op_k, pair_k, origin_k; /* flights a prior of wider kind counts for */
    float op_wide, pair_wide;     /* at least this share of a prior is of the wider kind */
    float reverse;                /* what a route the other way counts for */
    float history_k;              /* flights the routes count for beside the ledger's own */
    float gate;                   /* share of its flights that passes any one gate */
    float region, country; /* shares of the unseen that lie near what was seen, in its countries */
    float same;            /* that a flight ends where it began */
    float odd;             /* that it is one nobody flies to from there */
    float none;            /* that it is none of the list */
    float bearing_far_deg, bearing_mid_deg, bearing_near_deg, bearing_fade_nm, bearing_even_deg,
        bearing_odd;
    float bearing_bent_nm, bearing_bent_deg; /* from there on, degrees more a mile, up to 14 */
    float turning;                           /* how far a turn makes its direction say nothing */
    float detour_nm, detour_share, detour_odd;
    float detour_wild_nm; /* detours that odd flights mostly stay within */
    float high_free;      /* how far being too high to go straight there makes its direction free */
    float high_ft;        /* below this: where traffic is led around */
    float descent_above, descent_below, descent_odd;
    float begin_early, begin_width, begin_odd;
    float level_early, level_width, level_odd;
    float brisk_usual_nm, brisk_slope, brisk_width, brisk_odd; /* climb by length of flight */
    float propeller_nm, propeller_fade_nm; /* how far propellers go, and few go beyond */
    float aligned;
    float heat_far, heat_near; /* temperatures: of en route answers, of answers in descent */
    float heat_guessed;        /* and where only the sizes of fields tell where traffic goes */
};

extern const struct posterior_weights posterior_fitted;

struct posterior; /* opaque */

/* Views are borrowed. weights NULL: the fitted ones. NULL: out of memory. */
struct posterior *posterior_new(const struct movement_views *views,
                                const struct posterior_weights *weights);
void posterior_free(struct posterior *p);

const struct sites *posterior_sites(const struct posterior *p);

/* origin: as far as known; n 0 where nothing is. */
void posterior_destination(struct posterior *p, const struct posterior_flight *f,
                           const struct posterior_end *origin, struct posterior_end *out);

/* The sites worth weighing for the rest of a flight, found once: a later question over them costs
   some microseconds instead of hundreds. */
enum { SHORTLIST = 40 };
struct shortlist {
    uint32_t airport[SHORTLIST];
    float prior[SHORTLIST];
    float rest; /* of the prior that is not in the list */
    float heat; /* of answers over it */
    uint8_t n;
};
void posterior_shortlist(struct posterior *p, const struct posterior_flight *f,
                         const struct posterior_end *origin, struct shortlist *out);
void posterior_quick(const struct posterior *p, const struct posterior_flight *f,
                     const struct posterior_end *origin, const struct shortlist *list,
                     struct posterior_end *out);

/* Of the answer given last: how likely it is one airport, listed or not. */
float posterior_of(const struct posterior *p, uint32_t airport);

/* How likely a flight from that end goes to each of n airports, of which nothing else is known. */
void posterior_prior(struct posterior *p, const struct posterior_flight *f,
                     const struct posterior_end *origin, const uint32_t *airport, unsigned n,
                     float *out);

/* Of the answer given last: its temperature, 1 or more. */
float posterior_heat(const struct posterior *p);

/* How well the first moment fits a flight that left an airport, up to a factor. */
float posterior_left(const struct posterior *p, const struct posterior_flight *f, uint32_t airport);

/* destination: as far as known (a landing, or the answer of posterior_destination). */
void posterior_origin(struct posterior *p, const struct posterior_flight *f,
                      const struct posterior_end *destination, struct posterior_end *out);

#endif

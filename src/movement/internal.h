/* What the files of the movements machine share. */
#ifndef MASAR_MOVEMENT_INTERNAL_H
#define MASAR_MOVEMENT_INTERNAL_H

#include "base/map.h"
#include "movement/match.h"
#include "movement/movement.h"
#include "movement/path.h"
#include "movement/pattern.h"
#include "movement/posterior.h"
#include "movement/stop.h"
#include "movement/trust.h"
#include "movement/trust_shared.h"

/* States of an aircraft (MOVEMENTS 1.1). Which way goes where: flight.c, flight_point.

     NEW ──air──► AIR ◄──────take off────── GROUND ◄──ground── NEW
                   │  ──────land──────────►   │
                silence                    silence: the stay goes on
                   ▼
                 LOST (gap.c: the next point, or enough silence, says what came of it)          */
enum flight_state { FLIGHT_NEW, FLIGHT_GROUND, FLIGHT_AIR, FLIGHT_LOST };

/* What the fixes of a leg were. */
struct tally {
    int64_t first_ms, last_ms;
    uint32_t fixes, source[CLAIM_SOURCES];
    uint16_t receiver[CLAIM_RECEIVERS];
    uint8_t receivers;
};

/* When something was: earliest, latest, and the time it was as likely before as after
   (CLAIM_NO_TIME: the middle). */
struct instant {
    int64_t lo_ms, hi_ms, t_ms;
};

/* How fast it climbed, of what was heard of its climb. */
struct climb {
    int64_t at_ms; /* as far as it was looked at */
    float at_ft;
    float up_ft;               /* climbed in the band that tells */
    float took_min, usual_min; /* in so many minutes; in how many most do */
};

struct leg {
    struct posterior_end origin;
    struct posterior_moment first; /* valid once first_ready */
    bool first_ready, is_takeoff;
    uint8_t method; /* enum claim_method of the take-off */
    uint32_t origin_claim, destination_claim, landed_claim, leg_claim;
    float off_p; /* that it took off at all */
    struct instant off;
    struct path_point start, odometer, farthest;
    float flown_nm, top_ft, top_gs_kt, farthest_nm, farthest_flown_nm;
    int16_t last_gs_kt;
    struct climb climb;
    struct tally tally;
    /* of a low pass over a field, for go_around */
    float low_ft, before_low_ft;
    struct path_point low;
    /* what it was thought to be bound for */
    uint32_t bound;
    float bound_p;
    int64_t bound_ms, asked_ms;
    uint32_t was_bound; /* before, where that was likely; was_bound_p 0: nowhere */
    float was_bound_p;
    int64_t was_bound_ms;
    struct path_point asked; /* as it was when the answer was given */
    float asked_nm;          /* how far it may fly before that moves */
    struct shortlist list;
    int64_t said_ms; /* the last destination row */
    uint32_t said;
    float said_p;
    float gap_p; /* that it did land in its silences, the greatest */
};

/* Its newest rows, taken back should it turn out to be a ghost. */
enum { EARLY_ROWS = 24 };
struct early {
    struct {
        uint32_t number, leg;
        uint8_t kind;
    } row[EARLY_ROWS];
    uint8_t n;
};

struct aircraft {
    uint32_t address, number, legs;
    uint16_t epoch;
    uint8_t state; /* enum flight_state */
    uint8_t run;   /* points in a row that contradict the state */
    bool pending;  /* a landing not claimed yet: it may be a touch-and-go */
    bool closed;   /* LOST for longer than any flight lasts: what can be said of its end is */
    char flight[8];
    struct movement_airframe frame;
    bool has_frame;
    struct pattern *pattern; /* what its path looks like; NULL until it flies */
    uint32_t pattern_claim;  /* said of it while it lasts; 0 */
    uint8_t pattern_words;   /* how surely, in words passed (movement.c) */
    struct trust *trust;     /* how far its places are believed */
    struct shared shared;    /* of epoch 0: which airframe of its address a point is of */
    struct path path;
    struct path_point run_first, ground_first, ground_last, air_last;
    struct leg leg;
    /* the last landing */
    struct posterior_end site;
    int64_t landed_lo_ms, landed_hi_ms;
    uint32_t landed_claim;
    bool has_landed;
    /* nearest field, as of a place */
    struct path_point near_at;
    uint32_t near;
    float near_nm, near_ft;
    struct early early;
    struct again *again;         /* what its landing may correct of where it came from; NULL */
    struct posterior_end silent; /* where it was bound at its last point, asked in a silence */
    int64_t silent_ms;           /* that point's time; KEPT_NO_TIME: not asked yet */
    int64_t due_ms;              /* when silence says the next thing; INT64_MAX never */
    uint8_t due_step;
    uint8_t band; /* of the landing claimed in this silence, 0 none */
};

struct movement {
    struct movement_options o;
    struct posterior *posterior;
    struct movement_sums sums;
    struct map map;
    struct aircraft **aircraft;
    uint32_t n, max;
    int64_t due_ms; /* the earliest of all */
    int64_t
        said_ms;  /* of the point, or the look at a silence, in hand: nothing is said before it */
    claim_fn *fn; /* for the call in hand */
    void *ctx;
};

/* ---- flight.c ---- */
void flight_point(struct movement *m, struct aircraft *a, const struct path_point *p, bool jumped);
void flight_end(struct movement *m, struct aircraft *a);

/* ---- leg.c: beginnings and ends, and their rows ---- */
/* Looks up who flies it; a leg that begins does. */
void leg_who(const struct movement *m, struct aircraft *a, int64_t t_ms);
void leg_begin(struct movement *m, struct aircraft *a, const struct path_point *first);
void leg_track(struct movement *m, struct aircraft *a, const struct path_point *p);
void leg_take_off(struct movement *m, struct aircraft *a, const struct path_point *ground,
                  const struct path_point *air);
/* It left one of these places then, with probability p that it did. */
void leg_took_off(struct movement *m, struct aircraft *a, const struct path_point *first,
                  const struct posterior_end *site, struct instant when, enum claim_method method,
                  float p);
/* A stay, if it landed there before: it ended between the times. */
void leg_give_stay(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                   int64_t lo_ms, int64_t hi_ms);
/* A row: where its leg was heard first, in the air. */
void leg_first_seen(struct movement *m, struct aircraft *a);
void leg_first_ready(struct movement *m, struct aircraft *a);
void leg_land(struct movement *m, struct aircraft *a, const struct posterior_end *site,
              struct instant when, enum claim_method method, float p);
void leg_question(const struct movement *m, const struct aircraft *a, struct posterior_flight *f);
void leg_ask(struct movement *m, struct aircraft *a, struct posterior_end *out);
/* Down from its cruise, and not climbing: silence now is likely a landing. */
bool leg_is_low(const struct posterior_flight *f);
/* Minutes it mostly takes to come down so far from where it was last heard: as fast as it flew
   then, or as it flew at all where its last point does not say. */
float leg_way_min(const struct posterior_flight *f, float nm);
void leg_lost(struct movement *m, struct aircraft *a);
void leg_parked(struct movement *m, struct aircraft *a);

/* Once in some minutes: where it is bound by now; a row of it where options.live. */
void leg_watch(struct movement *m, struct aircraft *a);

/* So sure it is bound somewhere that going elsewhere may be told. */
#define LEG_BOUND_P 0.8F

/* ---- elsewhere.c: rows of what landed, if it did there what they say ---- */
void leg_turned_back(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                     int64_t hi_ms);
void leg_diverted(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                  int64_t hi_ms);

/* ---- lost.c ---- */
/* Sets when the silence after the last point is to be looked at first. */
void lost_arm(struct aircraft *a);
/* Claims what silence made due until now_ms, step by step, each as of its own time. */
void lost_until(struct movement *m, struct aircraft *a, int64_t now_ms);
/* What silence says of a flight, t_ms being now: that it landed by then, and where. */
float lost_landed(struct movement *m, struct aircraft *a, const struct posterior_end *end,
                  int64_t t_ms, struct claim_evidence *e);
/* A landing was claimed, and it flew on: takes it back. */
void lost_withdraw(struct movement *m, struct aircraft *a);

/* ---- gap.c ---- */
/* After a silence in flight the next point p came (on_ground: it says so). True: the leg ended in
   the silence; leg rows are given, state is set for p. */
bool gap_resolve(struct movement *m, struct aircraft *a, const struct path_point *p,
                 bool on_ground);
/* It stood when last heard, and is in flight somewhere else at p: where it left, and whether it
   flew in between. False: nothing can be said, no row is given. */
bool gap_left(struct movement *m, struct aircraft *a, const struct path_point *p);
/* It stood at one place when last heard and stands at another: when it left, when it landed. */
void gap_moved(struct movement *m, struct aircraft *a, const struct path_point *from,
               const struct path_point *to, struct instant *off, struct instant *on);

/* ---- again.c ---- */
/* A flight is found in the air: rows given from here until again_noted may be corrected when it has
   landed. p: that it came down before. */
void again_begin(struct movement *m, struct aircraft *a, const struct stop_answer *s, float p);
void again_note(struct aircraft *a, const struct claim *c);
void again_noted(struct aircraft *a);
/* It landed there, as surely as p: corrects where it came from. */
void again_landed(struct movement *m, struct aircraft *a, const struct posterior_end *site,
                  float p);
void again_free(struct aircraft *a);

/* ---- early.c ---- */
void early_note(struct aircraft *a, const struct claim *c);
/* It is a ghost: takes back what was said of it, and begins anew. */
void early_withdraw(struct movement *m, struct aircraft *a, int64_t t_ms);

/* ---- row.c ---- */
struct claim row_of(const struct aircraft *a, enum claim_kind kind, enum claim_method method);
void row_end(const struct movement *m, struct claim *c, const struct posterior_end *end);
void row_times(struct claim *c, int64_t lo_ms, int64_t hi_ms);
void row_when(struct claim *c, struct instant when);
void row_place(struct claim *c, const struct path_point *p);
uint32_t row_give(struct movement *m, struct aircraft *a, struct claim *c);
/* A row of a machine beside: gets its number, its leg and its call sign. ctx: struct row_ctx. */
struct row_ctx {
    struct movement *m;
    struct aircraft *a;
};
void row_beside(void *ctx, const struct claim *c);

#endif

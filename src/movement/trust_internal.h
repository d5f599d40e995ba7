/* What the files of the trust machine share. */
#ifndef MASAR_MOVEMENT_TRUST_INTERNAL_H
#define MASAR_MOVEMENT_TRUST_INTERNAL_H

#include "movement/trust.h"

#define TRUST_NM_M 1852.0F

/* NEW ──first point──► SOUND ──odd──► SUSPECT ──odd for long──► FALSE
                        │  ▲           │ glitch                  │ two points believed again
                        │  └───────────┴──────────◄──────────────┤
                        └──impossible jump──► JUMPED ──odd───────┘
                                               │ back home, or flies on evenly ──► SOUND       */
enum state { STATE_NEW, STATE_SOUND, STATE_SUSPECT, STATE_JUMPED, STATE_FALSE };

struct vector {
    float e, n; /* kt */
};

/* A point as far as it is remembered. */
struct mark {
    int64_t t_ms; /* KEPT_NO_TIME: none */
    struct sphere_place place;
    float gs_kt, track_deg; /* < 0: not known */
};

struct trust {
    uint32_t address;
    uint16_t epoch;
    uint8_t state;
    char flight[8];
    struct mark last;  /* the newest position of any kind */
    struct mark sound; /* the newest believed */
    int64_t sane_ms;   /* newest report with nothing odd in it */
    int64_t believed_since_ms;
    float cruise_kt; /* smoothed, above HIGH_FT; 0 not known */
    uint16_t cruise_fixes;
    struct vector wind;
    bool has_wind;
    float height_ft; /* geometric less pressure height, smoothed; NAN */
    /* Reckoning since the last believed point. */
    struct sphere_place reckoned;
    int64_t reckoned_ms;
    float reckoned_m;  /* how uncertain */
    struct vector air; /* newest air speed vector, true; 0 0 not known */
    int64_t air_ms;
    float declination_deg;
    struct sphere_place declination_at;
    bool has_declination;
    /* The odd stretch. */
    int64_t lo_ms, sure_lo_ms, hi_ms; /* last sane before; first and newest odd */
    struct mark piece;                /* newest fix of what follows a jump */
    int64_t piece_since_ms;
    float piece_way_m, piece_said_m, piece_turned_deg; /* flown; as its speeds say */
    struct mark back;                                  /* first fix that may be believed again */
    uint32_t odd, rules, piece_fixes;
    float x_m, y_m, extent_m; /* of the false places, from the first */
    struct sphere_place false_first;
    uint32_t false_places;
    /* The track as a whole. */
    uint32_t samples, no_integrity, jumps;
    int64_t adsb_ms, mlat_since_ms;
    uint16_t receiver;
    uint8_t receiver_run;
    bool claimed_ghost;
    uint32_t fixes;
    int64_t first_ms;
};

/* ---- trust_odd.c ---- */
struct mark trust_mark(const struct kept *k);
float trust_apart_m(struct sphere_place a, struct sphere_place b);
float trust_seconds(int64_t from_ms, int64_t to_ms);

/* Farther than can be flown between two marks, whatever the speed. */
bool trust_jumped(const struct mark *a, const struct mark *b);

/* A place on the line it flew or will fly within two minutes, flying the same way: the time is
   wrong, as where feeds with unlike delays are mixed, not the place. */
bool trust_mistimed(const struct mark *a, const struct mark *b);

/* What is odd about a report in itself; rules as claim_rule bits. fresh: its place is new. */
uint32_t trust_oddities(struct trust *t, const struct kept *k, const struct mark *m, bool fresh);

/* Learns from a believed report what later ones are held against. */
void trust_learn(struct trust *t, const struct kept *k, const struct mark *m);

/* Where it is reckoned to be: by air data and the last wind, else by the last speed. */
void trust_reckon(const struct trust *t, int64_t t_ms, struct sphere_place *at, float *radius_m);

#endif

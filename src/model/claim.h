/* A claim: one row of the movements ledger, what is said to have happened, when, how surely, and
   from what. A plain value, no pointers; rows are appended, a later one may supersede an earlier
   one and never erases it. The words stand in claim.def. Heights are feet, times milliseconds since
   1970, places degrees times 10^7. */
#ifndef MASAR_MODEL_CLAIM_H
#define MASAR_MODEL_CLAIM_H

#include "model/message.h"

#include <stdbool.h>
#include <stdint.h>

enum claim_kind {
#define CLAIM_KIND(id, key, span, text) CLAIM_##id,
#include "model/claim.def"
    CLAIM_KINDS
};

enum claim_method {
#define CLAIM_METHOD(id, key, text) CLAIM_METHOD_##id,
#include "model/claim.def"
    CLAIM_METHODS
};

enum claim_shape {
#define CLAIM_SHAPE(id, key) CLAIM_SHAPE_##id,
#include "model/claim.def"
    CLAIM_SHAPES
};

/* Bit numbers of claim_evidence.rules. */
enum claim_rule {
#define CLAIM_RULE(id, key, text) CLAIM_RULE_##id,
#include "model/claim.def"
    CLAIM_RULES
};

struct claim_word {
    const char *key, *text;
    bool span; /* kinds only: it lasts */
};

extern const struct claim_word claim_kind_word[CLAIM_KINDS];
extern const struct claim_word claim_method_word[CLAIM_METHODS];
extern const struct claim_word claim_shape_word[CLAIM_SHAPES];
extern const struct claim_word claim_rule_word[CLAIM_RULES];

/* The kind with this key, CLAIM_KINDS if there is none. */
enum claim_kind claim_kind_find(const char *key);

enum {
    CLAIM_CANDIDATES = 8,
    CLAIM_RECEIVERS = 4, /* named; more are counted */
};

/* Which kind of source the fixes came from: what their share is counted by. */
enum claim_source {
    CLAIM_SOURCE_ADSB,  /* ADS-B */
    CLAIM_SOURCE_RELAY, /* ADS-R, TIS-B */
    CLAIM_SOURCE_MLAT,
    CLAIM_SOURCE_ADSC,
    CLAIM_SOURCE_OTHER, /* network APIs, reports, unknown */
    CLAIM_SOURCES
};

/* Below this probability nothing is named: the claim lists candidates and names none. */
#define CLAIM_NAMED_P 0.95F
/* "Not known" of heard and of the fields in e7. */
#define CLAIM_HEARD_UNKNOWN (-1.0F)
#define CLAIM_NO_PLACE      INT32_MIN
#define CLAIM_NO_TIME       INT64_MIN
#define CLAIM_NO_ALTITUDE   INT32_MIN

struct claim_candidate {
    char airport[12]; /* a site's code as struct airport has it, NUL padded */
    float p;
};

struct claim_evidence {
    int64_t first_ms, last_ms;          /* of the fixes it rests on; CLAIM_NO_TIME: none */
    uint32_t fixes;                     /* how many */
    uint8_t share_pct[CLAIM_SOURCES];   /* of these fixes, sums to 100 or (none) 0 */
    uint8_t receivers;                  /* how many different, at most 255 */
    uint16_t receiver[CLAIM_RECEIVERS]; /* the first of them, as kept.h numbers them; 0 no more */
    float heard;         /* how surely an aircraft going on would have been heard again, 0..1; or
                            CLAIM_HEARD_UNKNOWN: nobody knows what is heard there */
    uint32_t silent_s;   /* seconds of silence it rests on */
    int32_t lost_alt_ft; /* height (above the sea) where silence began or ended */
    uint32_t rules;      /* bits, enum claim_rule */
};

enum claim_flag {
    CLAIM_OPEN = 1,       /* its end was not seen: it lasted at least until sure_hi_ms */
    CLAIM_STATE = 2,      /* a state aircraft: call sign timetables were not used */
    CLAIM_NOT_SORTIE = 4, /* not counted as a sortie: a touch-and-go, a turn-back, a false track */
    CLAIM_WITHDRAWN = 8,  /* says of the row it supersedes: not so, and nothing in its place */
    CLAIM_GOES_ON = 16,   /* it lasts as of made_ms: the row of its end supersedes this one */
};

struct claim {
    uint32_t address;    /* with ADDRESS_NON_ICAO where it is none */
    uint32_t number;     /* 1 .. in the order made, within (address, epoch): the row's name */
    uint32_t supersedes; /* number of the row this one corrects; 0 none */
    uint32_t leg;        /* 1 .. within (address, epoch); 0: not of one leg */
    uint32_t other;      /* the second address of a pair; ADDRESS_NONE */
    uint16_t epoch;      /* 0 .. the airframe's number on this address: two airframes, two epochs */
    uint8_t kind, method, shape; /* enum claim_kind, claim_method, claim_shape */
    uint8_t flags;               /* enum claim_flag */
    uint8_t candidates;          /* of candidate[] in use, in falling order of p */

    float p;      /* that it happened at all, 0..1; where is candidate[].p, given that it did */
    float none_p; /* that it is none of the candidates: with theirs sums to 1 where there are any */

    int64_t made_ms; /* when, on the data's own clock, it could first be said */
    /* An instant lies in [t_lo_ms, t_hi_ms]. What lasts began in [t_lo_ms, sure_lo_ms] and ended in
       [sure_hi_ms, t_hi_ms]; of an instant sure_lo_ms is t_hi_ms and sure_hi_ms is t_lo_ms. */
    int64_t t_lo_ms, t_hi_ms, sure_lo_ms, sure_hi_ms;
    /* Of an instant: it was as likely before as after; CLAIM_NO_TIME: the middle. */
    int64_t t_ms;

    int32_t lat_e7, lon_e7; /* where, the middle; CLAIM_NO_PLACE */
    int32_t alt_ft;         /* middle height; CLAIM_NO_ALTITUDE */
    uint32_t radius_m;      /* how exactly the place is known */
    uint32_t size_m;        /* across the longer way, of what has an extent; 0 */
    uint16_t turns;         /* of orbits and holds, whole; lines of a survey */
    char flight[8];         /* call sign then, padded with spaces; NUL not known */
    char runway[4];         /* "09L"; "" not known */

    struct claim_candidate candidate[CLAIM_CANDIDATES];
    struct claim_evidence evidence;
};

/* The one time a claim is listed by: t_ms, else the middle of its interval; of what has no end yet
   the beginning, of what has neither when it was made. */
int64_t claim_time(const struct claim *c);

/* Nothing is known of it yet but whose it is. */
static inline struct claim claim_none(enum claim_kind kind, uint32_t address, uint16_t epoch)
{
    return (struct claim){.address = address,
                          .epoch = epoch,
                          .kind = (uint8_t)kind,
                          .other = ADDRESS_NONE,
                          .made_ms = CLAIM_NO_TIME,
                          .t_lo_ms = CLAIM_NO_TIME,
                          .t_hi_ms = CLAIM_NO_TIME,
                          .sure_lo_ms = CLAIM_NO_TIME,
                          .sure_hi_ms = CLAIM_NO_TIME,
                          .t_ms = CLAIM_NO_TIME,
                          .lat_e7 = CLAIM_NO_PLACE,
                          .lon_e7 = CLAIM_NO_PLACE,
                          .alt_ft = CLAIM_NO_ALTITUDE,
                          .evidence = {.first_ms = CLAIM_NO_TIME,
                                       .last_ms = CLAIM_NO_TIME,
                                       .heard = CLAIM_HEARD_UNKNOWN,
                                       .lost_alt_ft = CLAIM_NO_ALTITUDE}};
}

/* Address and airframe in one key; of more than 64 airframes the numbers go round. */
static inline uint32_t claim_airframe(uint32_t address, uint16_t epoch)
{
    return address | (uint32_t)(epoch & 63U) << 25;
}

/* Takes a claim; it is the machine's and holds for the call. number is set by the machine that
   owns the address (movement.h), so machines that only watch leave it 0. */
typedef void claim_fn(void *ctx, const struct claim *c);

#endif

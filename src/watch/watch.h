/* Rules over aircraft → alerts. A set of watches is told every position, every row of the ledger
   and how late it is, and says once an event what a watch waits for, why, and how surely; and says
   so when the ledger takes back what an alert stood on.

   Rules are found by what can make them true: a row of the ledger by its aircraft and its place, a
   position only where the aircraft, the areas it is in, or what it says has changed. Points of one
   aircraft in time order, rows of the ledger in the order they are made; both by the data's own
   clock. Nothing is said twice of one event: an event's key depends on the data alone, so that
   whoever keeps keys tells each once whatever is replayed.

   Pure. One thread. Views are borrowed and must outlive it. */
#ifndef MASAR_WATCH_WATCH_H
#define MASAR_WATCH_WATCH_H

#include "model/claim.h"
#include "model/kept.h"
#include "watch/clearance.h"
#include "watch/rule.h"

enum { WATCH_KEY_MAX = 64, WATCH_AIRCRAFT_MAX = 1 << 20 };

/* Who it is, as far as anybody knows. */
struct watch_who {
    char registration[17], type[5], operator[9], country[3]; /* "" not known */
    uint8_t kind;                                            /* enum type_kind; KIND_UNKNOWN */
    int8_t military;                                         /* 1 yes, 0 no, -1 nobody knows */
    uint64_t lists; /* bit of each list of one's own it is on */
};

struct watch_views {
    const struct airports *airports; /* NULL: none */
    /* flight: 8 characters as heard, all NUL not known. */
    void (*who)(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                struct watch_who *out);
    void *who_ctx;
    /* As struct movement_views: how likely an aircraft there is heard within a minute; < 0: nobody
       knows. NULL: never known. */
    float (*heard)(void *ctx, int32_t lat_e7, int32_t lon_e7, int32_t alt_ft, int64_t t_ms);
    void *heard_ctx;
    /* Lists all clearances as known then. False: nobody can say now. NULL: there are none. */
    bool (*clearances)(void *ctx, int64_t now_ms, watch_clearance_fn *out, void *out_ctx);
    void *clearances_ctx;
    int64_t known_since_ms; /* sightings are known from then on (new); KEPT_NO_TIME: they are not */
};

enum watch_tell {
    WATCH_TELL_ALERT,     /* what it waits for is so */
    WATCH_TELL_CORRECTED, /* what the alert of this key said is not so */
    WATCH_TELL_NOTE       /* nobody could say: told in the log, not delivered */
};

#define WATCH_STATE_WORD WATCH_WORDS /* as a word: no event, a state */

/* "lands", "dark" ..., "state"; the other way WATCH_STATE_WORD where there is no such event. */
const char *watch_event_name(unsigned word);
unsigned watch_event_find(const char *name);

struct watch_alert {
    int64_t watch;
    uint8_t tell, word; /* enum watch_tell; enum watch_word or WATCH_STATE_WORD */
    uint8_t step;       /* of the rule */
    bool distrusted;    /* a note: it would have been told, but its positions were found false */
    bool absent;        /* the event of this word did not come in time */
    char key[WATCH_KEY_MAX];
    int64_t made_ms;          /* when it could first be said */
    int64_t t_lo_ms, t_hi_ms; /* when it happened */
    float p;
    uint32_t address, other; /* other: the second party; ADDRESS_NONE */
    char flight[9];          /* without spaces; "" */
    struct watch_who who;
    char airport[12];               /* where, of what happens at airports; "" */
    char area[48];                  /* as the rule names it; "" */
    int32_t lat_e7, lon_e7, alt_ft; /* CLAIM_NO_PLACE, CLAIM_NO_ALTITUDE */
    uint16_t squawk;                /* KEPT_NO_SQUAWK */
    float heard;                    /* of dark: how surely it would have been heard; else
                                       CLAIM_HEARD_UNKNOWN */
    uint32_t silent_s;
    int64_t expected; /* the flight that is late, missing or overdue; 0 none */
    uint8_t phase;    /* enum watch_phase of it (expected.h) */
    /* The one that ends at t_lo; of a correction as it now stands. NULL: of another event. */
    const struct watch_clearance *clearance;
    uint16_t epoch;
    uint32_t leg, number; /* of the claim; 0 none */
    bool has_claim;
    struct claim claim; /* the row of the ledger it rests on */
};

/* Takes an alert; it is the machine's and holds for the call. */
typedef void watch_alert_fn(void *ctx, const struct watch_alert *a);

struct watch_set; /* opaque */

/* NULL: out of memory. */
struct watch_set *watch_set_new(const struct watch_views *views, watch_alert_fn *out, void *ctx);
void watch_set_free(struct watch_set *s); /* NULL is fine */

/* Adds a watch, or puts another rule in its place and forgets what was told of it; the rule is the
   set's from now on, whatever is returned. id > 0. ERR_MEMORY. */
enum err watch_set_put(struct watch_set *s, int64_t id, struct watch_rule *rule);
void watch_set_drop(struct watch_set *s, int64_t id);
size_t watch_set_count(const struct watch_set *s);

/* Who an aircraft is may have changed, for all of them. */
void watch_set_renew(struct watch_set *s);

/* A position, accepted. ERR_MEMORY. */
enum err watch_fix(struct watch_set *s, const struct kept *k);

/* Whether watch_fix of this could lead to anything, for whoever reads many points of the past and
   leaves the others out. memo: zeroed at first; cheap as long as points of one aircraft follow each
   other. */
struct watch_care {
    uint32_t address;
    uint16_t squawk;
    char flight[8];
    bool states, before;
};
bool watch_cares(struct watch_set *s, const struct kept *k, struct watch_care *memo);

/* A row of the ledger. ERR_MEMORY. */
enum err watch_claim(struct watch_set *s, const struct claim *c);

/* Time has come to now_ms: silences and what did not come. Call once a second or, of the past, once
   a minute of it. */
enum err watch_tick(struct watch_set *s, int64_t now_ms);

/* ---- over a restart ---- */

/* An aircraft was last heard then: before anything is pushed. */
enum err watch_seen(struct watch_set *s, uint32_t address, int64_t t_ms);

/* What was told of an aircraft and may go on or be taken back. It is one with (watch, address,
   step, word, epoch, since_ms, leg); the rest changes. The caller keeps what watch_changes gives,
   in one with the alerts given since, and gives it back before anything is pushed. */
struct watch_told {
    int64_t watch, since_ms, last_ms; /* last_ms: of a state, until when it is known to be so */
    uint8_t word, step;
    bool absent, standing; /* not corrected */
    uint16_t epoch;
    uint32_t address, other;
    uint32_t leg;    /* of a flight's end its leg, else the number of the first row; 0 no row */
    uint32_t number; /* of the last row that says so; 0 none */
    uint32_t count;  /* alerts of it so far */
};
enum err watch_recall(struct watch_set *s, const struct watch_told *t);

/* Gives what has changed since the last call; lasting: also the states that go on, whose last_ms
   moves with every position. */
typedef void watch_told_fn(void *ctx, const struct watch_told *t);
void watch_changes(struct watch_set *s, bool lasting, watch_told_fn *out, void *ctx);

/* What waits for a next step. version changes whenever the list does. */
struct watch_armed {
    int64_t watch, since_ms, until_ms;
    uint8_t step;
    uint32_t address;
    char key[WATCH_KEY_MAX]; /* of what armed it */
};
uint64_t watch_armed_version(const struct watch_set *s);
size_t watch_armed_count(const struct watch_set *s);
const struct watch_armed *watch_armed_at(const struct watch_set *s, size_t i);
enum err watch_arm(struct watch_set *s, const struct watch_armed *a);

struct watch_sums {
    uint64_t fixes, claims;
    uint64_t asked;  /* cases weighed */
    uint64_t alerts; /* with corrections and notes */
    size_t aircraft, cases;
};
/* Whether any rule looks at positions: without, claims and ticks are enough. */
bool watch_wants_fixes(const struct watch_set *s);
/* Whether any asks how well places are heard. */
bool watch_wants_heard(const struct watch_set *s);

struct watch_sums watch_sums(const struct watch_set *s);

#endif

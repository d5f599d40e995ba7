/* What the files of the machine share. Inside this room only. */
#ifndef MASAR_WATCH_INTERNAL_H
#define MASAR_WATCH_INTERNAL_H

#include "base/map.h"
#include "geo/sphere.h"
#include "watch/expected.h"
#include "watch/tree.h"
#include "watch/watch.h"

#define NONE UINT32_MAX

/* One case of one step of one watch, as the index knows it. */
struct entry {
    uint32_t watch; /* index */
    uint16_t step, of;
    uint8_t word;  /* of its event, or WATCH_STATE_WORD */
    bool scalar;   /* looks at altitude, speed, ground */
    uint8_t areas; /* how many areas it looks at */
};

struct watch {
    int64_t id;
    struct watch_rule *rule;
    uint32_t area; /* of all areas, the first of the rule's */
};

/* Something told of an aircraft, or a state that is so. */
struct event {
    struct watch_told told;
    bool now; /* a state: it is so */
    bool used, dirty;
    uint32_t next;
};

struct plane {
    uint32_t address;
    uint32_t renewed;                 /* of the set's, when who and entries were made */
    int64_t last_ms;                  /* heard; KEPT_NO_TIME */
    int64_t before_ms;                /* heard last before it appeared; KEPT_NO_TIME: never */
    int64_t prev_ms;                  /* heard before that */
    int64_t looked_ms;                /* areas were looked at */
    int64_t weighed_ms;               /* its states were */
    int64_t false_lo_ms, false_hi_ms; /* its positions were found false; KEPT_NO_TIME: never */
    int64_t stood_ms;                 /* it was looked at on the ground */
    int32_t lat_e7, lon_e7, alt_ft, gs_e2_kt, track_e2_deg, rate_fpm;
    uint32_t event;  /* first; NONE */
    uint32_t *entry; /* what it may make true, by who it is */
    uint32_t *area;  /* it is in */
    uint32_t entries, areas;
    uint16_t squawk;
    uint8_t ground;
    bool has_place, is_expected, stands; /* stands: it has a row of standing, perhaps an old one */
    int64_t flight_ms;    /* heard first in the flight its newest rows are of; KEPT_NO_TIME */
    uint32_t leg;         /* that flight, and */
    uint16_t epoch;       /* its airframe */
    bool states, scalars; /* of entries: some states; some that look at numbers */
    char flight[8];
    struct watch_who who;
};

/* One stay of an aircraft at an airport some rule asks both parties of: from a landing, from its
   being heard on the ground there, or from its taking off, before which it stood there. */
struct standing {
    uint32_t address;
    int64_t since_ms, until_ms; /* INT64_MAX: it stands there still */
    int64_t heard_ms;           /* first heard on the ground there; INT64_MAX: never */
    int64_t seen_ms;            /* known to be there then, the last time but for until_ms */
    int64_t ripe_ms; /* not told before: a ghost would be found out by then; INT64_MAX: weighed */
    float p;
    int32_t lat_e7, lon_e7;
    char airport[12];
    uint32_t number, leg; /* of the row; 0: heard on the ground there */
    uint16_t epoch;
    struct claim claim; /* the row, if there is a number */
};

/* An airport such a rule names. */
struct asked_site {
    char code[12];
    int32_t lat_e7, lon_e7;
};

/* A flight that is expected. */
struct expected {
    struct watch_expected of;
    uint32_t address; /* whoever flies it, once heard */
    int64_t heard_ms;
    int64_t reach_ms;          /* it cannot be there earlier */
    struct sphere_place place; /* where it was heard last, where has_place */
    int32_t alt_ft;            /* there; KEPT_NONE */
    bool has_place;
    bool may_be_back; /* heard so long after that it may have been there, and on its way back */
    uint16_t told, alerted; /* bit of each phase: it came; it was worth an alert */
    uint8_t phase;
};

/* An end of a clearance that was told of. */
struct told_clearance {
    struct watch_told told; /* leg: which clearance; since_ms: the end */
    struct watch_clearance of;
    bool dirty;
};

struct watch_set {
    struct watch_views views;
    watch_alert_fn *out;
    void *ctx;
    struct watch *watch;
    uint32_t watches, watches_max;
    struct map by_id; /* id's hash → index; ids may be looked at */

    bool stale;       /* the index must be made anew */
    uint32_t renewed; /* changes when every aircraft's entries do */
    struct entry *entry;
    uint32_t entries, entries_max;
    struct link {
        uint32_t entry, next;
    } * link;
    uint32_t links, links_max;
    struct map key; /* hash → first link */
    const struct area_shape **shape;
    uint32_t shapes, shapes_max;
    struct tree tree;
    bool has_dark, has_both, has_new, has_area, has_scalar_area;
    int64_t least_dark_ms;

    struct plane *plane;
    uint32_t planes, planes_max;
    struct map by_address;
    struct event *event;
    uint32_t events, events_max, free_event;
    bool dirty; /* some event is */
    struct watch_armed *armed;
    size_t n_armed, armed_max;
    uint64_t armed_version;
    struct held {
        struct claim claim;
        int64_t ripe_ms;
    } * held; /* rows that wait a little before they are weighed */
    size_t n_held, held_max;
    struct expected *expected;
    size_t n_expected, expected_max;
    struct standing *standing;
    size_t n_standing, standing_max;
    int64_t ripe_ms;         /* of the standing, the earliest; INT64_MAX: none waits */
    struct asked_site *site; /* rules ask both parties of */
    uint32_t sites, sites_max;
    struct watch_clearance *clearance; /* as they stood when looked at last */
    uint32_t n_clearances, clearances_max;
    bool clearances_failed;
    int64_t looked_ms; /* at them; KEPT_NO_TIME */
    struct told_clearance *cleared;
    size_t n_cleared, cleared_max;
    uint32_t swept; /* silence was looked at, of planes, so far */
    int64_t tick_ms, now_ms;
    uint32_t *scratch;
    uint32_t scratch_max;
    struct watch_sums sums;
};

/* Room for one more; p is doubled. */
enum err set_room(void **p, uint32_t *max, uint32_t need, size_t size);

/* ---- index.c ---- */
enum key_sort { KEY_WHO, KEY_PREFIX, KEY_AT, KEY_COUNTRY, KEY_AREA, KEY_WORD };
uint32_t index_key(enum key_sort sort, unsigned word, const char *text, uint32_t number);
/* The first link of a key; NONE. */
uint32_t index_first(const struct watch_set *s, uint32_t key);
enum err index_make(struct watch_set *s);
/* Entries an aircraft may make true by who it is. */
enum err index_candidates(struct watch_set *s, struct plane *a);

/* ---- weigh.c ---- */
enum truth { IS_FALSE, IS_UNKNOWN, IS_TRUE };
/* The conditions of a case beside its event. */
/* Whether what a case asks of who it is holds, that alone. */
bool weigh_who_of(const struct watch *w, const struct watch_case *of, const struct plane *a);
enum truth weigh_case(struct watch_set *s, const struct watch *w, const struct watch_case *of,
                      const struct plane *a, int64_t t_ms);
/* One of the cases of a side. */
bool weigh_side(struct watch_set *s, const struct watch *w, const struct watch_term *t,
                unsigned side, const struct plane *a, int64_t t_ms);
/* How surely a claim's place is the one asked for; *best: the candidate, -1 none. */
float weigh_place(const struct watch_set *s, const struct watch *w, const struct watch_term *t,
                  const struct claim *c, int *best);

/* ---- event.c ---- */
struct event *event_add(struct watch_set *s, struct plane *a, const struct watch_told *t);
void event_changed(struct watch_set *s, struct event *e);
struct event *event_at(struct watch_set *s, uint32_t i);
void event_forget(struct watch_set *s, struct plane *a); /* the old ones */
/* Begins an alert of an aircraft. */
struct watch_alert event_alert(const struct watch_set *s, const struct watch *w,
                               const struct plane *a);
/* A step of a watch has come: arms the next, or tells. t: as it is to be remembered. */
enum err event_tell(struct watch_set *s, struct plane *a, struct watch_alert *alert,
                    const struct watch_told *t, struct event *again);
/* Whether what an aircraft does at a time is not to be believed, for its positions were found false
   shortly before. */
bool event_is_false(const struct plane *a, int64_t lo_ms, int64_t hi_ms);
/* Whether a step may come now: the first always, a later one where it is armed. */
struct watch_armed *event_armed(struct watch_set *s, int64_t watch, unsigned step, uint32_t address,
                                int64_t lo_ms, int64_t hi_ms);
enum err event_tick(struct watch_set *s);
void event_give(struct watch_set *s, const struct watch_alert *a);

/* ---- fix.c ---- */
struct plane *plane_find(struct watch_set *s, uint32_t address);
enum err plane_get(struct watch_set *s, uint32_t address, struct plane **out);
/* Makes who and entries anew where they are not of now. */
enum err plane_renew(struct watch_set *s, struct plane *a);
uint32_t watch_index(const struct watch_set *s, int64_t id); /* NONE */

/* ---- others ---- */
enum err silence_sweep(struct watch_set *s, int64_t from_ms, int64_t now_ms);
enum err both_claim(struct watch_set *s, struct plane *a, const struct claim *c);
void held_drop(struct watch_set *s, uint32_t address, uint32_t number); /* 0: all of it */
enum err held_tick(struct watch_set *s);
bool expected_any(const struct watch_set *s, const struct plane *a);
void expected_fix(struct watch_set *s, const struct plane *a);
void expected_claim(struct watch_set *s, const struct plane *a, const struct claim *c);
void expected_tick(struct watch_set *s);
enum err clearance_recall(struct watch_set *s, const struct watch_told *t);
void clearance_changes(struct watch_set *s, watch_told_fn *out, void *ctx);
void clearance_forget(struct watch_set *s, int64_t watch);
enum err clearance_tick(struct watch_set *s);
void both_fix(struct watch_set *s, struct plane *a);
/* On the ground: whether at such an airport. */
enum err both_ground(struct watch_set *s, struct plane *a);
enum err both_tick(struct watch_set *s);
void both_drop(struct watch_set *s, uint32_t address); /* its positions are false */

#endif

/* What the files of track/ share. Nobody else includes this.

   An aircraft is 512 bytes, eight cache lines: what every message touches first, then what
   positions touch, then the quantities as two arrays (value; time and source). Trails, rejected
   fixes and addresses not yet believed live apart, so that they cost nothing to a frame that does
   not concern them. All arrays are sized when the tracker is made; their memory is touched only as
   aircraft appear.

   Time within an aircraft is counted in ticks of 2^16 microseconds from its own epoch, 16 bits:
   71 minutes, more than twice the longest time to live. When they run out the epoch moves and what
   is too old to matter becomes "never said" (track_rebase). */
#ifndef MASAR_TRACK_INTERNAL_H
#define MASAR_TRACK_INTERNAL_H

#include "base/map.h"
#include "geo/sphere.h"
#include "modes/cpr.h"
#include "track/track.h"

enum {
    TICK_SHIFT = 16,        /* microseconds per tick, as a power of two: 65.536 ms */
    TICK_START = 1024,      /* where a new epoch begins to count: 67 s of room for late messages */
    TICK_KEEP = 0x7000,     /* ticks of the past kept when the epoch moves: 31 minutes */
    SLOT_NONE = 0x7fffffff, /* end of the list of free slots */
    FIELDS = (FIELD_TRACKED + 1) & ~1
};

/* Ticks in a number of milliseconds, rounded up. */
#define TICKS(ms) ((uint16_t)(((ms)*INT64_C(1000) >> TICK_SHIFT) + 1))

/* One CPR half as last received. All bits 0: none. */
struct cpr_half {
    uint64_t lat : 17, lon : 17, tick : 16, origin : 5, surface : 1, present : 1;
};

struct track {
    /* every message */
    int64_t epoch_us; /* the time of tick 0 */
    int64_t seen_us, first_us;
    uint32_t address; /* ADDRESS_NONE: the slot is free, and messages is the next free slot */
    uint32_t messages, version;
    uint8_t signal[8]; /* a ring; 0 is not known */
    uint8_t signal_at;
    uint8_t era; /* of the tracker when last heard */
    uint8_t origin;
    uint8_t doubt_kind; /* doubt_value is: FIELD_ALT_BARO or FIELD_SQUAWK */
    uint16_t origin_tick;
    uint16_t remembered; /* enum remember, as last sent; the same bit 8 higher: known */
    char flight[9];      /* NUL-terminated, "" if unknown */
    uint16_t repaired;   /* messages with bits turned; stays at the highest */

    /* positions */
    int64_t place_us; /* time of the last accepted one; see place_method */
    int32_t lat_e7, lon_e7;
    struct cpr_half half[2]; /* even, odd */
    int32_t held_lat_e7, held_lon_e7;
    uint16_t held_tick; /* 0: none */
    uint8_t held_origin;
    uint8_t place_method;  /* enum fix_method; PLACE_NONE: there is none */
    uint16_t place_source; /* origin << 11 | receiver */
    uint16_t penalty_tick;
    uint8_t penalty_mask; /* receivers that have counted against the place since penalty_tick */
    uint8_t reliable[2];  /* 0..RELIABLE_MAX, by even and odd */
    uint8_t place_ground;
    uint16_t gs_before_kt; /* the ground speed before the last, rounded up */
    uint16_t doubt_tick;   /* 0: none */
    int32_t doubt_value;   /* what an unverifiable frame said against what is known */
    uint32_t gicb;         /* BDS 1,7 bits 1..24, and GICB_KNOWN */

    /* quantities */
    int32_t value[FIELDS];
    uint32_t said[FIELDS]; /* when and by whom, see stamp_of; 0: never */
} __attribute__((aligned(64)));

enum { PLACE_NONE = 255, RELIABLE_MAX = 4 };

/* Rows of field.def past FIELD_TRACKED that later messages are read by. */
enum remember {
    REMEMBER_NIC_A = 1,
    REMEMBER_NIC_C = 2,
    REMEMBER_HRD = 4,
    REMEMBER_SURFACE_HEADING = 8
};

#define GICB_KNOWN UINT32_C(0x80000000)

_Static_assert(ORIGIN_COUNT <= 32 && RECEIVERS_MAX <= 2048, "origin << 11 | receiver is 16 bits");
_Static_assert(FIELD_TRACKED > 48 || sizeof(struct track) == 512, "eight cache lines");
_Static_assert(FIELD_TRACKED <= 64, "outcome.fields has a bit for each");

struct around;     /* around.c */
struct north;      /* north.h */
struct candidate;  /* admit.c */
struct heard;      /* duplicate.c */
struct trail_head; /* trail.c */
struct trail_chunk;

struct tracker {
    struct north *north;
    struct track *track; /* aircraft_max of them, aligned to cache lines */
    void *track_memory;  /* as allocated */
    struct map map;      /* address → slot */
    uint32_t slots;      /* slots ever used: all below are in use or in the list of free ones */
    uint32_t free_slot;
    uint32_t aircraft_max;
    uint32_t expire_at; /* where the next slice begins */
    int64_t forget_after_us;
    const struct receiver *receivers;
    struct counters *counters;

    /* the clock: the latest time heard, and whether it went back for good (era.c) */
    int64_t clock_us, era_us, late_us;
    uint32_t late; /* messages in a row far behind the clock; late_us: the first of them */
    uint8_t era;

    uint16_t receiver_first; /* the only receiver so far; with is_shared there are several */
    bool is_heard, is_shared;
    struct heard *heard;
    uint32_t heard_mask;

    struct candidate *candidate;
    uint32_t candidate_mask; /* sets - 1 */
    uint32_t syndrome[112];  /* what one wrong bit adds to the address of an AP frame */

    struct around *around; /* by receiver */

    struct trail_head *trail_head; /* by slot */
    struct trail_chunk *trail_chunk;
    uint32_t trail_chunks, trail_used, trail_free;
    int64_t trail_us;

    struct fix *rejected; /* a ring */
    uint32_t rejected_max;
    uint64_t rejected_n; /* ever */
};

/* One message on its way through. */
struct push {
    struct tracker *t;
    struct track *a;
    const struct message *m;
    int64_t t_us; /* as used: the clock's where the message has none */
    uint16_t tick;
    uint16_t source;
    uint8_t origin;
    bool timed; /* t_us is the message's own */
    bool sure;  /* the parity vouches for every bit, or it was not sent as a frame */
    struct outcome *out;
};

static inline uint32_t slot_of(const struct tracker *t, const struct track *a)
{
    return (uint32_t)(a - t->track);
}

static inline uint8_t source_origin(uint16_t source)
{
    return (uint8_t)(source >> 11);
}

static inline uint16_t source_receiver(uint16_t source)
{
    return source & 0x7ff;
}

static inline uint16_t source_of(uint8_t origin, uint16_t receiver)
{
    return (uint16_t)(origin << 11 | (receiver & 0x7ff));
}

static inline int64_t tick_us(const struct track *a, uint16_t tick)
{
    return a->epoch_us + ((int64_t)tick << TICK_SHIFT);
}

/* When and by whom a quantity was said, in one word. */
static inline uint32_t stamp_of(uint16_t tick, uint16_t source)
{
    return (uint32_t)tick << 16 | source;
}

static inline uint16_t stamp_tick(uint32_t stamp)
{
    return (uint16_t)(stamp >> 16);
}

static inline uint16_t stamp_source(uint32_t stamp)
{
    return (uint16_t)stamp;
}

/* Said, and at most so many ticks before now. Later than now is fresh too. */
static inline bool tick_within(uint16_t said, uint16_t now, uint16_t ticks)
{
    return said && (int)now - (int)said <= (int)ticks;
}

/* field.def and origin.def as the hot path reads them (accept.c). */
extern const uint16_t ttl_ticks[FIELD_COUNT];
extern const uint8_t origin_rank[32];

static inline uint8_t rank_of(uint8_t origin)
{
    return origin_rank[origin & 31];
}

/* A quantity that is known and within its time to live. */
static inline bool track_has(const struct track *a, enum field f, uint16_t now, int32_t *v)
{
    *v = a->value[f];
    return tick_within(stamp_tick(a->said[f]), now, ttl_ticks[f]);
}

/* Whether what is said now may replace what was said before: not what is later, nor what a better
   source said within its time to live. */
static inline bool may_replace(uint32_t now, uint32_t said, unsigned f)
{
    if (said > (now | 0xffff)) {
        return false;
    }
    return ((now ^ said) & 0xf800) == 0 ||
           origin_rank[now >> 11 & 31] >= origin_rank[said >> 11 & 31] ||
           stamp_tick(now) - stamp_tick(said) > ttl_ticks[f];
}

#define FIELD_BIT(f) (UINT64_C(1) << (f))

/* A derived quantity, said by the message that completes it. */
static inline void accept_value(struct push *p, enum field f, int32_t v)
{
    struct track *a = p->a;
    const uint32_t stamp = stamp_of(p->tick, p->source);
    if (p->tick && may_replace(stamp, a->said[f], f)) {
        a->value[f] = v;
        a->said[f] = stamp;
        p->out->fields |= FIELD_BIT(f);
    }
}

static inline struct track *table_find(const struct tracker *t, uint32_t address)
{
    if (address == MAP_NO_KEY) {
        return NULL;
    }
    const uint32_t slot = map_get(&t->map, address);
    return slot == MAP_NONE ? NULL : &t->track[slot];
}

/* The lines most messages need, at once rather than one after another. */
static inline void table_prefetch(const struct track *a)
{
    __builtin_prefetch(&a->place_us, 1);
    __builtin_prefetch(&a->value[0], 1);
    __builtin_prefetch(&a->said[0], 1);
}

/* table.c */
/* The aircraft, if it is not one to be forgotten by then: that one is forgotten at once, so that
   what is concluded does not hang on when tracker_expire came by. */
struct track *table_find_heard(struct tracker *t, uint32_t address, int64_t now_us);
struct track *table_create(struct tracker *t, uint32_t address, int64_t t_us);
uint16_t track_tick(struct track *a, int64_t t_us); /* moves the epoch where it must */
void track_restart(struct tracker *t, struct track *a, int64_t t_us);

/* era.c */
void era_hear(struct tracker *t, int64_t t_us);

/* duplicate.c */
bool duplicate_init(struct tracker *t);
bool duplicate_heard(struct tracker *t, const struct message *m, int64_t t_us);

/* admit.c: who may be an aircraft, and what an unverifiable frame may say */
bool admit_init(struct tracker *t);
bool admit_new(struct tracker *t, const struct message *m, int64_t t_us);
bool admit_known(struct push *p);

/* accept.c */
uint64_t accept_items(struct push *p);

/* derive.c */
void derive_comm_b(const struct track *a, uint16_t now, struct message *m);
void derive_reading(const struct track *a, struct message *m);
void derive_values(struct push *p, uint64_t fields);

/* What goes with a place: altitudes, quality and velocity as known at tick now (read.c). */
void fix_describe(const struct track *a, uint16_t now, struct fix *f);

/* around.c: a place near those the message's receiver hears, for pairs of surface halves */
bool around_init(struct tracker *t);
void around_note(const struct push *p, const struct fix *f);
bool around_place(const struct push *p, struct cpr_position *out); /* false: none is known */
bool around_is_near(const struct push *p, struct cpr_position at);

/* position.c, gate.c, rejected.c, trail.c */
void position_take(struct push *p);
#define PLACE_TTL_US (60 * INT64_C(1000000)) /* a place stands so long against lesser sources */
/* What a fix is by itself and against the aircraft's place; changes nothing. */
enum fix_verdict gate_judge(const struct push *p, const struct fix *f);
bool gate_contradicts(const struct track *a, enum fix_verdict v);
/* What follows from that: the place confirmed, doubted, or given up. Returns the final verdict. */
enum fix_verdict gate_settle(const struct push *p, const struct fix *f, enum fix_verdict v);
float gate_travel_m(const struct push *p);  /* how far it may be from the accepted place by now */
float gate_horizon_m(const struct push *p); /* how far the message's receiver can hear it */
bool rejected_init(struct tracker *t, uint32_t max);
void rejected_keep(struct tracker *t, const struct fix *f);
bool trail_init(struct tracker *t, uint32_t points_max, int32_t trail_s);
void trail_add(struct push *p, const struct fix *f);
void trail_drop(struct tracker *t, uint32_t slot);
void trail_trim(struct tracker *t, uint32_t slot, int64_t now_us);

#endif

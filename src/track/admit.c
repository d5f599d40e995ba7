/* Whose word is taken.

   An address becomes an aircraft by one clean frame that carries it in clear (DF 11, 17, 18), by a
   message that was not sent as a frame, or by replies whose parity carries it (DF 0 4 5 16 20 21)
   when they agree: military aircraft without squitter are heard no other way. Such an address is a
   candidate first. Within 60 s a reply scores 1 point, an all-call reply to a coded interrogator
   (clean but for 7 bits) 2; it becomes an aircraft
       with two all-call replies, or one and a reply, or
       with 3 replies of which 2 repeat, within what an aircraft can do, the altitude or the squawk
       of the one before.
   One that contradicts (other altitude, other squawk) starts the count again.

   Noise: n random replies a second give each of 2^24 addresses equally. Three of one address within
   W = 60 s come n (nW)^2 / 2 / 2^48 times a second. All three must be altitude replies that hold a
   valid altitude (chance about (2/3 x 0.4)^3 = 0.02) and twice within about 1,000 ft of 51,000
   (0.04^2): at 1,000 random replies a second, far more than a demodulator lets through, one false
   aircraft in 60 days; squawks (1 of 4,096) repeat more rarely still.

   Bit errors are not random: a reply with one wrong bit is of an address that differs from the true
   one by one of 112 patterns, and says what the true one says. A candidate that is such a neighbor
   of an aircraft just heard, and says the same, must come with 20 replies, more than chance can
   make of one in 112 of another's errors.

   An aircraft silent for a minute comes back in the same way.

   Of known aircraft, a frame that cannot be verified is taken only when it does not contradict what
   is known. That holds for replies (address = parity) by their altitude or squawk, until a second
   one says the same; for repaired frames by everything they say, and they never say anything new
   (accept_items is not reached with an item the aircraft has not said itself of late). So no call
   sign or air data comes to an address two bits away. */
#include "radio/parity.h"
#include "track/internal.h"

#include <stdlib.h>

enum {
    SETS_MOST = 2048, /* of candidates, each of WAYS */
    SETS_LEAST = 64,
    WAYS = 4,
    POINTS = 3,
    POINTS_NEIGHBOR = 20,
    AGREEMENTS = 2,
    NO_SQUAWK = 0xffff
};

static const int64_t WINDOW_US = 60 * INT64_C(1000000);
static const int64_t SECOND_US = 1000000;

struct candidate {
    int64_t start_us, last_us;
    uint32_t address; /* 0: none */
    int32_t alt_ft;   /* FIX_NO_ALTITUDE if not said */
    uint16_t squawk;  /* NO_SQUAWK if not said */
    uint8_t points, agreements, all_calls;
};

bool admit_init(struct tracker *t)
{
    uint8_t frame[FRAME_LONG] = {0};
    for (unsigned bit = 0; bit < 8 * FRAME_LONG; bit++) {
        frame[bit / 8] = (uint8_t)(0x80 >> bit % 8);
        t->syndrome[bit] = parity_remainder(frame, sizeof frame);
        frame[bit / 8] = 0;
    }
    uint32_t sets = SETS_LEAST;
    while (sets < t->aircraft_max && sets < SETS_MOST) {
        sets *= 2;
    }
    t->candidate_mask = sets - 1;
    t->candidate = calloc((size_t)sets * WAYS, sizeof *t->candidate);
    return t->candidate != NULL;
}

/* All zeros and all ones are what a transponder without an address sends. */
static bool is_airframe(uint32_t address)
{
    const uint32_t low = address & 0xffffff;
    return low != 0 && low != 0xffffff;
}

/* How far altitude may change in so much time: 6,000 ft/min, and coding. */
static int32_t climb_ft(int64_t dt_us)
{
    enum { CODING_FT = 500, RATE_FT_S = 100, MOST_S = 60 };
    const int64_t s = (dt_us < 0 ? -dt_us : dt_us) / SECOND_US;
    return CODING_FT + RATE_FT_S * (int32_t)(s < MOST_S ? s : MOST_S);
}

static bool differs(int32_t a, int32_t b, int32_t most)
{
    return llabs((int64_t)a - b) > most;
}

/* The candidate's place in the table: its own, a free or outdated one, or the weakest. */
static struct candidate *candidate_find(struct tracker *t, uint32_t address, int64_t now_us)
{
    const uint32_t set = (address * UINT32_C(0x9e3779b1)) >> 16 & t->candidate_mask;
    struct candidate *c = &t->candidate[(size_t)set * WAYS];
    struct candidate *worst = c;
    for (unsigned i = 0; i < WAYS; i++) {
        if (c[i].address == address) {
            return &c[i];
        }
        if (c[i].address == 0 || llabs(now_us - c[i].last_us) > WINDOW_US) {
            worst = &c[i];
            worst->points = 0;
        } else if (c[i].points < worst->points ||
                   (c[i].points == worst->points && c[i].last_us < worst->last_us)) {
            worst = &c[i];
        }
    }
    worst->address = 0;
    return worst;
}

static void candidate_start(struct candidate *c, uint32_t address, int64_t t_us)
{
    *c = (struct candidate){.start_us = t_us,
                            .last_us = t_us,
                            .address = address,
                            .alt_ft = FIX_NO_ALTITUDE,
                            .squawk = NO_SQUAWK};
}

/* True where the reply contradicts the candidate's. */
static bool candidate_compare(struct candidate *c, int32_t alt_ft, int32_t squawk, int64_t t_us)
{
    bool contradicts = false;
    if (alt_ft != FIX_NO_ALTITUDE && c->alt_ft != FIX_NO_ALTITUDE) {
        contradicts = differs(alt_ft, c->alt_ft, climb_ft(t_us - c->last_us));
        c->agreements++;
    }
    if (squawk != NO_SQUAWK && c->squawk != NO_SQUAWK) {
        contradicts = contradicts || squawk != c->squawk;
        c->agreements++;
    }
    return contradicts;
}

/* Says the same as an aircraft just heard from which one wrong bit would lead here. */
static bool is_neighbor(const struct tracker *t, const struct candidate *c, int64_t t_us)
{
    for (unsigned i = 0; i < sizeof t->syndrome / sizeof *t->syndrome; i++) {
        const struct track *a = table_find(t, c->address ^ t->syndrome[i]);
        if (!a || llabs(t_us - a->seen_us) > WINDOW_US) {
            continue;
        }
        const bool same_alt = c->alt_ft != FIX_NO_ALTITUDE && a->said[FIELD_ALT_BARO] &&
                              !differs(c->alt_ft, a->value[FIELD_ALT_BARO], climb_ft(0));
        const bool same_squawk =
            c->squawk != NO_SQUAWK && a->said[FIELD_SQUAWK] && c->squawk == a->value[FIELD_SQUAWK];
        if (same_alt || same_squawk) {
            return true;
        }
    }
    return false;
}

static bool candidate_heard(struct tracker *t, const struct message *m, int64_t t_us)
{
    const int32_t alt_ft = message_get(m, FIELD_ALT_BARO, FIX_NO_ALTITUDE);
    const int32_t squawk = message_get(m, FIELD_SQUAWK, NO_SQUAWK);
    struct candidate *c = candidate_find(t, m->address, t_us);
    if (c->address != m->address || llabs(t_us - c->start_us) > WINDOW_US ||
        candidate_compare(c, alt_ft, squawk, t_us)) {
        candidate_start(c, m->address, t_us);
    }
    c->last_us = t_us;
    c->alt_ft = alt_ft != FIX_NO_ALTITUDE ? alt_ft : c->alt_ft;
    c->squawk = squawk != NO_SQUAWK ? (uint16_t)squawk : c->squawk;
    c->all_calls += m->parity == PARITY_ID;
    c->points += m->parity == PARITY_ID ? 2 : 1;
    if (c->points < POINTS) {
        return false;
    }
    const bool is_new =
        c->all_calls > 0 ||
        (c->agreements >= AGREEMENTS && (c->points >= POINTS_NEIGHBOR || !is_neighbor(t, c, t_us)));
    if (is_new) {
        c->address = 0;
    }
    return is_new;
}

bool admit_new(struct tracker *t, const struct message *m, int64_t t_us)
{
    if (!is_airframe(m->address) || m->corrected > 0) {
        return false;
    }
    switch (m->parity) {
    case PARITY_NONE:
        return true;
    case PARITY_OK:
        return m->df == 11 || m->df == 17 || m->df == 18 || m->df == 255; /* 255: UAT */
    case PARITY_ID:
        return candidate_heard(t, m, t_us);
    case PARITY_ADDRESS:
        return m->df != 24 && candidate_heard(t, m, t_us);
    case PARITY_BAD:
        break;
    }
    return false;
}

/* An unverifiable frame differs from what is known: true where one said the same just before. */
static bool is_second(struct push *p, enum field f, int32_t v, int32_t most)
{
    enum { SECOND_MS = 30000 };
    struct track *a = p->a;
    const bool again = a->doubt_kind == f &&
                       tick_within(a->doubt_tick, p->tick, TICKS(SECOND_MS)) &&
                       !differs(a->doubt_value, v, most);
    a->doubt_kind = (uint8_t)f;
    a->doubt_value = v;
    a->doubt_tick = p->tick;
    return again;
}

/* The one quantity in the clear of a reply whose parity is its address. */
static bool reply_agrees(struct push *p)
{
    const struct message *m = p->m;
    const bool is_identity = m->df == 5 || m->df == 21;
    const enum field f = is_identity ? FIELD_SQUAWK : FIELD_ALT_BARO;
    const int32_t v = message_get(m, f, INT32_MIN);
    int32_t known;
    if (v == INT32_MIN || !track_has(p->a, f, p->tick, &known)) {
        return true;
    }
    const int64_t age_us =
        ((int64_t)p->tick - stamp_tick(p->a->said[f])) * (INT64_C(1) << TICK_SHIFT);
    const int32_t most = is_identity ? 0 : climb_ft(age_us);
    return !differs(v, known, most) || is_second(p, f, v, most);
}

enum { ANGLE = 1, FULL_TURN_E2 = 36000 };

/* How far a repaired frame may be from what the aircraft said last; rows not listed must be equal.
 */
static const struct {
    uint16_t most;
    uint8_t kind;
} tolerance[FIELD_TRACKED] = {
    [FIELD_ALT_BARO] = {500, 0},
    [FIELD_ALT_GEOM] = {500, 0},
    [FIELD_GS] = {2000, 0},
    [FIELD_TRACK] = {1500, ANGLE},
    [FIELD_BARO_RATE] = {1000, 0},
    [FIELD_GEOM_RATE] = {1000, 0},
    [FIELD_IAS] = {20, 0},
    [FIELD_TAS] = {20, 0},
    [FIELD_MAG_HEADING] = {1500, ANGLE},
    [FIELD_TRUE_HEADING] = {1500, ANGLE},
    [FIELD_GEO_DELTA] = {200, 0},
    [FIELD_RC] = {UINT16_MAX, 0},
};

static bool is_within(unsigned f, int32_t a, int32_t b)
{
    int64_t d = llabs((int64_t)a - b);
    if (tolerance[f].kind == ANGLE && d > FULL_TURN_E2 / 2) {
        d = FULL_TURN_E2 - d;
    }
    return d <= tolerance[f].most;
}

/* Everything the frame says is known, fresh and about the same. Of a call sign it is the characters
   that count. */
static bool repair_agrees(const struct push *p)
{
    const struct message *m = p->m;
    for (unsigned i = 0; i < m->n; i++) {
        const unsigned f = m->item[i].field;
        int32_t v;
        if (f >= FIELD_TRACKED) {
            continue;
        }
        if (!track_has(p->a, (enum field)f, p->tick, &v) || !is_within(f, v, m->item[i].value)) {
            return false;
        }
        for (unsigned k = 0; f == FIELD_FLIGHT && k < sizeof m->flight; k++) {
            if (m->flight[k] != p->a->flight[k]) {
                return false;
            }
        }
    }
    return true;
}

bool admit_known(struct push *p)
{
    if (p->m->corrected > 0) {
        return repair_agrees(p);
    }
    return p->m->parity != PARITY_ADDRESS || reply_agrees(p);
}

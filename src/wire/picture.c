/* The message, all integers little-endian:
 *
 *    0  2  'm' 'P'
 *    2  1  format version, 1
 *    3  1  0 snapshot, 1 delta
 *    4  4  seq: number of the round
 *    8  4  base: the round a delta starts from; 0 in a snapshot
 *   12  4  one more than the highest slot in use
 *   16  8  now, milliseconds since 1970
 *   24  4  number of records
 *   28     the records, range coded (range.h), models fresh in every message
 *
 * One function, code_record, both writes and reads a record: the order of its calls is the format.
 */
#include "wire/picture.h"

#include "base/bytes.h"
#include "wire/range.h"

#include <stdlib.h>
#include <string.h>

enum {
    LAT_MAX = 9000000, /* 1e-5 degrees */
    LON_TURN = 36000000,
    ALTITUDE_MAX = 1000000, /* ft; beyond is not sent */
    RATE_MAX = 4096,        /* of 32 ft/min */
    AGE_MAX = 1 << 30,      /* tenths of a second: 34 years */
    FLAGS = 12,
    STEP_FT = 25,
    DT_FAR = 31,         /* in the 5-bit tree: the time does not fit */
    AIM_DT_MAX = 600,    /* a minute without position: the estimate starts anew */
    AIM_V_MAX = 1 << 20, /* 1/256 of 1e-5 degrees a tenth of a second */
    AIM_R_MAX = 1 << 18, /* 1/16 of 1e-5 degrees: a larger miss is no motion */
    AIM_HITS_MAX = 7
};

enum kind { KIND_CHANGE, KIND_FULL, KIND_GONE, KIND_COUNT };

/* Where an aircraft is expected: position in 1/16 of 1e-5 degrees, at the time of its last one,
   velocity in 1/256 of 1e-5 degrees a tenth of a second. All 0 before the first position. */
struct aim {
    int32_t lat, lon, v_lat, v_lon;
    int32_t hits; /* positions seen, 0 .. AIM_HITS_MAX */
};

struct slot {
    struct picture_item item; /* as the client has it */
    struct aim aim;
    struct picture_item next; /* writing: as put in this round */
    int64_t heard_ds;         /* writing: item's seen as it was put */
    bool put;
};

struct picture {
    struct slot *slot;
    uint32_t n, cap;
    uint32_t seq;
    int64_t now_ms;
};

/* One set for records that start from nothing, one for records that change. */
struct models {
    struct range_model flags_changed, flag[2 * FLAGS];
    struct range_model identity_changed, flight_changed, letter[8][64], squawk_changed,
        category_changed, category[256], origin_changed, origin[256], receiver_changed,
        emergency_changed, emergency[8];
    struct range_model heard, moved, dt[32], hits[8], off_step;
    struct range_number receiver, seen, age, dt_far, lat[2], lon[8], place_lat, place_lon, aim_lat,
        aim_lon, v_lat, v_lon, rate, steps[2], feet, speed, track;
};

struct codec {
    struct range_coder range;
    struct range_model kind[4];
    struct range_number gap;
    struct models models[2];
    int64_t now_ds;
};

/* ------------------------------------------------------------------ memory */

struct picture *picture_new(void)
{
    return calloc(1, sizeof(struct picture));
}

void picture_free(struct picture *p)
{
    if (p) {
        free(p->slot);
        free(p);
    }
}

static bool hold(struct picture *p, uint32_t slot)
{
    if (slot >= PICTURE_SLOTS_MAX) {
        return false;
    }
    if (slot >= p->cap) {
        uint32_t cap = p->cap ? p->cap : 64;
        while (cap <= slot) {
            cap *= 2;
        }
        struct slot *s = realloc(p->slot, cap * sizeof *s);
        if (!s) {
            return false;
        }
        memset(s + p->cap, 0, (cap - p->cap) * sizeof *s);
        p->slot = s;
        p->cap = cap;
    }
    if (slot >= p->n) {
        p->n = slot + 1;
    }
    return true;
}

static void empty(struct picture *p)
{
    if (p->slot) {
        memset(p->slot, 0, p->n * sizeof *p->slot);
    }
    p->n = 0;
    p->seq = 0;
}

const struct picture_item *picture_get(const struct picture *p, uint32_t slot)
{
    return slot < p->n && p->slot[slot].item.flags ? &p->slot[slot].item : NULL;
}

uint32_t picture_slots(const struct picture *p)
{
    return p->n;
}

uint32_t picture_seq(const struct picture *p)
{
    return p->seq;
}

int64_t picture_now_ms(const struct picture *p)
{
    return p->now_ms;
}

/* ------------------------------------------------- where it is expected to be */

/* Difference of two longitudes the short way, or a longitude brought into [-half, half). */
static int32_t turn(int32_t v, int32_t whole)
{
    return v >= whole / 2 ? v - whole : v < -(whole / 2) ? v + whole : v;
}

static int32_t within(int32_t v, int32_t limit)
{
    return v > limit ? limit : v < -limit ? -limit : v;
}

static struct aim aim_after(const struct aim *a, int32_t dt_ds)
{
    struct aim at = *a;
    at.lat = a->lat + (a->v_lat * dt_ds >> 4);
    at.lon = turn(a->lon + (a->v_lon * dt_ds >> 4), 16 * LON_TURN);
    return at;
}

/* An alpha-beta filter. The gains, over 256, are those of a line fitted to the positions so far
   (2(2k-1)/k(k+1), 6/k(k+1) for the k-th) down to a memory short enough for turns. */
static void aim_update(struct aim *a, int32_t dt_ds, int32_t lat_e5, int32_t lon_e5)
{
    static const uint16_t alpha[AIM_HITS_MAX + 1] = {256, 256, 213, 179, 154, 134, 134, 134};
    static const uint16_t beta[AIM_HITS_MAX + 1] = {0, 256, 128, 77, 51, 37, 37, 37};
    if (dt_ds < 1 || dt_ds > AIM_DT_MAX || a->hits == 0) {
        *a = (struct aim){.lat = lat_e5 * 16, .lon = lon_e5 * 16, .hits = 1};
        return;
    }
    struct aim at = aim_after(a, dt_ds);
    const int32_t r_lat = lat_e5 * 16 - at.lat, r_lon = turn(lon_e5 * 16 - at.lon, 16 * LON_TURN);
    if (abs(r_lat) > AIM_R_MAX || abs(r_lon) > AIM_R_MAX) {
        *a = (struct aim){.lat = lat_e5 * 16, .lon = lon_e5 * 16, .hits = 1};
        return;
    }
    at.lat = at.lat + (r_lat * alpha[a->hits] >> 8);
    at.lon = turn(at.lon + (r_lon * alpha[a->hits] >> 8), 16 * LON_TURN);
    at.v_lat = within(a->v_lat + r_lat * beta[a->hits] / (16 * dt_ds), AIM_V_MAX);
    at.v_lon = within(a->v_lon + r_lon * beta[a->hits] / (16 * dt_ds), AIM_V_MAX);
    at.hits = a->hits < AIM_HITS_MAX ? a->hits + 1 : a->hits;
    *a = at;
}

/* ------------------------------------------------------------------ records */

static void models_start(struct models *m)
{
    /* A range_number is an array of models, and so is struct models. */
    range_model_start((struct range_model *)m, sizeof *m / sizeof(struct range_model));
}

static int32_t plus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* v as its difference from what is expected. */
static int32_t code_from(struct codec *c, struct range_number *m, int32_t expected, int32_t v)
{
    return plus(expected, range_number(&c->range, m, (int32_t)((uint32_t)v - (uint32_t)expected)));
}

/* A time as its age. */
static int64_t code_age(struct codec *c, struct range_number *m, int64_t ds)
{
    return c->now_ds - range_number(&c->range, m, (int32_t)(c->now_ds - ds));
}

static void code_flags(struct codec *c, struct models *m, const struct picture_item *was,
                       struct picture_item *it)
{
    if (!range_bit(&c->range, &m->flags_changed, it->flags != was->flags)) {
        it->flags = was->flags;
        return;
    }
    uint16_t flags = PICTURE_ALIVE;
    for (unsigned i = 1; i < FLAGS; i++) {
        struct range_model *model = &m->flag[2 * i + (was->flags >> i & 1u)];
        flags |= (uint16_t)(range_bit(&c->range, model, it->flags >> i & 1u) << i);
    }
    it->flags = flags;
}

/* Letters on the wire: 0 none, 1..26 A-Z, 27..36 0-9, 37 space. */
static uint32_t letter_code(char c)
{
    return c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A' + 1)
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 27)
           : c == ' '             ? 37
                                  : 0;
}

static char letter_of(uint32_t code)
{
    static const char letter[64] = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ";
    return letter[code];
}

static void code_flight(struct codec *c, struct models *m, const struct picture_item *was,
                        struct picture_item *it)
{
    if (range_bit(&c->range, &m->flight_changed, memcmp(it->flight, was->flight, 8) != 0)) {
        for (unsigned i = 0; i < sizeof it->flight; i++) {
            it->flight[i] =
                letter_of(range_tree(&c->range, m->letter[i], 6, letter_code(it->flight[i])));
        }
    }
}

static bool same_identity(const struct picture_item *a, const struct picture_item *b)
{
    return memcmp(a->flight, b->flight, sizeof a->flight) == 0 && a->squawk == b->squawk &&
           a->category == b->category && a->origin == b->origin && a->receiver == b->receiver &&
           a->emergency == b->emergency;
}

static void code_identity(struct codec *c, struct models *m, const struct picture_item *was,
                          struct picture_item *it)
{
    struct range_coder *r = &c->range;
    if (!range_bit(r, &m->identity_changed, !same_identity(was, it))) {
        return;
    }
    code_flight(c, m, was, it);
    if (range_bit(r, &m->squawk_changed, it->squawk != was->squawk)) {
        it->squawk = (uint16_t)range_raw(r, 12, it->squawk);
    }
    if (range_bit(r, &m->category_changed, it->category != was->category)) {
        it->category = (uint8_t)range_tree(r, m->category, 8, it->category);
    }
    if (range_bit(r, &m->origin_changed, it->origin != was->origin)) {
        it->origin = (uint8_t)range_tree(r, m->origin, 8, it->origin);
    }
    if (range_bit(r, &m->receiver_changed, it->receiver != was->receiver)) {
        it->receiver = (uint16_t)code_from(c, &m->receiver, was->receiver, it->receiver);
    }
    if (range_bit(r, &m->emergency_changed, it->emergency != was->emergency)) {
        it->emergency = (uint8_t)range_tree(r, m->emergency, 3, it->emergency);
    }
}

/* A position that does not continue one: its age and itself. */
static void code_first_place(struct codec *c, struct models *m, struct picture_item *it)
{
    it->position_ds = code_age(c, &m->age, it->position_ds);
    it->lat_e5 = range_number(&c->range, &m->place_lat, it->lat_e5);
    it->lon_e5 = range_number(&c->range, &m->place_lon, it->lon_e5);
}

static bool is_place(const struct picture_item *it)
{
    return it->lat_e5 >= -LAT_MAX && it->lat_e5 <= LAT_MAX && it->lon_e5 >= -(LON_TURN / 2) &&
           it->lon_e5 < LON_TURN / 2;
}

static unsigned size_class(int32_t v)
{
    const uint32_t size = v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
    return size < 1 ? 0 : size < 2 ? 1 : size < 4 ? 2 : size < 8 ? 3 : size < 16 ? 4 : 5;
}

/* A position that continues the one before: time since then, and the miss of the estimate. The miss
   in latitude tells how large the one in longitude will be. */
static bool code_next_place(struct codec *c, struct models *m, struct slot *s,
                            const struct picture_item *was, struct picture_item *it)
{
    const int32_t dt = (int32_t)(it->position_ds - was->position_ds);
    const uint32_t near = dt >= 0 && dt < DT_FAR ? (uint32_t)dt : DT_FAR;
    const uint32_t code = range_tree(&c->range, m->dt, 5, near);
    const int32_t time = code < DT_FAR ? (int32_t)code : range_number(&c->range, &m->dt_far, dt);
    it->position_ds = was->position_ds + time;
    const bool aimed = time >= 1 && time <= AIM_DT_MAX;
    const struct aim at = aimed ? aim_after(&s->aim, time) : s->aim;
    const int32_t lat = (at.lat + 8) >> 4, lon = turn((at.lon + 8) >> 4, LON_TURN);
    const bool moving = s->aim.hits > 1;
    const int32_t miss_lat =
        range_number(&c->range, &m->lat[moving], (int32_t)((uint32_t)it->lat_e5 - (uint32_t)lat));
    const unsigned like = moving ? size_class(miss_lat) : 6;
    const int32_t miss_lon =
        range_number(&c->range, &m->lon[like], turn(it->lon_e5 - lon, LON_TURN));
    it->lat_e5 = plus(lat, miss_lat);
    if (miss_lon < -(LON_TURN / 2) || miss_lon >= LON_TURN / 2) {
        return false;
    }
    it->lon_e5 = turn(lon + miss_lon, LON_TURN);
    if (!is_place(it)) {
        return false;
    }
    aim_update(&s->aim, time, it->lat_e5, it->lon_e5);
    return true;
}

static bool code_place(struct codec *c, struct models *m, struct slot *s,
                       const struct picture_item *was, struct picture_item *it)
{
    if (!(it->flags & PICTURE_POSITION)) {
        it->lat_e5 = it->lon_e5 = 0;
        it->position_ds = 0;
        s->aim = (struct aim){0};
        return true;
    }
    if (!(was->flags & PICTURE_POSITION)) {
        code_first_place(c, m, it);
        if (is_place(it)) {
            s->aim = (struct aim){0};
            aim_update(&s->aim, 0, it->lat_e5, it->lon_e5);
        }
        return is_place(it);
    }
    const bool moved = it->position_ds != was->position_ds || it->lat_e5 != was->lat_e5 ||
                       it->lon_e5 != was->lon_e5;
    return !range_bit(&c->range, &m->moved, moved) || code_next_place(c, m, s, was, it);
}

static int32_t code_if(struct codec *c, struct range_number *m, bool known, int32_t expected,
                       int32_t v)
{
    return known ? code_from(c, m, expected, v) : 0;
}

/* Altitude: mostly in steps of 25 ft from what the vertical rate leads to expect. */
static int32_t code_altitude(struct codec *c, struct models *m, const struct picture_item *was,
                             const struct picture_item *it)
{
    const int64_t heard = it->seen_ds - was->seen_ds;
    const int32_t time = heard > 0 && heard <= AIM_DT_MAX ? (int32_t)heard : 0;
    const int32_t climb = it->rate_32fpm * time; /* of 32/600 ft */
    const int32_t steps = climb * 32 / (600 * STEP_FT);
    const int32_t expected = was->altitude_ft + steps * STEP_FT;
    const int32_t miss = it->altitude_ft - expected;
    if (range_bit(&c->range, &m->off_step, miss % STEP_FT != 0)) {
        return code_from(c, &m->feet, expected, it->altitude_ft);
    }
    const int32_t n = range_number(&c->range, &m->steps[it->rate_32fpm != 0], miss / STEP_FT);
    return plus(expected, (int32_t)((uint32_t)n * STEP_FT));
}

static bool code_motion(struct codec *c, struct models *m, const struct picture_item *was,
                        struct picture_item *it)
{
    it->rate_32fpm =
        code_if(c, &m->rate, it->flags & PICTURE_RATE, was->rate_32fpm, it->rate_32fpm);
    if (it->rate_32fpm < -RATE_MAX || it->rate_32fpm > RATE_MAX) {
        return false;
    }
    it->altitude_ft = it->flags & PICTURE_ALTITUDE ? code_altitude(c, m, was, it) : 0;
    if (it->altitude_ft < -ALTITUDE_MAX || it->altitude_ft > ALTITUDE_MAX) {
        return false;
    }
    it->speed_kt =
        (uint16_t)code_if(c, &m->speed, it->flags & PICTURE_SPEED, was->speed_kt, it->speed_kt);
    const bool tracked = it->flags & PICTURE_TRACK;
    const int32_t bend = turn(it->track_deg - was->track_deg, 360);
    const int32_t track =
        tracked ? was->track_deg + within(range_number(&c->range, &m->track, bend), 180) : 0;
    it->track_deg = (uint16_t)((track + 360) % 360);
    return true;
}

/* An estimate that others already have: as it is, beside the position. */
static bool code_aim(struct codec *c, struct models *m, struct slot *s,
                     const struct picture_item *it)
{
    if (!(it->flags & PICTURE_POSITION)) {
        return true;
    }
    const int32_t lat = it->lat_e5 * 16, lon = it->lon_e5 * 16;
    struct aim a = s->aim;
    a.hits = (int32_t)range_tree(&c->range, m->hits, 3, (uint32_t)a.hits);
    if (a.hits > 1) {
        const int32_t off_lat = range_number(&c->range, &m->aim_lat, a.lat - lat);
        const int32_t off_lon =
            range_number(&c->range, &m->aim_lon, turn(a.lon - lon, 16 * LON_TURN));
        a.v_lat = range_number(&c->range, &m->v_lat, a.v_lat);
        a.v_lon = range_number(&c->range, &m->v_lon, a.v_lon);
        if (off_lat != within(off_lat, AIM_R_MAX) || off_lon != within(off_lon, AIM_R_MAX) ||
            a.v_lat != within(a.v_lat, AIM_V_MAX) || a.v_lon != within(a.v_lon, AIM_V_MAX)) {
            return false;
        }
        a.lat = lat + off_lat;
        a.lon = turn(lon + off_lon, 16 * LON_TURN);
    } else {
        a = (struct aim){.lat = lat, .lon = lon, .hits = 1};
    }
    s->aim = a;
    return true;
}

/* One record after its kind. Writing: it holds the new values; reading: the old ones. False: values
   out of range, which only reading meets. */
static bool code_record(struct codec *c, struct slot *s, struct picture_item it, bool full)
{
    struct models *m = &c->models[full];
    struct picture_item was = s->item;
    if (full) {
        it.address = range_raw(&c->range, 25, it.address);
        was = (struct picture_item){.address = it.address, .seen_ds = c->now_ds};
    }
    const struct aim aim = s->aim;
    code_flags(c, m, &was, &it);
    code_identity(c, m, &was, &it);
    if (full) {
        it.seen_ds = code_age(c, &m->seen, it.seen_ds);
    } else if (range_bit(&c->range, &m->heard, it.seen_ds != was.seen_ds)) {
        it.seen_ds = c->now_ds;
    }
    if (!(it.flags & PICTURE_ALIVE) || !code_place(c, m, s, &was, &it) ||
        !code_motion(c, m, &was, &it)) {
        return false;
    }
    if (full) {
        s->aim = aim;
        if (!code_aim(c, m, s, &it)) {
            return false;
        }
    }
    s->item = it;
    return true;
}

static void codec_start(struct codec *c, int64_t now_ms)
{
    c->now_ds = now_ms / 100;
    range_model_start(c->kind, 4);
    range_model_start((struct range_model *)&c->gap, sizeof c->gap / sizeof(struct range_model));
    models_start(&c->models[0]);
    models_start(&c->models[1]);
}

/* ------------------------------------------------------------------ writing */

static void known_or_zero(struct picture_item *it)
{
    if (!is_place(it)) {
        it->flags &= (uint16_t)~PICTURE_POSITION;
    }
    if (it->altitude_ft < -ALTITUDE_MAX || it->altitude_ft > ALTITUDE_MAX) {
        it->flags &= (uint16_t)~PICTURE_ALTITUDE;
    }
    if (it->rate_32fpm < -RATE_MAX || it->rate_32fpm > RATE_MAX) {
        it->flags &= (uint16_t)~PICTURE_RATE;
    }
    if (!(it->flags & PICTURE_POSITION)) {
        it->lat_e5 = it->lon_e5 = 0;
        it->position_ds = 0;
    }
    it->altitude_ft = it->flags & PICTURE_ALTITUDE ? it->altitude_ft : 0;
    it->rate_32fpm = it->flags & PICTURE_RATE ? it->rate_32fpm : 0;
    it->speed_kt = it->flags & PICTURE_SPEED ? it->speed_kt : 0;
    it->track_deg = it->flags & PICTURE_TRACK ? it->track_deg % 360 : 0;
    it->squawk = it->flags & PICTURE_SQUAWK ? it->squawk & 07777 : 0;
}

static void clean_flight(char flight[8])
{
    bool ended = false;
    for (int i = 0; i < 8; i++) {
        ended = ended || flight[i] == '\0';
        flight[i] = ended ? '\0' : letter_code(flight[i]) ? flight[i] : ' ';
    }
    for (int i = 7; i >= 0 && (flight[i] == ' ' || flight[i] == '\0'); i--) {
        flight[i] = '\0';
    }
}

bool picture_put(struct picture *p, uint32_t slot, const struct picture_item *item)
{
    if (!hold(p, slot)) {
        return false;
    }
    struct slot *s = &p->slot[slot];
    s->put = true;
    s->next = *item;
    s->next.flags = (item->flags & ((1u << FLAGS) - 1)) | PICTURE_ALIVE;
    s->next.address &= 0x1ffffffu;
    s->next.emergency &= 7;
    known_or_zero(&s->next);
    clean_flight(s->next.flight);
    return true;
}

static int64_t settle(int64_t ds, int64_t now_ds)
{
    return ds < now_ds - AGE_MAX ? now_ds - AGE_MAX : ds > now_ds + AGE_MAX ? now_ds + AGE_MAX : ds;
}

static bool same_values(const struct picture_item *a, const struct picture_item *b)
{
    return a->flags == b->flags && a->position_ds == b->position_ds && a->seen_ds == b->seen_ds &&
           a->lat_e5 == b->lat_e5 && a->lon_e5 == b->lon_e5 && a->altitude_ft == b->altitude_ft &&
           a->rate_32fpm == b->rate_32fpm && a->speed_kt == b->speed_kt &&
           a->track_deg == b->track_deg && same_identity(a, b);
}

/* What is to be written of a slot: KIND_COUNT for nothing. Completes s->next. */
static enum kind choose(struct slot *s, int64_t now_ds)
{
    const bool alive = s->item.flags;
    if (!s->put) {
        return alive ? KIND_GONE : KIND_COUNT;
    }
    struct picture_item *next = &s->next;
    const int64_t heard_ds = next->seen_ds;
    if (next->flags & PICTURE_POSITION) {
        next->position_ds = settle(next->position_ds, now_ds);
    }
    const int64_t dt = next->position_ds - s->item.position_ds;
    const bool both = next->flags & s->item.flags & PICTURE_POSITION;
    const bool full =
        !alive || next->address != s->item.address || (both && (dt > AGE_MAX || dt < -AGE_MAX));
    next->seen_ds = full                      ? settle(heard_ds, now_ds)
                    : heard_ds != s->heard_ds ? now_ds
                                              : s->item.seen_ds;
    s->heard_ds = heard_ds;
    return full ? KIND_FULL : same_values(next, &s->item) ? KIND_COUNT : KIND_CHANGE;
}

static void write_record(struct codec *c, struct slot *s, enum kind kind)
{
    range_tree(&c->range, c->kind, 2, kind);
    if (kind == KIND_GONE) {
        *s = (struct slot){0};
        return;
    }
    if (kind == KIND_FULL) {
        s->aim = (struct aim){0};
        if (s->next.flags & PICTURE_POSITION) {
            aim_update(&s->aim, 0, s->next.lat_e5, s->next.lon_e5);
        }
    }
    code_record(c, s, s->next, kind == KIND_FULL);
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (uint8_t)(v >> (8 * i));
    }
}

static void write_header(const struct picture *p, uint8_t *h, bool delta, uint32_t base,
                         uint32_t records)
{
    h[0] = 'm';
    h[1] = 'P';
    h[2] = PICTURE_FORMAT;
    h[3] = delta;
    put_le32(h + 4, p->seq);
    put_le32(h + 8, base);
    put_le32(h + 12, p->n);
    put_le64(h + 16, (uint64_t)p->now_ms);
    put_le32(h + 24, records);
}

uint32_t picture_delta(struct picture *p, int64_t now_ms, struct buf *out)
{
    const size_t start = out->n;
    uint8_t header[PICTURE_HEADER] = {0};
    buf_add(out, header, sizeof header);
    p->now_ms = now_ms < 0 ? 0 : now_ms;
    struct codec c;
    codec_start(&c, p->now_ms);
    range_write(&c.range, out);
    uint32_t records = 0, following = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        const enum kind kind = choose(&p->slot[i], c.now_ds);
        if (kind != KIND_COUNT) {
            range_number(&c.range, &c.gap, (int32_t)(i - following));
            write_record(&c, &p->slot[i], kind);
            following = i + 1;
            records++;
        }
        p->slot[i].put = false;
    }
    range_write_end(&c.range);
    p->seq++;
    write_header(p, header, true, p->seq - 1, records);
    if (!out->failed) {
        memcpy(out->p + start, header, sizeof header);
    }
    return records;
}

void picture_snapshot(const struct picture *p, struct buf *out)
{
    const size_t start = out->n;
    uint8_t header[PICTURE_HEADER] = {0};
    buf_add(out, header, sizeof header);
    struct codec c;
    codec_start(&c, p->now_ms);
    range_write(&c.range, out);
    uint32_t records = 0, following = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        struct slot s = p->slot[i];
        if (s.item.flags) {
            range_number(&c.range, &c.gap, (int32_t)(i - following));
            range_tree(&c.range, c.kind, 2, KIND_FULL);
            code_record(&c, &s, s.item, true);
            following = i + 1;
            records++;
        }
    }
    range_write_end(&c.range);
    write_header(p, header, false, 0, records);
    if (!out->failed) {
        memcpy(out->p + start, header, sizeof header);
    }
}

/* ------------------------------------------------------------------ reading */

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static enum err read_record(struct picture *p, struct codec *c, uint32_t *following,
                            picture_change_fn *change, void *ctx)
{
    const int32_t gap = range_number(&c->range, &c->gap, 0);
    if (gap < 0 || gap >= PICTURE_SLOTS_MAX || *following + (uint32_t)gap >= PICTURE_SLOTS_MAX) {
        return ERR_SYNTAX;
    }
    const uint32_t slot = *following + (uint32_t)gap;
    const uint32_t kind = range_tree(&c->range, c->kind, 2, 0);
    if (!hold(p, slot)) {
        return ERR_MEMORY;
    }
    struct slot *s = &p->slot[slot];
    if (kind >= KIND_COUNT || (kind != KIND_FULL && !s->item.flags)) {
        return ERR_SYNTAX;
    }
    if (kind == KIND_FULL || kind == KIND_GONE) {
        *s = (struct slot){0};
    }
    if (kind != KIND_GONE && !code_record(c, s, s->item, kind == KIND_FULL)) {
        return ERR_SYNTAX;
    }
    *following = slot + 1;
    if (c->range.short_of) {
        return ERR_SHORT;
    }
    if (change) {
        change(ctx, slot, kind == KIND_GONE);
    }
    return ERR_OK;
}

static enum err read_records(struct picture *p, const uint8_t *bytes, size_t n,
                             picture_change_fn *change, void *ctx)
{
    struct codec c;
    codec_start(&c, p->now_ms);
    range_read(&c.range, bytes + PICTURE_HEADER, n - PICTURE_HEADER);
    const uint32_t records = le32(bytes + 24);
    uint32_t following = 0;
    enum err e = c.range.short_of ? ERR_SHORT : ERR_OK;
    for (uint32_t i = 0; !e && i < records; i++) {
        e = read_record(p, &c, &following, change, ctx);
    }
    return e ? e : c.range.at == c.range.n ? ERR_OK : ERR_SYNTAX;
}

enum err picture_apply(struct picture *p, const uint8_t *bytes, size_t n, picture_change_fn *change,
                       void *ctx)
{
    enum err e = ERR_OK;
    if (n < PICTURE_HEADER) {
        e = ERR_SHORT;
    } else if (bytes[0] != 'm' || bytes[1] != 'P' || bytes[3] > 1 ||
               le64(bytes + 16) >> 53) { /* a time a double holds exactly */
        e = ERR_SYNTAX;
    } else if (bytes[2] != PICTURE_FORMAT) {
        e = ERR_UNKNOWN;
    } else if (bytes[3] == 1 && le32(bytes + 8) != p->seq) {
        e = ERR_RANGE;
    }
    if (!e) {
        if (bytes[3] == 0) {
            empty(p);
        }
        p->now_ms = (int64_t)le64(bytes + 16);
        p->seq = le32(bytes + 4);
        e = read_records(p, bytes, n, change, ctx);
    }
    if (e) {
        empty(p);
    }
    return e;
}

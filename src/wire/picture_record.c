#include "wire/picture_record.h"

#include <string.h>

enum {
    STEP_FT = 25,
    DT_FAR = 31 /* in the 5-bit tree: the time does not fit */
};

static void models_start(struct picture_models *m)
{
    /* A range_number is an array of models, and so is struct picture_models. */
    range_model_start((struct range_model *)m, sizeof *m / sizeof(struct range_model));
}

static int32_t plus(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* v as its difference from what is expected. */
static int32_t code_from(struct picture_codec *c, struct range_number *m, int32_t expected,
                         int32_t v)
{
    return plus(expected, range_number(&c->range, m, (int32_t)((uint32_t)v - (uint32_t)expected)));
}

/* A time as its age. */
static int64_t code_age(struct picture_codec *c, struct range_number *m, int64_t ds)
{
    return c->now_ds - range_number(&c->range, m, (int32_t)(c->now_ds - ds));
}

static void code_flags(struct picture_codec *c, struct picture_models *m,
                       const struct picture_item *was, struct picture_item *it)
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

uint32_t picture_letter_code(char c)
{
    return c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A' + 1)
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 27)
           : c == ' '             ? PICTURE_FLIGHT_LETTER
           : c == '-'             ? 38
           : c == '+'             ? 39
           : c == '.'             ? 40
           : c == '/'             ? 41
           : c == '?'             ? 42
                                  : 0;
}

static char letter_of(uint32_t code)
{
    static const char letter[64] = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -+./?";
    return letter[code];
}

static void code_flight(struct picture_codec *c, struct picture_models *m,
                        const struct picture_item *was, struct picture_item *it)
{
    if (range_bit(&c->range, &m->flight_changed, memcmp(it->flight, was->flight, 8) != 0)) {
        for (unsigned i = 0; i < sizeof it->flight; i++) {
            it->flight[i] = letter_of(
                range_tree(&c->range, m->letter[i], 6, picture_letter_code(it->flight[i])));
        }
    }
}

bool picture_same_identity(const struct picture_item *a, const struct picture_item *b)
{
    return memcmp(a->flight, b->flight, sizeof a->flight) == 0 && a->squawk == b->squawk &&
           a->category == b->category && a->origin == b->origin && a->receiver == b->receiver &&
           a->emergency == b->emergency && memcmp(&a->who, &b->who, sizeof a->who) == 0;
}

/* Up to n letters; the first that is none ends it. */
static void code_text(struct picture_codec *c, struct range_model (*models)[64], char *text,
                      unsigned n)
{
    unsigned i = 0;
    do {
        text[i] = letter_of(range_tree(&c->range, models[i], 6, picture_letter_code(text[i])));
    } while (text[i] && ++i < n);
    memset(text + i, 0, n - i);
}

static void code_country(struct picture_codec *c, struct picture_models *m, char country[2])
{
    for (int i = 0; i < 2; i++) {
        const uint32_t code =
            range_tree(&c->range, m->country[i], 5, picture_letter_code(country[i]) & 31u);
        country[i] = letter_of(code <= 26 ? code : 0);
    }
}

static void code_who(struct picture_codec *c, struct picture_models *m,
                     const struct picture_who *was, struct picture_who *who)
{
    struct range_coder *r = &c->range;
    if (!range_bit(r, &m->who_changed, memcmp(who, was, sizeof *who) != 0)) {
        return;
    }
    if (range_bit(r, &m->type_changed, memcmp(who->type, was->type, sizeof who->type) != 0)) {
        code_text(c, m->type, who->type, sizeof who->type);
    }
    if (range_bit(r, &m->registration_changed,
                  memcmp(who->registration, was->registration, sizeof who->registration) != 0)) {
        code_text(c, m->registration, who->registration, sizeof who->registration);
    }
    if (range_bit(r, &m->country_changed, memcmp(who->country, was->country, 2) != 0)) {
        code_country(c, m, who->country);
    }
    if (range_bit(r, &m->db_flags_changed, who->flags != was->flags)) {
        who->flags = (uint8_t)range_tree(r, m->db_flags, 4, who->flags);
    }
    if (range_bit(r, &m->operator_changed, who->operator_n != was->operator_n)) {
        who->operator_n = (uint8_t)range_tree(r, m->operator, 3, who->operator_n);
    }
}

static void code_identity(struct picture_codec *c, struct picture_models *m,
                          const struct picture_item *was, struct picture_item *it)
{
    struct range_coder *r = &c->range;
    if (!range_bit(r, &m->identity_changed, !picture_same_identity(was, it))) {
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
    code_who(c, m, &was->who, &it->who);
}

/* A position that does not continue one: its age and itself. */
static void code_first_place(struct picture_codec *c, struct picture_models *m,
                             struct picture_item *it)
{
    it->position_ds = code_age(c, &m->age, it->position_ds);
    it->lat_e5 = (int32_t)range_raw(&c->range, 25, (uint32_t)(it->lat_e5 + LAT_MAX)) - LAT_MAX;
    it->lon_e5 =
        (int32_t)range_raw(&c->range, 26, (uint32_t)(it->lon_e5 + LON_TURN / 2)) - LON_TURN / 2;
}

bool picture_is_place(const struct picture_item *it)
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
static bool code_next_place(struct picture_codec *c, struct picture_models *m,
                            struct picture_slot *s, const struct picture_item *was,
                            struct picture_item *it)
{
    const int32_t dt = (int32_t)(it->position_ds - was->position_ds);
    const uint32_t near = dt >= 0 && dt < DT_FAR ? (uint32_t)dt : DT_FAR;
    const uint32_t code = range_tree(&c->range, m->dt, 5, near);
    const int32_t time = code < DT_FAR ? (int32_t)code : range_number(&c->range, &m->dt_far, dt);
    it->position_ds = was->position_ds + time;
    const bool aimed = time >= 1 && time <= AIM_DT_MAX;
    const struct picture_aim at = aimed ? picture_aim_after(&s->aim, time) : s->aim;
    const int32_t lat = (at.lat + 8) >> 4, lon = picture_turn((at.lon + 8) >> 4, LON_TURN);
    const bool moving = s->aim.hits > 1;
    const int32_t miss_lat =
        range_number(&c->range, &m->lat[moving], (int32_t)((uint32_t)it->lat_e5 - (uint32_t)lat));
    const unsigned like = moving ? size_class(miss_lat) : 6;
    const int32_t miss_lon =
        range_number(&c->range, &m->lon[like], picture_turn(it->lon_e5 - lon, LON_TURN));
    it->lat_e5 = plus(lat, miss_lat);
    if (miss_lon < -(LON_TURN / 2) || miss_lon >= LON_TURN / 2) {
        return false;
    }
    it->lon_e5 = picture_turn(lon + miss_lon, LON_TURN);
    if (!picture_is_place(it)) {
        return false;
    }
    picture_aim_update(&s->aim, time, it->lat_e5, it->lon_e5);
    return true;
}

static bool code_place(struct picture_codec *c, struct picture_models *m, struct picture_slot *s,
                       const struct picture_item *was, struct picture_item *it)
{
    if (!(it->flags & PICTURE_POSITION)) {
        it->lat_e5 = it->lon_e5 = 0;
        it->position_ds = 0;
        s->aim = (struct picture_aim){0};
        return true;
    }
    if (!(was->flags & PICTURE_POSITION)) {
        code_first_place(c, m, it);
        if (picture_is_place(it)) {
            s->aim = (struct picture_aim){0};
            picture_aim_update(&s->aim, 0, it->lat_e5, it->lon_e5);
        }
        return picture_is_place(it);
    }
    const bool moved = it->position_ds != was->position_ds || it->lat_e5 != was->lat_e5 ||
                       it->lon_e5 != was->lon_e5;
    return !range_bit(&c->range, &m->moved, moved) || code_next_place(c, m, s, was, it);
}

static int32_t code_if(struct picture_codec *c, struct range_number *m, bool known,
                       int32_t expected, int32_t v)
{
    return known ? code_from(c, m, expected, v) : 0;
}

/* Altitude: mostly in steps of 25 ft from what the vertical rate leads to expect. */
static int32_t code_altitude(struct picture_codec *c, struct picture_models *m,
                             const struct picture_item *was, const struct picture_item *it)
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

static bool code_motion(struct picture_codec *c, struct picture_models *m,
                        const struct picture_item *was, struct picture_item *it)
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
    const int32_t bend = picture_turn(it->track_deg - was->track_deg, 360);
    const int32_t track =
        tracked ? was->track_deg + picture_within(range_number(&c->range, &m->track, bend), 180)
                : 0;
    it->track_deg = (uint16_t)((track + 360) % 360);
    return true;
}

/* An estimate that others already have: as it is, beside the position. */
static bool code_aim(struct picture_codec *c, struct picture_models *m, struct picture_slot *s,
                     const struct picture_item *it)
{
    if (!(it->flags & PICTURE_POSITION)) {
        return true;
    }
    const int32_t lat = it->lat_e5 * 16, lon = it->lon_e5 * 16;
    struct picture_aim a = s->aim;
    a.hits = (int32_t)range_tree(&c->range, m->hits, 3, (uint32_t)a.hits);
    if (a.hits > 1) {
        const int32_t off_lat = range_number(&c->range, &m->aim_lat, a.lat - lat);
        const int32_t off_lon =
            range_number(&c->range, &m->aim_lon, picture_turn(a.lon - lon, 16 * LON_TURN));
        a.v_lat = range_number(&c->range, &m->v_lat, a.v_lat);
        a.v_lon = range_number(&c->range, &m->v_lon, a.v_lon);
        if (off_lat != picture_within(off_lat, AIM_R_MAX) ||
            off_lon != picture_within(off_lon, AIM_R_MAX) ||
            a.v_lat != picture_within(a.v_lat, AIM_V_MAX) ||
            a.v_lon != picture_within(a.v_lon, AIM_V_MAX)) {
            return false;
        }
        a.lat = lat + off_lat;
        a.lon = picture_turn(lon + off_lon, 16 * LON_TURN);
    } else {
        a = (struct picture_aim){.lat = lat, .lon = lon, .hits = 1};
    }
    s->aim = a;
    return true;
}

bool picture_record(struct picture_codec *c, struct picture_slot *s, struct picture_item it,
                    bool full)
{
    struct picture_models *m = &c->models[full];
    struct picture_item was = s->item;
    if (full) {
        it.address = range_raw(&c->range, 25, it.address);
        was = (struct picture_item){.address = it.address, .seen_ds = c->now_ds};
    }
    const struct picture_aim aim = s->aim;
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

void picture_codec_start(struct picture_codec *c, int64_t now_ms)
{
    c->now_ds = now_ms / 100;
    range_model_start(c->kind, 4);
    range_model_start((struct range_model *)&c->gap, sizeof c->gap / sizeof(struct range_model));
    models_start(&c->models[0]);
    models_start(&c->models[1]);
}

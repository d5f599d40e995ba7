/* An aircraft as the live picture shows it. */
#include "model/kept.h"
#include "serve/internal.h"
#include "wire/picture.h"

#include <string.h>

static int32_t rounded(int32_t v, int32_t unit)
{
    return v >= 0 ? (v + unit / 2) / unit : -((-v + unit / 2) / unit);
}

static int64_t tenths(int64_t t_us)
{
    return t_us >= 0 ? t_us / 100000 : -((99999 - t_us) / 100000);
}

static void add_place(struct picture_item *it, const struct track *a)
{
    struct fix fix;
    if (!track_place(a, &fix)) {
        return;
    }
    const int32_t lon = rounded(fix.lon_e7, 100);
    it->flags |= PICTURE_POSITION | (fix.ground ? PICTURE_GROUND : 0);
    it->lat_e5 = rounded(fix.lat_e7, 100);
    it->lon_e5 = lon == 18000000 ? -18000000 : lon;
    it->position_ds = tenths(fix.t_us);
    it->origin = fix.origin;
    it->receiver = fix.receiver;
}

static void add_motion(struct picture_item *it, const struct track *a, int64_t now_us)
{
    struct value v;
    if (track_fresh(a, FIELD_GS, now_us, &v)) {
        it->flags |= PICTURE_SPEED;
        it->speed_kt = (uint16_t)rounded(v.v, 100);
    }
    if (track_fresh(a, FIELD_TRACK, now_us, &v)) {
        it->flags |= PICTURE_TRACK;
        it->track_deg = (uint16_t)(rounded(v.v, 100) % 360);
    }
    if (track_fresh(a, FIELD_BARO_RATE, now_us, &v) ||
        track_fresh(a, FIELD_GEOM_RATE, now_us, &v)) {
        it->flags |= PICTURE_RATE;
        it->rate_32fpm = rounded(v.v, 32);
    }
    if (track_fresh(a, FIELD_ALT_BARO, now_us, &v)) {
        it->flags |= PICTURE_ALTITUDE;
        it->altitude_ft = v.v;
    } else if (track_fresh(a, FIELD_ALT_GEOM, now_us, &v)) {
        it->flags |= PICTURE_ALTITUDE | PICTURE_GEOMETRIC;
        it->altitude_ft = v.v;
    }
}

static void add_flags(struct picture_item *it, const struct track *a, int64_t now_us)
{
    static const struct {
        enum field field;
        uint16_t flag;
    } flags[] = {
        {FIELD_GROUND, PICTURE_GROUND}, {FIELD_ALERT, PICTURE_ALERT}, {FIELD_SPI, PICTURE_SPI}};
    struct value v;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (track_fresh(a, flags[i].field, now_us, &v)) {
            it->flags = (uint16_t)(v.v ? it->flags | flags[i].flag : it->flags & ~flags[i].flag);
        }
    }
}

/* Who is heard of an aircraft without a position: of the first quantity there is. */
static uint16_t any_receiver(const struct track *a)
{
    static const enum field fields[] = {FIELD_ALT_BARO, FIELD_GS, FIELD_SQUAWK, FIELD_FLIGHT};
    struct value v;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (track_get(a, fields[i], &v)) {
            return v.receiver;
        }
    }
    return 0;
}

void live_item(const struct serve *s, const struct track *a, int64_t now_us,
               struct picture_item *it)
{
    struct value v;
    *it = (struct picture_item){.address = track_address(a),
                                .seen_ds = tenths(track_seen_us(a)),
                                .origin = track_origin(a)};
    add_place(it, a);
    add_motion(it, a, now_us);
    add_flags(it, a, now_us);
    if (track_fresh(a, FIELD_SQUAWK, now_us, &v)) {
        it->flags |= PICTURE_SQUAWK;
        it->squawk = (uint16_t)v.v;
    }
    it->category = track_get(a, FIELD_CATEGORY, &v) ? (uint8_t)v.v : 0;
    it->emergency = track_fresh(a, FIELD_EMERGENCY, now_us, &v) ? (uint8_t)v.v : 0;
    const char *flight = track_flight(a);
    memcpy(it->flight, flight, strnlen(flight, sizeof it->flight));
    if (!(it->flags & PICTURE_POSITION)) {
        it->receiver = any_receiver(a);
    }
    if (it->receiver < s->o.receivers->n && s->o.receivers->row[it->receiver].simulated) {
        it->flags |= PICTURE_SIMULATED;
    }
}

static void add_kept_motion(struct picture_item *it, const struct kept *k)
{
    const int32_t rate = k->baro_rate_fpm != KEPT_NONE ? k->baro_rate_fpm : k->geom_rate_fpm;
    if (k->gs_e2_kt != KEPT_NONE) {
        it->flags |= PICTURE_SPEED;
        it->speed_kt = (uint16_t)rounded(k->gs_e2_kt, 100);
    }
    if (k->track_e2_deg != KEPT_NONE) {
        it->flags |= PICTURE_TRACK;
        it->track_deg = (uint16_t)(rounded(k->track_e2_deg, 100) % 360);
    }
    if (rate != KEPT_NONE) {
        it->flags |= PICTURE_RATE;
        it->rate_32fpm = rounded(rate, 32);
    }
    if (k->alt_baro_ft != KEPT_NONE) {
        it->flags |= PICTURE_ALTITUDE;
        it->altitude_ft = k->alt_baro_ft;
    } else if (k->alt_geom_ft != KEPT_NONE) {
        it->flags |= PICTURE_ALTITUDE | PICTURE_GEOMETRIC;
        it->altitude_ft = k->alt_geom_ft;
    }
}

void live_kept(const struct kept *k, struct picture_item *it)
{
    const int32_t lon = rounded(k->lon_e7, 100);
    *it = (struct picture_item){
        .address = k->address,
        .position_ds = tenths(k->t_ms * 1000),
        .seen_ds = tenths(k->t_ms * 1000),
        .lat_e5 = rounded(k->lat_e7, 100),
        .lon_e5 = lon == 18000000 ? -18000000 : lon,
        .flags = (uint16_t)(PICTURE_POSITION | (k->ground ? PICTURE_GROUND : 0)),
        .origin = k->origin,
    };
    add_kept_motion(it, k);
    if (k->squawk != KEPT_NO_SQUAWK) {
        it->flags |= PICTURE_SQUAWK;
        it->squawk = k->squawk;
    }
    memcpy(it->flight, k->flight, sizeof it->flight);
}

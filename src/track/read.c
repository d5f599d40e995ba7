/* What others may ask of one aircraft. */
#include "track/internal.h"

#include <math.h>

bool track_get(const struct track *a, enum field f, struct value *out)
{
    if ((unsigned)f >= FIELD_TRACKED || a->said[f] == 0) {
        return false;
    }
    *out = (struct value){
        .v = a->value[f],
        .t_us = tick_us(a, stamp_tick(a->said[f])),
        .receiver = source_receiver(stamp_source(a->said[f])),
        .origin = source_origin(stamp_source(a->said[f])),
    };
    return true;
}

bool track_fresh(const struct track *a, enum field f, int64_t now_us, struct value *out)
{
    return track_get(a, f, out) && now_us - out->t_us <= field_row[f].ttl_s * INT64_C(1000000);
}

uint32_t track_address(const struct track *a)
{
    return a->address;
}

const char *track_flight(const struct track *a)
{
    return a->flight;
}

static int32_t known_or(const struct track *a, enum field f, uint16_t now, int32_t otherwise)
{
    int32_t v;
    return track_has(a, f, now, &v) ? v : otherwise;
}

void fix_describe(const struct track *a, uint16_t now, struct fix *f)
{
    f->address = a->address;
    f->alt_baro_ft = known_or(a, FIELD_ALT_BARO, now, FIX_NO_ALTITUDE);
    f->alt_geom_ft = known_or(a, FIELD_ALT_GEOM, now, FIX_NO_ALTITUDE);
    f->nic = (uint8_t)known_or(a, FIELD_NIC, now, UINT8_MAX);
    f->nac_p = (uint8_t)known_or(a, FIELD_NAC_P, now, UINT8_MAX);
    f->sil = (uint8_t)known_or(a, FIELD_SIL, now, UINT8_MAX);
    f->rc_m = known_or(a, FIELD_RC, now, -1);
    f->gs_e2_kt = known_or(a, FIELD_GS, now, -1);
    f->track_e2_deg = known_or(a, FIELD_TRACK, now, -1);
}

bool track_place(const struct track *a, struct fix *out)
{
    if (a->place_method == PLACE_NONE) {
        return false;
    }
    const int64_t tick = (a->place_us - a->epoch_us) >> TICK_SHIFT;
    fix_describe(a, tick > 0 && tick <= UINT16_MAX ? (uint16_t)tick : 0, out);
    out->t_us = a->place_us;
    out->lat_e7 = a->lat_e7;
    out->lon_e7 = a->lon_e7;
    out->receiver = source_receiver(a->place_source);
    out->origin = source_origin(a->place_source);
    out->method = a->place_method;
    out->verdict = VERDICT_ACCEPTED;
    out->ground = a->place_ground;
    return true;
}

uint32_t track_repaired(const struct track *a)
{
    return a->repaired;
}

uint32_t track_messages(const struct track *a)
{
    return a->messages;
}

int64_t track_first_us(const struct track *a)
{
    return a->first_us;
}

int64_t track_seen_us(const struct track *a)
{
    return a->seen_us;
}

uint8_t track_origin(const struct track *a)
{
    return a->origin;
}

float track_rssi_dbfs(const struct track *a)
{
    float power = 0;
    unsigned n = 0;
    for (unsigned i = 0; i < sizeof a->signal; i++) {
        power += (float)a->signal[i] * (float)a->signal[i];
        n += a->signal[i] > 0;
    }
    return n ? 10 * log10f(power / ((float)n * 255 * 255)) : 0;
}

uint32_t track_version(const struct track *a)
{
    return a->version;
}

/* The kept point of an accepted position: what history keeps of an aircraft at that instant. */
#include "model/kept.h"

#include "track/internal.h"

#include <string.h>

/* Within its time to live when the position was said. */
static int32_t fresh(const struct track *a, enum field f, int64_t t_us, int32_t none)
{
    struct value v;
    return track_fresh(a, f, t_us, &v) ? v.v : none;
}

/* Said seldom and of the flight as a whole: as last said. */
static int32_t last(const struct track *a, enum field f, int32_t none)
{
    struct value v;
    return track_get(a, f, &v) ? v.v : none;
}

static int32_t in_16(int32_t v, int32_t none)
{
    return v < -INT16_MAX || v > INT16_MAX ? none : v;
}

struct kept track_kept(const struct track *a, const struct fix *f)
{
    const int64_t t_us = f->t_us;
    struct kept k = kept_none();
    struct value v;
    k.t_ms = t_us / 1000 - (t_us % 1000 < 0);
    k.address = f->address;
    k.lat_e7 = f->lat_e7;
    k.lon_e7 = f->lon_e7;
    k.ground = f->ground != 0;
    k.alt_baro_ft = f->ground ? KEPT_NONE : f->alt_baro_ft;
    k.alt_geom_ft = f->alt_geom_ft;
    k.gs_e2_kt = f->gs_e2_kt < 0 ? KEPT_NONE : f->gs_e2_kt;
    k.track_e2_deg = f->track_e2_deg < 0 ? KEPT_NONE : f->track_e2_deg;
    k.baro_rate_fpm = fresh(a, FIELD_BARO_RATE, t_us, KEPT_NONE);
    k.geom_rate_fpm = fresh(a, FIELD_GEOM_RATE, t_us, KEPT_NONE);
    k.rc_m = f->rc_m < 0 ? KEPT_NONE : f->rc_m;
    if (track_get(a, FIELD_FLIGHT, &v) && a->flight[0]) {
        memcpy(k.flight, a->flight, sizeof k.flight);
    }
    k.squawk = (uint16_t)last(a, FIELD_SQUAWK, KEPT_NO_SQUAWK);
    k.receiver = f->receiver;
    k.nic = f->nic;
    k.nac_p = (uint8_t)last(a, FIELD_NAC_P, KEPT_NONE_8);
    k.sil = (uint8_t)last(a, FIELD_SIL, KEPT_NONE_8);
    k.version = (uint8_t)last(a, FIELD_VERSION, KEPT_NONE_8);
    k.origin = f->origin;
    k.ias_kt = (int16_t)in_16(fresh(a, FIELD_IAS, t_us, KEPT_NONE_16), KEPT_NONE_16);
    k.tas_kt = (int16_t)in_16(fresh(a, FIELD_TAS, t_us, KEPT_NONE_16), KEPT_NONE_16);
    k.roll_e2_deg = (int16_t)in_16(fresh(a, FIELD_ROLL, t_us, KEPT_NONE_16), KEPT_NONE_16);
    k.mag_heading_e2_deg = (uint16_t)fresh(a, FIELD_MAG_HEADING, t_us, KEPT_NO_HEADING);
    k.nav_qnh_e1_hpa = (uint16_t)fresh(a, FIELD_NAV_QNH, t_us, 0);
    return k;
}

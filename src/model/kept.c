#include "model/kept.h"

#include <string.h>

static void add(struct message *m, enum field f, int32_t value, int32_t none)
{
    if (value != none) {
        message_add(m, f, value);
    }
}

void kept_message(const struct kept *k, struct message *m)
{
    message_start(m);
    m->t_us = k->t_ms * 1000;
    m->address = k->address;
    m->origin = k->origin;
    m->has_place = m->whole = true;
    m->lat_e7 = k->lat_e7;
    m->lon_e7 = k->lon_e7;
    if (k->flight[0]) {
        memcpy(m->flight, k->flight, sizeof m->flight);
        message_add(m, FIELD_FLIGHT, 0);
    }
    message_add(m, FIELD_GROUND, k->ground);
    add(m, FIELD_ALT_BARO, k->alt_baro_ft, KEPT_NONE);
    add(m, FIELD_ALT_GEOM, k->alt_geom_ft, KEPT_NONE);
    add(m, FIELD_GS, k->gs_e2_kt, KEPT_NONE);
    add(m, FIELD_TRACK, k->track_e2_deg, KEPT_NONE);
    add(m, FIELD_BARO_RATE, k->baro_rate_fpm, KEPT_NONE);
    add(m, FIELD_GEOM_RATE, k->geom_rate_fpm, KEPT_NONE);
    add(m, FIELD_RC, k->rc_m, KEPT_NONE);
    add(m, FIELD_SQUAWK, k->squawk, KEPT_NO_SQUAWK);
    add(m, FIELD_NIC, k->nic, KEPT_NONE_8);
    add(m, FIELD_NAC_P, k->nac_p, KEPT_NONE_8);
    add(m, FIELD_SIL, k->sil, KEPT_NONE_8);
    add(m, FIELD_VERSION, k->version, KEPT_NONE_8);
    add(m, FIELD_IAS, k->ias_kt, KEPT_NONE_16);
    add(m, FIELD_TAS, k->tas_kt, KEPT_NONE_16);
    add(m, FIELD_ROLL, k->roll_e2_deg, KEPT_NONE_16);
    add(m, FIELD_MAG_HEADING, k->mag_heading_e2_deg, KEPT_NO_HEADING);
    add(m, FIELD_NAV_QNH, k->nav_qnh_e1_hpa, 0);
}

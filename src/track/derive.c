/* What follows from several messages together. */
#include "modes/air.h"
#include "modes/decode.h"
#include "modes/nic.h"
#include "track/internal.h"
#include "track/north.h"

#include <string.h>

static int32_t known(const struct track *a, enum field f, uint16_t now)
{
    int32_t v;
    return track_has(a, f, now, &v) ? v : MODES_UNKNOWN;
}

/* Names the register of a Comm-B reply by what is known of the aircraft; a is NULL where nothing
   is. An all-zero MB field is an empty register and says nothing. */
void derive_comm_b(const struct track *a, uint16_t now, struct message *m)
{
    if (m->payload == 0) {
        return;
    }
    if (!a || now == 0) {
        modes_comm_b(m, NULL);
        return;
    }
    struct modes_known k = {
        .alt_baro_ft = known(a, FIELD_ALT_BARO, now),
        .gs_e2_kt = known(a, FIELD_GS, now),
        .track_e2_deg = known(a, FIELD_TRACK, now),
        .baro_rate_fpm = known(a, FIELD_BARO_RATE, now),
        .geom_rate_fpm = known(a, FIELD_GEOM_RATE, now),
        .ias_kt = known(a, FIELD_IAS, now),
        .tas_kt = known(a, FIELD_TAS, now),
        .mach_e3 = known(a, FIELD_MACH, now),
        .mag_heading_e2_deg = known(a, FIELD_MAG_HEADING, now),
        .nav_altitude_mcp_ft = known(a, FIELD_NAV_ALT_MCP, now),
        .nav_altitude_fms_ft = known(a, FIELD_NAV_ALT_FMS, now),
        .nav_qnh_e1_hpa = known(a, FIELD_NAV_QNH, now),
        .squawk = known(a, FIELD_SQUAWK, now),
        .lat_e7 = MODES_UNKNOWN,
        .lon_e7 = MODES_UNKNOWN,
        .gicb = a->gicb & GICB_KNOWN ? (int32_t)(a->gicb & ~GICB_KNOWN) : MODES_UNKNOWN,
    };
    if (tick_within(stamp_tick(a->said[FIELD_POSITION]), now, ttl_ticks[FIELD_POSITION])) {
        k.lat_e7 = a->lat_e7;
        k.lon_e7 = a->lon_e7;
    }
    memcpy(k.flight, a->flight, sizeof k.flight);
    modes_comm_b(m, &k);
}

static void message_rename(struct message *m, enum field from, enum field to)
{
    for (unsigned i = 0; i < m->n; i++) {
        if (m->item[i].field == (uint8_t)from) {
            m->item[i].field = (uint8_t)to;
        }
    }
}

static bool remembers(const struct track *a, uint16_t bit)
{
    return a->remembered & bit;
}

/* Last first: that is where the decoder puts what is asked for here. */
static struct message_item *item_of(struct message *m, enum field f)
{
    for (struct message_item *i = m->item + m->n; i-- > m->item;) {
        if (i->field == (uint8_t)f) {
            return i;
        }
    }
    return NULL;
}

/* NIC and Rc of a position depend on the version and on supplements that other messages carry. */
static void read_nic(const struct track *a, struct message *m)
{
    const int32_t version = a->said[FIELD_VERSION] ? a->value[FIELD_VERSION] : 0;
    if (version < 1) {
        return; /* as the decoder read it */
    }
    struct message_item *nic = item_of(m, FIELD_NIC);
    struct message_item *rc = item_of(m, FIELD_RC);
    const struct message_item *b = item_of(m, FIELD_NIC_B);
    const bool nic_b = b && b->value;
    uint8_t category;
    int32_t rc_m;
    if (!nic || !modes_nic(m->tc, (unsigned)version, remembers(a, REMEMBER_NIC_A), nic_b,
                           remembers(a, REMEMBER_NIC_C), &category, &rc_m)) {
        return;
    }
    nic->value = category;
    if (rc && rc_m >= 0) {
        rc->value = rc_m;
    } else if (rc) {
        *rc = m->item[--m->n];
    } else if (rc_m >= 0) {
        message_add(m, FIELD_RC, rc_m);
    }
}

/* BDS 6,5 says whether headings are true (HRD 0) or magnetic, and whether BDS 0,6 sends heading
   instead of track. */
static void read_heading(const struct track *a, struct message *m)
{
    const enum field heading = remembers(a, REMEMBER_HRD) ? FIELD_MAG_HEADING : FIELD_TRUE_HEADING;
    if (m->tc == 19) {
        if (remembers(a, REMEMBER_HRD << 8) && heading == FIELD_TRUE_HEADING) {
            message_rename(m, FIELD_MAG_HEADING, FIELD_TRUE_HEADING);
        }
    } else if (remembers(a, REMEMBER_SURFACE_HEADING)) {
        message_rename(m, FIELD_TRACK, heading);
    }
}

void derive_reading(const struct track *a, struct message *m)
{
    if (m->df != 17 && m->df != 18) {
        return;
    }
    if (m->cpr.present) {
        read_nic(a, m);
    }
    if (m->tc == 19 || m->cpr.surface) {
        read_heading(a, m);
    }
}

/* Height above the ellipsoid where only its difference to pressure altitude is sent. */
static void derive_alt_geom(struct push *p, uint64_t fields)
{
    const uint64_t causes = FIELD_BIT(FIELD_ALT_BARO) | FIELD_BIT(FIELD_GEO_DELTA);
    int32_t baro, delta;
    if ((fields & causes) && !(fields & FIELD_BIT(FIELD_ALT_GEOM)) &&
        track_has(p->a, FIELD_ALT_BARO, p->tick, &baro) &&
        track_has(p->a, FIELD_GEO_DELTA, p->tick, &delta)) {
        accept_value(p, FIELD_ALT_GEOM, baro + delta);
    }
}

/* A value of the same few seconds: wind and temperature compare them. */
static int32_t lately(const struct push *p, enum field f)
{
    enum { LATELY_MS = 6000 };
    return tick_within(stamp_tick(p->a->said[f]), p->tick, TICKS(LATELY_MS)) ? p->a->value[f]
                                                                             : MODES_UNKNOWN;
}

static void offer(struct push *p, enum field f, int32_t v)
{
    if (v != MODES_UNKNOWN) {
        accept_value(p, f, v);
    }
}

/* Wind and temperature, at every new airspeed, Mach number or heading. In a turn heading and track
   are not of one instant. */
static void derive_air(struct push *p)
{
    enum { STRAIGHT_E2_DEG = 500 };
    const int32_t roll = lately(p, FIELD_ROLL);
    const bool is_straight =
        roll == MODES_UNKNOWN || (roll > -STRAIGHT_E2_DEG && roll < STRAIGHT_E2_DEG);
    const struct air_report in = {
        .tas_kt = lately(p, FIELD_TAS),
        .mach_e3 = lately(p, FIELD_MACH),
        .gs_e2_kt = is_straight ? lately(p, FIELD_GS) : MODES_UNKNOWN,
        .track_e2_deg = lately(p, FIELD_TRACK),
        .true_heading_e2_deg = lately(p, FIELD_TRUE_HEADING),
        .mag_heading_e2_deg = lately(p, FIELD_MAG_HEADING),
        .declination_e2_deg =
            p->a->place_method == PLACE_NONE
                ? MODES_UNKNOWN
                : north_declination_e2_deg(p->t->north, p->a->lat_e7, p->a->lon_e7, p->t_us),
    };
    struct air_derived d;
    modes_derive_air(&in, &d);
    offer(p, FIELD_WIND_DIR, d.wind_dir_deg);
    offer(p, FIELD_WIND_SPEED, d.wind_speed_kt);
    offer(p, FIELD_OAT, d.oat_e1_c);
    offer(p, FIELD_TAT, d.tat_e1_c);
}

void derive_values(struct push *p, uint64_t fields)
{
    const uint64_t air = FIELD_BIT(FIELD_TAS) | FIELD_BIT(FIELD_MACH) |
                         FIELD_BIT(FIELD_MAG_HEADING) | FIELD_BIT(FIELD_TRUE_HEADING);
    derive_alt_geom(p, fields);
    if (fields & air) {
        derive_air(p);
    }
}

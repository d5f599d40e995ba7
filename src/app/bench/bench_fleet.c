#include "app/bench/bench.h"

#include "base/rng.h"
#include "encode/encode.h"
#include "geo/sphere.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 50, SLOT_US = 100000 }; /* the schedule repeats after 5 s */

/* What is sent in which tenth of a second of the five. */
enum kind {
    POSITION,
    VELOCITY,
    IDENTIFICATION,
    OPERATIONAL,
    ALL_CALL,
    DF4,
    DF5,
    DF20,
    DF21,
    KINDS
};

static const struct schedule {
    uint8_t kind, first, every; /* in slots first, first + every, … below SLOTS */
} schedule[] = {
    {POSITION, 0, 5},     {VELOCITY, 2, 5},  {IDENTIFICATION, 4, 50},
    {OPERATIONAL, 9, 25}, {ALL_CALL, 3, 10}, {DF4, 6, 15},
    {DF5, 16, 50},        {DF20, 8, 25},     {DF21, 28, 50},
};

struct flier {
    struct encode_state state;
    struct sphere_place from;
    double course_deg, speed_m_s;
    uint8_t slot, odd, signal;
};

static struct flier make_flier(struct rng *r, uint32_t i)
{
    struct flier a = {.state = encode_state_unknown()};
    const double lat_deg = asin(rng_unit(r) * 1.7 - 0.85) * 180 / M_PI;
    a.from =
        (struct sphere_place){(int32_t)(lat_deg * 1e7), (int32_t)((rng_unit(r) * 360 - 180) * 1e7)};
    a.course_deg = rng_unit(r) * 360;
    const double gs_kt = 220 + rng_unit(r) * 290;
    a.speed_m_s = gs_kt * SPHERE_M_PER_NM / 3600;
    a.slot = (uint8_t)rng_below(r, SLOTS);
    a.signal = (uint8_t)(20 + rng_below(r, 200));
    struct encode_state *s = &a.state;
    s->address = (uint32_t)(0x100000 + (uint64_t)i * 9973 % 0xd00000);
    s->alt_baro_ft = 3000 + 25 * (int32_t)rng_below(r, 1480);
    s->gs_e2_kt = (int32_t)(gs_kt * 100);
    s->baro_rate_fpm = 0;
    s->squawk = (uint16_t)(01000 + rng_below(r, 01000));
    s->category = 0xa3;
    s->version = 2;
    s->nic = 8, s->nac_p = 9, s->nac_v = 1, s->sil = 3, s->sda = 2, s->gva = 2, s->nic_baro = 1;
    char flight[16];
    snprintf(flight, sizeof flight, "MSR%-5u", (unsigned)(i % 100000));
    memcpy(s->flight, flight, sizeof s->flight);
    s->ias_kt = 250, s->mach_e3 = 760, s->mag_heading_e2_deg = (int32_t)(a.course_deg * 100);
    s->nav_altitude_mcp_ft = 34000, s->nav_qnh_e1_hpa = 10132;
    return a;
}

static void place_flier(struct flier *a, double t_s)
{
    const struct sphere_place to = sphere_destination(a->from, a->course_deg, a->speed_m_s * t_s);
    const struct sphere_place ahead =
        sphere_destination(a->from, a->course_deg, a->speed_m_s * (t_s + 10));
    a->state.at = (struct cpr_position){to.lat_e7, to.lon_e7};
    a->state.track_e2_deg = (int32_t)(sphere_bearing_deg(to, ahead) * 100);
}

static void encode_kind(struct flier *a, enum kind kind, struct frame *f)
{
    const struct encode_state *s = &a->state;
    switch (kind) {
    case POSITION:
        a->odd ^= 1;
        encode_position(s, a->odd, f);
        break;
    case VELOCITY:
        encode_velocity(s, f);
        break;
    case IDENTIFICATION:
        encode_identification(s, f);
        break;
    case OPERATIONAL:
        encode_operational(s, f);
        break;
    case ALL_CALL:
        encode_all_call(s, f);
        break;
    case DF4:
    case DF5:
        encode_short_surveillance(s, kind == DF4 ? 4 : 5, f);
        break;
    case DF20:
    case DF21:
    case KINDS:
        encode_comm_b(s, kind == DF20 ? 20 : 21, kind == DF20 ? 0x40 : 0x60, f);
        break;
    }
}

/* The kind this flier sends in slot s of the five seconds, KINDS for none. */
static enum kind due(const struct flier *a, unsigned s)
{
    const unsigned at = (s + a->slot) % SLOTS;
    for (size_t k = 0; k < sizeof schedule / sizeof *schedule; k++) {
        if (at >= schedule[k].first && (at - schedule[k].first) % schedule[k].every == 0) {
            return (enum kind)schedule[k].kind;
        }
    }
    return KINDS;
}

struct frame *bench_fleet(const struct bench_options *o)
{
    struct rng r = {.state = 42};
    struct flier *fleet = malloc(o->aircraft * sizeof *fleet);
    struct frame *frames = malloc(o->frames * sizeof *frames);
    if (!fleet || !frames) {
        free(fleet);
        free(frames);
        return NULL;
    }
    for (uint32_t i = 0; i < o->aircraft; i++) {
        fleet[i] = make_flier(&r, i);
    }
    const int64_t start_us = INT64_C(1717749000000000); /* 2024-06-07T08:30Z */
    size_t n = 0;
    for (unsigned s = 0; n < o->frames; s++) {
        for (uint32_t i = 0; i < o->aircraft && n < o->frames; i++) {
            const enum kind kind = due(&fleet[i], s);
            if (kind == KINDS) {
                continue;
            }
            const int64_t t_us = (int64_t)s * SLOT_US + (int64_t)i * SLOT_US / o->aircraft;
            struct frame *f = &frames[n++];
            if (kind == POSITION) {
                place_flier(&fleet[i], (double)t_us / 1e6);
            }
            encode_kind(&fleet[i], kind, f);
            f->t_us = start_us + t_us;
            f->tick = (uint64_t)t_us * 12;
            f->receiver = 1;
            f->signal = fleet[i].signal;
            f->flags = 0;
        }
    }
    free(fleet);
    return frames;
}

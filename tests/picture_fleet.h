/* A made-up fleet for the tests of the live picture: aircraft that come, fly, turn, climb, fall
   silent, change their call sign, cross 180 degrees and the poles, and leave. */
#ifndef MASAR_TESTS_PICTURE_FLEET_H
#define MASAR_TESTS_PICTURE_FLEET_H

#include "base/rng.h"
#include "wire/picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FLEET_MAX = 256 };

struct fleet {
    struct rng rng;
    int64_t now_ms;
    struct fleet_aircraft {
        bool alive;
        double lat, lon, gs_kt, track, turn, alt, rate;
        struct picture_item item;
    } a[FLEET_MAX];
};

static inline void fleet_start(struct fleet *f, uint64_t seed)
{
    memset(f, 0, sizeof *f);
    f->rng.state = seed;
    f->now_ms = 1717749000000 + rng_below(&f->rng, 100000);
}

static inline void fleet_name(struct fleet *f, struct picture_who *who)
{
    static const char type[7][4] = {"", "C17", "A20N", "B738", "C172", "H60", "A400"};
    static const char country[5][2] = {"", "US", "DE", "NE", "RU"};
    char registration[16] = "";
    *who = (struct picture_who){.flags = (uint8_t)rng_below(&f->rng, 16),
                                .operator_n = (uint8_t)rng_below(&f->rng, 8)};
    memcpy(who->type, type[rng_below(&f->rng, 7)], 4);
    memcpy(who->country, country[rng_below(&f->rng, 5)], 2);
    switch (rng_below(&f->rng, 4)) {
    case 0:
        snprintf(registration, sizeof registration, "D-A%c%c%c", 'A' + (int)rng_below(&f->rng, 26),
                 'A' + (int)rng_below(&f->rng, 26), 'A' + (int)rng_below(&f->rng, 26));
        break;
    case 1:
        snprintf(registration, sizeof registration, "54+%02u", rng_below(&f->rng, 100));
        break;
    case 2:
        snprintf(registration, sizeof registration, "%010u", rng_below(&f->rng, 1000000000));
        break;
    default:
        break;
    }
    memcpy(who->registration, registration, sizeof who->registration);
}

static inline void fleet_born(struct fleet *f, struct fleet_aircraft *a)
{
    *a = (struct fleet_aircraft){.alive = true};
    a->lat = rng_unit(&f->rng) * 176 - 88;
    a->lon = rng_unit(&f->rng) * 360 - 180;
    a->gs_kt = rng_unit(&f->rng) * 600;
    a->track = rng_unit(&f->rng) * 360;
    a->turn = rng_below(&f->rng, 4) ? 0 : rng_unit(&f->rng) * 6 - 3;
    a->alt = rng_unit(&f->rng) * 40000;
    a->rate = rng_below(&f->rng, 3) ? 0 : floor(rng_unit(&f->rng) * 100 - 50) * 64;
    a->item.address = rng_below(&f->rng, 1 << 24) | (rng_below(&f->rng, 20) ? 0 : 1 << 24);
    a->item.origin = (uint8_t)rng_below(&f->rng, 16);
    a->item.receiver = (uint16_t)rng_below(&f->rng, 4096);
    if (rng_below(&f->rng, 4)) {
        snprintf(a->item.flight, 8, "TST%u", rng_below(&f->rng, 9999));
    }
    fleet_name(f, &a->item.who);
}

/* A position is heard: noise and quantization of CPR, a time within the last second. */
static inline void fleet_position(struct fleet *f, struct fleet_aircraft *a)
{
    const double step = 360.0 / 60 / 131072;
    a->item.lat_e5 = (int32_t)lround(round(a->lat / step) * step * 1e5);
    a->item.lon_e5 = (int32_t)lround(round(a->lon / step) * step * 1e5);
    if (a->item.lon_e5 >= 18000000) {
        a->item.lon_e5 -= 36000000;
    }
    a->item.position_ds = f->now_ms / 100 - rng_below(&f->rng, 10);
    a->item.flags |= PICTURE_POSITION;
}

static inline void fleet_say(struct fleet *f, struct fleet_aircraft *a)
{
    struct picture_item *it = &a->item;
    it->seen_ds = f->now_ms / 100 - rng_below(&f->rng, 9);
    switch (rng_below(&f->rng, 40)) {
    case 0:
        it->flags ^= (uint16_t)(1u << (2 + rng_below(&f->rng, 10)));
        it->flags &= (uint16_t)~PICTURE_POSITION;
        break;
    case 1:
        snprintf(it->flight, 8, "NEW%u", rng_below(&f->rng, 9999));
        break;
    case 2:
        it->squawk = (uint16_t)rng_below(&f->rng, 010000);
        it->flags |= PICTURE_SQUAWK;
        break;
    case 3:
        it->origin = (uint8_t)rng_below(&f->rng, 16);
        it->receiver = (uint16_t)rng_below(&f->rng, 4096);
        break;
    case 4:
        it->category = (uint8_t)(0xa0 + rng_below(&f->rng, 8));
        it->emergency = (uint8_t)rng_below(&f->rng, 8);
        break;
    case 6: /* a newer list of aircraft */
        fleet_name(f, &it->who);
        break;
    case 5: /* somewhere else at once */
        a->lat = rng_unit(&f->rng) * 180 - 90;
        break;
    default:
        break;
    }
    if (rng_below(&f->rng, 5)) {
        fleet_position(f, a);
        it->flags |= PICTURE_SPEED | PICTURE_TRACK | PICTURE_ALTITUDE | PICTURE_RATE;
        it->speed_kt = (uint16_t)lround(a->gs_kt);
        it->track_deg = (uint16_t)((int)lround(a->track + 360) % 360);
        it->altitude_ft =
            rng_below(&f->rng, 30) ? 25 * (int32_t)lround(a->alt / 25) : (int32_t)a->alt;
        it->rate_32fpm = (int32_t)lround(a->rate / 32);
    }
}

static inline void fleet_fly(struct fleet_aircraft *a, double s)
{
    const double rad = 3.14159265358979 / 180, nm = a->gs_kt * s / 3600;
    a->track = fmod(a->track + a->turn * s + 360, 360);
    a->lat += nm / 60 * cos(a->track * rad);
    a->lat = a->lat > 90 ? 180 - a->lat : a->lat < -90 ? -180 - a->lat : a->lat;
    a->lon += nm / 60 * sin(a->track * rad) / fmax(0.01, cos(a->lat * rad));
    a->lon = a->lon >= 180 ? a->lon - 360 : a->lon < -180 ? a->lon + 360 : a->lon;
    a->alt += a->rate * s / 60;
}

/* A second or so passes. Puts all that are alive into p. */
static inline void fleet_round(struct fleet *f, struct picture *p)
{
    const uint32_t step_ms = rng_below(&f->rng, 20) ? 1000 : rng_below(&f->rng, 100000);
    f->now_ms += step_ms;
    for (uint32_t i = 0; i < FLEET_MAX; i++) {
        struct fleet_aircraft *a = &f->a[i];
        if (!a->alive && rng_below(&f->rng, 10) == 0) {
            fleet_born(f, a);
        } else if (a->alive && rng_below(&f->rng, 100) == 0) {
            a->alive = false;
        }
        if (a->alive) {
            fleet_fly(a, step_ms / 1000.0);
            if (rng_below(&f->rng, 4)) {
                fleet_say(f, a);
            }
            picture_put(p, i * 3 % 512, &a->item);
        }
    }
}

#endif

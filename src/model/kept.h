/* A kept point: one position of one aircraft with everything history keeps of it. What an importer
   makes, what the store gives back, bit for bit. Scales are those of field.def. */
#ifndef MASAR_MODEL_KEPT_H
#define MASAR_MODEL_KEPT_H

#include "model/message.h"
#include "model/origin.h"

#include <stdint.h>

/* "Not known" of the 32-bit quantities, as FIX_NO_ALTITUDE. */
#define KEPT_NONE INT32_MIN
/* "Not known" of nic, nac_p, sil and version. */
#define KEPT_NONE_8 255
/* "Not known" of the 16-bit quantities; a heading is never negative. */
#define KEPT_NONE_16    INT16_MIN
#define KEPT_NO_HEADING UINT16_MAX
/* "Not known" of squawk. */
#define KEPT_NO_SQUAWK UINT16_MAX

struct kept {
    int64_t t_ms;           /* since 1970, may be negative; never KEPT_NO_TIME */
    uint32_t address;       /* 24 bits, perhaps with ADDRESS_NON_ICAO; nothing else is kept */
    int32_t lat_e7, lon_e7; /* WGS 84; latitude in [-90, 90], longitude in [-180, 180) degrees.
                               A position that came as CPR keeps the rounding it came with (1e-7
                               from our decoder, 1e-6 in readsb's files): the store finds its grid
                               point again by that */
    int32_t alt_baro_ft;    /* KEPT_NONE also where only "ground" was said */
    int32_t alt_geom_ft;    /* KEPT_NONE */
    int32_t gs_e2_kt;       /* 0 ..; KEPT_NONE */
    int32_t track_e2_deg;   /* [0, 36000); KEPT_NONE */
    int32_t baro_rate_fpm;  /* KEPT_NONE */
    int32_t geom_rate_fpm;  /* KEPT_NONE */
    int32_t rc_m;           /* radius of containment, 0 ..; KEPT_NONE */
    char flight[8];         /* call sign, padded with spaces; all NUL where not known */
    uint16_t squawk;        /* four octal digits, 07700; KEPT_NO_SQUAWK */
    uint16_t receiver;      /* number of a name in the store (store_receiver); 0 not named */
    uint8_t nic, nac_p, sil, version; /* KEPT_NONE_8 */
    uint8_t ground;                   /* 1 on the ground */
    uint8_t origin;                   /* enum origin */
    int16_t ias_kt, tas_kt;           /* 0 ..; KEPT_NONE_16 */
    int16_t roll_e2_deg;              /* left negative; KEPT_NONE_16 */
    uint16_t mag_heading_e2_deg;      /* [0, 36000); KEPT_NO_HEADING */
    uint16_t nav_qnh_e1_hpa;          /* altimeter setting; 0 not known */
    uint8_t spare[4];                 /* 0: no byte is undefined, so two points compare by memcmp */
};

#define KEPT_NO_TIME INT64_MIN

/* Times a store holds: end of 1935 .. early 2072, so that seconds since 2004 fit 32 bits. */
#define KEPT_TIME_MIN INT64_C(-1074000000000)
#define KEPT_TIME_MAX INT64_C(3220000000000)

/* A point of which nothing is known but that it is one. */
static inline struct kept kept_none(void)
{
    return (struct kept){.t_ms = KEPT_NO_TIME,
                         .address = ADDRESS_NONE,
                         .alt_baro_ft = KEPT_NONE,
                         .alt_geom_ft = KEPT_NONE,
                         .gs_e2_kt = KEPT_NONE,
                         .track_e2_deg = KEPT_NONE,
                         .baro_rate_fpm = KEPT_NONE,
                         .geom_rate_fpm = KEPT_NONE,
                         .rc_m = KEPT_NONE,
                         .squawk = KEPT_NO_SQUAWK,
                         .nic = KEPT_NONE_8,
                         .nac_p = KEPT_NONE_8,
                         .sil = KEPT_NONE_8,
                         .version = KEPT_NONE_8,
                         .ias_kt = KEPT_NONE_16,
                         .tas_kt = KEPT_NONE_16,
                         .roll_e2_deg = KEPT_NONE_16,
                         .mag_heading_e2_deg = KEPT_NO_HEADING,
                         .origin = ORIGIN_UNKNOWN};
}

/* The message that says what a point says. Its receiver stays 0: numbers of a store are not those
   of a running program. */
void kept_message(const struct kept *k, struct message *m);

#endif

/* A fix: one position of one aircraft with where it came from, how it was found, and whether it was
 * believed. */
#ifndef MASAR_MODEL_FIX_H
#define MASAR_MODEL_FIX_H

#include <stdint.h>

enum fix_method {
    FIX_CPR_GLOBAL,   /* even and odd frame together */
    FIX_CPR_LOCAL,    /* one frame and the aircraft's last position */
    FIX_CPR_RECEIVER, /* one frame and the receiver's position */
    FIX_REPORTED      /* sent as latitude and longitude */
};

/* VERDICT(id, key, text): accepted, or why not. Rejected fixes are kept with this. */
enum fix_verdict {
#define VERDICT(id, key, text) VERDICT_##id,
#include "model/verdict.def"
    VERDICT_COUNT
};

struct verdict_row {
    const char *key, *text;
};

extern const struct verdict_row verdict_row[VERDICT_COUNT];

struct fix {
    int64_t t_us;
    uint32_t address;
    int32_t lat_e7, lon_e7; /* degrees times 10^7, WGS 84; longitude in [-180, 180) */
    int32_t alt_baro_ft;    /* FIX_NO_ALTITUDE if not known */
    int32_t alt_geom_ft;
    uint16_t receiver;
    uint8_t origin;                 /* enum origin */
    uint8_t method;                 /* enum fix_method */
    uint8_t verdict;                /* enum fix_verdict */
    uint8_t ground;                 /* 1 on the ground */
    uint8_t nic, nac_p, sil;        /* 255 if not known */
    int32_t rc_m;                   /* -1 if not known */
    int32_t gs_e2_kt, track_e2_deg; /* -1 if not known */
};

#define FIX_NO_ALTITUDE INT32_MIN

#endif

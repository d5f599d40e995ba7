/* Tracks of the shared truth for tests: CSV, plain or gzip, read as an importer would. */
#ifndef MASAR_TESTS_TRUTH_PROBE_H
#define MASAR_TESTS_TRUTH_PROBE_H

#include "model/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct truth_track {
    struct kept *k;
    size_t n;
};

/* The n-th comma separated field of a line, copied. */
static inline const char *truth_field(const char *line, int n, char out[64])
{
    for (; n > 0 && line != NULL; n--) {
        line = strchr(line, ',');
        line = line != NULL ? line + 1 : NULL;
    }
    const size_t length = line != NULL ? strcspn(line, ",\r\n") : 0;
    snprintf(out, 64, "%.*s", (int)(length < 63 ? length : 63), line != NULL ? line : "");
    return out;
}

static inline int32_t truth_scaled(const char *text, double scale)
{
    return *text == '\0' ? KEPT_NONE : (int32_t)lround(atof(text) * scale);
}

/* Columns time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground. n is 0
   where the file is not there. */
static inline struct truth_track truth_read(const char *path)
{
    struct truth_track t = {0};
    gzFile f = gzopen(path, "rb");
    char line[512], v[64];
    size_t room = 0;
    if (f == NULL || gzgets(f, line, sizeof line) == NULL) {
        return t;
    }
    while (gzgets(f, line, sizeof line) != NULL) {
        if (t.n == room) {
            room = room * 2 + 1024;
            t.k = realloc(t.k, room * sizeof *t.k);
        }
        struct kept k = kept_none();
        k.t_ms = (int64_t)llround(atof(truth_field(line, 0, v)) * 1000.0);
        k.address = (uint32_t)strtoul(truth_field(line, 1, v), NULL, 16);
        truth_field(line, 2, v);
        if (*v != '\0') {
            memset(k.flight, ' ', sizeof k.flight);
            memcpy(k.flight, v, strlen(v) < 8 ? strlen(v) : 8);
        }
        k.lat_e7 = truth_scaled(truth_field(line, 3, v), 1e7);
        k.lon_e7 = truth_scaled(truth_field(line, 4, v), 1e7);
        k.alt_baro_ft = truth_scaled(truth_field(line, 5, v), 1.0);
        k.gs_e2_kt = truth_scaled(truth_field(line, 6, v), 100.0);
        k.track_e2_deg = truth_scaled(truth_field(line, 7, v), 100.0);
        k.baro_rate_fpm = truth_scaled(truth_field(line, 8, v), 1.0);
        k.ground = truth_field(line, 9, v)[0] == '1';
        k.origin = ORIGIN_ADSB_ICAO;
        if (k.lat_e7 != KEPT_NONE && k.lon_e7 != KEPT_NONE &&
            (t.n == 0 || k.t_ms > t.k[t.n - 1].t_ms)) {
            t.k[t.n++] = k;
        }
    }
    gzclose(f);
    return t;
}

#endif

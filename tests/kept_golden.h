/* Points as an earlier program wrote them, one a line: what tests/golden/store's files hold. */
#ifndef MASAR_TESTS_KEPT_GOLDEN_H
#define MASAR_TESTS_KEPT_GOLDEN_H

#include "model/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static inline size_t golden_points(const char *name, struct kept *out)
{
    char path[256], line[512];
    snprintf(path, sizeof path, TEST_SOURCE_DIR "/tests/golden/store/%s.txt", name);
    FILE *f = fopen(path, "r");
    size_t n = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct kept k = kept_none();
        long long t, flight;
        int v[24];
        assert_int_equal(sscanf(line,
                                "%lld %x %d %d %d %d %d %d %d %d %d %o %d %d %d %d %d %d %d %d %d "
                                "%d %d %d %llx",
                                &t, (unsigned *)&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6],
                                &v[7], &v[8], &v[9], (unsigned *)&v[10], &v[11], &v[12], &v[13],
                                &v[14], &v[15], &v[16], &v[17], &v[18], &v[19], &v[20], &v[21],
                                &v[22], (unsigned long long *)&flight),
                         25);
        k.t_ms = t, k.address = (uint32_t)v[0], k.lat_e7 = v[1], k.lon_e7 = v[2];
        k.alt_baro_ft = v[3], k.alt_geom_ft = v[4], k.gs_e2_kt = v[5], k.track_e2_deg = v[6];
        k.baro_rate_fpm = v[7], k.geom_rate_fpm = v[8], k.rc_m = v[9];
        k.squawk = (uint16_t)v[10], k.receiver = (uint16_t)v[11];
        k.nic = (uint8_t)v[12], k.nac_p = (uint8_t)v[13], k.sil = (uint8_t)v[14];
        k.version = (uint8_t)v[15], k.ground = (uint8_t)v[16], k.origin = (uint8_t)v[17];
        k.ias_kt = (int16_t)v[18], k.tas_kt = (int16_t)v[19], k.roll_e2_deg = (int16_t)v[20];
        k.mag_heading_e2_deg = (uint16_t)v[21], k.nav_qnh_e1_hpa = (uint16_t)v[22];
        for (int i = 0; i < 8; i++) {
            k.flight[i] = (char)((unsigned long long)flight >> (56 - 8 * i));
        }
        out[n++] = k;
    }
    fclose(f);
    return n;
}

#endif

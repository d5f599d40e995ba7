#include "simulate/hearing.h"

#include "simulate/draw.h"
#include "simulate/flight.h"

#include <math.h>

#define RADIUS_NM (SPHERE_RADIUS_M / SPHERE_M_PER_NM)

static const double horizon_nm_per_root_ft = 1.23; /* radio horizon over an Earth of 4/3 radius */
static const double reference_ft = 35000;
static const double highest_ft = 60000; /* nothing simulated flies so high */
static const double full_scale_nm = 4;  /* nearer than this signals are as loud as can be */
static const double m_per_us = 299.792458, m_per_ft = 0.3048;
static const double wgs84_a_m = 6378137.0, wgs84_e2 = 6.69437999014e-3;

/* A unit vector of geodetic latitude and longitude is the ellipsoid's normal: no angle is needed.
 */
static struct path_vector ecef(struct path_vector normal, double height_m)
{
    const double n = wgs84_a_m / sqrt(1 - wgs84_e2 * normal.z * normal.z);
    return (struct path_vector){(n + height_m) * normal.x, (n + height_m) * normal.y,
                                (n * (1 - wgs84_e2) + height_m) * normal.z};
}

void hearing_site(const struct scenario *sc, size_t site, struct hearing_site *out)
{
    const struct scenario_site *s = &sc->site[site];
    const struct sphere_place p = {(int32_t)lround(s->lat * 1e7), (int32_t)lround(s->lon * 1e7)};
    out->at = path_vector(p);
    out->ecef = ecef(out->at, (s->elevation_ft + s->antenna_ft) * m_per_ft);
    out->root_antenna = sqrt(s->antenna_ft);
    /* What stands in the way at FL350 stands in the way at every level, in proportion. */
    const double open_nm = horizon_nm_per_root_ft * (sqrt(reference_ft) + out->root_antenna);
    out->range_per_root_nm = horizon_nm_per_root_ft * fmin(1, s->range_nm_at_fl350 / open_nm);
    out->elevation_ft = s->elevation_ft;
    const double far = hearing_range_nm(out, highest_ft) / RADIUS_NM;
    out->far = far * far;
    out->hours = s->hours;
    out->radar = s->radar != 0;
}

bool hearing_listens(const struct hearing_site *s, size_t site, uint64_t seed, int64_t t_us)
{
    if (s->hours >= 24) {
        return true;
    }
    const int64_t day = t_us / DAY_US;
    const double hour = (double)(t_us - day * DAY_US) / 3.6e9;
    const double first = (24 - s->hours) * draw_unit(seed, DRAW_LISTEN, site, (uint64_t)day);
    return hour >= first && hour < first + s->hours;
}

double hearing_range_nm(const struct hearing_site *s, double height_ft)
{
    return s->range_per_root_nm * (sqrt(fmax(height_ft - s->elevation_ft, 0)) + s->root_antenna);
}

size_t hearing_of(const struct hearing_site *site, size_t n_sites, const struct scenario_head *h,
                  uint64_t seed, int64_t t_us, struct path_vector at, double height_ft,
                  struct heard *out)
{
    size_t n = 0;
    for (size_t i = 0; i < n_sites; i++) {
        const struct hearing_site *s = &site[i];
        const double x = s->at.x - at.x, y = s->at.y - at.y, z = s->at.z - at.z;
        const double square = x * x + y * y + z * z;
        if (square > s->far) {
            continue;
        }
        const double nm = sqrt(square) * RADIUS_NM; /* the chord: 0.1 % at 400 NM */
        const double range_nm = hearing_range_nm(s, height_ft);
        if (nm >= range_nm || !hearing_listens(s, i, seed, t_us)) {
            continue;
        }
        const double edge = h->edge_pct / 100;
        const double chance = (range_nm - nm) / fmax(range_nm * edge, 1e-9);
        out[n++] = (struct heard){
            .site = (uint16_t)i,
            .radar = s->radar,
            .chance = h->detection_pct / 100 * fmin(1, chance),
            .gain = full_scale_nm / fmax(nm, full_scale_nm),
        };
    }
    return n;
}

double hearing_margin_nm(const struct hearing_site *site, size_t n_sites, struct path_vector at)
{
    double least_nm = 1e5;
    for (size_t i = 0; i < n_sites; i++) {
        const struct hearing_site *s = &site[i];
        const double x = s->at.x - at.x, y = s->at.y - at.y, z = s->at.z - at.z;
        const double nm = (sqrt(x * x + y * y + z * z) - sqrt(s->far)) * RADIUS_NM;
        least_nm = fmin(least_nm, nm);
    }
    return fmax(least_nm, 0);
}

double hearing_delay_us(const struct hearing_site *s, struct path_vector at, double height_ft)
{
    const struct path_vector a = ecef(at, height_ft * m_per_ft);
    const double x = s->ecef.x - a.x, y = s->ecef.y - a.y, z = s->ecef.z - a.z;
    return sqrt(x * x + y * y + z * z) / m_per_us;
}

#include "geo/magnetic.h"

#include <math.h>

enum { DEGREE = 12, TERMS = (DEGREE + 1) * (DEGREE + 2) / 2 };

/* Gauss coefficients of WMM2025 in 0.1 nT (g, h) and 0.1 nT a year, for degree n = 1 .. 12 and
 * order m = 0 .. n. */
static const struct {
    int32_t g, h;
    int16_t g_rate, h_rate;
} wmm2025[TERMS - 1] = {
    /* 1 */ {-293518, 0, 120, 0},
    {-14108, 45454, 97, -215},
    /* 2 */ {-25566, 0, -116, 0},
    {29511, -31336, -52, -277},
    {16493, -8151, -80, -121},
    /* 3 */ {13610, 0, -13, 0},
    {-24041, -566, -42, 40},
    {12438, 2375, 4, -3},
    {4536, -5495, -156, -41},
    /* 4 */ {8950, 0, -16, 0},
    {7995, 2786, -24, -11},
    {557, -1339, -60, 41},
    {-2811, 2120, 56, 16},
    {121, -3756, -70, -44},
    /* 5 */ {-2332, 0, 6, 0},
    {3689, 454, 14, -5},
    {1872, 2202, 0, 22},
    {-1387, -1229, 6, 4},
    {-1420, 430, 22, 17},
    {209, 1061, 9, 19},
    /* 6 */ {644, 0, -2, 0},
    {638, -184, -4, 3},
    {769, 168, 9, -16},
    {-1157, 488, 12, -4},
    {-409, -598, -9, 9},
    {149, 109, 3, 7},
    {-607, 727, 9, 9},
    /* 7 */ {795, 0, 0, 0},
    {-770, -489, -1, 6},
    {-88, -144, -1, 5},
    {593, -10, 5, -8},
    {158, 234, -1, 0},
    {25, -74, -8, -10},
    {-111, -251, -8, 6},
    {142, -23, 8, -2},
    /* 8 */ {232, 0, -1, 0},
    {108, 71, 2, -2},
    {-175, -126, 0, 5},
    {20, 114, 5, -4},
    {-217, -97, -1, 4},
    {169, 127, 3, -5},
    {150, 7, 2, -6},
    {-168, -52, 0, 3},
    {9, 39, 2, 2},
    /* 9 */ {46, 0, 0, 0},
    {78, -248, -1, -3},
    {30, 122, 1, 3},
    {-2, 83, 3, -3},
    {-25, -33, -3, 3},
    {-131, -52, 0, 2},
    {24, 72, 3, -1},
    {86, -6, -1, -2},
    {-87, 8, 1, 4},
    {-129, 100, -1, 1},
    /* 10 */ {-13, 0, 1, 0},
    {-64, 33, 0, 0},
    {2, 0, 1, 0},
    {20, 24, 1, -2},
    {-10, 53, 0, 1},
    {-6, -91, -3, -1},
    {-9, 4, 0, 1},
    {15, -42, -1, 0},
    {9, -38, -1, -1},
    {-27, 9, 0, 2},
    {-39, -91, 0, 0},
    /* 11 */ {29, 0, 0, 0},
    {-15, 0, 0, 0},
    {-25, 29, 0, 1},
    {24, -6, 0, 0},
    {-6, 2, 0, 1},
    {-1, 5, -1, 0},
    {-6, -3, 0, 0},
    {-1, -12, 0, 1},
    {11, -17, -1, 0},
    {-10, -29, -1, 0},
    {-2, -18, -1, 0},
    {26, -23, -1, 0},
    /* 12 */ {-20, 0, 0, 0},
    {-2, -13, 0, 0},
    {3, 7, 0, 0},
    {12, 10, 0, -1},
    {-13, -14, 0, 1},
    {6, 0, 0, 0},
    {6, 6, 1, 0},
    {5, -1, 0, 0},
    {-1, 8, 0, 0},
    {-4, 1, 0, 0},
    {-2, -10, -1, 0},
    {-13, 1, 0, 0},
    {-7, 2, -1, -1},
};

static const double epoch_year = 2025,
                    earth_radius_m = 6371200; /* the model's own reference radius */

/* Spherical coordinates of a geodetic place on WGS 84: radius, and sine and cosine of the
 * geocentric latitude. */
struct spherical {
    double r_m, sin_lat, cos_lat;
    double turn_rad; /* geocentric minus geodetic latitude */
};

static struct spherical to_spherical(double lat_rad, double height_m)
{
    const double a = 6378137, e2 = 6.69437999014e-3;
    const double n = a / sqrt(1 - e2 * sin(lat_rad) * sin(lat_rad));
    const double x = (n + height_m) * cos(lat_rad), z = (n * (1 - e2) + height_m) * sin(lat_rad);
    const double r = hypot(x, z);
    return (struct spherical){r, z / r, x / r, atan2(z, x) - lat_rad};
}

/* Schmidt semi-normalized associated Legendre functions of the sine of latitude, and their
 * derivatives by latitude. */
struct legendre {
    double p[TERMS], dp[TERMS];
};

static int term(int n, int m)
{
    return n * (n + 1) / 2 + m;
}

static void legendre_fill(struct legendre *l, double sin_lat, double cos_lat)
{
    l->p[0] = 1;
    l->dp[0] = 0;
    for (int n = 1; n <= DEGREE; n++) {
        for (int m = 0; m <= n; m++) {
            const int at = term(n, m);
            if (n == m) {
                const double k = n == 1 ? 1 : sqrt((2.0 * n - 1) / (2.0 * n));
                const int before = term(n - 1, n - 1);
                l->p[at] = k * cos_lat * l->p[before];
                l->dp[at] = k * (cos_lat * l->dp[before] - sin_lat * l->p[before]);
                continue;
            }
            const double root = sqrt((double)n * n - (double)m * m);
            const double k1 = (2 * n - 1) / root;
            const double k2 = sqrt((n - 1.0) * (n - 1.0) - (double)m * m) / root;
            const int one = term(n - 1, m), two = n - 2 >= m ? term(n - 2, m) : -1;
            l->p[at] = k1 * sin_lat * l->p[one] - (two < 0 ? 0 : k2 * l->p[two]);
            l->dp[at] =
                k1 * (sin_lat * l->dp[one] + cos_lat * l->p[one]) - (two < 0 ? 0 : k2 * l->dp[two]);
        }
    }
}

double magnetic_declination_deg(struct sphere_place at, double height_m, double year)
{
    const double degree = M_PI / 180;
    const double lat = at.lat_e7 * 1e-7 * degree, lon = at.lon_e7 * 1e-7 * degree;
    const struct spherical s = to_spherical(lat, height_m);
    struct legendre l;
    legendre_fill(&l, s.sin_lat, s.cos_lat);
    const double ratio = earth_radius_m / s.r_m, dt = year - epoch_year;
    double north = 0, east = 0, down = 0, power = ratio * ratio;
    for (int n = 1; n <= DEGREE; n++) {
        power *= ratio;
        for (int m = 0; m <= n; m++) {
            const int i = term(n, m);
            const double g = 0.1 * (wmm2025[i - 1].g + dt * wmm2025[i - 1].g_rate);
            const double h = 0.1 * (wmm2025[i - 1].h + dt * wmm2025[i - 1].h_rate);
            const double c = cos(m * lon), d = sin(m * lon);
            north -= power * (g * c + h * d) * l.dp[i];
            east += power * m * (g * d - h * c) * l.p[i];
            down -= power * (n + 1) * (g * c + h * d) * l.p[i];
        }
    }
    east /= fmax(s.cos_lat, 1e-9);
    /* From the sphere's directions to the ellipsoid's. */
    const double x = north * cos(s.turn_rad) - down * sin(s.turn_rad);
    return atan2(east, x) / degree;
}

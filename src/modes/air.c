#include "modes/air.h"

#include "modes/decode.h"

#include <math.h>
#include <stddef.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum { PRESSURE_STEP_FT = 1000, PRESSURE_FROM_FT = -2000, CAS_STEP_KT = 8, MACH_STEP_E3 = 16 };

/* p / p0 of the standard atmosphere, 2^-15, every 1,000 ft from -2,000 ft. */
static const uint16_t pressure_ratio[] = {
    35207, 33970, 32768, 31601, 30468, 29368, 28300, 27265, 26260, 25285, 24339, 23423, 22535,
    21674, 20840, 20032, 19250, 18492, 17759, 17050, 16364, 15700, 15058, 14438, 13839, 13259,
    12700, 12160, 11639, 11136, 10650, 10182, 9731,  9296,  8877,  8473,  8085,  7710,  7351,
    7006,  6677,  6364,  6065,  5780,  5509,  5251,  5004,  4769,  4546,  4332,  4129,  3935,
    3750,  3574,  3407,  3247,  3095,  2949,  2811,  2679,  2553,  2433,  2319,  2210,
};

/* Impact pressure over p0 = (1 + 0.2 (CAS / 661.4788 kt)^2)^3.5 - 1, 2^-16, every 8 kt. */
static const uint16_t impact_of_cas[] = {
    0,     7,     27,    60,    107,   168,   242,   329,   430,   545,   673,   816,
    971,   1141,  1325,  1522,  1734,  1960,  2200,  2454,  2724,  3007,  3306,  3619,
    3947,  4291,  4649,  5023,  5413,  5819,  6240,  6678,  7132,  7603,  8090,  8595,
    9116,  9655,  10212, 10786, 11379, 11990, 12620, 13269, 13937, 14624, 15331, 16059,
    16807, 17575, 18365, 19177, 20010, 20865, 21743, 22644, 23568, 24516, 25488, 26484,
    27506, 28553, 29626, 30725, 31851, 33005, 34186, 35396, 36634, 37902, 39200, 40529,
    41888, 43279, 44703, 46159, 47649, 49173, 50732, 52326, 53957, 55624,
};

/* Impact pressure over static pressure = (1 + 0.2 M^2)^3.5 - 1, 2^-15, every Mach 0.016. */
static const uint16_t impact_of_mach[] = {
    0,     6,     23,    53,    94,    147,   212,   289,   377,   478,   591,   716,   853,
    1003,  1165,  1340,  1528,  1729,  1942,  2169,  2410,  2663,  2931,  3213,  3509,  3819,
    4144,  4484,  4839,  5210,  5596,  5999,  6417,  6853,  7305,  7775,  8262,  8768,  9292,
    9835,  10397, 10979, 11581, 12204, 12847, 13513, 14200, 14910, 15643, 16400, 17182, 17988,
    18819, 19677, 20561, 21473, 22413, 23382, 24380, 25409, 26469, 27560, 28685, 29843, 31035,
    32263, 33526, 34827, 36166, 37544, 38963, 40422, 41924, 43469, 45058, 46693,
};

static int32_t between(const uint16_t *table, size_t n, int32_t at, int32_t step)
{
    const int32_t last = ((int32_t)n - 1) * step;
    if (at <= 0) {
        return table[0];
    }
    if (at >= last) {
        return table[n - 1];
    }
    const int32_t i = at / step, over = at % step;
    return table[i] + (table[i + 1] - table[i]) * over / step;
}

/* An altitude the tables reach. */
static int32_t within(int32_t alt_ft)
{
    return alt_ft < -2000 ? -2000 : alt_ft > 61000 ? 61000 : alt_ft;
}

static int32_t pressure(int32_t alt_ft)
{
    return between(pressure_ratio, COUNT(pressure_ratio), within(alt_ft) - PRESSURE_FROM_FT,
                   PRESSURE_STEP_FT);
}

int32_t air_pressure_e1_hpa(int32_t alt_ft)
{
    return (pressure(alt_ft) * 10132 + (1 << 14)) >> 15;
}

int32_t air_standard_e1_c(int32_t alt_ft)
{
    /* 15 C, 1.9812 C less every 1,000 ft to 36,089 ft, then -56.5 C to 65,617 ft. */
    return alt_ft >= 36089 ? -565 : 150 - within(alt_ft) * 1981 / 100000;
}

int32_t air_mach_e3(int32_t cas_kt, int32_t alt_ft)
{
    const int64_t impact = between(impact_of_cas, COUNT(impact_of_cas), cas_kt, CAS_STEP_KT);
    const int32_t ratio = (int32_t)((impact << 14) / pressure(alt_ft));
    size_t lo = 0, hi = COUNT(impact_of_mach) - 1;
    if (ratio >= impact_of_mach[hi]) {
        return (int32_t)hi * MACH_STEP_E3;
    }
    while (hi - lo > 1) {
        const size_t mid = (lo + hi) / 2;
        if (impact_of_mach[mid] <= ratio) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return (int32_t)lo * MACH_STEP_E3 +
           (ratio - impact_of_mach[lo]) * MACH_STEP_E3 / (impact_of_mach[hi] - impact_of_mach[lo]);
}

int32_t air_tas_kt(int32_t mach_e3, int32_t alt_ft)
{
    /* Speed of sound 661.48 kt at 15 C, and near enough a straight line to 573.6 kt at -56.5 C. */
    const int64_t sound_e1_kt = 6615 + (air_standard_e1_c(alt_ft) - 150) * 1228 / 1000;
    return (int32_t)(mach_e3 * sound_e1_kt / 10000);
}

static int32_t nearest(double x)
{
    return (int32_t)lround(x);
}

static int32_t heading(const struct air_report *in)
{
    if (in->true_heading_e2_deg != MODES_UNKNOWN) {
        return in->true_heading_e2_deg;
    }
    if (in->mag_heading_e2_deg == MODES_UNKNOWN || in->declination_e2_deg == MODES_UNKNOWN) {
        return MODES_UNKNOWN;
    }
    return (int32_t)(((int64_t)in->mag_heading_e2_deg + in->declination_e2_deg + 72000) % 36000);
}

static void derive_wind(const struct air_report *in, struct air_derived *out)
{
    enum { TAS_MIN_KT = 100, WIND_MAX_KT = 250 };
    out->true_heading_e2_deg = heading(in);
    if (in->tas_kt < TAS_MIN_KT || in->gs_e2_kt < 0 || in->track_e2_deg == MODES_UNKNOWN ||
        out->true_heading_e2_deg == MODES_UNKNOWN) {
        return;
    }
    const double rad = 0.01 * 3.14159265358979323846 / 180, gs = in->gs_e2_kt * 0.01;
    const double air = out->true_heading_e2_deg * rad, ground = in->track_e2_deg * rad;
    const double east = gs * sin(ground) - in->tas_kt * sin(air);
    const double north = gs * cos(ground) - in->tas_kt * cos(air);
    const double speed = sqrt(east * east + north * north);
    if (speed > WIND_MAX_KT) {
        return;
    }
    out->wind_speed_kt = nearest(speed);
    out->wind_dir_deg = (nearest(atan2(-east, -north) / rad / 100) + 360) % 360;
}

static void derive_temperature(const struct air_report *in, struct air_derived *out)
{
    enum { TAS_MIN_KT = 100, MACH_MIN_E3 = 300, MACH_MAX_E3 = 3000 };
    if (in->tas_kt < TAS_MIN_KT || in->mach_e3 < MACH_MIN_E3 || in->mach_e3 > MACH_MAX_E3) {
        return;
    }
    /* The speed of sound goes with the root of the absolute temperature: 661.4788 kt at 288.15 K.
     */
    const double mach = in->mach_e3 * 0.001, sound = in->tas_kt / mach / 661.4788;
    const double static_k = 288.15 * sound * sound;
    const int32_t oat = nearest((static_k - 273.15) * 10);
    if (oat < -990 || oat > 600) {
        return;
    }
    out->oat_e1_c = oat;
    out->tat_e1_c = nearest((static_k * (1 + 0.2 * mach * mach) - 273.15) * 10);
}

void modes_derive_air(const struct air_report *in, struct air_derived *out)
{
    *out = (struct air_derived){MODES_UNKNOWN, MODES_UNKNOWN, MODES_UNKNOWN, MODES_UNKNOWN,
                                MODES_UNKNOWN};
    derive_wind(in, out);
    derive_temperature(in, out);
}

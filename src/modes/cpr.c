#include "modes/cpr.h"

#include <stdlib.h>

/* All of it is exact integer arithmetic; only the answer is rounded, to 1e-7 degrees.

   A latitude is held as a count of 360/(60·59·2^19) degrees, in which the grid points of even and
   odd frames, airborne and surface, are all whole numbers:
       even airborne 59·4, odd airborne 60·4, even surface 59, odd surface 60 per step. */
#define GRID_BITS     19
#define GRID_PER_TURN (INT64_C(60) * 59 << GRID_BITS)
#define E7_PER_TURN   INT64_C(3600000000)

/* The latitude, in degrees, from which on there are fewer than n + 1 zones: acos(sqrt((1 - cos
   (pi/30)) / (1 - cos(2 pi/n)))) (DO-260B A.1.7.2 d), n = 59 first, down to n = 2. */
#define TRANSITIONS(X)                                                                             \
    X(10.470471299968775), X(14.828174368687508), X(18.186263570714181), X(21.029394926029343),    \
        X(23.545044865571401), X(25.829247070588555), X(27.938987101219165),                       \
        X(29.911356857318381), X(31.772097076811020), X(33.539934362985453),                       \
        X(35.228995977964463), X(36.850251075935467), X(38.412418924123043),                       \
        X(39.922566843338922), X(41.386518322602823), X(42.809140122435663),                       \
        X(44.194549514193143), X(45.546267226602536), X(46.867332524987677),                       \
        X(48.160391280966533), X(49.427764392557037), X(50.671501655538456),                       \
        X(51.893424691687862), X(53.095161527960170), X(54.278174722729190),                       \
        X(55.443784444950604), X(56.593187562059347), X(57.727473538661272),                       \
        X(58.847637761484714), X(59.954592766940468), X(61.049177742463630),                       \
        X(62.132166592103427), X(63.204274793819383), X(64.266165225674503),                       \
        X(65.318453096820983), X(66.361710083826280), X(67.396467740846757),                       \
        X(68.423220220833396), X(69.442426311440317), X(70.454510749876073),                       \
        X(71.459864730289901), X(72.458845447289520), X(73.451774416678710),                       \
        X(74.438934157251428), X(75.420562566533628), X(76.396843907944733),                       \
        X(77.367894613281924), X(78.333740829227522), X(79.294282254569304),                       \
        X(80.249232132805156), X(81.198013492719512), X(82.139569805106091),                       \
        X(83.071994447198163), X(83.991735629805665), X(84.891661907020870),                       \
        X(85.755416209444195), X(86.535369975121013), X(87.000000000000000)

/* The first grid line, and the first 1e-7 degree, with fewer than 59 - i zones. Of the transitions
   only 87 degrees lies on the grid; there are still 2 zones there. */
#define FIRST_GRID(deg) ((int32_t)((deg) * (double)GRID_PER_TURN / 360.0) + 1)
#define FIRST_E7(deg)   ((int32_t)((deg)*1e7) + 1)

enum { TRANSITION_COUNT = 58, START_SHIFT = 22 };

static const int32_t first_grid[TRANSITION_COUNT + 1] = {TRANSITIONS(FIRST_GRID), INT32_MAX};
static const int32_t first_e7[TRANSITION_COUNT] = {TRANSITIONS(FIRST_E7)};

/* How many transitions lie at or below each 2^22nd grid line: where the search starts; at most two
   more lie before the next. */
static const uint8_t start[111] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  1,  1,  1,  1,  1,  1,  2,  2,  2,  2,
    3,  3,  3,  4,  4,  4,  5,  5,  5,  6,  6,  6,  7,  7,  8,  8,  8,  9,  9,  10, 10, 11, 11,
    12, 12, 13, 13, 14, 15, 15, 16, 16, 17, 18, 18, 19, 19, 20, 21, 21, 22, 23, 23, 24, 25, 25,
    26, 27, 28, 28, 29, 30, 30, 31, 32, 33, 34, 34, 35, 36, 37, 37, 38, 39, 40, 41, 41, 42, 43,
    44, 45, 46, 46, 47, 48, 49, 50, 51, 52, 52, 53, 54, 55, 56, 58, 58, 58, 58};

enum { BITS = 17, ONE = 1 << BITS, FRACTION = ONE - 1 };

static int64_t magnitude(int64_t v)
{
    return v < 0 ? -v : v;
}

/* The quotient rounded down, d > 0. */
static int64_t floor_div(int64_t n, int64_t d)
{
    const int64_t q = n / d;
    return q - (n % d < 0);
}

/* The quotient rounded to the nearest, halves up, d > 0. */
static int64_t round_div(int64_t n, int64_t d)
{
    return floor_div(2 * n + d, 2 * d);
}

static int64_t modulo(int64_t n, int64_t d)
{
    return n - floor_div(n, d) * d;
}

/* Zones at a grid latitude; beyond a pole as at it. */
static int zones(int32_t grid)
{
    const int32_t g = abs(grid);
    if (g >= GRID_PER_TURN / 4) {
        return 1;
    }
    unsigned i = start[g >> START_SHIFT];
    while (g >= first_grid[i]) {
        i++;
    }
    return 59 - (int)i;
}

unsigned cpr_nl(int32_t lat_e7)
{
    const int64_t lat = magnitude(lat_e7);
    unsigned i = 0; /* bands below: six halvings, none of which is a branch to be guessed */
    for (unsigned step = 32; step > 0; step /= 2) {
        const bool is_in = i + step <= TRANSITION_COUNT && lat >= first_e7[i + step - 1];
        i += is_in ? step : 0;
    }
    return 59 - i;
}

static int32_t wrap_lon_e7(int64_t lon)
{
    return (int32_t)(modulo(lon + E7_PER_TURN / 2, E7_PER_TURN) - E7_PER_TURN / 2);
}

/* One way of reading a frame: zones of latitude in a turn, the grid lines a step of it makes, and
   the share of a turn the whole of it covers (a quarter on the ground). */
struct kind {
    int lat_zones; /* 60 even, 59 odd */
    int step;      /* grid lines for one step of 2^-17 zone */
    int odd;       /* zones of longitude are NL - odd */
    int quarter;   /* 1 airborne, 4 surface */
};

static struct kind kind_of(bool is_odd, bool is_surface)
{
    const int share = is_surface ? 1 : 4;
    return (struct kind){is_odd ? 59 : 60, (is_odd ? 60 : 59) * share, is_odd, is_surface ? 4 : 1};
}

/* n >= 0 2^-17 zones of a division of the turn into d (times 4 on the ground), in 1e-7 degrees,
   rounded: 3.6e9 n / (2^17 d). Of the powers of two in both numbers the division is freed, so that
   it is one of less than 2^41 by less than 2^8, whose quotient a double division cannot round up to
   a whole number that it is not: that is several times faster than one of integers. */
static int64_t steps_e7(int64_t n, int d, const struct kind *k)
{
    enum { TWOS = 10, REST = BITS - TWOS };
    const int64_t by = (int64_t)d * k->quarter;
    const int64_t eighths = n * (E7_PER_TURN >> TWOS) + (by << (REST - 1));
    return (int64_t)((double)(eighths >> REST) / (double)by);
}

/* The same of n >= -1 turn. */
static int64_t signed_steps_e7(int64_t n, int d, const struct kind *k)
{
    return steps_e7(n + (int64_t)d * k->quarter * ONE, d, k) - E7_PER_TURN;
}

/* v in [-2 d, 2 d) brought into [0, d). */
static int32_t wrap(int32_t v, int32_t d)
{
    v += v < -d ? 2 * d : v < 0 ? d : 0;
    return v >= d ? v - d : v;
}

static int lon_zones(int nl, const struct kind *k)
{
    return nl > k->odd ? nl - k->odd : 1;
}

/* The latitudes of a pair in steps of their zones, the even one's and the odd one's: the index of
   the zone that both can lie in, then the place in it. */
static void pair_latitudes(uint32_t even, uint32_t odd, int32_t steps[2])
{
    const int32_t j = (59 * (int32_t)even - 60 * (int32_t)odd + ONE / 2) >> BITS;
    steps[0] = wrap(j, 60) * ONE + (int32_t)even;
    steps[1] = wrap(j, 59) * ONE + (int32_t)odd;
}

/* The longitude, in steps of its own zone, of the half asked for. */
static int32_t pair_longitude(uint32_t even, uint32_t odd, bool newest_odd, int nl, int ni)
{
    const int32_t m = ((int32_t)even * (nl - 1) - (int32_t)odd * nl + ONE / 2) >> BITS;
    return wrap(m, ni) * ONE + (int32_t)(newest_odd ? odd : even);
}

enum cpr_result cpr_airborne(const uint32_t even[2], const uint32_t odd[2], bool newest_odd,
                             struct cpr_position *out)
{
    const struct kind kinds[2] = {kind_of(false, false), kind_of(true, false)};
    int32_t steps[2], grid[2];
    pair_latitudes(even[0], odd[0], steps);
    for (int i = 0; i < 2; i++) {
        grid[i] = steps[i] * kinds[i].step;
        grid[i] -= grid[i] >= GRID_PER_TURN * 3 / 4 ? (int32_t)GRID_PER_TURN : 0;
        if (abs(grid[i]) > GRID_PER_TURN / 4) {
            return CPR_LATITUDE;
        }
    }
    const int nl = zones(grid[0]);
    if (nl != zones(grid[1])) {
        return CPR_ZONE;
    }
    const struct kind *k = &kinds[newest_odd];
    const int ni = lon_zones(nl, k);
    const int32_t lon = pair_longitude(even[1], odd[1], newest_odd, nl, ni);
    const int64_t lat_e7 = steps_e7(steps[newest_odd], k->lat_zones, k);
    const int64_t lon_e7 = steps_e7(lon, ni, k);
    out->lat_e7 = (int32_t)(lat_e7 > E7_PER_TURN / 2 ? lat_e7 - E7_PER_TURN : lat_e7);
    out->lon_e7 = (int32_t)(lon_e7 >= E7_PER_TURN / 2 ? lon_e7 - E7_PER_TURN : lon_e7);
    return CPR_OK;
}

enum cpr_result cpr_surface(const uint32_t even[2], const uint32_t odd[2], bool newest_odd,
                            struct cpr_position reference, struct cpr_position *out)
{
    const struct kind kinds[2] = {kind_of(false, true), kind_of(true, true)};
    int32_t steps[2], grid[2];
    pair_latitudes(even[0], odd[0], steps);
    /* The pair tells the latitude but for a quarter turn: north or south of the equator. */
    const struct kind *k = &kinds[newest_odd];
    const int64_t north = steps_e7(steps[newest_odd], k->lat_zones, k);
    const bool south =
        magnitude(north - E7_PER_TURN / 4 - reference.lat_e7) < magnitude(north - reference.lat_e7);
    /* Half a step from the north pole the encoder has come round to 0. */
    const bool pole = north == 0 && reference.lat_e7 > E7_PER_TURN / 8;
    const int quarter = pole - south;
    for (int i = 0; i < 2; i++) {
        grid[i] = (steps[i] + quarter * kinds[i].lat_zones * ONE) * kinds[i].step;
        if (abs(grid[i]) > GRID_PER_TURN / 4) {
            return CPR_LATITUDE;
        }
    }
    const int nl = zones(grid[0]);
    if (nl != zones(grid[1])) {
        return CPR_ZONE;
    }
    const int ni = lon_zones(nl, k);
    const int64_t lon = steps_e7(pair_longitude(even[1], odd[1], newest_odd, nl, ni), ni, k);
    const int64_t quarters = round_div(reference.lon_e7 - lon, E7_PER_TURN / 4);
    out->lat_e7 = (int32_t)(north + quarter * (E7_PER_TURN / 4));
    out->lon_e7 = wrap_lon_e7(lon + quarters * (E7_PER_TURN / 4));
    return CPR_OK;
}

/* Of the places `half` can mean in a division of the turn into d the one nearest to the reference,
   in steps. */
static int64_t nearest_steps(uint32_t half, int64_t d, const struct kind *k, int32_t reference_e7)
{
    const int64_t whole = E7_PER_TURN * ONE; /* a zone, in 1e-7/(2^17 d) degrees */
    const int64_t at = reference_e7 * d * k->quarter * ONE;
    const int64_t zone = round_div(at - half * E7_PER_TURN, whole);
    return zone * ONE + half;
}

enum cpr_result cpr_local(const uint32_t half[2], bool is_odd, bool is_surface,
                          struct cpr_position reference, struct cpr_position *out)
{
    const struct kind k = kind_of(is_odd, is_surface);
    const int64_t lat = nearest_steps(half[0], k.lat_zones, &k, reference.lat_e7);
    const int64_t grid = lat * k.step;
    if (magnitude(grid) > GRID_PER_TURN / 4) {
        return CPR_LATITUDE;
    }
    const int ni = lon_zones(zones((int32_t)grid), &k);
    const int64_t lon = nearest_steps(half[1], ni, &k, reference.lon_e7);
    out->lat_e7 = (int32_t)signed_steps_e7(lat, k.lat_zones, &k);
    out->lon_e7 = wrap_lon_e7(signed_steps_e7(lon, ni, &k));
    return CPR_OK;
}

/* A latitude or longitude in steps of a division of the turn into d, the nearest. */
static int64_t to_steps(int32_t v_e7, int64_t d, const struct kind *k)
{
    return round_div(v_e7 * d * k->quarter * ONE, E7_PER_TURN);
}

void cpr_encode(struct cpr_position p, bool is_odd, bool is_surface, uint32_t out[2])
{
    const struct kind k = kind_of(is_odd, is_surface);
    const int64_t lat = to_steps(p.lat_e7, k.lat_zones, &k);
    const int ni = lon_zones(zones((int32_t)(lat * k.step)), &k);
    out[0] = (uint32_t)(lat & FRACTION);
    out[1] = (uint32_t)(to_steps(p.lon_e7, ni, &k) & FRACTION);
}

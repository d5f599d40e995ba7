#include "coverage/cell.h"

#include "geo/sphere.h"

enum { ROW_E7 = 5000000, HALF_TURN_E7 = 1800000000, QUARTER_TURN_E7 = 900000000 };
#define TURN_E7 UINT64_C(3600000000)

/* Cells around the parallel in the middle of the rows, from the equator to a pole: 720 times its
   cosine, rounded. A table, so that a cell is the same on every machine. */
static const uint16_t columns[COVERAGE_ROWS / 2] = {
    720, 720, 720, 720, 719, 719, 719, 718, 718, 718, 717, 716, 716, 715, 714, 713, 713, 712,
    711, 710, 709, 707, 706, 705, 704, 702, 701, 699, 698, 696, 695, 693, 691, 689, 688, 686,
    684, 682, 680, 678, 675, 673, 671, 669, 666, 664, 662, 659, 656, 654, 651, 649, 646, 643,
    640, 637, 634, 631, 628, 625, 622, 619, 616, 612, 609, 606, 602, 599, 595, 592, 588, 584,
    581, 577, 573, 569, 565, 562, 558, 554, 550, 545, 541, 537, 533, 529, 524, 520, 516, 511,
    507, 502, 498, 493, 489, 484, 479, 475, 470, 465, 460, 456, 451, 446, 441, 436, 431, 426,
    421, 416, 410, 405, 400, 395, 390, 384, 379, 374, 368, 363, 357, 352, 346, 341, 335, 330,
    324, 318, 313, 307, 301, 296, 290, 284, 278, 273, 267, 261, 255, 249, 243, 237, 231, 225,
    220, 214, 208, 201, 195, 189, 183, 177, 171, 165, 159, 153, 147, 140, 134, 128, 122, 116,
    110, 103, 97,  91,  85,  78,  72,  66,  60,  53,  47,  41,  35,  28,  22,  16,  9,   3};

unsigned coverage_columns(unsigned row)
{
    const unsigned half = COVERAGE_ROWS / 2;
    return columns[row < half ? half - 1 - row : row - half];
}

static uint32_t column(unsigned n, int32_t lon_e7)
{
    return (uint32_t)((uint64_t)((int64_t)lon_e7 + HALF_TURN_E7) * n / TURN_E7);
}

uint32_t coverage_cell(int32_t lat_e7, int32_t lon_e7)
{
    uint32_t row = (uint32_t)(lat_e7 + QUARTER_TURN_E7) / ROW_E7;
    row = row < COVERAGE_ROWS ? row : COVERAGE_ROWS - 1; /* the pole itself */
    const unsigned n = coverage_columns(row);
    const uint32_t at = column(n, lon_e7);
    return row << 10 | (at < n ? at : n - 1);
}

/* The first longitude of a column: rounded up, as its division rounds down. */
static int32_t column_e7(unsigned n, uint32_t at)
{
    return (int32_t)((int64_t)((TURN_E7 * at + n - 1) / n) - HALF_TURN_E7);
}

struct coverage_box coverage_cell_box(uint32_t cell)
{
    const uint32_t row = cell >> 10, at = cell & 1023;
    const unsigned n = coverage_columns(row);
    const int32_t low = (int32_t)row * ROW_E7 - QUARTER_TURN_E7;
    return (struct coverage_box){low, low + ROW_E7, column_e7(n, at), column_e7(n, at + 1)};
}

unsigned coverage_neighbors(uint32_t cell, uint32_t out[COVERAGE_NEIGHBORS_MAX])
{
    const struct coverage_box b = coverage_cell_box(cell);
    const uint32_t row = cell >> 10, at = cell & 1023;
    unsigned found = 0;
    for (int d = -1; d <= 1; d++) {
        if ((d < 0 && row == 0) || (d > 0 && row == COVERAGE_ROWS - 1)) {
            continue;
        }
        const unsigned to = row + (unsigned)d, n = coverage_columns(to);
        uint32_t first, count;
        if (d == 0) {
            first = (at + n - 1) % n, count = n < 3 ? n : 3;
        } else {
            first = column(n, sphere_wrap_e7((int64_t)b.lon_low_e7 - 1));
            const uint32_t last = column(n, sphere_wrap_e7(b.lon_high_e7));
            count = (last + n - first) % n + 1;
        }
        for (uint32_t i = 0; i < count && found < COVERAGE_NEIGHBORS_MAX; i++) {
            const uint32_t c = to << 10 | (first + i) % n;
            if (c != cell) {
                out[found++] = c;
            }
        }
    }
    return found;
}

unsigned coverage_tile(uint32_t cell)
{
    const struct coverage_box b = coverage_cell_box(cell);
    const int64_t lon = ((int64_t)b.lon_low_e7 + b.lon_high_e7) / 2 + HALF_TURN_E7;
    return (cell >> 10) / 20 * 36 + (unsigned)(lon / 100000000);
}

static const struct {
    const char *name;
    int32_t low_ft;
} bands[] = {{"ground", INT32_MIN},           {"below 3,000 ft", INT32_MIN},
             {"3,000 to 10,000 ft", 3000},    {"10,000 ft to FL180", 10000},
             {"FL180 to FL245", 18000},       {"FL245 and above", 24500},
             {"height not known", INT32_MAX}, {"", INT32_MAX}};

enum coverage_band coverage_band(int32_t alt_ft)
{
    if (alt_ft == KEPT_NONE) {
        return COVERAGE_NO_ALTITUDE;
    }
    enum coverage_band b = COVERAGE_LOW;
    while (b < COVERAGE_UPPER && alt_ft >= bands[b + 1].low_ft) {
        b++;
    }
    return b;
}

int32_t coverage_band_low_ft(enum coverage_band band)
{
    return bands[band].low_ft;
}

const char *coverage_band_name(enum coverage_band band)
{
    return bands[band].name;
}

enum coverage_class coverage_class(uint8_t origin)
{
    switch ((enum origin)origin) {
    case ORIGIN_ADSB_ICAO:
    case ORIGIN_ADSB_ICAO_NT:
    case ORIGIN_ADSB_OTHER:
        return COVERAGE_ADSB;
    case ORIGIN_ADSR_ICAO:
    case ORIGIN_ADSR_OTHER:
    case ORIGIN_TISB_ICAO:
    case ORIGIN_TISB_TRACKFILE:
    case ORIGIN_TISB_OTHER:
        return COVERAGE_REBROADCAST;
    case ORIGIN_MLAT:
        return COVERAGE_MLAT;
    case ORIGIN_ADSC:
        return COVERAGE_ADSC;
    default:
        return COVERAGE_OTHER;
    }
}

const char *coverage_class_name(enum coverage_class class)
{
    static const char *const name[] = {"adsb", "rebroadcast", "mlat", "adsc", "other"};
    return class < COVERAGE_CLASSES ? name[class] : "any";
}

int32_t coverage_hour(int64_t t_ms)
{
    const int64_t hour_ms = 3600000;
    return (int32_t)((t_ms - (t_ms < 0 ? hour_ms - 1 : 0)) / hour_ms);
}

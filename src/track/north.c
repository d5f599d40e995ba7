#include "track/north.h"

#include "geo/magnetic.h"
#include "modes/decode.h"

#include <math.h>
#include <stdlib.h>

/* South of 55 S the southern dip pole, north of 70 N the northern one makes declination change too
 * fast for a cell. */
enum {
    CELL_E7 = 5000000,
    SOUTH = -110,
    NORTH = 140,
    ROWS = NORTH - SOUTH,
    COLUMNS = 720,
    SHIFT = 20000
};

struct north {
    uint16_t cell[ROWS][COLUMNS]; /* 0.01 degrees plus SHIFT; 0: not asked for yet */
};

struct north *north_new(void)
{
    return calloc(1, sizeof(struct north));
}

void north_free(struct north *n)
{
    free(n);
}

static double year_of(int64_t t_us)
{
    const double year = 1970 + (double)t_us / (365.2425 * 86400e6);
    return fmin(fmax(year, 2020), 2035);
}

static int32_t cell_of(int32_t e7)
{
    return e7 / CELL_E7 - (e7 % CELL_E7 < 0);
}

int32_t north_declination_e2_deg(struct north *n, int32_t lat_e7, int32_t lon_e7, int64_t t_us)
{
    const int32_t row = cell_of(lat_e7) - SOUTH, column = cell_of(lon_e7) + COLUMNS / 2;
    if (row < 0 || row >= ROWS || column < 0 || column >= COLUMNS) {
        return MODES_UNKNOWN;
    }
    uint16_t *cell = &n->cell[row][column];
    if (*cell == 0) {
        const struct sphere_place middle = {(row + SOUTH) * CELL_E7 + CELL_E7 / 2,
                                            (column - COLUMNS / 2) * CELL_E7 + CELL_E7 / 2};
        const double height_m = 10000; /* where most of them fly; a degree's tenth at most */
        *cell = (uint16_t)(SHIFT +
                           lrint(100 * magnetic_declination_deg(middle, height_m, year_of(t_us))));
    }
    return (int32_t)*cell - SHIFT;
}

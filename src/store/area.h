/* Areas on the Earth: which boxes cover one, and whether a place is in it. Pure. */
#ifndef MASAR_STORE_AREA_H
#define MASAR_STORE_AREA_H

#include "base/err.h"
#include "store/store.h"

struct area_box {
    int32_t lat_low, lat_high, lon_low, lon_high; /* 1e-7 degrees, low <= high, all included */
};

/* The one or two boxes (two: across the date line) that cover an area; n gets how many. ERR_RANGE:
   it is none (a polygon of less than three corners, a place off the Earth). */
enum err area_boxes(const struct store_area *a, struct area_box box[2], size_t *n);

bool area_has(const struct store_area *a, int32_t lat_e7, int32_t lon_e7);

#endif

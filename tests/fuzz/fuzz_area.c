/* Any bytes as an area; one that is read answers questions about places and boxes. */
#include "geo/area.h"
#include "wire/area_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct area_given given;
    struct area_shape *s;
    char why[320] = "";
    const enum err e = area_read((const char *)data, size, NULL, &given, why, sizeof why);
    if (e) {
        if (why[0] == 0 || given.corner || given.ring_end) {
            abort(); /* an error has its sentence, and nothing is left */
        }
        return 0;
    }
    if (area_shape_new(&given.area, &s)) {
        abort(); /* what is read is an area */
    }
    const struct sphere_place m = area_shape_middle(s);
    for (int i = -20; i <= 20; i++) {
        const int32_t lat = i * 45000000;
        for (int j = -20; j < 20; j++) {
            const int32_t lon = j * 90000000;
            const struct area_box b = {lat, lat, lon, lon};
            if (area_shape_has(s, lat, lon) && !area_shape_meets(s, &b)) {
                abort();
            }
        }
    }
    area_shape_has(s, m.lat_e7, m.lon_e7);
    area_shape_free(s);
    area_given_free(&given);
    return 0;
}

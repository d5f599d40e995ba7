/* Where magnetic north lies, remembered by half degrees of latitude and longitude: the model takes
   a microsecond, and aircraft ask at every heading. */
#ifndef MASAR_TRACK_NORTH_H
#define MASAR_TRACK_NORTH_H

#include <stdint.h>

struct north;

struct north *north_new(void); /* NULL: out of memory */
void north_free(struct north *n);

/* Declination in 0.01 degrees, east positive, right to 0.7 degrees within 40 degrees of the
   equator, to 1.7 elsewhere; MODES_UNKNOWN south of 55 S and north of 70 N. t_us: microseconds
   since 1970; years the model does not know are taken as the nearest it does. */
int32_t north_declination_e2_deg(struct north *n, int32_t lat_e7, int32_t lon_e7, int64_t t_us);

#endif

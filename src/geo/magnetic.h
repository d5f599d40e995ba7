/* Magnetic declination by the World Magnetic Model 2025 (NOAA and BGS, public domain; valid 2025.0
   to 2030.0, some tenths of a degree off within five years before). Pure; about a microsecond a
   call. */
#ifndef MASAR_GEO_MAGNETIC_H
#define MASAR_GEO_MAGNETIC_H

#include "geo/sphere.h"

/* The angle from true to magnetic north, degrees, east positive, at a place and height above the
   ellipsoid in meters. year: decimal, 2026.5. Within 1 degree of a magnetic pole it means nothing.
 */
double magnetic_declination_deg(struct sphere_place at, double height_m, double year);

#endif

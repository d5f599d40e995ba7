/* Which site a place on the ground, or low over it, belongs to. */
#ifndef MASAR_MOVEMENT_MATCH_H
#define MASAR_MOVEMENT_MATCH_H

#include "movement/path.h"
#include "movement/posterior.h"

/* Sites that a point on the ground may lie on, with what is left for "at none of them" (a strip
   nobody lists, a road). helicopter: pads count too. */
void match_ground(const struct airports *airports, int32_t day, const struct path_point *at,
                  bool helicopter, struct posterior_end *out);

/* The nearest site within radius_nm where something can land that day, UINT32_MAX if none; *nm how
   far its reference point is. fast: small fields do not count. */
uint32_t match_nearest(const struct airports *airports, int32_t day, int32_t lat_e7, int32_t lon_e7,
                       float radius_nm, bool fast, float *nm);

/* Feet above the sea of a site; 0 where it is not known. */
float match_elevation(const struct airports *airports, uint32_t airport);

#endif

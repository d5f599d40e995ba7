/* The sites flights end at, laid out for search: unit vectors, how much traffic each has, which
   stood on a day. Majors (fields with much traffic or in the routes) are looked through one by one;
   the many small ones by place. Built once from views, then only read. */
#ifndef MASAR_MOVEMENT_SITE_H
#define MASAR_MOVEMENT_SITE_H

#include "geo/sphere.h"
#include "identity/airport.h"
#include "movement/route.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_NONE UINT32_MAX

struct unit {
    float x, y, z;
};

struct site {
    struct unit at;
    uint32_t airport;     /* index in the view */
    float traffic;        /* weight of all routes at it */
    float size;           /* how likely a flight of which nothing is known ends here, relative */
    int16_t elevation_ft; /* AIRPORT_NO_ELEVATION */
    uint16_t longest_ft;
    bool small; /* not for fast aircraft, unless routes say so */
    bool military;
    uint32_t other;    /* the site that had its traffic before or has it since; SITE_NONE */
    int32_t other_day; /* before this day `other` has this one's traffic (or since it, if
                          other_since) */
    bool other_since;
};

struct sites {
    const struct airports *airports;
    struct site *site; /* majors */
    uint32_t n;
    uint32_t *heir; /* sites with another (site.other), rising */
    uint32_t heirs;
    uint32_t *number; /* by airport: which major; SITE_NONE */
};

/* routes may be NULL. False: out of memory. */
bool sites_init(struct sites *s, const struct airports *airports, const struct route_prior *routes);
void sites_free(struct sites *s);

/* One airport as a site, major or not. */
struct site site_of(const struct airports *airports, uint32_t airport);

/* The airport that stands for its site. */
uint32_t site_airport(const struct airports *airports, uint32_t airport);

/* Whether an airport is a place to land on that day for what is no helicopter or seaplane. */
bool site_stands(const struct airport *a, int32_t day);

struct unit unit_of(int32_t lat_e7, int32_t lon_e7);

/* Nautical miles between; right to 1 in 100,000, near by to a meter or so. No branch, for loops
   over many sites. */
static inline float unit_nm(struct unit a, struct unit b)
{
    const float diameter_nm = (float)(2 * SPHERE_RADIUS_M / SPHERE_M_PER_NM);
    const float x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
    const float half2 = 0.25F * (x * x + y * y + z * z), half = sqrtf(half2);
    /* To 2,000 NM the series is right to 1 in 100,000; farther Abramowitz and Stegun 4.4.46, right
       to 2 in 10^8 radians. */
    const float near = half * (1 + half2 * (1.0F / 6 + half2 * (0.075F + half2 * 0.0446F)));
    const float h = half < 1 ? half : 1;
    const float high = 0.03089188F + h * (-0.01708813F + h * (0.00667009F - h * 0.00126249F));
    const float series =
        1.5707963F + h * (-0.21459880F + h * (0.08897899F + h * (-0.05017430F + h * high)));
    const float far = 1.5707963F - sqrtf(1 - h) * series;
    return diameter_nm * (half2 < 0.09F ? near : far);
}

/* Degrees [0, 360) of the great circle that leaves a for b. */
float unit_bearing_deg(struct unit a, struct unit b);

/* Days since 1970. */
int32_t day_of(int64_t t_ms);

#endif

#include "movement/likelihood.h"

#include "geo/sphere.h"

#include <string.h>

#define RADIANS 0.017453293F

struct runway_line {
    struct sphere_place threshold; /* of the end that is landed on */
    float heading_deg;
    bool surveyed;
};

static bool runway_line(const struct airport *a, const struct runway *r, bool low_end,
                        struct runway_line *out)
{
    if (r->low_heading_deg < 0 || r->closed) {
        return false;
    }
    out->heading_deg = (float)(low_end ? r->low_heading_deg : (r->low_heading_deg + 180) % 360);
    out->surveyed = r->low_lat_e7 != INT32_MIN && r->high_lat_e7 != INT32_MIN;
    out->threshold = (struct sphere_place){a->lat_e7, a->lon_e7};
    if (out->surveyed) {
        const struct sphere_place low = {r->low_lat_e7, r->low_lon_e7};
        const struct sphere_place high = {r->high_lat_e7, r->high_lon_e7};
        out->threshold = low_end ? low : high;
        out->heading_deg = (float)sphere_bearing_deg(out->threshold, low_end ? high : low);
    }
    return true;
}

static bool is_on_line(const struct runway_line *l, const struct posterior_moment *m,
                       bool for_takeoff)
{
    const float slack_deg = l->surveyed ? 12 : 18;
    if (sphere_turn_deg(m->track_deg, l->heading_deg) > slack_deg) {
        return false;
    }
    const struct sphere_offset o =
        sphere_offset(l->threshold, (struct sphere_place){m->lat_e7, m->lon_e7});
    const float along_m =
        o.x_m * sinf(l->heading_deg * RADIANS) + o.y_m * cosf(l->heading_deg * RADIANS);
    const float across_m =
        o.x_m * cosf(l->heading_deg * RADIANS) - o.y_m * sinf(l->heading_deg * RADIANS);
    const float far_m = fabsf(along_m);
    const float wide_m = (l->surveyed ? 250 : 900) + 0.035F * far_m;
    return far_m < 30000 && fabsf(across_m) < wide_m &&
           (for_takeoff ? along_m > -500 : along_m < (l->surveyed ? 1000 : 2500));
}

bool likelihood_aligned(const struct airports *airports, const struct airport *a,
                        const struct posterior_moment *m, bool for_takeoff, char name[4])
{
    struct runway_line line;
    for (uint32_t i = 0; i < a->runways && m->track_deg >= 0; i++) {
        const struct runway *r = runway_at(airports, a->runway + i);
        for (int low = 0; low < 2; low++) {
            if (runway_line(a, r, low, &line) && is_on_line(&line, m, for_takeoff)) {
                if (name) {
                    memcpy(name, low ? r->low_name : r->high_name, 4);
                }
                return true;
            }
        }
    }
    return false;
}

/* Who hears an aircraft: sites whose horizon it is above, how surely and how loud. */
#ifndef MASAR_SIMULATE_HEARING_H
#define MASAR_SIMULATE_HEARING_H

#include "simulate/path.h"
#include "simulate/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A site made ready. */
struct hearing_site {
    struct path_vector at;    /* unit */
    struct path_vector ecef;  /* meters */
    double range_per_root_nm; /* range = this times (root of height + root of antenna), in feet */
    double root_antenna, elevation_ft, hours;
    double far; /* square of the chord beyond which nothing is heard at any height */
    bool radar;
};

struct heard {
    uint16_t site;
    bool radar;
    double chance; /* of a frame to be heard, 0 .. 1 */
    double gain;   /* amplitude, full scale is 1, before fading */
};

void hearing_site(const struct scenario *sc, size_t site, struct hearing_site *out);

/* True while the site listens: one piece of `hours` each day, where in the day by the seed. */
bool hearing_listens(const struct hearing_site *s, size_t site, uint64_t seed, int64_t t_us);

/* Greatest distance at which the site hears anything at this height. */
double hearing_range_nm(const struct hearing_site *s, double height_ft);

/* Fills out (n_sites of room) with the sites that may hear a frame sent there and then; returns how
   many. */
size_t hearing_of(const struct hearing_site *site, size_t n_sites, const struct scenario_head *h,
                  uint64_t seed, int64_t t_us, struct path_vector at, double height_ft,
                  struct heard *out);

/* How far a place is from where anything could be heard of an aircraft at any height; 0: within. */
double hearing_margin_nm(const struct hearing_site *site, size_t n_sites, struct path_vector at);

/* Microseconds the wave travels from a height above a place, WGS 84, to the site. */
double hearing_delay_us(const struct hearing_site *s, struct path_vector at, double height_ft);

#endif

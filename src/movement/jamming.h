/* Where satellites' signals are jammed, by day: kept points of all aircraft → cells with how many
   aircraft flew there, how many of them knew their place badly, and how surely more than one in ten
   did.

   Cells are hexagon-like, some 40 km across: the places nearest to one of a lattice of centers,
   rows 0.3 degrees apart, every other row shifted by half a step. An aircraft is bad in a cell
   where its reports said NACp below 8 or NIC below 7 for a minute or more (a report counts until
   the next, at most for a minute). Equipment is not jamming: an aircraft that is bad in four of
   five cells it flew through, three at least, counts nowhere. Of what is left, the rate has a
   Beta(1, 30) before any aircraft: a cell with one bad aircraft of two is not red. Colors as known
   from the public maps: (bad - 1) of all, below 2 % green, to 10 % yellow, above red, gray below
   four aircraft.

   Points in time order over all aircraft; the day is UTC's and closes with the first point of the
   next. What is older than the day at hand is counted and left out. Bounded by options; 16 bytes an
   aircraft and cell. Pure; one thread a machine. */
#ifndef MASAR_MOVEMENT_JAMMING_H
#define MASAR_MOVEMENT_JAMMING_H

#include "base/err.h"
#include "geo/sphere.h"
#include "model/kept.h"

#include <stdint.h>

enum jamming_color { JAMMING_GRAY, JAMMING_GREEN, JAMMING_YELLOW, JAMMING_RED };

struct jamming_cell {
    int64_t day;   /* since 1970 */
    uint32_t cell; /* its number: jamming_cell_at, jamming_center */
    struct sphere_place center;
    uint32_t aircraft, bad; /* without those that are bad everywhere */
    uint32_t left_out;      /* those */
    float rate;             /* expected share of bad ones, of the distribution after */
    float over_tenth_p;     /* that the rate is above 10 % */
    enum jamming_color color;
};

/* Takes a cell of a day that closed; cells come in the order of their numbers. */
typedef void jamming_fn(void *ctx, const struct jamming_cell *c);

struct jamming_sums {
    uint64_t points; /* counted: airborne and of a version that says how well it knows its place */
    uint64_t silent; /* say nothing of it, or are not of ADS-B */
    uint64_t late;   /* of a day that is closed */
    uint64_t full;   /* left out: no room for one more aircraft in one more cell */
};

struct jamming; /* opaque */

/* room: aircraft times cells of one day; 0: 1,000,000. NULL: out of memory. */
struct jamming *jamming_new(uint32_t room);
void jamming_free(struct jamming *j); /* NULL is fine */

/* The next point; gives the cells of the day before where it begins another. */
void jamming_push(struct jamming *j, const struct kept *k, jamming_fn *fn, void *ctx);

/* Closes the day at hand. */
void jamming_end(struct jamming *j, jamming_fn *fn, void *ctx);

const struct jamming_sums *jamming_sums(const struct jamming *j);

/* The cell a place lies in, and a cell's center. */
uint32_t jamming_cell_at(struct sphere_place at);
struct sphere_place jamming_center(uint32_t cell);

/* P(rate > 10 %) of Beta(1 + bad, 30 + good). */
float jamming_over_tenth(uint32_t bad, uint32_t good);

#endif

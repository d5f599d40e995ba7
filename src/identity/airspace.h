/* Whose airspace a place is in: a state's land and the sea within 12 NM of it (UN Convention on the
   Law of the Sea, articles 2 and 3), not its flight information region. A read-only view over bytes
   that airspace_build made; where two coasts are near the nearer one's. Borders are those of the
   map it was made of (Natural Earth). Pure; any number of threads. */
#ifndef MASAR_IDENTITY_AIRSPACE_H
#define MASAR_IDENTITY_AIRSPACE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AIRSPACE_SEA_M 22224.0 /* 12 NM */

struct airspace;

/* A ring of corners as the map has it, degrees * 10^7, closed or not. */
struct airspace_ring {
    char country[3];
    const int32_t (*corner)[2]; /* lat, lon */
    size_t n;
};

/* Adds the bytes of a view to out. ERR_RANGE: a ring of less than three corners or off the Earth;
   ERR_MEMORY. */
enum err airspace_build(const struct airspace_ring *r, size_t n, struct buf *out);

/* Keeps the bytes, which stay where they are. ERR_SYNTAX: no such bytes; ERR_MEMORY. */
enum err airspace_open(const void *bytes, size_t n, struct airspace **out);
void airspace_free(struct airspace *a); /* NULL is fine */

/* False: no state's, the high sea. */
bool airspace_at(const struct airspace *a, int32_t lat_e7, int32_t lon_e7, char country[3]);

/* Adds a country's land to out as GeoJSON, a MultiPolygon of its rings: a place is in it where an
   odd number of them holds it. False: the map has no such country. */
bool airspace_geojson(const struct airspace *a, const char country[3], struct buf *out);

/* Chains of corners (lat, lon in degrees * 10^7) whose box meets the one from low to high: for
   drawing. Corners are the caller's for the call. */
typedef void airspace_chain_fn(void *ctx, const char *country, const int32_t (*corner)[2],
                               size_t n);
void airspace_outline(const struct airspace *a, const int32_t low[2], const int32_t high[2],
                      airspace_chain_fn *out, void *ctx);

#endif

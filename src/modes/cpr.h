/* Compact Position Reporting: 17 bits of latitude and longitude and back (ICAO Doc 9871 C.2.6,
   DO-260B A.1.7). Positions are degrees times 10^7. No call reads state. */
#ifndef MASAR_MODES_CPR_H
#define MASAR_MODES_CPR_H

#include <stdbool.h>
#include <stdint.h>

enum cpr_result {
    CPR_OK,
    CPR_ZONE,     /* even and odd lie in different longitude zones: no position, not an error of the
                     frame */
    CPR_LATITUDE, /* beyond a pole */
    CPR_FAR       /* for callers: no reference near enough to ask with; no call here returns it */
};

struct cpr_position {
    int32_t lat_e7, lon_e7; /* longitude in [-180, 180) degrees */
};

/* Both halves, each 17 bits; newest_odd tells which one came last and is answered for. */
enum cpr_result cpr_airborne(const uint32_t even[2], const uint32_t odd[2], bool newest_odd,
                             struct cpr_position *out);

/* The same on the ground, where zones are a quarter as large: of the eight places the one nearest
 * to the reference. */
enum cpr_result cpr_surface(const uint32_t even[2], const uint32_t odd[2], bool newest_odd,
                            struct cpr_position reference, struct cpr_position *out);

/* One half with a reference within half a zone (airborne about 180 NM, surface about 45 NM). */
enum cpr_result cpr_local(const uint32_t half[2], bool is_odd, bool is_surface,
                          struct cpr_position reference, struct cpr_position *out);

/* The inverse: the 17-bit halves for a place. out[0] latitude, out[1] longitude. */
void cpr_encode(struct cpr_position p, bool is_odd, bool is_surface, uint32_t out[2]);

/* Number of longitude zones at a latitude, 1..59 (by table; DO-260B A.1.7.2 d). */
unsigned cpr_nl(int32_t lat_e7);

#endif

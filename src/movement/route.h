/* Routes that operators fly, with weights: the prior of where a flight goes and came from before
   the ledger has a history of its own. Rows are `operator,origin,destination,weight`: the ICAO
   letters of the operator, airport codes, any weight > 0 (flights a week, call signs, …). Built
   once, then only read, by any number of threads. Pure: whoever reads the file hands lines in. */
#ifndef MASAR_MOVEMENT_ROUTE_H
#define MASAR_MOVEMENT_ROUTE_H

#include "base/err.h"
#include "identity/airport.h"

#include <stddef.h>
#include <stdint.h>

/* One row: airports are indexes of sites in the view. */
struct route {
    uint32_t operator_key;
    uint32_t origin, destination;
    float weight;
};

struct route_sums {
    uint64_t rows;    /* kept */
    uint64_t unknown; /* left out: an airport nobody knows, or both ends one */
    uint64_t bad;     /* left out: not of this form */
};

struct route_prior; /* opaque */

/* airports is borrowed until route_prior_ready. NULL: out of memory. */
struct route_prior *route_prior_new(const struct airports *airports);
void route_prior_free(struct route_prior *r); /* NULL is fine */

/* The next n bytes of the file, in any pieces. A first line that names columns is passed over.
   ERR_MEMORY, ERR_FULL: more than 16 million rows. */
enum err route_prior_push(struct route_prior *r, const char *bytes, size_t n);

/* No more comes: sorts. Before this nothing may be asked. ERR_MEMORY. */
enum err route_prior_ready(struct route_prior *r);

const struct route_sums *route_prior_sums(const struct route_prior *r);

/* Three letters as the key of rows; 0: not three capital letters. */
uint32_t route_operator(const char *letters);

/* Rows of an operator, consecutive; n is set, NULL with 0 if it has none. */
const struct route *route_of_operator(const struct route_prior *r, uint32_t operator_key,
                                      size_t *n);

/* Numbers of the rows that leave (arrive at) an airport, by any operator. */
const uint32_t *route_from(const struct route_prior *r, uint32_t airport, size_t *n);
const uint32_t *route_to(const struct route_prior *r, uint32_t airport, size_t *n);
const struct route *route_at(const struct route_prior *r, uint32_t row);
size_t route_count(const struct route_prior *r);

#endif

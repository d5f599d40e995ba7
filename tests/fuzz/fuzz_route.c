/* Any bytes as a file of routes, whole and in pieces: the same rows, nothing read beyond. */
#include "flight_probe.h"
#include "movement/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const struct flight_field field[] = {
    {"LAAA", 45.0, 5.0, 500, 90, AIRPORT_LARGE},
    {"LBBB", 45.0, 16.3, 300, 90, AIRPORT_LARGE},
};

static uint64_t rows_of(const struct airports *airports, const uint8_t *p, size_t n, size_t piece)
{
    struct route_prior *r = route_prior_new(airports);
    uint64_t rows = 0;
    for (size_t i = 0; r && i < n; i += piece) {
        route_prior_push(r, (const char *)p + i, n - i < piece ? n - i : piece);
    }
    if (r && route_prior_ready(r) == ERR_OK) {
        rows = route_prior_sums(r)->rows * 65536 + route_prior_sums(r)->bad;
        for (size_t i = 0; i < route_count(r); i++) {
            size_t found;
            if (!route_of_operator(r, route_at(r, (uint32_t)i)->operator_key, &found)) {
                abort();
            }
        }
    }
    route_prior_free(r);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct buf file;
    static struct airports *airports;
    if (!airports) {
        airports = flight_airports(field, 2, &file);
    }
    if (rows_of(airports, p, n, n ? n : 1) != rows_of(airports, p, n, 3)) {
        abort();
    }
    return 0;
}

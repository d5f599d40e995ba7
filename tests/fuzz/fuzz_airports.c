#define _GNU_SOURCE /* memmem */
/* Airports from text and from the compact file: the first byte says which. What is read can be
 * asked. */
#include "identity/airport_csv.h"

#include <stdlib.h>
#include <string.h>

static void ask(const void *bytes, size_t n)
{
    char why[128];
    struct airports *a;
    if (airports_open(bytes, n, &a, why, sizeof why)) {
        return;
    }
    struct airport_near near[16];
    const size_t found = airports_near(a, 134815000, 21836100, 5e6, near, 16);
    for (size_t i = 0; i < found; i++) {
        const struct airport *f = airport_at(a, near[i].index);
        size_t sum = strlen(f->code) + strlen(airport_name(a, f)) + airport_at(a, f->site)->kind;
        for (uint16_t k = 0; k < f->runways; k++) {
            sum += strlen(runway_at(a, f->runway + k)->low_name);
        }
        if (sum > n + 1000) {
            abort();
        }
    }
    airport_find(a, "DRRN", AIRPORT_TODAY);
    airport_find(a, "IST", 17000);
    airports_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char why[128];
    if (n < 1) {
        return 0;
    }
    char *copy = malloc(n);
    memcpy(copy, data + 1, n - 1);
    if (data[0] == 'B') {
        ask(copy, n - 1);
        free(copy);
        return 0;
    }
    /* Airports up to a line of '=', runways behind it. */
    char *cut = memmem(copy, n - 1, "\n=\n", 3);
    const size_t first = cut ? (size_t)(cut - copy) + 1 : n - 1;
    struct airport_builder *b = airport_builder_new();
    struct buf out = {0};
    if (b && !airport_csv_airports(b, copy, first, why, sizeof why) && cut) {
        airport_csv_runways(b, cut + 3, n - 1 - first - 2, why, sizeof why);
    }
    if (b && !airport_builder_finish(b, "fuzz", &out)) {
        struct airports *a;
        if (airports_open(out.p, out.n, &a, why, sizeof why)) {
            abort(); /* what the builder makes the view must take */
        }
        airports_free(a);
        ask(out.p, out.n);
    }
    airport_builder_free(b);
    buf_free(&out);
    free(copy);
    return 0;
}

/* The user's own tables: types (T), lifts (L), military ranges (M), operators (O), by the first
 * byte; the rest of O's first line is a call sign too. */
#include "identity/identity.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint32_t bad;
    if (n < 1) {
        return 0;
    }
    char *copy = malloc(n), callsign[9] = "";
    memcpy(copy, data + 1, n - 1);
    if (data[0] == 'O') {
        struct operators *o;
        struct operator_row row;
        memcpy(callsign, copy, n - 1 < 8 ? n - 1 : 8);
        if (!operators_new(copy, n - 1, &o, &bad)) {
            if (operator_of_callsign(o, callsign, 20000, &row) && strlen(row.name) > n + 200) {
                abort();
            }
            operator_of_callsign(o, "AFR12", OPERATOR_NO_DAY, &row);
            operators_free(o);
        }
    } else if (data[0] == 'M') {
        struct military_ranges *r;
        if (!military_ranges_new(copy, n - 1, &r, &bad)) {
            military_ranges_say(r, 0xae145a);
            military_ranges_free(r);
        }
    } else {
        struct types *t;
        const bool lift = data[0] == 'L';
        if (!types_new(lift ? NULL : copy, n - 1, lift ? copy : NULL, n - 1, &t, &bad)) {
            for (size_t i = 0; i < lifts_count(t); i++) {
                const struct aircraft_lift *l = lift_at(t, i);
                if (l->low_kg > l->plan_kg || l->plan_kg > l->max_kg) {
                    abort();
                }
            }
            type_find(t, "C17");
            types_free(t);
        }
    }
    free(copy);
    return 0;
}

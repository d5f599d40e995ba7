/* Lists of aircraft from text and from the compact file: the first byte says which. */
#include "identity/aircraft_csv.h"

#include <stdlib.h>
#include <string.h>

static void ask(const void *bytes, size_t n)
{
    char why[128];
    struct aircraft_list *l;
    struct aircraft_row row;
    if (aircraft_open(bytes, n, &l, why, sizeof why)) {
        return;
    }
    for (uint32_t i = 0; i < aircraft_count(l) && i < 1000; i++) {
        row = aircraft_row_at(l, i);
        if (strlen(row.registration) + strlen(row.type) + strlen(row.owner) > 4 * n) {
            abort();
        }
        aircraft_find(l, row.address, &row);
    }
    aircraft_find(l, 0x3946e4, &row);
    aircraft_close(l);
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
    const enum aircraft_form form = aircraft_csv_form(copy, n - 1);
    struct aircraft_builder *b = aircraft_builder_new();
    struct buf out = {0};
    if (b && form != AIRCRAFT_FORM_NONE &&
        !aircraft_csv_read(b, form, copy, n - 1, why, sizeof why) &&
        !aircraft_builder_finish(b, "fuzz", "2026", &out)) {
        struct aircraft_list *l;
        if (aircraft_open(out.p, out.n, &l, why, sizeof why)) {
            abort(); /* what the builder makes the view must take */
        }
        aircraft_close(l);
        ask(out.p, out.n);
    }
    aircraft_builder_free(b);
    buf_free(&out);
    free(copy);
    return 0;
}

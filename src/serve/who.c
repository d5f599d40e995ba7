#include "serve/who.h"

#include <stdlib.h>
#include <string.h>

void who_free(struct who *w)
{
    free(w->row);
    *w = (struct who){.o = w->o};
}

static struct who_row *row_of(struct who *w, uint32_t slot)
{
    if (slot >= w->n) {
        const uint32_t n = slot + 1 > 2 * w->n ? slot + 1 : 2 * w->n;
        struct who_row *row = realloc(w->row, n * sizeof *row);
        if (!row) {
            return NULL;
        }
        memset(row + w->n, 0, (n - w->n) * sizeof *row);
        w->row = row;
        w->n = n;
    }
    return &w->row[slot];
}

void who_fill(struct who *w, uint32_t slot, int64_t t_ms, struct picture_item *it)
{
    if (!w->o || !w->o->who || slot >= PICTURE_SLOTS_MAX) {
        return;
    }
    const unsigned edition = w->o->who_edition(w->o->ctx);
    struct who_row *row = row_of(w, slot);
    if (!row) {
        return;
    }
    if (row->edition != edition || row->address != it->address ||
        memcmp(row->flight, it->flight, sizeof row->flight) != 0) {
        char flight[sizeof it->flight + 1] = "";
        memcpy(flight, it->flight, sizeof it->flight);
        *row = (struct who_row){.address = it->address, .edition = edition};
        memcpy(row->flight, it->flight, sizeof row->flight);
        w->o->who(w->o->ctx, it->address, flight, t_ms, &row->who);
    }
    it->who = row->who;
}

#include "app/naming.h"

#include "app/identity_json.h"
#include "app/options.h"
#include "model/message.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 5000 };

static void on_look(uv_timer_t *timer)
{
    struct naming *n = timer->data;
    if (reference_changed(n->reference)) {
        reference_reload(n->reference);
    }
}

bool naming_open(struct naming *n, uv_loop_t *loop, const char *dir)
{
    n->reference = reference_open(dir);
    if (!n->reference) {
        return false;
    }
    reference_book(n->reference);
    if (*reference_why(n->reference)) {
        fprintf(stderr, "masar serve: %s\n", reference_why(n->reference));
    }
    uv_timer_init(loop, &n->look);
    n->look.data = n;
    uv_timer_start(&n->look, on_look, LOOK_MS, LOOK_MS);
    return true;
}

void naming_close(struct naming *n)
{
    if (n->reference) {
        uv_close((uv_handle_t *)&n->look, NULL);
        reference_close(n->reference);
        n->reference = NULL;
    }
}

static int32_t today(void)
{
    return (int32_t)(app_clock_us() / (INT64_C(86400) * 1000000));
}

bool naming_name(struct naming *n, uint32_t address, const char *flight, struct aircraft_name *out)
{
    static const struct aircraft_name nothing = {"", "", "", "", 0, 0};
    struct identity i;
    if (address & ADDRESS_NON_ICAO || !n->reference) {
        return false;
    }
    identity_look(reference_book(n->reference), address, flight, today(), &i);
    *out = nothing;
    /* A derived registration is not in a database: a client of readsb would take it for a stored
       one. The API says what is derived. */
    struct aircraft_row row = {.registration = ""};
    if (i.source[IDENTITY_REGISTRATION] < IDENTITY_SOURCES &&
        aircraft_find(reference_book(n->reference)->list[i.source[IDENTITY_REGISTRATION]], address,
                      &row)) {
        out->registration = row.registration;
    }
    out->type = i.type;
    out->description = *i.description ? i.description : i.kind ? i.kind->name : "";
    out->owner = i.owner;
    out->year = i.year;
    out->flags = i.flags;
    return true;
}

void naming_json(struct naming *n, uint32_t address, const char *flight, struct buf *out)
{
    struct identity i;
    const struct identity_book *b = reference_book(n->reference);
    identity_look(b, address, flight, today(), &i);
    identity_json_write(out, b, &i);
}

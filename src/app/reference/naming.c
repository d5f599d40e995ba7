#define _GNU_SOURCE /* strnlen */
#include "app/reference/naming.h"

#include "app/options.h"
#include "app/reference/identity_json.h"
#include "model/message.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 5000, DAY_MS = 86400000 };

static void on_look(uv_timer_t *timer)
{
    struct naming *n = timer->data;
    if (reference_changed(n->reference)) {
        pthread_rwlock_wrlock(&n->lock);
        reference_reload(n->reference);
        pthread_rwlock_unlock(&n->lock);
        atomic_fetch_add(&n->edition, 1);
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
    pthread_rwlock_init(&n->lock, NULL);
    atomic_store(&n->edition, 1);
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
        pthread_rwlock_destroy(&n->lock);
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

/* Where no list says whose code it is, that of an airline still has its form: three letters, then
   a digit (ICAO Doc 8585). */
static unsigned operator_letters(const struct identity *i, const char *flight)
{
    unsigned letters = 0;
    if (i->has_operator) {
        return (unsigned)strlen(i->operator.prefix);
    }
    while (flight[letters] >= 'A' && flight[letters] <= 'Z') {
        letters++;
    }
    return letters == 3 && flight[3] >= '0' && flight[3] <= '9' ? letters : 0;
}

static void copy(char *to, size_t size, const char *from)
{
    memcpy(to, from, strnlen(from, size));
}

void naming_who(struct naming *n, uint32_t address, const char *flight, int64_t t_ms,
                struct picture_who *out)
{
    struct identity i;
    *out = (struct picture_who){.flags = 0};
    if (address & ADDRESS_NON_ICAO || !n->reference) {
        return;
    }
    pthread_rwlock_rdlock(&n->lock);
    identity_look(reference_book(n->reference), address, flight, (int32_t)(t_ms / DAY_MS), &i);
    copy(out->type, sizeof out->type, i.type);
    copy(out->country, sizeof out->country, i.country);
    if (i.source[IDENTITY_REGISTRATION] < IDENTITY_SOURCES) { /* not a derived one */
        copy(out->registration, sizeof out->registration, i.registration);
    }
    out->flags = i.flags & 15u;
    out->operator_n = (uint8_t)(operator_letters(&i, flight) & 7u);
    pthread_rwlock_unlock(&n->lock);
}

void naming_types(struct naming *n, struct buf *out)
{
    identity_json_types(out, reference_book(n->reference)->types);
}

void naming_operators(struct naming *n, const char *codes, struct buf *out)
{
    identity_json_operators(out, reference_book(n->reference)->operators, codes, today());
}

void naming_json(struct naming *n, uint32_t address, const char *flight, struct buf *out)
{
    struct identity i;
    const struct identity_book *b = reference_book(n->reference);
    identity_look(b, address, flight, today(), &i);
    identity_json_write(out, b, &i);
}

#include "app/watch/watch_world.h"

#include "app/watch/watch_clearances.h"
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 1 << 22 };

#define DAY_MS INT64_C(86400000)

struct named {
    char name[BOOK_NAME_MAX + 1];
    char *text;
    int number;
};

struct watch_world {
    struct ledger_world *world;
    bool borrowed;     /* the world */
    struct map listed; /* address → index of */
    uint64_t *lists;   /* bits */
    size_t n_lists, lists_max;
    struct named *area, *list;
    size_t areas, list_names;
    bool failed;                         /* out of memory while reading */
    struct watch_clearances *clearances; /* NULL: nobody gave operations */
};

/* ---- the book's ---- */

static struct named *add_named(struct named **all, size_t *n, const char *name)
{
    struct named *more = *n >= BOOK_AREAS_MAX ? NULL : realloc(*all, (*n + 1) * sizeof **all);
    if (!more) {
        return NULL;
    }
    *all = more;
    more[*n] = (struct named){.text = NULL};
    snprintf(more[*n].name, sizeof more[*n].name, "%s", name);
    return &more[(*n)++];
}

static void take_area(void *ctx, const char *name, const char *text)
{
    struct watch_world *w = ctx;
    struct named *a = add_named(&w->area, &w->areas, name);
    w->failed |= !a || !(a->text = strdup(text));
}

static void take_list(void *ctx, int number, const char *name, uint64_t aircraft)
{
    struct watch_world *w = ctx;
    struct named *l = add_named(&w->list, &w->list_names, name);
    (void)aircraft;
    if (l) {
        l->number = number;
    }
    w->failed |= !l;
}

static void take_listed(void *ctx, int number, uint32_t address)
{
    struct watch_world *w = ctx;
    uint32_t i = map_get(&w->listed, address);
    if (i == MAP_NONE) {
        if (w->n_lists == w->lists_max) {
            const size_t max = w->lists_max ? 2 * w->lists_max : 1024;
            uint64_t *more = max > LISTED_MAX ? NULL : realloc(w->lists, max * sizeof *w->lists);
            if (!more) {
                w->failed = true;
                return;
            }
            w->lists = more;
            w->lists_max = max;
        }
        i = (uint32_t)w->n_lists;
        if (map_add(&w->listed, address, i)) {
            w->failed = true;
            return;
        }
        w->lists[w->n_lists++] = 0;
    }
    w->lists[i] |= UINT64_C(1) << number;
}

static void forget(struct watch_world *w)
{
    for (size_t i = 0; i < w->areas; i++) {
        free(w->area[i].text);
    }
    free(w->area);
    free(w->list);
    w->area = w->list = NULL;
    w->areas = w->list_names = w->n_lists = 0;
    map_free(&w->listed);
}

enum err watch_world_read(struct watch_world *w, struct book *book)
{
    forget(w);
    w->failed = false;
    enum err e = map_init(&w->listed, LISTED_MAX);
    if (book && !e) {
        e = book_areas(book, take_area, w);
        e = e ? e : book_lists(book, take_list, w);
        e = e ? e : book_listed(book, take_listed, w);
    }
    return e ? e : w->failed ? ERR_MEMORY : ERR_OK;
}

struct watch_world *watch_world_open(const char *data, struct book *book, char *why,
                                     size_t why_size)
{
    struct watch_world *w = calloc(1, sizeof *w);
    if (!w) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    w->world = ledger_world_open(&(struct ledger_sources){.data = data}, why, why_size);
    if (!w->world || watch_world_read(w, book)) {
        if (w->world) {
            snprintf(why, why_size, "the areas and lists of the book of watches cannot be read");
        }
        watch_world_close(w);
        return NULL;
    }
    return w;
}

struct watch_world *watch_world_over(struct ledger_world *world, struct book *book)
{
    struct watch_world *w = calloc(1, sizeof *w);
    if (w) {
        w->world = world;
        w->borrowed = true;
    }
    if (w && watch_world_read(w, book)) {
        watch_world_close(w);
        w = NULL;
    }
    return w;
}

void watch_world_close(struct watch_world *w)
{
    if (w) {
        forget(w);
        free(w->lists);
        if (!w->borrowed) {
            ledger_world_close(w->world);
        }
        watch_clearances_close(w->clearances);
        free(w);
    }
}

enum err watch_world_operations(struct watch_world *w, const char *dir)
{
    watch_clearances_close(w->clearances);
    w->clearances = watch_clearances_open(dir);
    return w->clearances ? ERR_OK : ERR_MEMORY;
}

const struct airports *watch_world_airports(const struct watch_world *w)
{
    return ledger_world_airports(w->world);
}

enum err watch_world_day(struct watch_world *w, struct store *s, int32_t day)
{
    return ledger_world_day(w->world, s, day);
}

/* ---- views ---- */

static void who(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                struct watch_who *out)
{
    const struct watch_world *w = ctx;
    struct identity i;
    char callsign[9] = "";
    memcpy(callsign, flight, 8);
    identity_look(ledger_world_book(w->world), address, callsign, (int32_t)(t_ms / DAY_MS), &i);
    *out = (struct watch_who){.military = -1};
    snprintf(out->registration, sizeof out->registration, "%s", i.registration);
    if (strlen(i.type) < sizeof out->type) {
        snprintf(out->type, sizeof out->type, "%s", i.type);
    }
    if (i.has_operator) {
        snprintf(out->operator, sizeof out->operator, "%.8s", i.operator.prefix);
    }
    snprintf(out->country, sizeof out->country, "%s", i.country);
    out->kind = i.kind ? i.kind->kind : KIND_UNKNOWN;
    out->military = i.military ? 1 : i.listed || i.has_operator ? 0 : -1;
    const uint32_t k = map_get(&w->listed, address);
    out->lists = k == MAP_NONE ? 0 : w->lists[k];
}

void watch_world_views(struct watch_world *w, struct watch_views *out)
{
    struct movement_views views;
    ledger_world_views(w->world, &views);
    *out = (struct watch_views){.airports = views.airports,
                                .who = who,
                                .who_ctx = w,
                                .heard = views.heard,
                                .heard_ctx = views.heard_ctx,
                                .clearances = w->clearances ? watch_clearances_list : NULL,
                                .clearances_ctx = w->clearances,
                                .known_since_ms = KEPT_NO_TIME};
}

static const char *find_area(void *ctx, const char *name)
{
    const struct watch_world *w = ctx;
    for (size_t i = 0; i < w->areas; i++) {
        if (strcmp(w->area[i].name, name) == 0) {
            return w->area[i].text;
        }
    }
    return NULL;
}

static int find_list(void *ctx, const char *name)
{
    const struct watch_world *w = ctx;
    for (size_t i = 0; i < w->list_names; i++) {
        if (strcmp(w->list[i].name, name) == 0) {
            return w->list[i].number;
        }
    }
    return -1;
}

static bool find_operation(void *ctx, const char *name, char *known, size_t size)
{
    struct watch_world *w = ctx;
    return watch_clearances_operation(w->clearances, name, known, size);
}

struct watch_names watch_world_names(struct watch_world *w)
{
    return (struct watch_names){.airports = ledger_world_airports(w->world),
                                .day = AIRPORT_TODAY,
                                .area = find_area,
                                .lands = ledger_world_lands(w->world),
                                .list = find_list,
                                .operation = w->clearances ? find_operation : NULL,
                                .ctx = w};
}

struct watch_place watch_wrong_place(const char *rule, const struct watch_wrong *wrong)
{
    struct watch_place at = {.line = 1, .column = 1};
    for (size_t i = 0; i < wrong->at && rule[i]; i++) {
        const bool inside = ((unsigned char)rule[i] & 0xc0) == 0x80; /* of a character */
        at.characters += !inside;
        at.line += rule[i] == '\n';
        at.column = rule[i] == '\n' ? 1 : at.column + !inside;
    }
    return at;
}

void watch_wrong_text(const char *rule, const struct watch_wrong *wrong, char *out, size_t size)
{
    const struct watch_place at = watch_wrong_place(rule, wrong);
    snprintf(out, size, "line %zu, column %zu: %s", at.line, at.column, wrong->why);
}

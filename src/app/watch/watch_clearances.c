#include "app/watch/watch_clearances.h"

#include "app/operation/operation_file.h"
#include "operation/clearance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDS_MAX = 4096, OPERATIONS_MAX = 1024 };

#define AHEAD_MS (INT64_C(86400000) * 3660) /* as far as a rule can ask */

struct watch_clearances {
    char dir[4096];
    struct operation_file *file; /* NULL: there are no operations yet */
    int64_t state;               /* of the file when read; -1: not read */
    struct operation *operation;
    size_t n;
    bool failed;
    struct clearance_end *end; /* ENDS_MAX */
};

struct watch_clearances *watch_clearances_open(const char *dir)
{
    struct watch_clearances *c = calloc(1, sizeof *c);
    if (!c || !(c->end = calloc(ENDS_MAX, sizeof *c->end))) {
        free(c);
        return NULL;
    }
    snprintf(c->dir, sizeof c->dir, "%s", dir);
    c->state = -1;
    return c;
}

static void drop(struct watch_clearances *c)
{
    for (size_t i = 0; i < c->n; i++) {
        operation_free(&c->operation[i]);
    }
    free(c->operation);
    c->operation = NULL;
    c->n = 0;
}

void watch_clearances_close(struct watch_clearances *c)
{
    if (c) {
        drop(c);
        operation_file_close(c->file);
        free(c->end);
        free(c);
    }
}

static void take_name(void *ctx, const char *name)
{
    struct watch_clearances *c = ctx;
    struct operation *more =
        c->n == OPERATIONS_MAX ? NULL : realloc(c->operation, (c->n + 1) * sizeof *more);
    c->failed |= !more;
    if (more) {
        c->operation = more;
        more[c->n] = (struct operation){.n = 0};
        snprintf(more[c->n++].key, sizeof more->key, "%s", name);
    }
}

/* Names first, then each: the file is asked one thing at a time. */
static bool read_again(struct watch_clearances *c)
{
    char why[OPERATION_FILE_WHY_MAX];
    if (!c->file && operation_file_open(c->dir, false, &c->file, why, sizeof why)) {
        return true; /* no operations: no clearances */
    }
    const int64_t state = operation_file_state(c->file);
    if (state == c->state) {
        return true;
    }
    drop(c);
    c->state = -1;
    c->failed = false;
    if (operation_file_names(c->file, take_name, c) || c->failed) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        char name[ITEM_KEY_MAX + 1];
        memcpy(name, c->operation[i].key, sizeof name);
        c->operation[i] = (struct operation){.n = 0};
        if (operation_file_load(c->file, name, &c->operation[i], why, sizeof why)) {
            return false;
        }
        memcpy(c->operation[i].key, name, sizeof name);
    }
    c->state = state;
    return true;
}

/* Those it is for, as they were written. */
static void add_flights(struct watch_clearance *w, const struct item *i)
{
    static const enum said fields[] = {SAID_CLEARANCE_CALLSIGNS, SAID_CLEARANCE_TAILS,
                                       SAID_CLEARANCE_POINTS};
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        const char *text = item_text(i, fields[k]);
        const size_t n = strlen(w->flights);
        if (text && *text) {
            snprintf(w->flights + n, sizeof w->flights - n, "%s%s", n ? " " : "", text);
        }
    }
}

static void list_one(struct watch_clearances *c, const struct operation *o, int64_t now_ms,
                     watch_clearance_fn *out, void *out_ctx)
{
    size_t items;
    const struct item *i = operation_all(o, ITEM_CLEARANCE, &items);
    const size_t ends = clearance_ends(o, now_ms, AHEAD_MS, c->end, ENDS_MAX);
    for (const struct item *last = i + items; i < last; i++) {
        struct watch_clearance w = {.overflight =
                                        item_word(i, SAID_CLEARANCE_USE) == CLEARANCE_OVERFLIGHT};
        snprintf(w.operation, sizeof w.operation, "%s", o->key);
        snprintf(w.number, sizeof w.number, "%s", i->key);
        snprintf(w.country, sizeof w.country, "%.2s", item_text(i, SAID_CLEARANCE_COUNTRY));
        add_flights(&w, i);
        for (size_t k = 0; k < ends; k++) {
            if (c->end[k].c == i) {
                w.runs = true;
                w.is_last = c->end[k].is_last;
                w.from_ms = c->end[k].from_ms;
                w.to_ms = c->end[k].to_ms;
            }
        }
        out(out_ctx, &w);
    }
}

bool watch_clearances_list(void *ctx, int64_t now_ms, watch_clearance_fn *out, void *out_ctx)
{
    struct watch_clearances *c = ctx;
    if (!read_again(c)) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        list_one(c, &c->operation[i], now_ms, out, out_ctx);
    }
    return true;
}

bool watch_clearances_operation(void *ctx, const char *name, char *known, size_t size)
{
    struct watch_clearances *c = ctx;
    bool found = !read_again(c);
    snprintf(known, size, "%s", c->n ? "" : "none: masar operation new makes one");
    for (size_t i = 0; i < c->n; i++) {
        const size_t n = strlen(known);
        found |= strcmp(c->operation[i].key, name) == 0;
        snprintf(known + n, size - n, "%s%s", i ? ", " : "", c->operation[i].key);
    }
    return found;
}

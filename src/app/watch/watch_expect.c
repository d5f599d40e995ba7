/* masar watch expect: flights that are expected. */
#include "app/command.h"
#include "app/load.h"
#include "app/options.h"
#include "app/watch/watch_command.h"
#include "app/watch/watch_world.h"
#include "base/instant.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(void *ctx, const struct watch_expected *e)
{
    const struct watch_line *l = ctx;
    char off[32], on[32], hex[8] = "";
    instant_format(e->off_ms * 1000, 0, off);
    instant_format(e->on_ms * 1000, 0, on);
    if (e->address != ADDRESS_NONE) {
        snprintf(hex, sizeof hex, "%06x", (unsigned)e->address);
    }
    if (!l->json) {
        printf("%lld  %-8s %-6s %-4s %s  %-4s %s\n", (long long)e->id, e->callsign, hex, e->origin,
               off, e->destination, on);
        return;
    }
    json_t *row =
        json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "id", (json_int_t)e->id, "callsign", e->callsign,
                  "hex", hex, "from", e->origin, "to", e->destination, "off", off, "on", on);
    json_dumpf(row, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(row);
}

static bool keep(void *ctx, const struct watch_expected *e)
{
    struct watch_expected new = *e;
    new.id = 0;
    return book_expected_put(ctx, &new) == ERR_OK;
}

/* All of a file or nothing. */
static int keep_text(const struct watch_line *l, struct book *b, char *text, size_t n)
{
    char why[512] = "the book cannot be written";
    struct watch_world *w = watch_world_open(l->data, NULL, why, sizeof why);
    bool good = w && book_begin(b) == ERR_OK;
    good =
        good && watch_expected_read(text, n, watch_world_airports(w), 1, keep, b, why, sizeof why);
    good = good && book_commit(b) == ERR_OK;
    if (!good) {
        book_undo(b);
    }
    watch_world_close(w);
    return good ? EXIT_DONE : watch_usage("%s", why);
}

static int keep_file(const struct watch_line *l, struct book *b)
{
    char why[256] = "";
    struct buf text = {0};
    if (load_file(l->argument[0], &text, why, sizeof why)) {
        return watch_complain("'%s': %s", l->argument[0], why);
    }
    const int status = keep_text(l, b, (char *)text.p, text.n);
    buf_free(&text);
    return status;
}

/* CALLSIGN FROM TO OFF ON, as a file of one row; FROM may be -. */
static int keep_one(const struct watch_line *l, struct book *b)
{
    char text[512];
    const char *const *a = l->argument;
    for (int i = 0; i < 5; i++) {
        if (strpbrk(a[i], ",\"\n") || strlen(a[i]) > 40) {
            return watch_usage("'%s' cannot be read", a[i]);
        }
    }
    snprintf(text, sizeof text, "callsign,from,to,off,on\n%s,%s,%s,%s,%s\n", a[0],
             strcmp(a[1], "-") == 0 ? "" : a[1], a[2], a[3], a[4]);
    return keep_text(l, b, text, strlen(text));
}

static int change_one(const struct watch_line *l, struct book *b)
{
    const int64_t id = strtoll(l->argument[0], NULL, 10);
    const bool removes = strcmp(l->argument[1], "-") == 0;
    const enum err e =
        removes ? book_expected_remove(b, id)
                : book_expected_heard(
                      b, id, l->since_ms == KEPT_NO_TIME ? app_clock_us() / 1000 : l->since_ms);
    return e ? watch_complain("no flight '%s' is expected", l->argument[0]) : EXIT_DONE;
}

int watch_expected_flights(const struct watch_line *l)
{
    struct book *b = watch_book(l, l->arguments > 0);
    int status;
    if (!b) {
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    if (l->arguments == 0) {
        status = book_expected(b, show, (void *)l)
                     ? watch_complain("the book of watches cannot be read")
                     : EXIT_DONE;
    } else if (l->arguments == 1) {
        status = keep_file(l, b);
    } else if (l->arguments == 5) {
        status = keep_one(l, b);
    } else if (l->arguments == 2 &&
               (strcmp(l->argument[1], "heard") == 0 || strcmp(l->argument[1], "-") == 0)) {
        status = change_one(l, b);
    } else {
        status = watch_usage("expect alone lists them; FILE.csv or CALLSIGN FROM TO OFF ON adds; "
                             "NUMBER heard [--since T] notes a report; NUMBER - removes");
    }
    book_close(b);
    return status;
}

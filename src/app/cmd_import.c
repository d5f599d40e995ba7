/* masar import: archives of other programs become this store's past. The same archive twice changes
   nothing; an import that was interrupted goes on where it stopped: a file is marked as in, in the
   transaction that brings its points. */
#include "app/command.h"
#include "app/options.h"
#include "import/import.h"
#include "store/store.h"
#include "wire/text.h"

#include <argp.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_STORE = 256,
    KEY_ADDRESS,
    PATHS_MAX = 1024,
    KEY_MAX = 1001,
    POINTS_MAX = 1 << 22, /* a larger file is put in pieces */
};

/* Points between two commits at most, and microseconds. */
#define COMMIT_POINTS UINT64_C(4000000)
#define COMMIT_US     INT64_C(2000000)
#define SAY_US        INT64_C(10000000) /* between two lines of progress; a bar's step is a second */
#define FUTURE_MS     INT64_C(3600000)  /* what clocks of receivers may be ahead */

struct import {
    const char *path[PATHS_MAX], *dir;
    unsigned paths;
    struct import_options options;
    struct store *store;
    struct kept *point; /* of the file in hand */
    size_t n, max;
    bool ascends; /* one aircraft's, in the order of time */
    char key[KEY_MAX];
    int64_t latest_ms;
    uint64_t files, known, failed, points, added, uncommitted, future, odd_points, odd_values;
    uint64_t bytes, bytes_all;
    int64_t started_us, said_us, committed_us;
    bool is_terminal, is_stopped;
    enum err err; /* the store's */
    uv_loop_t loop;
};

/* ---- progress ---- */

static double seconds_since(int64_t us)
{
    return (double)(app_clock_us() - us) * 1e-6;
}

static void say_progress(struct import *i, bool is_last)
{
    const int64_t now_us = app_clock_us();
    if (!is_last && now_us - i->said_us < (i->is_terminal ? SAY_US / 10 : SAY_US)) {
        return;
    }
    i->said_us = now_us;
    const double s = seconds_since(i->started_us), done = (double)i->bytes;
    const double share = i->bytes_all ? done / (double)i->bytes_all : 0;
    fprintf(stderr, "%simport: %" PRIu64 " files, %" PRIu64 " positions, %.0f a second",
            i->is_terminal ? "\r" : "", i->files, i->points, s > 0 ? (double)i->points / s : 0);
    if (!is_last && share > 0.001 && share < 1) {
        fprintf(stderr, ", %.0f %%, %.0f s left", 100 * share, s / share - s);
    }
    fputs(i->is_terminal && !is_last ? "   " : "\n", stderr);
}

/* ---- points into the store ---- */

static int64_t order_of(const struct kept *a, const struct kept *b)
{
    return a->address != b->address ? (int64_t)a->address - b->address : a->t_ms - b->t_ms;
}

static int compare(const void *p, const void *q)
{
    const int64_t order = order_of(p, q);
    return order < 0 ? -1 : order > 0;
}

static bool is_same(const struct kept *a, const struct kept *b)
{
    return order_of(a, b) == 0 && a->lat_e7 == b->lat_e7 && a->lon_e7 == b->lon_e7;
}

static void put_points(struct import *i)
{
    size_t n = 0;
    if (!i->ascends) {
        qsort(i->point, i->n, sizeof *i->point, compare);
    }
    for (size_t k = 0; k < i->n; k++) { /* one said twice is one */
        if (n == 0 || !is_same(&i->point[k], &i->point[n - 1])) {
            i->point[n++] = i->point[k];
        }
    }
    for (size_t from = 0, to; from < n && !i->err; from = to) {
        size_t added;
        for (to = from + 1; to < n && i->point[to].address == i->point[from].address;) {
            to++;
        }
        i->err = store_put(i->store, i->point + from, to - from, &added);
        i->added += added;
    }
    i->points += i->n;
    i->uncommitted += i->n;
    i->n = 0;
    i->ascends = true;
}

static void commit(struct import *i)
{
    i->err = i->err ? i->err : store_commit(i->store);
    i->uncommitted = 0;
    i->committed_us = app_clock_us();
}

/* ---- what the archives bring ---- */

static bool has_room(struct import *i)
{
    if (i->n < i->max) {
        return true;
    }
    if (i->max == POINTS_MAX) {
        put_points(i);
        return true;
    }
    const size_t max = i->max ? 2 * i->max : 8192;
    struct kept *more = realloc(i->point, max * sizeof *more);
    if (!more) {
        i->err = i->err ? i->err : ERR_MEMORY;
        return false;
    }
    i->point = more;
    i->max = max;
    return true;
}

static void on_point(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct import *i = ctx;
    (void)more;
    if (k->t_ms > i->latest_ms) {
        i->future++;
        return;
    }
    if (i->err || !has_room(i)) {
        return;
    }
    if (i->n > 0 && order_of(&i->point[i->n - 1], k) > 0) {
        i->ascends = false;
    }
    i->point[i->n++] = *k;
}

/* The end of a long name says more than its beginning. */
static bool on_begin(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s)
{
    struct import *i = ctx;
    enum { NAME_PART = 900 };
    const size_t n = strlen(name);
    snprintf(i->key, sizeof i->key, "%s|%" PRIu64 "|%" PRId64,
             n > NAME_PART ? name + n - NAME_PART : name, bytes, mtime_s);
    i->bytes += bytes;
    i->n = 0;
    i->ascends = true;
    const bool is_in = store_marked(i->store, i->key);
    i->known += is_in;
    return !is_in;
}

static void on_odd(void *ctx, uint64_t points, uint64_t values)
{
    struct import *i = ctx;
    i->odd_points = points;
    i->odd_values = values;
}

static bool on_end(void *ctx, const char *name, enum err e, const char *why)
{
    struct import *i = ctx;
    put_points(i);
    if (e) {
        i->failed++;
        fprintf(stderr, "%smasar import: %s: %s\n", i->is_terminal ? "\n" : "", name, why);
    } else {
        i->files++;
        i->err = i->err ? i->err : store_mark(i->store, i->key);
    }
    if (!i->err &&
        (i->uncommitted > COMMIT_POINTS || app_clock_us() - i->committed_us > COMMIT_US)) {
        commit(i);
    }
    say_progress(i, false);
    uv_run(&i->loop, UV_RUN_NOWAIT);
    return !i->err && !i->is_stopped;
}

static const struct import_calls calls = {on_point, on_begin, on_end, on_odd};

/* ---- the command ---- */

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "the store; made where there is none", 0},
    {"address", KEY_ADDRESS, "HEX", 0, "whose the positions of a CSV without addresses are", 0},
    {0},
};

static void take_address(struct import *i, const char *arg, struct argp_state *state)
{
    if (!text_address((struct text){arg, strlen(arg)}, &i->options.address)) {
        argp_error(state, "--address %s is not an address of six hexadecimal digits", arg);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct import *i = state->input;
    switch (key) {
    case KEY_STORE:
        i->dir = arg;
        return 0;
    case KEY_ADDRESS:
        take_address(i, arg, state);
        return 0;
    case ARGP_KEY_ARG:
        if (i->paths == PATHS_MAX) {
            argp_error(state, "more than %d paths: name their folder", PATHS_MAX);
        }
        i->path[i->paths++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (i->paths == 0 || !i->dir) {
            argp_error(state, "%s is missing", i->dir ? "PATH" : "--store DIR");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* All bytes of files there are to read, for the time left. */
static uint64_t bytes_in(const char *path)
{
    char *const paths[] = {(char *)path, NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    uint64_t bytes = 0;
    for (FTSENT *f; walk && (f = fts_read(walk));) {
        bytes += f->fts_info == FTS_F ? (uint64_t)f->fts_statp->st_size : 0;
    }
    if (walk) {
        fts_close(walk);
    }
    return bytes;
}

static void stop(void *ctx)
{
    struct import *i = ctx;
    i->is_stopped = true;
}

static void read_all(struct import *i)
{
    for (unsigned k = 0; k < i->paths; k++) {
        i->bytes_all += bytes_in(i->path[k]);
    }
    i->started_us = i->said_us = i->committed_us = app_clock_us();
    i->latest_ms = i->started_us / 1000 + FUTURE_MS;
    for (unsigned k = 0; k < i->paths && !i->err && !i->is_stopped; k++) {
        import_path(i->path[k], &i->options, &calls, i);
    }
    if (!i->err) {
        commit(i);
    }
    say_progress(i, true);
}

static int say_result(const struct import *i)
{
    printf("files %" PRIu64 "\nfiles_known %" PRIu64 "\nfiles_failed %" PRIu64
           "\npositions %" PRIu64 "\npositions_new %" PRIu64 "\npositions_bad %" PRIu64
           "\npositions_future %" PRIu64 "\nvalues_bad %" PRIu64 "\n",
           i->files, i->known, i->failed, i->points, i->added, i->odd_points, i->future,
           i->odd_values);
    if (i->err) {
        fprintf(stderr, "masar import: the store %s takes no more (%s); what was committed is in\n",
                i->dir, err_text(i->err));
    } else if (i->is_stopped) {
        fputs("masar import: interrupted; the same command goes on from here\n", stderr);
    }
    return i->err || i->failed || i->is_stopped ? EXIT_COULD_NOT : EXIT_DONE;
}

static int run(struct import *i)
{
    char why[256];
    struct app_signals signals;
    const struct store_options o = {.mode = STORE_WRITE};
    if (store_open(i->dir, &o, &i->store, why, sizeof why)) {
        fprintf(stderr, "masar import: %s\n", why);
        return EXIT_COULD_NOT;
    }
    uv_loop_init(&i->loop);
    app_signals_start(&signals, &i->loop, stop, i);
    i->is_terminal = isatty(STDERR_FILENO);
    read_all(i);
    app_signals_close(&signals);
    uv_run(&i->loop, UV_RUN_DEFAULT);
    uv_loop_close(&i->loop);
    store_close(i->store);
    free(i->point);
    return say_result(i);
}

int cmd_import(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "PATH...",
        .doc = "Brings archives of other programs into a store: readsb's traces and heatmaps, tars "
               "and folders of them (plain, gzip, zstd), positions in CSV.",
    };
    struct import i = {.options.address = ADDRESS_NONE};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &i);
    return run(&i);
}

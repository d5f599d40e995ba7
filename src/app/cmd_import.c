/* masar import: archives of other programs become this store's past. The same archive twice changes
   nothing; an import that was interrupted goes on where it stopped: a file is marked as in, in the
   transaction that brings its points. */
#include "app/command.h"
#include "app/history.h"
#include "app/import_receivers.h"
#include "app/keep.h"
#include "app/ledger/ledger_update.h"
#include "app/options.h"
#include "base/instant.h"
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
    KEY_AS,
    KEY_START,
    KEY_ZONE,
    KEY_THREADS,
    KEY_THIN,
    KEY_DATA,
    KEY_ROUTES,
    KEY_NO_LEDGER,
    PATHS_MAX = 1024,
    KEY_MAX = 1001
};

/* Points between two commits at most, and microseconds. */
#define COMMIT_POINTS UINT64_C(4000000)
#define COMMIT_US     INT64_C(2000000)
#define SAY_US        INT64_C(10000000) /* between two lines of progress */
#define BAR_US        INT64_C(500000)   /* between two pictures of the bar */
#define FUTURE_MS     INT64_C(3600000)  /* what clocks of receivers may be ahead */

/* What became of the files of one format. */
struct tally {
    uint64_t files, added;
    struct import_sums sums;
};

struct import {
    const char *path[PATHS_MAX], *dir;
    unsigned paths;
    struct import_options options;
    struct store *store; /* the writer */
    struct import_receivers *receivers;
    struct store *reader; /* to ask what is in; the reading thread's */
    struct tally tally[IMPORT_FORMATS + 1];
    uint64_t files, known, other, failed, points, added;
    uint64_t file_added;  /* of the file in hand */
    uint64_t uncommitted; /* points */
    uint64_t bytes_all;
    int64_t since_ms; /* of the oldest point that is new */
    struct ledger_sources sources;
    bool no_ledger;
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

static void say_bar(double share)
{
    enum { WIDTH = 24 };
    char bar[WIDTH + 1];
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)(share * WIDTH));
    bar[WIDTH] = 0;
    fprintf(stderr, "\r[%s] ", bar);
}

static void say_progress(struct import *i, uint64_t bytes, bool is_last)
{
    const int64_t now_us = app_clock_us();
    if (!is_last && now_us - i->said_us < (i->is_terminal ? BAR_US : SAY_US)) {
        return;
    }
    i->said_us = now_us;
    const double s = seconds_since(i->started_us), done = (double)bytes;
    const double all = i->bytes_all ? done / (double)i->bytes_all : 0;
    const double share = is_last ? 1 : all < 1 ? all : 1;
    if (i->is_terminal) {
        say_bar(share);
    } else {
        fputs("import: ", stderr);
    }
    fprintf(stderr, "%" PRIu64 " files, %" PRIu64 " positions, %.0f a second", i->files, i->points,
            s > 0 ? (double)i->points / s : 0);
    if (!is_last && share > 0.001 && share < 1) {
        fprintf(stderr, ", %.0f %%, %.0f s left", 100 * share, s / share - s);
    }
    fputs(i->is_terminal && !is_last ? "   " : "\n", stderr);
}

/* ---- what the archives bring ---- */

/* The end of a long name says more than its beginning. */
static void make_key(char key[KEY_MAX], const char *name, uint64_t bytes, int64_t mtime_s)
{
    enum { NAME_PART = 900 };
    const size_t n = strlen(name);
    snprintf(key, KEY_MAX, "%s|%" PRIu64 "|%" PRId64, n > NAME_PART ? name + n - NAME_PART : name,
             bytes, mtime_s);
}

static bool is_known(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s)
{
    const struct import *i = ctx;
    char key[KEY_MAX];
    make_key(key, name, bytes, mtime_s);
    return store_marked(i->reader, key);
}

static uint16_t receiver(void *ctx, const char *name)
{
    const struct import *i = ctx;
    return import_receivers_number(i->receivers, name);
}

/* Points on their way from the thread that read them to the store's: chunks already. */
struct batch {
    size_t n;
    int64_t first_ms;
    struct store_run *run;
};

static void drop(void *ctx, void *parcel)
{
    struct batch *b = parcel;
    (void)ctx;
    store_run_free(b->run);
    free(b);
}

static void *pack(void *ctx, const struct kept *p, size_t n)
{
    struct batch *b = calloc(1, sizeof *b);
    enum err e = b && (b->run = store_run_new(0)) ? ERR_OK : ERR_MEMORY;
    (void)ctx;
    for (size_t from = 0, to; from < n && !e; from = to) {
        for (to = from + 1; to < n && p[to].address == p[from].address;) {
            to++;
        }
        e = store_run_add(b->run, p + from, to - from);
    }
    if (e) {
        if (b) {
            drop(ctx, b);
        }
        return NULL;
    }
    b->n = n;
    b->first_ms = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        b->first_ms = p[i].t_ms < b->first_ms ? p[i].t_ms : b->first_ms;
    }
    return b;
}

static enum err put(void *ctx, void *parcel)
{
    struct import *i = ctx;
    struct batch *b = parcel;
    size_t added = 0;
    i->err = i->err ? i->err : import_receivers_tell(i->receivers, i->store);
    i->err = i->err ? i->err : store_put_run(i->store, b->run, &added);
    i->file_added += added;
    if (added > 0 && b->first_ms < i->since_ms) {
        i->since_ms = b->first_ms;
    }
    i->points += b->n;
    i->uncommitted += b->n;
    drop(ctx, b);
    return i->err;
}

static void commit(struct import *i)
{
    i->err = i->err ? i->err : store_commit(i->store);
    i->uncommitted = 0;
    i->committed_us = app_clock_us();
}

static void add_sums(struct import *i, const struct import_result *r)
{
    struct tally *t = &i->tally[r->format];
    t->files++;
    t->added += i->file_added;
    t->sums.points += r->sums.points;
    t->sums.repeated += r->sums.repeated;
    t->sums.future += r->sums.future;
    t->sums.bad_points += r->sums.bad_points;
    t->sums.bad_values += r->sums.bad_values;
    i->added += i->file_added;
    i->file_added = 0;
}

static void note(struct import *i, const struct import_result *r)
{
    char key[KEY_MAX];
    switch (r->fate) {
    case IMPORT_IN:
        i->files++;
        make_key(key, r->name, r->bytes, r->mtime_s);
        i->err = i->err ? i->err : store_mark(i->store, key);
        break;
    case IMPORT_KNOWN:
        i->known++;
        return;
    case IMPORT_OTHER:
        i->other++;
        return;
    case IMPORT_FAILED:
        i->failed++;
        fprintf(stderr, "%smasar import: %s: %s\n", i->is_terminal ? "\n" : "", r->name, r->why);
        break;
    }
    add_sums(i, r);
}

static bool end(void *ctx, const struct import_result *r)
{
    struct import *i = ctx;
    note(i, r);
    if (!i->err &&
        (i->uncommitted > COMMIT_POINTS || app_clock_us() - i->committed_us > COMMIT_US)) {
        commit(i);
    }
    return !i->err && !i->is_stopped;
}

static bool tick(void *ctx, uint64_t bytes)
{
    struct import *i = ctx;
    say_progress(i, bytes, false);
    uv_run(&i->loop, UV_RUN_NOWAIT);
    return !i->is_stopped;
}

static const struct import_calls calls = {.is_known = is_known,
                                          .receiver = receiver,
                                          .pack = pack,
                                          .put = put,
                                          .drop = drop,
                                          .end = end,
                                          .tick = tick};

/* ---- the command ---- */

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "the store; made where there is none", 0},
    {"address", KEY_ADDRESS, "HEX", 0, "whose the positions of a CSV without addresses are", 0},
    {"as", KEY_AS, "FORMAT", 0, "what every file is; else its first bytes say so", 0},
    {"start", KEY_START, "T", 0, "when recordings begin that tell only how long after that", 0},
    {"zone", KEY_ZONE, "+HH:MM", 0, "what BaseStation's logs and flights have their times in", 0},
    {"threads", KEY_THREADS, "N", 0,
     "that take files apart, 1 to 16; default: one a core, at most 8", 0},
    {"thin", KEY_THIN, "M,FT", 0,
     "of recordings leave out what masar serve would: positions within meters and feet of the line "
     "between the kept ones (default 10,25); off: keep all. Archives are never thinned",
     0},
    {"no-ledger", KEY_NO_LEDGER, NULL, 0,
     "leave the ledger of movements as it is; masar ledger rebuild makes it", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data for the ledger (default: as masar data)", 0},
    {"routes", KEY_ROUTES, "FILE", 0,
     "routes flown, for the ledger: operator,origin,destination,weight (default: routes.csv of the "
     "reference data, if any)",
     0},
    {0},
};

static void take_thin(struct import *i, const char *arg, struct argp_state *state)
{
    if (!app_parse_thin(arg, &i->options.thin_m, &i->options.thin_ft)) {
        argp_error(state, "--thin %s: write METERS,FEET, for example 10,25, or off", arg);
    }
}

static void take_address(struct import *i, const char *arg, struct argp_state *state)
{
    if (!text_address((struct text){arg, strlen(arg)}, &i->options.address)) {
        argp_error(state, "--address %s is not an address of six hexadecimal digits", arg);
    }
}

static void take_format(struct import *i, const char *arg, struct argp_state *state)
{
    char known[256] = "";
    for (unsigned f = 0; f < IMPORT_FORMATS; f++) {
        const size_t n = strlen(known);
        if (strcmp(import_format_row[f].name, arg) == 0) {
            i->options.as = (enum import_format)f;
            return;
        }
        snprintf(known + n, sizeof known - n, "%s%s", f ? ", " : "", import_format_row[f].name);
    }
    argp_error(state, "--as %s is none of %s", arg, known);
}

static void take_start(struct import *i, const char *arg, struct argp_state *state)
{
    int64_t us;
    if (instant_parse(arg, &us)) {
        argp_error(state, "--start %s is not a time: write 2024-06-07T08:30:00Z", arg);
    }
    i->options.start_ms = us / 1000;
}

static void take_zone(struct import *i, const char *arg, struct argp_state *state)
{
    unsigned hours, minutes;
    char sign, rest;
    if (sscanf(arg, "%c%2u:%2u%c", &sign, &hours, &minutes, &rest) != 3 ||
        (sign != '+' && sign != '-') || hours > 14 || minutes > 59) {
        argp_error(state, "--zone %s is not an offset from UTC: write +01:00", arg);
    }
    const int32_t east_min = (int32_t)(60 * hours + minutes);
    i->options.zone_min = sign == '-' ? -east_min : east_min;
}

static void take_threads(struct import *i, const char *arg, struct argp_state *state)
{
    char *rest;
    const long n = strtol(arg, &rest, 10);
    if (*rest || n < 1 || n > IMPORT_THREADS_MAX) {
        argp_error(state, "--threads %s is not a number from 1 to %d", arg, IMPORT_THREADS_MAX);
    }
    i->options.threads = (unsigned)n;
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
    case KEY_AS:
        take_format(i, arg, state);
        return 0;
    case KEY_START:
        take_start(i, arg, state);
        return 0;
    case KEY_ZONE:
        take_zone(i, arg, state);
        return 0;
    case KEY_THREADS:
        take_threads(i, arg, state);
        return 0;
    case KEY_THIN:
        take_thin(i, arg, state);
        return 0;
    case KEY_DATA:
        i->sources.data = arg;
        return 0;
    case KEY_ROUTES:
        i->sources.routes = arg;
        return 0;
    case KEY_NO_LEDGER:
        i->no_ledger = true;
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

static unsigned cores(void)
{
    enum { MOST = 8 };
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST ? MOST : (unsigned)n;
}

static void read_all(struct import *i)
{
    for (unsigned k = 0; k < i->paths; k++) {
        i->bytes_all += bytes_in(i->path[k]);
    }
    i->started_us = i->said_us = i->committed_us = app_clock_us();
    i->options.latest_ms = i->started_us / 1000 + FUTURE_MS;
    i->options.threads = i->options.threads ? i->options.threads : cores();
    const enum err e = import_run(i->path, i->paths, &i->options, &calls, i);
    if (e == ERR_MEMORY && !i->err) {
        i->err = e;
    }
    if (!i->err) {
        commit(i);
    }
    say_progress(i, i->bytes_all, true);
}

static void say_tally(const struct import *i)
{
    for (unsigned f = 0; f < IMPORT_FORMATS; f++) {
        const struct tally *t = &i->tally[f];
        if (t->files > 0) {
            printf("%s_files %" PRIu64 "\n%s_positions %" PRIu64 "\n%s_positions_new %" PRIu64 "\n",
                   import_format_row[f].name, t->files, import_format_row[f].name, t->sums.points,
                   import_format_row[f].name, t->added);
        }
    }
}

static int say_result(const struct import *i)
{
    struct import_sums s = {0};
    for (unsigned f = 0; f <= IMPORT_FORMATS; f++) {
        s.points += i->tally[f].sums.points;
        s.repeated += i->tally[f].sums.repeated;
        s.future += i->tally[f].sums.future;
        s.bad_points += i->tally[f].sums.bad_points;
        s.bad_values += i->tally[f].sums.bad_values;
    }
    printf("files %" PRIu64 "\nfiles_known %" PRIu64 "\nfiles_other %" PRIu64
           "\nfiles_failed %" PRIu64 "\npositions %" PRIu64 "\npositions_new %" PRIu64
           "\npositions_known %" PRIu64 "\npositions_repeated %" PRIu64 "\npositions_bad %" PRIu64
           "\npositions_future %" PRIu64 "\nvalues_bad %" PRIu64 "\n",
           i->files, i->known, i->other, i->failed, s.points, i->added, s.points - i->added,
           s.repeated, s.bad_points, s.future, s.bad_values);
    say_tally(i);
    if (i->err) {
        fprintf(stderr, "masar import: the store %s takes no more (%s); what was committed is in\n",
                i->dir, err_text(i->err));
    } else if (i->is_stopped) {
        fputs("masar import: interrupted; the same command goes on from here\n", stderr);
    }
    return i->err || i->failed || i->is_stopped ? EXIT_COULD_NOT : EXIT_DONE;
}

static bool open_stores(struct import *i)
{
    char why[256];
    const struct store_options write = {.mode = STORE_WRITE}, read = {.mode = STORE_READ};
    if (store_open(i->dir, &write, &i->store, why, sizeof why) ||
        store_open(i->dir, &read, &i->reader, why, sizeof why)) {
        fprintf(stderr, "masar import: %s\n", why);
        return false;
    }
    i->receivers = import_receivers_new(i->reader);
    if (!i->receivers) {
        fprintf(stderr, "masar import: the receivers of %s cannot be read\n", i->dir);
    }
    return i->receivers;
}

/* What came is in the ledger too. Without airports there is none, and the import was none the
   less. */
static void bring_up_ledger(struct import *i)
{
    char why[512] = "";
    const struct ledger_update u = {.dir = i->dir,
                                    .writer = i->store,
                                    .sources = i->sources,
                                    .since_ms = i->since_ms,
                                    .progress = true};
    if (i->no_ledger || i->err || i->is_stopped || i->added == 0) {
        return;
    }
    fflush(stdout);
    if (ledger_update(&u, why, sizeof why)) {
        fprintf(stderr,
                "masar import: the positions are in, the ledger of movements is as it was: %s\n",
                why);
    }
}

static int run(struct import *i)
{
    struct app_signals signals;
    int status = EXIT_COULD_NOT;
    if (open_stores(i)) {
        uv_loop_init(&i->loop);
        app_signals_start(&signals, &i->loop, stop, i);
        i->is_terminal = isatty(STDERR_FILENO);
        read_all(i);
        app_signals_close(&signals);
        uv_run(&i->loop, UV_RUN_DEFAULT);
        uv_loop_close(&i->loop);
        status = say_result(i);
        if (import_receivers_unnumbered(i->receivers) > 0) {
            fputs(
                "masar import: there are more receivers than can be told apart (4,096): who heard "
                "some positions is not kept\n",
                stderr);
        }
        bring_up_ledger(i);
    }
    import_receivers_free(i->receivers);
    store_close(i->reader);
    store_close(i->store);
    return status;
}

int cmd_import(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "PATH...",
        .doc = "Brings archives of other programs into a store: readsb's traces, heatmaps and "
               "aircraft.json, recordings in Beast, AVR, BaseStation and JSON lines, flights of "
               "BaseStation.sqb, positions in CSV; plain, gzip or zstd, and tars, zips and folders "
               "of them. What a file is its first bytes say. Standard output has a line "
               "`name value` for each count.",
    };
    struct import i = {
        .options = {.as = IMPORT_FORMATS, .address = ADDRESS_NONE, .thin_m = 10, .thin_ft = 25},
        .since_ms = INT64_MAX};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &i);
    return run(&i);
}

/* masar serve: the daemon. Reads inputs, tracks, serves the page, the API and the outputs. */
#include "app/command.h"
#include "app/config.h"
#include "app/history.h"
#include "app/ledger/ledger_asked.h"
#include "app/operation/operation_asked.h"
#include "app/options.h"
#include "app/pipeline.h"
#include "app/reference/naming.h"
#include "app/watch/watch_asked.h"
#include "app/watch/watching.h"
#include "serve/serve.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    KEY_CONFIG = 256,
    KEY_HTTP,
    KEY_PUBLIC,
    KEY_AT,
    KEY_WEB,
    KEY_TOKEN_FILE,
    KEY_REPAIR,
    KEY_AIRCRAFT_MAX,
    KEY_DATA,
    KEY_STORE,
    KEY_THIN,
    KEY_KEEP_DAYS,
    KEY_KEEP_GB,
    KEY_ROUTES,
    HAND_OVER_MS = 100,
    SOON_MS = 10 /* after the first position that waits: what watches have to tell comes so late */
};

struct daemon {
    struct config config;
    uv_loop_t loop;
    struct pipeline *pipeline;
    struct serve *serve, *public;       /* public: NULL: there is none */
    struct watch_asked *watches;        /* NULL: the same */
    struct operation_asked *operations; /* NULL: there is no history */
    struct naming naming;
    struct ledger_world *world; /* for questions to the ledger; NULL: no airports */
    char world_why[CONFIG_WHY_MAX];
    struct history *history;   /* NULL: none is kept */
    struct watching *watching; /* NULL: nobody watches */
    uv_timer_t hand_over, soon;
    struct app_signals signals;
};

static const struct argp_option options[] = {
    {"in", 'i', "SPEC", 0,
     "an input, may stand often: beast:connect=HOST:30005, beast:listen=:30004, sim:scenario=DIR …",
     0},
    {"out", 'o', "SPEC", 0,
     "an output, may stand often: beast:listen=:30005, sbs:listen=:30003, jsonl:file=- …", 0},
    {"http", KEY_HTTP, "HOST:PORT", 0,
     "where the page and the API are served (default 127.0.0.1:8080)", 0},
    {"public", KEY_PUBLIC, "HOST:PORT", 0,
     "a second listener, read-only: the page and what is published of operations, no more", 0},
    {"at", KEY_AT, "LAT,LON[,M]", 0, "place of the receiver, degrees and meters", 0},
    {"web", KEY_WEB, "DIR", 0, "folder of the page's files", 0},
    {"data", KEY_DATA, "DIR", 0,
     "folder of reference data: airports, aircraft, types (docs/IDENTITY.md)", 0},
    {"store", KEY_STORE, "DIR", 0,
     "folder where history is kept, which the page can go back to; made where there is none", 0},
    {"routes", KEY_ROUTES, "FILE", 0,
     "routes flown, as operator,origin,destination,weight (.csv or .csv.gz), for where civil "
     "flights are bound (default: routes.csv of the data folder, if any)",
     0},
    {"config", KEY_CONFIG, "FILE", 0,
     "INI file with the same settings, one a line; options on the line win", 0},
    {"token-file", KEY_TOKEN_FILE, "FILE", 0,
     "the token that writing over HTTP needs; made if it is not there", 0},
    {"repair", KEY_REPAIR, "BITS", 0, "bits to repair by the parity: 0, 1 (default) or 2", 0},
    {"aircraft-max", KEY_AIRCRAFT_MAX, "N", 0, "most aircraft at once (default 100000)", 0},
    {"thin", KEY_THIN, "M,FT", 0,
     "leave out positions within meters and feet of the line between the kept ones (default "
     "10,25); "
     "off: keep all",
     0},
    {"keep-days", KEY_KEEP_DAYS, "N", 0, "history older than this goes (default: none)", 0},
    {"keep-gb", KEY_KEEP_GB, "N", 0, "the oldest history goes while there is more (default: none)",
     0},
    {0},
};

/* The option's name is the setting's name: one table serves the command line and the file. */
static const char *option_name(int key)
{
    for (const struct argp_option *o = options; o->name; o++) {
        if (o->key == key) {
            return o->name;
        }
    }
    return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct config *c = state->input;
    char why[CONFIG_WHY_MAX];
    if (key == ARGP_KEY_ARG) {
        argp_error(state, "'%s' is not an option: inputs are written --in SPEC", arg);
    }
    const char *name = option_name(key);
    if (!name) {
        return ARGP_ERR_UNKNOWN;
    }
    const enum err e = key == KEY_CONFIG
                           ? config_read(c, arg, why, sizeof why)
                           : config_set(c, name, arg, CONFIG_FROM_LINE, why, sizeof why);
    if (e) {
        argp_failure(state, e == ERR_SYSTEM ? EXIT_COULD_NOT : EXIT_USAGE, 0, "%s", why);
    }
    return 0;
}

static void stop(void *ctx)
{
    struct daemon *d = ctx;
    uv_stop(&d->loop);
}

static int64_t now_us(void *ctx)
{
    return pipeline_now_us(((struct daemon *)ctx)->pipeline);
}

static const char *sources(void *ctx)
{
    return pipeline_sources_json(((struct daemon *)ctx)->pipeline);
}

static bool report(void *ctx, struct message *m, const char *who)
{
    return pipeline_report(((struct daemon *)ctx)->pipeline, m, who);
}

static bool name(void *ctx, const struct track *a, struct aircraft_name *out)
{
    return naming_name(&((struct daemon *)ctx)->naming, track_address(a), track_flight(a), out);
}

static void identity(void *ctx, uint32_t address, const char *flight, struct buf *out)
{
    naming_json(&((struct daemon *)ctx)->naming, address, flight, out);
}

static void who(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                struct picture_who *out)
{
    naming_who(&((struct daemon *)ctx)->naming, address, flight, t_ms, out);
}

static unsigned who_edition(void *ctx)
{
    return atomic_load(&((struct daemon *)ctx)->naming.edition);
}

static void types(void *ctx, struct buf *out)
{
    naming_types(&((struct daemon *)ctx)->naming, out);
}

static void operators(void *ctx, const char *codes, struct buf *out)
{
    naming_operators(&((struct daemon *)ctx)->naming, codes, out);
}

static void hand_to_watches(struct daemon *d)
{
    watching_hand_over(d->watching, pipeline_has_time(d->pipeline)
                                        ? pipeline_now_us(d->pipeline) / 1000
                                        : KEPT_NO_TIME);
}

static void on_soon(uv_timer_t *timer)
{
    hand_to_watches(timer->data);
}

static void take_fix(void *ctx, const struct track *a, const struct fix *f)
{
    struct daemon *d = ctx;
    const struct kept k = track_kept(a, f);
    history_take(d->history, &k);
    if (d->watching && watching_take(d->watching, &k)) {
        uv_timer_start(&d->soon, on_soon, SOON_MS, 0);
    }
}

static int ledger(void *ctx, struct store *s, const char *what, const char *args, struct buf *out,
                  char *why, size_t why_size)
{
    const struct daemon *d = ctx;
    if (!d->world) {
        snprintf(why, why_size, "%s", d->world_why);
        return 503;
    }
    return ledger_asked(d->world, s, what, args, out, why, why_size);
}

static int ledger_now(void *ctx, struct store *s, uint32_t address, struct buf *out, char *why,
                      size_t why_size)
{
    const struct daemon *d = ctx;
    if (!d->world) {
        snprintf(why, why_size, "%s", d->world_why);
        return 503;
    }
    return ledger_asked_now(d->world, s, address, out, why, why_size);
}

static void on_hand_over(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    history_hand_over(d->history);
    if (d->watching) {
        hand_to_watches(d);
    }
    if (d->operations) {
        operation_asked_tick(d->operations, pipeline_now_us(d->pipeline) / 1000);
    }
}

static bool history(void *ctx, struct serve_history *out)
{
    const struct daemon *d = ctx;
    if (!d->history) {
        return false;
    }
    const struct history_state s = history_state(d->history);
    *out = (struct serve_history){.stopped = s.stopped,
                                  .kept = s.kept,
                                  .thinned = s.thinned,
                                  .refused = s.refused,
                                  .lost = s.lost,
                                  .buffered = s.buffered,
                                  .ledger_waits = s.ledger_waits};
    memcpy(out->why, s.why, sizeof out->why);
    memcpy(out->ledger_why, s.ledger_why, sizeof out->ledger_why);
    return true;
}

/* On history's thread, which ends before the watching does. */
static void said(void *ctx, const struct claim *c)
{
    struct daemon *d = ctx;
    if (d->watching) {
        watching_claim(d->watching, c);
    }
}

/* Without, recording goes on and nobody watches. */
static void open_watching(struct daemon *d)
{
    char why[CONFIG_WHY_MAX] = "";
    const struct watching_options o = {
        .dir = d->config.store, .data = d->config.data, .clock_us = app_clock_us};
    struct watching *w = watching_open(&o, why, sizeof why);
    if (!w) {
        fprintf(stderr, "masar serve: nobody watches: %s\n", why);
    }
    d->watching = w;
}

static enum err open_history(struct daemon *d, char *why, size_t why_size)
{
    const struct config *c = &d->config;
    const struct history_options o = {
        .dir = c->store,
        .store = {.thin_m = c->thin_m, .thin_ft = c->thin_ft},
        .keep = c->keep,
        .receivers = pipeline_receivers(d->pipeline),
        .ledger = true,
        .sources = {.data = c->data, .routes = c->routes},
        .said = said,
        .said_ctx = d,
    };
    open_watching(d); /* before anybody tells it anything */
    const enum err e = history_open(&o, &d->history, why, why_size);
    if (!e) {
        uv_timer_init(&d->loop, &d->hand_over);
        uv_timer_init(&d->loop, &d->soon);
        d->hand_over.data = d->soon.data = d;
        uv_timer_start(&d->hand_over, on_hand_over, HAND_OVER_MS, HAND_OVER_MS);
    }
    return e ? ERR_SYSTEM : ERR_OK; /* whatever it is, the usage was right */
}

/* All that was taken is written; says so where it could not be. */
static void close_history(struct daemon *d)
{
    struct history_state s = {0};
    history_close(d->history, &s);
    d->history = NULL;
    if (s.stopped || s.lost > 0) {
        fprintf(stderr, "masar serve: not all positions are in history: %s\n", s.why);
    }
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The page's folder: as told, else where it is installed, else where it is built. */
static const char *find_web(const struct config *c)
{
    static const char *const places[] = {MASAR_WEB_DIR, MASAR_SOURCE_DIR "/web/dist"};
    if (c->web) {
        return c->web;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (is_folder(places[i])) {
            return places[i];
        }
    }
    return NULL;
}

static int operation(void *ctx, struct store *s, const char *path, const char *args, bool published,
                     struct buf *out, char *why, size_t why_size)
{
    const struct daemon *d = ctx;
    if (!d->operations) {
        snprintf(why, why_size, "%s", d->world_why);
        return 503;
    }
    return operation_asked(d->operations, s, path, args, published, out, why, why_size);
}

static int operation_change(void *ctx, const char *path, const void *bytes, size_t n,
                            struct buf *out, char *why, size_t why_size)
{
    struct daemon *d = ctx;
    if (!d->operations) {
        snprintf(why, why_size, "this server keeps no history: start it with --store DIR");
        return 404;
    }
    return operation_asked_change(d->operations, path, bytes, n, out, why, why_size);
}

static int watch(void *ctx, struct store *s, const char *path, const char *args, struct buf *out,
                 char *why, size_t why_size)
{
    const struct daemon *d = ctx;
    if (!d->watches) {
        snprintf(why, why_size, "%s", d->world_why);
        return 503;
    }
    return watch_asked(d->watches, s, path, args, out, why, why_size);
}

static int watch_change(void *ctx, const char *path, const void *bytes, size_t n, struct buf *out,
                        char *why, size_t why_size)
{
    struct daemon *d = ctx;
    if (!d->watches) {
        snprintf(why, why_size, "this server keeps no watches: start it with --store DIR");
        return 404;
    }
    return watch_asked_change(d->watches, path, bytes, n, out, why, why_size);
}

/* The same server again, of which only what is published is answered. */
static enum err open_public(struct daemon *d, struct serve_options o, char *why, size_t why_size)
{
    o.host = d->config.public_host;
    o.port = d->config.public_port;
    o.token_file = NULL;
    o.published_only = true;
    return d->config.public_host[0] ? serve_open(&o, &d->public, why, why_size) : ERR_OK;
}

static enum err open_serve(struct daemon *d, char *why, size_t why_size)
{
    const struct config *c = &d->config;
    if (c->token_file && !app_make_parents(c->token_file)) {
        snprintf(why, why_size,
                 "cannot make the folder of '%s' (%s): name another file with --token-file",
                 c->token_file, strerror(errno));
        return ERR_SYSTEM;
    }
    const struct serve_options o = {
        .loop = &d->loop,
        .host = c->http_host,
        .port = c->http_port,
        .web_dir = find_web(c),
        .token_file = c->token_file,
        .store_dir = c->store,
        .tracker = pipeline_tracker(d->pipeline),
        .receivers = pipeline_receivers(d->pipeline),
        .hearing = pipeline_hearing(d->pipeline),
        .counters = pipeline_counters(d->pipeline),
        .has_place = c->has_place,
        .lat_deg = c->lat_deg,
        .lon_deg = c->lon_deg,
        .alt_m = c->alt_m,
        .now_us = now_us,
        .sources = sources,
        .report = report,
        .history = history,
        .name = name,
        .identity = identity,
        .who = who,
        .who_edition = who_edition,
        .types = types,
        .operators = operators,
        .ledger = ledger,
        .ledger_now = ledger_now,
        .lands = d->world ? ledger_world_lands(d->world) : NULL,
        .operation = c->store ? operation : NULL,
        .operation_change = operation_change,
        .watch = c->store ? watch : NULL,
        .watch_change = watch_change,
        .ctx = d,
    };
    if (c->store && d->world) {
        d->operations = operation_asked_open(c->store, d->world);
        d->watches = watch_asked_open(c->store, c->data, d->world, d->watching);
    }
    const enum err e = serve_open(&o, &d->serve, why, why_size);
    return e ? e : open_public(d, o, why, why_size);
}

static enum err open_all(struct daemon *d, char *why, size_t why_size)
{
    const struct config *c = &d->config;
    const struct pipeline_options o = {
        .loop = &d->loop,
        .clock_us = app_clock_us,
        .modes = {.repair_bits = c->repair_bits},
        .track = {.aircraft_max = c->aircraft_max},
        .fix = c->store ? take_fix : NULL,
        .hearing = true,
        .ctx = d,
    };
    d->pipeline = pipeline_new(&o);
    if (!d->pipeline) {
        snprintf(why, why_size, "out of memory: try a smaller --aircraft-max");
        return ERR_MEMORY;
    }
    pipeline_set_place(d->pipeline, c->has_place, c->lat_deg, c->lon_deg, c->alt_m);
    if (!naming_open(&d->naming, &d->loop, c->data)) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (c->store) {
        const struct ledger_sources from = {.data = c->data, .routes = c->routes};
        d->world = ledger_world_open(&from, d->world_why, sizeof d->world_why);
        if (!d->world && c->routes) {
            snprintf(why, why_size, "%s", d->world_why);
            return ERR_SYSTEM;
        }
    }
    enum err e = c->store ? open_history(d, why, why_size) : ERR_OK;
    e = e ? e : open_serve(d, why, why_size);
    for (unsigned i = 0; !e && i < c->n_out; i++) {
        e = pipeline_add_sink(d->pipeline, c->out[i], why, why_size);
    }
    for (unsigned i = 0; !e && i < c->n_in; i++) {
        e = pipeline_add_source(d->pipeline, c->in[i], why, why_size);
    }
    return e;
}

static void close_all(struct daemon *d)
{
    naming_close(&d->naming);
    if (d->serve) {
        serve_close(d->serve);
    }
    if (d->public) {
        serve_close(d->public);
    }
    if (d->pipeline) {
        pipeline_close(d->pipeline);
    }
    if (d->history) {
        uv_close((uv_handle_t *)&d->hand_over, NULL);
        uv_close((uv_handle_t *)&d->soon, NULL);
        close_history(d);
    }
    watch_asked_end(d->watches);
    watching_close(d->watching);
    d->watching = NULL;
}

int cmd_serve(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Tracks what the inputs bring and serves the page, the API and the outputs.",
    };
    static struct daemon d; /* zeroed; too large for some stacks */
    char why[PIPELINE_WHY_MAX] = "";
    config_defaults(&d.config);
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &d.config);
    uv_loop_init(&d.loop);
    const enum err e = open_all(&d, why, sizeof why);
    if (e) {
        fprintf(stderr, "masar serve: %s\n", why);
        close_all(&d);
        uv_run(&d.loop, UV_RUN_DEFAULT);
        ledger_world_close(d.world);
        return app_exit_status(e);
    }
    fprintf(stderr, "masar: listening on http://%s:%d/\n", d.config.http_host, d.config.http_port);
    app_signals_start(&d.signals, &d.loop, stop, &d);
    uv_run(&d.loop, UV_RUN_DEFAULT);
    close_all(&d);
    app_signals_close(&d.signals);
    uv_run(&d.loop, UV_RUN_DEFAULT);
    pipeline_free(d.pipeline);
    uv_loop_close(&d.loop);
    watch_asked_close(d.watches);
    operation_asked_close(d.operations);
    ledger_world_close(d.world); /* no thread asks any more */
    config_free(&d.config);
    return EXIT_DONE;
}

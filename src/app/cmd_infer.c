/* masar infer: what one track, outside any store, says of its flights: legs with both their ends as
   probabilities, and events. The JSON form is a contract (docs/MOVEMENT.md). */
#include "app/command.h"
#include "app/load.h"
#include "app/options.h"
#include "app/reference/airframe.h"
#include "app/reference/reference.h"
#include "app/reference/routes.h"
#include "archive/csv.h"
#include "archive/trace.h"
#include "base/buf.h"
#include "base/instant.h"
#include "movement/movement.h"
#include "movement/route.h"

#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ROUTES = 256, KEY_FORMAT, KEY_DATA };

struct infer {
    const char *track, *routes_file, *data_dir;
    bool json;
    struct kept *point;
    size_t n, max;
    struct claim *claim;
    size_t claims, claims_max;
    bool failed; /* out of memory */
    struct route_prior *routes;
    struct reference *reference;
};

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "masar infer: %s: %s\n", what, why);
    return EXIT_COULD_NOT;
}

/* ---- the track ---- */

static void take_point(void *ctx, const struct kept *k, const struct archive_more *more)
{
    struct infer *i = ctx;
    (void)more;
    if (i->n == i->max) {
        const size_t max = i->max ? 2 * i->max : 4096;
        struct kept *p = realloc(i->point, max * sizeof *p);
        if (!p) {
            i->failed = true;
            return;
        }
        i->point = p;
        i->max = max;
    }
    i->point[i->n++] = *k;
}

static int by_time(const void *p, const void *q)
{
    const struct kept *a = p, *b = q;
    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return (a->t_ms > b->t_ms) - (a->t_ms < b->t_ms);
}

static enum err read_csv(struct infer *i, const struct buf *b, char *why, size_t size)
{
    struct csv_reader *r = csv_reader_new(take_point, i);
    if (!r) {
        return ERR_MEMORY;
    }
    csv_reader_start(r, 0); /* a file without an address is of one aircraft */
    enum err e = csv_reader_push(r, b->p, b->n);
    e = e ? e : csv_reader_end(r);
    snprintf(why, size, "%s", csv_reader_why(r));
    csv_reader_free(r);
    return e;
}

static enum err read_trace(struct infer *i, const struct buf *b, char *why, size_t size)
{
    struct trace_reader *r = trace_reader_new(take_point, i);
    if (!r) {
        return ERR_MEMORY;
    }
    trace_reader_start(r);
    enum err e = trace_reader_push(r, b->p, b->n);
    e = e ? e : trace_reader_end(r);
    snprintf(why, size, "%s", trace_reader_why(r));
    trace_reader_free(r);
    return e;
}

static int read_track(struct infer *i)
{
    struct buf b = {0};
    char why[256] = "";
    if (load_file(i->track, &b, why, sizeof why)) {
        buf_free(&b);
        return complain(i->track, why);
    }
    size_t at = 0;
    while (at < b.n && (b.p[at] == ' ' || b.p[at] == '\n' || b.p[at] == '\r' || b.p[at] == '\t')) {
        at++;
    }
    const enum err e = at < b.n && b.p[at] == '{' ? read_trace(i, &b, why, sizeof why)
                                                  : read_csv(i, &b, why, sizeof why);
    buf_free(&b);
    if (e || i->failed) {
        return complain(i->track, i->failed || why[0] == '\0' ? "out of memory" : why);
    }
    /* Points of one time keep the file's order as far as they differ. */
    if (i->n > 1) {
        qsort(i->point, i->n, sizeof *i->point, by_time);
    }
    return EXIT_DONE;
}

static int read_routes(struct infer *i, const struct airports *airports)
{
    char why[512] = "";
    if (i->routes_file && routes_load(i->routes_file, airports, &i->routes, why, sizeof why)) {
        fprintf(stderr, "masar infer: %s\n", why);
        return EXIT_COULD_NOT;
    }
    return EXIT_DONE;
}

/* ---- claims ---- */

static void take_claim(void *ctx, const struct claim *c)
{
    struct infer *i = ctx;
    if (i->claims == i->claims_max) {
        const size_t max = i->claims_max ? 2 * i->claims_max : 64;
        struct claim *p = realloc(i->claim, max * sizeof *p);
        if (!p) {
            i->failed = true;
            return;
        }
        i->claim = p;
        i->claims_max = max;
    }
    i->claim[i->claims++] = *c;
}

static int run(struct infer *i)
{
    const struct airports *airports = reference_airports(i->reference);
    if (!airports) {
        return complain("airports", reference_why(i->reference));
    }
    const int status = read_routes(i, airports);
    if (status) {
        return status;
    }
    const struct movement_options o = {.views = {.airports = airports, .routes = i->routes},
                                       .aircraft_max = 64};
    struct movement *m = movement_new(&o);
    enum err e = m ? ERR_OK : ERR_MEMORY;
    for (size_t k = 0; k < i->n && !e; k++) {
        e = movement_push(m, &i->point[k], take_claim, i);
    }
    if (!e) {
        movement_end(m, ADDRESS_NONE, take_claim, i);
    }
    movement_free(m);
    return e || i->failed ? complain(i->track, "out of memory") : EXIT_DONE;
}

/* ---- what is printed ---- */

/* A later row corrects it, or it takes one back. */
static bool is_void(const struct infer *i, const struct claim *c)
{
    bool is = (c->flags & CLAIM_WITHDRAWN) != 0;
    for (size_t k = 0; k < i->claims && !is; k++) {
        const struct claim *d = &i->claim[k];
        is = d->supersedes == c->number && d->address == c->address && d->epoch == c->epoch;
    }
    return is;
}

/* The last word on one end of a leg: what happened over what is thought to. */
static const struct claim *end_of(const struct infer *i, const struct claim *leg, bool arrival)
{
    const struct claim *best = NULL;
    for (size_t k = 0; k < i->claims; k++) {
        const struct claim *c = &i->claim[k];
        const bool is = arrival ? c->kind == CLAIM_LANDED || c->kind == CLAIM_DESTINATION
                                : c->kind == CLAIM_TOOK_OFF || c->kind == CLAIM_ORIGIN;
        const bool sure = c->kind == CLAIM_LANDED || c->kind == CLAIM_TOOK_OFF;
        if (is && !is_void(i, c) && c->leg == leg->leg && c->address == leg->address &&
            c->epoch == leg->epoch &&
            (!best || sure || (best->kind != CLAIM_LANDED && best->kind != CLAIM_TOOK_OFF))) {
            best = c;
        }
    }
    return best;
}

static void put_time(struct buf *b, const char *key, int64_t t_ms)
{
    if (t_ms != CLAIM_NO_TIME) {
        buf_format(b, ",\"%s\":", key);
        buf_decimal(b, t_ms, 3);
    }
}

static void put_end(struct buf *b, const char *key, const struct claim *c)
{
    buf_format(b, "\"%s\":{\"airport\":", key);
    const bool named = c && c->candidates && c->candidate[0].p >= CLAIM_NAMED_P;
    if (named) {
        buf_json_string(b, c->candidate[0].airport, strlen(c->candidate[0].airport));
    } else {
        buf_text(b, "null");
    }
    buf_format(b, ",\"p\":%.4f", c && c->candidates ? (double)c->candidate[0].p : 0);
    if (c) {
        buf_format(b, ",\"method\":\"%s\"", claim_method_word[c->method].key);
        buf_format(b, ",\"happened_p\":%.3f", (double)c->p);
        put_time(b, "t_lo", c->t_lo_ms);
        put_time(b, "t_hi", c->t_hi_ms);
    }
    buf_text(b, ",\"candidates\":[");
    for (unsigned k = 0; c && k < c->candidates; k++) {
        buf_text(b, k ? ",{\"airport\":" : "{\"airport\":");
        buf_json_string(b, c->candidate[k].airport, strlen(c->candidate[k].airport));
        buf_format(b, ",\"p\":%.4f}", (double)c->candidate[k].p);
    }
    buf_text(b, "]}");
}

static bool is_event(const struct claim *c)
{
    return c->kind >= CLAIM_ORBIT && c->kind <= CLAIM_ADDRESS_SHARED;
}

static void put_event(struct buf *b, const struct claim *c)
{
    buf_format(b, "{\"kind\":\"%s\"", claim_kind_word[c->kind].key);
    buf_format(b, ",\"icao24\":\"%s%06x\"", c->address & ADDRESS_NON_ICAO ? "~" : "",
               c->address & 0xffffff);
    put_time(b, "t_lo", c->t_lo_ms);
    put_time(b, "t_hi", c->t_hi_ms);
    buf_format(b, ",\"p\":%.3f", (double)c->p);
    if (c->shape) {
        buf_format(b, ",\"shape\":\"%s\"", claim_shape_word[c->shape].key);
    }
    if (c->lat_e7 != CLAIM_NO_PLACE) {
        buf_format(b, ",\"lat\":%.5f,\"lon\":%.5f", c->lat_e7 * 1e-7, c->lon_e7 * 1e-7);
    }
    if (c->size_m) {
        buf_format(b, ",\"size_m\":%" PRIu32, c->size_m);
    }
    if (c->candidates) {
        buf_text(b, ",\"airport\":");
        buf_json_string(b, c->candidate[0].airport, strlen(c->candidate[0].airport));
    }
    buf_byte(b, '}');
}

/* A destination of an aircraft that has not left yet: no leg follows. */
static bool is_plan(const struct infer *i, const struct claim *c)
{
    for (size_t k = 0; k < i->claims; k++) {
        const struct claim *d = &i->claim[k];
        if (d->kind == CLAIM_LEG && d->leg == c->leg && d->address == c->address) {
            return false;
        }
    }
    return true;
}

static void put_json(const struct infer *i, struct buf *b)
{
    bool first = true;
    buf_text(b, "{\"legs\":[");
    for (size_t k = 0; k < i->claims; k++) {
        const struct claim *c = &i->claim[k];
        if (c->kind == CLAIM_LEG || (c->kind == CLAIM_DESTINATION && is_plan(i, c))) {
            buf_text(b, first ? "{" : ",{");
            buf_format(b, "\"icao24\":\"%s%06x\",\"callsign\":",
                       c->address & ADDRESS_NON_ICAO ? "~" : "", c->address & 0xffffff);
            size_t n = strnlen(c->flight, sizeof c->flight);
            while (n > 0 && c->flight[n - 1] == ' ') {
                n--;
            }
            buf_json_string(b, c->flight, n);
            buf_byte(b, ',');
            put_end(b, "departure", end_of(i, c, false));
            buf_byte(b, ',');
            put_end(b, "arrival", end_of(i, c, true));
            buf_byte(b, '}');
            first = false;
        }
    }
    buf_text(b, "],\"events\":[");
    first = true;
    for (size_t k = 0; k < i->claims; k++) {
        if (is_event(&i->claim[k])) {
            if (!first) {
                buf_byte(b, ',');
            }
            put_event(b, &i->claim[k]);
            first = false;
        }
    }
    buf_text(b, "]}\n");
}

static void put_line(struct buf *b, const struct claim *c)
{
    char lo[32] = "", hi[32] = "";
    if (c->t_lo_ms != CLAIM_NO_TIME) {
        instant_format(c->t_lo_ms * 1000, 0, lo);
        instant_format(c->t_hi_ms * 1000, 0, hi);
    }
    buf_format(b, "%06x %.8s %s  %s .. %s  p %.2f", c->address & 0xffffff, c->flight,
               claim_kind_word[c->kind].text, lo, hi, (double)c->p);
    for (unsigned k = 0; k < c->candidates && k < 3; k++) {
        buf_format(b, "  %s %.2f", c->candidate[k].airport, (double)c->candidate[k].p);
    }
    buf_format(b, "  (%s)\n", claim_method_word[c->method].text);
}

static void put_text(const struct infer *i, struct buf *b)
{
    for (size_t k = 0; k < i->claims; k++) {
        put_line(b, &i->claim[k]);
    }
}

/* ---- the command ---- */

static const struct argp_option options[] = {
    {"routes", KEY_ROUTES, "FILE", 0,
     "routes flown, as operator,origin,destination,weight (.csv or .csv.gz): what civil flights "
     "are "
     "likely to do",
     0},
    {"format", KEY_FORMAT, "json|text", 0, "text: every claim in its order (default); json", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data (default: as masar data)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct infer *i = state->input;
    switch (key) {
    case KEY_ROUTES:
        i->routes_file = arg;
        return 0;
    case KEY_DATA:
        i->data_dir = arg;
        return 0;
    case KEY_FORMAT:
        i->json = strcmp(arg, "json") == 0;
        if (!i->json && strcmp(arg, "text") != 0) {
            argp_error(state, "--format is '%s': write json or text", arg);
        }
        return 0;
    case ARGP_KEY_ARG:
        if (i->track) {
            argp_error(state, "'%s': one track at a time", arg);
        }
        i->track = arg;
        return 0;
    case ARGP_KEY_END:
        if (!i->track) {
            argp_error(state, "name a track: a CSV of positions or a readsb trace");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_infer(int argc, char **argv)
{
    struct infer i = {0};
    const struct argp argp = {
        options,
        parse,
        "TRACK",
        "What one track says of its flights: where it came from and went, how "
        "surely, and what it did on the way.",
        NULL,
        NULL,
        NULL};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &i);
    int status = read_track(&i);
    i.reference = reference_open(i.data_dir);
    status = status ? status : !i.reference ? complain(i.track, "out of memory") : run(&i);
    if (status == EXIT_DONE) {
        struct buf b = {0};
        if (i.json) {
            put_json(&i, &b);
        } else {
            put_text(&i, &b);
        }
        status = b.failed || fwrite(b.p, 1, b.n, stdout) != b.n || fflush(stdout) != 0
                     ? complain("standard output", "cannot be written")
                     : EXIT_DONE;
        buf_free(&b);
    }
    route_prior_free(i.routes);
    reference_close(i.reference);
    free(i.point);
    free(i.claim);
    return status;
}

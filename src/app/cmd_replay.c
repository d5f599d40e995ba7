/* masar replay: sends a recording, or history, at the pace it was heard, or N times faster. */
#include "app/command.h"
#include "app/options.h"
#include "app/play.h"

#include "wire/wire.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

enum {
    OUT_MAX = 16,
    KEY_SPEED = 256,
    KEY_STORE,
    KEY_FROM,
    KEY_TO,
    KEY_HEX,
    KEY_CALLSIGN,
    KEY_AREA
};

struct replay {
    const char *file, *speed, *out[OUT_MAX];
    const char *store, *from, *to, *hex, *callsign, *area;
    unsigned n_out;
};

static const struct argp_option options[] = {
    {"out", 'o', "SPEC", 0, "where to, may stand often: beast:listen=:30005, jsonl:file=- …", 0},
    {"speed", KEY_SPEED, "N|max", 0, "times faster than it was recorded (default 1)", 0},
    {"store", KEY_STORE, "DIR", 0, "history instead of a recording", 0},
    {"from", KEY_FROM, "T", 0, "of history: from then on, 2024-06-07T08:30:00Z or 2024-06-07", 0},
    {"to", KEY_TO, "T", 0, "of history: before then", 0},
    {"hex", KEY_HEX, "HEX", 0, "of history: one aircraft's", 0},
    {"callsign", KEY_CALLSIGN, "NAME", 0, "of history: flights of this call sign", 0},
    {"area", KEY_AREA, "AREA", 0,
     "of history: what was in box=S,W,N,E, circle=LAT,LON,30km, polygon=… or a file of GeoJSON", 0},
    {0},
};

static void check(const struct replay *r, const struct argp_state *state)
{
    if (r->file && r->store) {
        argp_error(state, "a file and --store: replay plays one");
    } else if (!r->store && (r->from || r->to || r->hex || r->callsign || r->area)) {
        argp_error(state, "--from, --to, --hex, --callsign and --area choose from history: name it "
                          "with --store DIR");
    } else if ((!r->file && !r->store) || r->n_out == 0) {
        argp_error(state, "%s is missing",
                   r->n_out == 0 ? "--out SPEC" : "the FILE to play, or --store DIR,");
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct replay *r = state->input;
    switch (key) {
    case 'o':
        if (r->n_out == OUT_MAX) {
            argp_error(state, "more than %d outputs", OUT_MAX);
        }
        r->out[r->n_out++] = arg;
        return 0;
    case KEY_SPEED:
        r->speed = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (r->file) {
            argp_error(state, "two files: replay plays one");
        }
        r->file = arg;
        return 0;
    case KEY_STORE:
        r->store = arg;
        return 0;
    case KEY_FROM:
        r->from = arg;
        return 0;
    case KEY_TO:
        r->to = arg;
        return 0;
    case KEY_HEX:
        r->hex = arg;
        return 0;
    case KEY_CALLSIGN:
        r->callsign = arg;
        return 0;
    case KEY_AREA:
        r->area = arg;
        return 0;
    case ARGP_KEY_END:
        check(r, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A plain name is a Beast recording, or of 978 MHz if it says so; anything that begins with a
 * format's name is taken as it stands. */
static void input_spec(const struct replay *r, char *out, size_t size)
{
    char name[SPEC_NAME_MAX] = "";
    const size_t n = strcspn(r->file, ":");
    if (r->file[n] == ':' && n < sizeof name) {
        memcpy(name, r->file, n);
        name[n] = '\0';
    }
    if (name[0] && wire_format_find(name)) {
        snprintf(out, size, "%s,speed=%s", r->file, r->speed);
        return;
    }
    char head[64];
    snprintf(head, sizeof head, "%s:clock=feed,speed=%.32s",
             app_is_uat_name(r->file) ? "uat" : "beast", r->speed);
    app_file_spec(head, r->file, out, size);
}

/* Adds ",key=value" with what a SPEC needs escaped. False: no room. */
static bool add_key(char *out, size_t size, const char *key, const char *value)
{
    size_t n = strlen(out);
    if (!value) {
        return true;
    }
    n += (size_t)snprintf(out + n, size - n, "%s%s=", strchr(out, '=') ? "," : "", key);
    for (const char *c = value; *c && n + 3 < size; c++) {
        if (*c == ',' || *c == '\\') {
            out[n++] = '\\';
        }
        out[n++] = *c;
    }
    out[n < size ? n : size - 1] = '\0';
    return n + 3 < size;
}

static bool history_spec(const struct replay *r, char *out, size_t size)
{
    snprintf(out, size, "store:");
    return add_key(out, size, "dir", r->store) && add_key(out, size, "speed", r->speed) &&
           add_key(out, size, "from", r->from) && add_key(out, size, "to", r->to) &&
           add_key(out, size, "hex", r->hex) && add_key(out, size, "callsign", r->callsign) &&
           add_key(out, size, "area", r->area);
}

/* A Beast stream of history bears its times unless told otherwise: nobody's clock ticks along. */
static const char *with_marks(const char *spec, char *room, size_t size)
{
    if (strncmp(spec, "beast:", 6) != 0 || strstr(spec, ",marks=") || strstr(spec, ":marks=")) {
        return spec;
    }
    snprintf(room, size, "%s,marks=1", spec);
    return room;
}

static int replay_history(struct replay *r)
{
    char in[SPEC_TEXT_MAX], out[OUT_MAX][SPEC_TEXT_MAX];
    const char *const ins[] = {in};
    if (!history_spec(r, in, sizeof in)) {
        fprintf(stderr, "masar replay: what is said of the history is too long: name a file "
                        "with --area\n");
        return EXIT_USAGE;
    }
    for (unsigned i = 0; i < r->n_out; i++) {
        r->out[i] = with_marks(r->out[i], out[i], sizeof out[i]);
    }
    const struct play p = {.command = "replay",
                           .in = ins,
                           .n_in = 1,
                           .out = r->out,
                           .n_out = r->n_out,
                           .retell = true};
    return play(&p);
}

int cmd_replay(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE\n--store DIR",
        .doc = "Sends a recording or history on, at the pace it was heard or N times faster. Of "
               "history, outputs of frames get squitters that say the same.",
    };
    struct replay r = {.speed = "1"};
    char in[SPEC_TEXT_MAX];
    const char *const ins[] = {in};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    if (r.store) {
        return replay_history(&r);
    }
    input_spec(&r, in, sizeof in);
    const struct play p = {
        .command = "replay", .in = ins, .n_in = 1, .out = r.out, .n_out = r.n_out};
    return play(&p);
}

/* masar replay: sends a recording at the pace it was recorded, or N times faster. */
#include "app/command.h"
#include "app/options.h"
#include "app/play.h"

#include "wire/wire.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

enum { OUT_MAX = 16, KEY_SPEED = 256 };

struct replay {
    const char *file, *speed, *out[OUT_MAX];
    unsigned n_out;
};

static const struct argp_option options[] = {
    {"out", 'o', "SPEC", 0, "where to, may stand often: beast:listen=:30005, jsonl:file=- …", 0},
    {"speed", KEY_SPEED, "N|max", 0, "times faster than it was recorded (default 1)", 0},
    {0},
};

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
    case ARGP_KEY_END:
        if (!r->file || r->n_out == 0) {
            argp_error(state, "%s is missing", r->file ? "--out SPEC" : "the FILE to play");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A plain name is a Beast recording; anything that begins with a format's name is taken as it
 * stands. */
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
    snprintf(head, sizeof head, "beast:clock=feed,speed=%.32s", r->speed);
    app_file_spec(head, r->file, out, size);
}

int cmd_replay(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE",
        .doc = "Sends a recording on, at the pace it was recorded or N times faster.",
    };
    struct replay r = {.speed = "1"};
    char in[SPEC_TEXT_MAX];
    const char *const ins[] = {in};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    input_spec(&r, in, sizeof in);
    const struct play p = {
        .command = "replay", .in = ins, .n_in = 1, .out = r.out, .n_out = r.n_out};
    return play(&p);
}

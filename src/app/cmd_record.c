/* masar record: frames with their times of reception, as Beast with 0xe8 marks; those of 978 MHz
   (UAT) as dump978's text. */
#include "app/command.h"
#include "app/options.h"
#include "app/play.h"

#include "base/spec.h"

#include <argp.h>

enum { IN_MAX = 64 };

struct record {
    const char *in[IN_MAX], *out;
    unsigned n_in;
};

static const struct argp_option options[] = {
    {"in", 'i', "SPEC", 0, "what to record, may stand often", 0},
    {"out", 'o', "FILE", 0,
     "the recording; a name that ends in .gz or .zst is compressed, one that ends in .uat before "
     "that is of 978 MHz; - is standard output",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct record *r = state->input;
    switch (key) {
    case 'i':
        if (r->n_in == IN_MAX) {
            argp_error(state, "more than %d inputs", IN_MAX);
        }
        r->in[r->n_in++] = arg;
        return 0;
    case 'o':
        r->out = arg;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not an option: write --in SPEC --out FILE", arg);
        return 0;
    case ARGP_KEY_END:
        if (r->n_in == 0 || !r->out) {
            argp_error(state, "%s is missing", r->out ? "--in SPEC" : "--out FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_record(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Keeps frames with their times of reception in a file that replay, decode and serve "
               "read.",
    };
    struct record r = {.n_in = 0};
    char out[SPEC_TEXT_MAX];
    const char *const outs[] = {out};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    app_file_spec(app_is_uat_name(r.out) ? "uat:" : "beast:marks=1", r.out, out, sizeof out);
    const struct play p = {
        .command = "record", .in = r.in, .n_in = r.n_in, .out = outs, .n_out = 1};
    return play(&p);
}

/* masar record: frames with their times of reception, as Beast with 0xe8 marks. */
#include "app/command.h"
#include "app/options.h"
#include "app/pipeline.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

enum { IN_MAX = 64 };

struct record {
    const char *in[IN_MAX], *out;
    unsigned n_in;
    uv_loop_t loop;
    struct pipeline *pipeline;
    struct app_signals signals;
};

static const struct argp_option options[] = {
    {"in", 'i', "SPEC", 0, "what to record, may stand often", 0},
    {"out", 'o', "FILE", 0,
     "the recording; a name that ends in .gz or .zst is compressed; - is standard output", 0},
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

static void stop(void *ctx)
{
    struct record *r = ctx;
    uv_stop(&r->loop);
}

/* A file name becomes `beast:file=NAME,marks=1`, its commas escaped. */
static void sink_spec(const char *file, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "beast:marks=1,file=");
    for (const char *p = file; *p && n + 3 < size; p++) {
        if (*p == ',') {
            out[n++] = '\\';
        }
        out[n++] = *p;
    }
    out[n] = '\0';
}

static enum err open_all(struct record *r, char *why, size_t why_size)
{
    char spec[SPEC_TEXT_MAX];
    sink_spec(r->out, spec, sizeof spec);
    enum err e = pipeline_add_sink(r->pipeline, spec, why, why_size);
    for (unsigned i = 0; !e && i < r->n_in; i++) {
        e = pipeline_add_source(r->pipeline, r->in[i], why, why_size);
    }
    return e;
}

static int run(struct record *r)
{
    app_signals_start(&r->signals, &r->loop, stop, r);
    uv_run(&r->loop, UV_RUN_DEFAULT);
    const char *sentence;
    const enum err e = pipeline_failure(r->pipeline, &sentence);
    if (e) {
        fprintf(stderr, "masar record: %s\n", sentence);
    }
    fprintf(stderr, "masar record: %llu frames\n",
            (unsigned long long)pipeline_counters(r->pipeline)->n[COUNT_FRAMES_IN]);
    pipeline_close(r->pipeline);
    app_signals_close(&r->signals);
    uv_run(&r->loop, UV_RUN_DEFAULT);
    return e ? EXIT_COULD_NOT : EXIT_DONE;
}

int cmd_record(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Keeps frames with their times of reception in a file that replay, decode and serve "
               "read.",
    };
    struct record r = {0};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    uv_loop_init(&r.loop);
    const struct pipeline_options o = {
        .loop = &r.loop, .clock_us = app_clock_us, .bare = true, .ended = stop, .ctx = &r};
    char why[PIPELINE_WHY_MAX] = "out of memory";
    r.pipeline = pipeline_new(&o);
    if (!r.pipeline || open_all(&r, why, sizeof why)) {
        fprintf(stderr, "masar record: %s\n", why);
        return EXIT_COULD_NOT;
    }
    const int status = run(&r);
    pipeline_free(r.pipeline);
    uv_loop_close(&r.loop);
    return status;
}

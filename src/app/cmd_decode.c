/* masar decode: every frame of an input as one line, in input order. */
#include "app/command.h"
#include "app/options.h"
#include "app/pipeline.h"
#include "wire/aircraft_json.h"
#include "wire/uat_json.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_AT = 1 << 16, KEY_REPAIR = 256 };

struct decode {
    const char *in, *format;
    unsigned repair_bits;
    bool as_text;
    struct buf out;
    struct pipeline *pipeline;
    uv_loop_t loop;
    struct app_signals signals;
    uv_prepare_t before_wait; /* lines leave before the loop waits for more input */
    int write_error;          /* errno of a failed write to standard output, 0 none */
};

static const struct argp_option options[] = {
    {"in", 'i', "SPEC", 0,
     "what to read, for example beast:file=x.bin, avr:file=-, beast:connect=HOST:30005", 0},
    {"format", 'f', "FORMAT", 0, "json (default), text, avr, beast or uat", 0},
    {"repair", KEY_REPAIR, "BITS", 0, "bits to repair by the parity: 0, 1 (default) or 2", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct decode *d = state->input;
    switch (key) {
    case 'i':
        if (d->in) {
            argp_error(state, "--in stands twice: decode reads one input");
        }
        d->in = arg;
        return 0;
    case 'f':
        d->format = arg;
        return 0;
    case KEY_REPAIR:
        if (strlen(arg) != 1 || arg[0] < '0' || arg[0] > '2') {
            argp_error(state, "--repair is '%s': write 0, 1 or 2", arg);
        }
        d->repair_bits = (unsigned)(arg[0] - '0');
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not an option: write --in SPEC", arg);
        return 0;
    case ARGP_KEY_END:
        if (!d->in) {
            argp_error(state, "--in is missing: write for example --in beast:file=x.bin");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void write_out(struct decode *d)
{
    for (size_t at = 0; at < d->out.n && !d->write_error;) {
        const ssize_t n = write(STDOUT_FILENO, d->out.p + at, d->out.n - at);
        if (n < 0 && errno != EINTR) {
            d->write_error = errno;
            uv_stop(&d->loop);
        }
        at += n > 0 ? (size_t)n : 0;
    }
    buf_clear(&d->out);
}

static void end_line(struct decode *d)
{
    buf_byte(&d->out, '\n');
    if (d->out.n >= FLUSH_AT) {
        write_out(d);
    }
}

static void print(void *ctx, const struct wire_event *e, const struct outcome *o)
{
    struct decode *d = ctx;
    struct message m = *e->message;
    if (e->uat) {
        if (d->as_text) {
            uat_text_write(&d->out, e->uat, &m, e->fix);
        } else {
            uat_json_write(&d->out, e->uat, &m);
        }
        end_line(d);
        return;
    }
    if (!o->track && (m.df == 20 || m.df == 21) && m.bds == 0) {
        modes_comm_b(&m, NULL);
    }
    (d->as_text ? message_text_write : message_json_write)(&d->out, e->frame, &m, e->fix);
    end_line(d);
}

static void on_before_wait(uv_prepare_t *handle)
{
    write_out(handle->data);
}

static void ended(void *ctx)
{
    struct decode *d = ctx;
    uv_stop(&d->loop);
}

/* Runs the input to its end, or to a signal. */
static int run(struct decode *d)
{
    app_signals_start(&d->signals, &d->loop, ended, d);
    uv_prepare_init(&d->loop, &d->before_wait);
    d->before_wait.data = d;
    uv_prepare_start(&d->before_wait, on_before_wait);
    uv_unref((uv_handle_t *)&d->before_wait);
    uv_run(&d->loop, UV_RUN_DEFAULT);
    write_out(d);
    const char *sentence;
    const enum err e = pipeline_failure(d->pipeline, &sentence);
    if (e) {
        fprintf(stderr, "masar decode: %s\n", sentence);
    }
    /* A reader that has seen enough (head) closes the pipe: not worth a word. */
    if (d->write_error && d->write_error != EPIPE) {
        fprintf(stderr, "masar decode: cannot write to standard output: %s\n",
                strerror(d->write_error));
    }
    uv_close((uv_handle_t *)&d->before_wait, NULL);
    app_signals_close(&d->signals);
    return e || d->write_error ? EXIT_COULD_NOT : EXIT_DONE;
}

static int open_and_run(struct decode *d, const struct pipeline_options *o, const char *sink)
{
    char why[PIPELINE_WHY_MAX] = "out of memory";
    d->pipeline = pipeline_new(o);
    enum err e = d->pipeline ? ERR_OK : ERR_MEMORY;
    if (!e && sink) {
        e = pipeline_add_sink(d->pipeline, sink, why, sizeof why);
    }
    if (!e) {
        e = pipeline_add_source(d->pipeline, d->in, why, sizeof why);
    }
    if (e) {
        fprintf(stderr, "masar decode: %s\n", why);
    }
    const int status = e ? app_exit_status(e) : run(d);
    if (d->pipeline) {
        pipeline_close(d->pipeline);
    }
    uv_run(&d->loop, UV_RUN_DEFAULT);
    return status;
}

int cmd_decode(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Decodes every frame of an input and prints one line for it, in input order; "
               "nothing is kept.",
    };
    struct decode d = {.format = "json", .repair_bits = 1};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &d);
    const bool as_json = strcmp(d.format, "json") == 0;
    d.as_text = strcmp(d.format, "text") == 0;
    const char *sink = strcmp(d.format, "avr") == 0     ? "avr:file=-"
                       : strcmp(d.format, "beast") == 0 ? "beast:file=-"
                       : strcmp(d.format, "uat") == 0   ? "uat:file=-"
                                                        : NULL;
    if (!as_json && !d.as_text && !sink) {
        fprintf(stderr, "masar decode: --format is '%s': write json, text, avr, beast or uat\n",
                d.format);
        return EXIT_USAGE;
    }
    uv_loop_init(&d.loop);
    const struct pipeline_options o = {
        .loop = &d.loop,
        .clock_us = app_clock_us,
        .modes = {.repair_bits = (uint8_t)d.repair_bits},
        .look = sink ? NULL : print,
        .bare = sink != NULL,
        .keep_duplicates = true,
        .elapsed_from_zero = true,
        .ended = ended,
        .ctx = &d,
    };
    const int status = open_and_run(&d, &o, sink);
    pipeline_free(d.pipeline);
    uv_loop_close(&d.loop);
    buf_free(&d.out);
    return status;
}

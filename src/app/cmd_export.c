/* masar export: history as files of other programs. */
#include "app/command.h"
#include "app/export_files.h"
#include "app/inquire.h"
#include "app/options.h"
#include "history/inquiry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct arguments {
    struct inquire ask;
    const char *out;
};

enum { KEY_OUT = 'o' };

static const struct argp_option options[] = {
    INQUIRE_OPTIONS,
    {"aircraft", INQUIRE_AIRCRAFT, "HEX", 0, "as --hex", 0},
    {"gap", INQUIRE_GAP, "SPAN", 0, "a silence so long cuts a line in two (default 5m)", 0},
    {"format", INQUIRE_FORMAT, "csv|jsonl|geojson|gpx|kml|readsb-trace", 0, "what to write", 0},
    {"out", KEY_OUT, "FILE|DIR", 0,
     "where to (default -, standard output); into a folder one file for each aircraft, traces as "
     "readsb's globe_history has them",
     0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not an option; a file is written --out %s", arg, arg);
        return 0;
    case ARGP_KEY_END:
        if (!a->ask.question.export) {
            argp_error(state, "--format says what to write: csv, jsonl, geojson, gpx, kml or "
                              "readsb-trace");
        }
        inquire_end(&a->ask, state);
        return 0;
    case KEY_OUT:
        a->out = arg;
        return 0;
    default:
        return inquire_take(&a->ask, key, arg, state) ? 0 : ARGP_ERR_UNKNOWN;
    }
}

static bool is_folder(const char *path)
{
    struct stat st;
    const size_t n = strlen(path);
    return (n > 0 && path[n - 1] == '/') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static enum err write_all(const struct arguments *a, struct store *s, FILE *f,
                          struct inquiry_state *state)
{
    struct inquiry *i = NULL;
    struct buf out = {0};
    bool more = true;
    enum err e = inquiry_new(&a->ask.question, s, &i);
    while (!e && more) {
        e = inquiry_step(i, s, &out, &more);
        if (!e && out.n > 0 && fwrite(out.p, 1, out.n, f) != out.n) {
            e = ERR_SYSTEM;
        }
        buf_clear(&out);
    }
    if (!e && fflush(f) != 0) {
        e = ERR_SYSTEM;
    }
    if (i) {
        *state = inquiry_state(i);
    }
    buf_free(&out);
    inquiry_free(i);
    return e;
}

/* A file appears under its name when it is whole. */
static enum err write_file(const struct arguments *a, struct store *s, struct inquiry_state *state)
{
    char part[4096];
    if (snprintf(part, sizeof part, "%s.part", a->out) >= (int)sizeof part) {
        errno = ENAMETOOLONG;
        return ERR_SYSTEM;
    }
    FILE *f = fopen(part, "wb");
    if (!f) {
        return ERR_SYSTEM;
    }
    enum err e = write_all(a, s, f, state);
    if (fclose(f) != 0 && !e) {
        e = ERR_SYSTEM;
    }
    if (!e && rename(part, a->out) != 0) {
        e = ERR_SYSTEM;
    }
    if (e) {
        const int why = errno;
        remove(part);
        errno = why;
    }
    return e;
}

static int run(const struct arguments *a, struct store *s)
{
    struct inquiry_state state = {0};
    enum err e;
    if (!a->out || strcmp(a->out, "-") == 0) {
        e = write_all(a, s, stdout, &state);
    } else if (is_folder(a->out)) {
        e = export_files(&a->ask.question, s, a->out, &state);
    } else {
        e = write_file(a, s, &state);
    }
    if (e) {
        fprintf(stderr, "masar export: %s cannot be written from %s: %s\n",
                a->out ? a->out : "standard output", a->ask.store,
                e == ERR_SYSTEM && errno ? strerror(errno) : err_text(e));
        return EXIT_COULD_NOT;
    }
    return inquire_report("export", state.search.torn, state.next);
}

int cmd_export(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Writes positions out of history. Where an aircraft was not heard there is a gap, "
               "never a line across it. Exit status 1 where parts of the store cannot be read.",
    };
    struct arguments a = {0};
    inquire_start(&a.ask);
    a.ask.question.kind = QUESTION_EXPORT;
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    struct store *s = inquire_open(&a.ask, "export");
    errno = 0;
    const int status = s ? run(&a, s) : EXIT_COULD_NOT;
    store_close(s);
    inquire_free(&a.ask);
    return status;
}

/* masar find: who was here, asked of history. */
#include "app/command.h"
#include "app/inquire.h"
#include "app/options.h"
#include "history/inquiry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct argp_option options[] = {
    INQUIRE_OPTIONS,
    {"at", INQUIRE_AT, "T", 0, "the whole picture at an instant", 0},
    {"age", INQUIRE_AGE, "SPAN", 0, "with --at: no position older than this (default 90s)", 0},
    {"then", INQUIRE_THEN, "AREA", 0, "who came to this area after the first", 0},
    {"within", INQUIRE_WITHIN, "H", 0, "with --then: in so many hours, or 90m, 1d", 0},
    {"points", INQUIRE_POINTS, NULL, 0, "every position, instead of a line for a visit", 0},
    {"gap", INQUIRE_GAP, "SPAN", 0,
     "a visit ends when the aircraft is not seen there for so long (default 10m; without --area "
     "1h)",
     0},
    {"format", INQUIRE_FORMAT, "table|csv|json", 0, "how to print (default table)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct inquire *a = state->input;
    if (key == ARGP_KEY_ARG) {
        argp_error(state, "'%s' is not an option; an area is written --area %s", arg, arg);
    }
    if (key == ARGP_KEY_END) {
        inquire_end(a, state);
        return 0;
    }
    return inquire_take(a, key, arg, state) ? 0 : ARGP_ERR_UNKNOWN;
}

static int failed(const struct inquire *a, enum err e)
{
    fprintf(stderr, "masar find: %s cannot be asked: %s\n", a->store,
            e == ERR_FULL ? "more than a million visits to the first area; ask for a shorter time"
                          : err_text(e));
    return EXIT_COULD_NOT;
}

static int run(const struct inquire *a, struct store *s)
{
    struct inquiry *i = NULL;
    struct buf out = {0};
    bool more = true;
    enum err e = inquiry_new(&a->question, s, &i);
    while (!e && more) {
        e = inquiry_step(i, s, &out, &more);
        if (!e && out.n > 0 && fwrite(out.p, 1, out.n, stdout) != out.n) {
            e = ERR_SYSTEM;
        }
        buf_clear(&out);
    }
    if (!e && fflush(stdout) != 0) {
        e = ERR_SYSTEM;
    }
    buf_free(&out);
    if (e) {
        inquiry_free(i);
        return failed(a, e);
    }
    const struct inquiry_state state = inquiry_state(i);
    inquiry_free(i);
    return inquire_report("find", state.search.torn, state.next);
}

int cmd_find(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .doc = "Says who was in an area, when and how high: a line for every visit of an aircraft. "
               "Without an area: its flights. Exit status 1 where parts of the store cannot be "
               "read.",
    };
    struct inquire a = {0};
    inquire_start(&a);
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    struct store *s = inquire_open(&a, "find");
    const int status = s ? run(&a, s) : EXIT_COULD_NOT;
    store_close(s);
    inquire_free(&a);
    return status;
}

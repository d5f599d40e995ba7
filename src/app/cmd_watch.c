/* masar watch: rules to be told by, what they told, and what they would have told. */
#include "app/command.h"
#include "app/options.h"
#include "app/watch/watch_command.h"
#include "base/instant.h"

#include <argp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_STORE = 256,
    KEY_DATA,
    KEY_NAME,
    KEY_RULE,
    KEY_TO,
    KEY_LANGUAGE,
    KEY_SECRET,
    KEY_SINCE,
    KEY_UNTIL,
    KEY_EXPIRES,
    KEY_LIMIT,
    KEY_FORMAT,
    KEY_NOTES,
    KEY_LOCAL,
    KEY_EXPECTED
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "the history whose watches these are", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data (default: as masar data)", 0},
    {"name", KEY_NAME, "NAME", 0, "what the watch is called", 0},
    {"rule", KEY_RULE, "RULE", 0, "what it waits for (docs/WATCHES.md)", 0},
    {"to", KEY_TO, "NAMES", 0, "receivers, a comma between them", 0},
    {"language", KEY_LANGUAGE, "en|ar|fr", 0, "of its alerts (default en)", 0},
    {"secret", KEY_SECRET, "TEXT", 0, "of a receiver: what its messages are signed with", 0},
    {"since", KEY_SINCE, "T", 0, "from this time (2024-06-07T08:30:00Z or 2024-06-07)", 0},
    {"until", KEY_UNTIL, "T", 0, "to before this time", 0},
    {"expires", KEY_EXPIRES, "T", 0, "after this time the watch sleeps", 0},
    {"limit", KEY_LIMIT, "N", 0, "the newest N (default 100)", 0},
    {"format", KEY_FORMAT, "table|json|atom", 0,
     "how to print (default table; atom: the log as a feed)", 0},
    {"expected", KEY_EXPECTED, "FILE", 0, "with test: flights that were expected, CSV", 0},
    {"notes", KEY_NOTES, NULL, 0, "with log and test: also what nobody could say", 0},
    {"allow-local", KEY_LOCAL, NULL, 0,
     "of a receiver: it may be this machine or one of a private network", 0},
    {0},
};

int watch_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("masar watch: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_COULD_NOT;
}

int watch_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("masar watch: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_USAGE;
}

struct book *watch_book(const struct watch_line *l, bool make)
{
    char why[512] = "";
    struct book *b = NULL;
    if (!l->store) {
        watch_usage("name a store: --store DIR");
    } else if (book_open(l->store, make, &b, why, sizeof why)) {
        watch_complain("%s", why);
    }
    return b;
}

static int64_t time_of(const char *arg, struct argp_state *state)
{
    int64_t t_us;
    if (instant_parse(arg, &t_us)) {
        argp_error(state, "'%s' is no time: 2024-06-07T08:30:00Z or 2024-06-07", arg);
    }
    return t_us / 1000;
}

static void take_argument(struct watch_line *l, const char *arg, struct argp_state *state)
{
    if (l->arguments == WATCH_ARGUMENTS_MAX) {
        argp_error(state, "'%s': too many words; a rule stands in quotes", arg);
    }
    l->argument[l->arguments++] = arg;
}

static void take_text(struct watch_line *l, int key, const char *arg)
{
    const char **const where[] = {[0] = &l->store,
                                  [KEY_DATA - KEY_STORE] = &l->data,
                                  [KEY_NAME - KEY_STORE] = &l->name,
                                  [KEY_RULE - KEY_STORE] = &l->rule,
                                  [KEY_TO - KEY_STORE] = &l->to,
                                  [KEY_LANGUAGE - KEY_STORE] = &l->language,
                                  [KEY_SECRET - KEY_STORE] = &l->secret};
    *where[key - KEY_STORE] = arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct watch_line *l = state->input;
    if (key >= KEY_STORE && key <= KEY_SECRET) {
        take_text(l, key, arg);
        return 0;
    }
    switch (key) {
    case KEY_SINCE:
        l->since_ms = time_of(arg, state);
        return 0;
    case KEY_UNTIL:
        l->until_ms = time_of(arg, state);
        return 0;
    case KEY_EXPIRES:
        l->expires_ms = time_of(arg, state);
        return 0;
    case KEY_LIMIT:
        l->limit = (unsigned)strtoul(arg, NULL, 10);
        if (l->limit < 1 || l->limit > 1000000) {
            argp_error(state, "'%s' is no number of lines: 1 to 1000000", arg);
        }
        return 0;
    case KEY_FORMAT:
        l->json = strcmp(arg, "json") == 0;
        l->atom = strcmp(arg, "atom") == 0;
        if (!l->json && !l->atom && strcmp(arg, "table") != 0) {
            argp_error(state, "there is no format '%s': table, json or, of the log, atom", arg);
        }
        return 0;
    case KEY_NOTES:
        l->notes = true;
        return 0;
    case KEY_EXPECTED:
        l->expected = arg;
        return 0;
    case KEY_LOCAL:
        l->local = true;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(l, arg, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_watch(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "ACTION [WORDS]",
        "add --name N --rule RULE; list; remove NAME; mute NAME [--until T]; unmute NAME; log; "
        "check RULE: what is wrong with it, and where; test RULE|NAME... [--since T] [--until T]: "
        "what it would have told; area NAME AREA: a name for an area (AREA - removes it); "
        "list-file NAME FILE.csv: a list of one's own; receiver [NAME KIND TARGET]: who is told; "
        "expect [FILE.csv|CALLSIGN FROM TO OFF ON|NUMBER heard|NUMBER -]: flights that should "
        "come. "
        "docs/WATCHES.md has the language.",
        NULL,
        NULL,
        NULL};
    static const struct {
        const char *name;
        watch_action_fn *run;
    } actions[] = {{"add", watch_add},           {"list", watch_list},
                   {"remove", watch_remove},     {"mute", watch_mute},
                   {"unmute", watch_unmute},     {"log", watch_log},
                   {"check", watch_check},       {"test", watch_test},
                   {"area", watch_area},         {"list-file", watch_list_file},
                   {"receiver", watch_receiver}, {"expect", watch_expected_flights}};
    struct watch_line l = {.since_ms = KEPT_NO_TIME,
                           .until_ms = KEPT_NO_TIME,
                           .expires_ms = KEPT_NO_TIME,
                           .limit = 100};
    char names[200] = "";
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &l);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (l.arguments > 0 && strcmp(actions[i].name, l.argument[0]) == 0) {
            l.arguments--;
            memmove(l.argument, l.argument + 1, (size_t)l.arguments * sizeof *l.argument);
            return actions[i].run(&l);
        }
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ", " : "",
                 actions[i].name);
    }
    return watch_usage("write %s%s%s: %s", l.arguments ? "instead of '" : "an action",
                       l.arguments ? l.argument[0] : "", l.arguments ? "'" : "", names);
}

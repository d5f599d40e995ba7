/* masar operation: an airlift against its deadline. */
#include "app/command.h"
#include "app/operation/operation_cli.h"
#include "app/options.h"
#include "base/instant.h"
#include "operation/sortie.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_STORE = 256,
    KEY_DATA,
    KEY_AT,
    KEY_FROM,
    KEY_BY,
    KEY_REASON,
    KEY_FORMAT,
    KEY_VERSION,
    KEY_KEEP,
    KEY_LANG,
    KEY_OUT,
    KEY_VERIFY,
    KEY_PUBLISH,
    KEY_SIGN
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "the history; operations.sqlite stands in it", 0},
    {"data", KEY_DATA, "DIR", 0, "reference data (default: as masar data)", 0},
    {"at", KEY_AT, "T", 0, "as known then (default: now, or the operation's end)", 0},
    {"from", KEY_FROM, "DIR", 0, "new: a folder with operation.csv, bases.csv, claims.csv …", 0},
    {"by", KEY_BY, "NAME", 0, "who makes the change (default: the user's name)", 0},
    {"reason", KEY_REASON, "TEXT", 0, "why the change is made", 0},
    {"version", KEY_VERSION, "N", 0, "the change last seen of what is changed: refused if newer",
     0},
    {"format", KEY_FORMAT, "F", 0, "show, forecast, plan: text or json; export: csv or json", 0},
    {"keep", KEY_KEEP, NULL, 0, "forecast: keep it, so that readers see later how it did", 0},
    {"lang", KEY_LANG, "L", 0, "statement: en, ar or fr (default en)", 0},
    {"out", KEY_OUT, "FILE", 0, "statement: where to write it (default: its hash and .html)", 0},
    {"verify", KEY_VERIFY, "FILE", 0,
     "statement: make it again and compare; without --store: check its hash and signature", 0},
    {"publish", KEY_PUBLISH, NULL, 0, "statement: for the read-only listener too", 0},
    {"sign", KEY_SIGN, "FILE", 0, "statement: sign with this key; made if it is not there", 0},
    {0},
};

static const char doc[] =
    "An airlift against its deadline: its requirement, flights, clearances, claims and forecast.\v"
    "  new NAME field=value...           begin one (--from DIR: with all that stands in it)\n"
    "  list | show NAME | forecast NAME | log NAME\n"
    "  set NAME field=value...           of the operation itself\n"
    "  require|clear|claim|base|rule|factor|tail|correct|sight NAME KEY field=value...\n"
    "  remove NAME KIND KEY | undo NAME CHANGE\n"
    "  import NAME KIND FILE.csv         all of a file or nothing\n"
    "  export NAME KIND|flights|board|heard [--format csv|json]\n"
    "  plan NAME [fleet=C17:6] [hours=12] departures by day that make the deadline (needs GLPK)\n"
    "  statement NAME [--at T] [--lang L] [--out FILE] | statement --verify FILE\n"
    "A base, rule and tail is named by its airport, country and address; a correction by address "
    "and instant: aefc10/2024-06-07T17:08Z.";

static void take_at(struct operation_cli *c, const char *arg, struct argp_state *state)
{
    int64_t t_us;
    if (instant_parse(arg, &t_us)) {
        argp_error(state, "--at '%s' is no instant: write 2024-07-20 or 2024-07-20T12:00:00Z", arg);
    }
    c->at_ms = t_us / 1000;
}

static void take_version(struct operation_cli *c, const char *arg, struct argp_state *state)
{
    char *end;
    c->version = strtoll(arg, &end, 10);
    if (end == arg || *end || c->version < 0) {
        argp_error(state, "--version '%s' is no number of a change", arg);
    }
}

static error_t parse_text(int key, const char *arg, struct operation_cli *c)
{
    const struct {
        int key;
        const char **to;
    } texts[] = {{KEY_STORE, &c->store}, {KEY_DATA, &c->data},     {KEY_FROM, &c->from},
                 {KEY_BY, &c->by},       {KEY_REASON, &c->reason}, {KEY_FORMAT, &c->format},
                 {KEY_LANG, &c->lang},   {KEY_OUT, &c->out},       {KEY_VERIFY, &c->verify},
                 {KEY_SIGN, &c->key}};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        if (texts[k].key == key) {
            *texts[k].to = arg;
            return 0;
        }
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct operation_cli *c = state->input;
    switch (key) {
    case KEY_AT:
        take_at(c, arg, state);
        return 0;
    case KEY_VERSION:
        take_version(c, arg, state);
        return 0;
    case KEY_KEEP:
        c->keep = true;
        return 0;
    case KEY_PUBLISH:
        c->publish = true;
        return 0;
    case ARGP_KEY_ARG:
        if (!c->action) {
            c->action = arg;
        } else if (c->words < OPERATION_WORDS_MAX) {
            c->word[c->words++] = arg;
        } else {
            argp_error(state, "more than %d words", OPERATION_WORDS_MAX);
        }
        return 0;
    case ARGP_KEY_END:
        if (!c->action) {
            argp_error(state, "name an action: new, show, require, clear, claim, forecast …");
        } else if (!c->store && !c->verify && strcmp(c->action, "land") != 0) {
            argp_error(state, "name a store: --store DIR");
        }
        return 0;
    default:
        return parse_text(key, arg, c);
    }
}

int operation_cli_wrong(const char *sentence)
{
    fprintf(stderr, "masar operation: %s\n", sentence);
    return EXIT_USAGE;
}

int operation_cli_failed(const char *sentence)
{
    fprintf(stderr, "masar operation: %s\n", sentence);
    return EXIT_COULD_NOT;
}

static const struct {
    const char *name;
    int (*run)(struct operation_cli *c);
    enum item_kind kind; /* where run is NULL: what it puts */
} actions[] = {
    {"new", operation_cli_new, ITEM_HEAD},
    {"list", operation_cli_list, ITEM_HEAD},
    {"show", operation_cli_show, ITEM_HEAD},
    {"set", NULL, ITEM_HEAD},
    {"require", NULL, ITEM_LINE},
    {"clear", NULL, ITEM_CLEARANCE},
    {"claim", NULL, ITEM_CLAIM},
    {"base", NULL, ITEM_BASE},
    {"rule", NULL, ITEM_RULE},
    {"factor", NULL, ITEM_FACTOR},
    {"tail", NULL, ITEM_TAIL},
    {"correct", NULL, ITEM_CORRECTION},
    {"sight", NULL, ITEM_SIGHTING},
    {"remove", operation_cli_remove, ITEM_HEAD},
    {"import", operation_cli_import, ITEM_HEAD},
    {"undo", operation_cli_undo, ITEM_HEAD},
    {"log", operation_cli_log, ITEM_HEAD},
    {"forecast", operation_cli_forecast, ITEM_HEAD},
    {"plan", operation_cli_plan, ITEM_HEAD},
    {"export", operation_cli_export, ITEM_HEAD},
    {"statement", operation_cli_statement, ITEM_HEAD},
    {"land", operation_cli_land, ITEM_HEAD},
};

int cmd_operation(int argc, char **argv)
{
    static const struct argp argp = {
        options, parse, "ACTION [NAME [KEY] [field=value...]]", doc, NULL, NULL, NULL};
    struct operation_cli c = {.at_ms = SORTIE_NO_TIME, .version = -1, .reason = ""};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &c);
    c.by = c.by ? c.by : getenv("USER") ? getenv("USER") : getenv("LOGNAME");
    c.by = c.by && *c.by ? c.by : "unknown";
    for (size_t k = 0; k < sizeof actions / sizeof *actions; k++) {
        if (strcmp(actions[k].name, c.action) == 0) {
            return actions[k].run ? actions[k].run(&c) : operation_cli_put(&c, actions[k].kind);
        }
    }
    fprintf(stderr, "masar operation: there is no action '%s'; masar operation --help lists them\n",
            c.action);
    return EXIT_USAGE;
}

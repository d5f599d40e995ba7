/* masar store: whether history is whole, making it so, how much of it there is. */
#include "app/command.h"
#include "app/keep.h"
#include "app/options.h"
#include "base/instant.h"
#include "store/store.h"

#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_KEEP_DAYS = 256, KEY_KEEP_GB };

struct store_arguments {
    const char *action, *dir;
    struct app_keep keep;
};

static const struct argp_option options[] = {
    {"keep-days", KEY_KEEP_DAYS, "N", 0, "prune: what is older goes", 0},
    {"keep-gb", KEY_KEEP_GB, "N", 0, "prune: the oldest goes while there is more", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct store_arguments *a = state->input;
    switch (key) {
    case KEY_KEEP_DAYS:
    case KEY_KEEP_GB:
        if (!app_parse_keep(arg, key == KEY_KEEP_DAYS ? &a->keep.days : &a->keep.gb)) {
            argp_error(state, "'%s': write a number above 0, for example 30 or 0.5", arg);
        }
        return 0;
    case ARGP_KEY_ARG:
        if (!a->action) {
            a->action = arg;
        } else if (!a->dir) {
            a->dir = arg;
        } else {
            argp_error(state, "'%s' is one argument too many", arg);
        }
        return 0;
    case ARGP_KEY_END:
        if (!a->action || !a->dir) {
            argp_error(state, "write check, repair, stats or prune, then the store's folder");
        } else if (strcmp(a->action, "prune") == 0 && a->keep.days <= 0 && a->keep.gb <= 0) {
            argp_error(state, "prune needs --keep-days N, --keep-gb N or both");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    puts(sentence);
}

static int failed(const char *dir, enum err e)
{
    fprintf(stderr, "masar store: %s cannot be read or written: %s\n", dir, err_text(e));
    return EXIT_COULD_NOT;
}

/* Exit status 1 where something is wrong, so that scripts can ask. */
static int check(struct store *s, const struct store_arguments *a)
{
    size_t found;
    const enum err e = store_check(s, say, NULL, &found);
    if (e) {
        return failed(a->dir, e);
    }
    printf("%zu findings\n", found);
    return found ? EXIT_COULD_NOT : EXIT_DONE;
}

static int repair(struct store *s, const struct store_arguments *a)
{
    size_t repaired;
    const enum err e = store_repair(s, say, NULL, &repaired);
    if (e) {
        return failed(a->dir, e);
    }
    printf("%zu repaired\n", repaired);
    return EXIT_DONE;
}

static void print_time(const char *name, int64_t t_ms)
{
    char text[32] = "-";
    if (t_ms != KEPT_NO_TIME) {
        instant_format(t_ms * 1000, 0, text);
    }
    printf("%s %s\n", name, text);
}

static int stats(struct store *s, const struct store_arguments *a)
{
    struct store_stats v;
    const enum err e = store_stats(s, &v);
    if (e) {
        return failed(a->dir, e);
    }
    const double points = v.points ? (double)v.points : 1.0;
    printf("positions %" PRIu64 "\nchunks %" PRIu64 "\naircraft %" PRIu64 "\nflights %" PRIu64 "\n",
           v.points, v.chunks, v.aircraft, v.flights);
    printf("receivers %" PRIu64 "\narchives %" PRIu64 "\njournal_positions %" PRIu64 "\n",
           v.receivers, v.archives, v.tail_points);
    printf("bytes %" PRIu64 "\nchunk_bytes %" PRIu64 "\n", v.file_bytes, v.chunk_bytes);
    printf("bytes_per_position %.2f\nchunk_bytes_per_position %.2f\n",
           (double)v.file_bytes / points, (double)v.chunk_bytes / points);
    print_time("first", v.first_ms);
    print_time("last", v.last_ms);
    return EXIT_DONE;
}

static int prune(struct store *s, const struct store_arguments *a)
{
    const struct store_keep keep = app_keep(&a->keep);
    uint64_t chunks = 0, points = 0;
    for (struct store_pruned p = {.more = true}; p.more;) {
        const enum err e = store_prune(s, &keep, &p);
        if (e) {
            return failed(a->dir, e);
        }
        chunks += p.chunks;
        points += p.points;
    }
    printf("chunks_removed %" PRIu64 "\npositions_removed %" PRIu64 "\n", chunks, points);
    return EXIT_DONE;
}

static const struct action {
    const char *name;
    enum store_mode mode;
    int (*run)(struct store *s, const struct store_arguments *a);
} actions[] = {{"check", STORE_READ, check},
               {"repair", STORE_WRITE, repair},
               {"stats", STORE_READ, stats},
               {"prune", STORE_WRITE, prune}};

int cmd_store(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "check|repair|stats|prune DIR",
        .doc = "check reads every chunk and says what is wrong (exit status 1 if anything is); "
               "repair sets torn chunks aside and makes the index anew; stats prints how much "
               "there is as `name value`; prune removes the oldest.",
    };
    struct store_arguments a = {0};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(a.action, actions[i].name) != 0) {
            continue;
        }
        const struct store_options o = {.mode = actions[i].mode};
        struct store *s = NULL;
        char why[512];
        /* A repair is of what is there: it makes no store. */
        const struct store_options look = {.mode = STORE_READ};
        enum err e = store_open(a.dir, &look, &s, why, sizeof why);
        if (!e && o.mode == STORE_WRITE) {
            store_close(s);
            s = NULL;
            e = store_open(a.dir, &o, &s, why, sizeof why);
        }
        if (e) {
            fprintf(stderr, "masar store: %s\n", why);
            return EXIT_COULD_NOT;
        }
        const int status = actions[i].run(s, &a);
        store_close(s);
        return status;
    }
    fprintf(stderr, "masar store: there is no '%s'; write check, repair, stats or prune\n",
            a.action);
    return EXIT_USAGE;
}

/* The actions of `masar operation` that change it. */
#include "app/command.h"
#include "app/load.h"
#include "app/operation/operation_cli.h"
#include "app/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct gathered {
    struct item *item;
    size_t n, cap;
};

static void gathered_free(struct gathered *g)
{
    for (size_t k = 0; k < g->n; k++) {
        item_free(&g->item[k]);
    }
    free(g->item);
}

static enum err gather(void *ctx, struct item *i, size_t line, char *why, size_t why_size)
{
    struct gathered *g = ctx;
    (void)line;
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 64;
        struct item *more = realloc(g->item, g->cap * sizeof *more);
        if (!more) {
            snprintf(why, why_size, "out of memory");
            return ERR_MEMORY;
        }
        g->item = more;
    }
    const enum err e = item_copy(i, &g->item[g->n]);
    g->n += !e;
    return e;
}

/* field=value of all words from one on. */
static enum err set_words(struct item *i, const struct operation_cli *c, size_t from, char *why,
                          size_t size)
{
    enum err e = ERR_OK;
    for (size_t k = from; k < c->words && !e; k++) {
        char name[64];
        const char *equals = strchr(c->word[k], '=');
        if (!equals || equals == c->word[k] || equals - c->word[k] >= (int)sizeof name) {
            snprintf(why, size, "'%.60s' is not of the form field=value", c->word[k]);
            return ERR_SYNTAX;
        }
        memcpy(name, c->word[k], (size_t)(equals - c->word[k]));
        name[equals - c->word[k]] = 0;
        e = item_set(i, name, equals + 1, why, size);
    }
    return e;
}

static int change_all(const struct operation_cli *c, struct operation_file *f, const char *name,
                      const struct gathered *g, int64_t version)
{
    char why[OPERATION_FILE_WHY_MAX];
    int64_t id = 0;
    struct operation_change *change = calloc(g->n + 1, sizeof *change);
    if (!change) {
        return operation_cli_failed("out of memory");
    }
    for (size_t k = 0; k < g->n; k++) {
        change[k] = (struct operation_change){.after = &g->item[k],
                                              .kind = g->item[k].kind,
                                              .key = g->item[k].key,
                                              .version = k == 0 ? version : -1};
    }
    const struct operation_by by = {c->by, c->reason, app_clock_us() / 1000};
    const enum err e = operation_file_change(f, name, change, g->n, &by, &id, why, sizeof why);
    free(change);
    if (e) {
        return operation_cli_failed(why);
    }
    if (id == 0) {
        puts("nothing changed");
    } else {
        printf("change %" PRId64 "\n", id);
    }
    return EXIT_DONE;
}

static enum err gather_file(struct gathered *g, const char *path, enum item_kind kind, char *why,
                            size_t size)
{
    struct buf b = {0};
    char said[ITEM_WHY_MAX];
    enum err e = load_file(path, &b, why, size);
    if (!e &&
        item_csv(kind, (char *)b.p, b.n, app_clock_us() / 1000, gather, g, said, sizeof said)) {
        snprintf(why, size, "%s: %s", path, said);
        e = ERR_SYNTAX;
    }
    buf_free(&b);
    return e;
}

/* Every file of the folder there is, the operation itself first. */
static enum err gather_folder(struct gathered *g, const char *folder, char *why, size_t size)
{
    static const struct {
        const char *file;
        enum item_kind kind;
    } files[] = {{"operation.csv", ITEM_HEAD},    {"bases.csv", ITEM_BASE},
                 {"rules.csv", ITEM_RULE},        {"factors.csv", ITEM_FACTOR},
                 {"tails.csv", ITEM_TAIL},        {"requirement.csv", ITEM_LINE},
                 {"claims.csv", ITEM_CLAIM},      {"clearances.csv", ITEM_CLEARANCE},
                 {"sightings.csv", ITEM_SIGHTING}};
    enum err e = ERR_OK;
    for (size_t k = 0; k < sizeof files / sizeof *files && !e; k++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, files[k].file);
        if (access(path, R_OK) == 0) {
            e = gather_file(g, path, files[k].kind, why, size);
        } else if (k == 0) {
            snprintf(why, size, "%s cannot be read: %s", path, strerror(errno));
            e = ERR_NOT_FOUND;
        }
    }
    return e;
}

static int open_file(const struct operation_cli *c, bool write, struct operation_file **f)
{
    char why[OPERATION_FILE_WHY_MAX];
    if (write) {
        char path[1100];
        snprintf(path, sizeof path, "%s/operations.sqlite", c->store);
        app_make_parents(path);
    }
    return operation_file_open(c->store, write, f, why, sizeof why) ? operation_cli_failed(why)
                                                                    : EXIT_DONE;
}

int operation_cli_new(struct operation_cli *c)
{
    char why[OPERATION_FILE_WHY_MAX];
    struct gathered g = {0};
    struct operation_file *f = NULL;
    struct item head;
    if (c->words < 1) {
        return operation_cli_wrong("new NAME field=value…, or new NAME --from DIR");
    }
    enum err e = item_start(&head, ITEM_HEAD, c->word[0], why, sizeof why);
    if (!e && c->from) {
        e = gather_folder(&g, c->from, why, sizeof why);
    } else if (!e) {
        e = gather(&g, &head, 0, why, sizeof why);
    }
    if (!e && g.n > 0) {
        memcpy(g.item[0].key, head.key, sizeof head.key);
        e = set_words(&g.item[0], c, 1, why, sizeof why);
    }
    int status = e ? operation_cli_failed(why) : open_file(c, true, &f);
    if (!status && operation_file_version(f, c->word[0], ITEM_HEAD, c->word[0]) > 0) {
        status = operation_cli_failed("there is an operation of this name; set changes it");
    }
    status = status ? status : change_all(c, f, c->word[0], &g, 0);
    operation_file_close(f);
    gathered_free(&g);
    return status;
}

int operation_cli_put(struct operation_cli *c, enum item_kind kind)
{
    char why[OPERATION_FILE_WHY_MAX];
    struct operation o = {0};
    struct operation_file *f = NULL;
    struct gathered g = {0};
    struct item i;
    const size_t fields = kind == ITEM_HEAD ? 1 : 2;
    if (c->words < fields) {
        return operation_cli_wrong(kind == ITEM_HEAD ? "set NAME field=value…"
                                                     : "ACTION NAME KEY field=value…");
    }
    int status = open_file(c, false, &f);
    if (status) {
        return status;
    }
    enum err e = operation_file_load(f, c->word[0], &o, why, sizeof why);
    const struct item *old = e ? NULL : operation_find(&o, kind, c->word[fields - 1]);
    e = e     ? e
        : old ? item_copy(old, &i)
              : item_start(&i, kind, c->word[fields - 1], why, sizeof why);
    if (!e) {
        e = set_words(&i, c, fields, why, sizeof why);
        e = e ? e : gather(&g, &i, 0, why, sizeof why);
        item_free(&i);
    }
    status = e ? operation_cli_failed(why) : change_all(c, f, c->word[0], &g, c->version);
    gathered_free(&g);
    operation_free(&o);
    operation_file_close(f);
    return status;
}

int operation_cli_remove(struct operation_cli *c)
{
    char why[OPERATION_FILE_WHY_MAX];
    struct operation_file *f = NULL;
    const enum item_kind kind = c->words == 3 ? item_kind_find(c->word[1]) : ITEM_KINDS;
    if (kind == ITEM_KINDS || kind == ITEM_HEAD) {
        return operation_cli_wrong("remove NAME KIND KEY; kinds are base, line, clearance, rule, "
                                   "claim, factor, tail, correction, sighting");
    }
    int status = open_file(c, false, &f);
    if (!status) {
        const struct operation_change change = {
            .kind = kind, .key = c->word[2], .version = c->version};
        const struct operation_by by = {c->by, c->reason, app_clock_us() / 1000};
        if (operation_file_change(f, c->word[0], &change, 1, &by, NULL, why, sizeof why)) {
            status = operation_cli_failed(why);
        }
    }
    operation_file_close(f);
    return status;
}

int operation_cli_import(struct operation_cli *c)
{
    char why[OPERATION_FILE_WHY_MAX];
    struct operation_file *f = NULL;
    struct gathered g = {0};
    const enum item_kind kind = c->words == 3 ? item_kind_find(c->word[1]) : ITEM_KINDS;
    if (kind == ITEM_KINDS) {
        return operation_cli_wrong("import NAME KIND FILE.csv; kinds are bases, lines, clearances, "
                                   "rules, claims, factors, tails, corrections, sightings");
    }
    int status = open_file(c, false, &f);
    if (!status && gather_file(&g, c->word[2], kind, why, sizeof why)) {
        status = operation_cli_failed(why);
    }
    status = status ? status : change_all(c, f, c->word[0], &g, -1);
    if (!status) {
        printf("%zu of %s\n", g.n, item_kind_key(kind));
    }
    gathered_free(&g);
    operation_file_close(f);
    return status;
}

int operation_cli_undo(struct operation_cli *c)
{
    char why[OPERATION_FILE_WHY_MAX], *end;
    struct operation_file *f = NULL;
    const int64_t id = c->words == 2 ? strtoll(c->word[1], &end, 10) : 0;
    if (id < 1 || *end) {
        return operation_cli_wrong("undo NAME CHANGE; masar operation log NAME lists changes");
    }
    int status = open_file(c, false, &f);
    if (!status) {
        const struct operation_by by = {c->by, c->reason, app_clock_us() / 1000};
        if (operation_file_undo(f, c->word[0], id, &by, why, sizeof why)) {
            status = operation_cli_failed(why);
        }
    }
    operation_file_close(f);
    return status;
}

static int print_buf(struct buf *b, enum err e)
{
    if (!e && fwrite(b->p, 1, b->n, stdout) == b->n) {
        putchar('\n');
    } else {
        e = e ? e : ERR_SYSTEM;
    }
    buf_free(b);
    return e ? operation_cli_failed("it cannot be read or written") : EXIT_DONE;
}

int operation_cli_log(struct operation_cli *c)
{
    struct operation_file *f = NULL;
    struct buf b = {0};
    if (c->words != 1) {
        return operation_cli_wrong("log NAME");
    }
    int status = open_file(c, false, &f);
    status = status ? status : print_buf(&b, operation_file_log(f, c->word[0], 1000000, &b));
    operation_file_close(f);
    return status;
}

static void print_name(void *ctx, const char *operation)
{
    (void)ctx;
    puts(operation);
}

int operation_cli_list(struct operation_cli *c)
{
    struct operation_file *f = NULL;
    int status = open_file(c, false, &f);
    if (!status && operation_file_names(f, print_name, NULL)) {
        status = operation_cli_failed("operations.sqlite cannot be read");
    }
    operation_file_close(f);
    return status;
}

/* masar watch receiver: who is told, how, and what waits for them. */
#include "app/command.h"
#include "app/watch/watch_command.h"
#include "deliver/deliver.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show(void *ctx, const struct book_receiver *r)
{
    const struct watch_line *l = ctx;
    if (!l->json) {
        printf("%-20s %-8s %s%s; %llu wait\n", r->name, r->kind, r->target,
               r->local ? " (may be local)" : "", (unsigned long long)r->waiting);
        return;
    }
    json_t *row = json_pack("{s:s,s:s,s:s,s:b,s:I}", "name", r->name, "kind", r->kind, "target",
                            r->target, "local", (int)r->local, "waiting", (json_int_t)r->waiting);
    json_dumpf(row, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(row);
}

static bool good_name(const char *name)
{
    return name[0] && strlen(name) <= BOOK_NAME_MAX &&
           name[strspn(
               name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static int put(const struct watch_line *l, struct book *b)
{
    char secret[48] = "", why[512];
    const char *name = l->argument[0], *kind = l->argument[1];
    if (!good_name(name)) {
        return watch_usage("'%s': a receiver's name has letters, digits, - _ and .", name);
    }
    if (!deliver_check(kind, l->argument[2], why, sizeof why)) {
        return watch_usage("%s", why);
    }
    if (!l->secret && strcmp(kind, "webhook") == 0) {
        deliver_secret(secret);
    }
    const struct book_receiver r = {.name = name,
                                    .kind = kind,
                                    .target = l->argument[2],
                                    .secret = l->secret ? l->secret : secret,
                                    .local = l->local};
    const enum err e = book_receiver_put(b, &r);
    if (e) {
        return watch_complain(e == ERR_FULL ? "there are %d receivers, no more fit: remove one"
                                            : "the receiver cannot be kept",
                              BOOK_RECEIVERS_MAX);
    }
    printf("receiver %s kept%s%s\n", name, secret[0] ? "; its messages are signed with " : "",
           secret);
    return EXIT_DONE;
}

struct known {
    const char *name; /* n bytes */
    size_t n;
    bool found;
    char all[400];
};

static void know(void *ctx, const struct book_receiver *r)
{
    struct known *k = ctx;
    const size_t at = strlen(k->all);
    k->found |= strlen(r->name) == k->n && memcmp(r->name, k->name, k->n) == 0;
    snprintf(k->all + at, sizeof k->all - at, "%s%s", at ? ", " : "", r->name);
}

bool watch_receivers_known(struct book *b, const char *to)
{
    for (const char *p = to; *p;) {
        struct known k = {.name = p, .n = strcspn(p, ",")};
        if (book_receivers(b, know, &k) || !k.found) {
            watch_usage(
                "there is no receiver '%.*s'; there are: %s (masar watch receiver makes one)",
                (int)k.n, p, k.all[0] ? k.all : "none");
            return false;
        }
        p += k.n + (p[k.n] == ',');
    }
    return true;
}

/* receiver; receiver NAME -; receiver NAME KIND TARGET. */
int watch_receiver(const struct watch_line *l)
{
    const bool removes = l->arguments == 2 && strcmp(l->argument[1], "-") == 0;
    if (l->arguments != 0 && l->arguments != 3 && !removes) {
        return watch_usage("receiver alone lists them; NAME KIND TARGET makes one (webhook, mail, "
                           "mqtt, command; docs/WATCHES.md); NAME - removes it");
    }
    struct book *b = watch_book(l, l->arguments == 3);
    int status = EXIT_DONE;
    if (!b) {
        return l->store ? EXIT_COULD_NOT : EXIT_USAGE;
    }
    if (l->arguments == 0) {
        status = book_receivers(b, show, (void *)l)
                     ? watch_complain("the book of watches cannot be read")
                     : EXIT_DONE;
    } else if (removes) {
        status = book_receiver_remove(b, l->argument[0])
                     ? watch_complain("there is no receiver '%s'", l->argument[0])
                     : EXIT_DONE;
    } else {
        status = put(l, b);
    }
    book_close(b);
    return status;
}

/* A store in a folder of its own, for tests. */
#ifndef MASAR_TESTS_STORE_FOLDER_H
#define MASAR_TESTS_STORE_FOLDER_H

#include "kept_fleet.h"
#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

static inline void folder_new(char dir[64])
{
    strcpy(dir, "/tmp/masar-store-XXXXXX");
    if (!mkdtemp(dir)) {
        abort();
    }
}

static inline void folder_remove(const char *dir)
{
    static const char *const file[] = {"index.sqlite", "index.sqlite-wal", "index.sqlite-shm",
                                       "tail",         "tail.new",         "lock"};
    char path[128];
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, file[i]);
        unlink(path);
    }
    rmdir(dir);
}

static inline struct store *folder_open(const char *dir, const struct store_options *o)
{
    char why[512] = "";
    struct store *s = NULL;
    if (store_open(dir, o, &s, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        abort();
    }
    return s;
}

struct found {
    struct kept *p;
    size_t n, cap;
};

static inline bool found_take(void *ctx, const struct kept *p)
{
    struct found *f = ctx;
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 1024;
        f->p = realloc(f->p, f->cap * sizeof *f->p);
    }
    f->p[f->n++] = *p;
    return true;
}

#endif

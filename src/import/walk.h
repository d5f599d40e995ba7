/* Finds the files: folders, tars, zips, parts of tars; and reads their bytes, in order. */
#ifndef MASAR_IMPORT_WALK_H
#define MASAR_IMPORT_WALK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file's bytes up to here come in one block. */
enum { WALK_WHOLE_MAX = 8 << 20, WALK_BLOCK = 1 << 20 };

struct walk_calls {
    /* A file: is_named where the user named it himself. NULL: do not read it. name holds for the
       call. */
    void *(*open)(void *ctx, const char *name, uint64_t bytes, int64_t mtime_s, bool is_named);
    /* Its next bytes; block is the callee's (free). is_last: there are no more, and close follows.
       False: the rest is not wanted; close follows. */
    bool (*data)(void *ctx, void *file, uint8_t *block, size_t n, bool is_last);
    /* It is read, or cannot be read on: why is a sentence's end. */
    void (*close)(void *ctx, void *file, enum err e, const char *why);
    /* A path or member that is not read at all, and why. */
    void (*refused)(void *ctx, const char *name, enum err e, const char *why);
    /* How far it is in bytes of files on this disk. False: stop. */
    bool (*at)(void *ctx, uint64_t bytes);
};

void walk(const char *const *path, size_t n, const struct walk_calls *calls, void *ctx);

#endif

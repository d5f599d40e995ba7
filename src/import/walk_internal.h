/* What walk.c and walk_tar.c share. */
#ifndef MASAR_IMPORT_WALK_INTERNAL_H
#define MASAR_IMPORT_WALK_INTERNAL_H

#include "import/walk.h"

#include <sys/stat.h>

enum { WALK_NAME_MAX = 4096, WALK_HEAD = 4096 };

struct walker {
    const struct walk_calls *calls;
    void *ctx;
    uint64_t before; /* bytes of the files already read */
    bool is_stopped;
};

/* Whether a file that begins so, perhaps packed, is a tar or zip. */
bool walk_is_archive(const uint8_t *head, size_t n);

/* Whether the name is that of a tar's part, x.tar.ab, and not of its first. */
bool walk_is_later_part(const char *path);

/* Reads the members of the archive at path, and the parts behind it. */
void walk_archive(struct walker *w, const char *path);

void walk_progress(struct walker *w, uint64_t bytes);

#endif

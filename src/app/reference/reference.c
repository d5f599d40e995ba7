#include "app/reference/reference.h"

#include "app/reference/reference_book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct reference {
    char dir[4096];
    char why[512];
    bool has_dir;
    struct mapped airports_file;
    struct airports *airports;
    struct mapped land_file;
    struct airspace *airspace;
    struct reference_book *book;
};

bool reference_dir(const char *dir, char *out, size_t size)
{
    const char *own = getenv("MASAR_DATA"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int n;
    if ((dir && *dir) || (own && *own)) {
        n = snprintf(out, size, "%s", dir && *dir ? dir : own);
    } else if (data && *data) {
        n = snprintf(out, size, "%s/masar", data);
    } else if (home && *home) {
        n = snprintf(out, size, "%s/.local/share/masar", home);
    } else {
        return false;
    }
    return n > 0 && (size_t)n < size;
}

bool reference_find(const char *dir, const char *name, char *out, size_t size)
{
    char folder[4096];
    if (reference_dir(dir, folder, sizeof folder)) {
        const int n = snprintf(out, size, "%s/%s", folder, name);
        if (n > 0 && (size_t)n < size && access(out, R_OK) == 0) {
            return true;
        }
    }
    char program[4096];
    const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0) {
        return false;
    }
    program[n] = 0;
    *strrchr(program, '/') = 0;
    static const char *const places[] = {"../share/masar", "../reference"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const int wrote = snprintf(out, size, "%s/%s/%s", program, places[i], name);
        if (wrote > 0 && (size_t)wrote < size && access(out, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

struct reference *reference_open(const char *dir)
{
    struct reference *r = calloc(1, sizeof *r);
    if (r && dir) {
        snprintf(r->dir, sizeof r->dir, "%s", dir);
        r->has_dir = true;
    }
    return r;
}

void reference_unmap(struct mapped *m)
{
    if (m->p) {
        munmap(m->p, m->n);
    }
    *m = (struct mapped){0};
}

void reference_close(struct reference *r)
{
    if (r) {
        reference_book_close(r->book);
        airspace_free(r->airspace);
        reference_unmap(&r->land_file);
        airports_free(r->airports);
        reference_unmap(&r->airports_file);
        free(r);
    }
}

bool reference_map(const char *path, struct mapped *m)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fstat(fd, &st) == 0;
    if (done && st.st_size == 0) {
        errno = EINVAL;
        done = false;
    }
    if (done) {
        m->n = (size_t)st.st_size;
        m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (m->p == MAP_FAILED) {
            m->p = NULL;
            done = false;
        }
    }
    if (fd >= 0) {
        const int error = errno;
        close(fd);
        errno = error;
    }
    return done;
}

const struct airports *reference_airports(struct reference *r)
{
    char path[4200], why[128];
    if (r->airports) {
        return r->airports;
    }
    if (!reference_find(r->has_dir ? r->dir : NULL, REFERENCE_AIRPORTS, path, sizeof path)) {
        snprintf(
            r->why, sizeof r->why,
            "there is no file of airports: run script/setup in a clone, or `masar data update`");
        return NULL;
    }
    if (!reference_map(path, &r->airports_file)) {
        snprintf(r->why, sizeof r->why, "%.300s cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    if (airports_open(r->airports_file.p, r->airports_file.n, &r->airports, why, sizeof why)) {
        snprintf(r->why, sizeof r->why, "%.300s: %s; `masar data update` makes it anew", path, why);
        reference_unmap(&r->airports_file);
        return NULL;
    }
    return r->airports;
}

const struct airspace *reference_airspace(struct reference *r)
{
    char path[4200];
    if (!r->airspace &&
        reference_find(r->has_dir ? r->dir : NULL, REFERENCE_LAND, path, sizeof path) &&
        reference_map(path, &r->land_file) &&
        airspace_open(r->land_file.p, r->land_file.n, &r->airspace)) {
        reference_unmap(&r->land_file);
    }
    return r->airspace;
}

static bool land(void *ctx, const char country[3], struct buf *out)
{
    const struct airspace *a = reference_airspace(ctx);
    return a && airspace_geojson(a, country, out);
}

struct area_lands reference_lands(struct reference *r)
{
    return (struct area_lands){land, r};
}

const char *reference_why(const struct reference *r)
{
    return r->why;
}

const struct identity_book *reference_book(struct reference *r)
{
    static const struct identity_book nothing = {.lists = 0};
    char folder[4096] = "";
    if (!r->book) {
        reference_dir(r->has_dir ? r->dir : NULL, folder, sizeof folder);
        r->book = reference_book_open(folder, r->why, sizeof r->why);
    }
    return r->book ? reference_book_view(r->book) : &nothing;
}

bool reference_changed(const struct reference *r)
{
    return r->book && reference_book_changed(r->book);
}

void reference_reload(struct reference *r)
{
    reference_book_close(r->book);
    r->book = NULL;
    reference_book(r);
}

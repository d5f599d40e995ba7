#include "app/export_files.h"

#include "archive/export.h"
#include "base/instant.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define DAY_MS INT64_C(86400000)

enum { PATH_MAX_BYTES = 4096, NAMES = 1 << 16 };

struct files {
    const struct question *q;
    struct store *s;
    const char *dir;
    bool is_trace;
    struct exporter *exporter; /* NULL: no file is open */
    uint32_t address;
    int64_t day;
    struct buf out, packed;
    char *names; /* of receivers, 201 bytes each; NULL: none was asked for */
    bool *has_name;
};

static int64_t day_of(int64_t t_ms)
{
    return t_ms >= 0 ? t_ms / DAY_MS : -((DAY_MS - 1 - t_ms) / DAY_MS);
}

static const char *receiver_name(void *ctx, uint16_t number)
{
    struct files *f = ctx;
    enum { EACH = 201 };
    if (!f->names) {
        f->names = calloc(NAMES, EACH);
        f->has_name = calloc(NAMES, sizeof *f->has_name);
    }
    if (!f->names || !f->has_name) {
        return "";
    }
    char *name = f->names + (size_t)number * EACH;
    if (!f->has_name[number]) {
        f->has_name[number] = store_receiver_name(f->s, number, name) == ERR_OK;
    }
    return name;
}

static bool path_of(const struct files *f, char out[PATH_MAX_BYTES])
{
    const char *other = f->address & ADDRESS_NON_ICAO ? "~" : "";
    const unsigned hex = f->address & 0xffffff;
    int n;
    if (f->is_trace) {
        const struct instant_parts t = instant_split(f->day * DAY_MS * 1000);
        n = snprintf(out, PATH_MAX_BYTES, "%s/%04d/%02d/%02d/traces/%02x/trace_full_%s%06x.json",
                     f->dir, t.year, t.month, t.day, hex & 0xff, other, hex);
    } else {
        n = snprintf(out, PATH_MAX_BYTES, "%s/%s%06x.%s", f->dir, other, hex, f->q->export->suffix);
    }
    if (n >= PATH_MAX_BYTES) {
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

static enum err pack(struct files *f)
{
    z_stream z = {0};
    buf_clear(&f->packed);
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY)) {
        return ERR_MEMORY;
    }
    const size_t room = deflateBound(&z, f->out.n);
    uint8_t *to = buf_reserve(&f->packed, room);
    if (to) {
        z.next_in = f->out.p;
        z.avail_in = (uInt)f->out.n;
        z.next_out = to;
        z.avail_out = (uInt)room;
        deflate(&z, Z_FINISH);
        f->packed.n += z.total_out;
    }
    deflateEnd(&z);
    return to ? ERR_OK : ERR_MEMORY;
}

/* The folders a file lies in, for others to read too: a web server, another tar1090. */
static bool make_folders(const char *path)
{
    char folder[PATH_MAX_BYTES];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return true;
}

static enum err write_whole(const char *path, const struct buf *b)
{
    char part[PATH_MAX_BYTES + 8];
    snprintf(part, sizeof part, "%s.part", path);
    if (!make_folders(path)) {
        return ERR_SYSTEM;
    }
    FILE *file = fopen(part, "wb");
    if (!file) {
        return ERR_SYSTEM;
    }
    bool fine = fwrite(b->p, 1, b->n, file) == b->n;
    fine = fclose(file) == 0 && fine;
    if (!fine || rename(part, path) != 0) {
        const int why = errno;
        remove(part);
        errno = why;
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

static enum err end_file(struct files *f)
{
    if (!f->exporter) {
        return ERR_OK;
    }
    char path[PATH_MAX_BYTES];
    export_end(f->exporter);
    f->exporter = NULL;
    enum err e = f->out.failed ? ERR_MEMORY : path_of(f, path) ? ERR_OK : ERR_SYSTEM;
    if (!e && f->is_trace) {
        e = pack(f);
    }
    return e ? e : write_whole(path, f->is_trace ? &f->packed : &f->out);
}

static enum err take(struct files *f, const struct kept *k)
{
    const int64_t day = f->is_trace ? day_of(k->t_ms) : 0;
    if (f->exporter && (k->address != f->address || day != f->day)) {
        const enum err e = end_file(f);
        if (e) {
            return e;
        }
    }
    if (!f->exporter) {
        f->address = k->address;
        f->day = day;
        buf_clear(&f->out);
        f->exporter = export_new(f->q->export, f->q->gap_ms, &f->out);
        if (!f->exporter) {
            return ERR_MEMORY;
        }
        export_receivers(f->exporter, receiver_name, f);
    }
    export_point(f->exporter, k);
    return ERR_OK;
}

static enum err run(struct files *f, struct store_search *search, struct inquiry_state *state)
{
    struct store_after last = f->q->query.after;
    enum err e = ERR_OK;
    for (bool more = true; !e && more;) {
        const struct kept *p;
        size_t n;
        e = store_search_next(search, f->s, &p, &n, &more);
        for (size_t i = 0; !e && i < n; i++) {
            if (f->q->limit && state->found == f->q->limit) {
                question_cursor(&last, state->next);
                more = false;
                break;
            }
            e = take(f, &p[i]);
            state->found++;
            const bool is_same = p[i].address == last.address && p[i].t_ms == last.t_ms;
            last = (struct store_after){p[i].address, p[i].t_ms, is_same ? last.n + 1 : 1};
        }
    }
    return e ? e : end_file(f);
}

enum err export_files(const struct question *q, struct store *s, const char *dir,
                      struct inquiry_state *state)
{
    struct files f = {.q = q, .s = s, .dir = dir};
    struct store_search *search = NULL;
    f.is_trace = strcmp(q->export->name, "readsb-trace") == 0;
    if (mkdir(dir, 0755) != 0 && errno != EEXIST) {
        return ERR_SYSTEM;
    }
    errno = 0;
    enum err e = store_search_new(s, &q->query, &search);
    e = e ? e : run(&f, search, state);
    if (f.exporter) { /* what was begun when it failed */
        export_end(f.exporter);
    }
    if (search) {
        state->search = store_search_state(search);
    }
    store_search_free(search);
    buf_free(&f.out);
    buf_free(&f.packed);
    free(f.names);
    free(f.has_name);
    return e;
}

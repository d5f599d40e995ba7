#include "archive/snapshot.h"

#include "archive/detail.h"
#include "base/buf.h"
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { AIRCRAFT_MAX = 1 << 20, LOOK_BYTES = 4096 };

/* An aircraft's last position. */
struct last {
    int32_t lat_e7, lon_e7;
};

struct snapshot_reader {
    archive_point_fn *out;
    void *ctx;
    enum err err;
    const char *why;
    struct snapshot_sums sums;
    struct detail_keys keys;
    struct detail detail;
    struct buf held; /* the file */
    struct map map;  /* address → number in last */
    bool has_map;
    struct last *last;
    uint32_t last_n, last_max;
};

static enum err broken(struct snapshot_reader *r, enum err e, const char *why)
{
    r->err = e;
    r->why = why;
    return e;
}

/* ---- an aircraft ---- */

/* NULL: out of memory. is_new: it was not there. */
static struct last *last_of(struct snapshot_reader *r, uint32_t address, bool *is_new)
{
    const uint32_t at = map_get(&r->map, address);
    *is_new = at == MAP_NONE;
    if (!*is_new) {
        return &r->last[at];
    }
    if (r->last_n == r->last_max) {
        const uint32_t max = r->last_max ? 2 * r->last_max : 256;
        struct last *more = realloc(r->last, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->last = more;
        r->last_max = max;
    }
    return map_add(&r->map, address, r->last_n) ? NULL : &r->last[r->last_n++];
}

static enum err give(struct snapshot_reader *r, const struct detail *d, int64_t now_ms)
{
    char type[24] = "";
    struct kept k = d->k;
    bool is_new;
    k.t_ms = now_ms - d->seen_pos_ms;
    if (k.address == ADDRESS_NONE || k.t_ms < KEPT_TIME_MIN || k.t_ms > KEPT_TIME_MAX) {
        r->sums.bad_points++;
        return ERR_OK;
    }
    struct last *last = last_of(r, k.address, &is_new);
    if (!last) {
        return broken(r, ERR_MEMORY, "out of memory");
    }
    if (!is_new && last->lat_e7 == k.lat_e7 && last->lon_e7 == k.lon_e7) {
        r->sums.repeated++;
        return ERR_OK;
    }
    *last = (struct last){k.lat_e7, k.lon_e7};
    if (d->type.n < sizeof type) {
        memcpy(type, d->type.p, d->type.n);
        type[d->type.n] = 0;
    }
    k.origin = (uint8_t)origin_find(type);
    k.alt_baro_ft = k.ground ? KEPT_NONE : k.alt_baro_ft;
    r->sums.points++;
    r->out(r->ctx, &k, &(struct archive_more){0});
    return ERR_OK;
}

/* s stands before the array of aircraft. */
static enum err read_aircraft(struct snapshot_reader *r, struct scan *s, int64_t now_ms)
{
    char c;
    enum err e = scan_expect(s, '[');
    while (!e && !(e = scan_peek(s, &c)) && c != ']') {
        if (c == ',') {
            s->p++;
        } else if (c != '{') {
            e = scan_skip(s);
            r->sums.bad_points += !e;
        } else {
            e = detail_read(&r->keys, s, &r->detail, &r->sums.bad_values);
            e = !e && r->detail.has_place ? give(r, &r->detail, now_ms) : e;
        }
    }
    return e;
}

/* ---- a picture ---- */

/* Where an object's members stand that count; NULL where they are not there. */
struct members {
    const char *now, *aircraft, *files;
};

static enum err find_members(struct scan *s, struct members *m)
{
    char c;
    enum err e = scan_expect(s, '{');
    *m = (struct members){0};
    while (!e && !(e = scan_peek(s, &c)) && c != '}') {
        struct text key;
        if (c == ',') {
            s->p++;
            continue;
        }
        e = scan_string(s, &key);
        e = e ? e : scan_expect(s, ':');
        if (e) {
            break;
        }
        if (text_is(key, "now")) {
            m->now = s->p;
        } else if (text_is(key, "aircraft") || text_is(key, "ac")) {
            m->aircraft = s->p;
        } else if (text_is(key, "files")) {
            m->files = s->p;
        }
        e = scan_skip(s);
    }
    if (!e) {
        s->p++;
    }
    return e;
}

static enum err read_picture(struct snapshot_reader *r, struct scan *s, struct members *m)
{
    const enum err cut = find_members(s, m);
    if (!m->aircraft) {
        return cut;
    }
    struct scan now = {m->now, s->end};
    int64_t now_ms;
    if (!m->now || detail_read_time(&now, &now_ms)) {
        return broken(r, ERR_SYNTAX, "its now is not a time in seconds since 1970");
    }
    struct scan aircraft = {m->aircraft, s->end};
    const enum err e = read_aircraft(r, &aircraft, now_ms);
    return e ? e : cut;
}

static enum err read_files(struct snapshot_reader *r, struct scan *s)
{
    char c;
    enum err e = scan_expect(s, '[');
    while (!e && !(e = scan_peek(s, &c)) && c != ']') {
        struct members m;
        if (c == ',') {
            s->p++;
        } else {
            e = read_picture(r, s, &m);
        }
    }
    return e;
}

static enum err read_all(struct snapshot_reader *r)
{
    const char *p = (const char *)r->held.p;
    struct scan s = {p, p + r->held.n};
    struct members m;
    const enum err e = read_picture(r, &s, &m);
    if (r->err || e == ERR_SYNTAX) {
        return e;
    }
    if (m.files) {
        struct scan files = {m.files, s.end};
        return read_files(r, &files);
    }
    return e || m.aircraft ? e : broken(r, ERR_SYNTAX, "no aircraft stand in it");
}

/* ---- the file ---- */

bool snapshot_reader_knows(const char *p, size_t n)
{
    static const char *const keys[] = {"\"aircraft\"", "\"ac\"", "\"files\""};
    const size_t look = n < LOOK_BYTES ? n : LOOK_BYTES;
    size_t at = 0;
    while (at < look && scan_is_blank(p[at])) {
        at++;
    }
    if (at == look || p[at] != '{') {
        return false;
    }
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const size_t m = strlen(keys[k]);
        for (size_t i = at; i + m <= look; i++) {
            if (memcmp(p + i, keys[k], m) == 0) {
                return true;
            }
        }
    }
    return false;
}

enum err snapshot_reader_push(struct snapshot_reader *r, const uint8_t *p, size_t n)
{
    if (r->err) {
        return r->err;
    }
    if (n > SNAPSHOT_BYTES_MAX - r->held.n) {
        return broken(r, ERR_RANGE, "it is longer than a picture of the air is: 64 MiB");
    }
    buf_add(&r->held, p, n);
    return r->held.failed ? broken(r, ERR_MEMORY, "out of memory") : ERR_OK;
}

enum err snapshot_reader_end(struct snapshot_reader *r)
{
    if (r->err) {
        return r->err;
    }
    if (r->held.n == 0) {
        return broken(r, ERR_SHORT, "it is empty");
    }
    const enum err e = read_all(r);
    if (!e || r->err) {
        return e;
    }
    return e == ERR_SHORT ? broken(r, e, "it ends before its last brace: it was cut")
                          : broken(r, e, "it is not JSON");
}

void snapshot_reader_start(struct snapshot_reader *r)
{
    r->err = ERR_OK;
    r->why = "";
    r->last_n = 0;
    buf_clear(&r->held);
    if (r->has_map) {
        map_free(&r->map);
    }
    r->has_map = map_init(&r->map, AIRCRAFT_MAX) == ERR_OK;
    if (!r->has_map) {
        broken(r, ERR_MEMORY, "out of memory");
    }
}

struct snapshot_reader *snapshot_reader_new(archive_point_fn *out, void *ctx)
{
    struct snapshot_reader *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->out = out;
    r->ctx = ctx;
    detail_keys_fill(&r->keys);
    snapshot_reader_start(r);
    return r;
}

void snapshot_reader_free(struct snapshot_reader *r)
{
    if (r) {
        buf_free(&r->held);
        if (r->has_map) {
            map_free(&r->map);
        }
        free(r->last);
        free(r);
    }
}

const char *snapshot_reader_why(const struct snapshot_reader *r)
{
    return r->why;
}

const struct snapshot_sums *snapshot_reader_sums(const struct snapshot_reader *r)
{
    return &r->sums;
}

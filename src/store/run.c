#include "store/run.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MS INT64_C(3600000) /* a longer silence ends a chunk */

struct store_run *store_run_new(uint32_t chunk_points)
{
    struct store_run *r = calloc(1, sizeof *r);
    if (r) {
        r->codec = chunk_codec_new();
        r->chunk_points = chunk_points == 0                 ? STORE_CHUNK_POINTS
                          : chunk_points > CHUNK_POINTS_MAX ? CHUNK_POINTS_MAX
                                                            : chunk_points;
    }
    if (r && !r->codec) {
        free(r);
        return NULL;
    }
    return r;
}

void store_run_clear(struct store_run *r)
{
    buf_clear(&r->bytes);
    r->chunks = r->flights = 0;
}

size_t store_run_points(const struct store_run *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->chunks; i++) {
        n += r->chunk[i].head.points;
    }
    return n;
}

void store_run_free(struct store_run *r)
{
    if (r) {
        buf_free(&r->bytes);
        free(r->chunk);
        free(r->flight);
        chunk_codec_free(r->codec);
        free(r);
    }
}

/* Room for one more of size bytes; false: out of memory. */
static bool has_room(void **list, size_t n, size_t *max, size_t size)
{
    if (n < *max) {
        return true;
    }
    const size_t more = *max ? 2 * *max : 16;
    void *grown = realloc(*list, more * size);
    if (!grown) {
        return false;
    }
    *list = grown;
    *max = more;
    return true;
}

static enum err add_flights(struct store_run *r, const struct kept *p, size_t n)
{
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && memcmp(p[to].flight, p[i].flight, 8) == 0;) {
            to++;
        }
        if (p[i].flight[0] == 0) {
            continue;
        }
        if (!has_room((void **)&r->flight, r->flights, &r->flights_max, sizeof *r->flight)) {
            return ERR_MEMORY;
        }
        struct run_flight *f = &r->flight[r->flights++];
        memcpy(f->callsign, p[i].flight, 8);
        f->first_ms = p[i].t_ms;
        f->last_ms = p[to - 1].t_ms;
    }
    return ERR_OK;
}

enum err run_describe(struct store_run *r, size_t at, const struct chunk_head *h,
                      const struct kept *p, size_t n)
{
    if (!has_room((void **)&r->chunk, r->chunks, &r->chunks_max, sizeof *r->chunk)) {
        return ERR_MEMORY;
    }
    struct run_chunk *c = &r->chunk[r->chunks];
    *c = (struct run_chunk){.at = at, .head = *h, .flight = r->flights};
    c->part_bytes = part_write(p, n, c->part);
    const enum err e = add_flights(r, p, n);
    c->flights = r->flights - c->flight;
    r->chunks += e == ERR_OK;
    return e;
}

enum err run_copy(struct store_run *r, const struct store_run *from, const struct run_chunk *c)
{
    const size_t bytes = r->bytes.n, flights = r->flights;
    bool room = has_room((void **)&r->chunk, r->chunks, &r->chunks_max, sizeof *r->chunk);
    buf_add(&r->bytes, from->bytes.p + c->at, c->head.length);
    for (size_t i = 0; i < c->flights && room; i++) {
        room = has_room((void **)&r->flight, r->flights, &r->flights_max, sizeof *r->flight);
        if (room) {
            r->flight[r->flights++] = from->flight[c->flight + i];
        }
    }
    if (!room || r->bytes.failed) {
        r->bytes.n = bytes;
        r->flights = flights;
        return ERR_MEMORY;
    }
    struct run_chunk *copy = &r->chunk[r->chunks++];
    *copy = *c;
    copy->at = bytes;
    copy->flight = flights;
    return ERR_OK;
}

/* How many of n points make one chunk: at most max, no hour's gap, not back in time, not across the
   date line. */
static size_t run_length(const struct kept *p, size_t n, size_t max)
{
    size_t i = 1;
    while (i < n && i < max && p[i].t_ms >= p[i - 1].t_ms && p[i].t_ms - p[i - 1].t_ms <= GAP_MS &&
           p[i].t_ms - p[0].t_ms <= CHUNK_SPAN_MS_MAX &&
           llabs((int64_t)p[i].lon_e7 - p[i - 1].lon_e7) < INT64_C(1800000000)) {
        i++;
    }
    return i;
}

enum err run_add(struct store_run *r, const struct kept *p, size_t n)
{
    enum err e = ERR_OK;
    for (size_t at = 0; at < n && !e;) {
        const size_t k = run_length(p + at, n - at, r->chunk_points);
        const size_t begin = r->bytes.n;
        struct chunk_head h;
        e = chunk_write(r->codec, p + at, k, &r->bytes, &h);
        e = e ? e : run_describe(r, begin, &h, p + at, k);
        at += k;
    }
    return e;
}

static bool is_run(const struct kept *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!chunk_point_fits(&p[i]) || p[i].address != p[0].address ||
            (i > 0 && p[i].t_ms < p[i - 1].t_ms)) {
            return false;
        }
    }
    return true;
}

enum err store_run_add(struct store_run *r, const struct kept *p, size_t n)
{
    if (!is_run(p, n)) {
        return ERR_RANGE;
    }
    const size_t bytes = r->bytes.n, chunks = r->chunks, flights = r->flights;
    const enum err e = run_add(r, p, n);
    if (e) {
        r->bytes.n = bytes;
        r->chunks = chunks;
        r->flights = flights;
    }
    return e;
}

#include "store/gather.h"

#include "store/internal.h"
#include "store/packet.h"

#include <stdlib.h>
#include <string.h>

enum {
    WAIT_MOST = 16384,  /* chunks, some 10 MB */
    PACKET_USUAL = 32,  /* in a packet: few rows, and little that is read in vain */
    PACKETS_LEAST = 16, /* fewer chunks are not worth a packet */
    TIME_TIMES = 3 /* a day is as far as 26 degrees: what is removed, or asked for, is of a day */
};

struct gather {
    struct store_run *run; /* what waits: bytes, chunks, call signs */
    uint32_t *before;      /* of each chunk, the one before it of its aircraft; UINT32_MAX: none */
    size_t cap;
    struct map last; /* address to the last one */
};

struct gather *gather_new(void)
{
    struct gather *g = calloc(1, sizeof *g);
    if (g && (!(g->run = store_run_new(0)) || map_init(&g->last, WAIT_MOST + 1))) {
        gather_free(g);
        return NULL;
    }
    return g;
}

void gather_free(struct gather *g)
{
    if (g) {
        store_run_free(g->run);
        map_free(&g->last);
        free(g->before);
        free(g);
    }
}

void gather_clear(struct gather *g)
{
    for (size_t i = 0; i < g->run->chunks; i++) {
        (void)map_remove(&g->last, g->run->chunk[i].head.address);
    }
    store_run_clear(g->run);
}

bool gather_overlaps(const struct gather *g, uint32_t address, int64_t first_ms, int64_t last_ms)
{
    for (uint32_t i = map_get(&g->last, address); i != MAP_NONE; i = g->before[i]) {
        const struct chunk_head *h = &g->run->chunk[i].head;
        if (h->first_ms <= last_ms && h->last_ms >= first_ms) {
            return true;
        }
    }
    return false;
}

static enum err hold(struct gather *g, const struct store_run *r, const struct run_chunk *c)
{
    const uint32_t at = (uint32_t)g->run->chunks;
    if (at == g->cap) {
        const size_t cap = g->cap ? 2 * g->cap : 256;
        uint32_t *more = realloc(g->before, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        g->before = more;
        g->cap = cap;
    }
    g->before[at] = map_get(&g->last, c->head.address);
    enum err e = run_copy(g->run, r, c);
    if (!e && g->before[at] != MAP_NONE) {
        (void)map_remove(&g->last, c->head.address);
    }
    return e ? e : map_add(&g->last, c->head.address, at);
}

enum err gather_add(struct store *s, const struct store_run *r, const struct run_chunk *c,
                    bool *took)
{
    *took = c->head.points < PART_POINTS_MIN && c->head.version == CHUNK_VERSION;
    enum err e = *took ? hold(s->gather, r, c) : ERR_OK;
    return !e && s->gather->run->chunks >= WAIT_MOST ? gather_flush(s) : e;
}

/* --- packets ---------------------------------------------------------------------------------- */

/* What is put together, in an order that makes each packet's box small. */
struct heap {
    int64_t by; /* what they are sorted by now */
    uint32_t at;
};

struct packing {
    struct store *s;
    const struct store_run *run;
    struct lead_list leads;
    struct buf bytes;
};

enum { DIMENSIONS = 3 };

static int64_t place_in(const struct chunk_head *h, int dimension)
{
    return dimension == 0   ? ((int64_t)h->lat_low_e7 + h->lat_high_e7) / 2
           : dimension == 1 ? ((int64_t)h->lon_low_e7 + h->lon_high_e7) / 2
                            : h->first_ms * TIME_TIMES;
}

static int by_by(const void *a, const void *b)
{
    const struct heap *x = a, *y = b;
    return x->by != y->by ? (x->by < y->by ? -1 : 1) : (x->at > y->at) - (x->at < y->at);
}

/* The direction in which they reach farthest. */
static int longest(const struct store_run *r, const struct heap *h, size_t n)
{
    int best = 0;
    int64_t most = -1;
    for (int d = 0; d < DIMENSIONS; d++) {
        int64_t low = INT64_MAX, high = INT64_MIN;
        for (size_t i = 0; i < n; i++) {
            const int64_t v = place_in(&r->chunk[h[i].at].head, d);
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        if (high - low > most) {
            most = high - low;
            best = d;
        }
    }
    return best;
}

static enum err add_leads(struct packing *k, const struct run_chunk *c, int64_t id)
{
    enum err e = lead_push(&k->leads, (struct lead){lead_address(c->head.address), id});
    for (size_t i = 0; i < c->flights && !e; i++) {
        const uint64_t key = lead_flight(k->run->flight[c->flight + i].callsign);
        e = lead_push(&k->leads, (struct lead){key, id});
    }
    return e;
}

static void widen(int64_t box[6], const struct chunk_head *h)
{
    const int64_t v[6] = {h->lat_low_e7,  h->lat_high_e7,          h->lon_low_e7,
                          h->lon_high_e7, index_time(h->first_ms), index_time(h->last_ms)};
    for (int i = 0; i < 6; i++) {
        box[i] = i % 2 ? (v[i] > box[i] ? v[i] : box[i]) : (v[i] < box[i] ? v[i] : box[i]);
    }
}

/* The packet's own row: id, n, points, first_ms, last_ms, bytes. */
static enum err add_packet(struct store *s, const int64_t row[5], const struct buf *bytes)
{
    sqlite3_stmt *q = index_use(s, INDEX_ADD_PACKET);
    if (!q) {
        return index_error(s->db);
    }
    for (int i = 0; i < 5; i++) {
        sqlite3_bind_int64(q, i + 1, row[i]);
    }
    sqlite3_bind_blob(q, 6, bytes->p, (int)bytes->n, SQLITE_STATIC);
    const enum err e = sqlite3_step(q) == SQLITE_DONE ? ERR_OK : index_error(s->db);
    sqlite3_reset(q);
    return e;
}

/* n (1 .. PACKET_USUAL) of them as one packet. */
static enum err pack(struct packing *k, struct heap *h, size_t n)
{
    struct packet_chunk chunk[PACKET_MAX];
    const int64_t id = k->s->next_id;
    int64_t row[5] = {id, (int64_t)n, 0, INT64_MAX, INT64_MIN};
    int64_t box[7] = {id, INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN};
    enum err e = ERR_OK;
    for (size_t i = 0; i < n; i++) {
        h[i].by = k->run->chunk[h[i].at].head.address;
    }
    qsort(h, n, sizeof *h, by_by);
    for (size_t i = 0; i < n && !e; i++) {
        const struct run_chunk *c = &k->run->chunk[h[i].at];
        chunk[i] = (struct packet_chunk){k->run->bytes.p + c->at, c->head.length};
        row[2] += c->head.points;
        row[3] = c->head.first_ms < row[3] ? c->head.first_ms : row[3];
        row[4] = c->head.last_ms > row[4] ? c->head.last_ms : row[4];
        widen(box + 1, &c->head);
        e = add_leads(k, c, id + (int64_t)i);
    }
    buf_clear(&k->bytes);
    e = e ? e : packet_write(chunk, n, &k->bytes);
    e = e ? e : add_packet(k->s, row, &k->bytes);
    e = e ? e : index_run_with(k->s, INDEX_ADD_PLACE, box, 7);
    k->s->next_id += (int64_t)n;
    return e;
}

/* Halves what is too much for one packet across its longest way, so that packets are full. */
static enum err divide(struct packing *k, struct heap *h, size_t n)
{
    if (n <= PACKET_USUAL) {
        return pack(k, h, n);
    }
    const int d = longest(k->run, h, n);
    for (size_t i = 0; i < n; i++) {
        h[i].by = place_in(&k->run->chunk[h[i].at].head, d);
    }
    qsort(h, n, sizeof *h, by_by);
    const size_t packets = (n + PACKET_USUAL - 1) / PACKET_USUAL;
    const size_t half = packets / 2 * PACKET_USUAL;
    const enum err e = divide(k, h, half);
    return e ? e : divide(k, h + half, n - half);
}

/* From the first packet on a store is one that a masar of before must not read: it would pass over
   what lies in packets. */
static enum err pack_all(struct store *s)
{
    const struct store_run *r = s->gather->run;
    struct packing k = {.s = s, .run = r};
    struct heap *h = malloc(r->chunks * sizeof *h);
    enum err e = h ? index_run(s->db, "PRAGMA user_version = 2") : ERR_MEMORY;
    for (size_t i = 0; i < r->chunks && !e; i++) {
        h[i].at = (uint32_t)i;
    }
    s->next_id = s->next_id > 0 ? s->next_id : index_next_id(s);
    e = e ? e : divide(&k, h, r->chunks);
    lead_sort(&k.leads);
    e = e ? e : lead_add(s, &k.leads);
    lead_free(&k.leads);
    buf_free(&k.bytes);
    free(h);
    packed_forget(s);
    return e;
}

enum err gather_flush(struct store *s)
{
    const struct store_run *r = s->gather->run;
    enum err e = ERR_OK;
    if (r->chunks >= PACKETS_LEAST) {
        e = pack_all(s);
    } else {
        for (size_t i = 0; i < r->chunks && !e; i++) {
            e = index_add(s, r, &r->chunk[i], 0);
        }
    }
    gather_clear(s->gather);
    return e;
}

/* Candidates: the index says which chunks may answer, before any is decoded. */
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

/* So many aircraft are looked up one by one rather than by their place. */
enum { FEW = 64 };

enum err wanted_open(struct wanted *w, const struct store_query *q)
{
    w->q = *q;
    if (q->from_ms < KEPT_TIME_MIN || q->to_ms > KEPT_TIME_MAX + 1 || q->from_ms > q->to_ms) {
        return ERR_RANGE;
    }
    w->q.area.corner = NULL;
    w->q.area.ring_end = NULL;
    return area_shape_new(&q->area, &w->shape);
}

void wanted_close(struct wanted *w)
{
    area_shape_free(w->shape);
    free(w->span);
    w->shape = NULL;
    w->span = NULL;
}

static bool is_at_height(const struct store_query *q, const struct kept *p)
{
    if (q->alt_low_ft == KEPT_NONE && q->alt_high_ft == KEPT_NONE) {
        return true;
    }
    const int32_t alt = p->ground                     ? 0
                        : p->alt_baro_ft != KEPT_NONE ? p->alt_baro_ft
                                                      : p->alt_geom_ft;
    return alt != KEPT_NONE && (q->alt_low_ft == KEPT_NONE || alt >= q->alt_low_ft) &&
           (q->alt_high_ft == KEPT_NONE || alt <= q->alt_high_ft);
}

bool wanted_point(const struct wanted *w, const struct kept *p)
{
    return (w->q.flight[0] == 0 || memcmp(w->q.flight, p->flight, 8) == 0) &&
           is_at_height(&w->q, p) && area_shape_has(w->shape, p->lat_e7, p->lon_e7);
}

bool wanted_all(const struct wanted *w, int64_t first_ms, int64_t last_ms)
{
    const struct store_query *q = &w->q;
    return !w->span && q->flight[0] == 0 && q->alt_low_ft == KEPT_NONE &&
           q->alt_high_ft == KEPT_NONE && q->area.kind == AREA_ANYWHERE && first_ms >= q->from_ms &&
           last_ms < q->to_ms;
}

static int by_address(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = ((const struct store_span *)b)->address;
    return x < y ? -1 : x > y;
}

const struct store_span *wanted_span(const struct wanted *w, uint32_t address)
{
    return bsearch(&address, w->span, w->spans, sizeof *w->span, by_address);
}

static bool is_asked_for(const struct wanted *w, const struct candidate *c)
{
    const struct store_query *q = &w->q;
    if (q->after.address != ADDRESS_NONE &&
        (c->address < q->after.address ||
         (c->address == q->after.address && c->last_ms < q->after.t_ms))) {
        return false;
    }
    if (w->span) {
        const struct store_span *span = wanted_span(w, c->address);
        if (!span || c->first_ms >= span->to_ms || c->last_ms < span->from_ms) {
            return false;
        }
    }
    return (q->address == ADDRESS_NONE || q->address == c->address) && c->first_ms < q->to_ms &&
           c->last_ms >= q->from_ms;
}

static enum err add(struct candidates *out, const struct candidate *c)
{
    if (out->n == out->cap) {
        const size_t cap = out->cap ? out->cap * 2 : 256;
        struct candidate *more = realloc(out->c, cap * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        out->c = more;
        out->cap = cap;
    }
    out->c[out->n++] = *c;
    return ERR_OK;
}

/* Whole where the row says nothing of parts: a store from before, or a damaged row. */
static uint32_t reach(sqlite3_stmt *q, int column, const struct wanted *w,
                      const struct candidate *c)
{
    const int64_t points = sqlite3_column_int64(q, column);
    const uint8_t *boxes = sqlite3_column_blob(q, column + 1);
    if (!boxes || sqlite3_column_bytes(q, column + 1) < PART_BOX_BYTES || points < 1 ||
        points > CHUNK_POINTS_MAX) {
        return CHUNK_POINTS_MAX;
    }
    return (uint32_t)part_reach(boxes, (size_t)points, c->first_ms, c->last_ms, w->shape,
                                w->q.from_ms, w->q.to_ms);
}

static enum err keep_whole(struct candidates *out, const struct part_whole *whole)
{
    if (out->wholes == out->wholes_max) {
        const size_t max = out->wholes_max ? 2 * out->wholes_max : 64;
        struct part_whole *more = realloc(out->whole, max * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        out->whole = more;
        out->wholes_max = max;
    }
    out->whole[out->wholes++] = *whole;
    return ERR_OK;
}

/* What is known of a chunk as a whole, where all of its points are in the time asked for, and
   answer but for the call sign. Where none is under it, the chunk is none that answers. */
static enum err take_whole(sqlite3_stmt *q, const struct wanted *w, struct candidates *out,
                           struct candidate *c)
{
    const uint8_t *b = sqlite3_column_blob(q, 5);
    struct part_whole whole[PART_RUNS_MAX];
    if (!w->wants_wholes || !b || c->first_ms < w->q.from_ms || c->last_ms >= w->q.to_ms ||
        (c->address == w->q.after.address && c->first_ms <= w->q.after.t_ms)) {
        return ERR_OK;
    }
    const size_t n = part_wholes(b, (size_t)sqlite3_column_bytes(q, 5), c->address, c->first_ms,
                                 c->last_ms, (uint32_t)sqlite3_column_int64(q, 4), whole);
    enum err e = ERR_OK;
    c->whole = n > 0 ? (uint32_t)out->wholes + 1 : 0;
    for (size_t i = 0; i < n && !e; i++) {
        if (!w->q.flight[0] || memcmp(w->q.flight, whole[i].flight, 8) == 0) {
            e = keep_whole(out, &whole[i]);
            c->wholes++;
        }
    }
    c->reach = n > 0 && c->wholes == 0 ? 0 : c->reach;
    return e;
}

/* The chunks of a packet. One that is damaged is counted as torn. */
static enum err take_packet(struct store *s, int64_t id, const struct wanted *w,
                            struct candidates *out)
{
    size_t k;
    enum err e = packed_find(s, id, &k);
    if (e) {
        return e == ERR_NOT_FOUND || e == ERR_SYNTAX ? ERR_OK : e;
    }
    const struct packet *p = &s->packed->packet;
    for (size_t i = 0; i < p->n && !e; i++) {
        const struct candidate c = {.id = s->packed->id + (int64_t)i,
                                    .address = p->member[i].address,
                                    .first_ms = p->member[i].first_ms,
                                    .last_ms = p->member[i].last_ms,
                                    .reach = CHUNK_POINTS_MAX};
        e = is_asked_for(w, &c) ? add(out, &c) : ERR_OK;
    }
    return e;
}

/* Rows of id, address, first_ms, last_ms, points, boxes; of a packet its id alone. */
static enum err take_rows(struct store *s, sqlite3_stmt *q, const struct wanted *w,
                          struct candidates *out)
{
    enum err e = ERR_OK;
    int step = SQLITE_DONE;
    while (!e && (step = sqlite3_step(q)) == SQLITE_ROW) {
        if (sqlite3_column_type(q, 1) == SQLITE_NULL) {
            e = take_packet(s, sqlite3_column_int64(q, 0), w, out);
            continue;
        }
        struct candidate c = {.id = sqlite3_column_int64(q, 0),
                              .address = (uint32_t)sqlite3_column_int64(q, 1),
                              .first_ms = sqlite3_column_int64(q, 2),
                              .last_ms = sqlite3_column_int64(q, 3)};
        c.reach = is_asked_for(w, &c) ? reach(q, 4, w, &c) : 0;
        if (c.reach > 0) {
            e = take_whole(q, w, out, &c);
            e = e || c.reach == 0 ? e : add(out, &c);
        }
    }
    if (!e && step != SQLITE_DONE) {
        e = index_error(s->db);
    }
    return e;
}

/* Whether there is a table of parts: a store from before has none. */
static bool has_parts(struct store *s)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT id FROM part LIMIT 0");
    sqlite3_finalize(q);
    return q;
}

#define OR_PACKED                                                                                  \
    " UNION ALL SELECT id, address, first_ms, last_ms, NULL, NULL FROM packed WHERE address = ?1 " \
    "AND first_ms <= ?3 AND last_ms >= ?4"
#define OF_CHUNK "SELECT c.id, c.address, c.first_ms, c.last_ms"

/* A chunk spans a day at most in what this program writes, CHUNK_SPAN_MS_MAX in what it may. */
static enum err of_address(struct store *s, const struct wanted *w, uint32_t address,
                           int64_t from_ms, int64_t to_ms, struct candidates *out)
{
    const bool by_place = (w->q.area.kind != AREA_ANYWHERE || w->wants_wholes) && has_parts(s);
    sqlite3_stmt *q = index_prepare(
        s->db, by_place ? OF_CHUNK ", p.points, p.boxes FROM chunk c LEFT JOIN part p ON p.id = "
                                   "c.id WHERE c.address = ?1 AND c.first_ms BETWEEN ?2 AND ?3 "
                                   "AND c.last_ms >= ?4" OR_PACKED
                        : OF_CHUNK ", NULL, NULL FROM chunk c WHERE c.address = ?1 AND c.first_ms "
                                   "BETWEEN ?2 AND ?3 AND c.last_ms >= ?4" OR_PACKED);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, address);
    sqlite3_bind_int64(q, 2, from_ms - CHUNK_SPAN_MS_MAX);
    sqlite3_bind_int64(q, 3, to_ms - 1);
    sqlite3_bind_int64(q, 4, from_ms);
    const enum err e = take_rows(s, q, w, out);
    sqlite3_finalize(q);
    return e;
}

/* The chunks in packets that a call sign's key leads to: another's may be among them. */
static enum err of_packed_flight(struct store *s, const struct wanted *w, struct candidates *out)
{
    struct lead_list ids = {0};
    enum err e = lead_find(s, lead_flight(w->q.flight), &ids);
    for (size_t i = 0; i < ids.n && !e; i++) {
        size_t k;
        if (packed_find(s, ids.p[i].id, &k)) {
            continue; /* damaged, and counted */
        }
        const struct packet_member *m = &s->packed->packet.member[k];
        const struct candidate c = {.id = ids.p[i].id,
                                    .address = m->address,
                                    .first_ms = m->first_ms,
                                    .last_ms = m->last_ms,
                                    .reach = CHUNK_POINTS_MAX};
        e = is_asked_for(w, &c) ? add(out, &c) : ERR_OK;
    }
    lead_free(&ids);
    return e;
}

/* A call sign's flights; chunks that two of them lead to are found twice. */
static enum err of_flight(struct store *s, const struct wanted *w, struct candidates *out)
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT address, first_ms, last_ms FROM flight WHERE "
                                           "callsign = ? AND first_ms < ? AND last_ms >= ? "
                                           "ORDER BY address, first_ms");
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_text(q, 1, w->q.flight, (int)strnlen(w->q.flight, 8), SQLITE_STATIC);
    sqlite3_bind_int64(q, 2, w->q.to_ms);
    sqlite3_bind_int64(q, 3, w->q.from_ms);
    enum err e = ERR_OK;
    int step = SQLITE_DONE;
    while (!e && (step = sqlite3_step(q)) == SQLITE_ROW) {
        const struct candidate flight = {.address = (uint32_t)sqlite3_column_int64(q, 0),
                                         .first_ms = sqlite3_column_int64(q, 1),
                                         .last_ms = sqlite3_column_int64(q, 2)};
        const int64_t from = flight.first_ms, to = flight.last_ms + 1;
        if (is_asked_for(w, &flight)) {
            e = of_address(s, w, flight.address, from > w->q.from_ms ? from : w->q.from_ms,
                           to < w->q.to_ms ? to : w->q.to_ms, out);
        }
    }
    e = e || step == SQLITE_DONE ? e : index_error(s->db);
    sqlite3_finalize(q);
    return e ? e : of_packed_flight(s, w, out);
}

/* Where a chunk has no row of parts, written by a masar of before, its own row is opened. */
static const char with_parts[] =
    "SELECT r.id, coalesce(p.address, c.address), coalesce(p.first_ms, c.first_ms), "
    "coalesce(p.last_ms, c.last_ms), p.points, p.boxes FROM place r LEFT JOIN part p ON p.id = "
    "r.id "
    "LEFT JOIN chunk c ON c.id = CASE WHEN p.id IS NULL THEN r.id END WHERE r.lat1 >= ?1 AND "
    "r.lat0 "
    "<= ?2 AND r.lon1 >= ?3 AND r.lon0 <= ?4 AND r.t1 >= ?5 AND r.t0 <= ?6";

static const char without_parts[] =
    "SELECT r.id, c.address, c.first_ms, c.last_ms, NULL, NULL FROM place r LEFT JOIN chunk c ON "
    "c.id = r.id WHERE r.lat1 >= ?1 AND "
    "r.lat0 <= ?2 AND r.lon1 >= ?3 AND r.lon0 <= ?4 AND r.t1 >= ?5 AND r.t0 <= ?6";

static enum err in_box(struct store *s, const char *sql, const struct wanted *w,
                       const struct area_box *b, struct candidates *out)
{
    sqlite3_stmt *q = index_prepare(s->db, sql);
    if (!q) {
        return index_error(s->db);
    }
    sqlite3_bind_int64(q, 1, b->lat_low);
    sqlite3_bind_int64(q, 2, b->lat_high);
    sqlite3_bind_int64(q, 3, b->lon_low);
    sqlite3_bind_int64(q, 4, b->lon_high);
    sqlite3_bind_int64(q, 5, index_time(w->q.from_ms));
    sqlite3_bind_int64(q, 6, index_time(w->q.to_ms - 1));
    const enum err e = take_rows(s, q, w, out);
    sqlite3_finalize(q);
    return e;
}

static enum err of_place(struct store *s, const struct wanted *w, struct candidates *out)
{
    struct area_box box[2];
    const size_t n = area_shape_boxes(w->shape, box);
    const bool parts = has_parts(s);
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && !e; i++) {
        e = in_box(s, parts ? with_parts : without_parts, w, &box[i], out);
    }
    return e;
}

static int by_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->address != y->address) {
        return x->address < y->address ? -1 : 1;
    }
    if (x->first_ms != y->first_ms) {
        return x->first_ms < y->first_ms ? -1 : 1;
    }
    return x->id < y->id ? -1 : x->id > y->id;
}

static void sort_out(struct candidates *c)
{
    if (c->n < 2) {
        return;
    }
    qsort(c->c, c->n, sizeof *c->c, by_order);
    size_t n = 1;
    for (size_t i = 1; i < c->n; i++) {
        if (c->c[i].id == c->c[n - 1].id) {
            const uint32_t far = c->c[i].reach;
            c->c[n - 1].reach = far > c->c[n - 1].reach ? far : c->c[n - 1].reach;
        } else {
            c->c[n++] = c->c[i];
        }
    }
    c->n = n;
}

bool wanted_has(const struct wanted *w, const struct kept *p)
{
    const struct store_span *span = w->span ? wanted_span(w, p->address) : NULL;
    return (!w->span || (span && p->t_ms >= span->from_ms && p->t_ms < span->to_ms)) &&
           p->t_ms >= w->q.from_ms && p->t_ms < w->q.to_ms && wanted_point(w, p);
}

void candidates_free(struct candidates *c)
{
    free(c->c);
    free(c->whole);
    free(c->recent);
    free(c->point);
}

/* Room for one more aircraft's n points that are in no chunk. */
static bool has_recent_room(struct candidates *out, size_t n)
{
    if (out->recents == out->recents_max) {
        const size_t max = out->recents_max ? 2 * out->recents_max : 64;
        struct recent *more = realloc(out->recent, max * sizeof *more);
        if (!more) {
            return false;
        }
        out->recent = more;
        out->recents_max = max;
    }
    if (out->points + n > out->points_max) {
        const size_t max = 2 * (out->points + n);
        struct kept *more = realloc(out->point, max * sizeof *more);
        if (!more) {
            return false;
        }
        out->point = more;
        out->points_max = max;
    }
    return true;
}

/* Whether the way along these points may touch the area, though none of them lies in it. */
static bool way_may_meet(const struct wanted *w, const struct kept *p, size_t n)
{
    struct area_box b = {INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < n; i++) {
        b.lat_low = p[i].lat_e7 < b.lat_low ? p[i].lat_e7 : b.lat_low;
        b.lat_high = p[i].lat_e7 > b.lat_high ? p[i].lat_e7 : b.lat_high;
        b.lon_low = p[i].lon_e7 < b.lon_low ? p[i].lon_e7 : b.lon_low;
        b.lon_high = p[i].lon_e7 > b.lon_high ? p[i].lon_e7 : b.lon_high;
    }
    return n > 0 && area_shape_meets(w->shape, &b);
}

static enum err add_recent(struct store *s, const struct craft *craft, const struct wanted *w,
                           struct candidates *out)
{
    struct candidate c = {.id = -1 - (int64_t)out->recents,
                          .address = craft->address,
                          .first_ms = craft->n > 0 ? craft->first_ms : craft->last_ms,
                          .last_ms = craft->last_ms,
                          .reach = CHUNK_POINTS_MAX};
    if ((craft->n == 0 && craft->thin.waiting == 0) || !is_asked_for(w, &c)) {
        return ERR_OK;
    }
    if (!has_recent_room(out, recent_max(craft))) {
        return ERR_MEMORY;
    }
    struct kept *p = out->point + out->points;
    const size_t all = recent_points(s, craft, p);
    size_t n = 0;
    const bool ways = w->wants_ways && way_may_meet(w, p, all);
    for (size_t i = 0; i < all; i++) {
        if (ways || wanted_has(w, &p[i])) {
            p[n++] = p[i];
        }
    }
    if (n == 0) {
        return ERR_OK;
    }
    out->recent[out->recents++] = (struct recent){out->points, n};
    out->points += n;
    c.first_ms = p[0].t_ms;
    c.last_ms = p[n - 1].t_ms;
    return add(out, &c);
}

static enum err add_recents(struct store *s, const struct wanted *w, struct candidates *out)
{
    enum err e = ERR_OK;
    if (w->q.address != ADDRESS_NONE) {
        const uint32_t at = s->crafts.entry ? map_get(&s->crafts, w->q.address) : MAP_NONE;
        return at == MAP_NONE ? ERR_OK : add_recent(s, &s->craft[at], w, out);
    }
    for (size_t i = 0; i < s->n_crafts && !e; i++) {
        e = add_recent(s, &s->craft[i], w, out);
    }
    return e;
}

static enum err find_chunks(struct store *s, const struct wanted *w, struct candidates *out)
{
    const struct store_query *q = &w->q;
    enum err e = ERR_OK;
    if (w->span && w->spans <= FEW) {
        for (size_t i = 0; i < w->spans && !e; i++) {
            e = of_address(s, w, w->span[i].address, w->span[i].from_ms, w->span[i].to_ms, out);
        }
    } else if (q->flight[0]) {
        e = of_flight(s, w, out);
    } else if (q->address != ADDRESS_NONE) {
        e = of_address(s, w, q->address, q->from_ms, q->to_ms, out);
    } else {
        e = of_place(s, w, out);
    }
    return e;
}

enum err candidates_find(struct store *s, const struct wanted *w, struct candidates *out)
{
    if (w->q.from_ms == w->q.to_ms || (w->span && w->spans == 0)) {
        return ERR_OK;
    }
    enum err e = recent_refresh(s);
    /* One state of the index, so that a point on its way into a chunk is found once. */
    const bool begun = !e && sqlite3_get_autocommit(s->db);
    e = e || !begun ? e : index_run(s->db, "BEGIN");
    packed_forget(s);
    e = e ? e : find_chunks(s, w, out);
    out->torn = s->packed->torn;
    e = e ? e : add_recents(s, w, out);
    if (begun) {
        index_run(s->db, "COMMIT");
    }
    sort_out(out);
    return e;
}

sqlite3_stmt *chunk_reader(struct store *s)
{
    return index_use(s, INDEX_BYTES);
}

const uint8_t *chunk_bytes(struct store *s, sqlite3_stmt *q, int64_t id, size_t *n)
{
    sqlite3_reset(q);
    sqlite3_bind_int64(q, 1, id);
    if (sqlite3_step(q) != SQLITE_ROW) {
        return packed_bytes(s, id, n);
    }
    *n = (size_t)sqlite3_column_bytes(q, 0);
    return sqlite3_column_blob(q, 0);
}

/* Whether packets are whole and found by what they hold, and making it so. */
#include "store/care.h"

#include <stdlib.h>
#include <string.h>

/* The first packet from a number on that has a row, whether it can be read or not. */
static enum err row_after(struct store *s, int64_t id, int64_t *out, int64_t v[4])
{
    sqlite3_stmt *q = index_prepare(s->db, "SELECT id, n, points, first_ms, last_ms FROM packet "
                                           "WHERE id > ? ORDER BY id LIMIT 1");
    *out = 0;
    if (!q) {
        return ERR_OK; /* a store of before */
    }
    sqlite3_bind_int64(q, 1, id);
    const int step = sqlite3_step(q);
    if (step == SQLITE_ROW) {
        *out = sqlite3_column_int64(q, 0);
        for (int i = 0; i < 4; i++) {
            v[i] = sqlite3_column_int64(q, 1 + i);
        }
    }
    sqlite3_finalize(q);
    return step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : index_error(s->db);
}

/* What a packet's chunks say of it all: chunks, points, times; its place. */
struct sum {
    int64_t row[4], box[6];
    size_t bad; /* chunks that cannot be read */
};

static void widen(int64_t *low, int64_t *high, int64_t from, int64_t to)
{
    *low = from < *low ? from : *low;
    *high = to > *high ? to : *high;
}

/* Whether a member's chunk is as the packet says; its points are in s->points. */
static bool decode(struct store *s, int64_t id, const struct packet_member *m, size_t *n)
{
    size_t bytes;
    const uint8_t *b = packed_bytes(s, id, &bytes);
    *n = 0;
    return b && chunk_decode(s->codec, b, bytes, s->points, n) == ERR_OK &&
           s->points[0].address == m->address;
}

static struct sum sum_up(struct store *s, int64_t id)
{
    const struct packet *p = &s->packed->packet;
    struct sum u = {.row = {(int64_t)p->n, 0, INT64_MAX, INT64_MIN},
                    .box = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN}};
    for (size_t k = 0; k < p->n; k++) {
        size_t n;
        if (!decode(s, id + (int64_t)k, &p->member[k], &n)) {
            u.bad++;
            continue;
        }
        const struct chunk_head h = chunk_describe(s->points, n);
        u.row[1] += (int64_t)n;
        widen(&u.row[2], &u.row[3], h.first_ms, h.last_ms);
        widen(&u.box[0], &u.box[1], h.lat_low_e7, h.lat_high_e7);
        widen(&u.box[2], &u.box[3], h.lon_low_e7, h.lon_high_e7);
        widen(&u.box[4], &u.box[5], index_time(h.first_ms), index_time(h.last_ms));
    }
    return u;
}

/* --- looking ---------------------------------------------------------------------------------- */

static bool has_place(struct store *s, int64_t id, const int64_t box[6])
{
    sqlite3_stmt *q =
        index_prepare(s->db, "SELECT lat0, lat1, lon0, lon1, t0, t1 FROM place WHERE id = ?");
    sqlite3_bind_int64(q, 1, id);
    bool is = q && sqlite3_step(q) == SQLITE_ROW;
    for (int i = 0; i < 6 && is; i++) {
        is = sqlite3_column_int64(q, i) == box[i];
    }
    sqlite3_finalize(q);
    return is;
}

static enum err check_one(struct care *c, int64_t id, const int64_t row[4], struct lead_list *leads)
{
    struct store *s = c->s;
    size_t k;
    const enum err e = packed_find(s, id, &k);
    if (e) {
        care_say(c, "packet %lld is torn: its chunks are skipped when read", (long long)id);
        return e == ERR_MEMORY ? e : ERR_OK;
    }
    const struct sum u = sum_up(s, id);
    if (u.bad > 0) {
        care_say(c, "%zu chunks of packet %lld are torn: skipped when read", u.bad, (long long)id);
    } else if (memcmp(row, u.row, sizeof u.row) != 0 || !has_place(s, id, u.box)) {
        care_say(c, "packet %lld is not found by what it holds", (long long)id);
    }
    return packed_leads(s, leads);
}

static enum err check_leads(struct care *c, struct lead_list *want)
{
    struct lead_list is = {0};
    const enum err e = lead_all(c->s, &is);
    lead_sort(want);
    bool same = !e && is.n == want->n;
    for (size_t i = 0; same && i < is.n; i++) {
        same = is.p[i].key == want->p[i].key && is.p[i].id == want->p[i].id;
    }
    if (!same && e != ERR_MEMORY) {
        care_say(c, "what leads to the chunks of packets is not what they hold");
    }
    lead_free(&is);
    return e == ERR_MEMORY ? e : ERR_OK;
}

enum err care_check_packets(struct care *c)
{
    struct lead_list leads = {0};
    int64_t id = 0, row[4];
    packed_forget(c->s);
    enum err e = row_after(c->s, 0, &id, row);
    while (!e && id > 0) {
        e = check_one(c, id, row, &leads);
        e = e ? e : row_after(c->s, id, &id, row);
    }
    e = e ? e : check_leads(c, &leads);
    lead_free(&leads);
    return e;
}

/* --- mending ---------------------------------------------------------------------------------- */

/* A packet of which something is torn: what can be read of it become chunks of their own, under
   their numbers, and the packet is set aside. */
static enum err take_apart(struct care *c, int64_t id)
{
    struct store *s = c->s;
    size_t k, n, bytes;
    if (packed_find(s, id, &k) == ERR_OK) {
        const struct packet p = s->packed->packet;
        store_run_clear(s->run);
        for (k = 0; k < p.n; k++) {
            const uint8_t *b = packed_bytes(s, id + (int64_t)k, &bytes);
            if (decode(s, id + (int64_t)k, &p.member[k], &n)) {
                struct chunk_head h = chunk_describe(s->points, n);
                h.length = (uint32_t)bytes;
                store_run_clear(s->run);
                buf_add(&s->run->bytes, b, bytes);
                s->next_id = id + (int64_t)k;
                enum err e = run_describe(s->run, 0, &h, s->points, n);
                e = e ? e : index_add(s, s->run, s->run->chunk, 0);
                s->next_id = 0;
                if (e) {
                    return e;
                }
            }
        }
    }
    care_say(c, "packet %lld is torn: set aside in table torn", (long long)id);
    char sql[160];
    sqlite3_snprintf(sizeof sql, sql,
                     "INSERT OR REPLACE INTO torn SELECT id, 0, bytes FROM packet WHERE id = %lld; "
                     "DELETE FROM packet WHERE id = %lld",
                     (long long)id, (long long)id);
    return index_run(s->db, sql);
}

static enum err mend_row(struct store *s, int64_t id, const struct sum *u)
{
    char sql[200];
    const int64_t place[7] = {id, u->box[0], u->box[1], u->box[2], u->box[3], u->box[4], u->box[5]};
    sqlite3_snprintf(sizeof sql, sql,
                     "UPDATE packet SET n = %lld, points = %lld, first_ms = %lld, last_ms = %lld "
                     "WHERE id = %lld",
                     (long long)u->row[0], (long long)u->row[1], (long long)u->row[2],
                     (long long)u->row[3], (long long)id);
    const enum err e = index_run(s->db, sql);
    return e ? e : index_run_with(s, INDEX_ADD_PLACE, place, 7);
}

enum err care_rebuild_packets(struct care *c)
{
    struct lead_list leads = {0};
    int64_t id = 0, row[4];
    packed_forget(c->s);
    enum err e = index_run(c->s->db, "DELETE FROM lead");
    e = e ? e : row_after(c->s, 0, &id, row);
    while (!e && id > 0) {
        size_t k;
        struct sum u = {.bad = 1};
        e = packed_find(c->s, id, &k);
        if (!e) {
            u = sum_up(c->s, id);
        }
        e = e == ERR_SYNTAX ? ERR_OK : e;
        e = e ? e : u.bad > 0 ? take_apart(c, id) : mend_row(c->s, id, &u);
        e = e || u.bad > 0 ? e : packed_leads(c->s, &leads);
        e = e ? e : row_after(c->s, id, &id, row);
    }
    lead_sort(&leads);
    e = e ? e : lead_add(c->s, &leads);
    lead_free(&leads);
    packed_forget(c->s);
    return e;
}

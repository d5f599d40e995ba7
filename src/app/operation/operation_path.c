/* Whose airspace an operation's flights were seen in, from the store's points; remembered of
   flights that are over. */
#include "app/operation/operation_ledger.h"
#include "app/operation/operation_sql.h"

#include <stdio.h>
#include <string.h>

/* Silence longer than this is a hole: what was overflown in it is not known. */
#define HOLE_MS INT64_C(300000)

struct walking {
    const struct operation_views *v;
    struct sortie *s;
    int64_t last_ms;
    bool inside; /* the last point lay in the airspace of the last state */
};

/* A point each half minute is enough: a country is not crossed in less. */
#define STEP_MS 30000

/* The passage a point goes on, or a new one; where there is no room for one, that country's last.
 */
static struct sortie_state *passage(struct walking *w, const char *country, int64_t t_ms)
{
    struct sortie *s = w->s;
    unsigned k = s->states;
    if (k > 0 && w->inside && strcmp(s->state[k - 1].country, country) == 0) {
        return &s->state[k - 1];
    }
    while (s->states == SORTIE_STATES && k > 0) {
        if (strcmp(s->state[--k].country, country) == 0) {
            return &s->state[k];
        }
    }
    if (s->states == SORTIE_STATES) {
        return NULL;
    }
    struct sortie_state *st = &s->state[s->states++];
    *st = (struct sortie_state){.first_ms = t_ms};
    memcpy(st->country, country, sizeof st->country);
    return st;
}

static bool take(void *ctx, const struct kept *p)
{
    struct walking *w = ctx;
    struct sortie *s = w->s;
    const int64_t since = w->last_ms == SORTIE_NO_TIME ? STEP_MS : p->t_ms - w->last_ms;
    if (since < STEP_MS) {
        return true;
    }
    if (since > HOLE_MS) {
        s->silent_ms += since;
        w->inside = false;
    }
    w->last_ms = p->t_ms;
    char country[3];
    if (!airspace_at(w->v->airspace, p->lat_e7, p->lon_e7, country)) {
        w->inside = false;
        return true;
    }
    struct sortie_state *st = passage(w, country, p->t_ms);
    w->inside = st != NULL;
    if (st) {
        st->last_ms = p->t_ms;
    }
    return true;
}

/* `DZ 1717757280000 1717761000000;…` */
static void write_states(const struct sortie *s, struct buf *b)
{
    for (unsigned k = 0; k < s->states; k++) {
        buf_format(b, "%s%s %lld %lld", k ? ";" : "", s->state[k].country,
                   (long long)s->state[k].first_ms, (long long)s->state[k].last_ms);
    }
    buf_byte(b, 0);
}

static void read_states(const char *text, struct sortie *s)
{
    long long first, last;
    char country[3];
    s->states = 0;
    while (s->states < SORTIE_STATES &&
           sscanf(text, "%2s %lld %lld", country, &first, &last) == 3) {
        struct sortie_state *st = &s->state[s->states++];
        *st = (struct sortie_state){.first_ms = first, .last_ms = last};
        memcpy(st->country, country, sizeof country);
        text += strcspn(text, ";");
        text += *text == ';';
    }
}

static void bind(sqlite3_stmt *q, const struct sortie *s, int64_t from_ms, int64_t to_ms)
{
    sqlite3_bind_int64(q, 1, s->address);
    sqlite3_bind_int64(q, 2, s->epoch);
    sqlite3_bind_int64(q, 3, from_ms);
    sqlite3_bind_int64(q, 4, to_ms);
}

/* Paths of flights that are over; recall is asked of each flight of a board. */
struct memory {
    struct operation_file *f; /* NULL: nothing is remembered */
    sqlite3_stmt *recall;     /* NULL: it cannot be asked */
};

static void begin(struct memory *m, struct operation_file *f)
{
    *m = (struct memory){.f = f};
    if (f) {
        sqlite3_exec(f->db, "BEGIN", NULL, NULL, NULL);
        m->recall = operation_sql(f, "SELECT states, silent_ms FROM path WHERE address = ? AND "
                                     "epoch = ? AND from_ms = ? AND to_ms = ?");
    }
}

static void end(struct memory *m)
{
    sqlite3_finalize(m->recall);
    if (m->f) {
        sqlite3_exec(m->f->db, "COMMIT", NULL, NULL, NULL);
    }
}

static bool recall(const struct memory *m, struct sortie *s, int64_t from_ms, int64_t to_ms)
{
    if (!m->recall) {
        return false;
    }
    bind(m->recall, s, from_ms, to_ms);
    const bool found = sqlite3_step(m->recall) == SQLITE_ROW;
    if (found) {
        read_states(operation_sql_said(m->recall, 0), s);
        s->silent_ms = sqlite3_column_int64(m->recall, 1);
    }
    sqlite3_reset(m->recall);
    return found;
}

static void keep(const struct memory *m, const struct sortie *s, int64_t from_ms, int64_t to_ms)
{
    struct buf b = {0};
    sqlite3_stmt *q = operation_sql(m->f, "INSERT OR REPLACE INTO path (address, epoch, from_ms, "
                                          "to_ms, states, silent_ms) VALUES (?,?,?,?,?,?)");
    write_states(s, &b);
    if (q && !b.failed) {
        bind(q, s, from_ms, to_ms);
        operation_sql_text(q, 5, (const char *)b.p);
        sqlite3_bind_int64(q, 6, s->silent_ms);
        operation_sql_done(q); /* not kept: looked at anew next time */
    } else {
        sqlite3_finalize(q);
    }
    buf_free(&b);
}

static enum err walk(struct sortie *s, struct store *store, const struct memory *m,
                     const struct operation_views *v, int64_t at_ms)
{
    const int64_t from = s->off.lo_ms != SORTIE_NO_TIME ? s->off.lo_ms : s->on.lo_ms;
    int64_t to = s->on.hi_ms != SORTIE_NO_TIME && s->is_over ? s->on.hi_ms : s->off.hi_ms;
    if (from == SORTIE_NO_TIME) {
        return ERR_OK;
    }
    to = s->is_over && to > from ? to : from + 86400000;
    to = to < at_ms ? to : at_ms;
    s->path_known = true;
    if (s->is_over && recall(m, s, from, to)) {
        return ERR_OK;
    }
    struct walking w = {.v = v, .s = s, .last_ms = SORTIE_NO_TIME};
    struct store_query q = store_query_any();
    q.address = s->address;
    q.from_ms = from;
    q.to_ms = to + 1;
    s->states = 0;
    s->silent_ms = 0;
    const enum err e = store_find(store, &q, take, &w, NULL);
    if (!e && m->f && s->is_over) {
        keep(m, s, from, to);
    }
    return e;
}

enum err operation_paths(struct matches *m, struct store *s, struct operation_file *f,
                         const struct operation_views *v, int64_t at_ms, size_t most)
{
    enum err e = ERR_OK;
    size_t walked = 0;
    struct memory memory;
    begin(&memory, f);
    for (size_t i = m->n; i-- > 0 && !e && v->airspace && walked < most;) {
        if (match_is_in(&m->of[i]) && !m->of[i].s.implied) {
            e = walk(&m->of[i].s, s, &memory, v, at_ms);
            walked++;
        }
    }
    end(&memory);
    return e;
}

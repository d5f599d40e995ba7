#include "store/packed.h"

#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

void packed_forget(struct store *s)
{
    if (s->packed) {
        s->packed->id = 0;
        s->packed->torn = 0;
    }
}

static bool is_at_hand(const struct packed *p, int64_t id)
{
    return p->id > 0 && id >= p->id && id < p->id + (int64_t)p->packet.n;
}

/* A packet's row: id, bytes. */
static enum err take_row(struct packed *p, sqlite3_stmt *q)
{
    const int64_t id = sqlite3_column_int64(q, 0);
    const uint8_t *b = sqlite3_column_blob(q, 1);
    const size_t n = (size_t)sqlite3_column_bytes(q, 1);
    p->id = 0;
    buf_clear(&p->bytes);
    buf_add(&p->bytes, b, b ? n : 0);
    if (p->bytes.failed) {
        return ERR_MEMORY;
    }
    if (packet_read(p->bytes.p, p->bytes.n, &p->packet)) {
        p->torn++;
        return ERR_SYNTAX;
    }
    p->id = id;
    return ERR_OK;
}

/* Runs a statement that gives one packet's row. */
static enum err take(struct store *s, enum index_statement which, int64_t id)
{
    sqlite3_stmt *q = index_use(s, which);
    if (!q) {
        return ERR_NOT_FOUND; /* a store of before has no such table */
    }
    sqlite3_bind_int64(q, 1, id);
    const int step = sqlite3_step(q);
    const enum err e = step == SQLITE_ROW    ? take_row(s->packed, q)
                       : step == SQLITE_DONE ? ERR_NOT_FOUND
                                             : index_error(s->db);
    sqlite3_reset(q);
    return e;
}

enum err packed_find(struct store *s, int64_t id, size_t *k)
{
    struct packed *p = s->packed;
    const enum err e = is_at_hand(p, id) ? ERR_OK : take(s, INDEX_PACKET_OF, id);
    if (e) {
        return e;
    }
    *k = (size_t)(id - p->id);
    return is_at_hand(p, id) ? ERR_OK : ERR_NOT_FOUND;
}

const uint8_t *packed_bytes(struct store *s, int64_t id, size_t *n)
{
    struct packed *p = s->packed;
    size_t k;
    *n = 0;
    buf_clear(&p->chunk);
    if (packed_find(s, id, &k) || packet_chunk(&p->packet, p->bytes.p, k, &p->chunk)) {
        return NULL;
    }
    *n = p->chunk.n;
    return p->chunk.p;
}

/* --- what leads to it ------------------------------------------------------------------------- */

static enum err chunk_leads(struct store *s, int64_t id, uint32_t address, struct lead_list *out)
{
    size_t bytes, n = 0;
    const uint8_t *b = packed_bytes(s, id, &bytes);
    enum err e = lead_push(out, (struct lead){lead_address(address), id});
    if (!b || chunk_decode(s->codec, b, bytes, s->points, &n)) {
        n = 0; /* torn: no call sign leads to it */
    }
    for (size_t i = 0; i < n && !e; i++) {
        const char *flight = s->points[i].flight;
        if (flight[0] && (i == 0 || memcmp(flight, s->points[i - 1].flight, 8) != 0)) {
            e = lead_push(out, (struct lead){lead_flight(flight), id});
        }
    }
    return e;
}

enum err packed_leads(struct store *s, struct lead_list *out)
{
    const struct packed *p = s->packed;
    enum err e = ERR_OK;
    for (size_t i = 0; i < p->packet.n && !e; i++) {
        e = chunk_leads(s, p->id + (int64_t)i, p->packet.member[i].address, out);
    }
    return e;
}

enum err packed_remove(struct store *s, int64_t id, uint64_t *chunks, uint64_t *points)
{
    struct lead_list l = {0};
    size_t k;
    enum err e = packed_find(s, id, &k);
    if (!e) {
        e = packed_leads(s, &l);
        *chunks += s->packed->packet.n;
        for (size_t i = 0; i < s->packed->packet.n && !e; i++) {
            const int64_t address = s->packed->packet.member[i].address;
            *points += s->packed->packet.member[i].points;
            e = index_run_with(s, INDEX_HAD_POINTS, &address, 1);
        }
    }
    e = e == ERR_SYNTAX ? ERR_OK : e; /* a damaged one goes all the same */
    lead_sort(&l);
    e = e ? e : lead_remove(s, &l);
    e = e ? e : index_run_with(s, INDEX_REMOVE_PACKET, &id, 1);
    e = e ? e : index_run_with(s, INDEX_REMOVE_PLACE, &id, 1);
    lead_free(&l);
    packed_forget(s);
    return e;
}

/* --- the table -------------------------------------------------------------------------------- */

enum { COLUMN_ID, COLUMN_ADDRESS, COLUMN_FIRST, COLUMN_LAST, COLUMN_POINTS, COLUMN_BYTES };

/* How a scan goes: by one of these, or through all from a number to a number. */
enum { BY_ADDRESS = 1, BY_ID = 2, FROM = 4, AFTER = 8, TO = 16, BEFORE = 32 };

struct table {
    sqlite3_vtab base;
    struct store *s;
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct store *s;
    struct lead_list ids; /* of an address */
    size_t at;
    bool scans;
    int64_t to; /* of a scan */
    int64_t id; /* at this row; 0: at the end */
    struct packet_member m;
};

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out,
                   char **why)
{
    (void)argc, (void)argv, (void)why;
    const int rc = sqlite3_declare_vtab(
        db, "CREATE TABLE x(id INTEGER, address INTEGER, first_ms INTEGER, last_ms INTEGER, "
            "points INTEGER, bytes BLOB)");
    struct table *t = rc == SQLITE_OK ? sqlite3_malloc(sizeof *t) : NULL;
    if (!t) {
        return rc == SQLITE_OK ? SQLITE_NOMEM : rc;
    }
    *t = (struct table){.s = aux};
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *t)
{
    sqlite3_free(t);
    return SQLITE_OK;
}

/* What a condition lets a scan leave out; 0: nothing. */
static int use_of(int column, int op)
{
    if (column == COLUMN_ADDRESS && op == SQLITE_INDEX_CONSTRAINT_EQ) {
        return BY_ADDRESS;
    }
    if (column != COLUMN_ID) {
        return 0;
    }
    return op == SQLITE_INDEX_CONSTRAINT_EQ   ? BY_ID
           : op == SQLITE_INDEX_CONSTRAINT_GE ? FROM
           : op == SQLITE_INDEX_CONSTRAINT_GT ? AFTER
           : op == SQLITE_INDEX_CONSTRAINT_LE ? TO
           : op == SQLITE_INDEX_CONSTRAINT_LT ? BEFORE
                                              : 0;
}

/* Where an address or a number is given, nothing else is asked for. SQLite looks at all conditions
   again. */
static int best_index(sqlite3_vtab *t, sqlite3_index_info *x)
{
    (void)t;
    int at[BEFORE + 1] = {0}, n = 0, all = 0;
    for (int i = 0; i < x->nConstraint; i++) {
        const int use = use_of(x->aConstraint[i].iColumn, x->aConstraint[i].op);
        if (use && x->aConstraint[i].usable && !(all & use)) {
            at[use] = i;
            all |= use;
        }
    }
    all = all & BY_ID ? BY_ID : all & BY_ADDRESS ? BY_ADDRESS : all;
    for (int use = BY_ADDRESS; use <= BEFORE; use *= 2) {
        if (all & use) {
            x->aConstraintUsage[at[use]].argvIndex = ++n;
        }
    }
    x->idxNum = all;
    x->estimatedCost = all & BY_ID ? 10 : all & BY_ADDRESS ? 50 : all ? 1e5 : 1e6;
    x->estimatedRows = all & BY_ID ? 1 : all & BY_ADDRESS ? 10 : all ? 100000 : 1000000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    struct cursor *c = sqlite3_malloc(sizeof *c);
    if (!c) {
        return SQLITE_NOMEM;
    }
    *c = (struct cursor){.s = ((struct table *)t)->s};
    *out = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    lead_free(&c->ids);
    sqlite3_free(c);
    return SQLITE_OK;
}

static int code_of(enum err e)
{
    return e == ERR_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR;
}

/* To the chunk of a number; false: there is none, or *rc says what is wrong. */
static bool go_to(struct cursor *c, int64_t id, int *rc)
{
    size_t k;
    const enum err e = packed_find(c->s, id, &k);
    *rc = !e || e == ERR_NOT_FOUND || e == ERR_SYNTAX ? SQLITE_OK : code_of(e);
    if (e) {
        return false;
    }
    c->id = id;
    c->m = c->s->packed->packet.member[k];
    return true;
}

/* The next of a scan: in the packet at hand, or the first of the next one that can be read. */
static int scan(struct cursor *c, int64_t from)
{
    struct packed *p = c->s->packed;
    int rc;
    c->id = 0;
    if (from <= c->to && go_to(c, from, &rc)) {
        return SQLITE_OK;
    }
    for (int64_t after = from; after <= c->to;) {
        const enum err e = take(c->s, INDEX_PACKET_AFTER, after);
        if (e == ERR_OK) {
            if (p->id <= c->to) {
                (void)go_to(c, p->id, &rc);
            }
            return SQLITE_OK;
        }
        if (e != ERR_SYNTAX) {
            return e == ERR_NOT_FOUND ? SQLITE_OK : code_of(e);
        }
        after += PACKET_MAX; /* a damaged one's numbers are at most so many */
    }
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    int rc = SQLITE_OK;
    if (c->scans) {
        return c->id == INT64_MAX ? (c->id = 0, SQLITE_OK) : scan(c, c->id + 1);
    }
    c->id = 0;
    while (rc == SQLITE_OK && c->at < c->ids.n && !go_to(c, c->ids.p[c->at++].id, &rc)) {
    }
    return rc;
}

static int filter(sqlite3_vtab_cursor *base, int how, const char *text, int argc,
                  sqlite3_value **argv)
{
    (void)text, (void)argc;
    struct cursor *c = (struct cursor *)base;
    int64_t from = 1;
    enum err e = ERR_OK;
    c->ids.n = c->at = 0;
    c->scans = !(how & (BY_ADDRESS | BY_ID));
    c->to = INT64_MAX;
    for (int use = BY_ADDRESS, i = 0; use <= BEFORE; use *= 2) {
        if (!(how & use)) {
            continue;
        }
        const int64_t v = sqlite3_value_int64(argv[i++]);
        if (use == BY_ID) {
            e = lead_push(&c->ids, (struct lead){0, v});
        } else if (use == BY_ADDRESS) {
            e = v < 0 || v > UINT32_MAX ? ERR_OK
                                        : lead_find(c->s, lead_address((uint32_t)v), &c->ids);
        } else if (use & (FROM | AFTER)) {
            from = v + (use == AFTER && v < INT64_MAX) > from ? v + (use == AFTER && v < INT64_MAX)
                                                              : from;
        } else {
            const int64_t to = use == BEFORE && v > INT64_MIN ? v - 1 : v;
            c->to = to < c->to ? to : c->to;
        }
    }
    return e ? code_of(e) : c->scans ? scan(c, from) : next(base);
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return ((struct cursor *)base)->id == 0;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *out, int i)
{
    const struct cursor *c = (const struct cursor *)base;
    if (i == COLUMN_BYTES) {
        size_t n;
        const uint8_t *b = packed_bytes(c->s, c->id, &n);
        if (b) {
            sqlite3_result_blob64(out, b, n, SQLITE_TRANSIENT);
        }
        return SQLITE_OK;
    }
    sqlite3_result_int64(out, i == COLUMN_ID        ? c->id
                              : i == COLUMN_ADDRESS ? (int64_t)c->m.address
                              : i == COLUMN_FIRST   ? c->m.first_ms
                              : i == COLUMN_LAST    ? c->m.last_ms
                                                    : (int64_t)c->m.points);
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((const struct cursor *)base)->id;
    return SQLITE_OK;
}

/* No xCreate: the table is there for each connection, and in no file. */
static const sqlite3_module module = {.xConnect = connect,
                                      .xBestIndex = best_index,
                                      .xDisconnect = disconnect,
                                      .xOpen = open_cursor,
                                      .xClose = close_cursor,
                                      .xFilter = filter,
                                      .xNext = next,
                                      .xEof = is_at_end,
                                      .xColumn = column,
                                      .xRowid = rowid};

enum err packed_open(struct store *s)
{
    s->packed = calloc(1, sizeof *s->packed);
    if (!s->packed) {
        return ERR_MEMORY;
    }
    s->packed->s = s;
    return sqlite3_create_module_v2(s->db, "packed", &module, s, NULL) == SQLITE_OK ? ERR_OK
                                                                                    : ERR_MEMORY;
}

void packed_close(struct store *s)
{
    if (s->packed) {
        buf_free(&s->packed->bytes);
        buf_free(&s->packed->chunk);
        free(s->packed);
        s->packed = NULL;
    }
}

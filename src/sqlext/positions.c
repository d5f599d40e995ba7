/* masar_positions('DIR'): every kept position. Conditions on time, address, callsign, lat and lon
   are answered from the index; SQLite checks them again, so what is looked up may be a little wider
   than what was asked. */
#include "model/message.h"
#include "sqlext/sqlext.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    COLUMN_TIME,
    COLUMN_ADDRESS,
    COLUMN_CALLSIGN,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_ALT_BARO,
    COLUMN_ALT_GEOM,
    COLUMN_GS,
    COLUMN_TRACK,
    COLUMN_BARO_RATE,
    COLUMN_GEOM_RATE,
    COLUMN_SQUAWK,
    COLUMN_GROUND,
    COLUMN_IAS,
    COLUMN_TAS,
    COLUMN_ROLL,
    COLUMN_MAG_HEADING,
    COLUMN_NAV_QNH,
    COLUMN_NIC,
    COLUMN_RC,
    COLUMN_NAC_P,
    COLUMN_SIL,
    COLUMN_VERSION,
    COLUMN_TYPE,
    COLUMN_RECEIVER,
    COLUMN_DIR
};

/* --- what can be looked up ---------------------------------------------------------------- */

/* Which conditions are of use, how they are named in a query's plan, and how much less there is to
   read for each. The name's last character tells the side: = both, > at least, < at most. */
static const struct condition {
    uint8_t column, op;
    const char *name;
    double share;
} conditions[] = {
    {COLUMN_DIR, SQLITE_INDEX_CONSTRAINT_EQ, "dir=", 1},
    {COLUMN_TIME, SQLITE_INDEX_CONSTRAINT_EQ, "time=", 0.0001},
    {COLUMN_TIME, SQLITE_INDEX_CONSTRAINT_GE, "time>", 0.05},
    {COLUMN_TIME, SQLITE_INDEX_CONSTRAINT_GT, "time>", 0.05},
    {COLUMN_TIME, SQLITE_INDEX_CONSTRAINT_LE, "time<", 0.05},
    {COLUMN_TIME, SQLITE_INDEX_CONSTRAINT_LT, "time<", 0.05},
    {COLUMN_ADDRESS, SQLITE_INDEX_CONSTRAINT_EQ, "address=", 0.0001},
    {COLUMN_CALLSIGN, SQLITE_INDEX_CONSTRAINT_EQ, "callsign=", 0.001},
    {COLUMN_LAT, SQLITE_INDEX_CONSTRAINT_EQ, "lat=", 0.01},
    {COLUMN_LAT, SQLITE_INDEX_CONSTRAINT_GE, "lat>", 0.3},
    {COLUMN_LAT, SQLITE_INDEX_CONSTRAINT_GT, "lat>", 0.3},
    {COLUMN_LAT, SQLITE_INDEX_CONSTRAINT_LE, "lat<", 0.3},
    {COLUMN_LAT, SQLITE_INDEX_CONSTRAINT_LT, "lat<", 0.3},
    {COLUMN_LON, SQLITE_INDEX_CONSTRAINT_EQ, "lon=", 0.01},
    {COLUMN_LON, SQLITE_INDEX_CONSTRAINT_GE, "lon>", 0.3},
    {COLUMN_LON, SQLITE_INDEX_CONSTRAINT_GT, "lon>", 0.3},
    {COLUMN_LON, SQLITE_INDEX_CONSTRAINT_LE, "lon<", 0.3},
    {COLUMN_LON, SQLITE_INDEX_CONSTRAINT_LT, "lon<", 0.3},
};

static const struct condition *condition_of(const struct sqlite3_index_constraint *c)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (conditions[i].column == c->iColumn && conditions[i].op == c->op) {
            return &conditions[i];
        }
    }
    return NULL;
}

/* Points come by address, each aircraft's by time. */
static bool is_in_order(const sqlite3_index_info *info, bool one_aircraft)
{
    const int want[2] = {COLUMN_ADDRESS, COLUMN_TIME};
    const int from = one_aircraft && info->nOrderBy == 1;
    for (int i = 0; i < info->nOrderBy; i++) {
        if (i + from > 1 || info->aOrderBy[i].iColumn != want[i + from] || info->aOrderBy[i].desc) {
            return false;
        }
    }
    return info->nOrderBy > 0;
}

/* The plan is the list of conditions used, in the order of their values. */
static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    double cost = 1e9;
    bool one_aircraft = false;
    int n = 0;
    char plan[256] = "";
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *c = &info->aConstraint[i];
        const struct condition *k = condition_of(c);
        if (!k || (!c->usable && k->column != COLUMN_DIR)) {
            continue;
        }
        if (!c->usable) {
            return SQLITE_CONSTRAINT; /* the folder comes from a table that is read later */
        }
        const size_t used = strlen(plan);
        if (used + strlen(k->name) + 2 > sizeof plan) {
            continue;
        }
        snprintf(plan + used, sizeof plan - used, "%s%s", used ? "," : "", k->name);
        info->aConstraintUsage[i].argvIndex = ++n;
        info->aConstraintUsage[i].omit = k->column == COLUMN_DIR;
        cost *= k->share;
        one_aircraft |= k->column == COLUMN_ADDRESS;
    }
    info->idxStr = sqlite3_mprintf("%s", plan);
    info->needToFreeIdxStr = 1;
    info->estimatedCost = cost < 10 ? 10 : cost;
    info->estimatedRows = (sqlite3_int64)info->estimatedCost;
    info->orderByConsumed = is_in_order(info, one_aircraft);
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* --- the condition's values → a query ----------------------------------------------------- */

struct wanted {
    double low[COLUMN_DIR], high[COLUMN_DIR]; /* of time, lat, lon */
    uint32_t address;
    char flight[8];
    bool nothing; /* no row can answer */
};

static void narrow(struct wanted *w, unsigned column, char side, sqlite3_value *value)
{
    const int type = sqlite3_value_numeric_type(value);
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
        /* Text and blobs are greater than every number, NULL is like nothing. */
        w->nothing |= type == SQLITE_NULL || side != '<';
        return;
    }
    const double v = sqlite3_value_double(value);
    if (side != '<' && v > w->low[column]) {
        w->low[column] = v;
    }
    if (side != '>' && v < w->high[column]) {
        w->high[column] = v;
    }
}

static void want_address(struct wanted *w, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    uint32_t address;
    if (!text || !sqlext_address(text, &address) ||
        (w->address != ADDRESS_NONE && w->address != address)) {
        w->nothing = true;
        return;
    }
    w->address = address;
}

static void want_callsign(struct wanted *w, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    const size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > sizeof w->flight) {
        w->nothing = true;
        return;
    }
    memset(w->flight, ' ', sizeof w->flight);
    for (size_t i = 0; i < n; i++) {
        w->flight[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    }
}

static const struct condition *condition_named(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (strlen(conditions[i].name) == n && memcmp(conditions[i].name, name, n) == 0) {
            return &conditions[i];
        }
    }
    return NULL;
}

/* Returns the folder's value, NULL where none was given. */
static sqlite3_value *read_plan(struct wanted *w, const char *plan, int n, sqlite3_value **value)
{
    sqlite3_value *dir = NULL;
    for (int i = 0; i < n && plan; i++) {
        const size_t length = strcspn(plan, ",");
        const struct condition *k = condition_named(plan, length);
        if (k && k->column == COLUMN_DIR) {
            dir = value[i];
        } else if (k && k->column == COLUMN_ADDRESS) {
            want_address(w, value[i]);
        } else if (k && k->column == COLUMN_CALLSIGN) {
            want_callsign(w, value[i]);
        } else if (k) {
            narrow(w, k->column, plan[length - 1], value[i]);
        }
        plan += length + (plan[length] == ',');
    }
    return dir;
}

/* Whole units around an interval, within bounds. False: it is empty. */
static bool units(double low, double high, double scale, double least, double most, double *from,
                  double *to)
{
    *from = fmax(floor(low * scale) - 1, least);
    *to = fmin(ceil(high * scale) + 1, most);
    return low <= high && *from <= *to;
}

/* False: no row can answer. */
static bool query_of(const struct wanted *w, struct store_query *q)
{
    double from, to;
    *q = store_query_any();
    q->address = w->address;
    memcpy(q->flight, w->flight, sizeof q->flight);
    if (w->nothing || !units(w->low[COLUMN_TIME], w->high[COLUMN_TIME], 1000, (double)KEPT_TIME_MIN,
                             (double)KEPT_TIME_MAX, &from, &to)) {
        return false;
    }
    q->from_ms = (int64_t)from;
    q->to_ms = (int64_t)to + 1;
    const bool anywhere = isinf(w->low[COLUMN_LAT]) && isinf(w->high[COLUMN_LAT]) &&
                          isinf(w->low[COLUMN_LON]) && isinf(w->high[COLUMN_LON]);
    if (anywhere) {
        return true;
    }
    q->area.kind = AREA_BOX;
    if (!units(w->low[COLUMN_LAT], w->high[COLUMN_LAT], 1e7, -900000000, 900000000, &from, &to)) {
        return false;
    }
    q->area.low.lat_e7 = (int32_t)from;
    q->area.high.lat_e7 = (int32_t)to;
    if (!units(w->low[COLUMN_LON], w->high[COLUMN_LON], 1e7, -1800000000, 1799999999, &from, &to)) {
        return false;
    }
    q->area.low.lon_e7 = (int32_t)from;
    q->area.high.lon_e7 = (int32_t)to;
    return true;
}

/* --- the cursor --------------------------------------------------------------------------- */

struct cursor {
    struct sqlext_cursor in; /* points of p */
    struct store *store;
    struct store_search *search;
    const struct kept *p; /* the search's */
    bool more;
    sqlite3_int64 rowid;
    uint16_t receiver; /* the last one that was named */
    char name[201];
};

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    return sqlext_cursor_new(sizeof(struct cursor), out);
}

static void rest(struct cursor *c)
{
    store_search_free(c->search);
    store_close(c->store);
    c->search = NULL;
    c->store = NULL;
    c->in.n = c->in.at = 0;
    c->more = false;
    c->receiver = 0;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    rest((struct cursor *)cursor);
    free(cursor);
    return SQLITE_OK;
}

/* Goes on to where there is a point, or to the end. */
static int fill(struct cursor *c)
{
    enum err e = ERR_OK;
    while (!e && c->in.at >= c->in.n && c->more) {
        c->in.at = 0;
        e = store_search_next(c->search, c->store, &c->p, &c->in.n, &c->more);
    }
    return sqlext_error(c->in.base.pVtab, e);
}

static int filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int n,
                  sqlite3_value **value)
{
    struct cursor *c = (struct cursor *)cursor;
    struct wanted w = {.address = ADDRESS_NONE};
    struct store_query q;
    (void)number;
    for (size_t i = 0; i < COLUMN_DIR; i++) {
        w.low[i] = -INFINITY;
        w.high[i] = INFINITY;
    }
    rest(c);
    sqlite3_value *dir = read_plan(&w, plan, n, value);
    int e = sqlext_open(cursor->pVtab, &sqlext_positions, dir, &c->store);
    if (e || !query_of(&w, &q)) {
        return e;
    }
    e = sqlext_error(cursor->pVtab, store_search_new(c->store, &q, &c->search));
    c->more = !e;
    return e ? e : fill(c);
}

static int next(sqlite3_vtab_cursor *cursor)
{
    struct cursor *c = (struct cursor *)cursor;
    c->in.at++;
    c->rowid++;
    return fill(c);
}

static int rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    *out = ((struct cursor *)cursor)->rowid;
    return SQLITE_OK;
}

/* --- columns ------------------------------------------------------------------------------ */

static void whole(sqlite3_context *to, int32_t v, int32_t none)
{
    if (v != none) {
        sqlite3_result_int(to, v);
    }
}

static void scaled(sqlite3_context *to, int32_t v, int32_t none, double scale)
{
    if (v != none) {
        sqlite3_result_double(to, v / scale);
    }
}

static void text_columns(struct cursor *c, const struct kept *k, sqlite3_context *to, int which)
{
    char squawk[8];
    int n = 8;
    switch (which) {
    case COLUMN_CALLSIGN:
        while (n > 0 && (k->flight[n - 1] == ' ' || k->flight[n - 1] == '\0')) {
            n--;
        }
        if (n > 0) {
            sqlite3_result_text(to, k->flight, n, SQLITE_TRANSIENT);
        }
        break;
    case COLUMN_SQUAWK:
        if (k->squawk != KEPT_NO_SQUAWK) {
            snprintf(squawk, sizeof squawk, "%04o", k->squawk & 07777u);
            sqlite3_result_text(to, squawk, 4, SQLITE_TRANSIENT);
        }
        break;
    case COLUMN_TYPE:
        sqlite3_result_text(to, origin_row[k->origin < ORIGIN_COUNT ? k->origin : 0].type, -1,
                            SQLITE_STATIC);
        break;
    case COLUMN_RECEIVER:
        if (k->receiver != c->receiver) {
            store_receiver_name(c->store, k->receiver, c->name);
            c->receiver = k->receiver;
        }
        if (k->receiver && c->name[0]) {
            sqlite3_result_text(to, c->name, -1, SQLITE_TRANSIENT);
        }
        break;
    default:
        break;
    }
}

static void quality_columns(const struct kept *k, sqlite3_context *to, int which)
{
    switch (which) {
    case COLUMN_NIC:
        whole(to, k->nic, KEPT_NONE_8);
        break;
    case COLUMN_RC:
        whole(to, k->rc_m, KEPT_NONE);
        break;
    case COLUMN_NAC_P:
        whole(to, k->nac_p, KEPT_NONE_8);
        break;
    case COLUMN_SIL:
        whole(to, k->sil, KEPT_NONE_8);
        break;
    case COLUMN_VERSION:
        whole(to, k->version, KEPT_NONE_8);
        break;
    case COLUMN_IAS:
        whole(to, k->ias_kt, KEPT_NONE_16);
        break;
    case COLUMN_TAS:
        whole(to, k->tas_kt, KEPT_NONE_16);
        break;
    case COLUMN_ROLL:
        scaled(to, k->roll_e2_deg, KEPT_NONE_16, 100);
        break;
    case COLUMN_MAG_HEADING:
        scaled(to, k->mag_heading_e2_deg, KEPT_NO_HEADING, 100);
        break;
    case COLUMN_NAV_QNH:
        scaled(to, k->nav_qnh_e1_hpa, 0, 10);
        break;
    default:
        break;
    }
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *to, int which)
{
    struct cursor *c = (struct cursor *)cursor;
    const struct kept *k = &c->p[c->in.at];
    switch (which) {
    case COLUMN_TIME:
        sqlext_result_time(to, k->t_ms);
        break;
    case COLUMN_ADDRESS:
        sqlext_result_address(to, k->address);
        break;
    case COLUMN_LAT:
        sqlite3_result_double(to, k->lat_e7 / 1e7);
        break;
    case COLUMN_LON:
        sqlite3_result_double(to, k->lon_e7 / 1e7);
        break;
    case COLUMN_ALT_BARO:
        whole(to, k->alt_baro_ft, KEPT_NONE);
        break;
    case COLUMN_ALT_GEOM:
        whole(to, k->alt_geom_ft, KEPT_NONE);
        break;
    case COLUMN_GS:
        scaled(to, k->gs_e2_kt, KEPT_NONE, 100);
        break;
    case COLUMN_TRACK:
        scaled(to, k->track_e2_deg, KEPT_NONE, 100);
        break;
    case COLUMN_BARO_RATE:
        whole(to, k->baro_rate_fpm, KEPT_NONE);
        break;
    case COLUMN_GEOM_RATE:
        whole(to, k->geom_rate_fpm, KEPT_NONE);
        break;
    case COLUMN_GROUND:
        sqlite3_result_int(to, k->ground);
        break;
    default:
        text_columns(c, k, to, which);
        quality_columns(k, to, which);
        break;
    }
    return SQLITE_OK;
}

const struct sqlext_table sqlext_positions = {
    .name = "masar_positions",
    .columns =
        "CREATE TABLE x(time REAL, address TEXT COLLATE NOCASE, callsign TEXT COLLATE NOCASE, lat "
        "REAL, lon REAL, alt_baro INTEGER, alt_geom INTEGER, gs REAL, track REAL, baro_rate "
        "INTEGER, "
        "geom_rate INTEGER, squawk TEXT, ground INTEGER, ias INTEGER, tas INTEGER, roll REAL, "
        "mag_heading REAL, nav_qnh REAL, nic INTEGER, rc INTEGER, nac_p INTEGER, sil INTEGER, "
        "version "
        "INTEGER, type TEXT, receiver TEXT, dir TEXT HIDDEN)",
    .module = {.xConnect = sqlext_connect,
               .xBestIndex = best_index,
               .xDisconnect = sqlext_disconnect,
               .xOpen = open_cursor,
               .xClose = close_cursor,
               .xFilter = filter,
               .xNext = next,
               .xEof = sqlext_eof,
               .xColumn = column,
               .xRowid = rowid},
};

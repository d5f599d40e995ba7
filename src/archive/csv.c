#include "archive/csv.h"

#include "base/instant.h"
#include "base/map.h"
#include "wire/lines.h"
#include "wire/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 4096,
    PARTS_MAX = 64,
    AIRCRAFT_MAX = 1 << 22,
    NAME_MAX_BYTES = 24,
    RECEIVER_MAX = 200
};

enum quantity {
    TIME,     /* of the row */
    TIME_FIX, /* of its position, where that is told apart */
    ADDRESS,
    FLIGHT,
    LAT,
    LON,
    PLACE, /* "lat,lon" */
    ALT_BARO,
    ALT_ZERO_IS_GROUND,
    ALT_GEOM,
    GS,
    TRACK,
    RATE,
    GROUND,
    SQUAWK,
    GEOM_RATE,
    NIC,
    RC,
    NAC_P,
    SIL,
    VERSION,
    IAS,
    TAS,
    ROLL,
    MAG_HEADING,
    QNH,
    SOURCE, /* a type of aircraft.json */
    ORIGIN, /* enum origin, in words: what a type does not tell apart */
    RECEIVER,
    QUANTITIES
};

/* value * factor is in the scale of struct kept. */
#define FT_PER_M   3.280839895013123
#define KT_PER_MPS 1.943844492440605

static const struct {
    const char *name;
    enum quantity quantity;
    double factor;
} column[] = {
    {"time", TIME, 0},
    {"timestamp", TIME, 0},
    {"utc", TIME, 0},
    {"time_utc_epoch", TIME, 0},
    {"lastposupdate", TIME_FIX, 0},
    {"icao24", ADDRESS, 0},
    {"icao", ADDRESS, 0},
    {"hex", ADDRESS, 0},
    {"callsign", FLIGHT, 0},
    {"lat", LAT, 0},
    {"latitude", LAT, 0},
    {"lon", LON, 0},
    {"longitude", LON, 0},
    {"position", PLACE, 0},
    {"alt_ft", ALT_BARO, 1},
    {"baroaltitude", ALT_BARO, FT_PER_M},
    {"altitude", ALT_ZERO_IS_GROUND, 1},
    {"geoaltitude", ALT_GEOM, FT_PER_M},
    {"gs_kt", GS, 100},
    {"groundspeed", GS, 100},
    {"speed", GS, 100},
    {"velocity", GS, 100 * KT_PER_MPS},
    {"track_deg", TRACK, 100},
    {"track", TRACK, 100},
    {"heading", TRACK, 100},
    {"direction", TRACK, 100},
    {"vrate_fpm", RATE, 1},
    {"vertical_rate", RATE, 1},
    {"vertrate", RATE, 60 * FT_PER_M},
    {"onground", GROUND, 0},
    {"squawk", SQUAWK, 0},
    /* What our own export has besides. */
    {"alt_geom_ft", ALT_GEOM, 1},
    {"geom_rate_fpm", GEOM_RATE, 1},
    {"nic", NIC, 1},
    {"rc_m", RC, 1},
    {"nac_p", NAC_P, 1},
    {"sil", SIL, 1},
    {"version", VERSION, 1},
    {"source", SOURCE, 0},
    {"ias_kt", IAS, 1},
    {"tas_kt", TAS, 1},
    {"roll_deg", ROLL, 100},
    {"mag_heading_deg", MAG_HEADING, 100},
    {"nav_qnh_hpa", QNH, 10},
    {"receiver", RECEIVER, 0},
    {"origin", ORIGIN, 0},
};

enum { COLUMNS = sizeof column / sizeof *column };

struct csv_reader {
    archive_point_fn *out;
    void *ctx;
    struct csv_sums sums;
    struct counters counters; /* of lines */
    struct lines lines;
    enum err err;
    const char *why;
    bool has_header;
    char separator;
    uint32_t address;
    uint8_t origin;
    uint8_t at[QUANTITIES]; /* which part; PARTS_MAX: not in this file */
    double factor[QUANTITIES];
    struct map map; /* address → number in last_ms */
    bool has_map;
    int64_t *last_ms;
    uint32_t last_n, last_max;
    uint64_t given, nameless; /* rows of this file */
};

static void broken(struct csv_reader *r, enum err e, const char *why)
{
    r->err = e;
    r->why = why;
}

/* ---- the first line ---- */

static bool is_name(struct text t, const char *name)
{
    const size_t n = strlen(name);
    for (size_t i = 0; i < n && i < t.n; i++) {
        if (tolower((unsigned char)t.p[i]) != name[i]) {
            return false;
        }
    }
    return t.n == n;
}

/* The first column of a quantity counts: Timestamp before UTC. */
static void take_name(struct csv_reader *r, struct text name, uint8_t part)
{
    for (unsigned i = 0; i < COLUMNS; i++) {
        const enum quantity q = column[i].quantity;
        if (is_name(name, column[i].name) && r->at[q] == PARTS_MAX) {
            r->at[q] = part;
            r->factor[q] = column[i].factor;
        }
    }
}

static bool has(const struct csv_reader *r, enum quantity q)
{
    return r->at[q] != PARTS_MAX;
}

static void take_names(struct csv_reader *r, struct text line)
{
    struct text part[PARTS_MAX];
    if (line.n >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0) { /* byte-order mark */
        line = (struct text){line.p + 3, line.n - 3};
    }
    for (int i = 0; i < QUANTITIES; i++) {
        r->at[i] = PARTS_MAX;
    }
    r->separator = memchr(line.p, ',', line.n) ? ',' : ';';
    const size_t n = text_split(line, r->separator, part, PARTS_MAX);
    for (size_t i = 0; i < n; i++) {
        take_name(r, text_trim(part[i]), (uint8_t)i);
    }
}

bool csv_reader_knows(const char *p, size_t n)
{
    struct csv_reader r;
    const char *end = memchr(p, '\n', n);
    const size_t length = end ? (size_t)(end - p) : n;
    if (length == 0 || length > LINE_MAX_BYTES) {
        return false;
    }
    take_names(&r, (struct text){p, length});
    return (has(&r, TIME) || has(&r, TIME_FIX)) &&
           (has(&r, PLACE) || (has(&r, LAT) && has(&r, LON)));
}

static void take_header(struct csv_reader *r, struct text line)
{
    take_names(r, line);
    r->has_header = true;
    r->origin = has(r, TIME_FIX) || has(r, PLACE) ? ORIGIN_API : ORIGIN_OTHER;
    if (!has(r, TIME) && !has(r, TIME_FIX)) {
        broken(r, ERR_SYNTAX, "its first line names no column of times (time, timestamp, utc)");
    } else if (!has(r, PLACE) && !(has(r, LAT) && has(r, LON))) {
        broken(r, ERR_SYNTAX, "its first line names no columns of places (lat and lon, position)");
    } else if (!has(r, ADDRESS) && r->address == ADDRESS_NONE) {
        broken(r, ERR_SYNTAX,
               "it does not say which aircraft it is of (icao24): name its address "
               "with --address");
    }
}

/* ---- a row ---- */

struct row {
    const struct text *part;
    size_t n;
};

/* Empty where the file has no such column, and where it says nothing: NULL, nan. */
static struct text cell(const struct csv_reader *r, const struct row *row, enum quantity q)
{
    static const struct text empty = {"", 0};
    if (!has(r, q) || r->at[q] >= row->n) {
        return empty;
    }
    const struct text t = text_trim(row->part[r->at[q]]);
    return is_name(t, "null") || is_name(t, "nan") || is_name(t, "none") ? empty : t;
}

/* More seconds than this (the year 5138) are milliseconds (from 1973 on). */
#define SECONDS_MAX INT64_C(100000000000)

static bool time_of(struct text t, int64_t *t_ms)
{
    char text[40];
    int64_t us;
    if (text_decimal(t, 3, t_ms)) {
        if (*t_ms / 1000 > SECONDS_MAX) {
            *t_ms /= 1000;
        }
        return *t_ms >= KEPT_TIME_MIN && *t_ms <= KEPT_TIME_MAX;
    }
    if (t.n < 11 || t.n >= sizeof text) {
        return false;
    }
    memcpy(text, t.p, t.n);
    text[t.n] = 0;
    text[10] = 'T';
    if (instant_parse(text, &us)) {
        return false;
    }
    *t_ms = us / 1000;
    return *t_ms >= KEPT_TIME_MIN && *t_ms <= KEPT_TIME_MAX;
}

static void take_number(struct csv_reader *r, const struct row *row, enum quantity q, int32_t lo,
                        int32_t hi, int32_t *out)
{
    const struct text t = cell(r, row, q);
    int64_t v;
    if (t.n == 0) {
        return;
    }
    if (text_decimal(t, 6, &v)) {
        const double scaled = round((double)v * 1e-6 * r->factor[q]);
        if (scaled >= lo && scaled <= hi) {
            *out = (int32_t)scaled;
            return;
        }
    }
    r->sums.bad_values++;
}

static void take_ground(struct csv_reader *r, const struct row *row, struct kept *k)
{
    const struct text t = cell(r, row, GROUND);
    int64_t v; /* 1 and 1.0 */
    const bool is_number = text_decimal(t, 0, &v) && (v == 0 || v == 1);
    k->ground = is_name(t, "true") || is_name(t, "t") || (is_number && v == 1);
    if (t.n > 0 && !k->ground && !is_number && !is_name(t, "false") && !is_name(t, "f")) {
        r->sums.bad_values++;
    }
    if (k->alt_baro_ft == KEPT_NONE) {
        take_number(r, row, ALT_ZERO_IS_GROUND, -5000, 150000, &k->alt_baro_ft);
        if (k->alt_baro_ft == 0 && has(r, PLACE)) {
            k->ground = 1;
            k->alt_baro_ft = KEPT_NONE;
        }
    }
}

/* A registration in the call sign's place is written with a hyphen, which no aircraft can send. */
static bool take_flight(struct text t, char out[8])
{
    enum { WITH_HYPHEN_MAX = 9 };
    char bare[WITH_HYPHEN_MAX];
    size_t n = 0;
    for (size_t i = 0; i < t.n && t.n <= WITH_HYPHEN_MAX; i++) {
        if (t.p[i] != '-') {
            bare[n++] = t.p[i];
        }
    }
    return n > 0 && text_flight((struct text){bare, n}, out);
}

static void take_texts(struct csv_reader *r, const struct row *row, struct kept *k)
{
    const struct text flight = cell(r, row, FLIGHT), squawk = cell(r, row, SQUAWK);
    int32_t v;
    if (flight.n > 0 && !take_flight(flight, k->flight)) {
        memset(k->flight, 0, sizeof k->flight);
        r->sums.bad_values++;
    }
    if (squawk.n > 0 && text_squawk(squawk, &v)) {
        k->squawk = (uint16_t)v;
    } else {
        r->sums.bad_values += squawk.n > 0;
    }
}

static bool take_place(const struct csv_reader *r, const struct row *row, struct kept *k)
{
    struct text place[3] = {cell(r, row, LAT), cell(r, row, LON), {"", 0}};
    if (has(r, PLACE) && text_split(cell(r, row, PLACE), ',', place, 3) != 2) {
        return false;
    }
    place[0] = text_trim(place[0]);
    place[1] = text_trim(place[1]);
    return place[0].n > 0 && place[1].n > 0 &&
           text_place(place[0], place[1], &k->lat_e7, &k->lon_e7);
}

/* A small number, where it is one. */
static void take_8(struct csv_reader *r, const struct row *row, enum quantity q, int32_t hi,
                   uint8_t *out)
{
    int32_t v = KEPT_NONE;
    take_number(r, row, q, 0, hi, &v);
    *out = v == KEPT_NONE ? *out : (uint8_t)v;
}

static void take_quality(struct csv_reader *r, const struct row *row, struct kept *k)
{
    take_number(r, row, RC, 0, 1000000, &k->rc_m);
    take_8(r, row, NIC, 15, &k->nic);
    take_8(r, row, NAC_P, 15, &k->nac_p);
    take_8(r, row, SIL, 7, &k->sil);
    take_8(r, row, VERSION, 7, &k->version);
}

static void take_air(struct csv_reader *r, const struct row *row, struct kept *k)
{
    int32_t ias = KEPT_NONE_16, tas = KEPT_NONE_16, roll = KEPT_NONE_16;
    int32_t heading = KEPT_NO_HEADING, qnh = 0;
    take_number(r, row, IAS, 0, 4000, &ias);
    take_number(r, row, TAS, 0, 4000, &tas);
    take_number(r, row, ROLL, -18000, 18000, &roll);
    take_number(r, row, MAG_HEADING, 0, 36000, &heading);
    take_number(r, row, QNH, 1, 20000, &qnh);
    k->ias_kt = (int16_t)ias;
    k->tas_kt = (int16_t)tas;
    k->roll_e2_deg = (int16_t)roll;
    k->mag_heading_e2_deg = heading == 36000 ? 0 : (uint16_t)heading;
    k->nav_qnh_e1_hpa = (uint16_t)qnh;
}

/* Another program's column of that name may say something else. */
static void take_origin(const struct csv_reader *r, const struct row *row, struct kept *k)
{
    const struct text source = cell(r, row, SOURCE), name = cell(r, row, ORIGIN);
    for (int o = 0; o < ORIGIN_COUNT && source.n > 0; o++) {
        if (is_name(source, origin_row[o].type)) {
            k->origin = (uint8_t)o; /* the first of its type */
            break;
        }
    }
    for (int o = 0; o < ORIGIN_COUNT && name.n > 0; o++) {
        k->origin = text_is(name, origin_row[o].label) ? (uint8_t)o : k->origin;
    }
}

/* As export.h writes a cell: quotes doubled, after a ' what a spreadsheet would run. */
static const char *take_receiver(const struct csv_reader *r, const struct row *row,
                                 char out[RECEIVER_MAX + 1])
{
    struct text t = cell(r, row, RECEIVER);
    size_t n = 0;
    const struct text after = t.n > 0 ? text_trim((struct text){t.p + 1, t.n - 1}) : t;
    const char c = after.n > 0 && t.p[0] == '\'' ? after.p[0] : 0;
    if (c == '=' || c == '+' || c == '-' || c == '@') {
        t = (struct text){t.p + 1, t.n - 1};
    }
    for (size_t i = 0; i < t.n && n < RECEIVER_MAX; i++) {
        i += t.p[i] == '"' && i + 1 < t.n && t.p[i + 1] == '"';
        out[n++] = t.p[i];
    }
    out[n] = 0;
    return n > 0 ? out : NULL;
}

/* Where the aircraft's last time stands; NULL: out of memory. */
static int64_t *last_of(struct csv_reader *r, uint32_t address)
{
    const uint32_t at = map_get(&r->map, address);
    if (at != MAP_NONE) {
        return &r->last_ms[at];
    }
    if (r->last_n == r->last_max) {
        const uint32_t max = r->last_max ? 2 * r->last_max : 256;
        int64_t *more = realloc(r->last_ms, max * sizeof *more);
        if (!more) {
            return NULL;
        }
        r->last_ms = more;
        r->last_max = max;
    }
    if (map_add(&r->map, address, r->last_n)) {
        return NULL;
    }
    r->last_ms[r->last_n] = KEPT_NO_TIME;
    return &r->last_ms[r->last_n++];
}

static bool is_repeated(struct csv_reader *r, const struct kept *k)
{
    int64_t *last = last_of(r, k->address);
    if (!last) {
        broken(r, ERR_MEMORY, "out of memory");
        return true;
    }
    const bool is = *last == k->t_ms;
    *last = k->t_ms;
    return is;
}

static void take_row(struct csv_reader *r, const struct row *row)
{
    struct kept k = kept_none();
    const struct text fix_time = cell(r, row, TIME_FIX), address = cell(r, row, ADDRESS);
    k.address = r->address;
    k.origin = r->origin;
    if (address.n > 0 && !text_address(address, &k.address)) {
        k.address = ADDRESS_NONE;
    }
    r->nameless += k.address == ADDRESS_NONE;
    if (k.address == ADDRESS_NONE || !take_place(r, row, &k) ||
        !time_of(fix_time.n > 0 ? fix_time : cell(r, row, TIME), &k.t_ms)) {
        r->sums.bad_points++;
        return;
    }
    if (has(r, TIME_FIX) && is_repeated(r, &k)) {
        r->sums.repeated += !r->err;
        return;
    }
    take_number(r, row, ALT_BARO, -5000, 150000, &k.alt_baro_ft);
    take_number(r, row, ALT_GEOM, -5000, 150000, &k.alt_geom_ft);
    take_number(r, row, GS, 0, 400000, &k.gs_e2_kt);
    take_number(r, row, TRACK, -18000, 36000, &k.track_e2_deg);
    take_number(r, row, RATE, -60000, 60000, &k.baro_rate_fpm);
    k.track_e2_deg = k.track_e2_deg == 36000 ? 0 : k.track_e2_deg;
    k.track_e2_deg += k.track_e2_deg != KEPT_NONE && k.track_e2_deg < 0 ? 36000 : 0;
    take_ground(r, row, &k);
    take_texts(r, row, &k);
    take_number(r, row, GEOM_RATE, -60000, 60000, &k.geom_rate_fpm);
    take_quality(r, row, &k);
    take_air(r, row, &k);
    take_origin(r, row, &k);
    r->sums.points++;
    r->given++;
    char receiver[RECEIVER_MAX + 1];
    r->out(r->ctx, &k, &(struct archive_more){.receiver = take_receiver(r, row, receiver)});
}

static void take_line(void *ctx, const char *p, size_t n)
{
    struct csv_reader *r = ctx;
    struct text part[PARTS_MAX];
    if (r->err) {
        return;
    }
    if (!r->has_header) {
        take_header(r, (struct text){p, n});
        return;
    }
    const size_t parts = text_split((struct text){p, n}, r->separator, part, PARTS_MAX);
    take_row(r, &(struct row){part, parts});
}

/* ---- the file ---- */

enum err csv_reader_push(struct csv_reader *r, const uint8_t *p, size_t n)
{
    if (!r->err) {
        lines_push(&r->lines, p, n, take_line, r);
        r->sums.bad_points += r->counters.n[COUNT_LINE_TOO_LONG];
        r->counters.n[COUNT_LINE_TOO_LONG] = 0;
    }
    return r->err;
}

enum err csv_reader_end(struct csv_reader *r)
{
    if (!r->err) {
        lines_end(&r->lines, take_line, r);
    }
    if (!r->err && !r->has_header) {
        broken(r, ERR_SHORT, "it is empty");
    }
    if (!r->err && r->given == 0 && r->nameless > 0) {
        broken(r, ERR_SYNTAX,
               "no row says which aircraft it is of (icao24): name its address with --address");
    }
    return r->err;
}

void csv_reader_start(struct csv_reader *r, uint32_t address)
{
    r->err = ERR_OK;
    r->why = "";
    r->has_header = false;
    r->address = address;
    r->last_n = 0;
    r->given = r->nameless = 0;
    lines_stop(&r->lines);
    if (r->has_map) {
        map_free(&r->map);
    }
    r->has_map = map_init(&r->map, AIRCRAFT_MAX) == ERR_OK;
    if (!lines_start(&r->lines, LINE_MAX_BYTES, &r->counters) || !r->has_map) {
        broken(r, ERR_MEMORY, "out of memory");
    }
}

struct csv_reader *csv_reader_new(archive_point_fn *out, void *ctx)
{
    struct csv_reader *r = calloc(1, sizeof *r);
    if (!r) {
        return NULL;
    }
    r->out = out;
    r->ctx = ctx;
    csv_reader_start(r, ADDRESS_NONE);
    return r;
}

void csv_reader_free(struct csv_reader *r)
{
    if (r) {
        lines_stop(&r->lines);
        if (r->has_map) {
            map_free(&r->map);
        }
        free(r->last_ms);
        free(r);
    }
}

const char *csv_reader_why(const struct csv_reader *r)
{
    return r->why;
}

const struct csv_sums *csv_reader_sums(const struct csv_reader *r)
{
    return &r->sums;
}

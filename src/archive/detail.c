#include "archive/detail.h"

#include <stddef.h>

/* What a value is and where it goes. */
enum to {
    TO_I32,
    TO_I16,
    TO_U16,
    TO_U8,
    TO_NOW,
    TO_ADDRESS,
    TO_FLIGHT,
    TO_SQUAWK,
    TO_TYPE,
    TO_ALT
};

/* lo, hi: of the value times 10^decimals. 360 degrees are 0. */
static const struct row {
    const char *key;
    uint8_t n, to, decimals;
    bool is_direction;
    uint16_t at;
    int32_t lo, hi;
} row[] = {
#define ROW(key, to, decimals, direction, member, lo, hi)                                          \
    {                                                                                              \
        key, sizeof key - 1, to, decimals, direction, offsetof(struct detail, member), lo, hi      \
    }
    ROW("hex", TO_ADDRESS, 0, false, k.address, 0, 0),
    ROW("flight", TO_FLIGHT, 0, false, k.flight, 0, 0),
    ROW("type", TO_TYPE, 0, false, type, 0, 0),
    ROW("seen_pos", TO_I32, 3, false, seen_pos_ms, 0, INT32_MAX),
    ROW("lat", TO_I32, 7, false, k.lat_e7, -900000000, 900000000),
    ROW("lon", TO_I32, 7, false, k.lon_e7, -1800000000, 1800000000),
    ROW("alt_baro", TO_ALT, 0, false, k.alt_baro_ft, -5000, 150000),
    ROW("alt_geom", TO_I32, 0, false, k.alt_geom_ft, -5000, 150000),
    ROW("gs", TO_I32, 2, false, k.gs_e2_kt, 0, 400000),
    ROW("track", TO_I32, 2, true, k.track_e2_deg, 0, 36000),
    ROW("baro_rate", TO_I32, 0, false, k.baro_rate_fpm, -60000, 60000),
    ROW("geom_rate", TO_I32, 0, false, k.geom_rate_fpm, -60000, 60000),
    ROW("squawk", TO_SQUAWK, 0, false, k.squawk, 0, 0),
    ROW("nic", TO_U8, 0, false, k.nic, 0, 11),
    ROW("rc", TO_I32, 0, false, k.rc_m, 0, 100000),
    ROW("version", TO_U8, 0, false, k.version, 0, 7),
    ROW("nac_p", TO_U8, 0, false, k.nac_p, 0, 15),
    ROW("sil", TO_U8, 0, false, k.sil, 0, 3),
    ROW("ias", TO_I16, 0, false, k.ias_kt, 0, 4000),
    ROW("tas", TO_I16, 0, false, k.tas_kt, 0, 4000),
    ROW("roll", TO_I16, 2, false, k.roll_e2_deg, -18000, 18000),
    ROW("mag_heading", TO_U16, 2, true, k.mag_heading_e2_deg, 0, 36000),
    ROW("nav_qnh", TO_U16, 1, false, k.nav_qnh_e1_hpa, 8000, 12100),
#undef ROW
};

enum { ROWS = sizeof row / sizeof *row };

static unsigned hash(const char *p, size_t n)
{
    const unsigned first = (unsigned char)p[0], last = (unsigned char)p[n - 1];
    const unsigned middle = (unsigned char)p[n / 2];
    return ((unsigned)n * 37 + first * 5 + middle * 11 + last * 3) % DETAIL_SLOTS;
}

void detail_keys_fill(struct detail_keys *k)
{
    memset(k, 0, sizeof *k);
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned at = hash(row[i].key, row[i].n);
        while (k->slot[at]) {
            at = (at + 1) % DETAIL_SLOTS;
        }
        k->slot[at] = (uint8_t)(i + 1);
    }
}

static const struct row *find(const struct detail_keys *k, struct text key)
{
    if (key.n == 0) {
        return NULL;
    }
    for (unsigned at = hash(key.p, key.n); k->slot[at]; at = (at + 1) % DETAIL_SLOTS) {
        const struct row *r = &row[k->slot[at] - 1];
        if (r->n == key.n && memcmp(r->key, key.p, key.n) == 0) {
            return r;
        }
    }
    return NULL;
}

static void set(struct detail *d, const struct row *r, int32_t v)
{
    char *to = (char *)d + r->at;
    v = r->is_direction && v == r->hi ? 0 : v;
    switch (r->to) {
    case TO_I16:
        memcpy(to, &(int16_t){(int16_t)v}, sizeof(int16_t));
        break;
    case TO_U16:
        memcpy(to, &(uint16_t){(uint16_t)v}, sizeof(uint16_t));
        break;
    case TO_U8:
        *to = (char)v;
        break;
    default:
        memcpy(to, &v, sizeof v);
        break;
    }
}

static enum err read_number(struct scan *s, struct detail *d, const struct row *r, uint64_t *bad)
{
    enum scan_kind kind;
    int64_t v;
    struct text t;
    const enum err e = scan_number(s, r->decimals, &kind, &v, &t);
    if (e || kind == SCAN_NULL) {
        return e;
    }
    if (kind == SCAN_TEXT && r->to == TO_ALT && text_is(t, "ground")) {
        d->k.ground = 1;
    } else if (kind != SCAN_NUMBER || v < r->lo || v > r->hi) {
        ++*bad;
    } else {
        set(d, r, (int32_t)v);
    }
    return e;
}

/* A call sign that is all blanks was not sent: no fault of the file's. */
static bool take_text(struct detail *d, const struct row *r, struct text t)
{
    int32_t squawk;
    switch (r->to) {
    case TO_ADDRESS:
        return text_address(text_trim(t), &d->k.address);
    case TO_FLIGHT:
        if (text_trim(t).n == 0 || text_flight(t, d->k.flight)) {
            return true;
        }
        memset(d->k.flight, 0, sizeof d->k.flight);
        return false;
    case TO_SQUAWK:
        if (!text_squawk(t, &squawk)) {
            return false;
        }
        d->k.squawk = (uint16_t)squawk;
        return true;
    default:
        d->type = t;
        return true;
    }
}

static enum err read_text(struct scan *s, struct detail *d, const struct row *r, uint64_t *bad)
{
    struct text t;
    const enum err e = scan_string(s, &t);
    if (!e && !take_text(d, r, t)) {
        ++*bad;
    }
    return e;
}

static enum err read_value(struct scan *s, struct detail *d, const struct row *r, char c,
                           uint64_t *bad)
{
    const bool is_text = r->to >= TO_ADDRESS && r->to <= TO_TYPE;
    if (is_text && c == '"') {
        return read_text(s, d, r, bad);
    }
    if (!is_text && c != '[' && c != '{') {
        return read_number(s, d, r, bad);
    }
    *bad += c != 'n';
    return scan_skip(s);
}

/* Everything else: most of an object. */
static enum err pass_over(struct scan *s, char c)
{
    const char *p = s->p;
    if (scan_digit(c) < 10 || c == '-') {
        while (p < s->end && *p != ',' && *p != '}' && *p != ']' && !scan_is_blank(*p)) {
            p++;
        }
        s->p = p;
        return p < s->end ? ERR_OK : ERR_SHORT;
    }
    return scan_skip(s);
}

static void start(struct detail *d)
{
    d->k = kept_none();
    d->k.lat_e7 = d->k.lon_e7 = KEPT_NONE;
    d->has_place = false;
    d->seen_pos_ms = 0;
    d->type = (struct text){"", 0};
}

enum err detail_read(const struct detail_keys *keys, struct scan *s, struct detail *d,
                     uint64_t *bad_values)
{
    enum err e = scan_expect(s, '{');
    char c;
    start(d);
    while (!e && !(e = scan_peek(s, &c)) && c != '}') {
        struct text key;
        if (c == ',') {
            s->p++;
            continue;
        }
        e = scan_string(s, &key);
        e = e ? e : scan_expect(s, ':');
        e = e ? e : scan_peek(s, &c);
        if (!e) {
            const struct row *r = find(keys, key);
            e = r ? read_value(s, d, r, c, bad_values) : pass_over(s, c);
        }
    }
    if (!e) {
        s->p++;
        d->has_place = d->k.lat_e7 != KEPT_NONE && d->k.lon_e7 != KEPT_NONE;
        d->k.lon_e7 = d->k.lon_e7 == 1800000000 ? -1800000000 : d->k.lon_e7;
    }
    return e;
}

/* Milliseconds are told from seconds by their size: more seconds than this are the year 5138. */
#define SECONDS_MAX INT64_C(100000000000)

enum err detail_read_time(struct scan *s, int64_t *t_ms)
{
    enum scan_kind kind;
    struct text t;
    int64_t v;
    const enum err e = scan_number(s, 3, &kind, &v, &t);
    if (e) {
        return e;
    }
    *t_ms = v / 1000 > SECONDS_MAX ? v / 1000 : v;
    const bool is_time = kind == SCAN_NUMBER && *t_ms >= KEPT_TIME_MIN && *t_ms <= KEPT_TIME_MAX;
    return is_time ? ERR_OK : ERR_RANGE;
}

#include "track/hearing.h"

#include "geo/sphere.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEEN_BITS =
        2048, /* a minute's aircraft, by hash: how many bits stay 0 tells how many there are */
    RANGE_MOST_M = 800000
};
#define MINUTE_US INT64_C(60000000)

const int32_t hearing_band_ft[HEARING_BANDS - 1] = {3000, 10000, 20000, 30000};

struct kept_row {
    struct hearing_row row;
    uint8_t seen[SEEN_BITS / 8];
    double power; /* sum of the minute's signals */
    unsigned n_power;
    struct receiver_radio radio; /* as the minute began */
};

struct hearing {
    struct kept_row *row[RECEIVERS_MAX];
    size_t n;
};

struct hearing *hearing_new(void)
{
    return calloc(1, sizeof(struct hearing));
}

void hearing_free(struct hearing *h)
{
    for (size_t k = 0; h && k < RECEIVERS_MAX; k++) {
        if (h->row[k]) {
            free(h->row[k]->row.minute);
            free(h->row[k]);
        }
    }
    free(h);
}

static struct kept_row *row_of(struct hearing *h, uint16_t receiver)
{
    if (receiver >= RECEIVERS_MAX || h->row[receiver]) {
        return receiver < RECEIVERS_MAX ? h->row[receiver] : NULL;
    }
    struct kept_row *k = calloc(1, sizeof *k);
    const size_t room = h->n < HEARING_LONG ? HEARING_MINUTES : HEARING_MINUTES_LATE;
    struct hearing_minute *minute = k ? calloc(room, sizeof *minute) : NULL;
    if (!minute) {
        free(k);
        return NULL;
    }
    k->row.room = room;
    k->row.minute = minute;
    h->row[receiver] = k;
    h->n++;
    return k;
}

/* The minute being filled. Time that goes back a little does not open an older one again. */
static struct hearing_minute *minute_of(struct kept_row *k, int64_t t_us)
{
    struct hearing_row *r = &k->row;
    const int64_t minute = t_us / MINUTE_US - (t_us % MINUTE_US < 0);
    if (r->n_minutes > 0) {
        struct hearing_minute *last = &r->minute[(r->n_minutes - 1) % r->room];
        if (minute <= last->minute) {
            return last;
        }
    }
    struct hearing_minute *fresh = &r->minute[r->n_minutes++ % r->room];
    *fresh = (struct hearing_minute){.minute = minute, .gain_db10 = HEARING_NO_GAIN};
    memset(k->seen, 0, sizeof k->seen);
    k->power = k->n_power = 0;
    return fresh;
}

static void note_aircraft(struct kept_row *k, struct hearing_minute *m, uint32_t address)
{
    uint32_t hash = address; /* every bit of it to each of the result (MurmurHash3's end) */
    hash = (hash ^ hash >> 16) * UINT32_C(0x85ebca6b);
    hash = (hash ^ hash >> 13) * UINT32_C(0xc2b2ae35);
    const uint32_t bit = (hash ^ hash >> 16) % SEEN_BITS;
    uint8_t *byte = &k->seen[bit / 8];
    if (*byte >> bit % 8 & 1) {
        return;
    }
    *byte = (uint8_t)(*byte | 1u << bit % 8);
    unsigned set = 0;
    for (size_t i = 0; i < sizeof k->seen; i++) {
        set += (unsigned)__builtin_popcount(k->seen[i]);
    }
    const double empty = fmax(SEEN_BITS - (double)set, 1) / SEEN_BITS;
    m->aircraft = (uint32_t)lround(-SEEN_BITS * log(empty));
}

static void note_level(struct kept_row *k, struct hearing_minute *m, uint8_t signal)
{
    const double power = (double)signal * signal / (255.0 * 255.0);
    const int down = (int)(-10 * log10(power) / HEARING_LEVEL_DB);
    k->row.level[down < HEARING_LEVELS ? down : HEARING_LEVELS - 1]++;
    k->power += power;
    k->n_power++;
    m->level_dbfs = (float)(10 * log10(k->power / k->n_power));
}

/* Heard from the aircraft itself, not of it. */
static bool is_direct(uint8_t origin)
{
    switch (origin) {
    case ORIGIN_ADSB_ICAO:
    case ORIGIN_ADSB_ICAO_NT:
    case ORIGIN_ADSB_OTHER:
    case ORIGIN_UAT_ICAO:
    case ORIGIN_UAT_OTHER:
    case ORIGIN_UAT_VEHICLE:
        return true;
    default:
        return false;
    }
}

static unsigned band_of(const struct fix *f)
{
    const int32_t ft = f->alt_baro_ft != FIX_NO_ALTITUDE ? f->alt_baro_ft : f->alt_geom_ft;
    unsigned band = 0;
    while (!f->ground && band < HEARING_BANDS - 1 && ft >= hearing_band_ft[band]) {
        band++;
    }
    return band;
}

static void note_range(struct hearing_row *r, struct hearing_minute *m, const struct fix *f,
                       const struct receiver *who)
{
    const struct sphere_place here = {who->lat_e7, who->lon_e7}, there = {f->lat_e7, f->lon_e7};
    const double far_m = sphere_distance_m(here, there);
    if (!is_direct(f->origin) || far_m > RANGE_MOST_M ||
        (!f->ground && f->alt_baro_ft == FIX_NO_ALTITUDE && f->alt_geom_ft == FIX_NO_ALTITUDE)) {
        return;
    }
    const unsigned sector =
        (unsigned)(sphere_bearing_deg(here, there) * HEARING_SECTORS / 360) % HEARING_SECTORS;
    uint32_t *best = &r->range_m[band_of(f)][sector];
    *best = far_m > *best ? (uint32_t)far_m : *best;
    m->range_m = far_m > m->range_m ? (uint32_t)far_m : m->range_m;
}

static void note_fix(struct hearing_row *r, struct hearing_minute *m, const struct fix *f,
                     const struct receiver *who)
{
    if (f->verdict != VERDICT_ACCEPTED) {
        r->rejected[f->verdict < VERDICT_COUNT ? f->verdict : VERDICT_INVALID]++;
        return;
    }
    r->positions++;
    m->positions++;
    if (who && who->has_place) {
        note_range(r, m, f, who);
    }
}

void hearing_message(struct hearing *h, const struct message *m, bool is_uat,
                     const struct outcome *o, const struct receiver *who)
{
    struct kept_row *k = row_of(h, m->receiver);
    if (!k) {
        return;
    }
    struct hearing_row *r = &k->row;
    struct hearing_minute *minute = minute_of(k, m->t_us);
    if (m->df == 255 && !is_uat) {
        r->values++;
    } else {
        r->frames++;
        r->format[is_uat ? HEARING_UAT : m->df < HEARING_MODE_AC ? m->df : HEARING_MODE_AC]++;
        minute->frames++;
    }
    r->repaired += m->corrected > 0;
    minute->repaired += m->corrected > 0;
    r->bad_parity += m->parity == PARITY_BAD;
    minute->bad += m->parity == PARITY_BAD;
    r->duplicate += o->duplicate;
    r->unknown += !o->track && !o->duplicate && m->parity != PARITY_BAD;
    if (m->signal > 0) {
        note_level(k, minute, m->signal);
    }
    if (o->track) {
        note_aircraft(k, minute, m->address);
    }
    if (o->has_fix) {
        note_fix(r, minute, &o->fix, who);
    }
}

void hearing_radio(struct hearing *h, uint16_t receiver, const struct receiver_radio *r,
                   int64_t now_us)
{
    struct kept_row *k = row_of(h, receiver);
    if (!k) {
        return;
    }
    const size_t before = k->row.n_minutes;
    struct hearing_minute *m = minute_of(k, now_us);
    if (k->row.n_minutes != before || r->samples < k->radio.samples) {
        k->radio = *r; /* a new minute, or the radio began anew */
    }
    m->noise_dbfs = isfinite(r->noise_dbfs) ? (float)r->noise_dbfs : 0;
    m->lost = r->lost - k->radio.lost;
    m->clipped = r->clipped - k->radio.clipped;
    m->gain_db10 = r->has_gain ? (int16_t)r->gain_db10 : HEARING_NO_GAIN;
}

const struct hearing_row *hearing_row(const struct hearing *h, uint16_t receiver)
{
    return receiver < RECEIVERS_MAX && h->row[receiver] ? &h->row[receiver]->row : NULL;
}

size_t hearing_minutes(const struct hearing_row *row)
{
    return row->n_minutes < row->room ? row->n_minutes : row->room;
}

const struct hearing_minute *hearing_minute(const struct hearing_row *row, size_t i)
{
    return &row->minute[(row->n_minutes - hearing_minutes(row) + i) % row->room];
}

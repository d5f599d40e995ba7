#include "simulate/truth.h"

#include "base/instant.h"
#include "simulate/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESSES = 1 << 24 };

static const int64_t silence_us = 60000000, step_us = 10000000;

static const int64_t event_us = INT64_C(20) * 60000000; /* a silence worth telling */

const char *truth_file_name(enum truth_file file)
{
    static const char *const name[] = {"movements.csv", "fleet.csv", "heard.csv", "tracks.csv"};
    return file < TRUTH_MOVEMENTS ? operation_file_name[file - TRUTH_OPERATION]
                                  : name[file - TRUTH_MOVEMENTS];
}

static const char *const head[TRUTH_FILES - TRUTH_MOVEMENTS] = {
    "flight,icao24,callsign,type,origin,destination,takeoff_utc,landing_utc,sends\n",
    "icao24,typecode\n",
    "flight,icao24,callsign,site,heard,from_utc,to_utc,frames,positions\n",
    "time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n",
};

/* An unbroken time in which one site heard a flight. */
struct hearing {
    int64_t from_us, to_us; /* frames == 0: none yet */
    uint64_t frames, positions;
};

struct watched {
    struct flight flight;
    struct flight_plan plan;
    int64_t heard_us; /* by any site, last; the take-off before the first */
    struct hearing by_site[SCENARIO_SITES_MAX];
};

struct truth {
    const struct scenario *sc;
    struct simulation_options o;
    struct watched **watched;
    size_t n, max;
    int64_t next_step_us;
    unsigned wanted;
    uint8_t *listed; /* a bit an address: it is in the fleet's list */
    struct buf text[TRUTH_FILES];
};

struct truth *truth_new(const struct scenario *sc, const struct simulation_options *o,
                        unsigned wanted)
{
    struct truth *t = calloc(1, sizeof *t);
    if (t) {
        t->sc = sc;
        t->o = *o;
        t->next_step_us = o->start_us;
        t->wanted = wanted;
        t->listed = calloc(ADDRESSES / 8, 1);
        for (int i = TRUTH_MOVEMENTS; i < TRUTH_FILES; i++) {
            buf_text(&t->text[i], head[i - TRUTH_MOVEMENTS]);
        }
        if (!t->listed ||
            !operation_write(sc, o->seed, o->start_us, o->end_us, &t->text[TRUTH_OPERATION])) {
            truth_free(t);
            t = NULL;
        }
    }
    return t;
}

void truth_free(struct truth *t)
{
    if (!t) {
        return;
    }
    for (size_t i = 0; i < t->n; i++) {
        free(t->watched[i]);
    }
    for (int i = 0; i < TRUTH_FILES; i++) {
        buf_free(&t->text[i]);
    }
    free(t->watched);
    free(t->listed);
    free(t);
}

struct buf *truth_text(struct truth *t, enum truth_file file)
{
    return &t->text[file];
}

/* A leg by its number, civil flights by their hexadecimal id. */
static void add_flight(struct buf *b, const struct flight *f)
{
    if (f->id & FLIGHT_TRAFFIC) {
        buf_format(b, "%" PRIx64, f->id);
    } else {
        buf_format(b, "%" PRIu64, f->id);
    }
    buf_format(b, ",%06x,%s,", f->address, f->callsign);
}

static void add_instant(struct buf *b, int64_t t_us, const char *then)
{
    char text[32];
    instant_format(t_us, 0, text);
    buf_text(b, text);
    buf_text(b, then);
}

/* An address that two airframes use is listed as its first; a ghost's is nobody's. */
static void list_airframe(struct truth *t, const struct flight *f)
{
    uint8_t *byte = &t->listed[f->address / 8 % (ADDRESSES / 8)];
    const uint8_t bit = (uint8_t)(1 << f->address % 8);
    if (!f->ghost && !(*byte & bit)) {
        *byte |= bit;
        buf_format(&t->text[TRUTH_FLEET], "%06x,%s\n", f->address, t->sc->type[f->type_at].type);
    }
}

void truth_flight(void *truth, const struct flight *f, const struct flight_plan *plan)
{
    struct truth *t = truth;
    struct watched *w = calloc(1, sizeof *w);
    if (w && t->n == t->max) {
        const size_t max = t->max ? 2 * t->max : 64;
        struct watched **more = realloc(t->watched, max * sizeof(struct watched *));
        if (more) {
            t->watched = more;
            t->max = max;
        }
    }
    if (!w || t->n == t->max) {
        free(w);
        t->text[TRUTH_MOVEMENTS].failed = true;
        return;
    }
    list_airframe(t, f);
    w->flight = *f;
    w->plan = *plan;
    w->heard_us = f->takeoff_us > t->o.start_us ? f->takeoff_us : t->o.start_us;
    t->watched[t->n++] = w;
}

static struct watched *find(const struct truth *t, uint64_t id)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->watched[i]->flight.id == id) {
            return t->watched[i];
        }
    }
    return NULL;
}

static void write_hearing(struct truth *t, const struct watched *w, size_t site)
{
    const struct hearing *h = &w->by_site[site];
    struct buf *b = &t->text[TRUTH_HEARD];
    if (h->frames > 0) {
        add_flight(b, &w->flight);
        buf_format(b, "%s,1,", t->sc->site[site].site);
        add_instant(b, h->from_us, ",");
        add_instant(b, h->to_us, ",");
        buf_format(b, "%" PRIu64 ",%" PRIu64 "\n", h->frames, h->positions);
    }
}

/* Where it was when it fell silent, and when it was heard again or landed. */
static void write_silence_event(struct truth *t, const struct watched *w, int64_t until_us)
{
    struct buf *b = &t->text[TRUTH_EVENTS];
    const struct state_flight f = {t->sc, t->o.seed, &w->flight, &w->plan};
    struct state from, to;
    state_at(&f, w->heard_us, &from);
    state_at(&f, until_us, &to);
    buf_format(b, "silence,%" PRId64 ",%06x,%s,", w->flight.leg->leg, w->flight.address,
               w->flight.leg->party);
    add_instant(b, w->heard_us, ",");
    add_instant(b, until_us, ",");
    buf_decimal(b, from.said.at.lat_e7, 7);
    buf_byte(b, ',');
    buf_decimal(b, from.said.at.lon_e7, 7);
    buf_text(b, ",,,,");
    buf_decimal(b, to.said.at.lat_e7, 7);
    buf_byte(b, ',');
    buf_decimal(b, to.said.at.lon_e7, 7);
    buf_text(b, until_us >= t->o.end_us           ? ",the simulation ends\n"
                : until_us < w->flight.landing_us ? ",heard again\n"
                                                  : ",landed unheard\n");
}

static void write_silence(struct truth *t, const struct watched *w, int64_t until_us)
{
    struct buf *b = &t->text[TRUTH_HEARD];
    const struct flight *f = &w->flight;
    until_us = until_us < f->landing_us ? until_us : f->landing_us;
    if (t->wanted & TRUTH_HEARING && until_us - w->heard_us >= silence_us &&
        w->heard_us >= f->takeoff_us) {
        add_flight(b, f);
        buf_text(b, ",0,");
        add_instant(b, w->heard_us, ",");
        add_instant(b, until_us, ",0,0\n");
        if (until_us - w->heard_us >= event_us && f->leg && operation_is_sortie(f->leg)) {
            write_silence_event(t, w, until_us);
        }
    }
}

void truth_reception(struct truth *t, const struct reception *r)
{
    struct watched *w = find(t, r->flight);
    if (!w) {
        return;
    }
    struct hearing *h = &w->by_site[r->site];
    if (h->frames > 0 && r->frame.t_us - h->to_us >= silence_us) {
        write_hearing(t, w, r->site);
        h->frames = h->positions = 0;
    }
    h->from_us = h->frames == 0 ? r->frame.t_us : h->from_us;
    h->to_us = r->frame.t_us;
    h->frames++;
    h->positions += r->position;
    write_silence(t, w, r->frame.t_us);
    w->heard_us = r->frame.t_us > w->heard_us ? r->frame.t_us : w->heard_us;
}

static void write_place(struct truth *t, const struct watched *w, int64_t t_us)
{
    struct buf *b = &t->text[TRUTH_TRACKS];
    const struct state_flight f = {t->sc, t->o.seed, &w->flight, &w->plan};
    struct state s;
    state_at(&f, t_us, &s);
    buf_format(b, "%" PRId64 ",%06x,%s,", t_us / 1000000, w->flight.address, w->flight.callsign);
    buf_decimal(b, s.said.at.lat_e7, 7);
    buf_byte(b, ',');
    buf_decimal(b, s.said.at.lon_e7, 7);
    buf_format(b, ",%d,", (int)s.said.alt_baro_ft);
    buf_decimal(b, s.said.gs_e2_kt, 2);
    buf_byte(b, ',');
    buf_decimal(b, s.said.track_e2_deg, 2);
    buf_format(b, ",%d,%d\n", (int)s.said.baro_rate_fpm, s.said.ground);
}

static void write_movement(struct truth *t, const struct flight *f)
{
    static const char *const sends[] = {"position", "mode_s", "nothing"};
    struct buf *b = &t->text[TRUTH_MOVEMENTS];
    add_flight(b, f);
    buf_format(b, "%s,%s,%s,", t->sc->type[f->type_at].type, t->sc->airport[f->origin_at].code,
               t->sc->airport[f->destination_at].code);
    add_instant(b, f->takeoff_us, ",");
    add_instant(b, f->landing_us, ",");
    buf_format(b, "%s\n", sends[f->class]);
}

/* until_us: the end of what is known of it. */
static void finish(struct truth *t, size_t at, int64_t until_us)
{
    struct watched *w = t->watched[at];
    write_movement(t, &w->flight);
    for (size_t site = 0; site < t->sc->n_sites; site++) {
        write_hearing(t, w, site);
    }
    write_silence(t, w, until_us);
    free(w);
    t->watched[at] = t->watched[--t->n];
}

void truth_until(struct truth *t, int64_t t_us)
{
    for (; t->wanted & TRUTH_PLACES && t->next_step_us < t_us; t->next_step_us += step_us) {
        for (size_t i = 0; i < t->n; i++) {
            const struct flight *f = &t->watched[i]->flight;
            if (t->next_step_us >= f->on_us && t->next_step_us < f->off_us) {
                write_place(t, t->watched[i], t->next_step_us);
            }
        }
    }
    for (size_t i = t->n; i-- > 0;) {
        if (t->watched[i]->flight.off_us + silence_us < t_us) {
            finish(t, i, t_us);
        }
    }
}

void truth_end(struct truth *t)
{
    truth_until(t, t->o.end_us);
    while (t->n > 0) {
        finish(t, t->n - 1, t->o.end_us);
    }
}

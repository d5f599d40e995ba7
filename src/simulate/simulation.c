#include "simulate/simulation.h"

#include "base/instant.h"
#include "simulate/draw.h"
#include "simulate/emission.h"
#include "simulate/hearing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Time is worked through in blocks of one second: all receptions of a block are made, put in order
   and handed out; those that arrive after its end stay for the next. Who hears an aircraft is found
   once in four seconds, in which it moves half a mile. */
static const int64_t block_us = 1000000, hearing_us = 4000000;
static const int64_t ahead_us = INT64_C(2) * 3600 * 1000000; /* a day's flights are made so early */
static const double ticks_per_us = 12;
static const double fastest_kt = 800; /* over the ground */
static const double ghost_delay_us = 10, ghost_gain = 0.4;

struct active {
    struct flight flight;
    struct flight_plan plan;
    int64_t heard_us;                  /* begin of the four seconds `heard` is of */
    int64_t deaf_us;                   /* nobody can hear it before */
    int64_t due_us[EMISSION_ROWS_MAX]; /* no slot of an earlier nominal time is still to come */
    size_t n_heard;
    bool radar;
    unsigned jammed; /* row + 1 of jamming */
    struct heard heard[SCENARIO_SITES_MAX];
};

struct order {
    int64_t t_us;
    uint32_t at, tie; /* row of made; what comes first of one instant */
};

struct simulation {
    const struct scenario *sc;
    struct simulation_options o;
    struct hearing_site site[SCENARIO_SITES_MAX];
    struct flight *waiting; /* transponder not yet on */
    size_t n_waiting, max_waiting;
    int64_t next_on_us; /* of the waiting */
    int64_t next_day;   /* whose traffic is not made yet */
    struct active **active;
    size_t n_active, max_active;
    struct reception *made; /* of this block and those left over */
    struct order *order, *spare;
    size_t n_made, max_made, max_order, given;
    int64_t block_end_us;
    struct flight_plan scratch;
    bool failed;
};

/* Room for one more of size bytes; false and failed set where there is none. */
static bool grow(struct simulation *s, void **array, size_t n, size_t *max, size_t size)
{
    if (n < *max) {
        return true;
    }
    const size_t more = *max ? *max * 2 : 64;
    void *p = realloc(*array, more * size);
    if (!p) {
        s->failed = true;
        return false;
    }
    *array = p;
    *max = more;
    return true;
}

/* --- flights ------------------------------------------------------------------------------ */

static void wait_for(struct simulation *s, const struct flight *f)
{
    if (f->off_us <= s->o.start_us || f->on_us >= s->o.end_us) {
        return;
    }
    void *waiting = s->waiting;
    if (grow(s, &waiting, s->n_waiting, &s->max_waiting, sizeof *f)) {
        s->waiting = waiting;
        s->waiting[s->n_waiting++] = *f;
        s->next_on_us = f->on_us < s->next_on_us ? f->on_us : s->next_on_us;
    }
}

static void make_legs(struct simulation *s)
{
    for (size_t i = 0; i < s->sc->n_legs; i++) {
        struct flight f = flight_of_leg(s->sc, s->o.seed, i);
        if (!flight_plan(s->sc, s->o.seed, &f, &s->scratch)) {
            wait_for(s, &f);
        }
    }
}

static void make_day(struct simulation *s, int64_t day)
{
    for (size_t r = 0; r < s->sc->n_routes; r++) {
        const unsigned n = flight_rotations(s->sc, s->o.seed, r, day);
        for (unsigned j = 0; j < n; j++) {
            if (draw_unit(s->o.seed, DRAW_TRAFFIC, r, (uint64_t)day << 10 | j) < s->o.left_out) {
                continue;
            }
            struct flight out = flight_out(s->sc, s->o.seed, r, day, j);
            if (flight_plan(s->sc, s->o.seed, &out, &s->scratch)) {
                continue;
            }
            wait_for(s, &out);
            struct flight back = flight_back(s->sc, s->o.seed, &out);
            if (!flight_plan(s->sc, s->o.seed, &back, &s->scratch)) {
                wait_for(s, &back);
            }
        }
    }
}

static struct active *active_new(struct simulation *s, const struct flight *f)
{
    struct active *a = calloc(1, sizeof *a); /* all of it: not every flight sets all */
    if (!a) {
        s->failed = true;
        return NULL;
    }
    a->flight = *f;
    a->plan = s->scratch;
    a->heard_us = INSTANT_NONE;
    return a;
}

static void activate(struct simulation *s, struct flight *f)
{
    if (flight_plan(s->sc, s->o.seed, f, &s->scratch)) {
        return; /* was planned before, so this is not reached */
    }
    if (s->o.flight) {
        s->o.flight(s->o.ctx, f, &s->scratch);
    }
    if (f->class == FLIGHT_SILENT) {
        return;
    }
    void *active = s->active;
    struct active *a = active_new(s, f);
    if (a && grow(s, &active, s->n_active, &s->max_active, sizeof(struct active *))) {
        s->active = active;
        s->active[s->n_active++] = a;
    } else if (a) {
        free(a);
    }
}

static void active_end(struct simulation *s, size_t at)
{
    free(s->active[at]);
    s->active[at] = s->active[--s->n_active];
}

static void move_flights(struct simulation *s, int64_t begin_us)
{
    while (s->next_day * DAY_US - ahead_us < s->block_end_us) {
        make_day(s, s->next_day++);
    }
    for (size_t i = s->n_active; i-- > 0;) {
        if (s->active[i]->flight.off_us <= begin_us) {
            active_end(s, i);
        }
    }
    if (s->next_on_us >= s->block_end_us) {
        return;
    }
    s->next_on_us = INT64_MAX;
    for (size_t i = s->n_waiting; i-- > 0;) {
        struct flight f = s->waiting[i];
        if (f.on_us < s->block_end_us) {
            s->waiting[i] = s->waiting[--s->n_waiting];
            activate(s, &f);
        } else if (f.on_us < s->next_on_us) {
            s->next_on_us = f.on_us;
        }
    }
}

/* --- transmissions ------------------------------------------------------------------------ */

/* One transmission about to be made. */
struct sending {
    const struct active *a;
    const struct emission *e;
    struct state_flight f;
    unsigned row;
    uint64_t slot; /* of the row */
    uint64_t sent; /* slots counted as sent in this phase: even and odd by it */
    int64_t t_us;
};

static void receive(struct simulation *s, const struct sending *x, const struct heard *h,
                    const struct state *state, const struct frame *frame)
{
    void *made = s->made;
    if (!grow(s, &made, s->n_made, &s->max_made, sizeof *s->made)) {
        return;
    }
    s->made = made;
    struct reception *r = &s->made[s->n_made++];
    const double delay_us =
        x->a->flight.ghost /* its sender stands by the site */
            ? ghost_delay_us
            : hearing_delay_us(&s->site[h->site], state->at, state->said.alt_geom_ft);
    const uint64_t fading =
        draw_bits(s->o.seed, DRAW_HEARD, ~x->a->flight.id, x->slot << 16 | x->row << 8 | h->site);
    const double amplitude = 255 * 0.7 * h->gain * (0.85 + 0.3 * (double)(fading >> 40) * 0x1p-24);
    r->frame = *frame;
    r->frame.t_us = x->t_us + (int64_t)llround(delay_us);
    r->frame.tick = (uint64_t)((x->t_us - s->sc->head.start_us) * 12 +
                               (int64_t)llround(delay_us * ticks_per_us)) &
                    UINT64_C(0xffffffffffff);
    r->frame.receiver = (uint16_t)(h->site + 1);
    r->frame.signal = amplitude < 1 ? 1 : (uint8_t)amplitude;
    r->frame.flags = 0;
    r->site = h->site;
    r->ground = state->said.ground;
    r->position = x->e->needs & EMISSION_POSITION;
    r->flight = x->a->flight.id;
}

static void send_frame(struct simulation *s, const struct sending *x)
{
    struct state state;
    struct frame frame;
    bool made = false;
    for (size_t i = 0; i < x->a->n_heard; i++) {
        const struct heard *h = &x->a->heard[i];
        const double u = draw_unit(s->o.seed, DRAW_HEARD, x->a->flight.id,
                                   x->slot << 16 | x->row << 8 | h->site);
        if (u >= h->chance) {
            continue;
        }
        if (!made) {
            state_at(&x->f, x->t_us, &state);
            x->e->encode(&x->f, x->t_us, x->sent, &state, &frame);
            made = true;
        }
        receive(s, x, h, &state, &frame);
    }
}

static bool may_send(const struct simulation *s, const struct active *a, const struct emission *e)
{
    return !((e->needs & EMISSION_ADSB && a->flight.class != FLIGHT_POSITION) ||
             (e->needs & EMISSION_RADAR && !a->radar) ||
             (e->needs & EMISSION_REGISTERS && !s->sc->type[a->flight.type_at].registers));
}

/* In a jammed place half minutes go without a position. */
static bool is_jammed(const struct simulation *s, const struct sending *x)
{
    return x->a->jammed > 0 && x->e->needs & EMISSION_POSITION &&
           100 * draw_unit(s->o.seed, DRAW_JAM, x->a->flight.id, (uint64_t)(x->t_us / 30000000)) <
               s->sc->jamming[x->a->jammed - 1].loss_pct;
}

static bool is_lost(const struct simulation *s, const struct sending *x)
{
    return x->e->needs & EMISSION_POSITION &&
           100 * draw_unit(s->o.seed, DRAW_LOSS, x->a->flight.id, (uint64_t)(x->t_us / 60000000)) <
               s->sc->head.loss_pct;
}

static void send_slot(struct simulation *s, struct sending *x)
{
    const struct flight *f = &x->a->flight;
    if (x->t_us < f->on_us || x->t_us >= f->off_us || x->t_us < s->o.start_us ||
        x->t_us >= s->o.end_us) {
        return;
    }
    struct profile_state p;
    profile_at(&x->a->plan.profile, x->t_us, &p);
    const unsigned step = emission_step(x->e, p.phase, s->o.rate);
    if (step == 0 || x->slot % step != 0 || is_lost(s, x) || is_jammed(s, x)) {
        return;
    }
    x->sent = x->slot / step;
    send_frame(s, x);
}

static void send_row(struct simulation *s, struct active *a, unsigned row, int64_t begin_us)
{
    if (a->due_us[row] >= s->block_end_us) {
        return;
    }
    struct sending x = {
        .a = a,
        .e = &emission_row[row],
        .f = {s->sc, s->o.seed, &a->flight, &a->plan},
        .row = row,
    };
    const int64_t interval_us = (int64_t)llround(x.e->interval_ms * 1000 / s->o.rate);
    const int64_t phase_us =
        (int64_t)(draw_bits(s->o.seed, DRAW_JITTER, a->flight.id, row) % (uint64_t)interval_us);
    const double jitter_us = x.e->jitter * (double)interval_us;
    const int64_t most_us = (int64_t)jitter_us + 1;
    int64_t slot = (begin_us - phase_us - most_us) / interval_us;
    a->due_us[row] = INT64_MAX;
    for (;; slot++) {
        const int64_t nominal_us = slot * interval_us + phase_us;
        if (nominal_us + most_us >= s->block_end_us && nominal_us < a->due_us[row]) {
            a->due_us[row] = nominal_us;
        }
        if (nominal_us >= s->block_end_us) {
            return;
        }
        x.slot = (uint64_t)slot;
        x.t_us = nominal_us + (int64_t)(jitter_us * draw_unit(s->o.seed, DRAW_JITTER,
                                                              a->flight.id ^ (row + 1), x.slot));
        if (x.t_us >= begin_us && x.t_us < s->block_end_us) {
            send_slot(s, &x);
        }
    }
}

static void hear(struct simulation *s, struct active *a, int64_t begin_us)
{
    const int64_t now_us = begin_us - begin_us % hearing_us;
    if (a->heard_us == now_us) {
        return;
    }
    if (now_us + hearing_us < a->deaf_us) {
        a->n_heard = 0;
        return;
    }
    const struct state_flight f = {s->sc, s->o.seed, &a->flight, &a->plan};
    struct state state;
    state_at(&f, now_us + hearing_us / 2, &state);
    a->heard_us = now_us;
    a->jammed = state_jammed(s->sc, now_us + hearing_us / 2, state.at);
    if (a->flight.ghost) {
        a->heard[0] = (struct heard){.site = a->flight.emitter_at,
                                     .chance = s->sc->head.detection_pct / 100,
                                     .gain = ghost_gain};
        a->n_heard = hearing_listens(&s->site[a->flight.emitter_at], a->flight.emitter_at,
                                     s->o.seed, now_us + hearing_us / 2);
        return;
    }
    a->n_heard = hearing_of(s->site, s->sc->n_sites, &s->sc->head, s->o.seed,
                            now_us + hearing_us / 2, state.at, state.said.alt_geom_ft, a->heard);
    if (a->n_heard == 0) {
        const double margin_nm = hearing_margin_nm(s->site, s->sc->n_sites, state.at);
        a->deaf_us = now_us + (int64_t)(margin_nm / fastest_kt * 3.6e9);
    }
    a->radar = false;
    for (size_t i = 0; i < a->n_heard; i++) {
        a->radar |= a->heard[i].radar;
    }
}

/* --- order -------------------------------------------------------------------------------- */

static bool is_before(const struct order *a, const struct order *b)
{
    return a->t_us != b->t_us ? a->t_us < b->t_us : a->tie < b->tie;
}

/* Merge sort, from runs of one upward. */
static struct order *sort(struct order *from, struct order *to, size_t n)
{
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t low = 0; low < n; low += 2 * run) {
            size_t a = low, b = low + run < n ? low + run : n;
            const size_t middle = b, end = low + 2 * run < n ? low + 2 * run : n;
            for (size_t i = low; i < end; i++) {
                const bool left = a < middle && (b == end || !is_before(&from[b], &from[a]));
                to[i] = left ? from[a++] : from[b++];
            }
        }
        struct order *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static void put_in_order(struct simulation *s)
{
    if (s->n_made > s->max_order) {
        struct order *order = realloc(s->order, s->max_made * sizeof *order);
        s->order = order ? order : s->order;
        struct order *spare = order ? realloc(s->spare, s->max_made * sizeof *spare) : NULL;
        s->spare = spare ? spare : s->spare;
        if (!spare) {
            s->failed = true;
            s->n_made = 0;
            return;
        }
        s->max_order = s->max_made;
    }
    for (size_t i = 0; i < s->n_made; i++) {
        const struct reception *r = &s->made[i];
        /* At one instant: by the frame's own last bytes and the site, never by who was made first,
           which depends on where the simulation began. */
        const uint8_t *p = r->frame.byte + r->frame.n - 3;
        s->order[i] = (struct order){r->frame.t_us, (uint32_t)i,
                                     (uint32_t)(p[0] << 16 | p[1] << 8 | p[2]) << 8 | r->site};
    }
    struct order *sorted = sort(s->order, s->spare, s->n_made);
    if (sorted == s->spare) {
        s->spare = s->order;
        s->order = sorted;
    }
}

/* What was made but arrives after the block moves to the front. */
static void keep_rest(struct simulation *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_made; i++) {
        if (s->made[i].frame.t_us >= s->block_end_us) {
            s->made[kept++] = s->made[i];
        }
    }
    s->n_made = kept;
    s->given = 0;
}

static void next_block(struct simulation *s)
{
    keep_rest(s);
    const int64_t begin_us = s->block_end_us;
    s->block_end_us += block_us;
    move_flights(s, begin_us);
    for (size_t i = 0; i < s->n_active; i++) {
        struct active *a = s->active[i];
        hear(s, a, begin_us);
        for (unsigned row = 0; row < emission_rows && a->n_heard > 0; row++) {
            if (may_send(s, a, &emission_row[row])) {
                send_row(s, a, row, begin_us);
            }
        }
    }
    put_in_order(s);
}

bool simulation_next(struct simulation *s, int64_t until_us, struct reception *out)
{
    for (;;) {
        if (s->given < s->n_made) {
            const struct order *o = &s->order[s->given];
            if (o->t_us < s->block_end_us) {
                if (o->t_us >= until_us) {
                    return false;
                }
                *out = s->made[o->at];
                s->given++;
                return true;
            }
        }
        if (s->block_end_us >= until_us || s->block_end_us > s->o.end_us) {
            return false;
        }
        next_block(s);
    }
}

enum err simulation_new(const struct scenario *sc, const struct simulation_options *o,
                        struct simulation **out)
{
    if (!(o->rate >= 0.05 && o->rate <= 1) || !(o->left_out >= 0 && o->left_out <= 1) ||
        o->start_us < 0 || o->end_us <= o->start_us) {
        return ERR_RANGE;
    }
    struct simulation *s = calloc(1, sizeof *s);
    if (!s) {
        return ERR_MEMORY;
    }
    s->sc = sc;
    s->o = *o;
    s->next_on_us = INT64_MAX;
    s->next_day = o->start_us / DAY_US - 2; /* a rotation may last nearly two days */
    s->next_day = s->next_day < 0 ? 0 : s->next_day;
    s->block_end_us = o->start_us - o->start_us % block_us;
    for (size_t i = 0; i < sc->n_sites; i++) {
        hearing_site(sc, i, &s->site[i]);
    }
    make_legs(s);
    if (s->failed) {
        simulation_free(s);
        return ERR_MEMORY;
    }
    *out = s;
    return ERR_OK;
}

void simulation_free(struct simulation *s)
{
    if (!s) {
        return;
    }
    while (s->n_active > 0) {
        active_end(s, s->n_active - 1);
    }
    free(s->waiting);
    free(s->active);
    free(s->made);
    free(s->order);
    free(s->spare);
    free(s);
}

bool simulation_failed(const struct simulation *s)
{
    return s->failed;
}

size_t simulation_active(const struct simulation *s)
{
    return s->n_active;
}

#include "ledger/detect.h"

#include "base/map.h"
#include "identity/address.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/* What a flight is known to have come from is at least this sure. */
#define ORIGIN_P 0.5F

/* Less sure than this nothing is counted. */
#define COUNTED_P 0.1F

/* What an inferred end counts beside a heard one. */
#define INFERRED_COUNT 0.3F

/* What all inferred ones of a way count for together, in flights, of others than states' aircraft:
   what made the first likely makes all others likely again, so that many of them say hardly more
   than one; of gates they say nothing. (A state's aircraft are inferred where few are heard, each
   its own way.) */
#define INFERRED_MOST 1.0F

/* A silence that makes a gate. */
#define GATE_MS INT64_C(1200000)

enum { NO_DAY = INT32_MIN, OPERATOR = 3 };

/* Of one airframe. */
struct craft {
    uint32_t leg, origin; /* MEMORY_ANY: not known */
    float origin_p;
    uint32_t counted_leg;                      /* the last that is in the memory */
    uint32_t gate_leg, gate, first_leg, first; /* of that leg: where it was lost, where found */
    int64_t silent_ms;
    uint32_t landed_leg;
    bool landed_heard;
    struct claim_candidate off[CLAIM_CANDIDATES];
    float off_p;
    uint8_t offs;
    char operator[OPERATOR];
    /* Where it stands since its last landing (MEMORY_ANY: not known), and the stay that ended when
       its newest leg began. */
    uint32_t stands, stood, newest_leg;
    int64_t stands_ms;
    float stood_h;
};

/* One end of a leg. */
struct candidate_end {
    const struct claim_candidate *candidate;
    unsigned n;
    float p;
    bool inferred;
};

/* Of a unit: a flight, or a stay at a place. */
struct flown {
    uint64_t unit;
    uint32_t origin, destination;
    float p, hours;
    int32_t day;
    bool stay;
};

struct detect {
    struct detect_options o;
    struct movement *movement;
    struct memory *own;
    int32_t day;
    struct map map;
    struct craft *craft;
    size_t n, cap;
    struct flown *flown; /* not folded yet */
    size_t flowns, flown_cap;
    bool failed; /* out of memory */
    claim_fn *fn;
    void *ctx;
};

/* ---- who ---- */

static uint64_t hash(uint64_t h, const char *s, size_t max)
{
    for (size_t i = 0; i < max && s[i]; i++) {
        h = (h ^ (uint8_t)s[i]) * UINT64_C(0x100000001b3);
    }
    return (h ^ '/') * UINT64_C(0x100000001b3);
}

/* An airframe has its address with a bit no hash of a unit has; what was only inferred of either is
   remembered apart. */
#define AIRFRAME (UINT64_C(1) << 63)
#define INFERRED (UINT64_C(1) << 62)

static uint64_t airframe_of(uint32_t address)
{
    return address | AIRFRAME;
}

struct unit_key {
    uint64_t who; /* 0: nobody knows */
    bool state;
};

/* State aircraft by country and type, others by operator and type. */
static struct unit_key unit_of(struct detect *d, uint32_t address, int64_t t_ms,
                               const struct craft *c)
{
    struct movement_airframe f = {.designator = ""};
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    if (d->o.views.airframe) {
        d->o.views.airframe(d->o.views.airframe_ctx, address, t_ms, &f);
    }
    if (f.state) {
        h = hash(hash(h, "state", 5), address_country(address), 2);
    } else if (c && c->operator[0]) {
        h = hash(h, c->operator, OPERATOR);
    } else {
        return (struct unit_key){0, false};
    }
    h = hash(h, f.designator, sizeof f.designator) & ~(AIRFRAME | INFERRED);
    return (struct unit_key){h, f.state};
}

static struct craft *craft_of(struct detect *d, uint32_t address, uint16_t epoch)
{
    const uint32_t key = claim_airframe(address, epoch);
    const uint32_t i = map_get(&d->map, key);
    if (i != MAP_NONE) {
        return &d->craft[i];
    }
    if (d->n == d->cap) {
        const size_t cap = d->cap ? d->cap * 2 : 256;
        struct craft *more = realloc(d->craft, cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        d->craft = more;
        d->cap = cap;
    }
    if (map_add(&d->map, key, (uint32_t)d->n)) {
        return NULL;
    }
    d->craft[d->n] =
        (struct craft){.origin = MEMORY_ANY, .stands = MEMORY_ANY, .stood = MEMORY_ANY};
    return &d->craft[d->n++];
}

/* ---- what was flown ---- */

/* The airport that stands for a candidate's site; MEMORY_ANY: none any more. */
static uint32_t site_of(const struct detect *d, const struct claim_candidate *c, int64_t t_ms)
{
    const uint32_t i = airport_find(d->o.views.airports, c->airport, memory_day(t_ms));
    return i == AIRPORT_NONE ? MEMORY_ANY : airport_at(d->o.views.airports, i)->site;
}

static void add_flown(struct detect *d, const struct flown *f)
{
    if (d->flowns == d->flown_cap) {
        const size_t cap = d->flown_cap ? d->flown_cap * 2 : 256;
        struct flown *more = realloc(d->flown, cap * sizeof *more);
        if (!more) {
            d->failed = true;
            return;
        }
        d->flown = more;
        d->flown_cap = cap;
    }
    d->flown[d->flowns++] = *f;
}

static bool is_gate(uint32_t key)
{
    return key & MOVEMENT_GATE && key != MEMORY_ANY;
}

static void count_end(struct detect *d, const struct claim *c, struct unit_key unit, uint32_t key,
                      float key_p, const struct candidate_end *end)
{
    for (unsigned k = 0; k < end->n; k++) {
        const float p = end->p * end->candidate[k].p;
        const uint32_t to = p < COUNTED_P ? MEMORY_ANY : site_of(d, &end->candidate[k], c->made_ms);
        const float q = (end->inferred ? INFERRED_COUNT * p : 1) * p * key_p;
        const uint64_t apart = end->inferred && !is_gate(key) ? INFERRED : 0;
        if (to == MEMORY_ANY) {
            continue;
        }
        if (c->epoch == 0) { /* another airframe on the address is not asked for by itself */
            d->failed |= memory_add(d->own, airframe_of(c->address) | apart, key, to, q,
                                    memory_day(c->made_ms)) != ERR_OK;
        }
        if (unit.who) {
            add_flown(d, &(struct flown){.unit = unit.who | apart,
                                         .origin = key,
                                         .destination = to,
                                         .p = q,
                                         .day = memory_known_day(c->made_ms)});
        }
    }
}

/* other: the end on the side it was heard on. */
static void count_gate(struct detect *d, const struct claim *c, struct unit_key unit, uint32_t gate,
                       uint32_t other, const struct candidate_end *end)
{
    if (gate != MEMORY_ANY && (unit.state || !end->inferred)) {
        count_end(d, c, unit, gate, 1, end);
        count_end(d, c, unit, movement_gate_any(MEMORY_ANY), 1, end);
        if (other != MEMORY_ANY) {
            count_end(d, c, unit, movement_gate_any(other), 1, end);
        }
    }
}

static void count_leg(struct detect *d, const struct claim *c, struct craft *a)
{
    const struct candidate_end end = {c->candidate, c->candidates, c->p,
                                      a->landed_leg != c->leg || !a->landed_heard};
    const struct candidate_end begin = {a->off, a->offs, a->off_p, true};
    const struct unit_key unit = unit_of(d, c->address, c->made_ms, a);
    if (c->flags & CLAIM_NOT_SORTIE) {
        return;
    }
    count_end(d, c, unit, MEMORY_ANY, 1, &end);
    if (a->leg == c->leg && a->origin != MEMORY_ANY) {
        count_end(d, c, unit, a->origin, a->origin_p, &end);
    }
    count_gate(d, c, unit, a->gate_leg == c->leg ? a->gate : MEMORY_ANY,
               a->leg == c->leg ? a->origin : MEMORY_ANY, &end);
    if (a->leg == c->leg) {
        count_gate(d, c, unit, a->first_leg == c->leg ? a->first : MEMORY_ANY, MEMORY_ANY, &begin);
    }
}

/* ---- where it stood ---- */

static uint32_t place_of(const struct detect *d, const struct claim *c)
{
    const bool known = c->p >= ORIGIN_P && c->candidates && c->candidate[0].p >= ORIGIN_P &&
                       !(c->flags & CLAIM_WITHDRAWN);
    return known ? site_of(d, &c->candidate[0], c->made_ms) : MEMORY_ANY;
}

static void count_stay(struct detect *d, const struct claim *c, struct craft *a)
{
    const struct unit_key unit = unit_of(d, c->address, c->made_ms, a);
    if (c->epoch == 0) {
        d->failed |= memory_add_stay(d->own, airframe_of(c->address), a->stood, a->stood_h,
                                     memory_day(c->made_ms)) != ERR_OK;
    }
    if (unit.who) {
        add_flown(d, &(struct flown){.unit = unit.who,
                                     .origin = a->stood,
                                     .hours = a->stood_h,
                                     .day = memory_known_day(c->made_ms),
                                     .stay = true});
    }
}

/* It left: from where it landed, or from elsewhere, where nobody heard it come. */
static void note_left(const struct detect *d, const struct claim *c, struct craft *a)
{
    const uint32_t from = c->kind == CLAIM_TOOK_OFF ? place_of(d, c) : MEMORY_ANY;
    a->newest_leg = c->leg;
    a->stood = from == a->stands ? from : MEMORY_ANY;
    a->stood_h = fmaxf(0, (float)(claim_time(c) - a->stands_ms) / 3600000);
    a->stands = MEMORY_ANY;
}

/* A stay counts once the leg after it was heard. Of a leg nobody heard both ends were guessed, by
   what is counted here: as early as it landed it may have left. */
static void note_stay(struct detect *d, const struct claim *c, struct craft *a)
{
    const bool begins = c->kind == CLAIM_TOOK_OFF || c->kind == CLAIM_FIRST_SEEN;
    if (begins && c->supersedes == 0 && c->leg != a->newest_leg) {
        note_left(d, c, a);
    } else if (c->leg != a->newest_leg) {
        return; /* corrected later, or begun unheard */
    } else if (c->kind == CLAIM_LANDED) {
        a->stands = place_of(d, c);
        a->stands_ms = claim_time(c);
    } else if (c->kind == CLAIM_LEG) {
        const bool heard = c->sure_lo_ms <= c->sure_hi_ms;
        if (heard && a->stood != MEMORY_ANY) {
            count_stay(d, c, a);
        }
        a->stands = heard ? a->stands : MEMORY_ANY;
        a->stood = MEMORY_ANY;
    }
}

/* Where it was lost for longest, and where it was found. */
static void note_gate(const struct claim *c, struct craft *a)
{
    const int64_t silent_ms = c->t_hi_ms - c->t_lo_ms;
    if (c->lat_e7 == CLAIM_NO_PLACE) {
        return;
    }
    if (c->kind == CLAIM_FIRST_SEEN) {
        a->first_leg = c->leg;
        a->first = movement_gate(c->lat_e7, c->lon_e7);
    } else if (silent_ms >= GATE_MS && (a->gate_leg != c->leg || silent_ms > a->silent_ms)) {
        a->gate_leg = c->leg;
        a->gate = movement_gate(c->lat_e7, c->lon_e7);
        a->silent_ms = silent_ms;
    }
}

static void note(struct detect *d, const struct claim *c)
{
    struct craft *a = craft_of(d, c->address, c->epoch);
    if (!a) {
        d->failed = true;
        return;
    }
    if (c->flight[0] >= 'A' && c->flight[0] <= 'Z' && c->flight[3] >= '0' && c->flight[3] <= '9') {
        memcpy(a->operator, c->flight, OPERATOR);
    }
    note_stay(d, c, a);
    if (c->kind == CLAIM_TOOK_OFF || c->kind == CLAIM_ORIGIN) {
        const bool known = c->candidates && c->candidate[0].p >= ORIGIN_P;
        a->leg = c->leg;
        a->origin = known ? site_of(d, &c->candidate[0], c->made_ms) : MEMORY_ANY;
        a->origin_p = known ? c->candidate[0].p : 0;
        a->offs = c->candidates;
        a->off_p = c->kind == CLAIM_TOOK_OFF ? c->p : 0;
        memcpy(a->off, c->candidate, sizeof a->off);
    } else if (c->kind == CLAIM_LANDED) {
        a->landed_leg = c->leg;
        a->landed_heard = c->method == CLAIM_METHOD_OBSERVED;
    } else if (c->kind == CLAIM_GAP || c->kind == CLAIM_FIRST_SEEN) {
        note_gate(c, a);
    } else if (c->kind == CLAIM_LEG && c->candidates && a->counted_leg != c->leg) {
        a->counted_leg = c->leg;
        count_leg(d, c, a);
    }
}

static void take_claim(void *ctx, const struct claim *c)
{
    struct detect *d = ctx;
    note(d, c);
    d->fn(d->ctx, c);
}

enum err detect_remember(struct detect *d, const struct claim *c)
{
    note(d, c);
    return d->failed ? ERR_MEMORY : ERR_OK;
}

enum err detect_remembered(struct detect *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct craft *a = &d->craft[i];
        a->leg = a->counted_leg = a->landed_leg = a->gate_leg = a->first_leg = a->newest_leg = 0;
        a->origin = MEMORY_ANY;
    }
    return detect_fold(d);
}

enum err detect_fold(struct detect *d)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < d->flowns && !e; i++) {
        const struct flown *f = &d->flown[i];
        e = f->stay ? memory_add_stay(d->o.units, f->unit, f->origin, f->hours, f->day)
                    : memory_add(d->o.units, f->unit, f->origin, f->destination, f->p, f->day);
    }
    d->flowns = 0;
    return e;
}

/* ---- the machine's view ---- */

struct asking {
    void (*each)(void *ctx, uint32_t destination, float airframe, float unit);
    void *ctx;
    bool of_unit;
    float most, share, sum; /* of what was inferred */
};

static void give_count(void *ctx, uint32_t destination, float count)
{
    const struct asking *a = ctx;
    count *= a->share;
    a->each(a->ctx, destination, a->of_unit ? 0 : count, a->of_unit ? count : 0);
}

static void add_count(void *ctx, uint32_t destination, float count)
{
    (void)destination;
    ((struct asking *)ctx)->sum += count;
}

static void ask(const struct memory *m, uint64_t who, uint32_t origin, int32_t day,
                struct asking *a)
{
    a->share = 1;
    memory_ask(m, who, origin, day, give_count, a);
    a->sum = 0;
    memory_ask(m, who | INFERRED, origin, day, add_count, a);
    if (a->sum > 0) {
        a->share = fminf(1, a->most / a->sum);
        memory_ask(m, who | INFERRED, origin, day, give_count, a);
    }
}

static void history(void *ctx, uint32_t address, uint16_t epoch, int64_t t_ms, uint32_t origin,
                    void (*each)(void *, uint32_t, float, float), void *each_ctx)
{
    struct detect *d = ctx;
    const uint32_t i = map_get(&d->map, claim_airframe(address, epoch));
    const struct unit_key unit = unit_of(d, address, t_ms, i == MAP_NONE ? NULL : &d->craft[i]);
    struct asking a = {
        .each = each, .ctx = each_ctx, .most = unit.state ? INFINITY : INFERRED_MOST};
    /* As known today, also where the flight asked about was days ago: what was known then is not
       kept, and what there is of it changes with each flight folded in since. */
    if (epoch == 0) {
        ask(d->own, airframe_of(address), origin, d->day, &a);
    }
    if (unit.who) {
        a.of_unit = true;
        ask(d->o.units, unit.who, origin, d->day, &a);
    }
}

static void stay(void *ctx, uint32_t address, uint16_t epoch, int64_t t_ms, uint32_t site,
                 struct movement_stays *airframe, struct movement_stays *unit)
{
    struct detect *d = ctx;
    const uint32_t i = map_get(&d->map, claim_airframe(address, epoch));
    const struct unit_key of = unit_of(d, address, t_ms, i == MAP_NONE ? NULL : &d->craft[i]);
    if (epoch == 0) {
        memory_stays(d->own, airframe_of(address), site, d->day, &airframe->stays,
                     &airframe->hours);
    }
    if (of.who) {
        memory_stays(d->o.units, of.who, site, d->day, &unit->stays, &unit->hours);
    }
}

/* ---- the detector ---- */

struct detect *detect_new(const struct detect_options *o)
{
    struct detect *d = calloc(1, sizeof *d);
    if (!d) {
        return NULL;
    }
    d->o = *o;
    d->day = NO_DAY;
    struct movement_options m = {
        .views = o->views, .aircraft_max = DETECT_AIRCRAFT_MAX, .live = true};
    m.views.history = history;
    m.views.stay = stay;
    m.views.history_ctx = d;
    d->own = memory_new();
    d->movement = movement_new(&m);
    if (!d->own || !d->movement || map_init(&d->map, 2 * DETECT_AIRCRAFT_MAX)) {
        movement_free(d->movement);
        memory_free(d->own);
        free(d);
        return NULL;
    }
    return d;
}

void detect_free(struct detect *d)
{
    if (d) {
        movement_free(d->movement);
        memory_free(d->own);
        map_free(&d->map);
        free(d->craft);
        free(d->flown);
        free(d);
    }
}

static enum err go_to_day(struct detect *d, int32_t day)
{
    enum err e = ERR_OK;
    if (d->day == NO_DAY) {
        d->day = day - 1;
    }
    while (d->day < day && !e) {
        e = movement_tick(d->movement, (d->day + 1) * DAY_MS - 1, take_claim, d);
        d->day++;
        if (d->o.new_day) {
            d->o.new_day(d->o.ctx, d->day);
        }
    }
    return e;
}

enum err detect_push(struct detect *d, const struct kept *k, claim_fn *fn, void *ctx)
{
    d->fn = fn;
    d->ctx = ctx;
    const int32_t day = memory_day(k->t_ms);
    enum err e = day > d->day ? go_to_day(d, day) : ERR_OK;
    e = e ? e : movement_push(d->movement, k, take_claim, d);
    return d->failed ? ERR_MEMORY : e;
}

enum err detect_tick(struct detect *d, int64_t t_ms, claim_fn *fn, void *ctx)
{
    if (t_ms == KEPT_NO_TIME) {
        return ERR_OK; /* nothing was heard yet: no day has come */
    }
    d->fn = fn;
    d->ctx = ctx;
    const int32_t day = memory_day(t_ms);
    enum err e = day > d->day ? go_to_day(d, day) : ERR_OK;
    e = e ? e : movement_tick(d->movement, t_ms, take_claim, d);
    return d->failed ? ERR_MEMORY : e;
}

const struct movement *detect_movement(const struct detect *d)
{
    return d->movement;
}

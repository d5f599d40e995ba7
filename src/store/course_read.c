/* Reads what course.c writes. The way goes point by point, everything in it depends on what came
   before; what does not (speeds and directions, the rest's stream) follows in loops of its own. */
#include "store/course_code.h"

#include "modes/polar.h"

/* What the way leaves of a point for the loops after it. */
enum course_how {
    HOW_VELOCITY = 3, /* enum velocity */
    HOW_STEEP = 4,
    HOW_GEOM = 8, /* there is a geometric altitude in the rest */
    HOW_AIR = 16  /* times what of the air data is known */
};

/* So many bits are at hand after looking, at least: the longest number has 54. */
enum { LOOK_BITS = 57 };

/* A stream, as far as was looked ahead: one look serves several numbers. */
struct look {
    const uint8_t *p;
    uint64_t ahead; /* its next bits */
    size_t at, end; /* bits: where the first is that is not at hand */
    int left;       /* bits of these that are sure to be at hand */
};

INLINE size_t look_at(const struct look *l)
{
    return l->at - (size_t)l->left;
}

INLINE void look_on(struct look *l)
{
    const size_t at = look_at(l);
    l->ahead = bits_peek(&(struct bits_in){l->p, at, 0});
    l->at = at + LOOK_BITS;
    l->left = LOOK_BITS;
}

INLINE struct look look_start(const struct bits_in *in)
{
    struct look l = {.p = in->p, .at = in->at, .end = in->end};
    look_on(&l);
    return l;
}

INLINE uint32_t look_entry(const struct look *l, const struct prefix_code *c)
{
    return c->entry[l->ahead & ((1 << PREFIX_BITS) - 1)];
}

/* n: 0 .. 56. */
INLINE void look_past(struct look *l, unsigned n)
{
    l->ahead >>= n & 63;
    l->left -= (int)n;
}

/* Past all an entry stands for. What is looked up next waits for this shift, so nothing else comes
   before it: a processor takes of its number but the lowest six bits. */
INLINE void look_past_entry(struct look *l, uint32_t e)
{
    l->ahead >>= e & 63;
    l->left -= (int)prefix_all(e);
}

/* n: 0 .. 56. */
INLINE uint64_t look_bits(struct look *l, unsigned n)
{
    if (__builtin_expect(l->left < (int)n, 0)) {
        look_on(l);
    }
    const uint64_t v = bits_low(l->ahead, n);
    look_past(l, n);
    return v;
}

/* Of a code of which some bits are not at hand the others, and zeros, may give a shorter one, but
   then that is it; or one that reaches beyond what is at hand. */
INLINE unsigned look_symbol(struct look *l, const struct prefix_code *c)
{
    uint32_t e = look_entry(l, c);
    if (__builtin_expect(l->left < (int)prefix_all(e), 0)) {
        look_on(l);
        e = look_entry(l, c);
    }
    look_past_entry(l, e);
    return prefix_value(e);
}

/* As code_number. */
INLINE int32_t look_number(struct look *l, const struct course_codes *codes, uint16_t *belows,
                           unsigned column)
{
    const unsigned kind = column < COLUMN_BARO_RATE ? 0 : column < COLUMN_EAST ? 1 : 2;
    const unsigned below = belows[column];
    const struct prefix_code *code = codes->number[kind][below >> 3];
    const unsigned cut = codes->cut[below >> 3];
    uint32_t e = look_entry(l, code) + cut;
    if (__builtin_expect(l->left < (int)prefix_all(e), 0)) {
        look_on(l);
        e = look_entry(l, code) + cut;
    }
    const uint64_t twice = (bits_low(l->ahead, prefix_all(e)) >> prefix_length(e)) +
                           ((uint64_t)prefix_value(e) << cut);
    look_past_entry(l, e);
    const uint32_t size = (uint32_t)(twice >> 1), negative = 0u - ((uint32_t)twice & 1);
    belows[column] = course_below_after((int)below, size);
    return (int32_t)((size ^ negative) - negative);
}

/* As code_first. */
INLINE int32_t look_first(struct look *l)
{
    const unsigned bits = (unsigned)look_bits(l, 6);
    const uint64_t told = look_bits(l, (bits < 32 ? bits : 32) + 1);
    const uint32_t size = (uint32_t)(told >> 1);
    return (int32_t)(told & 1 ? 0u - size : size);
}

/* Where reading the way is: local, so that it stays in registers. */
struct at {
    struct look look;
    unsigned index, mask, mode, how;
    int64_t t_ms, dt_ms, before_dt_ms;
    int32_t rate[2], alt[ALTS]; /* in quanta */
    double rate_fpm;
    struct motion now;
    int32_t whole_kt[2];
    bool has_velocity;
    bool is_off, ties; /* a value was none; two points share an instant */
    struct motion before;
    int32_t lat_e7;
    double place[2], before_place[2]; /* 1e-7 degrees */
    double quantum_e7;
    unsigned vectors;
    /* What stays. */
    bool is_first, rest, fast;
    uint32_t time_few;
    unsigned time_bits;
};

/* The nearest whole number, halves up. fast: the processor has a step for it. */
INLINE double whole_of(double v, bool fast)
{
    return fast ? __builtin_floor(v + 0.5) : (double)grid_nearest(v);
}

INLINE int32_t change(struct course *c, struct at *a, unsigned column, int32_t expected)
{
    return a->is_first ? look_first(&a->look)
                       : plus(expected, look_number(&a->look, c->codes, c->below, column));
}

/* --- time ------------------------------------------------------------------------------------- */

INLINE uint32_t read_gone(struct course *c, struct at *a)
{
    const struct course_plan *plan = &c->plan;
    struct look *l = &a->look;
    if (plan->time_width > 0) {
        if (__builtin_expect(l->left < (int)a->time_bits + 1, 0)) {
            look_on(l);
        }
        const uint32_t told = (uint32_t)bits_low(l->ahead, a->time_bits);
        const uint32_t more = (uint32_t)(l->ahead >> a->time_bits & 1);
        const bool is_long = told >= a->time_few;
        const uint32_t in = is_long ? (told << 1 | more) - a->time_few : told;
        look_past(l, a->time_bits + is_long);
        return in < plan->time_width ? plan->time_low + in : (uint32_t)look_first(l);
    }
    const int32_t gone = plus(c->time_mean >> 4, look_number(l, c->codes, c->below, COLUMN_TIME));
    c->time_mean = course_time_mean(c->time_mean, gone);
    return (uint32_t)gone;
}

INLINE void read_time(struct course *c, struct at *a, struct kept *k)
{
    if (!a->is_first) {
        const int64_t dt_ms = (int64_t)read_gone(c, a) * c->plan.quantum[QUANTUM_TIME];
        a->dt_ms = dt_ms < DT_MOST_MS ? dt_ms : DT_MOST_MS; /* beyond: a damaged chunk's */
        a->ties |= dt_ms == 0;
    }
    a->t_ms += a->dt_ms;
    k->t_ms = a->t_ms;
}

/* --- heights ---------------------------------------------------------------------------------- */

INLINE int32_t read_rate(struct course *c, struct at *a, bool quiet, unsigned geom)
{
    if (!quiet) {
        const unsigned moves = a->rate[geom] != 0;
        a->rate[geom] =
            change(c, a, (geom ? COLUMN_GEOM_RATE : COLUMN_BARO_RATE) + moves, a->rate[geom]);
    }
    return times(a->rate[geom], c->plan.quantum[QUANTUM_BARO_RATE + geom]);
}

INLINE void read_alt(struct course *c, struct at *a, bool quiet, enum course_alt which,
                     unsigned column, double up_ft)
{
    const int32_t expected =
        plus(a->alt[which], wrapped((int64_t)whole_of(up_ft * c->per_alt[which], a->fast)));
    a->alt[which] = quiet ? expected : change(c, a, column, expected);
}

INLINE void read_heights(struct course *c, struct at *a, bool quiet, struct kept *k)
{
    double rate_fpm = 0;
    if (a->mask & HAS_GEOM_RATE) {
        const int32_t v_fpm = read_rate(c, a, quiet, 1);
        rate_fpm = v_fpm;
        if (a->rest) {
            k->geom_rate_fpm = v_fpm;
        }
    }
    if (a->mask & HAS_BARO_RATE) {
        const int32_t v_fpm = read_rate(c, a, quiet, 0);
        rate_fpm = v_fpm;
        if (a->rest) {
            k->baro_rate_fpm = v_fpm;
        }
    }
    const double up_ft = course_climb_ft(a->rate_fpm, rate_fpm, a->dt_ms);
    const unsigned steep = course_is_steep(up_ft);
    a->rate_fpm = rate_fpm;
    a->how = steep ? HOW_STEEP : 0;
    const int32_t was = a->alt[ALT_BARO];
    if (a->mask & HAS_ALT_BARO) {
        read_alt(c, a, quiet, ALT_BARO, COLUMN_ALT_BARO + steep, up_ft);
        k->alt_baro_ft = times(a->alt[ALT_BARO], c->plan.quantum[QUANTUM_ALT_BARO]);
        a->how |= a->mask & HAS_ALT_GEOM ? HOW_GEOM : 0;
    } else if (a->mask & HAS_ALT_GEOM) {
        read_alt(c, a, quiet, ALT_ALONE, COLUMN_ALT_ALONE, up_ft);
        k->alt_geom_ft = times(a->alt[ALT_ALONE], c->plan.quantum[QUANTUM_ALT_GEOM]);
    }
    if (a->rest) {
        c->side.moved[a->index] = minus(a->alt[ALT_BARO], was);
    }
}

/* --- velocity --------------------------------------------------------------------------------- */

/* For functions that are not inlined. */
INLINE void lend(struct course *c, struct at *a)
{
    c->in[WAY].at = look_at(&a->look);
    c->index = a->index;
}

INLINE void take_back(const struct course *c, struct at *a)
{
    a->look = look_start(&c->in[WAY]);
}

INLINE void read_vector(struct course *c, struct at *a)
{
    a->whole_kt[0] = change(c, a, COLUMN_EAST, a->whole_kt[0]);
    a->whole_kt[1] = change(c, a, COLUMN_NORTH, a->whole_kt[1]);
    if (__builtin_expect(!course_is_vector(a->whole_kt[0], a->whole_kt[1]), 0)) {
        a->whole_kt[0] = a->whole_kt[1] = 0; /* a damaged chunk's */
    }
    a->now = (struct motion){a->whole_kt[0], a->whole_kt[1]};
    if (a->rest) {
        c->side.east_kt[a->vectors] = a->whole_kt[0];
        c->side.north_kt[a->vectors] = a->whole_kt[1];
        a->vectors++;
    }
}

/* had: the point before has a velocity; without, this one's is taken for it. */
INLINE void read_velocity(struct course *c, struct at *a, enum velocity velocity, bool had,
                          struct kept *k)
{
    a->before = a->now;
    a->how |= velocity;
    if (velocity == VELOCITY_VECTOR) {
        read_vector(c, a);
    } else if (velocity == VELOCITY_POLAR && a->mask & (HAS_GS | HAS_TRACK)) {
        lend(c, a);
        c->now = a->now;
        c->whole_kt[0] = a->whole_kt[0], c->whole_kt[1] = a->whole_kt[1];
        course_polar(c, true, a->mask, k);
        a->now = c->now;
        a->whole_kt[0] = c->whole_kt[0], a->whole_kt[1] = c->whole_kt[1];
        take_back(c, a);
        if (!a->rest) {
            k->gs_e2_kt = k->track_e2_deg = KEPT_NONE;
        }
    }
    if (__builtin_expect(!had, 0)) {
        a->before = a->now;
    }
}

/* --- place ------------------------------------------------------------------------------------ */

/* As the writer's. */
INLINE void expect(struct course *c, const struct at *a, double place[2])
{
    const double dt = (double)a->dt_ms;
    if (!a->has_velocity) {
        const double part = a->before_dt_ms > 0 ? dt / (double)a->before_dt_ms : 0;
        place[0] = a->place[0] + (a->place[0] - a->before_place[0]) * part;
        place[1] = a->place[1] + (a->place[1] - a->before_place[1]) * part;
    } else {
        const double half = 0.5 * dt;
        const double east = a->now.east_kt + a->before.east_kt;
        const double north = a->now.north_kt + a->before.north_kt;
        course_scale_at(c, a->lat_e7);
        place[0] = a->place[0] + north * half * c->scale.lat_per_kt_ms;
        place[1] = a->place[1] + east * half * c->scale.lon_per_kt_ms;
    }
}

/* Steps beyond 32 bits wrap, as those of the writer. */
static __attribute__((noinline)) double far_coordinate(const struct grid_step *step,
                                                       double expected, int32_t r)
{
    const int64_t e = grid_nearest(expected * step->per_e7);
    const int32_t steps = wrapped(wrapped(e) + (int64_t)r);
    return times(nearest((double)steps * step->quanta), step->quantum_e7);
}

/* All in doubles, which hold whole numbers of 32 bits as they are. */
INLINE double read_coordinate(struct course *c, struct at *a, unsigned column,
                              const struct grid_step *step, double expected)
{
    if (a->is_first) {
        return times(look_first(&a->look), c->plan.quantum[QUANTUM_PLACE]);
    }
    const int32_t r = look_number(&a->look, c->codes, c->below, column);
    const double steps = whole_of(expected * step->per_e7, a->fast) + (double)r;
    if (__builtin_expect(!(__builtin_fabs(steps) < 2147483648.0), 0)) {
        return far_coordinate(step, expected, r);
    }
    return whole_of(steps * step->quanta, a->fast) * a->quantum_e7;
}

INLINE void read_place(struct course *c, struct at *a, enum grid_kind kind, struct kept *k)
{
    double place[2];
    expect(c, a, place);
    const unsigned on_grid = kind != GRID_NONE;
    const struct grid_step *step = c->step[kind];
    const double lat = read_coordinate(c, a, COLUMN_LAT + on_grid, &step[0], place[0]);
    const double lon = read_coordinate(c, a, COLUMN_LON + on_grid, &step[1], place[1]);
    a->before_place[0] = a->place[0];
    a->before_place[1] = a->place[1];
    a->before_dt_ms = a->is_first ? 0 : a->dt_ms;
    const int64_t lat_e7 = (int64_t)lat, lon_e7 = (int64_t)lon;
    a->place[0] = lat;
    a->place[1] = lon;
    if (__builtin_expect(!course_is_on_earth(lat_e7, lon_e7), 0)) { /* a damaged chunk's */
        a->is_off = true;
        a->place[0] = a->place[1] = 0; /* what follows is to be reckoned from something */
    }
    a->lat_e7 = k->lat_e7 = wrapped(lat_e7);
    k->lon_e7 = wrapped(lon_e7);
}

/* --- the way ---------------------------------------------------------------------------------- */

INLINE struct course_mode read_mode(struct course *c, struct at *a)
{
    const struct prefix_code *code = &c->codes->code[CODE_MODE + course_mode[a->mode].code];
    unsigned s = look_symbol(&a->look, code);
    if (__builtin_expect(s >= MODE_ZONES, 0)) {
        const unsigned zones = (unsigned)look_bits(&a->look, 6);
        course_zones(c, zones < 1 ? 1 : zones > 59 ? 59 : zones);
        s = look_symbol(&a->look, code);
        s = s < MODE_ZONES ? s : 0;
    }
    a->mode = s;
    return course_mode[s];
}

INLINE void read_rare(struct course *c, struct at *a)
{
    lend(c, a);
    course_rare_code(c, true, NULL, 0);
    take_back(c, a);
    a->mask = (unsigned)c->recent[RARE_MASK][0];
    a->has_velocity = (a->mask & HAS_GS) && (a->mask & HAS_TRACK);
    a->is_off |= c->base.origin >= ORIGIN_COUNT || c->base.ground > 1;
}

INLINE void read_point(struct course *c, struct at *a, struct kept *k)
{
    const bool had_velocity = a->has_velocity;
    if (a->index == c->next_rare) {
        read_rare(c, a);
    }
    *k = c->base;
    look_on(&a->look); /* here and there, where it costs least; nowhere else it is likely */
    read_time(c, a, k);
    const struct course_mode mode = read_mode(c, a);
    read_heights(c, a, mode.quiet, k);
    read_velocity(c, a, (enum velocity)mode.velocity, had_velocity, k);
    read_place(c, a, (enum grid_kind)mode.grid, k);
    if (a->rest) {
        c->side.how[a->index] = (uint8_t)(a->how | (unsigned)c->recent[RARE_AIR_MASK][0] * HOW_AIR);
    }
    a->index++;
}

static struct at start_way(struct course *c, bool rest)
{
    struct at a = {.look = look_start(&c->in[WAY]),
                   .t_ms = c->t_ms,
                   .quantum_e7 = c->plan.quantum[QUANTUM_PLACE],
                   .is_first = true,
                   .rest = rest};
    if (c->plan.time_width > 0) {
        const uint32_t n = c->plan.time_width + 1; /* 2 .. */
        a.time_bits = 31u - (unsigned)__builtin_clz(n | 1);
        a.time_few = (uint32_t)((UINT64_C(2) << a.time_bits) - n);
    }
    return a;
}

/* The first stands for itself. */
static __attribute__((noinline)) void read_first(struct course *c, struct at *a, struct kept *k)
{
    read_point(c, a, k);
}

/* Returns how many; those of which more was read than there is are
   found out by whoever asked. */
#define READ_WAY(name, with_rest, is_fast, target)                                                 \
    static target size_t name(struct course *c, size_t max, int64_t to_ms, struct kept *out)       \
    {                                                                                              \
        struct at first = start_way(c, with_rest);                                                 \
        read_first(c, &first, out);                                                                \
        struct at a = first;                                                                       \
        a.is_first = false, a.rest = (with_rest), a.fast = (is_fast);                              \
        size_t i = 0;                                                                              \
        while (out[i].t_ms <= to_ms && ++i < max && look_at(&a.look) <= a.look.end) {              \
            read_point(c, &a, &out[i]);                                                            \
        }                                                                                          \
        lend(c, &a);                                                                               \
        c->vectors = a.vectors;                                                                    \
        c->is_off = a.is_off;                                                                      \
        c->ties = a.ties;                                                                          \
        return i;                                                                                  \
    }

/* --- the rest --------------------------------------------------------------------------------- */

INLINE int32_t rounded(int32_t v, int32_t quantum)
{
    return quantum == 1 ? v : (v + quantum / 2) / quantum * quantum;
}

/* Speeds and directions of n points: those of whole knots all at once. */
static void read_velocities(struct course *c, struct kept *out, size_t n)
{
    struct course_side *s = &c->side;
    const int32_t qg = c->plan.quantum[QUANTUM_GS], qt = c->plan.quantum[QUANTUM_TRACK];
    polar_of_many(s->east_kt, s->north_kt, c->vectors, s->gs_e2_kt, s->track_e2_deg);
    for (size_t i = 0; i < c->vectors && (qg > 1 || qt > 1); i++) {
        const int32_t track = rounded(s->track_e2_deg[i], qt);
        s->gs_e2_kt[i] = rounded(s->gs_e2_kt[i], qg);
        s->track_e2_deg[i] = track >= 36000 ? 0 : track;
    }
    int32_t gs = KEPT_NONE, track = KEPT_NONE;
    for (size_t i = 0, at = 0; i < n; i++) {
        const unsigned velocity = s->how[i] & HOW_VELOCITY;
        if (velocity == VELOCITY_VECTOR) {
            gs = s->gs_e2_kt[at], track = s->track_e2_deg[at];
            at++;
        } else if (velocity == VELOCITY_POLAR) {
            gs = out[i].gs_e2_kt, track = out[i].track_e2_deg;
        }
        out[i].gs_e2_kt = gs;
        out[i].track_e2_deg = track;
    }
}

INLINE void read_rest_with(struct course *c, struct kept *out, size_t n, const bool fast)
{
    struct look l = look_start(&c->in[REST]);
    int32_t alt = 0;
    const int32_t q = c->plan.quantum[QUANTUM_ALT_GEOM];
    const double quantum_baro = c->plan.quantum[QUANTUM_ALT_BARO];
    const double per_alt = c->per_alt[ALT_GEOM];
    const bool is_alike = c->plan.quantum[QUANTUM_ALT_BARO] == q; /* then they are whole steps */
    for (size_t i = 0; i < n && look_at(&l) <= l.end; i++) {
        const unsigned how = c->side.how[i];
        if (how & HOW_GEOM) {
            const int32_t moved = c->side.moved[i];
            const unsigned column = COLUMN_ALT_GEOM + (how & HOW_STEEP ? 1 : 0);
            const double steps = (double)moved * quantum_baro * per_alt;
            const int32_t gone = is_alike ? moved : wrapped((int64_t)whole_of(steps, fast));
            alt = i == 0 ? look_first(&l)
                         : plus(plus(alt, gone), look_number(&l, c->codes, c->below, column));
            out[i].alt_geom_ft = times(alt, q);
        }
        if (how >= HOW_AIR) {
            c->in[REST].at = look_at(&l);
            c->index = (unsigned)i;
            course_air(c, true, how / HOW_AIR, i > 0 ? out[i - 1].track_e2_deg : KEPT_NONE,
                       &out[i]);
            l = look_start(&c->in[REST]);
        }
    }
    c->in[REST].at = look_at(&l);
}

#define READ_REST(name, is_fast, target)                                                           \
    static target void name(struct course *c, struct kept *out, size_t n)                          \
    {                                                                                              \
        read_rest_with(c, out, n, is_fast);                                                        \
    }

/* The same code twice, as in course.c. Rounding down is one of these instructions, and exact. */
#if defined(__x86_64__)
#define FAST __attribute__((target("bmi,bmi2,lzcnt,avx2")))
READ_WAY(read_way_fast, false, true, FAST)
READ_WAY(read_all_fast, true, true, FAST)
READ_REST(read_rest_fast, true, FAST)
#define HAS_FAST (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx2"))
#else
#define read_way_fast  read_way
#define read_all_fast  read_all
#define read_rest_fast read_rest
#define HAS_FAST       false
#endif

READ_WAY(read_way, false, false, )
READ_WAY(read_all, true, false, )
READ_REST(read_rest, false, )

size_t course_read(struct course *c, size_t max, int64_t to_ms, bool rest, struct kept *out)
{
    if (max == 0) {
        return 0;
    }
    if (!rest) {
        return (HAS_FAST ? read_way_fast : read_way)(c, max, to_ms, out);
    }
    const size_t n = (HAS_FAST ? read_all_fast : read_all)(c, max, to_ms, out);
    read_velocities(c, out, n);
    (HAS_FAST ? read_rest_fast : read_rest)(c, out, n);
    return n;
}

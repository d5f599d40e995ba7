#include "radio/uat_follow.h"

#include <math.h>
#include <string.h>

enum {
    STATES = 10, /* phases in fifths of pi; every other one at each bit's end */
    TURN = 3,    /* a bit, in them */
    DEPTH = 32,  /* bits a decision waits; paths have met by then */
    SOFT = 16    /* bits a path that loses can differ in, that count */
};

static const float FORGET = 0.95F;

struct path {
    float metric, re, im; /* re, im: the carrier as this path sees it */
    uint32_t bits;        /* newest lowest */
    float sure[DEPTH];    /* by bit number modulo DEPTH */
};

struct follow {
    struct path path[2][STATES];
    unsigned now, bit;
    float turn[STATES][2]; /* e^-j of each phase */
    uint8_t *byte;
    float *sure;
    unsigned n_bits;
};

/* What a bit's samples are against a zero and a one. */
struct tones {
    float re[2], im[2];
};

static void start(struct follow *f, const struct uat_start *b)
{
    const uint64_t word = b->is_uplink ? UAT_SYNC_UPLINK : UAT_SYNC_ADSB;
    const int ones = __builtin_popcountll(word);
    const int turned = TURN * (2 * ones - UAT_SYNC_BITS);
    const unsigned state = (unsigned)((turned % STATES + STATES) % STATES);
    for (unsigned i = 0; i < STATES; i++) {
        f->path[0][i] = (struct path){.metric = -INFINITY};
        f->path[1][i].metric = -INFINITY;
        f->turn[i][0] = cosf((float)M_PI / 5 * (float)i);
        f->turn[i][1] = -sinf((float)M_PI / 5 * (float)i);
    }
    f->path[0][state] = (struct path){.re = b->re, .im = b->im};
    f->now = f->bit = 0;
}

/* The step of one path by one bit. */
static struct path step(const struct follow *f, const struct path *p, unsigned state,
                        const struct tones *t, unsigned one)
{
    const float *w = f->turn[state];
    const float re = t->re[one] * w[0] - t->im[one] * w[1];
    const float im = t->re[one] * w[1] + t->im[one] * w[0];
    struct path out = {.bits = p->bits << 1 | one};
    const float size = sqrtf(p->re * p->re + p->im * p->im) + 1e-12F;
    out.metric = p->metric + (re * p->re + im * p->im) / size;
    out.re = FORGET * p->re + re;
    out.im = FORGET * p->im + im;
    return out;
}

/* Of two paths that meet the better goes on; where they differ it is only as sure as it is better.
 */
static void meet(struct follow *f, struct path *to, const struct path *a, const struct path *from_a,
                 const struct path *b, const struct path *from_b)
{
    const bool first = a->metric >= b->metric;
    const float apart = first ? a->metric - b->metric : b->metric - a->metric;
    *to = first ? *a : *b;
    memcpy(to->sure, first ? from_a->sure : from_b->sure, sizeof to->sure);
    to->sure[f->bit % DEPTH] = INFINITY;
    uint32_t differs = (a->bits ^ b->bits) & ((UINT32_C(1) << SOFT) - 1);
    for (; differs; differs &= differs - 1) {
        float *s = &to->sure[(f->bit - (unsigned)__builtin_ctz(differs)) % DEPTH];
        *s = *s < apart ? *s : apart;
    }
}

static const struct path *best_path(const struct follow *f)
{
    const struct path *best = &f->path[f->now][0];
    for (unsigned i = 1; i < STATES; i++) {
        best = f->path[f->now][i].metric > best->metric ? &f->path[f->now][i] : best;
    }
    return best;
}

static void decide(const struct follow *f, const struct path *p, unsigned number, unsigned back)
{
    const unsigned one = p->bits >> back & 1;
    const float sure = p->sure[number % DEPTH];
    uint8_t *byte = &f->byte[number / 8];
    *byte = (uint8_t)(*byte << 1 | one);
    float *least = &f->sure[number / 8];
    *least = number % 8 == 0 || sure < *least ? sure : *least;
}

static void take(struct follow *f, const struct tones *t)
{
    struct path *next = f->path[!f->now];
    for (unsigned i = 0; i < STATES; i++) {
        const unsigned below = (i + STATES - TURN) % STATES, above = (i + TURN) % STATES;
        const struct path *from_one = &f->path[f->now][below];
        const struct path *from_zero = &f->path[f->now][above];
        if (from_one->metric == -INFINITY && from_zero->metric == -INFINITY) {
            next[i].metric = -INFINITY;
            continue;
        }
        const struct path one = step(f, from_one, below, t, 1);
        const struct path zero = step(f, from_zero, above, t, 0);
        meet(f, &next[i], &one, from_one, &zero, from_zero);
    }
    f->now = !f->now;
    f->bit++;
    if (f->bit >= DEPTH) {
        decide(f, best_path(f), f->bit - DEPTH, DEPTH - 1);
    }
}

/* What of the samples is left to turn: where we are, and by how much each is turned. */
struct reader {
    const float *iq;
    long n, at;
    double begins; /* of the bit */
};

static struct tones read_bit(const struct uat_sync *s, struct reader *r, const struct uat_start *b)
{
    struct tones t = {{0}, {0}};
    const double ends = r->begins + s->per_bit;
    for (; (double)r->at < ends; r->at++) {
        if (r->at < 0 || r->at >= r->n) {
            continue;
        }
        const float *v = r->iq + 2 * r->at;
        const float carrier = (float)remainder(-b->carrier * ((double)r->at - b->at), 2 * M_PI);
        const float c = cosf(carrier), d = sinf(carrier);
        const float re = v[0] * c - v[1] * d, im = v[0] * d + v[1] * c;
        const float tone = (float)(M_PI * UAT_TURN_PI / s->per_bit * ((double)r->at - r->begins));
        const float x = cosf(tone), y = sinf(tone);
        t.re[1] += re * x + im * y; /* a one turns forward: turned back */
        t.im[1] += im * x - re * y;
        t.re[0] += re * x - im * y;
        t.im[0] += im * x + re * y;
    }
    r->begins = ends;
    return t;
}

void uat_follow(const struct uat_sync *s, const float *iq, size_t n, const struct uat_start *b,
                unsigned n_bytes, uint8_t *byte, float *sure)
{
    struct follow f = {.byte = byte, .sure = sure, .n_bits = 8 * n_bytes};
    struct reader r = {.iq = iq, .n = (long)n, .begins = b->at + UAT_SYNC_BITS * s->per_bit};
    r.at = (long)ceil(r.begins);
    start(&f, b);
    while (f.bit < f.n_bits) {
        const struct tones t = read_bit(s, &r, b);
        take(&f, &t);
    }
    const struct path *p = best_path(&f);
    for (unsigned back = DEPTH - 1; back-- > 0;) {
        decide(&f, p, f.n_bits - 1 - back, back);
    }
}

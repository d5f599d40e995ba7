#include "ledger/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HALF_LIFE_DAYS 30.0
#define DAY_MS         INT64_C(86400000)
#define KNOWN_AFTER_MS INT64_C(3600000)
#define STEPS          4096.0 /* of one flight, in an answer */

/* In place of an origin: of stays at this site. Their sums stand in place of destinations. */
#define STAYS_AT UINT32_C(0x40000000)
enum { STAYS, HOURS };

enum { RECENT = 3, UNIT_OF_COUNT = 256, SLOTS_FIRST = 1 << 12, NONE = -1 };

/* Counts of the last days stand apart and whole, so that it does not matter in which order they
   came; older ones are summed up, each day once. */
struct count {
    uint32_t destination;
    int32_t next;            /* of the same key; NONE */
    int32_t last_day;        /* of recent[0]; recent[k] is k days before */
    uint32_t recent[RECENT]; /* in 1 / UNIT_OF_COUNT */
    double before;           /* of all days before these, as of last_day */
};

struct slot {
    uint64_t key; /* 0: empty */
    int32_t first;
};

struct memory {
    struct slot *slot;
    uint64_t slots, used;
    struct count *count;
    int32_t n, cap;
};

struct memory *memory_new(void)
{
    struct memory *m = calloc(1, sizeof *m);
    if (m) {
        m->slots = SLOTS_FIRST;
        m->slot = calloc(m->slots, sizeof *m->slot);
    }
    if (m && !m->slot) {
        free(m);
        return NULL;
    }
    return m;
}

void memory_free(struct memory *m)
{
    if (m) {
        free(m->slot);
        free(m->count);
        free(m);
    }
}

static int32_t day_of(int64_t t_ms)
{
    return (int32_t)((t_ms - (t_ms < 0 ? DAY_MS - 1 : 0)) / DAY_MS);
}

int32_t memory_day(int64_t t_ms)
{
    return day_of(t_ms);
}

int32_t memory_known_day(int64_t made_ms)
{
    return day_of(made_ms + KNOWN_AFTER_MS) + 1;
}

/* The finalizer of MurmurHash3 over both. */
static uint64_t key_of(uint64_t who, uint32_t origin)
{
    uint64_t h = who ^ ((uint64_t)origin + 1) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    h ^= h >> 33;
    return h ? h : 1;
}

static struct slot *slot_of(struct slot *slot, uint64_t slots, uint64_t key)
{
    uint64_t i = key & (slots - 1);
    while (slot[i].key && slot[i].key != key) {
        i = (i + 1) & (slots - 1);
    }
    return &slot[i];
}

static bool has_room(struct memory *m)
{
    if (m->used * 2 < m->slots) {
        return true;
    }
    struct slot *more = calloc(m->slots * 2, sizeof *more);
    if (!more) {
        return false;
    }
    for (uint64_t i = 0; i < m->slots; i++) {
        if (m->slot[i].key) {
            *slot_of(more, m->slots * 2, m->slot[i].key) = m->slot[i];
        }
    }
    free(m->slot);
    m->slot = more;
    m->slots *= 2;
    return true;
}

static double faded(int32_t days)
{
    return exp2(-days / HALF_LIFE_DAYS);
}

/* Makes a day the last one, day by day: the same steps whatever came between. */
static void move_to(struct count *c, int32_t day)
{
    for (; c->last_day < day; c->last_day++) {
        c->before += c->recent[RECENT - 1] * faded(RECENT - 1) / UNIT_OF_COUNT;
        c->before *= faded(1);
        memmove(&c->recent[1], &c->recent[0], (RECENT - 1) * sizeof c->recent[0]);
        c->recent[0] = 0;
    }
}

/* Those of a key are in the order of destinations, so that nobody sees which came first. */
static struct count *count_of(struct memory *m, struct slot *s, uint32_t destination, int32_t day)
{
    int32_t before = NONE, at = s->key ? s->first : NONE;
    for (; at != NONE && m->count[at].destination < destination; at = m->count[at].next) {
        before = at;
    }
    if (at != NONE && m->count[at].destination == destination) {
        return &m->count[at];
    }
    if (m->n == m->cap) {
        const int32_t cap = m->cap ? m->cap * 2 : 1024;
        struct count *more = realloc(m->count, (size_t)cap * sizeof *more);
        if (!more) {
            return NULL;
        }
        m->count = more;
        m->cap = cap;
    }
    struct count *c = &m->count[m->n];
    *c = (struct count){.destination = destination, .next = at, .last_day = day};
    *(before == NONE ? &s->first : &m->count[before].next) = m->n++;
    return c;
}

enum err memory_add(struct memory *m, uint64_t who, uint32_t origin, uint32_t destination, float p,
                    int32_t known_day)
{
    const uint64_t key = key_of(who, origin);
    if (!has_room(m)) {
        return ERR_MEMORY;
    }
    struct slot *s = slot_of(m->slot, m->slots, key);
    struct count *c = count_of(m, s, destination, known_day);
    if (!c) {
        return ERR_MEMORY;
    }
    m->used += s->key == 0;
    s->key = key;
    move_to(c, known_day);
    const int32_t back = c->last_day - known_day;
    const uint32_t w = (uint32_t)(p * UNIT_OF_COUNT + 0.5F);
    if (back < RECENT) {
        c->recent[back] += w;
    } else {
        c->before += w * faded(back) / UNIT_OF_COUNT;
    }
    return ERR_OK;
}

void memory_ask(const struct memory *m, uint64_t who, uint32_t origin, int32_t day, memory_fn *out,
                void *ctx)
{
    const uint64_t key = key_of(who, origin);
    const struct slot *s = slot_of(m->slot, m->slots, key);
    for (int32_t i = s->key ? s->first : NONE; i != NONE; i = m->count[i].next) {
        const struct count *c = &m->count[i];
        double sum = c->before * faded(day - c->last_day);
        for (int32_t k = RECENT; k-- > 0;) {
            const int32_t ago = day - (c->last_day - k);
            sum += ago >= 0 ? c->recent[k] * faded(ago) / UNIT_OF_COUNT : 0;
        }
        /* What was added since, for later days, moves only what is lost in rounding: rounded off.
         */
        sum = floor(sum * STEPS + 0.5) / STEPS;
        if (sum > 0) {
            out(ctx, c->destination, (float)sum);
        }
    }
}

enum err memory_add_stay(struct memory *m, uint64_t who, uint32_t site, float hours,
                         int32_t known_day)
{
    const enum err e = memory_add(m, who, STAYS_AT | site, STAYS, 1, known_day);
    return e ? e : memory_add(m, who, STAYS_AT | site, HOURS, hours, known_day);
}

static void take_sum(void *ctx, uint32_t which, float sum)
{
    ((float *)ctx)[which] = sum;
}

void memory_stays(const struct memory *m, uint64_t who, uint32_t site, int32_t day, float *stays,
                  float *hours)
{
    float sum[] = {[STAYS] = 0, [HOURS] = 0};
    memory_ask(m, who, STAYS_AT | site, day, take_sum, sum);
    *stays = sum[STAYS];
    *hours = sum[HOURS];
}

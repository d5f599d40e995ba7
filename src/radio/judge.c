#include "radio/judge.h"

#include "radio/parity.h"

#include <math.h>
#include <string.h>

enum {
    REPAIR_BITS = 16,  /* unsure bits that parity's 24 may be asked for: one in 256 sets of them has
                          an answer by chance */
    OVERLAID_BITS = 6, /* where any of the addresses heard is an answer: 64 sets of bits */
    MOST_UNSURE_PERCENT = 40,
    FORMAT_BITS = 5,
    KEY_BIT = 127,
    INTERROGATORS = 80 /* codes of interrogators: II 0 to 15, SI 1 to 63. Annex 10 IV 3.1.2.3.3.2 */
};

/* The most that turned bits may have been sure together. */
#define REPAIR_SURE   24.0f
#define OVERLAID_SURE 7.0f

static unsigned format_of(const struct burst *b)
{
    return b->byte[0] >> 3;
}

static bool overlaid(unsigned df)
{
    return df == 0 || df == 4 || df == 5 || df == 16 || df == 20 || df == 21;
}

static bool squitters(unsigned df)
{
    return df == 17 || df == 18;
}

static uint32_t address_of(const struct burst *b)
{
    return (uint32_t)b->byte[1] << 16 | (uint32_t)b->byte[2] << 8 | b->byte[3];
}

/* What one wrong bit leaves behind. */
static uint32_t syndrome_of(const struct burst *b, unsigned bit)
{
    return parity_syndrome(b->bits - 1 - bit);
}

static bool code_is_firm(const struct burst *b, uint32_t code, float firm)
{
    for (unsigned k = 0; k < 7; k++) {
        if (code >> k & 1 && fabsf(b->sure[b->bits - 1 - k]) < firm) {
            return false;
        }
    }
    return true;
}

enum judgment judge_bits(struct judge *j, const struct burst *b, float firm)
{
    const unsigned df = format_of(b);
    const uint32_t left = parity_remainder(b->byte, b->bits / 8);
    if (overlaid(df)) {
        return heard_lately(&j->heard, left, j->now_s) ? JUDGE_CLEAN : JUDGE_NO;
    }
    if ((squitters(df) || df == 11) && left == 0) {
        heard_note(&j->heard, address_of(b), j->now_s);
        return JUDGE_CLEAN;
    }
    const bool answers = df == 11 && left < INTERROGATORS &&
                         heard_lately(&j->heard, address_of(b), j->now_s) &&
                         code_is_firm(b, left, firm);
    return answers ? JUDGE_CLEAN : JUDGE_NO;
}

unsigned judge_most_unsure(const struct burst *b)
{
    return b->bits * MOST_UNSURE_PERCENT / 100;
}

struct unsure {
    unsigned n;
    uint8_t bit[REPAIR_BITS];
    float sure[REPAIR_BITS];
};

/* How sure a bit is, and in the lowest bits which it is: numbers in the order of both. */
static uint32_t key_of(float sure, unsigned bit)
{
    uint32_t key;
    memcpy(&key, &sure, sizeof key); /* floats without a sign are in the order of their bits */
    return (key & INT32_MAX & ~KEY_BIT) | bit;
}

/* How sure is sorted roughly at first: in steps of a quarter. */
enum { LEVELS = 128 };
#define LEVELS_EACH 4.0f

static unsigned level_of(float sure)
{
    const float level = fabsf(sure) * LEVELS_EACH;
    return level < LEVELS - 1 ? (unsigned)level : LEVELS - 1;
}

/* The lowest level that n bits or more are not above. */
static unsigned level_for(const uint8_t *level, unsigned bits, unsigned n)
{
    uint8_t count[LEVELS] = {0};
    unsigned at = 0;
    for (unsigned k = 0; k < bits; k++) {
        count[level[k]]++;
    }
    for (unsigned sum = count[0]; sum < n && at < LEVELS - 1; sum += count[at]) {
        at++;
    }
    return at;
}

static void sort_keys(uint32_t *key, unsigned n)
{
    for (unsigned k = 1; k < n; k++) {
        const uint32_t new = key[k];
        unsigned i = k;
        for (; i > 0 && key[i - 1] > new; i--) {
            key[i] = key[i - 1];
        }
        key[i] = new;
    }
}

/* The n bits least sure of, least first. The format is not in doubt: it says what a frame is. */
static void find_unsure(const struct burst *b, unsigned n, struct unsure *u)
{
    const unsigned bits = b->bits - FORMAT_BITS;
    uint8_t level[BURST_BITS];
    uint32_t key[BURST_BITS];
    unsigned found = 0;
    for (unsigned k = 0; k < bits; k++) {
        level[k] = (uint8_t)level_of(b->sure[FORMAT_BITS + k]);
    }
    const unsigned most = level_for(level, bits, n);
    for (unsigned k = 0; k < bits; k++) {
        key[found] = key_of(b->sure[FORMAT_BITS + k], FORMAT_BITS + k);
        found += level[k] <= most;
    }
    sort_keys(key, found);
    u->n = found < n ? found : n;
    for (unsigned k = 0; k < u->n; k++) {
        u->bit[k] = (uint8_t)(key[k] & KEY_BIT);
        u->sure[k] = fabsf(b->sure[u->bit[k]]);
    }
}

static float sure_of(const struct unsure *u, uint32_t set)
{
    float sum = 0;
    for (unsigned k = 0; k < u->n; k++) {
        sum += set >> k & 1 ? u->sure[k] : 0;
    }
    return sum;
}

/* Returns how many. */
static unsigned turn(struct burst *b, const struct unsure *u, uint32_t set)
{
    for (unsigned k = 0; k < u->n; k++) {
        if (set >> k & 1) {
            b->byte[u->bit[k] / 8] ^= (uint8_t)(0x80u >> u->bit[k] % 8);
        }
    }
    return (unsigned)__builtin_popcount(set);
}

/* Sums of syndromes by their leading bit, and of which unsure bits each is. */
struct sums {
    uint32_t row[24], from[24];
};

/* Takes out of s what sums take out of it, as far as they go; *set: of which bits that was. Returns
   what is left, its leading bit that of no sum. */
static uint32_t reduce(const struct sums *sums, uint32_t s, uint32_t *set)
{
    while (s) {
        const unsigned lead = 31 - (unsigned)__builtin_clz(s);
        if (!sums->row[lead]) {
            break;
        }
        s ^= sums->row[lead];
        *set ^= sums->from[lead];
    }
    return s;
}

/* Which unsure bits together leave what is left: linear equations over bits, one unsure bit more at
   a time until there is an answer. 0: none. */
static uint32_t solve(const struct burst *b, const struct unsure *u, uint32_t left)
{
    struct sums sums = {0};
    uint32_t answer = 0;
    for (unsigned k = 0; k < u->n; k++) {
        uint32_t set = UINT32_C(1) << k;
        const uint32_t s = reduce(&sums, syndrome_of(b, u->bit[k]), &set);
        if (s) {
            const unsigned lead = 31 - (unsigned)__builtin_clz(s);
            sums.row[lead] = s;
            sums.from[lead] = set;
            left = reduce(&sums, left, &answer);
        }
        if (!left) {
            return answer;
        }
    }
    return 0;
}

static enum judgment repair_checked(struct judge *j, struct burst *b, uint32_t left,
                                    unsigned *turned)
{
    struct unsure u;
    find_unsure(b, REPAIR_BITS, &u);
    const uint32_t set = solve(b, &u, left);
    if (!set || sure_of(&u, set) > REPAIR_SURE) {
        return JUDGE_NO;
    }
    *turned = turn(b, &u, set);
    return heard_lately(&j->heard, address_of(b), j->now_s) ? JUDGE_REPAIRED : JUDGE_NO;
}

static enum judgment repair_overlaid(struct judge *j, struct burst *b, uint32_t left,
                                     unsigned *turned)
{
    struct unsure u;
    find_unsure(b, OVERLAID_BITS, &u);
    uint32_t best = 0, set = 0;
    float least = OVERLAID_SURE;
    uint32_t syndrome[OVERLAID_BITS];
    for (unsigned k = 0; k < u.n; k++) {
        syndrome[k] = syndrome_of(b, u.bit[k]);
    }
    for (uint32_t k = 1; k < UINT32_C(1) << u.n; k++) {
        const unsigned changed = (unsigned)__builtin_ctz(k); /* Gray code: one bit at a time */
        set ^= UINT32_C(1) << changed;
        left ^= syndrome[changed];
        if (heard_lately(&j->heard, left, j->now_s) && sure_of(&u, set) < least) {
            least = sure_of(&u, set);
            best = set;
        }
    }
    *turned = turn(b, &u, best);
    return best ? JUDGE_REPAIRED : JUDGE_NO;
}

enum judgment judge_repair(struct judge *j, struct burst *b, unsigned *turned)
{
    const unsigned df = format_of(b);
    const uint32_t left = parity_remainder(b->byte, b->bits / 8);
    if (squitters(df) || df == 11) {
        return repair_checked(j, b, left, turned);
    }
    return overlaid(df) ? repair_overlaid(j, b, left, turned) : JUDGE_NO;
}

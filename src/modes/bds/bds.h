/* What the registers' files share: each scores and reads one Comm-B register. Internal to modes/.

   A score is evidence in bits: log2 of how much more likely these 56 bits are when sent as this
   register than when they are noise. A field of n bits that must be zero and is gives n; a value
   that fits a window of 1/8 of its codes gives 3; a status bit that is usually set gives 1. Such
   scores add up, and they compare between registers. BDS_NO is a register these bits cannot be, or
   this aircraft cannot have sent.

   Every field is listed with its bits as in the standard's table (1 is the first of MB), so that
   scoring, reading and the encoder's inverse go by the same rows. */
#ifndef MASAR_MODES_BDS_BDS_H
#define MASAR_MODES_BDS_BDS_H

#include "base/bytes.h"
#include "modes/adsb.h"
#include "modes/decode.h"

#include <stddef.h>

enum { BDS_NO = -1000 };

/* Bits first..last as a mask. */
#define MB(first, last) (((UINT64_C(1) << ((last) - (first) + 1)) - 1) << (56 - (last)))

/* Values first..last of the first five bits, as a set; any of them; none: never named, see its
 * file. */
#define TYPES(first, last) (UINT32_MAX >> (31 - (last)) & UINT32_MAX << (first))
#define ANY                UINT32_MAX
#define NONE               0

/* What a score function may look at. */
struct bds_view {
    uint64_t mb;
    int32_t alt_ft; /* the reply's own altitude (DF20), else the last known; MODES_UNKNOWN */
    int32_t squawk; /* the reply's own (DF21), else the last known; MODES_UNKNOWN */
    const struct modes_known *known; /* never NULL */
};

/* A number with a status bit. Its value is raw * mul / 2^shift + offset in the field's unit. */
struct bds_number {
    uint64_t has;        /* its status bit, or every bit where it has none */
    uint8_t left, right; /* shifts that bring its bits to the low end, the sign spread */
    bool is_signed;      /* two's complement with the sign in the first bit */
    uint8_t field;       /* enum field, FIELD_COUNT: not reported */
    int8_t gain;         /* bits of evidence won by a usual value */
    int8_t absent;       /* bits of evidence won where it and its status are zero */
    uint8_t shift;
    int16_t mul;
    int32_t usual_lo, usual_hi; /* raw values met in service */
    int32_t lo, hi; /* raw values an aircraft can have at all: outside, the register is not this */
    int32_t offset;
    int32_t wrap; /* added to a negative value: 36000 makes -90.00 degrees 270.00 */
};

/* status: its bit, 0 for none; lost: how rare it is that the status is 0, in bits. */
#define BDS_NUMBER(sign, status, first, last, lost, usual_lo, usual_hi, gain, lo, hi, field, mul,  \
                   shift, offset, wrap)                                                            \
    {                                                                                              \
        (status) ? UINT64_C(1) << (56 - (status)) : UINT64_MAX, (first) + 7,                       \
            63 - ((last) - (first)), sign, field, gain, (last) - (first) + 2 - (lost), shift, mul, \
            usual_lo, usual_hi, lo, hi, offset, wrap                                               \
    }
#define BDS_UNSIGNED(...) BDS_NUMBER(false, __VA_ARGS__, 0)
#define BDS_SIGNED(...)   BDS_NUMBER(true, __VA_ARGS__, 0)
/* A direction, 11 bits of 90/512 degree: every value is as likely. */
#define BDS_ANGLE(status, first, last, lost, field)                                                \
    BDS_NUMBER(true, status, first, last, lost, -1024, 1023, 0, -1024, 1023, field, 9000, 9, 0,    \
               36000)

static inline int32_t bds_raw(uint64_t mb, const struct bds_number *n)
{
    return n->is_signed ? (int32_t)((int64_t)(mb << n->left) >> n->right)
                        : (int32_t)(mb << n->left >> n->right);
}

/* The sum over n numbers, BDS_NO if one cannot be. value gets each in its field's unit, rounded to
   the nearest (halves away from zero), MODES_UNKNOWN where its status is 0. */
int bds_numbers_score(uint64_t mb, const struct bds_number *row, size_t n, int32_t *value);

/* Adds those that are there to m; one outside its possible values is left out. */
void bds_numbers_add(struct message *m, const struct bds_number *row, size_t n);

/* Evidence of a difference d >= 0 of two values that should agree, taken as normally distributed
   with spread sigma: gain at none (log2 of the range over 2.5 sigma), 0.72 (d / sigma)^2 less at d,
   but no less than -gain, for tails are longer than that; beyond far: BDS_NO. */
static inline int bds_apart(int64_t d, int32_t sigma, int32_t far, int gain)
{
    if (d > far) {
        return BDS_NO;
    }
    if (d >= (int64_t)6 * sigma) {
        return -gain;
    }
    const int32_t eighths = (int32_t)(8 * d / sigma);
    const int loss = eighths * eighths * 23 / 2048;
    return loss > 2 * gain ? -gain : gain - loss;
}

static inline int64_t bds_distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* The same of two values; 0 where one is MODES_UNKNOWN. */
static inline int bds_agree(int32_t a, int32_t b, int32_t sigma, int32_t far, int gain)
{
    return a == MODES_UNKNOWN || b == MODES_UNKNOWN
               ? 0
               : bds_apart(bds_distance(a, b), sigma, far, gain);
}

/* The same for angles in 0.01 degree. */
int bds_agree_angle(int32_t a_e2, int32_t b_e2, int32_t sigma, int32_t far, int gain);

/* The same for a place, from where the aircraft was last: sigma and far in 10^-7 degree, gain for
   each coordinate. */
int bds_agree_place(const struct bds_view *v, int64_t lat_e7, int64_t lon_e7, int32_t sigma,
                    int32_t far, int gain);

/* Evidence of a value that stands for minutes and then jumps: won where it is within tolerance of
   the last one, next to nothing lost where it is not. */
int bds_same(int32_t a, int32_t b, int32_t tolerance, int won);

/* Sums evidence, BDS_NO being the end of it. */
static inline int bds_sum(int a, int b)
{
    return a <= BDS_NO || b <= BDS_NO ? BDS_NO : a + b;
}

/* n characters of 6 bits from bit first on (ICAO Annex 10 IV 3.1.2.9.1.2: A-Z, 0-9, space). Writes
   them to out, unless NULL. Returns the evidence of their form (letters and digits, then spaces),
   BDS_NO where one is no character. */
int bds_text(uint64_t mb, unsigned first, unsigned n, char *out);

/* Bits set in a report of capabilities, given the registers' bits that are usually set and those
   that sometimes are; a bit in neither is a lie or a rarity. */
int bds_capabilities(uint64_t bits, uint64_t usual, uint64_t some);

/* Reads a register that is a squitter's ME field as read sees it. The CPR half is left out: a reply
   proves neither whose it is nor how old the register was. */
void bds_squitter(struct message *m, void (*read)(struct message *, enum adsb_service));

/* How near the CPR half in bits 22..56 is to where the aircraft was last. */
int bds_near_cpr(const struct bds_view *v, bool is_surface);

#define BDS(code, name, gicb, prior, types, zero, gated)                                           \
    int bds##code##_score(const struct bds_view *v);                                               \
    void bds##code##_add(struct message *m);
#include "modes/bds/bds.def"

#endif

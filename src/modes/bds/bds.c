#include "modes/bds/bds.h"

#include "modes/decode.h"

#include <stdlib.h>

static int32_t value_of(int32_t raw, const struct bds_number *n)
{
    const int32_t size = abs(raw) * n->mul;
    const int32_t rounded = (size + ((1 << n->shift) >> 1)) >> n->shift;
    const int32_t value = (raw < 0 ? -rounded : rounded) + n->offset;
    return value < 0 ? value + n->wrap : value;
}

static bool possible(int32_t raw, const struct bds_number *n)
{
    return (raw >= n->lo) & (raw <= n->hi);
}

int bds_numbers_score(uint64_t mb, const struct bds_number *row, size_t n, int32_t *value)
{
    int sum = 0;
    bool is_wrong = false;
    /* Without branches: payloads of all kinds would make every one of them impossible to guess. */
    for (size_t i = 0; i < n; i++) {
        const struct bds_number *r = &row[i];
        const int32_t raw = bds_raw(mb, r);
        const bool has = mb & r->has;
        /* What is not valid is sent as zero. */
        is_wrong |= (has & !possible(raw, r)) | (!has & (raw != 0));
        /* Unusual values are rare, not impossible: they lose what usual ones win, and more. */
        const bool is_usual = (raw >= r->usual_lo) & (raw <= r->usual_hi);
        const int won = is_usual ? 1 + r->gain : -1 - r->gain;
        sum += has ? won : r->absent;
        const int32_t v = value_of(raw, r);
        value[i] = has ? v : MODES_UNKNOWN;
    }
    return is_wrong ? BDS_NO : sum;
}

void bds_numbers_add(struct message *m, const struct bds_number *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int32_t raw = bds_raw(m->payload, &row[i]);
        if (row[i].field < FIELD_COUNT && m->payload & row[i].has && possible(raw, &row[i])) {
            message_add(m, (enum field)row[i].field, value_of(raw, &row[i]));
        }
    }
}

int bds_agree_angle(int32_t a_e2, int32_t b_e2, int32_t sigma, int32_t far, int gain)
{
    if (a_e2 == MODES_UNKNOWN || b_e2 == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t d = bds_distance(a_e2, b_e2) % 36000;
    return bds_apart(d > 18000 ? 36000 - d : d, sigma, far, gain);
}

int bds_agree_place(const struct bds_view *v, int64_t lat_e7, int64_t lon_e7, int32_t sigma,
                    int32_t far, int gain)
{
    const int64_t around = 3600000000;
    if (v->known->lat_e7 == MODES_UNKNOWN || v->known->lon_e7 == MODES_UNKNOWN) {
        return 0;
    }
    const int64_t d = bds_distance(lon_e7, v->known->lon_e7) % around;
    return bds_sum(bds_apart(bds_distance(lat_e7, v->known->lat_e7), sigma, far, gain),
                   bds_apart(d > around / 2 ? around - d : d, sigma, far, gain));
}

int bds_same(int32_t a, int32_t b, int32_t tolerance, int won)
{
    if (a == MODES_UNKNOWN || b == MODES_UNKNOWN) {
        return 0;
    }
    return bds_distance(a, b) <= tolerance ? won : -1;
}

static char text_char(unsigned c)
{
    if (c >= 1 && c <= 26) {
        return (char)('A' + c - 1);
    }
    return c == 32 || (c >= 48 && c <= 57) ? (char)c : '\0';
}

int bds_text(uint64_t mb, unsigned first, unsigned n, char *out)
{
    int quarters = 0; /* a quarter of a bit: 37 of 64 codes are characters, 0.79 bits each */
    bool space = false;
    for (unsigned i = 0; i < n; i++) {
        const unsigned at = first + 6 * i;
        const char c = text_char(me_bits(mb, at, at + 5));
        if (!c) {
            return BDS_NO;
        }
        if (out) {
            out[i] = c;
        }
        if (c == ' ') {
            quarters += space ? 22 : 8; /* after one space the rest are spaces too */
            space = true;
        } else {
            quarters += space ? -20 : 3;
        }
    }
    return quarters / 4;
}

int bds_capabilities(uint64_t bits, uint64_t usual, uint64_t some)
{
    const int odd = __builtin_popcountll(bits & ~(usual | some));
    const int missing = __builtin_popcountll(usual & ~bits);
    /* A register that is never loaded has its bit at zero: nearly a whole bit of evidence each. */
    const int quiet = 56 - __builtin_popcountll(usual | some) - odd;
    return quiet + __builtin_popcountll(usual & bits) - 6 * odd - 3 * missing;
}

void bds_squitter(struct message *m, void (*read)(struct message *, enum adsb_service))
{
    m->tc = (uint8_t)me_bits(m->payload, 1, 5);
    read(m, ADSB_DIRECT);
    m->tc = 255; /* DF 20 and 21 have no type code */
    m->cpr.present = 0;
}

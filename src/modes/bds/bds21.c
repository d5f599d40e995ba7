/* BDS 2,1 aircraft and airline registration markings (ICAO Doc 9871, BDS code 2,1)

     1      status      2..43  aircraft registration, seven characters of 6 bits
    44      status     45..56  ICAO airline designator, two characters of 6 bits */
#include "modes/bds/bds.h"

static int part(uint64_t mb, unsigned status, unsigned first, unsigned n, int absent)
{
    if (!me_bit(mb, status)) {
        return me_bits(mb, first, first + 5) || (mb & MB(first, first + 6 * n - 1))
                   ? BDS_NO
                   : (int)(6 * n) + 1 - absent;
    }
    char text[7];
    const int form = bds_text(mb, first, n, text);
    return text[0] == ' ' ? BDS_NO : bds_sum(1, form);
}

int bds21_score(const struct bds_view *v)
{
    return bds_sum(part(v->mb, 1, 2, 7, 12), part(v->mb, 44, 45, 2, 2));
}

void bds21_add(struct message *m)
{
    (void)m; /* text beside the call sign has no place in a message */
}

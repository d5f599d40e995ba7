/* BDS 2,1 aircraft and airline registration markings (ICAO Doc 9871, BDS code 2,1)

     1      status      2..43  aircraft registration, seven characters of 6 bits
    44      status     45..56  ICAO airline designator, two characters of 6 bits */
#include "modes/bds/bds.h"

enum { LOST_REGISTRATION = 12, LOST_AIRLINE = 2 };

static int text_score(uint64_t mb, unsigned first, unsigned n, int lost)
{
    if (!me_bit(mb, first - 1)) {
        return (int)(6 * n) + 1 - lost;
    }
    char text[7];
    const int form = bds_text(mb, first, n, text);
    return form <= BDS_NO || text[0] == ' ' ? BDS_NO : 1 + form;
}

int bds21_score(const struct bds_view *v)
{
    return bds_sum(text_score(v->mb, 2, 7, LOST_REGISTRATION),
                   text_score(v->mb, 45, 2, LOST_AIRLINE));
}

void bds21_add(struct message *m)
{
    (void)m; /* text beside the call sign has no place in a message */
}

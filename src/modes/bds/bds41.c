/* BDS 4,1 next waypoint identifier (ICAO Doc 9871, BDS code 4,1)

     1      status      2..55  nine characters of 6 bits
    56      reserved */
#include "modes/bds/bds.h"

int bds41_score(const struct bds_view *v)
{
    char text[9];
    const int form = me_bit(v->mb, 1) ? bds_text(v->mb, 2, 9, text) : BDS_NO;
    return form <= BDS_NO || text[0] == ' ' ? BDS_NO : form + 1;
}

void bds41_add(struct message *m)
{
    (void)m; /* text beside the call sign has no place in a message */
}

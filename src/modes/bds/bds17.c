/* BDS 1,7 common usage GICB capability report (ICAO Doc 9871, BDS code 1,7): a bit is one where the
   register is loaded.

     1 0,5    2 0,6    3 0,7    4 0,8    5 0,9    6 0,A    7 2,0    8 2,1
     9 4,0   10 4,1   11 4,2   12 4,3   13 4,4   14 4,5   15 4,8   16 5,0
    17 5,1   18 5,2   19 5,3   20 5,4   21 5,5   22 5,6   23 5,F   24 6,0
    25..56 reserved */
#include "modes/bds/bds.h"

#define SQUITTER (MB(1, 2) | MB(4, 5)) /* loaded together */
#define ENHANCED (MB(9, 9) | MB(16, 16) | MB(24, 24))

static int together(uint64_t mb, uint64_t group)
{
    const uint64_t set = mb & group;
    if (set == group || !set) {
        return __builtin_popcountll(group) - 1;
    }
    return -2;
}

int bds17_score(const struct bds_view *v)
{
    if (!(v->mb & MB(7, 7))) {
        return BDS_NO; /* every Mode S transponder of today loads BDS 2,0 */
    }
    /* 4,1..4,3, 4,8 and 5,3..5,6 are hardly ever loaded, 0,7 and 0,A with the squitter. */
    const int rare = __builtin_popcountll(v->mb & (MB(10, 15) | MB(19, 22)));
    return 4 + 4 - 3 * rare + together(v->mb, SQUITTER) + together(v->mb, ENHANCED) +
           (v->known->gicb == (int32_t)me_bits(v->mb, 1, 24) ? 12 : 0);
}

void bds17_add(struct message *m)
{
    message_add(m, FIELD_GICB, (int32_t)me_bits(m->payload, 1, 24));
}

/* BDS 0,8 extended squitter identification and category (ICAO Doc 9871, BDS code 0,8)

     1..5   type code 1..4      6..8  emitter category
     9..56  eight characters of 6 bits */
#include "modes/adsb.h"
#include "modes/bds/bds.h"

#include <string.h>

enum { TYPE_FIRST = 1, TYPE_LAST = 4 };

int bds08_score(const struct bds_view *v)
{
    const uint32_t type = me_bits(v->mb, 1, 5);
    if (type < TYPE_FIRST || type > TYPE_LAST) {
        return BDS_NO;
    }
    if (type == TYPE_LAST && !me_bits(v->mb, 6, 8)) {
        return BDS_NO; /* 0x20: bit for bit a BDS 2,0, and it says the same */
    }
    char flight[8];
    const int form = bds_text(v->mb, 9, 8, flight);
    if (form <= BDS_NO || !v->known->flight[0]) {
        return bds_sum(form, type == TYPE_LAST ? 5 : 2);
    }
    return form + (memcmp(flight, v->known->flight, 8) == 0 ? 30 : -2);
}

static void identification(struct message *m, enum adsb_service service)
{
    (void)service;
    adsb_identification(m);
}

void bds08_add(struct message *m)
{
    bds_squitter(m, identification);
}

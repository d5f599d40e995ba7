#include "app/airframe.h"

#include "identity/aircraft.h"
#include "identity/identity.h"
#include "identity/type.h"

#include <string.h>

static struct movement_type type_of(const struct identity *who)
{
    const struct aircraft_type *t = who->kind;
    return (struct movement_type){.cruise_kt = t->cruise_kt,
                                  .climb_fpm = t->climb_fpm,
                                  .range_nm = t->range_nm,
                                  .endurance_min = (uint16_t)(t->endurance_h * 60),
                                  .runway_ft = t->runway_ft,
                                  .ground_min = who->lift ? who->lift->ground_min / 2 : 0,
                                  .helicopter =
                                      t->kind == KIND_HELICOPTER || t->class_code[0] == 'H',
                                  .seaplane = t->class_code[0] == 'S'};
}

bool airframe_look(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out)
{
    struct identity who;
    const int64_t day_ms = 86400000;
    identity_look(ctx, address, NULL, (int32_t)(t_ms / day_ms), &who);
    *out = (struct movement_airframe){.state = (who.flags & AIRCRAFT_MILITARY) != 0};
    if (who.kind) {
        out->type = type_of(&who);
        memcpy(out->designator, who.kind->designator, sizeof out->designator);
    }
    return who.kind || out->state;
}

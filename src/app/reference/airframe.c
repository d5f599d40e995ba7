#include "app/reference/airframe.h"

#include "app/reference/reference.h"

#include <string.h>

/* Shortest stop worth the name: a sixth of what the lift table gives for a full load, at most
   20 minutes; without a lift row 5 minutes of a small aircraft, 15 of a large one. */
static uint16_t ground_min(const struct identity *i)
{
    if (i->lift && i->lift->ground_min) {
        return (uint16_t)(i->lift->ground_min / 6 > 20 ? 20 : i->lift->ground_min / 6);
    }
    return i->kind && (i->kind->kind == KIND_GENERAL || i->kind->kind == KIND_HELICOPTER) ? 5 : 15;
}

bool airframe_of(void *ctx, uint32_t address, int64_t t_ms, struct movement_airframe *out)
{
    struct identity i;
    *out = (struct movement_airframe){.designator = ""};
    identity_look(reference_book(ctx), address, NULL, (int32_t)(t_ms / INT64_C(86400000)), &i);
    out->state = i.military != 0;
    if (strlen(i.type) < sizeof out->designator) {
        memcpy(out->designator, i.type, strlen(i.type) + 1);
    }
    if (i.kind) {
        out->type = (struct movement_type){
            .cruise_kt = i.kind->cruise_kt,
            .climb_fpm = i.kind->climb_fpm,
            .range_nm = i.kind->range_nm,
            .endurance_min = (uint16_t)(i.kind->endurance_h * 60),
            .runway_ft = i.kind->runway_ft,
            .ground_min = ground_min(&i),
            .helicopter = i.kind->class_code[0] == 'H' || i.kind->class_code[0] == 'G',
            .seaplane = i.kind->class_code[0] == 'S' || i.kind->class_code[0] == 'A',
            .carries = i.kind->kind == KIND_AIRLINER || i.kind->kind == KIND_REGIONAL ||
                       i.kind->kind == KIND_AIRLIFT_HEAVY || i.kind->kind == KIND_AIRLIFT_MEDIUM};
    }
    return i.listed || out->state;
}

int airframe_is_tanker(void *ctx, uint32_t address, int64_t t_ms)
{
    struct identity i;
    identity_look(reference_book(ctx), address, NULL, (int32_t)(t_ms / INT64_C(86400000)), &i);
    return i.kind ? i.kind->kind == KIND_TANKER : -1;
}

/* BDS 4,0 selected vertical intention (ICAO Doc 9871, BDS code 4,0)

     1      status                 2..13  MCP/FCU selected altitude   16 ft, 0 .. 65,520
    14      status                15..26  FMS selected altitude       16 ft, 0 .. 65,520
    27      status                28..39  barometric setting minus 800 hPa   0.1 hPa, 0 .. 410
    40..47  reserved
    48      status                49 VNAV   50 altitude hold   51 approach
    52..53  reserved
    54      status                55..56  target altitude from: unknown, aircraft, MCP/FCU, FMS */
#include "modes/bds/bds.h"

enum { MCP, FMS, QNH, NUMBERS };

/* status, bits; lost if absent; usual values and what they win; possible values; field, mul, shift,
   offset */
static const struct bds_number number[NUMBERS] = {
    [MCP] = BDS_UNSIGNED(1, 2, 13, 3, 0, 2820, 0, 0, 3800, FIELD_NAV_ALT_MCP, 16, 0, 0),
    [FMS] = BDS_UNSIGNED(14, 15, 26, 2, 0, 2820, 0, 0, 3800, FIELD_NAV_ALT_FMS, 16, 0, 0),
    [QNH] = BDS_UNSIGNED(27, 28, 39, 2, 1500, 2500, 2, 700, 3200, FIELD_NAV_QNH, 1, 0, 8000),
};

/* Pilots select whole hundreds of feet: within the 16 ft of the code that is 1 value in 6. */
static int hundreds(int32_t ft)
{
    if (ft == MODES_UNKNOWN) {
        return 0;
    }
    const int32_t over = ft % 100;
    return over <= 12 || over >= 88 ? 2 : -1;
}

int bds40_score(const struct bds_view *v)
{
    int32_t value[NUMBERS];
    int sum = bds_numbers_score(v->mb, number, NUMBERS, value);
    if (sum <= BDS_NO) {
        return BDS_NO;
    }
    sum += (me_bit(v->mb, 48) ? 0 : 2) + (me_bit(v->mb, 54) ? 0 : 1);
    const int32_t mcp = value[MCP], fms = value[FMS];
    sum += hundreds(mcp) + hundreds(fms);
    sum += bds_same(mcp, v->known->nav_altitude_mcp_ft, 16, 8);
    sum += bds_same(fms, v->known->nav_altitude_fms_ft, 16, 8);
    return sum + bds_same(value[QNH], v->known->nav_qnh_e1_hpa, 8, 5);
}

void bds40_add(struct message *m)
{
    bds_numbers_add(m, number, NUMBERS);
    if (me_bit(m->payload, 48)) {
        message_add(m, FIELD_NAV_MODES,
                    (me_bit(m->payload, 49) ? NAV_VNAV : 0) |
                        (me_bit(m->payload, 50) ? NAV_ALTHOLD : 0) |
                        (me_bit(m->payload, 51) ? NAV_APPROACH : 0));
    }
}

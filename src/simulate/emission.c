#include "simulate/emission.h"

#include <math.h>

static void position(const struct state_flight *f, int64_t t_us, uint64_t slot, struct state *s,
                     struct frame *out)
{
    (void)f;
    (void)t_us;
    encode_position(&s->said, slot & 1, out);
}

static void comm_b(const struct state_flight *f, int64_t t_us, uint64_t slot, struct state *s,
                   struct frame *out)
{
    static const uint8_t registers[] = {0x40, 0x50, 0x60};
    state_add_air_data(f, t_us, s);
    encode_comm_b(&s->said, slot & 1 ? 21 : 20, registers[slot % 3], out);
}

/* The rest need nothing but the state. */
#define PLAIN(name, call)                                                                          \
    static void name(const struct state_flight *f, int64_t t_us, uint64_t slot, struct state *s,   \
                     struct frame *out)                                                            \
    {                                                                                              \
        (void)f;                                                                                   \
        (void)t_us;                                                                                \
        (void)slot;                                                                                \
        call;                                                                                      \
    }
PLAIN(velocity, encode_velocity(&s->said, out))
PLAIN(identification, encode_identification(&s->said, out))
PLAIN(operational, encode_operational(&s->said, out))
PLAIN(target_state, encode_target_state(&s->said, out))
PLAIN(status, encode_status(&s->said, out))
PLAIN(all_call, encode_all_call(&s->said, out))
PLAIN(altitude, encode_short_surveillance(&s->said, 4, out))
PLAIN(identity, encode_short_surveillance(&s->said, 5, out))
#undef PLAIN

/* Rates of DO-260B 2.2.3.3 and Annex 10 IV 3.1.2.8.5; replies as one or two radars would ask. */
const struct emission emission_row[] = {
    {"position", 500, 1, 1, 10, EMISSION_ADSB | EMISSION_POSITION, 0.2, position},
    {"velocity", 500, 1, 0, 0, EMISSION_ADSB, 0.2, velocity},
    {"identification", 5000, 1, 1, 2, EMISSION_ADSB, 0.04, identification},
    {"operational", 2500, 1, 1, 2, EMISSION_ADSB, 0.08, operational},
    {"target_state", 1250, 1, 0, 0, EMISSION_ADSB, 0.08, target_state},
    {"status", 5000, 1, 1, 1, EMISSION_ADSB, 0.04, status},
    {"all_call", 1000, 1, 1, 1, 0, 0.2, all_call},
    {"altitude", 5000, 1, 0, 0, EMISSION_RADAR, 0.02, altitude},
    {"identity", 12000, 1, 0, 0, EMISSION_RADAR, 0.02, identity},
    {"comm_b", 4000, 1, 0, 0, EMISSION_RADAR | EMISSION_REGISTERS, 0.02, comm_b},
};
_Static_assert(sizeof emission_row / sizeof *emission_row <= EMISSION_ROWS_MAX, "rows");
const size_t emission_rows = sizeof emission_row / sizeof *emission_row;

static unsigned step_in(const struct emission *e, enum phase_kind phase)
{
    switch (phase) {
    case PHASE_PARKED:
    case PHASE_LINE_UP:
    case PHASE_ARRIVED:
        return e->parked;
    case PHASE_TAXI_OUT:
    case PHASE_ROLL:
    case PHASE_ROLL_OUT:
    case PHASE_TAXI_IN:
        return e->taxi;
    default:
        return e->air;
    }
}

unsigned emission_step(const struct emission *e, enum phase_kind phase, double rate)
{
    const unsigned step = step_in(e, phase);
    return step <= 1 ? step : (unsigned)ceil(step * rate);
}

/* What few points tell: speed and direction that are not whole knots east and north, air data. The
   same code writes and reads. */
#include "store/course_code.h"

void course_polar(struct course *c, bool reading, unsigned mask, struct kept *k)
{
    const int32_t qg = c->plan.quantum[QUANTUM_GS], qt = c->plan.quantum[QUANTUM_TRACK];
    if (mask & HAS_GS) {
        c->gs = code_change(c, reading, WAY, COLUMN_GS, c->gs, reading ? 0 : k->gs_e2_kt / qg);
        k->gs_e2_kt = times(c->gs, qg);
    }
    if (mask & HAS_TRACK) {
        /* The short way around, where the turn is a whole number of quanta. */
        const int32_t turn = 36000 % qt ? 0 : 36000 / qt;
        int32_t v = reading ? 0 : k->track_e2_deg / qt;
        const int32_t gone = minus(v, c->track);
        v += reading || turn == 0 ? 0 : gone > turn / 2 ? -turn : gone < -turn / 2 ? turn : 0;
        v = code_change(c, reading, WAY, COLUMN_TRACK, c->track, v);
        c->track = turn && v < 0 ? plus(v, turn) : turn && v >= turn ? minus(v, turn) : v;
        k->track_e2_deg = times(c->track, qt);
    }
    if ((mask & HAS_GS) && (mask & HAS_TRACK)) {
        c->now = motion_of(k->gs_e2_kt, k->track_e2_deg);
        c->whole_kt[0] = nearest(c->now.east_kt);
        c->whole_kt[1] = nearest(c->now.north_kt);
    }
}

/* Which of those known differ from when they were last known, less, of the heading, the change of
   track; then by how much. */
void course_air(struct course *c, bool reading, unsigned mask, int32_t track_was, struct kept *k)
{
    const int32_t *q = c->plan.air_quantum;
    int32_t v[AIRS] = {0};
    unsigned changed = 0;
    for (unsigned a = 0; a < AIRS && !reading; a++) {
        if (mask >> a & 1) {
            v[a] = point_air_steps(point_air_get(k, a), q[a]);
            changed |= (unsigned)(v[a] != c->air[a]) << a;
        }
    }
    changed = code_symbol(c, reading, REST, CODE_AIR + c->air_changed, changed);
    c->air_changed = changed;
    const bool turns = k->track_e2_deg != KEPT_NONE && track_was != KEPT_NONE;
    for (unsigned a = 0; a < AIRS; a++) {
        if (changed >> a & 1) {
            const int32_t turn =
                a == AIR_HEADING && turns && c->index > 0
                    ? point_air_steps(minus(k->track_e2_deg, track_was) % 36000, q[a])
                    : 0;
            c->air[a] = code_change(c, reading, REST, COLUMN_AIR + a, plus(c->air[a], turn), v[a]);
        }
        if (mask >> a & 1) {
            point_air_set(k, a, point_air_value(c->air[a], q[a]));
        }
    }
}

/* Expected flights: planned movements, and what a desk says when they do not come. An aid for a
   desk, never an alerting service: the phases carry the names of ICAO Annex 11, 5.2.1, and the
   times below; nobody but an air traffic services unit declares them.

   - late: not heard nor reported 30 min after it should have left, or not landed 15 min after it
     should have, or it cannot be there in that time any more from where it is;
   - missing: not heard nor reported at all 30 min after it should have landed;
   - overdue: INCERFA 30 min after the later of its time of arrival and when it was heard last, or
     after a position report that was due; ALERFA another 30 min later; DETRESFA when its fuel is
     used up, or 2 h after INCERFA began where that is not known.

   The probability of an alert is that it has not come. Of flights of which nothing else was heard
   few are late (one in twenty is taken to be) and fewer never come (one in fifty): silence alone,
   even on a way on which it would have been heard, makes that 0.5 and 0.3 at most. Sure is that it
   is late where it was heard when and where it cannot have come in time any more. Less sure than
   the rule asks (0.7), it is a note: it may well have landed unheard.

   Heard is heard by any receiver, by a posted report (a satellite tracker), or reported by hand. */
#ifndef MASAR_WATCH_EXPECTED_H
#define MASAR_WATCH_EXPECTED_H

#include "watch/watch.h"

enum watch_phase {
    WATCH_PHASE_PLANNED,
    WATCH_PHASE_LATE_OFF,
    WATCH_PHASE_MISSING,
    WATCH_PHASE_LATE_ON,
    WATCH_PHASE_INCERFA,
    WATCH_PHASE_ALERFA,
    WATCH_PHASE_DETRESFA,
    WATCH_PHASE_ARRIVED,
    WATCH_PHASE_ELSEWHERE,
    WATCH_PHASES
};

/* "planned", "late_off" ... */
const char *watch_phase_name(enum watch_phase p);

struct watch_expected {
    int64_t id;
    char callsign[9];                 /* without spaces; "" */
    uint32_t address;                 /* ADDRESS_NONE: by its call sign alone */
    char origin[12], destination[12]; /* codes of sites; origin may be "" */
    int64_t off_ms, on_ms;            /* planned */
    int64_t fuel_ms;                  /* used up then; KEPT_NO_TIME not known */
    int64_t report_ms;                /* a position report is due so often; 0: none is */
    int64_t reported_ms;              /* the last by hand; KEPT_NO_TIME */
};

/* Adds it or puts it in the place of that with its id. ERR_MEMORY. */
enum err watch_expect(struct watch_set *s, const struct watch_expected *e);
void watch_expect_drop(struct watch_set *s, int64_t id);

typedef void watch_phase_fn(void *ctx, const struct watch_expected *e, enum watch_phase p,
                            int64_t heard_ms);
void watch_phases(const struct watch_set *s, watch_phase_fn *out, void *ctx);

/* A file of them: CSV with a header line naming callsign, hex, from, to, off, on and, if there are
   any, fuel and report_min; times as 2024-06-07T08:30Z. The bytes are rewritten as they are read.
   Ids count from first_id. False: why says which line is wrong, and what was expected. */
typedef bool watch_expected_fn(void *ctx, const struct watch_expected *e);
bool watch_expected_read(char *text, size_t n, const struct airports *airports, int64_t first_id,
                         watch_expected_fn *out, void *ctx, char *why, size_t why_size);

#endif

/* The tracker's clock: the latest time any message has borne. Messages somewhat behind it are
   normal (several receivers, delays). When nothing but late ones come, and their own time goes on
   meanwhile, then it is the clock that is wrong: a recording was started again, or one message bore
   a time from the future. The clock goes back and a new era begins: what aircraft said in the old
   one is from a future that is not, and each starts afresh when next heard (track_restart). */
#include "track/internal.h"

static const int64_t LATE_US = 30 * INT64_C(1000000);
static const int64_t LATE_SPAN_US = 10 * INT64_C(1000000);

enum { LATE_MESSAGES = 64 };

void era_hear(struct tracker *t, int64_t t_us)
{
    if (t_us >= t->clock_us) {
        t->clock_us = t_us;
        t->late = 0;
        return;
    }
    if (t->clock_us - t_us <= LATE_US) {
        t->late = 0;
        return;
    }
    if (t->late++ == 0 || t_us < t->late_us) {
        t->late_us = t_us;
    }
    if (t->late >= LATE_MESSAGES && t_us - t->late_us >= LATE_SPAN_US) {
        t->clock_us = t_us;
        t->era_us = t_us;
        t->era++;
        t->late = 0;
    }
}

/* What the detector of movements sees beside the points: airports, airframes, routes, and how well
   places were heard until two days before, from the store's memory of coverage. One thread changes
   it, between days; what heard() and airframe() ask may be read by several. */
#ifndef MASAR_APP_LEDGER_WORLD_H
#define MASAR_APP_LEDGER_WORLD_H

#include "app/reference/reference.h"
#include "ledger/answer.h"
#include "ledger/together.h"
#include "movement/movement.h"
#include "store/store.h"

struct ledger_world; /* opaque */

/* Where what it needs lies. */
struct ledger_sources {
    const char *data;   /* as for reference_dir */
    const char *routes; /* a file of routes; NULL: routes.csv or routes.csv.gz of the data folder,
                           where there is one */
};

/* NULL: there are no airports, routes that cannot be read, or no memory; why says so. */
struct ledger_world *ledger_world_open(const struct ledger_sources *from, char *why,
                                       size_t why_size);
void ledger_world_close(struct ledger_world *w); /* NULL is fine */

void ledger_world_views(struct ledger_world *w, struct movement_views *out);
struct together_options ledger_world_together(struct ledger_world *w);

/* From now on it is this day: takes in what the store knows of coverage of the days up to two
   before. s: a handle, of which the memory of coverage is up to date. */
enum err ledger_world_day(struct ledger_world *w, struct store *s, int32_t day);

const struct airports *ledger_world_airports(const struct ledger_world *w);
const struct identity_book *ledger_world_book(const struct ledger_world *w);
const struct airspace *ledger_world_airspace(const struct ledger_world *w);
const struct area_lands *ledger_world_lands(const struct ledger_world *w);
struct ledger_views ledger_world_answering(const struct ledger_world *w);

#endif

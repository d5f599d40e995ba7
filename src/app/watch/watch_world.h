/* What watches see beside positions and claims: who aircraft are, lists of one's own, airports, how
   well places are heard; and what the names in a rule mean. One thread at a time. */
#ifndef MASAR_APP_WATCH_WORLD_H
#define MASAR_APP_WATCH_WORLD_H

#include "app/ledger/ledger_world.h"
#include "deliver/book.h"
#include "watch/watch.h"

struct watch_world; /* opaque */

/* data: as for reference_dir; book: areas and lists are read from it now (NULL: none). NULL: no
   airports, or no memory; why says so. */
struct watch_world *watch_world_open(const char *data, struct book *book, char *why,
                                     size_t why_size);
/* The same over a world that is there (borrowed), which does not move on: for reading rules. */
struct watch_world *watch_world_over(struct ledger_world *world, struct book *book);
void watch_world_close(struct watch_world *w); /* NULL is fine */

/* Clearances of the operations kept in this store's folder are seen too. ERR_MEMORY. */
enum err watch_world_operations(struct watch_world *w, const char *dir);

/* Areas and lists anew. */
enum err watch_world_read(struct watch_world *w, struct book *book);

void watch_world_views(struct watch_world *w, struct watch_views *out);
struct watch_names watch_world_names(struct watch_world *w);
const struct airports *watch_world_airports(const struct watch_world *w);

/* From now on it is this day: what the store knows of coverage is taken in (ledger_world.h). */
enum err watch_world_day(struct watch_world *w, struct store *s, int32_t day);

/* Where the wrong place is in a rule, for people: characters from 0, the others from 1. */
struct watch_place {
    size_t characters, line, column;
};
struct watch_place watch_wrong_place(const char *rule, const struct watch_wrong *wrong);

/* A sentence's end that says where the wrong place is in a rule: "line 1, column 12: ...". */
void watch_wrong_text(const char *rule, const struct watch_wrong *wrong, char *out, size_t size);

#endif

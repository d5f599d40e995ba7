/* The options `masar find` and `masar export` share: a question to history on the command line. */
#ifndef MASAR_APP_INQUIRE_H
#define MASAR_APP_INQUIRE_H

#include "app/reference/reference.h"
#include "history/question.h"
#include "store/store.h"

#include <argp.h>

struct inquire {
    struct question question;
    const char *store;
    struct reference *reference; /* whose land is whose */
    struct area_lands lands;
};

/* a stays where it is. */
void inquire_start(struct inquire *a);
void inquire_free(struct inquire *a);

/* Keys of the options. */
enum {
    INQUIRE_STORE = 1024,
    INQUIRE_HEX,
    INQUIRE_AIRCRAFT,
    INQUIRE_CALLSIGN,
    INQUIRE_AREA,
    INQUIRE_FROM,
    INQUIRE_TO,
    INQUIRE_ALT,
    INQUIRE_GAP,
    INQUIRE_LIMIT,
    INQUIRE_AT,
    INQUIRE_AGE,
    INQUIRE_THEN,
    INQUIRE_WITHIN,
    INQUIRE_POINTS,
    INQUIRE_AFTER,
    INQUIRE_FORMAT
};

#define INQUIRE_OPTIONS                                                                            \
    {"store", INQUIRE_STORE, "DIR", 0, "the history to ask", 0},                                   \
        {"hex", INQUIRE_HEX, "HEX", 0, "one aircraft's address, say 3c6444", 0},                   \
        {"callsign", INQUIRE_CALLSIGN, "C", 0, "flights under this call sign", 0},                 \
        {"area",                                                                                   \
         INQUIRE_AREA,                                                                             \
         "AREA",                                                                                   \
         0,                                                                                        \
         "box=S,W,N,E, circle=LAT,LON,RADIUS (30km, 20NM), polygon=LAT,LON,…, country=NE or a "  \
         "file of GeoJSON",                                                                        \
         0},                                                                                       \
        {"from", INQUIRE_FROM, "T", 0, "from this time (2024-06-07T08:30:00Z or 2024-06-07)", 0},  \
        {"to", INQUIRE_TO, "T", 0, "to before this time", 0},                                      \
        {"alt", INQUIRE_ALT, "LO-HI", 0, "altitudes in feet; LO- for all above", 0},               \
        {"limit", INQUIRE_LIMIT, "N", 0, "no more than so many", 0},                               \
    {                                                                                              \
        "after", INQUIRE_AFTER, "CURSOR", 0, "go on where an answer was cut", 0                    \
    }

/* Takes one of these options, reading an area's file; ends the program with a sentence where it is
   wrong. False: it is none of them. */
bool inquire_take(struct inquire *a, int key, const char *arg, struct argp_state *state);

/* After all options: ends the program where they do not go together, or no store is named. */
void inquire_end(struct inquire *a, struct argp_state *state);

/* The store, opened for reading; NULL after a sentence on standard error. */
struct store *inquire_open(const struct inquire *a, const char *command);

/* Says on standard error what an answer lacks. Returns the exit status. */
int inquire_report(const char *command, size_t torn, const char *next);

#endif

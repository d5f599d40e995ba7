/* The options `masar find` and `masar export` share: a question to history on the command line. */
#ifndef MASAR_APP_ASK_H
#define MASAR_APP_ASK_H

#include "history/question.h"
#include "store/store.h"

#include <argp.h>

struct ask {
    struct question question;
    const char *store;
};

/* Options to be listed before a command's own; keys from ASK_FIRST to ASK_LAST. */
enum {
    ASK_STORE = 1024,
    ASK_HEX,
    ASK_AIRCRAFT,
    ASK_CALLSIGN,
    ASK_AREA,
    ASK_FROM,
    ASK_TO,
    ASK_ALT,
    ASK_GAP,
    ASK_LIMIT,
    ASK_AT,
    ASK_AGE,
    ASK_THEN,
    ASK_WITHIN,
    ASK_POINTS,
    ASK_AFTER,
    ASK_FORMAT
};

#define ASK_OPTIONS                                                                                \
    {"store", ASK_STORE, "DIR", 0, "the history to ask", 0},                                       \
        {"hex", ASK_HEX, "HEX", 0, "one aircraft's address, say 3c6444", 0},                       \
        {"callsign", ASK_CALLSIGN, "C", 0, "flights under this call sign", 0},                     \
        {"area",                                                                                   \
         ASK_AREA,                                                                                 \
         "AREA",                                                                                   \
         0,                                                                                        \
         "box=S,W,N,E, circle=LAT,LON,RADIUS (30km, 20NM), polygon=LAT,LON,… or a file of "      \
         "GeoJSON",                                                                                \
         0},                                                                                       \
        {"from", ASK_FROM, "T", 0, "from this time (2024-06-07T08:30:00Z or 2024-06-07)", 0},      \
        {"to", ASK_TO, "T", 0, "to before this time", 0},                                          \
        {"alt", ASK_ALT, "LO-HI", 0, "altitudes in feet; LO- for all above", 0},                   \
    {                                                                                              \
        "limit", ASK_LIMIT, "N", 0, "no more than so many", 0                                      \
    }

/* Takes one of these options, reading an area's file; ends the program with a sentence where it is
   wrong. False: it is none of them. */
bool ask_take(struct ask *a, int key, const char *arg, struct argp_state *state);

/* After all options: ends the program where they do not go together, or no store is named. */
void ask_end(struct ask *a, struct argp_state *state);

/* The store, opened for reading; NULL after a sentence on standard error. */
struct store *ask_open(const struct ask *a, const char *command);

/* Says on standard error what an answer lacks. Returns the exit status. */
int ask_report(const char *command, size_t torn, const char *next);

#endif

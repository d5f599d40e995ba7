/* The reference files of this machine (airports; docs/IDENTITY.md names them all): where they are,
   and views over them. The user's own, made by `masar data`, come before those masar was built
   with. One thread opens and closes; the views may be read by any. */
#ifndef MASAR_APP_REFERENCE_H
#define MASAR_APP_REFERENCE_H

#include "identity/airport.h"
#include "identity/airspace.h"
#include "identity/identity.h"
#include "wire/area_read.h"

/* The folder `masar data` keeps its files in: dir if not NULL, else $MASAR_DATA, else
   $XDG_DATA_HOME/masar, else ~/.local/share/masar. False: there is no home. */
bool reference_dir(const char *dir, char *out, size_t size);

/* A file of the data folder, or the one masar was built with: beside an installed program in
   ../share/masar, beside a built one in ../reference. False: neither is there. */
bool reference_find(const char *dir, const char *name, char *out, size_t size);

#define REFERENCE_AIRPORTS "airports.masar"

struct reference; /* opaque */

/* Never NULL but for want of memory. dir: as for reference_dir. */
struct reference *reference_open(const char *dir);
void reference_close(struct reference *r); /* its views are gone; NULL is fine */

/* Borrowed; NULL if there are none, and then reference_why says so in a sentence. Opened at the
   first call, in about 2 ms. */
const struct airports *reference_airports(struct reference *r);
const char *reference_why(const struct reference *r);

#define REFERENCE_LAND "countries.masar"

/* Whose airspace a place is in. Borrowed; NULL if the file is not there. Opened at the first call.
 */
const struct airspace *reference_airspace(struct reference *r);

/* For area=country=NE; r: borrowed. */
struct area_lands reference_lands(struct reference *r);

#define REFERENCE_LIST_PREFIX                                                                      \
    "aircraft-"                         /* aircraft-tar1090.masar: a compact list of one source    \
                                         */
#define REFERENCE_OWN       "own.csv"   /* the user's own edits, before all others */
#define REFERENCE_TYPES     "types.csv" /* rows over the built-in types, and lifts */
#define REFERENCE_LIFTS     "lift.csv"
#define REFERENCE_OPERATORS "operators.csv"
#define REFERENCE_MILITARY  "military.csv" /* ranges of addresses over the built-in ones */

/* Every list of aircraft of the data folder, the user's own first, then the newest; types and
   operators. Borrowed; never NULL: what cannot be read is left out, and reference_why says what.
   Opened at the first call. */
const struct identity_book *reference_book(struct reference *r);

/* Whether a file of the book has changed since it was opened; then reference_reload opens the new
   ones and drops the old: everything borrowed from the book is gone. Looks at the disk: seldom. */
bool reference_changed(const struct reference *r);
void reference_reload(struct reference *r);

#endif

/* The reference files of this machine (airports; docs/IDENTITY.md names them all): where they are,
   and views over them. The user's own, made by `masar data`, come before those masar was built
   with. One thread opens and closes; the views may be read by any. */
#ifndef MASAR_APP_REFERENCE_H
#define MASAR_APP_REFERENCE_H

#include "identity/airport.h"

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

#endif

/* Names for what answers refuse: the sentence is for people who read English, its name and what
   varies in it for a page in any language. The table is fault.def. No memory of its own; any
   thread. */
#ifndef MASAR_SERVE_FAULT_H
#define MASAR_SERVE_FAULT_H

#include "base/buf.h"

#include <stddef.h>

enum { FAULT_SAID_MAX = 6 };

/* Pieces of the sentence that was given to fault_find. */
struct fault {
    const char *name; /* a row's, else one for the HTTP status */
    const char *field;
    size_t field_n;        /* bytes of field; 0: it is about none */
    unsigned line, column; /* in the field's text, from 1; 0: it names no place */
    struct fault_said {
        const char *p;
        size_t n;
    } said[FAULT_SAID_MAX]; /* what stood for each '*' */
    size_t n;
};

/* status: of the answer, which names what no row does. */
struct fault fault_find(const char *sentence, int status);

/* ,"code":…,"field":…,"line":…,"column":…,"said":[…] : all but code only where there are any. */
void fault_json(const struct fault *f, struct buf *out);

#endif

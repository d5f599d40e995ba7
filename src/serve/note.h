/* The last remark somebody made of an aircraft with a position report. Bounded: the oldest go
   first. One thread. */
#ifndef MASAR_SERVE_NOTE_H
#define MASAR_SERVE_NOTE_H

#include <stdint.h>

enum { NOTES_MAX = 1024 };

struct note {
    uint32_t address;
    int64_t t_us; /* of the report it came with */
    char *text, *who;
};

/* Zeroed is empty. */
struct notes {
    struct note row[NOTES_MAX];
    unsigned n, next; /* rows in use, and the one to use next */
};

/* An empty text keeps what is there. Out of memory: it is not kept. */
void notes_keep(struct notes *n, uint32_t address, int64_t t_us, const char *who, const char *text);
const struct note *notes_find(const struct notes *n, uint32_t address); /* NULL: none */
void notes_free(struct notes *n);

#endif

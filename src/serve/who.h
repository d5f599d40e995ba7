/* Who the aircraft of a picture are, asked for once: again when the call sign is another, or what
   is known of aircraft has changed. By slot of the picture. One thread. */
#ifndef MASAR_SERVE_WHO_H
#define MASAR_SERVE_WHO_H

#include "serve/serve.h"
#include "wire/picture.h"

struct who_row {
    uint32_t address;
    unsigned edition; /* of what is known; 0: never asked */
    char flight[8];
    struct picture_who who;
};

struct who {
    const struct serve_options *o; /* NULL: nobody knows */
    struct who_row *row;
    uint32_t n;
};

void who_free(struct who *w); /* zeroed is fine */

/* Sets it->who, as of a time; nothing is known where memory runs out. */
void who_fill(struct who *w, uint32_t slot, int64_t t_ms, struct picture_item *it);

#endif

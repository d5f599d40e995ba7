/* What the files of this room share. */
#ifndef MASAR_HISTORY_INTERNAL_H
#define MASAR_HISTORY_INTERNAL_H

#include "history/inquiry.h"
#include "store/visit.h"

enum { NAME_MAX_BYTES = 201 };

/* Names of receivers, looked up when they first occur. */
struct names {
    struct store *s; /* during a step */
    size_t n, max;
    struct name {
        uint16_t number;
        char text[NAME_MAX_BYTES];
    } * row;
};
const char *names_get(void *names, uint16_t number); /* an export_receiver_fn */

struct then; /* of QUESTION_THEN, then.c */

struct inquiry {
    const struct question *q;
    struct store_search *search;
    struct visits visits;
    struct exporter *exporter;
    struct names names;
    struct then *then;
    struct store_after last; /* the last point written, or of the last visit */
    bool began, is_cut, ended;
    uint64_t found;
    size_t torn; /* of searches before this one */
};

/* Whether one more may be written; else the answer is cut. */
bool inquiry_may_write(struct inquiry *i);

/* Head and end of an answer, and one thing of it; answer.c. */
void answer_begin(struct inquiry *i, struct buf *out);
void answer_visit(struct inquiry *i, struct buf *out, const struct visit *v);
void answer_then(struct inquiry *i, struct buf *out, const struct visit *v, const struct kept *k);
void answer_point(struct inquiry *i, struct buf *out, const struct kept *k);
void answer_end(struct inquiry *i, struct buf *out);

/* then.c: the first half collects visits, the second finds who came to the other area. */
enum err then_new(struct inquiry *i, struct store *s);
void then_free(struct then *t);
enum err then_step(struct inquiry *i, struct store *s, struct buf *out, bool *more);

#endif

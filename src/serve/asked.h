/* Answers that are read from history: a thread of the pool makes each, the loop goes on meanwhile;
   who asks the same within a few seconds gets the same. */
#ifndef MASAR_SERVE_ASKED_H
#define MASAR_SERVE_ASKED_H

#include "base/buf.h"
#include "store/store.h"

enum { ASKED_MAX = 16, ASKED_KEY_MAX = 5200 /* a rule is long */, ASKED_WHY_MAX = 512 };

struct serve;
struct serve_options;
struct request;
struct answer;
struct asked;

/* Zeroed is empty. */
struct asked_all {
    struct asked *of[ASKED_MAX];
};

/* What a thread works on. path, rest and args are the request's. */
struct asked_work {
    struct store *store;
    const struct serve_options *options;
    const char *path, *rest, *args;
    struct buf *out; /* JSON */
    char *why;       /* ASKED_WHY_MAX bytes: the sentence, where the status is not 200 */
};

/* In a thread, touching nothing but its work. Returns the HTTP status. */
typedef int asked_fn(struct asked_work *w);

void asked_answer(struct serve *s, const struct request *q, struct answer *a, asked_fn *make);

/* Something that answers of paths beginning so rest on has changed: who asks from now on is told
   anew. */
void asked_forget(struct asked_all *all, const char *path);
void asked_free(struct asked_all *all); /* when none is being made */

/* An argument that is a time: seconds since 1970 or as 2024-06-07T08:30:00Z; otherwise where it is
   absent. False: it is no time, and why says so. */
bool asked_time(const struct asked_work *w, const char *name, int64_t otherwise, int64_t *out_ms);

#endif

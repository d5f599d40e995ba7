/* An operation: its items, by kind and key. Pure; owns its items. */
#ifndef MASAR_OPERATION_OPERATION_H
#define MASAR_OPERATION_OPERATION_H

#include "operation/item.h"

struct operation {
    char key[ITEM_KEY_MAX + 1];
    struct item *item; /* in the order of kind, key */
    size_t n, cap;
    size_t count[ITEM_KINDS]; /* of each kind */
};

void operation_free(struct operation *o); /* empty, may be used again */

/* Puts a copy in the place of the item with its kind and key, or adds it. ERR_MEMORY. */
enum err operation_put(struct operation *o, const struct item *i);

void operation_remove(struct operation *o, enum item_kind kind, const char *key);

/* NULL: there is none. */
const struct item *operation_find(const struct operation *o, enum item_kind kind, const char *key);
/* All of one kind; n of them. */
const struct item *operation_all(const struct operation *o, enum item_kind kind, size_t *n);
/* The operation itself; NULL: none was put. */
const struct item *operation_head(const struct operation *o);

/* A base things leave from (or, by closure last_arrival, come to). */
bool operation_is_base(const struct operation *o, const char *code);

/* Whether an item that is about to be put goes together with the others. ERR_EXISTS: two
   clearances of one country for the same flights at the same time, and neither replaces the other;
   ERR_NOT_FOUND: it names something that is not there. why as item_set. */
enum err operation_check(const struct operation *o, const struct item *i, char *why,
                         size_t why_size);

#endif

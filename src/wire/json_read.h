/* Reading JSON in place (RFC 8259) without allocating: a value is a span of the text, an object or
   array is walked member by member. What is passed over is only matched for brackets and strings;
   what is walked into is checked. Used where jansson would allocate a tree a line. */
#ifndef MASAR_WIRE_JSON_READ_H
#define MASAR_WIRE_JSON_READ_H

#include "wire/text.h"

#include <stdbool.h>
#include <stddef.h>

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_FALSE,
    JSON_KIND_TRUE,
    JSON_KIND_NUMBER, /* text: as written */
    JSON_KIND_STRING, /* text: between the quotes, escapes left as they are */
    JSON_KIND_ARRAY,  /* text: what is between the brackets */
    JSON_KIND_OBJECT
};

struct json_value {
    enum json_kind kind;
    struct text text;
};

/* The one value that is the whole text, blanks around it aside. False where it is not that. */
bool json_read(struct text t, struct json_value *out);

/* A walk through an object's members or an array's elements. */
struct json_walk {
    const char *p, *end;
    bool is_object, is_first, is_bad;
};

/* v: an object or an array; of anything else there is nothing to walk. */
void json_walk_start(struct json_walk *w, const struct json_value *v);

/* The next one; key is empty in an array and may be NULL. False at the end, or, with is_bad, where
   the text is not JSON. */
bool json_walk_next(struct json_walk *w, struct text *key, struct json_value *out);

#endif

/* `NAME:key=value,key=value`: how every input and output is written on the command line and in the
 * configuration. */
#ifndef MASAR_BASE_SPEC_H
#define MASAR_BASE_SPEC_H

#include "base/err.h"

#include <stddef.h>

enum { SPEC_NAME_MAX = 32, SPEC_KEY_MAX = 16, SPEC_TEXT_MAX = 1024 };

struct spec {
    char name[SPEC_NAME_MAX];
    size_t n;
    struct spec_pair {
        const char *key, *value; /* into text; value is "" where no '=' stood */
    } pair[SPEC_KEY_MAX];
    char text[SPEC_TEXT_MAX]; /* the pairs' bytes: do not copy a struct spec by value */
};

/* Reads text. A value may hold ':' and '/', and ',' when written '\,'; a key stands once. On an
   error, why says what is wrong in a sentence. ERR_SYNTAX, ERR_FULL (too long, too many keys),
   ERR_EXISTS (a key twice). */
enum err spec_parse(struct spec *s, const char *text, char *why, size_t why_size);

/* The value of a key, or otherwise where it is absent. */
const char *spec_get(const struct spec *s, const char *key, const char *otherwise);

/* The number low..high at a key; *v stays as it is where the key is absent. ERR_RANGE: it is none
   or lies outside; why says what would be right. */
enum err spec_number(const struct spec *s, const char *key, double low, double high, double *v,
                     char *why, size_t why_size);

/* ERR_UNKNOWN where a key of s is in none of the NULL-ended lists; why names it and lists the known
 * ones. */
enum err spec_check(const struct spec *s, const char *const *const *known_lists, size_t n_lists,
                    char *why, size_t why_size);

#endif

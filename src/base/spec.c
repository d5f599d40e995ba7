#include "base/spec.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err add_pair(struct spec *s, char *text, char *why, size_t why_size)
{
    char *equals = strchr(text, '=');
    if (equals) {
        *equals = '\0';
    }
    if (*text == '\0') {
        snprintf(why, why_size, "an empty key: write NAME:key=value,key=value");
        return ERR_SYNTAX;
    }
    if (spec_get(s, text, NULL)) {
        snprintf(why, why_size, "the key '%s' stands twice in '%s'", text, s->name);
        return ERR_EXISTS;
    }
    if (s->n == SPEC_KEY_MAX) {
        snprintf(why, why_size, "more than %d keys in '%s'", SPEC_KEY_MAX, s->name);
        return ERR_FULL;
    }
    s->pair[s->n++] = (struct spec_pair){text, equals ? equals + 1 : text + strlen(text)};
    return ERR_OK;
}

enum err spec_parse(struct spec *s, const char *text, char *why, size_t why_size)
{
    s->n = 0;
    const size_t name_length = strcspn(text, ":");
    if (name_length == 0) {
        snprintf(
            why, why_size,
            "'%s' has no name: write NAME:key=value, for example beast:connect=127.0.0.1:30005",
            text);
        return ERR_SYNTAX;
    }
    if (name_length >= sizeof s->name || strlen(text) >= sizeof s->text) {
        snprintf(why, why_size, "'%.40s…' is too long", text);
        return ERR_FULL;
    }
    memcpy(s->name, text, name_length);
    s->name[name_length] = '\0';
    if (text[name_length] == '\0' || text[name_length + 1] == '\0') {
        return ERR_OK;
    }
    char *to = s->text, *start = s->text;
    for (const char *p = text + name_length + 1;; p++) {
        if (p[0] == '\\' && p[1] == ',') {
            *to++ = *++p;
        } else if (*p == ',' || *p == '\0') {
            *to++ = '\0';
            const enum err e = add_pair(s, start, why, why_size);
            if (e || *p == '\0') {
                return e;
            }
            start = to;
        } else {
            *to++ = *p;
        }
    }
}

const char *spec_get(const struct spec *s, const char *key, const char *otherwise)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->pair[i].key, key) == 0) {
            return s->pair[i].value;
        }
    }
    return otherwise;
}

enum err spec_number(const struct spec *s, const char *key, double low, double high, double *v,
                     char *why, size_t why_size)
{
    const char *text = spec_get(s, key, NULL);
    if (!text) {
        return ERR_OK;
    }
    char *end;
    const double read = strtod(text, &end);
    if (end == text || *end != '\0' || !(read >= low && read <= high)) {
        snprintf(why, why_size, "%s=%s: write a number from %.10g to %.10g", key, text, low, high);
        return ERR_RANGE;
    }
    *v = read;
    return ERR_OK;
}

static bool is_known(const char *key, const char *const *const *lists, size_t n_lists)
{
    for (size_t l = 0; l < n_lists; l++) {
        for (const char *const *k = lists[l]; *k; k++) {
            if (strcmp(*k, key) == 0) {
                return true;
            }
        }
    }
    return false;
}

enum err spec_check(const struct spec *s, const char *const *const *known_lists, size_t n_lists,
                    char *why, size_t why_size)
{
    for (size_t i = 0; i < s->n; i++) {
        if (is_known(s->pair[i].key, known_lists, n_lists)) {
            continue;
        }
        int at = snprintf(why, why_size, "'%s' does not know the key '%s'; it knows", s->name,
                          s->pair[i].key);
        for (size_t l = 0; l < n_lists; l++) {
            for (const char *const *k = known_lists[l]; *k; k++) {
                if (at > 0 && (size_t)at < why_size) {
                    at += snprintf(why + at, why_size - (size_t)at, " %s", *k);
                }
            }
        }
        return ERR_UNKNOWN;
    }
    return ERR_OK;
}

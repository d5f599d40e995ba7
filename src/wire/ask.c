#include "wire/ask.h"

#include "base/instant.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err ask_say(const struct ask_why *w, enum err e, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(w->text, w->size, format, list);
    va_end(list);
    return e;
}

enum err ask_time(const char *v, const char *name, int64_t *out_ms, const struct ask_why *w)
{
    int64_t us;
    char *end;
    const double s = strtod(v, &end);
    const bool is_number = end != v && *end == 0 && isfinite(s) && strlen(v) > 4;
    if (is_number && fabs(s) < 1e11) {
        *out_ms = llround(s * 1000);
    } else if (!is_number && instant_parse(v, &us) == ERR_OK) {
        *out_ms = us >= 0 ? us / 1000 : -((999 - us) / 1000);
    } else {
        return ask_say(w, ERR_SYNTAX,
                       "%s: '%.40s' is no time: write 2024-06-07T08:30:00Z, 2024-06-07 or seconds "
                       "since 1970",
                       name, v);
    }
    return ERR_OK;
}

enum err ask_count(const char *v, const char *name, uint64_t most, uint64_t *out,
                   const struct ask_why *w)
{
    char *end;
    const unsigned long long n = strtoull(v, &end, 10);
    if (!isdigit((unsigned char)*v) || *end || n == 0 || n > most) {
        return ask_say(w, ERR_RANGE, "%s: '%.40s' is no number from 1 to %llu", name, v,
                       (unsigned long long)most);
    }
    *out = n;
    return ERR_OK;
}

static const char *name_of(const char *const *first, size_t stride, size_t i)
{
    const char *name;
    memcpy(&name, (const char *)first + i * stride, sizeof name);
    return name;
}

enum err ask_row(const char *const *first, size_t stride, size_t n, const char *name, size_t *out,
                 const struct ask_why *w)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name_of(first, stride, i), name) == 0) {
            *out = i;
            return ERR_OK;
        }
    }
    size_t at = (size_t)snprintf(w->text, w->size, "there is no '%.40s'; known are", name);
    for (size_t i = 0; i < n && at < w->size; i++) {
        at += (size_t)snprintf(w->text + at, w->size - at, "%s %s", i ? "," : "",
                               name_of(first, stride, i));
    }
    return ERR_UNKNOWN;
}

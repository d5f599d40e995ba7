#include "movement/route.h"

#include "base/map.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 128, ROWS_MAX = 1 << 24, PARTS = 4, CODE_MAX = 7 };

/* A code that was looked up: lines of one operator and origin follow each other, so most are the
   one before. */
struct code {
    char text[CODE_MAX + 1];
    uint32_t airport;
};

struct route_prior {
    const struct airports *airports;
    struct route_sums sums;
    struct route *row;
    size_t max;
    struct map operators; /* key → first row */
    bool has_operators;
    uint32_t *from, *from_row, *to, *to_row; /* by airport: where its rows begin; the rows */
    size_t airports_n;
    char line[LINE_MAX_BYTES];
    size_t line_n;
    bool line_too_long;
    struct code known[64];
};

uint32_t route_operator(const char *letters)
{
    uint32_t key = 0;
    for (int i = 0; i < 3; i++) {
        if (letters[i] < 'A' || letters[i] > 'Z') {
            return 0;
        }
        key = key * 27 + (uint32_t)(letters[i] - 'A' + 1);
    }
    return key;
}

struct route_prior *route_prior_new(const struct airports *airports)
{
    struct route_prior *r = calloc(1, sizeof *r);
    if (r) {
        r->airports = airports;
        r->airports_n = airports_count(airports);
    }
    return r;
}

void route_prior_free(struct route_prior *r)
{
    if (!r) {
        return;
    }
    if (r->has_operators) {
        map_free(&r->operators);
    }
    free(r->row);
    free(r->from);
    free(r->from_row);
    free(r->to);
    free(r->to_row);
    free(r);
}

/* ---- lines ---- */

/* The site of a code, of whatever day: a prior names fields that moved as it knows them. */
static uint32_t code_site(struct route_prior *r, const char *code)
{
    unsigned h = 0;
    for (const char *c = code; *c; c++) {
        h = h * 31 + (unsigned char)*c;
    }
    struct code *k = &r->known[h % 64];
    if (strcmp(k->text, code) != 0 || k->text[0] == '\0') {
        uint32_t i = airport_find(r->airports, code, INT32_MAX);
        i = i != UINT32_MAX ? i : airport_find(r->airports, code, 0);
        memcpy(k->text, code, strlen(code) + 1);
        k->airport = i == UINT32_MAX ? i : airport_at(r->airports, i)->site;
        if (i != UINT32_MAX && k->airport >= r->airports_n) {
            k->airport = i;
        }
    }
    return k->airport;
}

static enum err add(struct route_prior *r, const struct route *row)
{
    if (r->sums.rows == r->max) {
        if (r->max >= ROWS_MAX) {
            return ERR_FULL;
        }
        const size_t max = r->max ? 2 * r->max : 1 << 16;
        struct route *more = realloc(r->row, max * sizeof *more);
        if (!more) {
            return ERR_MEMORY;
        }
        r->row = more;
        r->max = max;
    }
    r->row[r->sums.rows++] = *row;
    return ERR_OK;
}

static bool split(char *line, char *part[PARTS])
{
    for (int i = 0; i < PARTS; i++) {
        part[i] = line;
        line = strchr(line, ',');
        if (i < PARTS - 1) {
            if (!line) {
                return false;
            }
            *line++ = '\0';
        }
    }
    return true;
}

static enum err take_line(struct route_prior *r)
{
    char *part[PARTS], *end;
    r->line[r->line_n] = '\0';
    if (r->line_n > 0 && r->line[r->line_n - 1] == '\r') {
        r->line[r->line_n - 1] = '\0';
    }
    if (!r->line_too_long && (r->line[0] == '\0' || r->line[0] == '#')) {
        return ERR_OK;
    }
    const bool is_row = !r->line_too_long && split(r->line, part);
    const float weight = is_row ? strtof(part[3], &end) : 0;
    if (is_row && end == part[3] && r->sums.rows + r->sums.unknown + r->sums.bad == 0) {
        return ERR_OK; /* the first line names the columns */
    }
    const uint32_t key = is_row && strlen(part[0]) == 3 ? route_operator(part[0]) : 0;
    if (!is_row || end == part[3] || !(weight > 0 && weight < 1e9F) || key == 0 ||
        strlen(part[1]) > CODE_MAX || strlen(part[2]) > CODE_MAX) {
        r->sums.bad++;
        return ERR_OK;
    }
    const struct route row = {key, code_site(r, part[1]), code_site(r, part[2]), weight};
    if (row.origin == UINT32_MAX || row.destination == UINT32_MAX ||
        row.origin == row.destination) {
        r->sums.unknown++;
        return ERR_OK;
    }
    return add(r, &row);
}

enum err route_prior_push(struct route_prior *r, const char *bytes, size_t n)
{
    while (n > 0) {
        const char *end = memchr(bytes, '\n', n);
        const size_t part = end ? (size_t)(end - bytes) : n;
        if (r->line_n + part < LINE_MAX_BYTES) {
            memcpy(r->line + r->line_n, bytes, part);
            r->line_n += part;
        } else {
            r->line_too_long = true;
        }
        bytes += part + (end != NULL);
        n -= part + (end != NULL);
        if (end) {
            const enum err e = take_line(r);
            r->line_n = 0;
            r->line_too_long = false;
            if (e) {
                return e;
            }
        }
    }
    return ERR_OK;
}

/* ---- in order ---- */

static int compare(const void *p, const void *q)
{
    const struct route *a = p, *b = q;
    if (a->operator_key != b->operator_key) {
        return a->operator_key < b->operator_key ? -1 : 1;
    }
    if (a->origin != b->origin) {
        return a->origin < b->origin ? -1 : 1;
    }
    return (a->destination > b->destination) - (a->destination < b->destination);
}

/* Counting sort of the row numbers by one of their ends. */
static enum err by_end(const struct route_prior *r, bool is_origin, uint32_t **first,
                       uint32_t **rows)
{
    const size_t n = (size_t)r->sums.rows;
    uint32_t *at = calloc(r->airports_n + 2, sizeof *at);
    uint32_t *to = malloc((n ? n : 1) * sizeof *to);
    *first = at;
    *rows = to;
    if (!at || !to) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        at[(is_origin ? r->row[i].origin : r->row[i].destination) + 2]++;
    }
    for (size_t a = 2; a < r->airports_n + 2; a++) {
        at[a] += at[a - 1];
    }
    for (size_t i = 0; i < n; i++) {
        to[at[(is_origin ? r->row[i].origin : r->row[i].destination) + 1]++] = (uint32_t)i;
    }
    return ERR_OK;
}

enum err route_prior_ready(struct route_prior *r)
{
    enum err e = r->line_n > 0 || r->line_too_long ? take_line(r) : ERR_OK;
    r->line_n = 0;
    if (e) {
        return e;
    }
    if (r->sums.rows > 0) {
        qsort(r->row, r->sums.rows, sizeof *r->row, compare);
    }
    size_t operators = 0;
    for (size_t i = 0; i < r->sums.rows; i++) {
        operators += i == 0 || r->row[i].operator_key != r->row[i - 1].operator_key;
    }
    e = map_init(&r->operators, (uint32_t)(operators ? operators : 1));
    r->has_operators = e == ERR_OK;
    for (size_t i = 0; i < r->sums.rows && !e; i++) {
        if (i == 0 || r->row[i].operator_key != r->row[i - 1].operator_key) {
            e = map_add(&r->operators, r->row[i].operator_key, (uint32_t)i);
        }
    }
    e = e ? e : by_end(r, true, &r->from, &r->from_row);
    e = e ? e : by_end(r, false, &r->to, &r->to_row);
    r->airports = NULL;
    return e;
}

const struct route_sums *route_prior_sums(const struct route_prior *r)
{
    return &r->sums;
}

const struct route *route_of_operator(const struct route_prior *r, uint32_t operator_key, size_t *n)
{
    *n = 0;
    const uint32_t first = operator_key ? map_get(&r->operators, operator_key) : MAP_NONE;
    if (first == MAP_NONE) {
        return NULL;
    }
    for (size_t i = first; i < r->sums.rows && r->row[i].operator_key == operator_key; i++) {
        ++*n;
    }
    return &r->row[first];
}

const uint32_t *route_from(const struct route_prior *r, uint32_t airport, size_t *n)
{
    *n = airport < r->airports_n ? r->from[airport + 1] - r->from[airport] : 0;
    return *n ? r->from_row + r->from[airport] : NULL;
}

const uint32_t *route_to(const struct route_prior *r, uint32_t airport, size_t *n)
{
    *n = airport < r->airports_n ? r->to[airport + 1] - r->to[airport] : 0;
    return *n ? r->to_row + r->to[airport] : NULL;
}

const struct route *route_at(const struct route_prior *r, uint32_t row)
{
    return &r->row[row];
}

size_t route_count(const struct route_prior *r)
{
    return (size_t)r->sums.rows;
}

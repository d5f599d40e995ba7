/* What fields of one item must be to each other, and items from CSV. */
#include "operation/item.h"

#include "identity/delimited.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_before(const struct item *i, enum said a, enum said b)
{
    return item_has(i, a) && item_has(i, b) && item_ms(i, a) < item_ms(i, b);
}

static enum err said_wrong(char *why, size_t why_size, enum said f, const char *sentence)
{
    snprintf(why, why_size, "%s: %s", item_field_row[f].name, sentence);
    return ERR_RANGE;
}

static enum err check_head(const struct item *i, int64_t now_ms, char *why, size_t size)
{
    if (!is_before(i, SAID_HEAD_START, SAID_HEAD_DEADLINE)) {
        return said_wrong(why, size, SAID_HEAD_DEADLINE, "it is after the start");
    }
    if (item_ms(i, SAID_HEAD_DEADLINE) < now_ms && !item_flag(i, SAID_HEAD_HISTORY)) {
        return said_wrong(why, size, SAID_HEAD_DEADLINE,
                          "it is past; for an operation looked at afterwards say history=yes");
    }
    return ERR_OK;
}

static enum err check_line(const struct item *i, char *why, size_t size)
{
    const enum unit u = item_unit(i, SAID_LINE_UNIT);
    if (unit_word[u].measure >= MEASURE_SORTIES) {
        return said_wrong(why, size, SAID_LINE_UNIT,
                          "a requirement is people, tons, m3, pallets or vehicles");
    }
    if (is_before(i, SAID_LINE_LATEST, SAID_LINE_READY)) {
        return said_wrong(why, size, SAID_LINE_LATEST, "it is not before ready");
    }
    return ERR_OK;
}

static enum err check_clearance(const struct item *i, char *why, size_t size)
{
    const int state = item_word(i, SAID_CLEARANCE_STATE);
    const bool was_approved = state == 1 || state == 3 || state == 4;
    if (is_before(i, SAID_CLEARANCE_TO, SAID_CLEARANCE_FROM)) {
        return said_wrong(why, size, SAID_CLEARANCE_TO, "it is not before from");
    }
    if (is_before(i, SAID_CLEARANCE_DECIDED, SAID_CLEARANCE_REQUESTED)) {
        return said_wrong(why, size, SAID_CLEARANCE_DECIDED, "it is not before requested");
    }
    if (was_approved && !item_has(i, SAID_CLEARANCE_FROM)) {
        return said_wrong(why, size, SAID_CLEARANCE_FROM,
                          "an approved clearance says from when, or its slot");
    }
    if (item_has(i, SAID_CLEARANCE_REVOKED) && state != 4) {
        return said_wrong(why, size, SAID_CLEARANCE_REVOKED, "only a revoked one has it");
    }
    return ERR_OK;
}

static enum err check_claim(const struct item *i, char *why, size_t size)
{
    const double low = item_number(i, SAID_CLAIM_LOW, 0);
    if (item_number(i, SAID_CLAIM_HIGH, low) < low) {
        return said_wrong(why, size, SAID_CLAIM_HIGH, "it is not less than low");
    }
    if ((item_has(i, SAID_CLAIM_LOW) || item_has(i, SAID_CLAIM_HIGH)) &&
        !item_has(i, SAID_CLAIM_UNIT)) {
        return said_wrong(why, size, SAID_CLAIM_UNIT, "a quantity says its unit: " UNIT_KEYS);
    }
    if (is_before(i, SAID_CLAIM_AS_OF, SAID_CLAIM_SINCE)) {
        return said_wrong(why, size, SAID_CLAIM_AS_OF, "it is not before since");
    }
    return ERR_OK;
}

static enum err check_factor(const struct item *i, char *why, size_t size)
{
    if (unit_word[item_unit(i, SAID_FACTOR_UNIT)].measure != MEASURE_MASS) {
        return said_wrong(why, size, SAID_FACTOR_UNIT, "a payload is t, st, kg or lb");
    }
    return ERR_OK;
}

enum err item_check(const struct item *i, int64_t now_ms, char *why, size_t why_size)
{
    for (enum said f = item_first(i->kind); f < SAIDS && item_field_row[f].kind == i->kind; f++) {
        if (item_field_row[f].needed && !item_has(i, f)) {
            snprintf(why, why_size, "%s: a %s says it; as %s", item_field_row[f].name,
                     item_kind_key(i->kind), item_field_row[f].words);
            return ERR_SYNTAX;
        }
    }
    switch (i->kind) {
    case ITEM_HEAD:
        return check_head(i, now_ms, why, why_size);
    case ITEM_LINE:
        return check_line(i, why, why_size);
    case ITEM_CLEARANCE:
        return check_clearance(i, why, why_size);
    case ITEM_CLAIM:
        return check_claim(i, why, why_size);
    case ITEM_FACTOR:
        return check_factor(i, why, why_size);
    default:
        return ERR_OK;
    }
}

/* ---- CSV ---- */

struct columns {
    char name[DELIMITED_FIELDS][32]; /* "" a column nobody needs here */
    size_t n;
    int key;
};

/* What the truth of a simulated scenario (docs/SCENARIOS.md) calls them, without its _utc. */
static const struct alias {
    enum item_kind kind;
    const char *column, *name; /* "": passed over */
} aliases[] = {
    {ITEM_LINE, "line", "key"},
    {ITEM_CLEARANCE, "clearance", "key"},
    {ITEM_CLEARANCE, "kind", "use"},
    {ITEM_CLEARANCE, "party", ""},
    {ITEM_CLEARANCE, "airframe", "tails"},
    {ITEM_CLEARANCE, "callsign", "callsigns"},
    {ITEM_CLEARANCE, "type", "types"},
    {ITEM_CLEARANCE, "route", "points"},
    {ITEM_CLEARANCE, "valid_from", "from"},
    {ITEM_CLEARANCE, "valid_to", "to"},
    {ITEM_CLEARANCE, "sorties", ""},
    {ITEM_CLAIM, "claim", "key"},
    {ITEM_CLAIM, "source", "attribution"},
    {ITEM_CLAIM, "measure", ""},
    {ITEM_CLAIM, "sortie", ""},
};

static void rename_column(enum item_kind kind, char name[32])
{
    const size_t n = strlen(name);
    if (n > 4 && strcmp(name + n - 4, "_utc") == 0) {
        name[n - 4] = 0;
    }
    for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++) {
        if (aliases[k].kind == kind && strcmp(aliases[k].column, name) == 0) {
            snprintf(name, 32, "%s", aliases[k].name);
            return;
        }
    }
}

static enum err read_head(struct delimited *d, enum item_kind kind, struct columns *c, char *why,
                          size_t size)
{
    struct item probe;
    *c = (struct columns){.key = -1};
    c->n = delimited_next(d);
    if (c->n > DELIMITED_FIELDS) {
        snprintf(why, size, "line 1: more than %d columns", DELIMITED_FIELDS);
        return ERR_SYNTAX;
    }
    if (item_start(&probe, kind,
                   kind == ITEM_TAIL   ? "000001"
                   : kind == ITEM_RULE ? "AA"
                                       : "AAAA",
                   why, size)) {
        return ERR_SYNTAX;
    }
    for (size_t k = 0; k < c->n; k++) {
        char said[ITEM_WHY_MAX - 40];
        if (!delimited_copy(d->field[k], c->name[k], sizeof c->name[k]) || !c->name[k][0]) {
            snprintf(why, size, "line 1, column %zu: it has no name, or one nobody has", k + 1);
            return ERR_SYNTAX;
        }
        rename_column(kind, c->name[k]);
        if (c->name[k][0] && strcmp(c->name[k], "key") != 0 &&
            item_set(&probe, c->name[k], "", said, sizeof said)) {
            snprintf(why, size, "line 1, column %zu: %s", k + 1, said);
            return ERR_SYNTAX;
        }
        c->key = strcmp(c->name[k], "key") == 0 ? (int)k : c->key;
    }
    if (c->key < 0) {
        snprintf(why, size, "line 1: no column is named key");
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

static enum err read_row(struct delimited *d, size_t n, enum item_kind kind,
                         const struct columns *c, int64_t now_ms, struct item *i, char *why,
                         size_t size)
{
    char value[ITEM_TEXT_MAX + 2], said[ITEM_WHY_MAX - 40];
    if (n != c->n) {
        snprintf(why, size, "line %zu: %zu fields, and %zu columns are named", (size_t)d->row_line,
                 n, c->n);
        return ERR_SYNTAX;
    }
    delimited_copy(d->field[c->key], value, ITEM_KEY_MAX + 2);
    enum err e = item_start(i, kind, value, said, sizeof said);
    for (size_t k = 0; !e && k < n; k++) {
        if ((int)k != c->key && c->name[k][0]) {
            if (delimited_copy(d->field[k], value, sizeof value)) {
                e = item_set(i, c->name[k], value, said, sizeof said);
            } else {
                snprintf(said, sizeof said, "%s: too long, or not UTF-8", c->name[k]);
                e = ERR_SYNTAX;
            }
        }
    }
    e = e ? e : item_check(i, now_ms, said, sizeof said);
    if (e) {
        snprintf(why, size, "line %zu: %s", (size_t)d->row_line, said);
        item_free(i);
    }
    return e;
}

enum err item_csv(enum item_kind kind, char *text, size_t n, int64_t now_ms, item_take_fn *take,
                  void *ctx, char *why, size_t why_size)
{
    struct delimited d;
    struct columns c;
    struct item *item = NULL;
    size_t *line = NULL, items = 0, cap = 0, fields;
    delimited_open(&d, text, n, ',', false);
    enum err e = read_head(&d, kind, &c, why, why_size);
    while (!e && (fields = delimited_next(&d)) > 0) {
        if (d.field[0].n > 0 && d.field[0].p[0] == '#') {
            continue;
        }
        if (items == cap) {
            cap = cap ? cap * 2 : 64;
            struct item *more = realloc(item, cap * sizeof *item);
            item = more ? more : item;
            size_t *lines = realloc(line, cap * sizeof *line);
            line = lines ? lines : line;
            if (!more || !lines) {
                snprintf(why, why_size, "out of memory");
                e = ERR_MEMORY;
                break;
            }
        }
        e = read_row(&d, fields, kind, &c, now_ms, &item[items], why, why_size);
        if (!e) {
            line[items++] = (size_t)d.row_line;
        }
    }
    for (size_t k = 0; k < items && !e; k++) {
        e = take(ctx, &item[k], line[k], why, why_size);
    }
    for (size_t k = 0; k < items; k++) {
        item_free(&item[k]);
    }
    free(item);
    free(line);
    return e;
}

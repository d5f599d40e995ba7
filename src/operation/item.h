/* An item of an operation: a kind, a key, and texts for its fields, each checked as item.def says.
   One shape for command line, CSV, HTTP, file and audit. Pure; an item owns its texts. */
#ifndef MASAR_OPERATION_ITEM_H
#define MASAR_OPERATION_ITEM_H

#include "base/buf.h"
#include "base/err.h"
#include "operation/unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum item_kind {
#define ITEM(id, key, text) ITEM_##id,
#include "operation/item.def"
    ITEM_KINDS
};

/* Every field of every kind: SAID_LINE_WHAT … */
enum said {
#define FIELD(item, id, name, type, words, needed) SAID_##item##_##id,
#include "operation/item.def"
    SAIDS
};

enum item_type {
    ITEM_TEXT, /* UTF-8, no markup, no control characters, at most ITEM_TEXT_MAX bytes */
    ITEM_WORD,
    ITEM_INSTANT, /* as it was written: with its zone */
    ITEM_NUMBER,  /* decimal, not negative */
    ITEM_UNIT,
    ITEM_FLAG, /* yes, no */
    ITEM_COUNTRY,
    ITEM_COUNTRIES,
    ITEM_PLACE,
    ITEM_TYPES,
    ITEM_HEXES,
    ITEM_SIGNS,
    ITEM_URL
};

struct item_field_row {
    enum item_kind kind;
    const char *name;
    enum item_type type;
    const char *words;
    bool needed;
};

extern const struct item_field_row item_field_row[SAIDS];

enum { ITEM_KEY_MAX = 48, ITEM_TEXT_MAX = 4000, ITEM_WHY_MAX = 320, ITEM_FIELDS_OF_KIND = 24 };

#define ITEM_NO_TIME INT64_MIN

struct item {
    enum item_kind kind;
    char key[ITEM_KEY_MAX + 1];
    char *value[ITEM_FIELDS_OF_KIND]; /* by item_field - first; NULL: not said */
    union item_read {                 /* by its type: read once, asked for often */
        int64_t ms;
        double number;
        int word;
        enum unit unit;
    } read[ITEM_FIELDS_OF_KIND];
};

/* "line" …, also their plurals; ITEM_KINDS: there is none. */
enum item_kind item_kind_find(const char *key);
const char *item_kind_key(enum item_kind k);
const char *item_kind_text(enum item_kind k);
enum said item_first(enum item_kind k); /* its fields are item_first(k) .. item_first(k+1)-1 */

/* A key of its kind: an airport of a base, two letters of a rule, an address of a tail; else
   letters, digits and -_./: . ERR_SYNTAX; why says what would be right. */
enum err item_start(struct item *i, enum item_kind kind, const char *key, char *why,
                    size_t why_size);
/* The key of an address's tail: six digits 0-9 a-f. */
void item_hex(uint32_t address, char out[8]);
void item_free(struct item *i);
/* ERR_MEMORY: out is empty. */
enum err item_copy(const struct item *i, struct item *out);

/* Sets a field to a text, "" takes it away. On an error the item is as it was and why begins with
   the field's name. ERR_UNKNOWN: no such field; ERR_SYNTAX, ERR_RANGE, ERR_MEMORY. */
enum err item_set(struct item *i, const char *name, const char *value, char *why, size_t why_size);

/* Whether all that is needed is said and goes together. now_ms: the day's, for what must not be
   past. As item_set. */
enum err item_check(const struct item *i, int64_t now_ms, char *why, size_t why_size);

/* "" where not said. */
const char *item_text(const struct item *i, enum said f);
bool item_has(const struct item *i, enum said f);
bool item_flag(const struct item *i, enum said f);
/* ITEM_NO_TIME; otherwise where not said. Milliseconds. */
int64_t item_ms(const struct item *i, enum said f);
double item_number(const struct item *i, enum said f, double otherwise);
enum unit item_unit(const struct item *i, enum said f); /* UNITS */
/* Which of the field's words it is; -1: not said. */
int item_word(const struct item *i, enum said f);
/* Whether a list holds the text (sign: a beginning of it); an empty list holds everything. */
bool item_lists(const struct item *i, enum said f, const char *text, bool beginnings);

/* Whether a list of call signs holds one; three letters in it are an operator and stand for all of
   its flights: UNO for UNO901. An empty list holds everything. */
bool item_lists_sign(const struct item *i, enum said f, const char *sign);
/* Whether some words of it are such operators. */
bool item_lists_operator(const struct item *i, enum said f);

/* {"key":…,"name":…}: of what is said. */
void item_json(const struct item *i, struct buf *out);

/* Items of one kind from CSV whose first line names key and fields; lines that begin with # are
   passed over. take gets each, checked, and its line; whatever it returns but ERR_OK ends it.
   Nothing is taken before every line was read and found right: ERR_SYNTAX with the line and
   column that is wrong in why. The text is rewritten. */
typedef enum err item_take_fn(void *ctx, struct item *i, size_t line, char *why, size_t why_size);
enum err item_csv(enum item_kind kind, char *text, size_t n, int64_t now_ms, item_take_fn *take,
                  void *ctx, char *why, size_t why_size);

#endif

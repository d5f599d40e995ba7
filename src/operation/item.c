#include "operation/item.h"

#include "base/instant.h"
#include "identity/address.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct item_field_row item_field_row[SAIDS] = {
#define FIELD(item, id, name, type, words, needed)                                                 \
    {ITEM_##item, name, ITEM_##type, words, (needed) != 0},
#include "operation/item.def"
};

static const struct kind_row {
    const char *key, *text;
} kinds[ITEM_KINDS] = {
#define ITEM(id, key, text) {key, text},
#include "operation/item.def"
};

enum item_kind item_kind_find(const char *key)
{
    unsigned k = 0;
    for (; k < ITEM_KINDS; k++) {
        const size_t n = strlen(kinds[k].key);
        if (strncmp(kinds[k].key, key, n) == 0 && (!key[n] || strcmp(key + n, "s") == 0)) {
            break;
        }
    }
    return (enum item_kind)k;
}

const char *item_kind_key(enum item_kind k)
{
    return kinds[k].key;
}

const char *item_kind_text(enum item_kind k)
{
    return kinds[k].text;
}

enum said item_first(enum item_kind k)
{
    static const enum said first[ITEM_KINDS + 1] = {
        [ITEM_HEAD] = SAID_HEAD_NAME,
        [ITEM_BASE] = SAID_BASE_ROLE,
        [ITEM_LINE] = SAID_LINE_WHAT,
        [ITEM_CLEARANCE] = SAID_CLEARANCE_COUNTRY,
        [ITEM_RULE] = SAID_RULE_BEFORE_H,
        [ITEM_CLAIM] = SAID_CLAIM_TEXT,
        [ITEM_FACTOR] = SAID_FACTOR_TYPE,
        [ITEM_TAIL] = SAID_TAIL_TYPE,
        [ITEM_CORRECTION] = SAID_CORRECTION_ACTION,
        [ITEM_SIGHTING] = SAID_SIGHTING_PLACE,
        [ITEM_KINDS] = SAIDS,
    };
    return first[k];
}

/* ---- keys ---- */

static bool is_hex(const char *s)
{
    return strlen(s) == 6 && strspn(s, "0123456789abcdef") == 6;
}

static bool is_upper_or_digit(const char *s, size_t least, size_t most)
{
    const size_t n = strlen(s);
    return n >= least && n <= most && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

static bool is_country(const char *s)
{
    return strlen(s) == 2 && isupper((unsigned char)s[0]) && isupper((unsigned char)s[1]);
}

enum err item_start(struct item *i, enum item_kind kind, const char *key, char *why,
                    size_t why_size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:";
    const size_t n = strlen(key);
    const char *wanted = NULL;
    *i = (struct item){.kind = kind};
    if (n == 0 || n > ITEM_KEY_MAX || strspn(key, letters) != n) {
        wanted = "1 to 48 letters, digits and -_./:";
    } else if (kind == ITEM_BASE && !is_upper_or_digit(key, 2, 11)) {
        wanted = "an airport's code, as DRRN";
    } else if (kind == ITEM_RULE && !is_country(key)) {
        wanted = "a country's two letters, as NE";
    } else if (kind == ITEM_TAIL && !is_hex(key)) {
        wanted = "an address of six digits 0-9 a-f, as aefc10";
    }
    if (wanted) {
        snprintf(why, why_size, "key: '%.60s' is none of a %s; it is %s", key, kinds[kind].key,
                 wanted);
        return ERR_SYNTAX;
    }
    memcpy(i->key, key, n + 1);
    return ERR_OK;
}

void item_hex(uint32_t address, char out[8])
{
    static const char digit[] = "0123456789abcdef";
    for (int k = 0; k < 6; k++) {
        out[k] = digit[address >> (20 - 4 * k) & 15];
    }
    out[6] = 0;
}

void item_free(struct item *i)
{
    for (size_t f = 0; f < ITEM_FIELDS_OF_KIND; f++) {
        free(i->value[f]);
        i->value[f] = NULL;
    }
}

enum err item_copy(const struct item *i, struct item *out)
{
    *out = (struct item){.kind = i->kind};
    memcpy(out->key, i->key, sizeof out->key);
    memcpy(out->read, i->read, sizeof out->read);
    for (size_t f = 0; f < ITEM_FIELDS_OF_KIND; f++) {
        out->value[f] = i->value[f] ? strdup(i->value[f]) : NULL;
        if (i->value[f] && !out->value[f]) {
            item_free(out);
            return ERR_MEMORY;
        }
    }
    return ERR_OK;
}

/* ---- values: each check says what is wrong, NULL where nothing is ---- */

static size_t utf8_length(const unsigned char *s)
{
    const size_t n = s[0] < 0x80             ? 1
                     : (s[0] & 0xe0) == 0xc0 ? 2
                     : (s[0] & 0xf0) == 0xe0 ? 3
                     : (s[0] & 0xf8) == 0xf0 ? 4
                                             : 0;
    for (size_t k = 1; k < n; k++) {
        if ((s[k] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return s[0] == 0xc0 || s[0] == 0xc1 ? 0 : n;
}

/* Unicode's own marks of direction would turn what stands around them. */
static bool is_direction_mark(const unsigned char *s)
{
    return s[0] == 0xe2 &&
           ((s[1] == 0x80 && (s[2] >= 0xaa && s[2] <= 0xae)) || (s[1] == 0x81 && s[2] >= 0xa6));
}

static const char *text_wrong(const char *v)
{
    const unsigned char *s = (const unsigned char *)v;
    while (*s) {
        const size_t n = utf8_length(s);
        if (n == 0) {
            return "is not UTF-8";
        }
        if (*s < 0x20 || *s == 0x7f) {
            return "holds a control character; it is one line of plain text";
        }
        if (n == 3 && is_direction_mark(s)) {
            return "holds a mark of writing direction; those are set where it is shown";
        }
        if (*s == '<' && (isalpha(s[1]) || s[1] == '/' || s[1] == '!' || s[1] == '?')) {
            return "holds markup; it is plain text, write < as a word";
        }
        s += n;
    }
    return NULL;
}

static const char *number_wrong(const char *v)
{
    const size_t whole = strspn(v, "0123456789");
    const char *rest = v + whole;
    const size_t part = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    if (*v == '-' && v[1] && strspn(v + 1, "0123456789.") == strlen(v + 1)) {
        return "is negative; it is 0 or more";
    }
    if (whole == 0 || whole > 12 || (*rest == '.' && part == 0) || part > 6 ||
        rest[*rest == '.' ? 1 + part : 0] != 0) {
        return "is not a number; it is digits with a point at most, as 1593 or 40.8";
    }
    return NULL;
}

/* Which of words a text is; -1: none of them. */
static int word_of(const char *v, const char *words)
{
    const size_t n = strlen(v);
    int k = 0;
    for (const char *w = words; *w; k++) {
        const size_t length = strcspn(w, "|");
        if (length == n && memcmp(w, v, n) == 0) {
            return k;
        }
        w += length + (w[length] == '|');
    }
    return -1;
}

static const char *word_wrong(const char *v, const char *words)
{
    return word_of(v, words) < 0 ? "is none of its words" : NULL;
}

static bool is_of(const char *word, enum item_type type)
{
    switch (type) {
    case ITEM_COUNTRIES:
        return is_country(word);
    case ITEM_TYPES:
        return is_upper_or_digit(word, 2, 4);
    case ITEM_HEXES:
        return is_hex(word);
    case ITEM_SIGNS:
        return is_upper_or_digit(word, 1, 8);
    default:
        return false;
    }
}

static const char *list_wrong(const char *v, enum item_type type)
{
    while (*v) {
        char word[16] = "";
        const size_t n = strcspn(v, ",");
        if (n >= sizeof word) {
            return "has a word that is too long";
        }
        memcpy(word, v, n);
        if (!is_of(word, type) || (v[n] == ',' && !v[n + 1])) {
            return type == ITEM_COUNTRIES ? "is no list of countries of two letters"
                   : type == ITEM_TYPES   ? "is no list of type designators"
                   : type == ITEM_HEXES   ? "is no list of addresses of six digits 0-9 a-f"
                                          : "is no list of call signs";
        }
        v += n + (v[n] == ',');
    }
    return NULL;
}

static const char *url_wrong(const char *v)
{
    if (strncmp(v, "https://", 8) != 0 && strncmp(v, "http://", 7) != 0) {
        return "is no address of a page; it begins with https:// or http://";
    }
    return strpbrk(v, " \"'<>\\`") ? "holds a character no address of a page has" : text_wrong(v);
}

static const char *value_wrong(const struct item_field_row *row, const char *v)
{
    int64_t t_us;
    switch (row->type) {
    case ITEM_WORD:
        return word_wrong(v, row->words);
    case ITEM_INSTANT:
        return instant_parse(v, &t_us) || t_us < 0 ? "is no instant" : NULL;
    case ITEM_NUMBER:
        return number_wrong(v);
    case ITEM_UNIT:
        return unit_find(v) == UNITS ? "is no unit" : NULL;
    case ITEM_FLAG:
        return word_wrong(v, "yes|no");
    case ITEM_COUNTRY:
        return is_country(v) ? NULL : "is no country of two letters";
    case ITEM_PLACE:
        return is_upper_or_digit(v, 2, 11) ? NULL : "is no airport's code";
    case ITEM_URL:
        return url_wrong(v);
    case ITEM_TEXT:
        return text_wrong(v);
    default:
        return list_wrong(v, row->type);
    }
}

/* Of a value that is right, or of none. */
static union item_read read_value(const struct item_field_row *row, const char *v)
{
    int64_t t_us;
    switch (row->type) {
    case ITEM_INSTANT:
        return (union item_read){.ms = instant_parse(v, &t_us) ? ITEM_NO_TIME : t_us / 1000};
    case ITEM_NUMBER:
        return (union item_read){.number = strtod(v, NULL)};
    case ITEM_WORD:
        return (union item_read){.word = word_of(v, row->words)};
    case ITEM_UNIT:
        return (union item_read){.unit = unit_find(v)};
    default:
        return (union item_read){0};
    }
}

enum err item_set(struct item *i, const char *name, const char *value, char *why, size_t why_size)
{
    const enum said first = item_first(i->kind);
    enum said f = first;
    while (f < SAIDS && item_field_row[f].kind == i->kind &&
           strcmp(item_field_row[f].name, name) != 0) {
        f++;
    }
    if (f == SAIDS || item_field_row[f].kind != i->kind) {
        size_t n = (size_t)snprintf(why, why_size, "%.40s: a %s has no such field; it has", name,
                                    kinds[i->kind].key);
        for (f = first; f < SAIDS && item_field_row[f].kind == i->kind && n < why_size; f++) {
            n += (size_t)snprintf(why + n, why_size - n, " %s", item_field_row[f].name);
        }
        return ERR_UNKNOWN;
    }
    const struct item_field_row *row = &item_field_row[f];
    char *copy = NULL;
    if (row->type == ITEM_FLAG && value[0] && !value[1]) { /* as tables often have it */
        value = *value == '1' ? "yes" : *value == '0' ? "no" : value;
    }
    if (*value) {
        const char *wrong =
            strlen(value) > ITEM_TEXT_MAX ? "is longer than 4,000 bytes" : value_wrong(row, value);
        if (wrong) {
            const bool text = row->type == ITEM_TEXT;
            snprintf(why, why_size, "%s: '%.60s' %s%s%s", name, value, wrong, text ? "" : "; as ",
                     text ? "" : row->words);
            return ERR_SYNTAX;
        }
        copy = strdup(value);
        if (!copy) {
            snprintf(why, why_size, "%s: out of memory", name);
            return ERR_MEMORY;
        }
    }
    free(i->value[f - first]);
    i->value[f - first] = copy;
    i->read[f - first] = read_value(row, copy ? copy : "");
    return ERR_OK;
}

/* ---- reading ---- */

const char *item_text(const struct item *i, enum said f)
{
    const char *v = i->value[f - item_first(i->kind)];
    return v ? v : "";
}

bool item_has(const struct item *i, enum said f)
{
    return item_text(i, f)[0] != 0;
}

bool item_flag(const struct item *i, enum said f)
{
    return strcmp(item_text(i, f), "yes") == 0;
}

/* What was read of a field; NULL: it is not said. */
static const union item_read *read_of(const struct item *i, enum said f)
{
    const size_t k = f - item_first(i->kind);
    return i->value[k] ? &i->read[k] : NULL;
}

int64_t item_ms(const struct item *i, enum said f)
{
    const union item_read *r = read_of(i, f);
    return r ? r->ms : ITEM_NO_TIME;
}

double item_number(const struct item *i, enum said f, double otherwise)
{
    const union item_read *r = read_of(i, f);
    return r ? r->number : otherwise;
}

enum unit item_unit(const struct item *i, enum said f)
{
    const union item_read *r = read_of(i, f);
    return r ? r->unit : UNITS;
}

int item_word(const struct item *i, enum said f)
{
    const union item_read *r = read_of(i, f);
    return r ? r->word : -1;
}

bool item_lists(const struct item *i, enum said f, const char *text, bool beginnings)
{
    const char *v = item_text(i, f);
    const size_t length = strlen(text);
    if (!*v) {
        return true;
    }
    while (*v) {
        size_t n = 0; /* words are short: a call would take longer */
        while (v[n] && v[n] != ',') {
            n++;
        }
        if ((n == length || (beginnings && n < length)) && n > 0 && memcmp(v, text, n) == 0) {
            return true;
        }
        v += n + (v[n] == ',');
    }
    return false;
}

/* The next word of a list at *v, which is moved on; its length, 0 at the end. */
static size_t next_word(const char **v, const char **word)
{
    const size_t n = strcspn(*v, ",");
    *word = *v;
    *v += n + ((*v)[n] == ',');
    return n;
}

static bool is_operator(const char *word, size_t n)
{
    return n == 3 && isupper((unsigned char)word[0]) && isupper((unsigned char)word[1]) &&
           isupper((unsigned char)word[2]);
}

bool item_lists_sign(const struct item *i, enum said f, const char *sign)
{
    const char *v = item_text(i, f), *word;
    const bool is_flight = strlen(sign) > 3 && isdigit((unsigned char)sign[3]);
    size_t n;
    if (item_lists(i, f, sign, false)) {
        return true;
    }
    while ((n = next_word(&v, &word)) > 0) {
        if (is_flight && is_operator(word, n) && memcmp(word, sign, n) == 0) {
            return true;
        }
    }
    return false;
}

bool item_lists_operator(const struct item *i, enum said f)
{
    const char *v = item_text(i, f), *word;
    size_t n;
    while ((n = next_word(&v, &word)) > 0) {
        if (is_operator(word, n)) {
            return true;
        }
    }
    return false;
}

void item_json(const struct item *i, struct buf *out)
{
    buf_text(out, "{\"key\":");
    buf_json_string(out, i->key, strlen(i->key));
    for (enum said f = item_first(i->kind); f < SAIDS && item_field_row[f].kind == i->kind; f++) {
        const char *v = item_text(i, f);
        if (!*v) {
            continue;
        }
        buf_format(out, ",\"%s\":", item_field_row[f].name);
        if (item_field_row[f].type == ITEM_NUMBER) {
            /* As it was written: digits and a point are JSON too but for leading zeros. */
            while (v[0] == '0' && v[1] >= '0' && v[1] <= '9') {
                v++;
            }
            buf_text(out, v);
        } else if (item_field_row[f].type == ITEM_FLAG) {
            buf_text(out, *v == 'y' ? "true" : "false");
        } else {
            buf_json_string(out, v, strlen(v));
        }
    }
    buf_byte(out, '}');
}

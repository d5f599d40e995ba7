#include "archive/detail.h"

#include "wire/value.h"

static unsigned hash(const char *p, size_t n)
{
    const unsigned first = (unsigned char)p[0], last = (unsigned char)p[n - 1];
    const unsigned middle = (unsigned char)p[n / 2];
    return (unsigned)n * 37 + first * 5 + middle * 11 + last * 3;
}

void detail_keys_fill(struct detail_keys *k)
{
    memset(k, 0, sizeof *k);
    for (unsigned f = 0; f < FIELD_TRACKED; f++) {
        if (field_row[f].kind == FIELD_KIND_PLACE) {
            continue;
        }
        unsigned at = hash(field_row[f].key, strlen(field_row[f].key)) % DETAIL_SLOTS;
        while (k->slot[at]) {
            at = (at + 1) % DETAIL_SLOTS;
        }
        k->slot[at] = (uint8_t)(f + 1);
    }
}

static enum field find(const struct detail_keys *k, struct text key)
{
    if (key.n == 0) {
        return FIELD_COUNT;
    }
    for (unsigned at = hash(key.p, key.n) % DETAIL_SLOTS; k->slot[at];
         at = (at + 1) % DETAIL_SLOTS) {
        const enum field f = (enum field)(k->slot[at] - 1);
        if (text_is(key, field_row[f].key)) {
            return f;
        }
    }
    return FIELD_COUNT;
}

/* The number of a word of an ENUM or the bit of a SET; -1 if it is none. */
static int word_of(enum field f, struct text t)
{
    const char *const *words = field_words(f);
    for (int i = 0; words && words[i]; i++) {
        if (text_is(t, words[i])) {
            return i;
        }
    }
    return -1;
}

static bool add_text(struct message *m, enum field f, struct text t)
{
    uint64_t hex;
    int32_t v = -1;
    switch (field_row[f].kind) {
    case FIELD_KIND_TEXT:
        if (!text_flight(t, m->flight)) {
            return false;
        }
        v = 0;
        break;
    case FIELD_KIND_OCTAL:
        if (!text_squawk(t, &v)) {
            return false;
        }
        break;
    case FIELD_KIND_HEX:
        if (t.n != 2 || !text_hex(t, &hex)) {
            return false;
        }
        v = (int32_t)hex;
        break;
    default:
        v = word_of(f, t);
        break;
    }
    return v >= 0 && value_add(m, f, v);
}

/* A call sign that is all blanks was not sent: no fault of the file's. */
static bool is_nothing(enum field f, struct text t)
{
    return field_row[f].kind == FIELD_KIND_TEXT && text_trim(t).n == 0;
}

static enum err read_text(struct scan *s, struct message *m, enum field f, uint64_t *bad)
{
    struct text t;
    const enum err e = scan_string(s, &t);
    if (!e && !is_nothing(f, t) && !add_text(m, f, t)) {
        ++*bad;
    }
    return e;
}

static enum err read_set(struct scan *s, struct message *m, enum field f, uint64_t *bad)
{
    enum err e = scan_expect(s, '[');
    int32_t set = 0;
    char c = 0;
    while (!e && !(e = scan_peek(s, &c)) && c != ']') {
        struct text t;
        if (c == ',') {
            s->p++;
            continue;
        }
        e = scan_string(s, &t);
        const int bit = e ? -1 : word_of(f, t);
        *bad += !e && bit < 0;
        set |= bit < 0 ? 0 : 1 << bit;
    }
    if (!e) {
        s->p++;
        value_add(m, f, set);
    }
    return e;
}

static enum err read_number(struct scan *s, struct message *m, enum field f, uint64_t *bad)
{
    enum scan_kind kind;
    int64_t v;
    struct text t;
    const enum err e = scan_number(s, field_row[f].decimals, &kind, &v, &t);
    if (e || kind == SCAN_NULL) {
        return e;
    }
    if (kind == SCAN_TEXT && f == FIELD_ALT_BARO && text_is(t, "ground")) {
        value_add(m, FIELD_GROUND, 1);
    } else if (kind != SCAN_NUMBER || !value_add(m, f, v)) {
        ++*bad;
    }
    return e;
}

static enum err read_value(struct scan *s, struct message *m, enum field f, uint64_t *bad)
{
    char c;
    const enum err e = scan_peek(s, &c);
    if (e) {
        return e;
    }
    const uint8_t kind = f == FIELD_COUNT ? FIELD_KIND_PLACE : field_row[f].kind;
    switch (kind) {
    case FIELD_KIND_NUMBER:
    case FIELD_KIND_FLAG:
        if (c != '[' && c != '{') {
            return read_number(s, m, f, bad);
        }
        break;
    case FIELD_KIND_SET:
        if (c == '[') {
            return read_set(s, m, f, bad);
        }
        break;
    case FIELD_KIND_PLACE:
        return scan_skip(s);
    default:
        if (c == '"') {
            return read_text(s, m, f, bad);
        }
        break;
    }
    *bad += c != 'n';
    return scan_skip(s);
}

enum err detail_read(const struct detail_keys *k, struct scan *s, struct message *m,
                     uint64_t *bad_values)
{
    enum err e = scan_expect(s, '{');
    char c;
    while (!e && !(e = scan_peek(s, &c)) && c != '}') {
        struct text key;
        if (c == ',') {
            s->p++;
            continue;
        }
        e = scan_string(s, &key);
        if (!e) {
            e = scan_expect(s, ':');
        }
        if (!e) {
            e = read_value(s, m, find(k, key), bad_values);
        }
    }
    if (!e) {
        s->p++;
    }
    return e;
}

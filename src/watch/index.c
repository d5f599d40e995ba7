/* Which cases of which watches a change can make true: each stands under the keys of the one of its
   conditions that fewest aircraft meet. A case is true only of an aircraft or a place that has one
   of its keys, so that no other is asked. */
#include "watch/internal.h"

#include "identity/type.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX = 3, RANK_NONE = 99, LINKS_ROOM = 1 << 22, ENTRY_ROOM = 1 << 22 };

/* FNV-1a; one that is taken twice costs a question, not an error. */
uint32_t index_key(enum key_sort sort, unsigned word, const char *text, uint32_t number)
{
    uint32_t h = (2166136261U ^ ((uint32_t)sort << 8 | word)) * 16777619U;
    for (const char *p = text; *p; p++) {
        h = (h ^ (uint8_t)toupper((unsigned char)*p)) * 16777619U;
    }
    for (unsigned i = 0; i < 4; i++) {
        h = (h ^ (number >> 8 * i & 255)) * 16777619U;
    }
    return h == MAP_NO_KEY ? 0 : h;
}

uint32_t index_first(const struct watch_set *s, uint32_t key)
{
    const uint32_t i = s->key.entry ? map_get(&s->key, key) : MAP_NONE;
    return i == MAP_NONE ? NONE : i;
}

static enum err add_link(struct watch_set *s, uint32_t key, uint32_t entry)
{
    if (s->links == LINKS_ROOM) {
        return ERR_FULL;
    }
    if (set_room((void **)&s->link, &s->links_max, s->links + 1, sizeof *s->link)) {
        return ERR_MEMORY;
    }
    const uint32_t first = map_get(&s->key, key), mine = s->links++;
    s->link[mine] = (struct link){entry, first == MAP_NONE ? NONE : first};
    if (first != MAP_NONE) {
        map_remove(&s->key, key);
    }
    return map_add(&s->key, key, mine);
}

/* ---- how few meet a condition ---- */

/* The letters a pattern begins with: all of it where it has no star. */
static size_t plain(const char *pattern)
{
    return strcspn(pattern, "*?[");
}

static int rank_of_value(unsigned word, const struct watch_value *v)
{
    const size_t n = plain(v->text);
    switch (word) {
    case WATCH_HEX:
        return 0;
    case WATCH_REGISTRATION:
    case WATCH_CALLSIGN:
        return v->text[n] == '\0' ? 1 : n >= PREFIX ? 4 : RANK_NONE;
    case WATCH_LIST:
    case WATCH_SQUAWK:
        return 2;
    case WATCH_TYPE:
        return 6;
    case WATCH_OPERATOR:
        return 7;
    case WATCH_CLASS:
        return 8;
    default: /* WATCH_COUNTRY */
        return 9;
    }
}

static int rank_of(const struct watch_rule *r, const struct watch_term *t, bool by_event)
{
    if (t->word == WATCH_MILITARY || t->word == WATCH_CIVIL) {
        return t->word == WATCH_MILITARY ? 10 : 11;
    }
    if (t->word == WATCH_IN || t->word == WATCH_NEAR) {
        return by_event ? RANK_NONE : 5;
    }
    if (t->where == WATCH_AT) {
        return 3;
    }
    if (t->where == WATCH_IN_COUNTRY) {
        return 8;
    }
    if (watch_word_row[t->word].sort != WATCH_IS_WHO) {
        return RANK_NONE;
    }
    int worst = -1;
    for (uint16_t i = 0; i < t->values; i++) {
        const int k = rank_of_value(t->word, &r->value[t->value + i]);
        worst = k > worst ? k : worst;
    }
    return worst < 0 ? RANK_NONE : worst;
}

/* The condition a case is found by; NULL: none serves. */
static const struct watch_term *anchor(const struct watch_rule *r, const struct watch_case *of)
{
    const struct watch_term *best = NULL, *event = of->event >= 0 ? &r->term[of->event] : NULL;
    const bool by_claim = event && watch_word_row[event->word].claims;
    if (event && (event->word == WATCH_LATE || event->word == WATCH_MISSING ||
                  event->word == WATCH_OVERDUE)) {
        return NULL; /* who flies may not be known yet */
    }
    int least = RANK_NONE;
    if (event && (by_claim || event->word == WATCH_BOTH)) {
        least = rank_of(r, event, true);
        best = least < RANK_NONE ? event : NULL;
    }
    if (event && event->word == WATCH_BOTH) {
        return event;
    }
    for (uint16_t i = 0; i < of->lits; i++) {
        const struct watch_literal *lit = &r->lit[of->lit + i];
        const int rank = lit->negated ? RANK_NONE : rank_of(r, &r->term[lit->term], event != NULL);
        if (rank < least) {
            least = rank;
            best = &r->term[lit->term];
        }
    }
    return best;
}

static uint32_t key_of_value(unsigned word, const struct watch_value *v)
{
    char text[WATCH_VALUE_MAX];
    const size_t n = plain(v->text);
    const bool prefix = (word == WATCH_REGISTRATION || word == WATCH_CALLSIGN) && v->text[n];
    memcpy(text, v->text, sizeof text);
    if (prefix) {
        text[PREFIX] = '\0';
        return index_key(KEY_PREFIX, word, text, 0);
    }
    if (word == WATCH_CLASS || word == WATCH_LIST || word == WATCH_HEX || word == WATCH_SQUAWK) {
        return index_key(KEY_WHO, word, "", v->number);
    }
    return index_key(KEY_WHO, word, text, 0);
}

static enum err link_term(struct watch_set *s, const struct watch *w, const struct watch_term *t,
                          uint32_t entry)
{
    const struct watch_rule *r = w->rule;
    if (t->word == WATCH_IN || t->word == WATCH_NEAR) {
        return add_link(s, index_key(KEY_AREA, 0, "", w->area + t->area), entry);
    }
    if (t->word == WATCH_MILITARY || t->word == WATCH_CIVIL) {
        return add_link(s, index_key(KEY_WHO, t->word, "", 0), entry);
    }
    if (watch_word_row[t->word].sort == WATCH_IS_EVENT) {
        const enum key_sort sort = t->where == WATCH_AT ? KEY_AT : KEY_COUNTRY;
        enum err e = ERR_OK;
        for (uint16_t i = 0; i < t->places && !e; i++) {
            e = add_link(s, index_key(sort, 0, r->value[t->place + i].text, 0), entry);
        }
        return e;
    }
    enum err e = ERR_OK;
    for (uint16_t i = 0; i < t->values && !e; i++) {
        e = add_link(s, key_of_value(t->word, &r->value[t->value + i]), entry);
    }
    return e;
}

static uint8_t count_areas(const struct watch_rule *r, const struct watch_case *of)
{
    unsigned n = 0;
    for (uint16_t i = 0; r->term && i < of->lits; i++) {
        const unsigned word = r->term[r->lit[of->lit + i].term].word;
        n += word == WATCH_IN || word == WATCH_NEAR;
    }
    return n < UINT8_MAX ? (uint8_t)n : UINT8_MAX;
}

static bool looks_at_numbers(const struct watch_rule *r, const struct watch_case *of)
{
    for (uint16_t i = 0; r->term && i < of->lits; i++) {
        const unsigned word = r->term[r->lit[of->lit + i].term].word;
        if (word == WATCH_ALTITUDE || word == WATCH_SPEED || word == WATCH_GROUND ||
            word == WATCH_AIRBORNE) {
            return true;
        }
    }
    return false;
}

/* Airports both parties are asked of, each once. */
static enum err add_sites(struct watch_set *s, const struct watch_rule *r,
                          const struct watch_term *t)
{
    for (uint16_t i = 0; s->views.airports && t->where == WATCH_AT && i < t->places; i++) {
        const struct watch_value *v = &r->value[t->place + i];
        const struct airport *a = airport_at(s->views.airports, v->number);
        bool there = false;
        for (uint32_t k = 0; k < s->sites && !there; k++) {
            there = strcmp(s->site[k].code, a->code) == 0;
        }
        if (there) {
            continue;
        }
        if (set_room((void **)&s->site, &s->sites_max, s->sites + 1, sizeof *s->site)) {
            return ERR_MEMORY;
        }
        struct asked_site *site = &s->site[s->sites++];
        *site = (struct asked_site){.lat_e7 = a->lat_e7, .lon_e7 = a->lon_e7};
        memcpy(site->code, a->code, sizeof site->code);
    }
    return ERR_OK;
}

/* Under its word where nothing else serves: then it is asked of every claim of that kind, every
   silence, every aircraft that appears. */
static enum err add_entry(struct watch_set *s, uint32_t watch, unsigned step, unsigned of)
{
    const struct watch *w = &s->watch[watch];
    const struct watch_case *c = &w->rule->of[of];
    const struct watch_term *event = c->event >= 0 ? &w->rule->term[c->event] : NULL;
    if (s->entries == ENTRY_ROOM) {
        return ERR_FULL;
    }
    if (set_room((void **)&s->entry, &s->entries_max, s->entries + 1, sizeof *s->entry)) {
        return ERR_MEMORY;
    }
    const uint32_t i = s->entries++;
    s->entry[i] = (struct entry){.watch = watch,
                                 .step = (uint16_t)step,
                                 .of = (uint16_t)of,
                                 .word = event ? event->word : WATCH_STATE_WORD,
                                 .scalar = looks_at_numbers(w->rule, c),
                                 .areas = count_areas(w->rule, c)};
    if (event && event->word == WATCH_DARK) {
        s->least_dark_ms =
            !s->has_dark || event->span_ms < s->least_dark_ms ? event->span_ms : s->least_dark_ms;
        s->has_dark = true;
    }
    s->has_both |= event && event->word == WATCH_BOTH;
    if (event && event->word == WATCH_BOTH && add_sites(s, w->rule, event)) {
        return ERR_MEMORY;
    }
    const struct watch_term *t = anchor(w->rule, c);
    if (t && (t->word == WATCH_IN || t->word == WATCH_NEAR)) {
        s->has_area = true;
        s->has_scalar_area |= s->entry[i].scalar;
    }
    s->has_new |= !t && !event;
    return t ? link_term(s, w, t, i) : add_link(s, index_key(KEY_WORD, s->entry[i].word, "", 0), i);
}

static enum err add_areas(struct watch_set *s, struct watch *w)
{
    w->area = s->shapes;
    if (set_room((void **)&s->shape, &s->shapes_max, s->shapes + w->rule->areas, sizeof(void *))) {
        return ERR_MEMORY;
    }
    for (uint16_t i = 0; i < w->rule->areas; i++) {
        s->shape[s->shapes++] = w->rule->area[i].shape;
    }
    return ERR_OK;
}

enum err index_make(struct watch_set *s)
{
    enum err e = ERR_OK;
    s->entries = s->links = s->shapes = s->sites = 0;
    s->has_dark = s->has_both = s->has_area = s->has_new = s->has_scalar_area = false;
    map_free(&s->key);
    e = map_init(&s->key, LINKS_ROOM);
    for (uint32_t i = 0; i < s->watches && !e; i++) {
        struct watch *w = &s->watch[i];
        e = add_areas(s, w);
        for (unsigned step = 0; step < w->rule->steps && !e; step++) {
            const struct watch_step *st = &w->rule->step[step];
            for (unsigned c = 0; c < st->cases && !e; c++) {
                e = add_entry(s, i, step, st->first + c);
            }
        }
    }
    e = e ? e : tree_make(&s->tree, s->shape, s->shapes);
    s->stale = e != ERR_OK;
    s->renewed++;
    s->sums.cases = s->entries;
    return e;
}

/* ---- the entries of an aircraft ---- */

static enum err take_key(struct watch_set *s, uint32_t key, uint32_t *n)
{
    for (uint32_t i = index_first(s, key); i != NONE; i = s->link[i].next) {
        if (set_room((void **)&s->scratch, &s->scratch_max, *n + 1, sizeof *s->scratch)) {
            return ERR_MEMORY;
        }
        s->scratch[(*n)++] = s->link[i].entry;
    }
    return ERR_OK;
}

static enum err take_text(struct watch_set *s, unsigned word, const char *text, uint32_t *n)
{
    char prefix[PREFIX + 1];
    enum err e = *text ? take_key(s, index_key(KEY_WHO, word, text, 0), n) : ERR_OK;
    if (!e && strlen(text) >= PREFIX && (word == WATCH_REGISTRATION || word == WATCH_CALLSIGN)) {
        memcpy(prefix, text, PREFIX);
        prefix[PREFIX] = '\0';
        e = take_key(s, index_key(KEY_PREFIX, word, prefix, 0), n);
    }
    return e;
}

static int by_number(const void *p, const void *q)
{
    const uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;
    return (a > b) - (a < b);
}

static enum err gather(struct watch_set *s, const struct plane *a, uint32_t *n)
{
    const struct watch_who *w = &a->who;
    char flight[9] = "";
    memcpy(flight, a->flight, 8);
    flight[strcspn(flight, " ")] = '\0';
    enum err e = take_key(s, index_key(KEY_WHO, WATCH_HEX, "", a->address), n);
    e = e ? e : take_text(s, WATCH_REGISTRATION, w->registration, n);
    e = e ? e : take_text(s, WATCH_CALLSIGN, flight, n);
    e = e ? e : take_text(s, WATCH_TYPE, w->type, n);
    e = e ? e : take_text(s, WATCH_OPERATOR, w->operator, n);
    e = e ? e : take_text(s, WATCH_COUNTRY, w->country, n);
    e = e ? e : take_key(s, index_key(KEY_WHO, WATCH_CLASS, "", w->kind), n);
    if (a->squawk != KEPT_NO_SQUAWK) {
        e = e ? e : take_key(s, index_key(KEY_WHO, WATCH_SQUAWK, "", a->squawk), n);
    }
    if (w->military >= 0) {
        const unsigned word = w->military ? WATCH_MILITARY : WATCH_CIVIL;
        e = e ? e : take_key(s, index_key(KEY_WHO, word, "", 0), n);
    }
    for (unsigned i = 0; w->lists >> i && i < WATCH_LISTS_MAX && !e; i++) {
        e = w->lists >> i & 1 ? take_key(s, index_key(KEY_WHO, WATCH_LIST, "", i), n) : ERR_OK;
    }
    return e;
}

enum err index_candidates(struct watch_set *s, struct plane *a)
{
    uint32_t n = 0, m = 0;
    const enum err e = gather(s, a, &n);
    if (e) {
        return e;
    }
    free(a->entry);
    a->entry = NULL;
    a->entries = 0;
    a->states = a->scalars = false;
    if (n == 0) {
        return ERR_OK;
    }
    qsort(s->scratch, n, sizeof *s->scratch, by_number);
    for (uint32_t i = 0, last = NONE; i < n; i++) { /* under two keys it is found twice */
        const uint32_t k = s->scratch[i];
        const struct watch *w = &s->watch[s->entry[k].watch];
        if (k != last && weigh_who_of(w, &w->rule->of[s->entry[k].of], a)) {
            s->scratch[m++] = k;
        }
        last = k;
    }
    if (m == 0) {
        return ERR_OK;
    }
    a->entry = malloc(m * sizeof *a->entry);
    if (!a->entry) {
        return ERR_MEMORY;
    }
    memcpy(a->entry, s->scratch, m * sizeof *a->entry);
    a->entries = m;
    for (uint32_t i = 0; i < m; i++) {
        const struct entry *en = &s->entry[a->entry[i]];
        a->states |= en->word == WATCH_STATE_WORD;
        a->scalars |= en->word == WATCH_STATE_WORD && en->scalar;
    }
    return ERR_OK;
}

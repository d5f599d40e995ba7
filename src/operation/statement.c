#include "operation/statement.h"

#include "base/instant.h"
#include "operation/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum text {
#define TEXT(id, en, ar, fr) TEXT_##id,
#include "operation/statement.def"
    TEXTS
};

static const char *const texts[TEXTS][LANGUAGES] = {
#define TEXT(id, en, ar, fr) {en, ar, fr},
#include "operation/statement.def"
};

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

#define HASH_MARK    "<code id=\"hash\">"
#define PROGRAM_MARK "<meta name=\"generator\" content=\""
#define MADE_MARK    "<meta name=\"masar-statement\" content=\""

static const char style[] =
    "@page{size:A4;margin:11mm 14mm}*{box-sizing:border-box}body{margin:0 auto;max-width:794px;pa"
    "dding:34px 48px;background:#fff;color:#16181d;font:14px/1.5 'Noto Sans','Noto Sans Arabic',s"
    "ans-serif;font-variant-numeric:tabular-nums}body:dir(rtl){font-size:15px;line-height:1.8}hea"
    "der,footer{display:flex;gap:12px;align-items:baseline}header b{font-size:18px}.sim{border:2p"
    "x solid #16181d;padding:1px 8px;font-weight:600;margin-inline-start:auto}h1{font-size:22px;l"
    "ine-height:1.25;margin:6px 0 10px}h2{font-size:15px;margin:14px 0 4px;break-after:avoid}.lea"
    "d{border-block:1px solid #c9cdd4;padding:10px 0;font-size:16px}.lead p{margin:0 0 6px}.mut{c"
    "olor:#565b66;font-size:12px}table{border-collapse:collapse;width:100%}td,th{text-align:start"
    ";vertical-align:top;padding-block:4px;padding-inline:0 8px;border-bottom:1px solid #e3e6ea}."
    "two{display:grid;grid-template-columns:minmax(0,1fr) 230px;gap:20px}figure{margin:0}svg{max-"
    "width:100%;height:auto;border:1px solid #c9cdd4}svg text{font:11px 'Noto Sans','Noto Sans Ar"
    "abic',sans-serif;fill:#16181d}.three{display:grid;grid-template-columns:1fr 1fr;gap:20px;fon"
    "t-size:13px}footer{border-top:1px solid #16181d;margin-top:16px;padding-top:8px;font-size:11"
    "px;flex-wrap:wrap}code{font-family:'Noto Sans Mono',monospace;direction:ltr;unicode-bidi:iso"
    "late;overflow-wrap:anywhere}.t{white-space:nowrap}@media print{body{padding:0;max-width:none"
    ";font-size:10.5px;line-height:1.3}body:dir(rtl){font-size:10.5px;line-height:1.35}.mut,.thre"
    "e{font-size:9.5px}.lead{font-size:12.5px;padding:4px 0}.lead p{margin:0 0 3px}h1{font-size:1"
    "8px;margin:0 0 4px}h2{font-size:12px;margin:5px 0 1px}p{margin:2px 0}td,th{padding-block:1px"
    "}.two{grid-template-columns:minmax(0,1fr) 180px}footer{font-size:8.5px;margin-top:5px;paddin"
    "g-top:3px}figure svg{max-height:210px}tr,figure,footer{break-inside:avoid}}";

void statement_escape(struct buf *out, const char *text)
{
    for (; *text; text++) {
        const char *as = *text == '<'    ? "&lt;"
                         : *text == '>'  ? "&gt;"
                         : *text == '&'  ? "&amp;"
                         : *text == '"'  ? "&quot;"
                         : *text == '\'' ? "&#39;"
                                         : NULL;
        if (as) {
            buf_text(out, as);
        } else {
            buf_byte(out, (uint8_t)*text);
        }
    }
}

/* ---- pieces of sentences ---- */

struct piece {
    char text[256];
};

static const char *isolated(struct piece *p, const char *text)
{
    struct buf b = {0};
    words_isolate(&b, text);
    snprintf(p->text, sizeof p->text, "%.*s", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    return p->text;
}

static const char *number(const struct statement_view *v, struct piece *p, double n,
                          unsigned decimals)
{
    struct buf b = {0};
    words_number(&b, v->language, n, decimals);
    snprintf(p->text, sizeof p->text, "%.*s", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    return p->text;
}

/* In Arabic with its sign, which would jump otherwise; else the sentence has it. */
static const char *percent(const struct statement_view *v, struct piece *p, double share)
{
    char text[16];
    snprintf(text, sizeof text, v->language == LANGUAGE_AR ? "%u%%" : "%u", words_percent(share));
    return isolated(p, text);
}

/* The base's name in the language, else the airport's, with its code. */
static const char *placed(const struct statement_view *v, struct piece *p, const char *code)
{
    static const enum said named[LANGUAGES] = {SAID_BASE_NAME, SAID_BASE_NAME_AR,
                                               SAID_BASE_NAME_FR};
    const struct item *base = operation_find(v->board->o, ITEM_BASE, code);
    const char *name = base ? item_text(base, named[v->language]) : "";
    struct buf b = {0};
    if (name[0]) {
        buf_text(&b, name);
    } else {
        const char *airport = v->name ? v->name(v->ctx, code) : "";
        words_isolate(&b, airport[0] ? airport : code);
    }
    buf_text(&b, " (");
    words_isolate(&b, code);
    buf_text(&b, ")");
    snprintf(p->text, sizeof p->text, "%.*s", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    return p->text;
}

static const char *spanned(const struct statement_view *v, struct piece *p,
                           const struct sortie_end *e)
{
    struct buf b = {0};
    words_when(&b, v->language, e->lo_ms, e->hi_ms);
    snprintf(p->text, sizeof p->text, "%.*s", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    return p->text;
}

static const char *named(const struct statement_view *v, struct piece *p, const struct sortie *s)
{
    struct piece one[3];
    struct buf b = {0};
    char hex[8];
    item_hex(s->address, hex);
    const char *const text[10] = {[1] = isolated(&one[0], s->callsign[0] ? s->callsign : hex),
                                  [2] = isolated(&one[1], s->type[0] ? s->type : "?"),
                                  [3] = isolated(&one[2], s->country[0] ? s->country : "?")};
    words_sentence(&b, texts[TEXT_WHO][v->language], text);
    snprintf(p->text, sizeof p->text, "%.*s", (int)b.n, b.n ? (const char *)b.p : "");
    buf_free(&b);
    return p->text;
}

/* ---- what one flight says ---- */

static double end_p(const struct sortie_end *e)
{
    return e->places ? (double)(e->p * e->place[0].p) : 0;
}

/* The sentence of one end; whole: as the lead says it of a flight under way. */
static void say_end(const struct statement_view *v, const struct match *m, bool leaving,
                    struct buf *out)
{
    const struct sortie *s = &m->s;
    const struct sortie_end *e = leaving ? &s->off : &s->on;
    const bool bound = !leaving && !s->is_over;
    const double p = bound && e->places ? (double)e->place[0].p : end_p(e);
    enum band band = band_of(p, e->observed);
    band = bound && band == BAND_OBSERVED ? BAND_INFERRED : band;
    const enum text first = leaving ? TEXT_OFF_OBSERVED
                            : bound ? (s->military ? TEXT_TO_INFERRED : TEXT_CIVIL_INFERRED) - 1
                                    : TEXT_ON_OBSERVED;
    struct piece who, place, when, chance, type;
    char hex[8];
    item_hex(s->address, hex);
    const char *const text[10] = {[1] = bound ? isolated(&who, s->callsign[0] ? s->callsign : hex)
                                              : named(v, &who, s),
                                  [2] = e->places ? placed(v, &place, e->place[0].code) : "?",
                                  [3] = spanned(v, &when, e),
                                  [4] = percent(v, &chance, p),
                                  [5] = isolated(&type, s->type[0] ? s->type : "?")};
    struct buf b = {0};
    words_sentence(&b, texts[first + band][v->language], text);
    buf_byte(&b, 0);
    statement_escape(out, b.failed ? "" : (const char *)b.p);
    buf_free(&b);
}

static void say_evidence(const struct statement_view *v, const struct statement_track *t,
                         struct buf *out)
{
    struct piece p;
    const char *text[10] = {0};
    if (t->m->s.implied) {
        statement_escape(out, texts[TEXT_NEVER][v->language]);
        return;
    }
    text[1] = number(v, &p, (double)t->kept, 0);
    words_sentence(out, texts[TEXT_POINTS][v->language], text);
    if (t->m->s.silent_ms > 0) {
        buf_text(out, v->language == LANGUAGE_AR ? "، " : ", ");
        text[1] = number(v, &p, (double)t->m->s.silent_ms / 60000, 0);
        words_sentence(out, texts[TEXT_SILENT][v->language], text);
    }
}

static void table_row(const struct statement_view *v, const struct statement_track *t, bool leaving,
                      struct buf *out)
{
    const struct sortie *s = &t->m->s;
    const struct sortie_end *e = leaving ? &s->off : &s->on;
    if (!e->places) {
        return;
    }
    const bool bound = !leaving && !s->is_over;
    const enum band band = band_of(bound ? (double)e->place[0].p : end_p(e), e->observed && !bound);
    buf_format(out, "<tr><td class=\"t\">%s</td><td>", band_adjective(band, v->language));
    say_end(v, t->m, leaving, out);
    buf_text(out, "<br><span class=\"mut\">");
    say_evidence(v, t, out);
    buf_text(out, "</span></td></tr>");
}

/* ---- the page ---- */

static void say(const struct statement_view *v, struct buf *out, enum text t)
{
    buf_text(out, texts[t][v->language]);
}

static void write_title(const struct statement_view *v, struct buf *out)
{
    static const enum said title[LANGUAGES] = {SAID_HEAD_NAME, SAID_HEAD_NAME_AR,
                                               SAID_HEAD_NAME_FR};
    const struct item *head = operation_head(v->board->o);
    statement_escape(out, item_has(head, title[v->language]) ? item_text(head, title[v->language])
                                                             : item_text(head, SAID_HEAD_NAME));
}

static void write_head(const struct statement_view *v, struct buf *out)
{
    char at[32];
    const bool rtl = v->language == LANGUAGE_AR;
    instant_format(v->board->at_ms * 1000, 0, at);
    buf_format(out,
               "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'unsafe-inline'\">" PROGRAM_MARK "%s\">" MADE_MARK "%s %s %s %" PRId64
               " %" PRId64 "\"><title>",
               language_key(v->language), rtl ? "rtl" : "ltr", v->program, v->board->o->key, at,
               language_key(v->language), v->state, v->edition);
    write_title(v, out);
    buf_format(out,
               "</title><style>%s</style></head><body><header><b dir=\"ltr\">masar</b>"
               "<span lang=\"ar\" dir=\"rtl\">مسار</span>",
               style);
    if (item_flag(operation_head(v->board->o), SAID_HEAD_SIMULATED)) {
        buf_text(out, "<span class=\"sim\">");
        say(v, out, TEXT_SIMULATION);
        buf_text(out, "</span>");
    }
    buf_text(out, "</header><p class=\"mut\">");
    struct piece p[2];
    struct buf when = {0};
    words_date(&when, v->language, v->board->at_ms, true);
    buf_byte(&when, ' ');
    words_time(&when, v->board->at_ms);
    snprintf(p[0].text, sizeof p[0].text, "%.*s", (int)when.n, when.n ? (const char *)when.p : "");
    buf_free(&when);
    const char *const text[10] = {[1] = p[0].text, [2] = isolated(&p[1], v->board->o->key)};
    words_sentence(out, texts[TEXT_META][v->language], text);
    buf_text(out, "</p><h1>");
    write_title(v, out);
    buf_text(out, "</h1>");
}

static enum err write_lead(const struct statement_view *v, struct buf *out)
{
    struct tally_sum s;
    struct piece p[8];
    const enum err e =
        tally_sum(v->board->o, v->board->m, operation_edge(v->board->o), NULL, 0, INT64_MAX, &s);
    buf_text(out, "<div class=\"lead\"><p><b>");
    bool said = v->earlier;
    if (said) {
        say(v, out, TEXT_NONE);
    }
    for (size_t k = v->tracks; k-- > 0 && !said;) { /* the newest that is under way, else arrived */
        said = v->track[k].m->s.on.places > 0 && !v->track[k].m->s.is_over;
        if (said) {
            say_end(v, v->track[k].m, false, out);
        }
    }
    if (!said && v->tracks) {
        const struct match *m = v->track[v->tracks - 1].m;
        say_end(v, m, m->leaves >= m->arrives, out);
    } else if (!said) {
        say(v, out, TEXT_NONE);
    }
    if (v->earlier) {
        buf_byte(out, ' ');
        say(v, out, TEXT_EARLIER);
        buf_byte(out, ' ');
        const struct match *m = v->track[v->tracks - 1].m;
        say_end(v, m, m->leaves >= m->arrives, out);
    }
    const char *const text[10] = {[1] = number(v, &p[0], s.listed, 0),
                                  [2] = number(v, &p[1], s.observed, 0),
                                  [3] = number(v, &p[2], s.sum.expected, 1),
                                  [4] = number(v, &p[3], (double)s.sum.low, 0),
                                  [5] = number(v, &p[4], (double)s.sum.high, 0),
                                  [6] = number(v, &p[5], s.lift_kg[LIFT_LOW] / 1000, 0),
                                  [7] = number(v, &p[6], s.lift_kg[LIFT_MAX] / 1000, 0)};
    buf_text(out, "</b></p><p>");
    const enum text counts =
        operation_edge(v->board->o) == TALLY_OUT ? TEXT_COUNTS : TEXT_COUNTS_IN;
    words_sentence(out, texts[counts][v->language], text);
    buf_text(out, "</p></div>");
    return e;
}

static void write_table(const struct statement_view *v, struct buf *out)
{
    buf_text(out, "<div class=\"two\"><section><h2>");
    say(v, out, TEXT_TABLE);
    buf_text(out, "</h2><table><thead><tr><th class=\"t\">");
    say(v, out, TEXT_HOW_SURE);
    buf_text(out, "</th><th>");
    say(v, out, TEXT_EVENT);
    buf_text(out, "</th></tr></thead><tbody>");
    for (size_t k = 0; k < v->tracks; k++) {
        table_row(v, &v->track[k], true, out);
        table_row(v, &v->track[k], false, out);
    }
    if (!v->tracks) {
        buf_format(out, "<tr><td class=\"t\">%s</td><td>%s</td></tr>",
                   texts[TEXT_NOT_HEARD][v->language], texts[TEXT_NONE][v->language]);
    }
    buf_text(out, "</tbody></table></section><figure>");
    statement_map(v, out);
    buf_text(out, "<figcaption class=\"mut\">");
    say(v, out, TEXT_MAP);
    buf_text(out, "</figcaption></figure></div>");
    statement_time_line(v, out);
}

static enum err write_claims(const struct statement_view *v, struct buf *out)
{
    size_t n;
    const struct item *c = operation_all(v->board->o, ITEM_CLAIM, &n);
    static const enum said said[LANGUAGES] = {SAID_CLAIM_TRANSLATION, SAID_CLAIM_TEXT_AR,
                                              SAID_CLAIM_TEXT_FR};
    enum err e = ERR_OK;
    size_t given = 0;
    for (size_t k = 0; k < n && !e; k++) {
        struct verdict_of of;
        const int64_t published = item_ms(&c[k], SAID_CLAIM_PUBLISHED);
        if (published > v->board->at_ms || item_flag(&c[k], SAID_CLAIM_SENSITIVE) ||
            strcmp(item_text(&c[k], SAID_CLAIM_EVENT), "load") == 0) {
            continue;
        }
        e = verdict_find(v->board->o, v->board->m, &c[k], v->board->at_ms, &of);
        if (e || of.why == VERDICT_NOT_PATHS) {
            continue;
        }
        if (given++ == 0) {
            buf_text(out, "<section><h2>");
            say(v, out, TEXT_CLAIMS);
            buf_text(out, "</h2><table><tbody>");
        }
        const char *text = item_text(&c[k], said[v->language]);
        buf_format(out, "<tr><td class=\"t\">%s</td><td><bdi>",
                   texts[TEXT_SUPPORTED + of.verdict][v->language]);
        statement_escape(out, text[0] ? text : item_text(&c[k], SAID_CLAIM_TEXT));
        buf_text(out, "</bdi> ");
        if (text[0]) {
            say(v, out, TEXT_TRANSLATED);
        }
        buf_text(out, " · <bdi>");
        statement_escape(out, item_text(&c[k], SAID_CLAIM_BY));
        buf_text(out, "</bdi><br><span class=\"mut\">");
        verdict_sentence(&of, v->language, out);
        buf_text(out, "</span></td></tr>");
    }
    if (given) {
        buf_text(out, "</tbody></table></section>");
    }
    return e;
}

static void write_method(const struct statement_view *v, struct buf *out)
{
    struct buf factors = {0};
    struct piece edition;
    size_t n;
    const struct item *f = operation_all(v->board->o, ITEM_FACTOR, &n);
    for (size_t k = 0; k < n; k++) {
        struct buf one = {0};
        buf_format(&one, "%s %s %s %s (%s)", item_text(&f[k], SAID_FACTOR_TYPE),
                   item_text(&f[k], SAID_FACTOR_ROLE), item_text(&f[k], SAID_FACTOR_PAYLOAD),
                   item_text(&f[k], SAID_FACTOR_UNIT), item_text(&f[k], SAID_FACTOR_EDITION));
        buf_byte(&one, 0);
        buf_text(&factors, k == 0 ? "" : v->language == LANGUAGE_AR ? "؛ " : "; ");
        words_isolate(&factors, one.failed ? "" : (const char *)one.p);
        buf_free(&one);
    }
    buf_byte(&factors, 0);
    struct buf whole = {0};
    const char *const text[10] = {[1] = number(v, &edition, (double)v->edition, 0),
                                  [2] = factors.failed ? "" : (const char *)factors.p};
    words_sentence(&whole, texts[TEXT_METHOD_TEXT][v->language], text);
    buf_byte(&whole, 0);
    buf_text(out, "<div class=\"three\"><section><h2>");
    say(v, out, TEXT_NOT_SAID);
    buf_text(out, "</h2><p>");
    say(v, out, TEXT_NOT_SAID_TEXT);
    buf_text(out, "</p></section><section><h2>");
    say(v, out, TEXT_METHOD);
    buf_text(out, "</h2><p>");
    statement_escape(out, whole.failed ? "" : (const char *)whole.p);
    buf_text(out, "</p></section></div>");
    buf_free(&factors);
    buf_free(&whole);
}

static void write_foot(const struct statement_view *v, struct buf *out)
{
    char at[32];
    instant_format(v->board->at_ms * 1000, 0, at);
    buf_text(out, "<footer><span>");
    say(v, out, TEXT_HASH);
    buf_format(out, " " HASH_MARK "%s</code></span><span>", zeros);
    say(v, out, TEXT_AGAIN);
    buf_format(
        out,
        " <code>masar operation statement %s --at %s --lang %s</code> <bdi class=\"t\">(%s)</bdi>"
        "</span></footer>",
        v->board->o->key, at, language_key(v->language), v->program);
    buf_text(out, "</body></html>\n");
}

enum err statement_write(const struct statement_view *v, struct buf *out)
{
    write_head(v, out);
    enum err e = write_lead(v, out);
    write_table(v, out);
    buf_text(out, "<section><h2>");
    say(v, out, TEXT_FORECAST);
    buf_text(out, "</h2><p>");
    board_sentence(v->board, v->language, out);
    buf_text(out, "</p></section>");
    e = e ? e : write_claims(v, out);
    write_method(v, out);
    write_foot(v, out);
    return e ? e : out->failed ? ERR_MEMORY : ERR_OK;
}

/* ---- what a page tells of itself ---- */

static const char *find(const void *page, size_t n, const char *mark)
{
    const char *at = page;
    const size_t length = strlen(mark);
    while (n >= length) {
        const char *next = memchr(at, mark[0], n - length + 1);
        if (!next) {
            return NULL;
        }
        if (memcmp(next, mark, length) == 0) {
            return next + length;
        }
        n -= (size_t)(next + 1 - at);
        at = next + 1;
    }
    return NULL;
}

size_t statement_hash_at(const void *page, size_t n)
{
    const char *at = find(page, n, HASH_MARK);
    const size_t i = at ? (size_t)(at - (const char *)page) : SIZE_MAX;
    return at && n - i >= STATEMENT_HASH_DIGITS ? i : SIZE_MAX;
}

bool statement_program(const void *page, size_t n, char out[STATEMENT_PROGRAM_MAX])
{
    const char *at = find(page, n, PROGRAM_MARK);
    size_t k = 0;
    while (at && at + k < (const char *)page + n && k < STATEMENT_PROGRAM_MAX - 1 && at[k] != '"') {
        out[k] = at[k];
        k++;
    }
    out[k] = 0;
    return k > 0;
}

bool statement_read(const void *page, size_t n, char *key, int64_t *at_ms, unsigned *language,
                    int64_t *state, int64_t *edition)
{
    const char *at = find(page, n, MADE_MARK);
    char line[160] = "", when[40], lang[8];
    int64_t t_us;
    if (!at) {
        return false;
    }
    const size_t left = n - (size_t)(at - (const char *)page);
    const size_t length = strnlen(at, left < sizeof line ? left : sizeof line - 1);
    memcpy(line, at, length < sizeof line ? length : sizeof line - 1);
    if (sscanf(line, "%48s %39s %7s %" SCNd64 " %" SCNd64, key, when, lang, state, edition) != 5 ||
        instant_parse(when, &t_us)) {
        return false;
    }
    *at_ms = t_us / 1000;
    *language = language_find(lang);
    return *language < LANGUAGES;
}

/* ---- which flights ---- */

size_t statement_pick(const struct board_view *v, int64_t from_ms,
                      const struct match *out[STATEMENT_FLIGHTS])
{
    size_t n = 0;
    for (size_t i = v->m->n; i-- > 0 && n < STATEMENT_FLIGHTS;) {
        const struct match *m = &v->m->of[i];
        const bool late = m->s.on.hi_ms != SORTIE_NO_TIME && m->s.on.hi_ms >= from_ms;
        if (match_is_in(m) && (m->t_ms >= from_ms || late) &&
            (double)(m->leaves + m->arrives) >= 0.4) {
            out[n++] = m;
        }
    }
    for (size_t k = 0; k < n / 2; k++) { /* oldest first */
        const struct match *m = out[k];
        out[k] = out[n - 1 - k];
        out[n - 1 - k] = m;
    }
    return n;
}

#include "operation/words.h"

#include "base/instant.h"

#include <stdio.h>
#include <string.h>

#define ISOLATE     "\xe2\x81\xa6" /* U+2066, left to right */
#define ISOLATE_END "\xe2\x81\xa9" /* U+2069 */
#define DAY_MS      INT64_C(86400000)

static const char *const months[LANGUAGES][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
     "نوفمبر", "ديسمبر"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"}};

static const struct {
    const char *key, *adjective[LANGUAGES];
} bands[BANDS] = {{"observed", {"observed", "مرصود", "observé"}},
                  {"inferred", {"inferred", "مستنتَج", "déduit"}},
                  {"probable", {"probable", "مرجَّح", "probable"}},
                  {"possible", {"possible", "ممكن", "possible"}},
                  {"not_established", {"not established", "غير محدد", "non établi"}}};

static const double edges[] = {0.95, 0.70, 0.40};

enum band band_of(double p, bool observed)
{
    return observed && p >= edges[0] ? BAND_OBSERVED
           : p >= edges[0]           ? BAND_INFERRED
           : p >= edges[1]           ? BAND_PROBABLE
           : p >= edges[2]           ? BAND_POSSIBLE
                                     : BAND_OPEN;
}

const char *band_key(enum band b)
{
    return bands[b].key;
}

const char *band_adjective(enum band b, unsigned language)
{
    return bands[b].adjective[language];
}

unsigned words_percent(double p)
{
    unsigned n = (unsigned)(p * 100 + 0.5);
    for (unsigned k = 0; k < sizeof edges / sizeof *edges; k++) {
        if (p < edges[k] && (double)n >= edges[k] * 100) {
            n--;
        }
    }
    return n > 99 && p < 1 ? 99 : n;
}

void words_isolate(struct buf *b, const char *text)
{
    buf_text(b, ISOLATE);
    buf_text(b, text);
    buf_text(b, ISOLATE_END);
}

void words_date(struct buf *b, unsigned language, int64_t t_ms, bool year)
{
    const struct instant_parts p = instant_split(t_ms * 1000);
    const char *first = language == LANGUAGE_FR && p.day == 1 ? "er" : "";
    buf_format(b, "%d%s %s", p.day, first, months[language][p.month - 1]);
    if (year) {
        buf_format(b, " %d", p.year);
    }
}

void words_time(struct buf *b, int64_t t_ms)
{
    const struct instant_parts p = instant_split(t_ms * 1000);
    buf_format(b, ISOLATE "%02d:%02dZ" ISOLATE_END, p.hour, p.minute);
}

/* `1593.4` with what stands between groups of three, and before decimals. */
static void grouped(struct buf *b, unsigned language, double v, unsigned decimals)
{
    static const char *const group[LANGUAGES] = {",", ",", "\xe2\x80\xaf"};
    static const char *const point[LANGUAGES] = {".", ".", ","};
    char plain[48];
    const int n = snprintf(plain, sizeof plain, "%.*f", (int)(decimals > 6 ? 6 : decimals), v);
    const char *dot = strchr(plain, '.');
    const int whole = dot ? (int)(dot - plain) : n;
    for (int k = 0; k < whole; k++) {
        if (k > 0 && plain[k - 1] != '-' && (whole - k) % 3 == 0) {
            buf_text(b, group[language]);
        }
        buf_byte(b, (uint8_t)plain[k]);
    }
    if (dot) {
        buf_text(b, point[language]);
        buf_text(b, dot + 1);
    }
}

void words_number(struct buf *b, unsigned language, double v, unsigned decimals)
{
    buf_text(b, language == LANGUAGE_AR ? ISOLATE : "");
    grouped(b, language, v, decimals);
    buf_text(b, language == LANGUAGE_AR ? ISOLATE_END : "");
}

void words_range(struct buf *b, unsigned language, double low, double high, unsigned decimals)
{
    buf_text(b, language == LANGUAGE_AR ? ISOLATE : "");
    grouped(b, language, low, decimals);
    buf_text(b, "–");
    grouped(b, language, high, decimals);
    buf_text(b, language == LANGUAGE_AR ? ISOLATE_END : "");
}

void words_span(struct buf *b, unsigned language, int64_t lo_ms, int64_t hi_ms)
{
    static const char *const to[LANGUAGES] = {" to ", " إلى ", " au "};
    const struct instant_parts lo = instant_split(lo_ms * 1000), hi = instant_split(hi_ms * 1000);
    if (lo_ms / DAY_MS != hi_ms / DAY_MS) {
        words_date(b, language, lo_ms, false);
        buf_byte(b, ' ');
        words_time(b, lo_ms);
        buf_text(b, to[language]);
        words_date(b, language, hi_ms, false);
        buf_byte(b, ' ');
        words_time(b, hi_ms);
    } else if (hi_ms - lo_ms < 60000) {
        words_time(b, lo_ms);
    } else {
        buf_format(b, ISOLATE "%02d:%02d–%02d:%02dZ" ISOLATE_END, lo.hour, lo.minute, hi.hour,
                   hi.minute);
    }
}

void words_when(struct buf *b, unsigned language, int64_t lo_ms, int64_t hi_ms)
{
    if (lo_ms == INT64_MIN) {
        return;
    }
    if (lo_ms / DAY_MS == hi_ms / DAY_MS) {
        words_date(b, language, lo_ms, false);
        buf_byte(b, ' ');
    }
    words_span(b, language, lo_ms, hi_ms);
}

void words_sentence(struct buf *b, const char *sentence, const char *const text[10])
{
    for (const char *p = sentence; *p; p++) {
        if (*p == '%' && p[1] >= '1' && p[1] <= '9') {
            buf_text(b, text[p[1] - '0'] ? text[p[1] - '0'] : "");
            p++;
        } else {
            buf_byte(b, (uint8_t)*p);
        }
    }
}

void words_plain(struct buf *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->n;) {
        const bool mark = i + 3 <= b->n && b->p[i] == 0xe2 && b->p[i + 1] == 0x81 &&
                          b->p[i + 2] >= 0xa6 && b->p[i + 2] <= 0xa9; /* U+2066 … U+2069 */
        if (mark) {
            i += 3;
        } else {
            b->p[kept++] = b->p[i++];
        }
    }
    b->n = kept;
}

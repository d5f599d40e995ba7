/* Expected flights as CSV. */
#include "watch/expected.h"

#include "base/instant.h"
#include "identity/delimited.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { CALLSIGN, HEX, FROM, TO, OFF, ON, FUEL, REPORT, COLUMNS };

static const char *const column_names[COLUMNS] = {"callsign", "hex", "from", "to",
                                                  "off",      "on",  "fuel", "report_min"};

struct row {
    char text[COLUMNS][40];
    char *why;
    size_t why_size;
    uint64_t line;
    const struct airports *airports;
};

static bool no(const struct row *r, enum column c, const char *expected)
{
    snprintf(r->why, r->why_size, "line %llu, %s: '%s', where %s was expected",
             (unsigned long long)r->line, column_names[c], r->text[c], expected);
    return false;
}

static bool take_time(const struct row *r, enum column c, bool needed, int64_t *out)
{
    int64_t t_us;
    *out = KEPT_NO_TIME;
    if (!r->text[c][0] && !needed) {
        return true;
    }
    if (instant_parse(r->text[c], &t_us)) {
        return no(r, c, "a time as 2024-06-07T08:30Z");
    }
    *out = t_us / 1000;
    return true;
}

static bool take_airport(const struct row *r, enum column c, bool needed, char out[12])
{
    out[0] = '\0';
    if (!r->text[c][0] && !needed) {
        return true;
    }
    const uint32_t i =
        r->airports ? airport_find(r->airports, r->text[c], AIRPORT_TODAY) : AIRPORT_NONE;
    if (i == AIRPORT_NONE) {
        return no(r, c, "the code of an airport");
    }
    const struct airport *site = airport_at(r->airports, airport_at(r->airports, i)->site);
    snprintf(out, 12, "%s", site->code);
    return true;
}

static bool take_who(const struct row *r, struct watch_expected *e)
{
    const char *hex = r->text[HEX];
    char *end = NULL;
    e->address = hex[0] ? (uint32_t)strtoul(hex, &end, 16) : ADDRESS_NONE;
    if (hex[0] && (strlen(hex) != 6 || *end)) {
        return no(r, HEX, "an address of six hexadecimal digits");
    }
    if (strlen(r->text[CALLSIGN]) > 8 || (!hex[0] && !r->text[CALLSIGN][0])) {
        return no(r, CALLSIGN, "a call sign of at most 8 characters, or an address");
    }
    snprintf(e->callsign, sizeof e->callsign, "%s", r->text[CALLSIGN]);
    return true;
}

static bool take_row(const struct row *r, struct watch_expected *e)
{
    char *end;
    const double report = strtod(r->text[REPORT], &end);
    if (*end || report < 0 || report > 1440) {
        return no(r, REPORT, "minutes, 0 to 1440");
    }
    *e = (struct watch_expected){.report_ms = (int64_t)(report * 60000),
                                 .reported_ms = KEPT_NO_TIME};
    if (!take_who(r, e) || !take_airport(r, FROM, false, e->origin) ||
        !take_airport(r, TO, true, e->destination) || !take_time(r, OFF, true, &e->off_ms) ||
        !take_time(r, ON, true, &e->on_ms) || !take_time(r, FUEL, false, &e->fuel_ms)) {
        return false;
    }
    return e->on_ms > e->off_ms || no(r, ON, "a time after off");
}

bool watch_expected_read(char *text, size_t n, const struct airports *airports, int64_t first_id,
                         watch_expected_fn *out, void *ctx, char *why, size_t why_size)
{
    struct delimited d;
    struct row r = {.why = why, .why_size = why_size, .airports = airports};
    int column[COLUMNS];
    delimited_open(&d, text, n, ',', false);
    size_t fields = delimited_next(&d);
    for (int c = 0; c < COLUMNS; c++) {
        column[c] = fields ? delimited_column(&d, fields, column_names[c]) : -1;
    }
    if (column[TO] < 0 || column[OFF] < 0 || column[ON] < 0 ||
        (column[CALLSIGN] < 0 && column[HEX] < 0)) {
        snprintf(why, why_size, "the first line must name callsign or hex, and to, off, on");
        return false;
    }
    for (int64_t id = first_id; (fields = delimited_next(&d)) > 0; id++) {
        struct watch_expected e;
        r.line = d.row_line;
        for (int c = 0; c < COLUMNS; c++) {
            r.text[c][0] = '\0';
            if (column[c] >= 0 && (size_t)column[c] < fields && column[c] < DELIMITED_FIELDS) {
                (void)delimited_copy(d.field[column[c]], r.text[c], sizeof r.text[c]);
            }
        }
        if (!take_row(&r, &e)) {
            return false;
        }
        e.id = id;
        if (!out(ctx, &e)) {
            snprintf(why, why_size, "line %llu cannot be kept", (unsigned long long)r.line);
            return false;
        }
    }
    return true;
}

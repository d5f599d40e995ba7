#include "identity/military.h"

#include "identity/delimited.h"

#include <stdbool.h>
#include <stdlib.h>

struct range {
    uint32_t from, to;
    bool military;
};

struct military_ranges {
    size_t n;
    struct range row[MILITARY_ROWS_MAX];
};

static struct delimited_field column(const struct delimited *d, size_t fields, int at)
{
    const bool there = at >= 0 && (size_t)at < fields && at < DELIMITED_FIELDS;
    return there ? d->field[at] : (struct delimited_field){"", 0};
}

static bool is_address(struct delimited_field f, uint32_t *out)
{
    char text[8], *end;
    if (f.n != 6 || !delimited_copy(f, text, sizeof text)) {
        return false;
    }
    *out = (uint32_t)strtoul(text, &end, 16);
    return *end == 0 && text[0] != '-' && text[0] != '+' && text[0] != ' ';
}

static bool read_row(const struct delimited *d, size_t fields, const int at[3], struct range *out)
{
    const struct delimited_field to = column(d, fields, at[1]);
    const struct delimited_field military = column(d, fields, at[2]);
    if (!is_address(column(d, fields, at[0]), &out->from) ||
        (to.n > 0 && !is_address(to, &out->to)) || military.n != 1 ||
        (military.p[0] != '0' && military.p[0] != '1')) {
        return false;
    }
    out->to = to.n > 0 ? out->to : out->from;
    out->military = military.p[0] == '1';
    return out->from <= out->to;
}

enum err military_ranges_new(char *rows, size_t n, struct military_ranges **out, uint32_t *bad)
{
    struct delimited d;
    uint32_t wrong = 0;
    delimited_open(&d, rows, n, ',', false);
    const size_t head = delimited_next(&d);
    const int at[3] = {delimited_column(&d, head, "from"), delimited_column(&d, head, "to"),
                       delimited_column(&d, head, "military")};
    *out = NULL;
    if (at[0] < 0 || at[2] < 0) {
        return ERR_SYNTAX;
    }
    struct military_ranges *r = calloc(1, sizeof *r);
    if (!r) {
        return ERR_MEMORY;
    }
    for (size_t fields; (fields = delimited_next(&d));) {
        if (r->n < MILITARY_ROWS_MAX && read_row(&d, fields, at, &r->row[r->n])) {
            r->n++;
        } else {
            wrong++;
        }
    }
    if (bad) {
        *bad = wrong;
    }
    *out = r;
    return ERR_OK;
}

void military_ranges_free(struct military_ranges *r)
{
    free(r);
}

int military_ranges_say(const struct military_ranges *r, uint32_t address)
{
    for (size_t i = r ? r->n : 0; i-- > 0;) {
        if (address >= r->row[i].from && address <= r->row[i].to) {
            return r->row[i].military;
        }
    }
    return -1;
}

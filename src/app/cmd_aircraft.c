/* masar aircraft: who an aircraft is, and which source says so. */
#include "app/command.h"
#include "app/options.h"
#include "app/reference/identity_json.h"
#include "app/reference/reference.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAMED_MAX = 64, FOUND_MAX = 1000 };

struct aircraft_arguments {
    const char *dir, *callsign, *registration, *format;
    const char *hex[NAMED_MAX];
    int n;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct aircraft_arguments *a = state->input;
    switch (key) {
    case 'd':
        a->dir = arg;
        return 0;
    case 'c':
        a->callsign = arg;
        return 0;
    case 'r':
        a->registration = arg;
        return 0;
    case 'f':
        a->format = arg;
        if (strcmp(arg, "table") != 0 && strcmp(arg, "json") != 0) {
            argp_error(state, "--format is table or json, not '%s'", arg);
        }
        return 0;
    case ARGP_KEY_ARG:
        if (a->n == NAMED_MAX) {
            argp_error(state, "more than %d addresses at once", NAMED_MAX);
        }
        if (strlen(arg) != 6 || strspn(arg, "0123456789abcdefABCDEF") != 6) {
            argp_error(state, "'%s' is no address: six hexadecimal digits, as ae145a", arg);
        }
        a->hex[a->n++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (!a->n && !a->registration) {
            argp_error(state, "write addresses or --registration R");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void put_line(const char *name, const char *value, const char *source, const char *date)
{
    if (*value) {
        printf("  %-14s %s", name, value);
        if (*source) {
            printf("  (%s%s%s)", source, *date ? " " : "", date);
        }
        putchar('\n');
    }
}

/* What each source says of each field that has more than one answer. */
static void put_conflicts(const struct identity_book *b, const struct identity *i)
{
    for (int f = 0; f < IDENTITY_FIELDS; f++) {
        for (unsigned k = 0; i->conflicts >> f & 1 && k < b->lists; k++) {
            struct aircraft_row row;
            char room[8];
            const char *said = aircraft_find(b->list[k], i->address, &row)
                                   ? identity_said(&row, (enum identity_field)f, room)
                                   : "";
            if (*said && i->source[f] != k) {
                printf("  ! %-12s %s  (%s %s)\n", identity_field_name((enum identity_field)f), said,
                       aircraft_source(b->list[k]), aircraft_date(b->list[k]));
            }
        }
    }
}

static void put_field(const struct identity_book *b, const struct identity *i,
                      enum identity_field f, const char *value)
{
    const uint8_t k = i->source[f];
    const bool listed = k < b->lists;
    put_line(identity_field_name(f), value,
             k == IDENTITY_DERIVED ? "derived from the address"
             : listed              ? aircraft_source(b->list[k])
                                   : "",
             listed ? aircraft_date(b->list[k]) : "");
}

static void put_kind(const struct identity *i)
{
    if (i->kind) {
        printf("  %-14s %s, %s", "is a", i->kind->name, i->kind->class_code);
        printf("%s%s\n", i->kind->kind ? ", " : "", type_kind_key((enum type_kind)i->kind->kind));
    }
    if (i->lift) {
        printf("  %-14s %.1f / %.1f / %.1f t, %u seats, %u pallets  (%s)\n", "may lift",
               i->lift->low_kg / 1000.0, i->lift->plan_kg / 1000.0, i->lift->max_kg / 1000.0,
               i->lift->seats_plan, i->lift->pallets, i->lift->edition);
    }
}

static void put_card(const struct identity_book *b, const struct identity *i)
{
    char year[8] = "";
    if (i->year) {
        snprintf(year, sizeof year, "%u", i->year);
    }
    printf("%06x\n", i->address);
    put_line("country", i->country, *i->country ? "of the address" : "", "");
    put_field(b, i, IDENTITY_REGISTRATION, i->registration);
    put_field(b, i, IDENTITY_TYPE, i->type);
    put_field(b, i, IDENTITY_DESCRIPTION, i->description);
    put_field(b, i, IDENTITY_OWNER, i->owner);
    put_field(b, i, IDENTITY_YEAR, year);
    put_kind(i);
    if (i->has_operator) {
        put_line("operator", i->operator.name, "of the call sign", "");
    }
    if (i->military) {
        printf("  %-14s yes  (by", "military");
        for (unsigned bit = 1; bit <= MILITARY_BY_TYPE; bit <<= 1) {
            printf("%s%s", i->military & bit ? " " : "",
                   i->military & bit ? military_why_text(bit) : "");
        }
        puts(")");
    }
    if (!i->listed) {
        puts("  in no list of aircraft");
    }
    put_conflicts(b, i);
}

static void tell(const struct aircraft_arguments *a, const struct identity_book *b,
                 uint32_t address)
{
    struct identity i;
    identity_look(b, address, a->callsign, OPERATOR_NO_DAY, &i);
    if (strcmp(a->format, "json") == 0) {
        struct buf out = {0};
        identity_json_write(&out, b, &i);
        if (!out.failed) {
            printf("%.*s\n", (int)out.n, (const char *)out.p);
        }
        buf_free(&out);
    } else {
        put_card(b, &i);
    }
}

/* Every address some source gives this registration, each once, in the order of the sources. */
static int tell_registration(const struct aircraft_arguments *a, const struct identity_book *b)
{
    uint32_t found[FOUND_MAX];
    int n = 0;
    for (unsigned k = 0; k < b->lists; k++) {
        for (uint32_t i = 0; i < aircraft_count(b->list[k]) && n < FOUND_MAX; i++) {
            const struct aircraft_row row = aircraft_row_at(b->list[k], i);
            if (strcasecmp(row.registration, a->registration) != 0) {
                continue;
            }
            bool again = false;
            for (int j = 0; j < n; j++) {
                again |= found[j] == row.address;
            }
            if (!again) {
                found[n++] = row.address;
                tell(a, b, row.address);
            }
        }
    }
    return n;
}

int cmd_aircraft(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"data", 'd', "DIR", 0, "the folder of reference data (docs/IDENTITY.md)", 0},
        {"callsign", 'c', "C", 0, "the call sign it is heard with: its operator", 0},
        {"registration", 'r', "R", 0, "every address a source gives this registration", 0},
        {"format", 'f', "FORM", 0, "table (default) or json, an object a line", 0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "HEX...",
        .doc = "prints who an aircraft is, each value with its source and date; a line that begins "
               "with ! is what another source says. Exit status 1: no source knows any of them.",
    };
    struct aircraft_arguments a = {.format = "table"};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    struct reference *r = reference_open(a.dir);
    if (!r) {
        fprintf(stderr, "masar aircraft: out of memory\n");
        return EXIT_COULD_NOT;
    }
    const struct identity_book *b = reference_book(r);
    if (*reference_why(r)) {
        fprintf(stderr, "masar aircraft: %s\n", reference_why(r));
    }
    int known = a.registration ? tell_registration(&a, b) : 0;
    for (int i = 0; i < a.n; i++) {
        const uint32_t address = (uint32_t)strtoul(a.hex[i], NULL, 16);
        struct identity id;
        identity_look(b, address, NULL, OPERATOR_NO_DAY, &id);
        known += id.listed;
        tell(&a, b, address);
    }
    reference_close(r);
    return known ? EXIT_DONE : EXIT_COULD_NOT;
}

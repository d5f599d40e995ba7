#define _GNU_SOURCE /* strcasestr */
#include "identity/identity.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *military_why_text(unsigned bit)
{
    switch (bit) {
    case MILITARY_BY_FLAG:
        return "flag";
    case MILITARY_BY_RANGE:
        return "range";
    case MILITARY_BY_OWNER:
        return "owner";
    case MILITARY_BY_CALLSIGN:
        return "callsign";
    case MILITARY_BY_TYPE:
        return "type";
    default:
        return "";
    }
}

const char *identity_field_name(enum identity_field f)
{
    static const char *const names[IDENTITY_FIELDS] = {
        [IDENTITY_REGISTRATION] = "registration",
        [IDENTITY_TYPE] = "type",
        [IDENTITY_DESCRIPTION] = "description",
        [IDENTITY_OWNER] = "owner",
        [IDENTITY_YEAR] = "year",
    };
    return (unsigned)f < IDENTITY_FIELDS ? names[f] : "";
}

const char *identity_said(const struct aircraft_row *row, enum identity_field f, char *room)
{
    switch (f) {
    case IDENTITY_REGISTRATION:
        return row->registration;
    case IDENTITY_TYPE:
        return row->type;
    case IDENTITY_DESCRIPTION:
        return row->description;
    case IDENTITY_OWNER:
        return row->owner;
    default:
        room[0] = 0;
        if (row->year) {
            snprintf(room, 8, "%u", row->year);
        }
        return room;
    }
}

static bool owner_is_military(const char *owner)
{
    static const char *const texts[] = {
#define MILITARY_OWNER(text) text,
#include "identity/military_owner.def"
    };
    for (size_t i = 0; *owner && i < sizeof texts / sizeof *texts; i++) {
        if (strcasestr(owner, texts[i])) {
            return true;
        }
    }
    return false;
}

static void set(struct identity *i, enum identity_field f, const struct aircraft_row *row)
{
    switch (f) {
    case IDENTITY_REGISTRATION:
        snprintf(i->registration, sizeof i->registration, "%s", row->registration);
        break;
    case IDENTITY_TYPE:
        i->type = row->type;
        break;
    case IDENTITY_DESCRIPTION:
        i->description = row->description;
        break;
    case IDENTITY_OWNER:
        i->owner = row->owner;
        break;
    default:
        i->year = row->year;
        break;
    }
}

/* What another source says of a field that has its value already. */
static bool differs(const struct identity *i, enum identity_field f, const struct aircraft_row *row)
{
    char room[8];
    const char *said = identity_said(row, f, room);
    switch (f) {
    case IDENTITY_REGISTRATION:
        return strcasecmp(i->registration, said) != 0;
    case IDENTITY_TYPE:
        return strcmp(i->type, said) != 0;
    case IDENTITY_DESCRIPTION:
        return strcasecmp(i->description, said) != 0;
    case IDENTITY_OWNER:
        return strcasecmp(i->owner, said) != 0;
    default:
        return i->year != row->year;
    }
}

static void hear(struct identity *i, unsigned list, const struct aircraft_row *row)
{
    char room[8];
    i->listed = true;
    i->flags |= row->flags;
    i->military |= row->flags & AIRCRAFT_MILITARY ? MILITARY_BY_FLAG : 0;
    for (int f = 0; f < IDENTITY_FIELDS; f++) {
        if (!*identity_said(row, (enum identity_field)f, room)) {
            continue;
        }
        if (i->source[f] == IDENTITY_NO_SOURCE) {
            set(i, (enum identity_field)f, row);
            i->source[f] = (uint8_t)list;
        } else if (differs(i, (enum identity_field)f, row)) {
            i->conflicts |= (uint8_t)(1U << f);
        }
    }
}

void identity_look(const struct identity_book *b, uint32_t address, const char *callsign,
                   int32_t day, struct identity *out)
{
    *out = (struct identity){.address = address,
                             .type = "",
                             .description = "",
                             .owner = "",
                             .country = address_country(address)};
    memset(out->source, IDENTITY_NO_SOURCE, sizeof out->source);
    for (unsigned i = 0; i < b->lists; i++) {
        struct aircraft_row row;
        if (aircraft_find(b->list[i], address, &row)) {
            hear(out, i, &row);
        }
    }
    if (out->source[IDENTITY_REGISTRATION] == IDENTITY_NO_SOURCE &&
        address_registration(address, out->registration)) {
        out->source[IDENTITY_REGISTRATION] = IDENTITY_DERIVED;
    }
    if (b->types && *out->type) {
        out->kind = type_find(b->types, out->type);
        out->lift = lift_find(b->types, out->type);
    }
    out->has_operator =
        callsign && *callsign && operator_of_callsign(b->operators, callsign, day, &out->operator);
    const int said = military_ranges_say(b->ranges, address);
    out->military |= said > 0 || (said < 0 && address_is_military(address)) ? MILITARY_BY_RANGE : 0;
    out->military |= owner_is_military(out->owner) ? MILITARY_BY_OWNER : 0;
    out->military |= out->has_operator && out->operator.military ? MILITARY_BY_CALLSIGN : 0;
    out->military |= out->kind && out->kind->military ? MILITARY_BY_TYPE : 0;
    out->flags |= out->military ? AIRCRAFT_MILITARY : 0;
}

#include "app/reference/identity_json.h"

#include <stdio.h>
#include <string.h>

enum { CODE_MAX = 8 };

static void key(struct buf *b, const char *name)
{
    if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[') {
        buf_byte(b, ',');
    }
    buf_json_string(b, name, strlen(name));
    buf_byte(b, ':');
}

static void text(struct buf *b, const char *name, const char *value)
{
    if (*value) {
        key(b, name);
        buf_json_string(b, value, strlen(value));
    }
}

/* {"value":…,"source":…,"date":…} for each source that says something of a field. */
static void put_said(struct buf *b, const struct identity_book *book, const struct identity *i,
                     enum identity_field f)
{
    key(b, identity_field_name(f));
    buf_byte(b, '[');
    if (i->source[f] == IDENTITY_DERIVED) {
        buf_byte(b, '{');
        text(b, "value", i->registration);
        text(b, "source", "derived");
        buf_byte(b, '}');
    }
    for (unsigned k = 0; k < book->lists; k++) {
        struct aircraft_row row;
        char room[8];
        if (!aircraft_find(book->list[k], i->address, &row)) {
            continue;
        }
        const char *said = identity_said(&row, f, room);
        if (*said) {
            if (b->n && b->p[b->n - 1] == '}') {
                buf_byte(b, ',');
            }
            buf_byte(b, '{');
            text(b, "value", said);
            text(b, "source", aircraft_source(book->list[k]));
            text(b, "date", aircraft_date(book->list[k]));
            buf_byte(b, '}');
        }
    }
    buf_byte(b, ']');
}

static void put_lift(struct buf *b, const struct aircraft_lift *l)
{
    key(b, "lift");
    buf_format(b,
               "{\"low_kg\":%u,\"plan_kg\":%u,\"max_kg\":%u,\"seats_plan\":%u,\"seats_max\":%u,"
               "\"pallets\":%u,\"block_kt\":%u,\"ground_min\":%u",
               l->low_kg, l->plan_kg, l->max_kg, l->seats_plan, l->seats_max, l->pallets,
               l->block_kt, l->ground_min);
    text(b, "edition", l->edition);
    buf_byte(b, '}');
}

static void put_list(struct buf *b, const char *name, unsigned bits,
                     const char *(*word)(unsigned bit))
{
    if (!bits) {
        return;
    }
    key(b, name);
    buf_byte(b, '[');
    for (unsigned bit = 1, any = 0; bit <= 0x80; bit <<= 1) {
        if (bits & bit) {
            buf_text(b, any++ ? "," : "");
            buf_json_string(b, word(bit), strlen(word(bit)));
        }
    }
    buf_byte(b, ']');
}

static const char *field_of_bit(unsigned bit)
{
    return identity_field_name((enum identity_field)__builtin_ctz(bit));
}

static void put_kind(struct buf *b, const struct identity *i)
{
    if (i->kind) {
        text(b, "type_name", i->kind->name);
        text(b, "class", i->kind->class_code);
        text(b, "kind", type_kind_key((enum type_kind)i->kind->kind));
    }
    if (i->lift) {
        put_lift(b, i->lift);
    }
}

void identity_json_write(struct buf *b, const struct identity_book *book, const struct identity *i)
{
    const uint8_t address[3] = {(uint8_t)(i->address >> 16), (uint8_t)(i->address >> 8),
                                (uint8_t)i->address};
    buf_text(b, "{\"hex\":\"");
    buf_hex(b, address, sizeof address);
    buf_byte(b, '"');
    text(b, "country", i->country);
    text(b, "r", i->registration);
    key(b, "r_derived");
    buf_text(b, i->source[IDENTITY_REGISTRATION] == IDENTITY_DERIVED ? "true" : "false");
    text(b, "t", i->type);
    text(b, "desc", i->description);
    text(b, "ownOp", i->owner);
    if (i->year) {
        key(b, "year");
        buf_format(b, "\"%u\"", i->year);
    }
    key(b, "dbFlags");
    buf_format(b, "%u", i->flags);
    put_list(b, "military", i->military, military_why_text);
    if (i->has_operator) {
        text(b, "operator", i->operator.name);
        text(b, "operator_country", i->operator.country);
        text(b, "telephony", i->operator.telephony);
        key(b, "operator_state");
        buf_text(b, i->operator.state ? "true" : "false");
    }
    put_kind(b, i);
    put_list(b, "conflicts", i->conflicts, field_of_bit);
    key(b, "said");
    buf_byte(b, '{');
    for (int f = 0; f < IDENTITY_FIELDS; f++) {
        put_said(b, book, i, (enum identity_field)f);
    }
    buf_text(b, "}}");
}

void identity_json_types(struct buf *b, const struct types *t)
{
    buf_text(b, "{\"types\":[");
    for (size_t i = 0; t && i < types_count(t); i++) {
        const struct aircraft_type *row = type_at(t, i);
        const struct aircraft_lift *lift = lift_find(t, row->designator);
        const char wake[2] = {row->wake, 0};
        buf_text(b, i ? ",\n{" : "\n{");
        text(b, "t", row->designator);
        text(b, "name", row->name);
        text(b, "class", row->class_code);
        text(b, "wake", wake);
        text(b, "kind", type_kind_key((enum type_kind)row->kind));
        key(b, "military");
        buf_text(b, row->military ? "true" : "false");
        if (lift) {
            put_lift(b, lift);
        }
        buf_byte(b, '}');
    }
    buf_text(b, "]}\n");
}

/* Whose call sign begins so: as one with a number behind it, or, of those that hold their digit, as
   it is. */
static bool find_operator(const struct operators *o, const char *code, int32_t day,
                          struct operator_row *out)
{
    char callsign[CODE_MAX + 2];
    snprintf(callsign, sizeof callsign, "%s1", code);
    return (operator_of_callsign(o, callsign, day, out) ||
            operator_of_callsign(o, code, day, out)) &&
           strcmp(out->prefix, code) == 0;
}

void identity_json_operators(struct buf *b, const struct operators *o, const char *codes,
                             int32_t day)
{
    const char *comma = "\n";
    buf_text(b, "{\"operators\":[");
    for (const char *p = codes; *p; p += strspn(p, ",")) {
        const size_t n = strcspn(p, ",");
        char code[CODE_MAX + 1] = "";
        struct operator_row row;
        memcpy(code, p, n <= CODE_MAX ? n : 0);
        p += n;
        if (!*code || !find_operator(o, code, day, &row)) {
            continue;
        }
        buf_text(b, comma);
        buf_byte(b, '{');
        text(b, "code", row.prefix);
        text(b, "name", row.name);
        text(b, "country", row.country);
        text(b, "telephony", row.telephony);
        key(b, "state");
        buf_text(b, row.state ? "true" : "false");
        key(b, "military");
        buf_text(b, row.military ? "true}" : "false}");
        comma = ",\n";
    }
    buf_text(b, "]}\n");
}

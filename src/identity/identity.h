/* Who an aircraft is: what every source says of its address, which of it counts and why, what the
   address, the call sign and the type add. Sources are never merged into each other: each value
   keeps its own, and where two differ the answer says so. Pure; a book is made of borrowed views
   and does not change, so any thread may read it. */
#ifndef MASAR_IDENTITY_IDENTITY_H
#define MASAR_IDENTITY_IDENTITY_H

#include "identity/address.h"
#include "identity/aircraft.h"
#include "identity/military.h"
#include "identity/operator.h"
#include "identity/type.h"

enum { IDENTITY_SOURCES = 16, IDENTITY_NO_SOURCE = 255, IDENTITY_DERIVED = 254 };

/* What the book reads from; all borrowed. */
struct identity_book {
    const struct aircraft_list *list[IDENTITY_SOURCES]; /* in the order they count, the user's own
                                                           first, then the newest */
    unsigned lists;
    const struct types *types;            /* NULL: none */
    const struct operators *operators;    /* NULL: our own table alone */
    const struct military_ranges *ranges; /* NULL: those that are built in alone */
};

enum identity_field {
    IDENTITY_REGISTRATION,
    IDENTITY_TYPE,
    IDENTITY_DESCRIPTION,
    IDENTITY_OWNER,
    IDENTITY_YEAR,
    IDENTITY_FIELDS
};

/* Why it is taken for military; any one is enough. */
enum military_why {
    MILITARY_BY_FLAG = 1,     /* a source says so */
    MILITARY_BY_RANGE = 2,    /* its address */
    MILITARY_BY_OWNER = 4,    /* the owner a source names */
    MILITARY_BY_CALLSIGN = 8, /* the call sign's operator */
    MILITARY_BY_TYPE = 16     /* a type only states fly */
};

/* "flag", "range", "owner", "callsign", "type" for one bit; "" for another value. */
const char *military_why_text(unsigned bit);

/* Texts are borrowed from the book, "" where not known. */
struct identity {
    uint32_t address;
    char registration[17];
    const char *type, *description, *owner;
    uint16_t year;
    uint8_t flags;    /* enum aircraft_flag: of every source, and military for any reason */
    uint8_t military; /* enum military_why */
    uint8_t source[IDENTITY_FIELDS]; /* whose value it is: index of the list; IDENTITY_DERIVED of a
                                        registration; IDENTITY_NO_SOURCE */
    uint8_t conflicts;   /* bit of each field of which another source says something else */
    bool listed;         /* some source knows the address */
    const char *country; /* of the address; ISO 3166-1 alpha-2 */
    bool has_operator;   /* of the call sign */
    struct operator_row operator;
    const struct aircraft_type *kind; /* NULL: type not known, or not in the table */
    const struct aircraft_lift *lift; /* NULL: none known */
};

/* callsign: NULL or "" where none is heard; day: since 1970, for whose call sign it was then
   (OPERATOR_NO_DAY: any). Under a microsecond with two sources. */
void identity_look(const struct identity_book *b, uint32_t address, const char *callsign,
                   int32_t day, struct identity *out);

/* What one source says of one field as text ("" nothing); room: at least 8 bytes, for years. */
const char *identity_said(const struct aircraft_row *row, enum identity_field f, char *room);

/* "registration", "type", … */
const char *identity_field_name(enum identity_field f);

#endif

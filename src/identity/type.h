/* Aircraft types by ICAO Doc 8643 designator: what they are, what they can do, what they may lift.
   The tables are type.def and lift.def with rows of the user's own over them. A designator is
   matched whole: C17 is not C172. Pure; a table never changes once made, so any thread may read
   it. */
#ifndef MASAR_IDENTITY_TYPE_H
#define MASAR_IDENTITY_TYPE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_kind {
#define KIND(name, key) KIND_##name,
#include "identity/kind.def"
    KINDS
};

/* "airlift_heavy"; "" for KIND_UNKNOWN. */
const char *type_kind_key(enum type_kind k);

struct aircraft_type {
    char designator[5];
    char class_code[4]; /* "L4J": landplane, four, jet; "" not known */
    char wake;          /* L M H J; 0 not known */
    uint8_t kind;       /* enum type_kind */
    bool military;      /* only states fly it */
    uint16_t cruise_kt, vmax_kt;
    uint16_t ceiling_fl;
    uint16_t climb_fpm, descent_fpm;
    uint16_t range_nm, endurance_h;
    uint16_t runway_ft; /* shortest it uses in practice */
    char name[48];
};

/* Lift of one sortie as low, plan and maximum: capability, never a load. */
struct aircraft_lift {
    char designator[5];
    uint32_t low_kg, plan_kg, max_kg;
    uint16_t seats_plan, seats_max, pallets;
    uint16_t block_kt, ground_min;
    char edition[80];
};

struct types; /* opaque */

/* The built-in tables with rows over them: CSV text with a header line naming the columns as the
   fields above are named (`designator` first of all), NULL for none. Rows that cannot be read are
   counted in *bad (may be NULL) and leave what was there. The texts are rewritten as they are read.
   ERR_SYNTAX: a text without a `designator` column; ERR_MEMORY. */
enum err types_new(char *type_rows, size_t type_bytes, char *lift_rows, size_t lift_bytes,
                   struct types **out, uint32_t *bad);
void types_free(struct types *t); /* NULL is fine */

/* NULL: not in the table. */
const struct aircraft_type *type_find(const struct types *t, const char *designator);
const struct aircraft_lift *lift_find(const struct types *t, const char *designator);

/* What an aircraft of a class does whose type is not in the table; class_code like "L2J", wake like
   'H' (0 not known). Every figure is set. */
struct aircraft_type type_of_class(const char *class_code, char wake);

size_t types_count(const struct types *t);
const struct aircraft_type *type_at(const struct types *t, size_t i);
size_t lifts_count(const struct types *t);
const struct aircraft_lift *lift_at(const struct types *t, size_t i);

#endif

/* Pieces the JSON writers share. */
#ifndef MASAR_WIRE_JSON_VALUE_H
#define MASAR_WIRE_JSON_VALUE_H

#include "base/buf.h"
#include "model/field.h"

#include <stdint.h>

/* `,"key":`; key is plain ASCII. */
void json_put_key(struct buf *b, const char *key);

/* A field's value in aircraft.json's form: a number, 0 or 1, a word, a list of words, four octal
   digits, "A3". flight: the eight characters for FIELD_FLIGHT. */
void json_put_field(struct buf *b, enum field f, int32_t v, const char *flight);

#endif

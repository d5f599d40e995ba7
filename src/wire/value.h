/* A quantity somebody says in words, checked before it is believed. */
#ifndef MASAR_WIRE_VALUE_H
#define MASAR_WIRE_VALUE_H

#include "model/message.h"
#include "wire/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Adds v, in the field's stored unit, where it is a value an aircraft can have; 360 degrees are 0.
   False: it was not, and is absent. */
bool value_add(struct message *m, enum field f, int64_t v);

/* The same from text in the field's printed unit. Empty text is absent. */
bool value_add_text(struct message *m, enum field f, struct text t);

/* Sets the place where both are numbers of degrees in range. */
bool value_add_place(struct message *m, struct text lat, struct text lon);

#endif

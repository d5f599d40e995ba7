/* What an ICAO address says by itself: the state it was allocated to, whether states are known to
   give its range to military aircraft, and, where a state makes addresses of registrations by rule,
   the registration. Pure. */
#ifndef MASAR_IDENTITY_ADDRESS_H
#define MASAR_IDENTITY_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ISO 3166-1 alpha-2; "" where no state has it. ICAO Annex 10 Volume III, Part I, Table 9-1. */
const char *address_country(uint32_t address);

/* Whether addresses of this state are known: two capital letters. */
bool address_has_country(const char *country);

/* In a range states are known to give to military aircraft. */
bool address_is_military(uint32_t address);

/* A 24-bit address an aircraft may have: not all zeros or ones (Annex 10 Volume III, Part
   I, 9.2.3), not beyond 24 bits. */
bool address_is_possible(uint32_t address);

enum { REGISTRATION_CHARS = 12 };

/* The registration this address would have by its state's rule. False: there is no rule, or the
   address is none that the rule gives. A derived registration may be wrong (docs/IDENTITY.md): say
   that it is derived. */
bool address_registration(uint32_t address, char out[REGISTRATION_CHARS]);

#endif

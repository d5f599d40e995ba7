/* A message: what one frame (or one line of a feed) says of one aircraft, as quantities of
   field.def. Only the first n items are set: clear a message with message_start, not with memset.
 */
#ifndef MASAR_MODEL_MESSAGE_H
#define MASAR_MODEL_MESSAGE_H

#include "model/field.h"
#include "model/frame.h"
#include "model/origin.h"

#include <stdbool.h>
#include <stdint.h>

enum { MESSAGE_ITEMS_MAX = 40 };

/* Bit 24 of an address: not an ICAO 24-bit address (written ~ in aircraft.json). */
#define ADDRESS_NON_ICAO UINT32_C(0x1000000)
#define ADDRESS_NONE     UINT32_MAX

enum message_parity {
    PARITY_OK,      /* the check is clean: the address and every bit are as sent */
    PARITY_ADDRESS, /* the check carries the address (DF 0 4 5 16 20 21 24): not verifiable by
                       itself */
    PARITY_ID,  /* DF11 whose check leaves an interrogator code of 1..79: clean but for those 7 bits
                 */
    PARITY_BAD, /* fails and cannot be repaired */
    PARITY_NONE /* did not come as a frame */
};

struct message_cpr {
    uint32_t lat, lon; /* 17 bits each (12-bit coarse TIS-B is shifted up by 5) */
    uint8_t odd;       /* 0 even, 1 odd */
    uint8_t surface;   /* 1: BDS 0,6 quarter-size zones */
    uint8_t coarse;    /* 1: TIS-B coarse, 12 bits */
    uint8_t present;
};

struct message_item {
    uint8_t field; /* enum field */
    int32_t value; /* in the row's unit times 10^decimals */
};

struct message {
    int64_t t_us; /* as frame.t_us */
    uint32_t
        address; /* 24 bits, perhaps with ADDRESS_NON_ICAO; ADDRESS_NONE if it cannot be told */
    uint16_t receiver; /* as frame.receiver */
    uint8_t flags;     /* enum frame_flag */
    uint8_t signal;    /* as frame.signal */
    uint8_t df;        /* downlink format 0..24; 32 Mode A/C; 255 did not come as a frame */
    uint8_t tc;        /* ADS-B type code 0..31; 255 if none */
    uint8_t bds;       /* register as 0xXY, BDS 4,0 is 0x40; 0 if none or not sure */
    uint8_t origin;    /* enum origin */
    uint8_t parity;    /* enum message_parity */
    uint8_t corrected; /* bits repaired */
    uint8_t n;         /* items set */
    bool has_place;    /* lat_e7 and lon_e7 are set (sources that send positions, not CPR) */
    bool whole;        /* of what a kept point holds it says all that is known: the rest is not */
    int32_t lat_e7, lon_e7;
    struct message_cpr cpr;
    char flight[8]; /* with the item FLIGHT: upper-case letters, digits, spaces; not NUL-terminated
                     */
    uint64_t payload; /* the 56 bits of ME (DF17 DF18 DF19), MB (DF20 DF21) or MV (DF16) */
    struct message_item item[MESSAGE_ITEMS_MAX];
};

/* Everything before item, set to "nothing said". */
static inline void message_start(struct message *m)
{
    m->address = ADDRESS_NONE;
    m->receiver = 0;
    m->flags = 0;
    m->signal = 0;
    m->df = m->tc = 255;
    m->bds = 0;
    m->origin = ORIGIN_UNKNOWN;
    m->parity = PARITY_NONE;
    m->corrected = 0;
    m->n = 0;
    m->has_place = m->whole = false;
    m->cpr.present = 0;
    m->payload = 0;
}

/* Adds a quantity; one too many is dropped, which no format of today reaches. */
static inline void message_add(struct message *m, enum field f, int32_t value)
{
    if (m->n < MESSAGE_ITEMS_MAX) {
        m->item[m->n].field = (uint8_t)f;
        m->item[m->n].value = value;
        m->n++;
    }
}

/* The value of a field, otherwise where the message does not say. */
static inline int32_t message_get(const struct message *m, enum field f, int32_t otherwise)
{
    for (unsigned i = 0; i < m->n; i++) {
        if (m->item[i].field == (uint8_t)f) {
            return m->item[i].value;
        }
    }
    return otherwise;
}

#endif

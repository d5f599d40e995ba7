/* A frame: the bits as received, when, how loud and by whom. */
#ifndef MASAR_MODEL_FRAME_H
#define MASAR_MODEL_FRAME_H

#include <stdint.h>

enum { FRAME_BYTES_MAX = 14, FRAME_SHORT = 7, FRAME_LONG = 14, FRAME_MODE_AC = 2 };

#define FRAME_NO_TICK UINT64_MAX

enum frame_flag {
    FRAME_ELAPSED = 1, /* t_us counts from an unknown start, not from 1970: print no time of day */
    FRAME_NO_TIME = 2, /* no time at all: no position from two frames may be made of it */
    FRAME_MLAT =
        4, /* Beast stamp FF 00 4D 4C 41 54: a result of multilateration, written as a squitter */
    FRAME_UAT = 8,        /* Beast stamp FF 00 4D 4C 41 55: made from a UAT message */
    FRAME_NO_FORWARD = 16 /* Beast stamp FF 00 4D 4C 41 60 */
};

struct frame {
    int64_t t_us;      /* time of reception, microseconds since 1970 (or see flags) */
    uint64_t tick;     /* the receiver's own 48-bit counter as sent, FRAME_NO_TICK if none */
    uint16_t receiver; /* number in the table of receivers; 0 is "not named" */
    uint8_t signal;    /* round(sqrt(power) * 255), full scale is 255; 0 is not known */
    uint8_t flags;     /* enum frame_flag */
    uint8_t n;         /* bytes: FRAME_MODE_AC, FRAME_SHORT or FRAME_LONG */
    uint8_t corrected; /* bits the demodulator has turned; 0 where nobody says */
    uint8_t byte[FRAME_BYTES_MAX];
};

#endif

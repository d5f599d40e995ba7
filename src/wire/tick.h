/* The 48 bits of a receiver's counter as Beast and AVR send them, and the few values of them that
   are no counter but say where a frame comes from (readsb's and mlat-client's convention). */
#ifndef MASAR_WIRE_TICK_H
#define MASAR_WIRE_TICK_H

#include "model/frame.h"

#include <stdint.h>

#define TICK_MLAT       UINT64_C(0xff004d4c4154) /* FF 00 "MLAT" */
#define TICK_UAT        UINT64_C(0xff004d4c4155)
#define TICK_NO_FORWARD UINT64_C(0xff004d4c4160)
#define TICK_ANY        UINT64_C(0xffffffffffff)
#define TICK_MAGIC_FROM UINT64_C(0xff0000000000) /* below it every value but 0 is a counter */

/* The counter, or FRAME_NO_TICK; adds the flags a value stands for. 0 is what receivers without a
   counter send. */
static inline uint64_t tick_read(uint64_t raw, uint8_t *flags)
{
    if (raw != 0 && raw < TICK_MAGIC_FROM) {
        return raw;
    }
    if (raw == TICK_MLAT || raw == TICK_UAT || raw == TICK_NO_FORWARD) {
        *flags |= raw == TICK_MLAT ? FRAME_MLAT : raw == TICK_UAT ? FRAME_UAT : FRAME_NO_FORWARD;
        return FRAME_NO_TICK;
    }
    return raw == 0 || raw == TICK_ANY ? FRAME_NO_TICK : raw;
}

/* What to send for a frame. One without a counter gets one made of its time, so that a reader has
   the elapsed time. */
static inline uint64_t tick_write(const struct frame *f)
{
    if (f->flags & FRAME_MLAT) {
        return TICK_MLAT;
    }
    if (f->flags & FRAME_UAT) {
        return TICK_UAT;
    }
    if (f->tick != FRAME_NO_TICK) {
        return f->tick & TICK_ANY;
    }
    return f->flags & FRAME_NO_TIME ? 0 : (uint64_t)f->t_us * 12 % TICK_MAGIC_FROM;
}

#endif

/* What UAT sends on the air: 1.041667 Mbit/s, continuous-phase frequency shift keying, a one 312.5
   kHz above the middle, a zero as far below, so that a bit turns the phase by 0.6 pi; 36 bits to
   find it by, then the coded bytes (DO-282B 2.2.2, 2.2.3). Shared by demodulator and renderer. */
#ifndef MASAR_RADIO_UAT_WAVE_H
#define MASAR_RADIO_UAT_WAVE_H

#include "model/uat_frame.h"

#include <stdint.h>

enum {
    UAT_SYNC_BITS = 36,
    UAT_SHORT_CODED = 30,
    UAT_LONG_CODED = 48,
    UAT_BLOCKS = 6,
    UAT_BLOCK_DATA = 72,
    UAT_BLOCK_CODED = 92,
    UAT_UPLINK_CODED = UAT_BLOCKS * UAT_BLOCK_CODED
};

/* Of ADS-B; an uplink's is its complement. First bit uppermost. */
#define UAT_SYNC_ADSB   UINT64_C(0xeacdda4e2)
#define UAT_SYNC_UPLINK UINT64_C(0x153225b1d)

#define UAT_BIT_HZ  (1e6 * 25 / 24)
#define UAT_TURN_PI 0.6 /* phase a bit turns, in pi */

/* Rates the demodulator and the renderer know: two samples a bit at least. */
#define UAT_RATE_MIN_HZ 2.0e6
#define UAT_RATE_MAX_HZ 20.0e6

#endif

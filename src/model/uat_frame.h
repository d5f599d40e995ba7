/* A UAT frame: the payload as received on 978 MHz, its Reed-Solomon bytes taken off, when, how loud
   and by whom. */
#ifndef MASAR_MODEL_UAT_FRAME_H
#define MASAR_MODEL_UAT_FRAME_H

#include <stdint.h>

/* Payload bytes: a basic and a long ADS-B message, and a ground uplink message (DO-282B 2.2.3). */
enum { UAT_SHORT = 18, UAT_LONG = 34, UAT_UPLINK = 432, UAT_BYTES_MAX = UAT_UPLINK };

#define UAT_NO_RSSI INT16_MIN

struct uat_frame {
    int64_t t_us;      /* time of reception, microseconds since 1970 (or see flags) */
    uint16_t receiver; /* as frame.receiver */
    uint8_t signal;    /* as frame.signal */
    uint8_t flags;     /* enum frame_flag */
    uint8_t corrected; /* bytes repaired by Reed-Solomon */
    int16_t rssi_ddb;  /* tenths of dBFS, UAT_NO_RSSI if not known */
    uint16_t n;        /* bytes: UAT_SHORT, UAT_LONG or UAT_UPLINK */
    uint8_t byte[UAT_BYTES_MAX];
};

#endif

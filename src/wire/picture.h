/* The live picture as bytes: a snapshot, then deltas of what changed, 2 to 4 bytes an aircraft.
 *
 * Both sides hold the same struct picture: for every slot the values as the client sees them
 * (quantized), and an integer estimate of where each aircraft will be, from which only the
 * difference is sent. All arithmetic is in integers and the same on both sides, so the client's
 * values are the server's, exactly, however long the connection lasts. Bytes: docs/WEBSOCKET.md.
 *
 * One thread. A picture owns its memory, which grows with the highest slot in use. */
#ifndef MASAR_WIRE_PICTURE_H
#define MASAR_WIRE_PICTURE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PICTURE_FORMAT = 2, PICTURE_HEADER = 28, PICTURE_SLOTS_MAX = 1 << 20 };

enum picture_flag {
    PICTURE_ALIVE = 1, /* the slot is in use; set by the picture itself */
    PICTURE_POSITION = 2,
    PICTURE_ALTITUDE = 4,
    PICTURE_SPEED = 8,
    PICTURE_TRACK = 16,
    PICTURE_RATE = 32,
    PICTURE_SQUAWK = 64,
    PICTURE_GROUND = 128,
    PICTURE_GEOMETRIC = 256, /* altitude is above the ellipsoid, not pressure altitude */
    PICTURE_ALERT = 512,
    PICTURE_SPI = 1024,
    PICTURE_SIMULATED = 2048
};

/* Who an aircraft is, as far as lists of aircraft, its address and its call sign tell. Texts are
   upper case, NUL-padded, all NUL where not known. */
struct picture_who {
    char type[4];          /* designator of ICAO Doc 8643 */
    char registration[10]; /* as a list says it, never one derived */
    char country[2];       /* of the address; ISO 3166-1 alpha-2 */
    uint8_t flags;         /* dbFlags: 1 military, 2 interesting, 4 PIA, 8 LADD */
    uint8_t operator_n;    /* so many first letters of the flight are its operator's code; 0 .. 7 */
};

/* One aircraft as sent. What is not flagged as known is 0. */
struct picture_item {
    int64_t position_ds; /* when it was there, tenths of a second since 1970 */
    int64_t seen_ds;     /* end of the interval in which it was last heard */
    uint32_t address;    /* 24 bits, perhaps with ADDRESS_NON_ICAO */
    int32_t lat_e5, lon_e5;
    int32_t altitude_ft;
    int32_t rate_32fpm; /* units of 32 ft/min */
    uint16_t speed_kt, track_deg;
    uint16_t flags; /* enum picture_flag */
    uint16_t squawk, receiver;
    uint8_t category, origin, emergency;
    char flight[8]; /* A-Z 0-9 and spaces within; NUL-padded */
    struct picture_who who;
};

struct picture;

struct picture *picture_new(void); /* empty; NULL: out of memory */
void picture_free(struct picture *p);

/* Writing: put every aircraft there is, in any order, then end the round. An aircraft not put since
   the last round is gone. False: slot is PICTURE_SLOTS_MAX or more, or out of memory. */
bool picture_put(struct picture *p, uint32_t slot, const struct picture_item *item);

/* Ends the round at now_ms and adds the delta that leads from the last one to it. Returns the
   number of records in it. */
uint32_t picture_delta(struct picture *p, int64_t now_ms, struct buf *out);

/* Adds all of it, as of the last round. */
void picture_snapshot(struct picture *p, struct buf *out);

/* The same in slices. The writer, the picture and out stay where they are until it is done, and out
   is touched by nobody else; until a delta is done the picture belongs to it: nothing is put, no
   snapshot begun. */
struct picture_writer;
struct picture_writer *picture_writer_new(void); /* NULL: out of memory */
void picture_writer_free(struct picture_writer *w);
void picture_write_delta(struct picture_writer *w, struct picture *p, int64_t now_ms,
                         struct buf *out);
void picture_write_snapshot(struct picture_writer *w, struct picture *p, struct buf *out);

/* Goes on over the next slots. True where some are left; else the message is complete. */
bool picture_write_some(struct picture_writer *w, uint32_t slots);

/* What reading a message changed. */
typedef void picture_change_fn(void *ctx, uint32_t slot, bool gone);

/* Reads one message. ERR_SHORT: cut; ERR_SYNTAX: not such a message, or values out of range;
   ERR_UNKNOWN: another format version; ERR_RANGE: a delta that does not follow what was read last;
   ERR_MEMORY. After an error the picture is empty until the next snapshot. change may be NULL. */
enum err picture_apply(struct picture *p, const uint8_t *bytes, size_t n, picture_change_fn *change,
                       void *ctx);

/* The aircraft in a slot, NULL if there is none. Borrowed until the next change. */
const struct picture_item *picture_get(const struct picture *p, uint32_t slot);
uint32_t picture_slots(const struct picture *p); /* one more than the highest slot used */
uint32_t picture_seq(const struct picture *p);   /* of the last round; 0 before the first */
int64_t picture_now_ms(const struct picture *p);

#endif

/** @file masar.h
 *  libmasar: decode Mode S and ADS-B frames, track aircraft, encode frames.
 *
 *  One header, a stable C interface: every machine is opaque and made by a `_new` call, quantities
 * are found by their name and carry their unit, so that a later libmasar with more of them serves a
 * program built against this one. No call keeps global state, reads a clock or touches a file;
 * different machines may be used from different threads at once.
 *
 *  Conventions: times are microseconds since 1970-01-01T00:00:00Z; places are degrees times 10^7,
 * WGS 84, north and east positive; a quantity is an integer that means value / 10^decimals in its
 * unit.
 */
#ifndef MASAR_H
#define MASAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes only when a program built against an older one would no longer work. */
#define MASAR_ABI 1

#if defined(__GNUC__)
#define MASAR_API __attribute__((visibility("default")))
#else
#define MASAR_API
#endif

/** The MASAR_ABI the library was built with. */
MASAR_API int masar_abi(void);

/** Version of the library, for example "0.1.0". */
MASAR_API const char *masar_version(void);

/* ---- Quantities
 * -------------------------------------------------------------------------------------------------
 */

/** Most quantities there can be; quantities are numbered from 0 without holes. */
MASAR_API int masar_quantity_count(void);

/** The number of the quantity with this name of aircraft.json ("alt_baro", "gs", "squawk" …), -1 if
 * there is none. Numbers hold for this library as loaded: look them up once at start, do not write
 * them down. */
MASAR_API int masar_quantity(const char *key);

/** Its name, unit ("" where it has none) and decimals; NULL and 0 for a number that is none. */
MASAR_API const char *masar_quantity_key(int quantity);
MASAR_API const char *masar_quantity_unit(int quantity);
MASAR_API int masar_quantity_decimals(int quantity);

/** The word for a value of a quantity of words ("emergency": "general"), NULL where it has none. */
MASAR_API const char *masar_quantity_word(int quantity, int32_t value);

/* ---- Decoding one frame
 * ----------------------------------------------------------------------------------------- */

/** What one frame says. Made once and used for any number of frames. */
struct masar_message;

/** What the 24 bits of parity tell. */
enum masar_parity {
    MASAR_PARITY_OK = 0,      /**< clean */
    MASAR_PARITY_ADDRESS = 1, /**< they carry the address: not verifiable by themselves */
    MASAR_PARITY_ID = 2,      /**< DF11 to an interrogator with a code: clean but for 7 bits */
    MASAR_PARITY_BAD = 3      /**< wrong, and not repaired */
};

/** NULL: out of memory. */
MASAR_API struct masar_message *masar_message_new(void);
MASAR_API void masar_message_free(struct masar_message *message);

/** Decodes one frame.
 *  @param frame        7 or 14 bytes as received, parity included
 *  @param n            7 or 14
 *  @param repair_bits  0, 1 or 2: most bits to repair by the parity
 *  @return 0, or -1 where n is neither 7 nor 14; every string of bits of those lengths is answered
 */
MASAR_API int masar_decode(struct masar_message *message, const uint8_t *frame, size_t n,
                           int repair_bits);

MASAR_API enum masar_parity masar_message_parity(const struct masar_message *message);
MASAR_API int masar_message_corrected(const struct masar_message *message); /**< bits repaired */
MASAR_API int masar_message_df(const struct masar_message *message); /**< downlink format, 0 … 24 */
MASAR_API int
masar_message_typecode(const struct masar_message *message); /**< 0 … 31, -1 where it has none */
MASAR_API int
masar_message_bds(const struct masar_message *message); /**< 0x40 is BDS 4,0; 0 unknown or unsure */
MASAR_API uint32_t masar_message_address(
    const struct masar_message *message); /**< 24 bits; bit 24: not an ICAO address */
MASAR_API const char *
masar_message_flight(const struct masar_message *message); /**< call sign, "" where it has none */

/** A quantity of the message. @return false where the frame does not say */
MASAR_API bool masar_message_get(const struct masar_message *message, int quantity, int32_t *value);

/* ---- Tracking
 * ---------------------------------------------------------------------------------------------------
 */

/** A table of aircraft. */
struct masar_tracker;

/** One aircraft, borrowed from the tracker until its next masar_tracker_expire. */
struct masar_track;

/** @param aircraft_max  most aircraft at once, 0 for 100,000. @return NULL: out of memory */
MASAR_API struct masar_tracker *masar_tracker_new(uint32_t aircraft_max);
MASAR_API void masar_tracker_free(struct masar_tracker *tracker);

/** Feeds one frame.
 *  @param t_us         time of reception
 *  @param receiver     any number of yours from 0 to 4095: who heard it
 *  @param repair_bits  0, 1 or 2
 *  @return the aircraft it was attributed to, NULL where to none (not yet) */
MASAR_API const struct masar_track *masar_tracker_frame(struct masar_tracker *tracker,
                                                        const uint8_t *frame, size_t n,
                                                        int64_t t_us, uint16_t receiver,
                                                        int repair_bits);

/** Forgets aircraft not heard for an hour before now; call about once a second. */
MASAR_API void masar_tracker_expire(struct masar_tracker *tracker, int64_t now_us);

/** The aircraft after this one, the first after NULL; NULL after the last. */
MASAR_API const struct masar_track *masar_tracker_next(const struct masar_tracker *tracker,
                                                       const struct masar_track *after);
MASAR_API const struct masar_track *masar_tracker_find(const struct masar_tracker *tracker,
                                                       uint32_t address);
MASAR_API size_t masar_tracker_count(const struct masar_tracker *tracker);

MASAR_API uint32_t masar_track_address(const struct masar_track *track);
MASAR_API const char *masar_track_flight(const struct masar_track *track); /**< "" if unknown */
MASAR_API uint32_t masar_track_messages(const struct masar_track *track);
MASAR_API int64_t masar_track_seen_us(const struct masar_track *track);

/** A quantity of an aircraft with where it came from. */
struct masar_value {
    int32_t value;
    uint16_t receiver;
    const char *origin; /**< "adsb_icao", "mode_s", "mlat" … the `type` words of aircraft.json */
    int64_t t_us;       /**< when it was said */
};

/** @return false where it was never said */
MASAR_API bool masar_track_get(const struct masar_track *track, int quantity,
                               struct masar_value *value);

/** The last accepted position. @return false where there is none */
MASAR_API bool masar_track_place(const struct masar_track *track, int32_t *lat_e7, int32_t *lon_e7,
                                 int64_t *t_us);

/* ---- Encoding
 * ---------------------------------------------------------------------------------------------------
 */

/** Each fills frame with 14 bytes of DF17, parity included. */

/** @param flight    up to 8 letters, digits, spaces
 *  @param category  0xa0 … 0xd7, as emitter category A0 … D7 */
MASAR_API void masar_encode_identification(uint32_t address, const char *flight, int category,
                                           uint8_t frame[14]);

/** Airborne position. @param odd which half of the CPR pair; send them in turn */
MASAR_API void masar_encode_position(uint32_t address, int32_t lat_e7, int32_t lon_e7,
                                     int32_t alt_baro_ft, bool odd, uint8_t frame[14]);

/** Ground speed and track. @param track_deg from 0 up to 360 @param vertical_rate_fpm up positive
 */
MASAR_API void masar_encode_velocity(uint32_t address, double gs_kt, double track_deg,
                                     int32_t vertical_rate_fpm, uint8_t frame[14]);

#ifdef __cplusplus
}
#endif

#endif

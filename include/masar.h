/** @file masar.h
 *  libmasar: decode Mode S and ADS-B frames, track aircraft, encode frames.
 *
 *  One header, a stable C interface. Machines are opaque and made by a `_new` call; quantities are
 *  found by their name and carry their unit, so that a later libmasar with more of them serves a
 *  program built against this one. No call keeps global state, reads a clock or touches a file.
 *  Different machines may be used by different threads at once, one machine by one at a time.
 *
 *  Conventions: times are microseconds since 1970-01-01T00:00:00Z; places are degrees times 10^7,
 *  WGS 84, north and east positive; a quantity is an integer that means value / 10^decimals in its
 *  unit; an address is 24 bits, with #MASAR_NON_ICAO where ICAO did not give them. Pointers are not
 *  NULL where this page does not allow it; strings are borrowed and end with a NUL.
 */
#ifndef MASAR_H
#define MASAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what the shared library offers. */
#if defined(__GNUC__)
#define MASAR_API __attribute__((visibility("default")))
#else
#define MASAR_API
#endif

#define MASAR_ABI        1 /**< changes only when a program built before would no longer work */
#define MASAR_UNKNOWN    INT32_MIN            /**< an altitude or rate that is not known */
#define MASAR_NON_ICAO   UINT32_C(0x1000000)  /**< bit 24 of an address: not one of ICAO's */
#define MASAR_NO_ADDRESS UINT32_C(0xffffffff) /**< an address that cannot be told */
#define MASAR_RECEIVERS  2048                 /**< receivers are numbered from 0 to one less */

/** The #MASAR_ABI the library was built with. */
MASAR_API int masar_abi(void);

/** Version of the library, for example "0.1.0". */
MASAR_API const char *masar_version(void);

/** @name Quantities
 *  @{ */

/** How many there are; they are numbered from 0 without holes. */
MASAR_API int masar_quantity_count(void);

/** The number of the quantity with this name of aircraft.json ("alt_baro", "gs", "squawk" …), -1 if
 *  there is none (or key is NULL). Look numbers up once at start; do not write them down: they hold
 *  for the library as loaded. */
MASAR_API int masar_quantity(const char *key);

/** Its name; NULL for a number that is no quantity. */
MASAR_API const char *masar_quantity_key(int quantity);

/** Its unit as printed ("ft"), "" where it has none; NULL for a number that is no quantity. */
MASAR_API const char *masar_quantity_unit(int quantity);

/** How many digits of its value stand behind the decimal point. */
MASAR_API int masar_quantity_decimals(int quantity);

/** The word for a value of a quantity of words ("emergency" 1: "general"), NULL where it has none.
 */
MASAR_API const char *masar_quantity_word(int quantity, int32_t value);

/** @}
 *  @name Decoding one frame
 *  @{ */

/** What one frame says. Made once and used for any number of frames. */
struct masar_message;

/** What the 24 bits of parity tell. */
enum masar_parity {
    MASAR_PARITY_OK = 0,      /**< clean */
    MASAR_PARITY_ADDRESS = 1, /**< they carry the address: not verifiable by themselves */
    MASAR_PARITY_ID = 2,      /**< DF11 to an interrogator with a code: clean but for 7 bits */
    MASAR_PARITY_BAD = 3      /**< wrong, and not repaired: for looking at, not for believing */
};

/** NULL: out of memory. */
MASAR_API struct masar_message *masar_message_new(void);

/** NULL is fine. */
MASAR_API void masar_message_free(struct masar_message *message);

/** Decodes one frame by itself. What needs what was heard before (positions, and which register a
 *  Comm-B reply is, where the reply alone does not decide) is the tracker's.
 *  @param message      gets the answer, whatever the bits
 *  @param frame        the bytes as received, parity included
 *  @param n            7 or 14
 *  @param repair_bits  0, 1 or 2: most bits to repair by the parity
 *  @return 0, or -1 where n is neither 7 nor 14 (frame is then not looked at) */
MASAR_API int masar_decode(struct masar_message *message, const uint8_t *frame, size_t n,
                           int repair_bits);

/** What its parity tells. */
MASAR_API enum masar_parity masar_message_parity(const struct masar_message *message);

/** Bits repaired. */
MASAR_API int masar_message_corrected(const struct masar_message *message);

/** Downlink format, 0 … 24; -1 before the first frame. */
MASAR_API int masar_message_df(const struct masar_message *message);

/** ADS-B type code, 0 … 31; -1 where it has none. */
MASAR_API int masar_message_typecode(const struct masar_message *message);

/** Register: 0x40 is BDS 4,0; 0 where there is none or it is not sure which. */
MASAR_API int masar_message_bds(const struct masar_message *message);

/** Address, #MASAR_NO_ADDRESS where it cannot be told. */
MASAR_API uint32_t masar_message_address(const struct masar_message *message);

/** Call sign, "" where it does not say. */
MASAR_API const char *masar_message_flight(const struct masar_message *message);

/** A quantity of the message. @return false where the frame does not say */
MASAR_API bool masar_message_get(const struct masar_message *message, int quantity, int32_t *value);

/** @}
 *  @name Tracking
 *  @{ */

/** A table of aircraft. */
struct masar_tracker;

/** One aircraft, borrowed from its tracker until the next masar_tracker_expire(). */
struct masar_track;

/** A quantity of an aircraft with where it came from. */
struct masar_value {
    int64_t t_us;       /**< when it was said, right to 66 ms */
    const char *origin; /**< "adsb_icao", "mode_s" …: the `type` words of aircraft.json */
    int32_t value;      /**< see masar_quantity_decimals() */
    uint16_t receiver;  /**< who heard it */
};

/** A position of an aircraft, believed or not. */
struct masar_fix {
    int64_t t_us;        /**< when */
    const char *origin;  /**< as in masar_value */
    const char *verdict; /**< "accepted", or why not: "too_fast", "out_of_range" … */
    uint32_t address;    /**< whose */
    int32_t lat_e7;      /**< degrees times 10^7 */
    int32_t lon_e7;      /**< degrees times 10^7, from -180 up to 180 */
    int32_t alt_baro_ft; /**< pressure altitude then, or #MASAR_UNKNOWN */
    uint16_t receiver;   /**< who heard it */
    bool ground;         /**< on the ground */
};

/** A point of an aircraft's trail. */
struct masar_point {
    int64_t t_us;        /**< when */
    int32_t lat_e7;      /**< degrees times 10^7 */
    int32_t lon_e7;      /**< degrees times 10^7 */
    int32_t alt_baro_ft; /**< or #MASAR_UNKNOWN */
    bool ground;         /**< on the ground */
    bool gap;            /**< nothing was heard on the way here from the point before */
};

/** A tracker of at most so many aircraft at once, 0 for 100,000. NULL: out of memory. */
MASAR_API struct masar_tracker *masar_tracker_new(uint32_t aircraft_max);

/** NULL is fine. */
MASAR_API void masar_tracker_free(struct masar_tracker *tracker);

/** Says where a receiver stands: needed for positions on the ground from the first one on, and it
 *  lets positions be refused that lie farther away than the receiver can hear.
 *  @return false where there is no such receiver or place; nothing is changed */
MASAR_API bool masar_tracker_receiver(struct masar_tracker *tracker, uint16_t receiver,
                                      int32_t lat_e7, int32_t lon_e7, int32_t alt_m);

/** Feeds one frame.
 *  @param tracker      takes it
 *  @param frame        the bytes as received, parity included
 *  @param n            7 or 14
 *  @param t_us         time of reception
 *  @param receiver     any number of yours below #MASAR_RECEIVERS: who heard it. A frame that
 *                      several heard is counted once.
 *  @param repair_bits  0, 1 or 2: most bits to repair; a repaired frame makes no new aircraft
 *  @return the aircraft it was attributed to, NULL where to none (not yet) */
MASAR_API const struct masar_track *masar_tracker_frame(struct masar_tracker *tracker,
                                                        const uint8_t *frame, size_t n,
                                                        int64_t t_us, uint16_t receiver,
                                                        int repair_bits);

/** The frame fed last as the tracker read it, that is with what is known of the aircraft; valid
 *  until the next frame. */
MASAR_API const struct masar_message *masar_tracker_message(const struct masar_tracker *tracker);

/** The position that the frame fed last gave, accepted or not. @return false where it gave none */
MASAR_API bool masar_tracker_fix(const struct masar_tracker *tracker, struct masar_fix *fix);

/** Forgets aircraft not heard for an hour before now; call about once a second. */
MASAR_API void masar_tracker_expire(struct masar_tracker *tracker, int64_t now_us);

/** The aircraft after this one, the first after NULL; NULL after the last. */
MASAR_API const struct masar_track *masar_tracker_next(const struct masar_tracker *tracker,
                                                       const struct masar_track *after);

/** The aircraft with this address, NULL if there is none. */
MASAR_API const struct masar_track *masar_tracker_find(const struct masar_tracker *tracker,
                                                       uint32_t address);

/** How many aircraft there are. */
MASAR_API size_t masar_tracker_count(const struct masar_tracker *tracker);

/** Positions that were not believed, newest first, of one aircraft or (#MASAR_NO_ADDRESS) of all.
 *  @return how many were written to fixes, at most max; the tracker keeps the last 4,096 */
MASAR_API size_t masar_tracker_rejected(const struct masar_tracker *tracker, uint32_t address,
                                        struct masar_fix *fixes, size_t max);

/** Its address. */
MASAR_API uint32_t masar_track_address(const struct masar_track *track);

/** Its call sign, "" if unknown. */
MASAR_API const char *masar_track_flight(const struct masar_track *track);

/** The best origin of the last minute: the `type` of aircraft.json. */
MASAR_API const char *masar_track_origin(const struct masar_track *track);

/** Frames attributed to it. */
MASAR_API uint32_t masar_track_messages(const struct masar_track *track);

/** When it was heard first. */
MASAR_API int64_t masar_track_first_us(const struct masar_track *track);

/** When it was heard last. */
MASAR_API int64_t masar_track_seen_us(const struct masar_track *track);

/** A quantity as last said. @return false where it was not said within half an hour */
MASAR_API bool masar_track_get(const struct masar_track *track, int quantity,
                               struct masar_value *value);

/** The same, only where the quantity still stands for the present at now_us: each has its own time
 *  to live (30 s for an altitude, 10 minutes for a category). */
MASAR_API bool masar_track_fresh(const struct masar_track *track, int quantity, int64_t now_us,
                                 struct masar_value *value);

/** The last accepted position. @return false where there is none */
MASAR_API bool masar_track_place(const struct masar_track *track, struct masar_fix *fix);

/** The last hour's way, thinned, oldest first.
 *  @return how many were written to points, at most max; 512 hold all of most flights */
MASAR_API size_t masar_track_trail(const struct masar_tracker *tracker,
                                   const struct masar_track *track, struct masar_point *points,
                                   size_t max);

/** @}
 *  @name Encoding
 *  Each call writes one frame, parity included, and returns its bytes: 7 or 14. It returns 0 and
 *  writes nothing where an argument has no place in the frame (an address of more than 24 bits, a
 *  latitude of 91 degrees). Altitudes from -1,000 to 126,700 ft or #MASAR_UNKNOWN.
 *  @{ */

/** DF17 with the 56 bits of any register: extended squitter. */
MASAR_API size_t masar_encode_squitter(uint32_t address, const uint8_t me[7], uint8_t frame[14]);

/** DF17: call sign and category.
 *  @param address   24 bits
 *  @param flight    up to 8 capital letters, digits, spaces; NULL: not known
 *  @param category  0xa0 … 0xd7, as emitter category A0 … D7
 *  @param frame     gets the frame */
MASAR_API size_t masar_encode_identification(uint32_t address, const char *flight, int category,
                                             uint8_t frame[14]);

/** DF17: position in the air, good to 186 m (NIC 8). odd: which half of the CPR pair; send them
 *  in turn. */
MASAR_API size_t masar_encode_position(uint32_t address, int32_t lat_e7, int32_t lon_e7,
                                       int32_t alt_baro_ft, bool odd, uint8_t frame[14]);

/** DF17: position on the ground, ground speed 0 … 175 kt and track. */
MASAR_API size_t masar_encode_surface(uint32_t address, int32_t lat_e7, int32_t lon_e7,
                                      double gs_kt, double track_deg, bool odd, uint8_t frame[14]);

/** DF17: ground speed (0 … 4,084 kt), track (0 up to 360) and vertical rate (up positive, or
 *  #MASAR_UNKNOWN). */
MASAR_API size_t masar_encode_velocity(uint32_t address, double gs_kt, double track_deg,
                                       int32_t vertical_rate_fpm, uint8_t frame[14]);

/** DF17: emergency state (0 none … 6, the values of the quantity "emergency") and Mode A code as
 *  its four octal digits: 07700. */
MASAR_API size_t masar_encode_emergency(uint32_t address, int emergency, int squawk,
                                        uint8_t frame[14]);

/** DF17: operational status of ADS-B version 2 with NACp (0 … 11) and SIL (0 … 3). */
MASAR_API size_t masar_encode_operational(uint32_t address, bool ground, int nac_p, int sil,
                                          uint8_t frame[14]);

/** DF11: all-call reply, to interrogator 0 … 15 (II) or 17 … 79 (SI plus 16). */
MASAR_API size_t masar_encode_all_call(uint32_t address, int interrogator, uint8_t frame[7]);

/** A surveillance, ACAS or Comm-B reply.
 *  @param df       0, 4 or 16, 20 with a pressure altitude in ft; 5 or 21 with a Mode A code
 *  @param address  24 bits
 *  @param code     the altitude or the four octal digits
 *  @param field    the 56 bits of DF 16, 20, 21; NULL for 0, 4, 5
 *  @param frame    gets 7 bytes of DF 0, 4, 5, else 14 */
MASAR_API size_t masar_encode_reply(int df, uint32_t address, int32_t code, const uint8_t *field,
                                    uint8_t *frame);

/** @} */

#ifdef __cplusplus
}
#endif

#endif

/* The installed C library: include/masar.h over modes/, track/ and encode/. Says nothing those
 * rooms do not. */
#include "masar.h"

#include "encode/encode.h"
#include "model/field.h"
#include "modes/decode.h"
#include "track/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct masar_message {
    struct message m;
    char flight[9];
};

struct masar_tracker {
    struct counters counters;
    struct tracker *tracker;
};

int masar_abi(void)
{
    return MASAR_ABI;
}

const char *masar_version(void)
{
    return MASAR_VERSION;
}

int masar_quantity_count(void)
{
    return FIELD_COUNT;
}

static bool is_quantity(int quantity)
{
    return quantity >= 0 && quantity < FIELD_COUNT;
}

int masar_quantity(const char *key)
{
    const enum field f = field_find(key);
    return f == FIELD_COUNT ? -1 : (int)f;
}

const char *masar_quantity_key(int quantity)
{
    return is_quantity(quantity) ? field_row[quantity].key : NULL;
}

const char *masar_quantity_unit(int quantity)
{
    return is_quantity(quantity) ? field_row[quantity].unit : NULL;
}

int masar_quantity_decimals(int quantity)
{
    return is_quantity(quantity) ? field_row[quantity].decimals : 0;
}

const char *masar_quantity_word(int quantity, int32_t value)
{
    if (!is_quantity(quantity) || field_row[quantity].kind != FIELD_KIND_ENUM || value < 0) {
        return NULL;
    }
    const char *const *word = field_words((enum field)quantity);
    for (int32_t i = 0; word[i]; i++) {
        if (i == value) {
            return word[i];
        }
    }
    return NULL;
}

struct masar_message *masar_message_new(void)
{
    struct masar_message *message = calloc(1, sizeof *message);
    if (message) {
        message_start(&message->m);
    }
    return message;
}

void masar_message_free(struct masar_message *message)
{
    free(message);
}

/* False: no frame has n bytes. */
static bool make_frame(const uint8_t *bytes, size_t n, int64_t t_us, uint16_t receiver,
                       struct frame *out)
{
    if (n != FRAME_SHORT && n != FRAME_LONG) {
        return false;
    }
    *out =
        (struct frame){.t_us = t_us, .tick = FRAME_NO_TICK, .receiver = receiver, .n = (uint8_t)n};
    memcpy(out->byte, bytes, n);
    return true;
}

static struct modes_options repair_options(int repair_bits)
{
    return (struct modes_options){.repair_bits = (uint8_t)(repair_bits < 0   ? 0
                                                           : repair_bits > 2 ? 2
                                                                             : repair_bits)};
}

int masar_decode(struct masar_message *message, const uint8_t *frame, size_t n, int repair_bits)
{
    struct frame f;
    message->flight[0] = '\0';
    if (!make_frame(frame, n, 0, 0, &f)) {
        message_start(&message->m);
        return -1;
    }
    const struct modes_options o = repair_options(repair_bits);
    modes_decode(&f, &o, &message->m);
    if (message->m.df == 20 || message->m.df == 21) {
        modes_comm_b(&message->m, NULL);
    }
    if (message_get(&message->m, FIELD_FLIGHT, -1) != -1) {
        memcpy(message->flight, message->m.flight, 8);
    }
    return 0;
}

enum masar_parity masar_message_parity(const struct masar_message *message)
{
    static const enum masar_parity parity[] = {
        [PARITY_OK] = MASAR_PARITY_OK,    [PARITY_ADDRESS] = MASAR_PARITY_ADDRESS,
        [PARITY_ID] = MASAR_PARITY_ID,    [PARITY_BAD] = MASAR_PARITY_BAD,
        [PARITY_NONE] = MASAR_PARITY_BAD,
    };
    return parity[message->m.parity];
}

int masar_message_corrected(const struct masar_message *message)
{
    return message->m.corrected;
}

int masar_message_df(const struct masar_message *message)
{
    return message->m.df;
}

int masar_message_typecode(const struct masar_message *message)
{
    return message->m.tc == 255 ? -1 : message->m.tc;
}

int masar_message_bds(const struct masar_message *message)
{
    return message->m.bds;
}

uint32_t masar_message_address(const struct masar_message *message)
{
    return message->m.address;
}

const char *masar_message_flight(const struct masar_message *message)
{
    return message->flight;
}

bool masar_message_get(const struct masar_message *message, int quantity, int32_t *value)
{
    for (unsigned i = 0; i < message->m.n; i++) {
        if (message->m.item[i].field == quantity) {
            *value = message->m.item[i].value;
            return true;
        }
    }
    return false;
}

struct masar_tracker *masar_tracker_new(uint32_t aircraft_max)
{
    struct masar_tracker *t = calloc(1, sizeof *t);
    if (!t) {
        return NULL;
    }
    const struct tracker_options o = {.aircraft_max = aircraft_max, .counters = &t->counters};
    t->tracker = tracker_new(&o);
    if (!t->tracker) {
        free(t);
        return NULL;
    }
    return t;
}

void masar_tracker_free(struct masar_tracker *tracker)
{
    if (tracker) {
        tracker_free(tracker->tracker);
        free(tracker);
    }
}

/* The public name and the tracker's own are one object. */
static const struct masar_track *public_track(const struct track *a)
{
    return (const struct masar_track *)a;
}

static const struct track *own_track(const struct masar_track *a)
{
    return (const struct track *)a;
}

const struct masar_track *masar_tracker_frame(struct masar_tracker *tracker, const uint8_t *frame,
                                              size_t n, int64_t t_us, uint16_t receiver,
                                              int repair_bits)
{
    struct frame f;
    if (!make_frame(frame, n, t_us, receiver, &f)) {
        return NULL;
    }
    const struct modes_options o = repair_options(repair_bits);
    struct message m;
    struct outcome out;
    modes_decode(&f, &o, &m);
    tracker_push(tracker->tracker, &m, &out);
    return public_track(out.track);
}

void masar_tracker_expire(struct masar_tracker *tracker, int64_t now_us)
{
    tracker_expire(tracker->tracker, now_us);
}

const struct masar_track *masar_tracker_next(const struct masar_tracker *tracker,
                                             const struct masar_track *after)
{
    return public_track(tracker_next(tracker->tracker, own_track(after)));
}

const struct masar_track *masar_tracker_find(const struct masar_tracker *tracker, uint32_t address)
{
    return public_track(tracker_find(tracker->tracker, address));
}

size_t masar_tracker_count(const struct masar_tracker *tracker)
{
    return tracker_count(tracker->tracker);
}

uint32_t masar_track_address(const struct masar_track *track)
{
    return track_address(own_track(track));
}

const char *masar_track_flight(const struct masar_track *track)
{
    return track_flight(own_track(track));
}

uint32_t masar_track_messages(const struct masar_track *track)
{
    return track_messages(own_track(track));
}

int64_t masar_track_seen_us(const struct masar_track *track)
{
    return track_seen_us(own_track(track));
}

bool masar_track_get(const struct masar_track *track, int quantity, struct masar_value *value)
{
    struct value v;
    if (!is_quantity(quantity) || quantity >= FIELD_TRACKED ||
        !track_get(own_track(track), (enum field)quantity, &v)) {
        return false;
    }
    *value = (struct masar_value){v.v, v.receiver, origin_row[v.origin].type, v.t_us};
    return true;
}

bool masar_track_place(const struct masar_track *track, int32_t *lat_e7, int32_t *lon_e7,
                       int64_t *t_us)
{
    struct fix fix;
    if (!track_place(own_track(track), &fix)) {
        return false;
    }
    *lat_e7 = fix.lat_e7;
    *lon_e7 = fix.lon_e7;
    *t_us = fix.t_us;
    return true;
}

void masar_encode_identification(uint32_t address, const char *flight, int category,
                                 uint8_t frame[14])
{
    struct encode_state s = encode_state_unknown();
    struct frame f;
    s.address = address & 0xffffffu;
    s.category = (uint8_t)category;
    memset(s.flight, ' ', sizeof s.flight);
    memcpy(s.flight, flight, strnlen(flight, sizeof s.flight));
    encode_identification(&s, &f);
    memcpy(frame, f.byte, FRAME_LONG);
}

void masar_encode_position(uint32_t address, int32_t lat_e7, int32_t lon_e7, int32_t alt_baro_ft,
                           bool odd, uint8_t frame[14])
{
    struct encode_state s = encode_state_unknown();
    struct frame f;
    s.address = address & 0xffffffu;
    s.at = (struct cpr_position){lat_e7, lon_e7};
    s.alt_baro_ft = alt_baro_ft;
    encode_position(&s, odd, &f);
    memcpy(frame, f.byte, FRAME_LONG);
}

void masar_encode_velocity(uint32_t address, double gs_kt, double track_deg,
                           int32_t vertical_rate_fpm, uint8_t frame[14])
{
    struct encode_state s = encode_state_unknown();
    struct frame f;
    s.address = address & 0xffffffu;
    s.gs_e2_kt = (int32_t)lrint(gs_kt * 100);
    s.track_e2_deg = (int32_t)lrint(track_deg * 100);
    s.baro_rate_fpm = vertical_rate_fpm;
    encode_velocity(&s, &f);
    memcpy(frame, f.byte, FRAME_LONG);
}

/* The installed C library: include/masar.h over modes/, track/ and encode/. Says nothing those
   rooms do not. Here quantities and single frames. */
#include "libmasar/internal.h"

#include "model/field.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(MASAR_NON_ICAO == ADDRESS_NON_ICAO && MASAR_NO_ADDRESS == ADDRESS_NONE,
               "the header's addresses are model's");
/* NOLINTNEXTLINE(misc-redundant-expression): equal today, by two definitions */
_Static_assert(MASAR_UNKNOWN == MODES_UNKNOWN, "the header's unknown is modes'");

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
    const enum field f = key ? field_find(key) : FIELD_COUNT;
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

void libmasar_message_start(struct masar_message *message)
{
    message_start(&message->m);
    message->flight[0] = '\0';
}

struct masar_message *masar_message_new(void)
{
    struct masar_message *message = calloc(1, sizeof *message);
    if (message) {
        libmasar_message_start(message);
    }
    return message;
}

void masar_message_free(struct masar_message *message)
{
    free(message);
}

bool libmasar_frame(const uint8_t *bytes, size_t n, int64_t t_us, uint16_t receiver,
                    struct frame *out)
{
    if ((n != FRAME_SHORT && n != FRAME_LONG) || receiver >= MASAR_RECEIVERS) {
        return false;
    }
    *out =
        (struct frame){.t_us = t_us, .tick = FRAME_NO_TICK, .receiver = receiver, .n = (uint8_t)n};
    memcpy(out->byte, bytes, n);
    return true;
}

struct modes_options libmasar_repair(int bits)
{
    const int kept = bits < 0 ? 0 : bits > 2 ? 2 : bits;
    return (struct modes_options){.repair_bits = (uint8_t)kept};
}

void libmasar_message_finish(struct masar_message *message)
{
    message->flight[0] = '\0';
    if (message_get(&message->m, FIELD_FLIGHT, -1) != -1) {
        memcpy(message->flight, message->m.flight, 8);
        message->flight[8] = '\0';
    }
}

int masar_decode(struct masar_message *message, const uint8_t *frame, size_t n, int repair_bits)
{
    struct frame f;
    if (!libmasar_frame(frame, n, 0, 0, &f)) {
        libmasar_message_start(message);
        return -1;
    }
    const struct modes_options o = libmasar_repair(repair_bits);
    modes_decode(&f, &o, &message->m);
    if (message->m.df == 20 || message->m.df == 21) {
        modes_comm_b(&message->m, NULL);
    }
    libmasar_message_finish(message);
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
    return message->m.df == 255 ? -1 : message->m.df;
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

/* What the files of libmasar/ share: the machines behind include/masar.h. */
#ifndef MASAR_LIBMASAR_INTERNAL_H
#define MASAR_LIBMASAR_INTERNAL_H

#include "masar.h"

#include "model/message.h"
#include "modes/decode.h"

struct masar_message {
    struct message m;
    char flight[9]; /* "" where it does not say */
};

/* Of no frame: nothing is said. */
void libmasar_message_start(struct masar_message *message);

/* False: no frame has n bytes, or there is no such receiver. */
bool libmasar_frame(const uint8_t *bytes, size_t n, int64_t t_us, uint16_t receiver,
                    struct frame *out);

struct modes_options libmasar_repair(int bits);

/* Fills in what libmasar keeps beside m. */
void libmasar_message_finish(struct masar_message *message);

#endif

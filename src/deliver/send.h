/* What the ways of sending share. Inside this room only. */
#ifndef MASAR_DELIVER_SEND_H
#define MASAR_DELIVER_SEND_H

#include "base/buf.h"
#include "deliver/book.h"

enum { SEND_WHY_MAX = 200, SEND_ID_MAX = 40, SEND_WORDS_MAX = 32 /* of a command */ };

/* One message, ready. */
struct message_out {
    char id[SEND_ID_MAX]; /* of this alert for whoever gets it: "msg_" and 32 hexadecimal digits */
    int64_t alert;
    char subject[256]; /* the watch's name */
    struct buf text;   /* the sentence, in the watch's language; NUL-ended */
    struct buf body;   /* JSON */
    int64_t now_s;
};

/* Makes the message of an alert. ERR_MEMORY. */
enum err message_make(const struct book_alert *a, int64_t now_ms, struct message_out *m);
void message_free(struct message_out *m);

struct way; /* a kind's own state, kept from one message to the next */

/* A receiver as its thread has it. */
struct sender {
    int64_t id;
    char *name, *kind, *target, *secret;
    bool local;
    const _Atomic bool *stop; /* becomes true when it must end soon */
    struct way *way;
    int64_t wait_s; /* how long the receiver asks to be left alone; 0 */
};

/* Sends it. True: taken; why is what was answered, or what went wrong. */
typedef bool send_fn(struct sender *s, const struct message_out *m, char *why, size_t why_size);
send_fn send_webhook, send_mail, send_mqtt, send_command;
typedef void send_end_fn(struct sender *s);
send_end_fn end_curl, end_mqtt;

/* Whether an address (a struct sockaddr) is this machine's or of no public network. */
struct sockaddr;
bool guard_is_local(const struct sockaddr *a);

#endif

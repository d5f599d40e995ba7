/* MQTT through libmosquitto, QoS 2: the broker takes each message once. The connection is kept
   between messages; a session of the broker's outlives it under the receiver's name. */
#define _GNU_SOURCE /* memrchr */
#include "deliver/send.h"

#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOP_MS = 100, TRIES = 100, KEEP_ALIVE_S = 30, PLAIN_PORT = 1883, TLS_PORT = 8883 };

struct way {
    struct mosquitto *mosquitto;
    bool connected;
    int refused; /* the broker's reason; -1 none yet */
    int waits;   /* the message the broker has not taken yet */
};

struct target {
    char user[128], password[128], host[256], topic[256];
    int port;
    bool tls;
};

/* mqtt[s]://[user:password@]host[:port]/topic */
static bool read_target(const char *text, struct target *t)
{
    *t = (struct target){.tls = strncmp(text, "mqtts://", 8) == 0};
    if (!t->tls && strncmp(text, "mqtt://", 7) != 0) {
        return false;
    }
    const char *p = text + (t->tls ? 8 : 7);
    const char *slash = strchr(p, '/');
    if (!slash || !slash[1]) {
        return false;
    }
    const char *at = memrchr(p, '@', (size_t)(slash - p));
    if (at) {
        const char *colon = memchr(p, ':', (size_t)(at - p));
        const char *end = colon ? colon : at;
        snprintf(t->user, sizeof t->user, "%.*s", (int)(end - p), p);
        snprintf(t->password, sizeof t->password, "%.*s", colon ? (int)(at - colon - 1) : 0,
                 colon ? colon + 1 : "");
        p = at + 1;
    }
    const char *colon = *p == '[' ? NULL : memchr(p, ':', (size_t)(slash - p));
    snprintf(t->host, sizeof t->host, "%.*s", (int)((colon ? colon : slash) - p), p);
    t->port = colon ? atoi(colon + 1) : t->tls ? TLS_PORT : PLAIN_PORT;
    snprintf(t->topic, sizeof t->topic, "%s", slash + 1);
    return t->host[0] && t->port > 0 && t->port < 65536 &&
           mosquitto_pub_topic_check(t->topic) == MOSQ_ERR_SUCCESS;
}

static void on_connect(struct mosquitto *m, void *ctx, int reason)
{
    struct way *w = ctx;
    (void)m;
    w->connected = reason == 0;
    w->refused = reason;
}

static void on_disconnect(struct mosquitto *m, void *ctx, int reason)
{
    (void)m;
    (void)reason;
    ((struct way *)ctx)->connected = false;
}

static void on_publish(struct mosquitto *m, void *ctx, int number)
{
    struct way *w = ctx;
    (void)m;
    if (w->waits == number) {
        w->waits = 0;
    }
}

void end_mqtt(struct sender *s)
{
    if (s->way) {
        if (s->way->mosquitto) {
            mosquitto_disconnect(s->way->mosquitto);
            mosquitto_destroy(s->way->mosquitto);
        }
        free(s->way);
        s->way = NULL;
    }
}

static int make(struct sender *s, const struct target *t)
{
    char id[128];
    struct way *w = s->way = calloc(1, sizeof *s->way);
    snprintf(id, sizeof id, "masar-%s", s->name);
    if (!w || !(w->mosquitto = mosquitto_new(id, true, w))) {
        return MOSQ_ERR_NOMEM;
    }
    w->refused = -1;
    mosquitto_connect_callback_set(w->mosquitto, on_connect);
    mosquitto_disconnect_callback_set(w->mosquitto, on_disconnect);
    mosquitto_publish_callback_set(w->mosquitto, on_publish);
    if (t->user[0]) {
        mosquitto_username_pw_set(w->mosquitto, t->user, t->password);
    }
    if (t->tls) {
        mosquitto_tls_set(w->mosquitto, NULL, "/etc/ssl/certs", NULL, NULL, NULL);
    }
    return mosquitto_connect(w->mosquitto, t->host, t->port, KEEP_ALIVE_S);
}

/* Runs the connection until it is there (waits 0) or the message is taken. */
static int run(struct sender *s, bool for_message)
{
    struct way *w = s->way;
    for (int i = 0; i < TRIES && !*s->stop; i++) {
        const int e = mosquitto_loop(w->mosquitto, LOOP_MS, 1);
        if (e != MOSQ_ERR_SUCCESS) {
            return e;
        }
        if (w->refused > 0) {
            return MOSQ_ERR_CONN_REFUSED;
        }
        if (for_message ? w->waits == 0 : w->connected) {
            return MOSQ_ERR_SUCCESS;
        }
    }
    return MOSQ_ERR_CONN_LOST;
}

bool send_mqtt(struct sender *s, const struct message_out *m, char *why, size_t why_size)
{
    struct target t;
    if (!read_target(s->target, &t)) {
        snprintf(why, why_size, "'%s' is no broker and topic", s->target);
        return false;
    }
    int e = s->way ? MOSQ_ERR_SUCCESS : make(s, &t);
    e = e || s->way->connected ? e : run(s, false);
    if (!e) {
        e = mosquitto_publish(s->way->mosquitto, &s->way->waits, t.topic, (int)m->body.n, m->body.p,
                              2, false);
        e = e ? e : run(s, true);
    }
    snprintf(why, why_size, "%s", e ? mosquitto_strerror(e) : "taken");
    if (e) {
        end_mqtt(s);
    }
    return e == MOSQ_ERR_SUCCESS;
}

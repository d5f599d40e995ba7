/* The line a TCP proxy may put before a connection's bytes: PROXY protocol version 1 (HAProxy,
   proxy-protocol.txt 2.1). */
#ifndef MASAR_WIRE_PROXY_H
#define MASAR_WIRE_PROXY_H

#include "base/err.h"
#include "model/receiver.h"

#include <stddef.h>
#include <stdint.h>

struct proxy_line {
    uint64_t id;                  /* a receiver id made of the address; 0: the proxy did not say */
    char name[RECEIVER_NAME_MAX]; /* the address as written, "" if not said */
};

/* Returns the bytes of the line, its end included; -ERR_SHORT where more bytes must come to know;
   -ERR_SYNTAX where the n bytes at p do not begin with such a line. */
long proxy_take(const uint8_t *p, size_t n, struct proxy_line *out);

#endif

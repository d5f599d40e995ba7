/* What leads from an aircraft's address, or from a call sign, to the numbers of chunks in packets:
   a sorted list of (key, number), cut into blocks of some 2 KB in which each entry is told by its
   difference from the one before, 4 to 6 bytes where a row of an index takes 20. The table `lead`;
   docs/STORE.md describes the bytes. */
#ifndef MASAR_STORE_LEAD_H
#define MASAR_STORE_LEAD_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct store;

struct lead {
    uint64_t key; /* lead_address, lead_flight */
    int64_t id;   /* 1 .. */
};

struct lead_list {
    struct lead *p;
    size_t n, cap;
};

/* Up to 2^32 - 1. */
uint64_t lead_address(uint32_t address);
/* From 2^32 on: call signs may share a key. */
uint64_t lead_flight(const char flight[8]);

enum err lead_push(struct lead_list *l, struct lead e);
void lead_free(struct lead_list *l);
/* By key and number, each once. */
void lead_sort(struct lead_list *l);

/* A block's bytes, of n (1 ..) entries in order, the first of which its row tells. */
void lead_write(const struct lead *p, size_t n, struct buf *out);
/* Appends a block's entries, first among them. ERR_SYNTAX: they are none. ERR_MEMORY. */
enum err lead_read(struct lead first, const uint8_t *b, size_t n, struct lead_list *out);

/* Adds to the store, or removes from it, what is sorted. A transaction must be open. */
enum err lead_add(struct store *s, const struct lead_list *l);
enum err lead_remove(struct store *s, const struct lead_list *l);

/* Appends the entries of a key; none where the store has no packets. */
enum err lead_find(struct store *s, uint64_t key, struct lead_list *out);
/* Appends all entries. */
enum err lead_all(struct store *s, struct lead_list *out);

#endif

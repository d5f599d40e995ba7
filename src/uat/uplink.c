#include "uat/uplink.h"

#include "uat/bits.h"

#include <string.h>

enum { HEAD = 8, INFO_HEAD = 2 };

/*  1 | latitude 23 | 3.8 longitude 24 | 6.8 position valid 1
 *  7 | UTC coupled 1 | reserved 1 | application data valid 1 | slot 5
 *  8 | TIS-B site 4 | reserved 4
 *  9 | 424 bytes of information frames */
bool uat_uplink_read(const struct uat_frame *f, struct uat_uplink *out)
{
    if (f->n != UAT_UPLINK) {
        return false;
    }
    const uint8_t *p = f->byte;
    uat_place(p, &out->lat_e7, &out->lon_e7);
    out->is_placed = uat_bits(p, 6, 8, 1);
    out->utc_coupled = uat_bits(p, 7, 1, 1);
    out->has_data = uat_bits(p, 7, 3, 1);
    out->slot = (uint8_t)uat_bits(p, 7, 4, 5);
    out->site = (uint8_t)uat_bits(p, 8, 1, 4);
    return true;
}

void uat_walk_start(struct uat_walk *w, const struct uat_frame *f, const struct uat_uplink *u)
{
    w->at = f->byte + (u->has_data ? HEAD : UAT_UPLINK);
    w->end = f->byte + UAT_UPLINK;
}

/* 1 | length 9 | reserved 3 | type 4 | then so many bytes. Length 0 of type 0: no more. */
bool uat_walk_next(struct uat_walk *w, struct uat_info *out)
{
    if (w->end - w->at < INFO_HEAD) {
        return false;
    }
    out->n = (uint16_t)uat_bits(w->at, 1, 1, 9);
    out->type = (uint8_t)uat_bits(w->at, 2, 5, 4);
    out->data = w->at + INFO_HEAD;
    if ((out->n == 0 && out->type == 0) || out->n > w->end - out->data) {
        w->at = w->end;
        return false;
    }
    w->at = out->data + out->n;
    return true;
}

/* Fields one after the other, of a head whose length its own bits tell. */
struct head {
    const uint8_t *p;
    unsigned at, n; /* bits */
};

static uint32_t take(struct head *h, unsigned n)
{
    if (h->at + n > h->n) {
        h->at = h->n + 1; /* too short, and remains so */
        return 0;
    }
    const uint32_t v = uat_bits(h->p, 1 + h->at / 8, 1 + h->at % 8, n);
    h->at += n;
    return v;
}

/*  A 1 | G 1 | P 1 | product 11 | segmented 1 | time option 2
 *  month 4 | day 5           with options 2 and 3
 *  hour 5 | minute 6
 *  second 6                  with options 1 and 3
 *  file 10 | parts 9 | part 9   where segmented
 * and up to the next byte nothing. */
bool uat_fisb_read(const struct uat_info *i, struct uat_fisb *f)
{
    struct head h = {.p = i->data, .n = 8u * i->n};
    if (i->type != UAT_INFO_FISB) {
        return false;
    }
    f->a = take(&h, 1);
    f->g = take(&h, 1);
    f->p = take(&h, 1);
    f->product = (uint16_t)take(&h, 11);
    f->is_segmented = take(&h, 1);
    const unsigned option = take(&h, 2);
    f->month = option & 2 ? (uint8_t)take(&h, 4) : FISB_NONE;
    f->day = option & 2 ? (uint8_t)take(&h, 5) : FISB_NONE;
    f->hour = (uint8_t)take(&h, 5);
    f->minute = (uint8_t)take(&h, 6);
    f->second = option & 1 ? (uint8_t)take(&h, 6) : FISB_NONE;
    f->file = f->is_segmented ? (uint16_t)take(&h, 10) : 0;
    f->parts = f->is_segmented ? (uint16_t)take(&h, 9) : 0;
    f->part = f->is_segmented ? (uint16_t)take(&h, 9) : 0;
    if (h.at > h.n) {
        return false;
    }
    const unsigned head = (h.at + 7) / 8;
    f->data = i->data + head;
    f->n = (uint16_t)(i->n - head);
    return true;
}

enum text { NO, PLAIN, RECORD };

static const struct product {
    uint16_t first, last;
    const char *name;
    enum text text;
} products[] = {
#define PRODUCT(first, last, name, text) {first, last, name, text},
#include "uat/fisb_product.def"
};

static const struct product *product_find(unsigned number)
{
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        if (number >= products[i].first && number <= products[i].last) {
            return &products[i];
        }
    }
    return NULL;
}

const char *uat_fisb_name(unsigned number)
{
    const struct product *p = product_find(number);
    return p ? p->name : "unknown";
}

size_t uat_dlac(const uint8_t *p, size_t n, char *out, size_t max)
{
    enum { TAB = 28 };
    static const char letter[64] = "\x03"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ\x1a\t\x1e\n|"
                                   " !\"#$%&'()*+,-./0123456789:;<=>?";
    size_t written = 0;
    for (size_t i = 0; i + 6 <= 8 * n; i += 6) {
        size_t run = 1;
        unsigned code = uat_bits(p, 1 + (unsigned)(i / 8), 1 + i % 8, 6);
        char c = letter[code];
        if (code == TAB) { /* the next six bits are a number of blanks */
            i += 6;
            run = i + 6 <= 8 * n ? uat_bits(p, 1 + (unsigned)(i / 8), 1 + i % 8, 6) : 0;
            c = ' ';
        }
        for (; run > 0 && written < max; run--) {
            out[written++] = c;
        }
    }
    return written;
}

/* A text record:
 *   1 | format 4 (2 text in DLAC) | version 4
 *   2 | records 4 | reserved 4 | 3 | location, 3 bytes of DLAC | 6 | reference
 *   7 | length 16 | 9 | number 14 | 10.7 | year 7 | status 1 | reserved 2 | 12 | text
 * of which length counts from its own first byte. */
static size_t record_text(const struct uat_fisb *f, char *out, size_t max)
{
    enum { FORMAT_DLAC = 2, TEXT = 11, COUNTED_BEFORE = 5 };
    if (f->n <= TEXT || uat_bits(f->data, 1, 1, 4) != FORMAT_DLAC) {
        return 0;
    }
    const size_t length = uat_bits(f->data, 7, 1, 16), there = f->n - TEXT;
    const size_t n = length < COUNTED_BEFORE ? 0 : length - COUNTED_BEFORE;
    return uat_dlac(f->data + TEXT, n < there ? n : there, out, max);
}

size_t uat_fisb_text(const struct uat_fisb *f, char *out, size_t max)
{
    const struct product *p = product_find(f->product);
    if (!p || f->is_segmented) {
        return 0;
    }
    switch (p->text) {
    case PLAIN:
        return uat_dlac(f->data, f->n, out, max);
    case RECORD:
        return record_text(f, out, max);
    case NO:
        break;
    }
    return 0;
}

/* A UAT ground uplink read in place: its header, and one after the other the information frames
   and the FIS-B products in them. Pure. DO-282B 2.2.3.2 (header), DO-358 (FIS-B APDU). */
#ifndef MASAR_UAT_UPLINK_H
#define MASAR_UAT_UPLINK_H

#include "model/uat_frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uat_uplink {
    int32_t lat_e7, lon_e7; /* the station; sent even where is_placed is false */
    bool is_placed, utc_coupled, has_data;
    uint8_t slot; /* 0..31 */
    uint8_t site; /* TIS-B site, 0..15 */
};

/* False where f is no uplink. */
bool uat_uplink_read(const struct uat_frame *f, struct uat_uplink *out);

enum uat_info_type { UAT_INFO_FISB = 0, UAT_INFO_STATUS = 15 };

struct uat_info {
    uint8_t type; /* 4 bits, enum uat_info_type */
    uint16_t n;   /* bytes at data, within the frame */
    const uint8_t *data;
};

struct uat_walk {
    const uint8_t *at, *end;
};

/* Walks the information frames; next is false after the last, also where one claims more bytes
   than there are. */
void uat_walk_start(struct uat_walk *w, const struct uat_frame *f, const struct uat_uplink *u);
bool uat_walk_next(struct uat_walk *w, struct uat_info *out);

enum { FISB_NONE = 255 };

struct uat_fisb {
    uint16_t product;                         /* 0..2047 */
    bool a, g, p;                             /* application, geographic, provider flags as sent */
    bool is_segmented;                        /* a part of a longer product, of which these tell: */
    uint16_t file, parts, part;               /* 10, 9 and 9 bits */
    uint8_t month, day, hour, minute, second; /* UTC; FISB_NONE where not sent */
    uint16_t n;                               /* bytes at data */
    const uint8_t *data;
};

/* False where the frame is none of FIS-B, or too short for what its head says. */
bool uat_fisb_read(const struct uat_info *i, struct uat_fisb *out);

/* Its name, "unknown" if nobody gave it one. */
const char *uat_fisb_name(unsigned product);

/* What text a product carries, six bits a letter (DLAC), as ASCII. Records end with RS (0x1e). out:
   room for max bytes. Returns the bytes written, 0 where the product is not text; what has no room
   is left out. */
size_t uat_fisb_text(const struct uat_fisb *f, char *out, size_t max);

/* The text of n bytes of DLAC; a tabulator is the blanks it stands for. */
size_t uat_dlac(const uint8_t *p, size_t n, char *out, size_t max);

/* Most a product's text can be: every byte of an uplink a run of blanks. */
enum { UAT_TEXT_MAX = 20000 };

#endif

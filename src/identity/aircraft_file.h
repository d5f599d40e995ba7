/* The layout of a compact list of aircraft, shared by its builder and its view: head, buckets (the
   first row of each 256 addresses), rows, texts. Bytes are in the order of the machine that built
   it. */
#ifndef MASAR_IDENTITY_AIRCRAFT_FILE_H
#define MASAR_IDENTITY_AIRCRAFT_FILE_H

#include <stdint.h>

enum { AIRCRAFT_FILE_VERSION = 1, AIRCRAFT_FILE_MARK = 0x01020304, AIRCRAFT_BUCKETS = 65536 };

#define AIRCRAFT_FILE_MAGIC "masaracf"

struct aircraft_file_head {
    char magic[8];
    uint32_t mark, version;
    uint32_t rows, text_bytes;
    uint32_t source, date; /* offsets in the texts */
};

/* Texts are offsets of NUL-ended strings; the one at 0 is "". */
struct aircraft_record {
    uint32_t address;
    uint32_t registration, type, description, owner;
    uint16_t year;
    uint8_t flags, spare;
};

#endif

#include "modes/callsign.h"

static const char character[64] = {0,   'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L',
                                   'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y',
                                   'Z', 0,   0,   0,   0,   0,   ' ', 0,   0,   0,   0,   0,   0,
                                   0,   0,   0,   0,   0,   0,   0,   0,   0,   '0', '1', '2', '3',
                                   '4', '5', '6', '7', '8', '9', 0,   0,   0,   0,   0,   0};

bool callsign_read(uint64_t me, char out[8])
{
    bool all = true, some = false;
    for (int i = 0; i < 8; i++) {
        const char c = character[me >> (42 - 6 * i) & 63];
        all &= c != 0;
        some |= c != ' ';
        out[i] = c;
    }
    return all && some;
}

uint64_t callsign_write(const char text[8])
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) {
        const char c = text[i];
        const bool letter = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        v = v << 6 | (uint64_t)(letter ? c - 'A' + 1 : digit ? c : ' ');
    }
    return v;
}

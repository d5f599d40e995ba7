#include "radio/heard.h"

static uint32_t slot_of(uint32_t address)
{
    return (address * UINT32_C(0x9e3779b1)) >> 18; /* 14 bits: HEARD_SLOTS */
}

bool heard_lately(const struct heard *h, uint32_t address, uint32_t now_s)
{
    uint32_t k = slot_of(address);
    for (int i = 0; i < HEARD_PROBES; i++, k = (k + 1) % HEARD_SLOTS) {
        if (h->address[k] == address + 1) {
            return now_s - h->at_s[k] <= HEARD_FOR_S;
        }
        if (h->address[k] == 0) {
            return false;
        }
    }
    return false;
}

void heard_note(struct heard *h, uint32_t address, uint32_t now_s)
{
    uint32_t k = slot_of(address), oldest = k;
    for (int i = 0; i < HEARD_PROBES; i++, k = (k + 1) % HEARD_SLOTS) {
        if (h->address[k] == address + 1 || h->address[k] == 0) {
            oldest = k;
            break;
        }
        if (h->at_s[k] < h->at_s[oldest]) {
            oldest = k;
        }
    }
    h->address[oldest] = address + 1;
    h->at_s[oldest] = now_s;
}

unsigned heard_count(const struct heard *h, uint32_t now_s)
{
    unsigned n = 0;
    for (unsigned k = 0; k < HEARD_SLOTS; k++) {
        n += h->address[k] != 0 && now_s - h->at_s[k] <= HEARD_FOR_S;
    }
    return n;
}

/* The Reed-Solomon codes of UAT: bytes, field x^8+x^7+x^2+x+1, generator roots a^120 on; RS(30,18)
   basic, RS(48,34) long ADS-B, RS(92,72) a sixth of an uplink (DO-282B 2.2.3.1.3, 2.2.3.2.2).
   Errors and erasures. Pure. */
#ifndef MASAR_RADIO_UAT_RS_H
#define MASAR_RADIO_UAT_RS_H

#include <stddef.h>
#include <stdint.h>

enum { UAT_RS_CHECK_MAX = 20 };

struct uat_rs {
    uint8_t power[512]; /* a^i */
    uint8_t log[256];
};

void uat_rs_start(struct uat_rs *rs);

/* Writes n_check (12, 14, 20) bytes after the n_data at p. */
void uat_rs_encode(const struct uat_rs *rs, uint8_t *p, unsigned n_data, unsigned n_check);

/* Repairs p, n bytes of which the last n_check check the others, in place. erased: where n_erased
   bytes are not known. At most `most` errors besides are repaired, and never more than the code
   can. Returns how many bytes were changed, or -1, p as it was. */
int uat_rs_decode(const struct uat_rs *rs, uint8_t *p, unsigned n, unsigned n_check,
                  const uint8_t *erased, unsigned n_erased, unsigned most);

#endif

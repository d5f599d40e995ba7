/* BDS 1,0 data link capability report (ICAO Doc 9871, BDS code 1,0; Annex 10 IV 3.1.2.6.10.2)

     1..8   0001 0000
     9      continued in BDS 1,1 .. 1,6
    10..14  reserved
    15      overlay command capability (the reply's parity carries the register's number)
    16      ACAS operational
    17..23  Mode S subnetwork version
    24      transponder enhanced protocol
    25      Mode S specific services
    26..28  uplink ELM throughput
    29..32  downlink ELM throughput
    33      aircraft identification
    34      squitter capability: BDS 0,5 and 0,6 are loaded
    35      surveillance identifier (SI) codes
    36      toggles when BDS 1,7 changes
    37..40  ACAS: hybrid surveillance, resolution advisories, version (2 bits)
    41..56  data terminal equipment sub-addresses 0 .. 15 */
#include "modes/bds/bds.h"

enum { CODE = 0x10, VERSION_MAX = 8 };

int bds10_score(const struct bds_view *v)
{
    if (me_bits(v->mb, 1, 8) != CODE) {
        return BDS_NO;
    }
    const uint32_t version = me_bits(v->mb, 17, 23);
    /* The report is mostly zeros: continuation, the two throughputs, most sub-addresses. */
    const int throughput = me_bits(v->mb, 26, 32) == 0 ? 4 : -1;
    const int addresses = 4 - __builtin_popcount(me_bits(v->mb, 41, 56));
    return 8 + (version <= VERSION_MAX ? 3 : -6) + (me_bit(v->mb, 9) ? -3 : 1) + throughput +
           (me_bit(v->mb, 33) ? 1 : -1) + addresses;
}

void bds10_add(struct message *m)
{
    (void)m; /* nothing of it is a quantity of the table: the register's name says it was read */
}

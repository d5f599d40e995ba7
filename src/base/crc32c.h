/* CRC-32C (Castagnoli; polynomial 1EDC6F41 reflected, RFC 3720 appendix B.4), by the processor
 * where it can, else by table. */
#ifndef MASAR_BASE_CRC32C_H
#define MASAR_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from crc (0 at the start) over n bytes. crc32c(0, "123456789", 9) is 0xe3069283. */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);

#endif

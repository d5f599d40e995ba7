/* NIC → type code and supplements, the inverse of modes/nic.h. */
#ifndef MASAR_ENCODE_CONTAINMENT_H
#define MASAR_ENCODE_CONTAINMENT_H

#include <stdbool.h>
#include <stdint.h>

struct containment_code {
    uint8_t tc;
    bool a, low; /* NIC supplements: A; B in the air, C on the ground */
};

/* For nic 0..11 (more reads as 11); the nearest lower one where the table has no such NIC. gnss:
   the type codes of GNSS height, 20..22. */
struct containment_code containment_code(unsigned nic, bool ground, bool gnss);

#endif

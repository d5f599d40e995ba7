#include "modes/nic.h"

#include <stddef.h>

/* nic, radius of containment in meters (rounded up; 0 not bounded). */
struct containment {
    uint8_t nic;
    uint16_t rc_m;
};

enum {
    NM_0_1 = 186,
    NM_0_2 = 371,
    NM_0_3 = 556,
    NM_0_5 = 926,
    NM_0_6 = 1112,
    NM_1 = 1852,
    NM_2 = 3704,
    NM_4 = 7408,
    NM_8 = 14816,
    NM_10 = 18520,
    NM_20 = 37040
};

#define SAME(nic, rc)                                                                              \
    {                                                                                              \
        {nic, rc}, {nic, rc}, {nic, rc},                                                           \
        {                                                                                          \
            nic, rc                                                                                \
        }                                                                                          \
    }

/* Columns: the supplements as two bits, A high; B low in the air, C low on the ground. Version 0
   has none (its NUCp is written as the NIC of the same radius), version 1 only A. */
static const struct containment by_type[3][23][4] = {
    {
        [5] = SAME(11, 8),
        [6] = SAME(10, 25),
        [7] = SAME(8, NM_0_1),
        [8] = SAME(0, 0),
        [9] = SAME(11, 8),
        [10] = SAME(10, 25),
        [11] = SAME(8, NM_0_1),
        [12] = SAME(7, NM_0_2),
        [13] = SAME(6, NM_0_5),
        [14] = SAME(5, NM_1),
        [15] = SAME(4, NM_2),
        [16] = SAME(1, NM_10),
        [17] = SAME(1, NM_20),
        [18] = SAME(0, 0),
        [20] = SAME(11, 8),
        [21] = SAME(10, 25),
        [22] = SAME(0, 0),
    },
    {
        [5] = SAME(11, 8),
        [6] = SAME(10, 25),
        [7] = {{8, NM_0_1}, {8, NM_0_1}, {9, 75}, {9, 75}},
        [8] = SAME(0, 0),
        [9] = SAME(11, 8),
        [10] = SAME(10, 25),
        [11] = {{8, NM_0_1}, {8, NM_0_1}, {9, 75}, {9, 75}},
        [12] = SAME(7, NM_0_2),
        [13] = {{6, NM_0_5}, {6, NM_0_5}, {6, NM_0_6}, {6, NM_0_6}},
        [14] = SAME(5, NM_1),
        [15] = SAME(4, NM_2),
        [16] = {{2, NM_8}, {2, NM_8}, {3, NM_4}, {3, NM_4}},
        [17] = SAME(1, NM_20),
        [18] = SAME(0, 0),
        [20] = SAME(11, 8),
        [21] = SAME(10, 25),
        [22] = SAME(0, 0),
    },
    {
        [5] = SAME(11, 8),
        [6] = SAME(10, 25),
        [7] = {{8, NM_0_1}, {8, NM_0_1}, {9, 75}, {8, NM_0_1}},
        [8] = {{0, 0}, {6, NM_0_6}, {6, NM_0_3}, {7, NM_0_2}},
        [9] = SAME(11, 8),
        [10] = SAME(10, 25),
        [11] = {{8, NM_0_1}, {8, NM_0_1}, {8, NM_0_1}, {9, 75}},
        [12] = SAME(7, NM_0_2),
        [13] = {{6, NM_0_5}, {6, NM_0_3}, {6, NM_0_6}, {6, NM_0_6}},
        [14] = SAME(5, NM_1),
        [15] = SAME(4, NM_2),
        [16] = {{2, NM_8}, {2, NM_8}, {2, NM_8}, {3, NM_4}},
        [17] = SAME(1, NM_20),
        [18] = SAME(0, 0),
        [20] = SAME(11, 8),
        [21] = SAME(10, 25),
        [22] = SAME(0, 0),
    }};

bool modes_nic(unsigned tc, unsigned version, bool nic_a, bool nic_b, bool nic_c, uint8_t *nic,
               int32_t *rc_m)
{
    if (tc < 5 || tc > 22 || tc == 19) {
        return false;
    }
    const bool low = tc <= 8 ? nic_c : nic_b;
    const struct containment *row = &by_type[version > 2 ? 2 : version][tc][nic_a * 2 + low];
    *nic = row->nic;
    *rc_m = row->rc_m ? row->rc_m : -1;
    return true;
}

#include "encode/containment.h"

struct containment_code containment_code(unsigned nic, bool ground, bool gnss)
{
    static const struct containment_code air[12] = {
        {18, false, false}, {17, false, false}, {16, false, false}, {16, true, true},
        {15, false, false}, {14, false, false}, {13, false, false}, {12, false, false},
        {11, false, false}, {11, true, true},   {10, false, false}, {9, false, false}};
    static const struct containment_code surface[12] = {
        {8, false, false}, {8, false, false}, {8, false, false}, {8, false, false},
        {8, false, false}, {8, false, false}, {8, true, false},  {8, true, true},
        {7, false, false}, {7, true, false},  {6, false, false}, {5, false, false}};
    const unsigned i = nic < 12 ? nic : 11;
    if (ground) {
        return surface[i];
    }
    if (gnss) {
        return (struct containment_code){i == 11 ? 20 : i == 10 ? 21 : 22, false, false};
    }
    return air[i];
}

/* Addresses a webhook may not reach by itself: this machine, private and special networks (RFC
   1918, 4193, 6598, 6890 and the addresses of our own interfaces). Asked of the address a
   connection is about to be made to, so that no name can lead elsewhere in between. */
#include "deliver/send.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct net4 {
    uint32_t net;
    unsigned bits;
};

static bool is_special4(uint32_t a)
{
    static const struct net4 nets[] = {
        {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
        {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0586300, 24}, {0xc0a80000, 16},
        {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t last4(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool is_special6(const uint8_t a[16])
{
    static const uint8_t zeros[12] = {0}, nat64[12] = {0, 0x64, 0xff, 0x9b};
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(a, zeros, 12) == 0) {
        return true; /* ::, ::1 and the old IPv4-compatible ones */
    }
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0) {
        return is_special4(last4(a + 12));
    }
    if (a[0] == 0x20 && a[1] == 0x02) {
        return is_special4(last4(a + 2)); /* 6to4 */
    }
    return (a[0] & 0xfe) == 0xfc ||                                    /* unique local */
           (a[0] == 0xfe && (a[1] & 0x80) == 0x80) ||                  /* link local, site local */
           a[0] == 0xff ||                                             /* multicast */
           (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0) || /* Teredo */
           (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8);
}

static bool is_ours(const struct sockaddr *a)
{
    struct ifaddrs *all, *i;
    bool ours = false;
    if (getifaddrs(&all)) {
        return true; /* nobody can tell: no */
    }
    for (i = all; i && !ours; i = i->ifa_next) {
        if (!i->ifa_addr || i->ifa_addr->sa_family != a->sa_family) {
            continue;
        }
        ours = a->sa_family == AF_INET
                   ? memcmp(&((const struct sockaddr_in *)a)->sin_addr,
                            &((const struct sockaddr_in *)i->ifa_addr)->sin_addr, 4) == 0
                   : a->sa_family == AF_INET6 &&
                         memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                                &((const struct sockaddr_in6 *)i->ifa_addr)->sin6_addr, 16) == 0;
    }
    freeifaddrs(all);
    return ours;
}

bool guard_is_local(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET) {
        return is_special4(ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr)) || is_ours(a);
    }
    if (a->sa_family == AF_INET6) {
        return is_special6(((const struct sockaddr_in6 *)a)->sin6_addr.s6_addr) || is_ours(a);
    }
    return true;
}

/* Any bytes as a configuration file, and each of its lines as an address and as a place. What is
   taken lies within the ranges the settings state; what is not is told in a sentence. */
#define _GNU_SOURCE /* memfd_create */
#include "app/config.h"
#include "app/options.h"
#include "net/address.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_place(double lat_deg, double lon_deg, double alt_m)
{
    must(lat_deg >= -90 && lat_deg <= 90 && lon_deg >= -180 && lon_deg <= 180 && isfinite(alt_m));
}

static void read_file(const uint8_t *data, size_t size)
{
    const int fd = memfd_create("config", 0);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64], why[CONFIG_WHY_MAX] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct config c;
    config_defaults(&c);
    if (config_read(&c, path, why, sizeof why)) {
        must(why[0] != '\0');
    }
    must(c.n_in <= CONFIG_SPECS_MAX && c.n_out <= CONFIG_SPECS_MAX && c.repair_bits <= 2);
    must(c.http_port >= 0 && c.http_port <= 65535 && c.aircraft_max <= 10000000);
    if (c.has_place) {
        check_place(c.lat_deg, c.lon_deg, c.alt_m);
    }
    config_free(&c);
    close(fd);
}

static void read_line(const char *line)
{
    double lat_deg, lon_deg, alt_m = 0;
    char host[64], why[128] = "";
    int port;
    struct address a;
    if (app_parse_place(line, &lat_deg, &lon_deg, &alt_m)) {
        check_place(lat_deg, lon_deg, alt_m);
    }
    if (app_parse_address(line, host, &port)) {
        must(strlen(host) < sizeof host && port >= 0 && port <= 65535);
    }
    if (address_parse(line, "connect", &a, why, sizeof why)) {
        must(why[0] != '\0');
    } else {
        must(strlen(a.host) < sizeof a.host && strlen(a.port) < sizeof a.port);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_file(data, size);
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        read_line(line);
    }
    free(text);
    return 0;
}

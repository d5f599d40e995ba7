/* make_history OUT.tar AIRCRAFT POINTS [DAYS [SEED]]: an archive in readsb's form of flights that
   climb, turn, cruise, descend and stand, with the noise and the quantization of ADS-B
   (kept_fleet.h): traces/xx/trace_full_<hex>.json, gzip in a tar, a day after another, POINTS
   positions a trace, with readsb's rounding (6 decimals of degrees, tenths of knots and degrees,
   hundredths of seconds) and an object of details at every fourth position. For measuring and
   testing imports; the same arguments give the same bytes. */
#include "base/buf.h"
#include "kept_fleet.h"
#include "net/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

enum { INTERVAL_MS = 8000, DETAIL_EVERY = 4 };

#define DAY_S INT64_C(86400)

static double bank_deg(const struct kept_flier *f)
{
    return atan(f->turn_deg_s * M_PI / 180 * f->kt * 0.5144 / 9.81) * 180 / M_PI;
}

/* Indicated from true, as dense as the standard atmosphere is at that height. */
static int ias_of(const struct kept_flier *f, const struct kept *k)
{
    return (int)lround(f->kt * pow(1 - 6.8756e-6 * k->alt_baro_ft, 2.128));
}

static void put_detail(struct buf *b, const struct kept_flier *f, const struct kept *k)
{
    buf_format(
        b,
        "{\"type\":\"adsb_icao\",\"flight\":\"%.8s\",\"alt_geom\":%d,\"ias\":%d,\"tas\":%d,"
        "\"mach\":%.3f,\"wd\":214,\"ws\":41,\"track\":%.2f,\"track_rate\":%.2f,\"roll\":%.2f,"
        "\"mag_heading\":%.2f,\"true_heading\":%.2f,\"baro_rate\":%d,\"geom_rate\":%d,"
        "\"squawk\":\"%04o\",\"emergency\":\"none\",\"nav_qnh\":1013.6,"
        "\"nav_altitude_mcp\":32000,\"nav_heading\":340.31,\"nic\":%d,\"rc\":%d,"
        "\"version\":2,\"nic_baro\":1,\"nac_p\":%d,\"nac_v\":2,\"sil\":3,"
        "\"sil_type\":\"perhour\",\"gva\":2,\"sda\":2,\"alert\":0,\"spi\":0}",
        k->flight, k->alt_geom_ft, ias_of(f, k), (int)f->kt, f->kt / 600, k->track_e2_deg / 100.0,
        f->turn_deg_s, bank_deg(f), f->course_deg, f->course_deg, k->baro_rate_fpm,
        k->baro_rate_fpm, k->squawk, k->nic, k->rc_m, k->nac_p);
}

static void put_point(struct buf *b, const struct kept_flier *f, const struct kept *k, size_t i,
                      int64_t base_ms)
{
    buf_format(b, "%s\n[%.2f,%.6f,%.6f,%d,%.1f,%.1f,%d,%d,", i ? "," : "",
               (double)(k->t_ms - base_ms) / 1000, k->lat_e7 / 1e7, k->lon_e7 / 1e7, k->alt_baro_ft,
               k->gs_e2_kt / 100.0, k->track_e2_deg / 100.0, i == 0 ? 2 : 0, k->baro_rate_fpm);
    if (i % DETAIL_EVERY == 0) {
        put_detail(b, f, k);
    } else {
        buf_text(b, "null");
    }
    buf_format(b, ",\"adsb_icao\",%d,%d,%d,%.1f]", k->alt_geom_ft, k->baro_rate_fpm, ias_of(f, k),
               bank_deg(f));
}

static void put_trace(struct buf *b, struct kept_flier *f, size_t points, int64_t day_s)
{
    f->t_ms = day_s * 1000;
    buf_format(
        b,
        "{\"icao\":\"%06x\",\n\"r\":\"MS-%04X\",\n\"t\":\"A320\",\n\"timestamp\": %lld.000,\n"
        "\"trace\":[",
        f->address, f->address & 0xffff, (long long)day_s);
    for (size_t i = 0; i < points; i++) {
        const struct kept k = kept_fly(f, INTERVAL_MS);
        put_point(b, f, &k, i, day_s * 1000);
    }
    buf_text(b, " ]\n}\n");
}

static bool add_member(struct archive *a, const struct buf *b, uint32_t address, int64_t day_s)
{
    char name[80];
    struct archive_entry *e = archive_entry_new();
    snprintf(name, sizeof name, "./traces/%02x/trace_full_%06x.json", address & 0xff, address);
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, day_s + DAY_S, 0);
    archive_entry_set_size(e, (la_int64_t)b->n);
    const bool is_in = archive_write_header(a, e) == ARCHIVE_OK &&
                       archive_write_data(a, b->p, b->n) == (la_ssize_t)b->n;
    archive_entry_free(e);
    return is_in;
}

struct history {
    unsigned long aircraft, points, days, seed;
};

static bool write_trace(struct archive *a, const struct history *h, unsigned long day,
                        unsigned long aircraft)
{
    struct buf plain = {0}, packed = {0};
    struct kept_flier f = kept_flier(h->seed + 1000003 * day + aircraft,
                                     0x400000 + (uint32_t)(aircraft * 2654435761u % 0x3fffff));
    f.quality = aircraft % 4 == 0;
    const int64_t day_s = f.t_ms / 1000 / DAY_S * DAY_S + (int64_t)day * DAY_S;
    put_trace(&plain, &f, h->points, day_s);
    struct pack *p = pack_new(PACKING_GZIP);
    const bool is_in = p && pack_write(p, plain.p, plain.n, PACK_END, &packed) == ERR_OK &&
                       add_member(a, &packed, f.address, day_s);
    pack_free(p);
    buf_free(&plain);
    buf_free(&packed);
    return is_in;
}

int main(int argc, char **argv)
{
    struct history h = {.days = 1, .seed = 1};
    if (argc < 4 || argc > 6) {
        fprintf(stderr, "usage: %s OUT.tar AIRCRAFT POINTS [DAYS [SEED]]\n", argv[0]);
        return 2;
    }
    h.aircraft = strtoul(argv[2], NULL, 10);
    h.points = strtoul(argv[3], NULL, 10);
    h.days = argc > 4 ? strtoul(argv[4], NULL, 10) : h.days;
    h.seed = argc > 5 ? strtoul(argv[5], NULL, 10) : h.seed;
    struct archive *a = archive_write_new();
    archive_write_set_format_ustar(a);
    bool is_in = archive_write_open_filename(a, argv[1]) == ARCHIVE_OK;
    for (unsigned long day = 0; day < h.days && is_in; day++) {
        for (unsigned long i = 0; i < h.aircraft && is_in; i++) {
            is_in = write_trace(a, &h, day, i);
        }
    }
    if (!is_in) {
        fprintf(stderr, "%s: %s\n", argv[1], archive_error_string(a));
    }
    is_in &= archive_write_free(a) == ARCHIVE_OK;
    return is_in ? 0 : 1;
}

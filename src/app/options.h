/* What every subcommand needs at its start: the clock, a loop that ends on a signal, complaints in
 * one form. */
#ifndef MASAR_APP_OPTIONS_H
#define MASAR_APP_OPTIONS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* The time of day, microseconds since 1970: the one place that reads it. */
int64_t app_clock_us(void);

/* `LAT,LON[,M]`, degrees and meters. False: not of this form or not on Earth. */
bool app_parse_place(const char *text, double *lat_deg, double *lon_deg, double *alt_m);

/* `HOST:PORT`, `:PORT` (loopback) or `[V6]:PORT`. host: at least 64 bytes. False: not of this form.
 */
bool app_parse_address(const char *text, char host[64], int *port);

/* Makes the folders a file's path needs, readable by their owner alone. False: errno tells. */
bool app_make_parents(const char *path);

/* argp's own complaints end with status 2 as every wrong usage does. */
void app_argp_setup(void);

/* `head,file=NAME` (`head:file=NAME` where head ends in a colon), with what a SPEC needs escaped in
 * the name. */
void app_file_spec(const char *head, const char *file, char *out, size_t size);

/* Whether a recording's name says that it is of 978 MHz: it ends in .uat, .uat.gz or .uat.zst. */
bool app_is_uat_name(const char *name);

/* The exit status for an error of a start: a SPEC or setting that is wrong is wrong usage. */
int app_exit_status(enum err e);

/* Ends the loop's run on SIGINT or SIGTERM, by calling stop once. A second signal ends the program.
 */
struct app_signals {
    uv_signal_t on[2];
    void (*stop)(void *ctx);
    void *ctx;
};
void app_signals_start(struct app_signals *s, uv_loop_t *loop, void (*stop)(void *ctx), void *ctx);
void app_signals_close(struct app_signals *s);

#endif

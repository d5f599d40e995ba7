#include "app/options.h"

#include "app/command.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

int64_t app_clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

bool app_parse_place(const char *text, double *lat_deg, double *lon_deg, double *alt_m)
{
    double v[3] = {0, 0, 0};
    int n = 0;
    for (const char *p = text; n < 3;) {
        char *end;
        v[n] = strtod(p, &end);
        if (end == p || !isfinite(v[n])) {
            return false;
        }
        n++;
        if (*end == '\0') {
            break;
        }
        if (*end != ',' && *end != '/') {
            return false;
        }
        p = end + 1;
        if (n == 3) {
            return false;
        }
    }
    if (n < 2 || fabs(v[0]) > 90 || fabs(v[1]) > 180) {
        return false;
    }
    *lat_deg = v[0];
    *lon_deg = v[1];
    *alt_m = v[2];
    return true;
}

bool app_parse_address(const char *text, char host[64], int *port)
{
    const char *colon = strrchr(text, ':');
    if (!colon) {
        return false;
    }
    char *end;
    const long number = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || number < 1 || number > 65535) {
        return false;
    }
    size_t n = (size_t)(colon - text);
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (n >= 64) {
        return false;
    }
    snprintf(host, 64, "%.*s", n ? (int)n : 9, n ? text : "127.0.0.1");
    *port = (int)number;
    return true;
}

bool app_make_parents(const char *path)
{
    char folder[4096] = "";
    if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return true;
}

void app_argp_setup(void)
{
    argp_err_exit_status = EXIT_USAGE;
}

void app_file_spec(const char *head, const char *file, char *out, size_t size)
{
    const bool first = head[strlen(head) - 1] == ':'; /* no key before */
    size_t n = (size_t)snprintf(out, size, first ? "%sfile=" : "%s,file=", head);
    for (const char *p = file; *p && n + 3 < size; p++) {
        if (*p == ',') {
            out[n++] = '\\';
        }
        out[n++] = *p;
    }
    out[n] = '\0';
}

bool app_is_uat_name(const char *name)
{
    static const char *const ends[] = {".uat", ".uat.gz", ".uat.zst"};
    const size_t n = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const size_t m = strlen(ends[i]);
        if (n > m && strcmp(name + n - m, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

int app_exit_status(enum err e)
{
    switch (e) {
    case ERR_OK:
        return EXIT_DONE;
    case ERR_UNKNOWN:
    case ERR_SYNTAX:
    case ERR_RANGE:
    case ERR_EXISTS:
        return EXIT_USAGE;
    default:
        return EXIT_COULD_NOT;
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct app_signals *s = handle->data;
    uv_signal_stop(handle);
    signal(number, SIG_DFL);
    s->stop(s->ctx);
}

void app_signals_start(struct app_signals *s, uv_loop_t *loop, void (*stop)(void *ctx), void *ctx)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    s->stop = stop;
    s->ctx = ctx;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk: an error of write */
    for (int i = 0; i < 2; i++) {
        uv_signal_init(loop, &s->on[i]);
        s->on[i].data = s;
        uv_signal_start(&s->on[i], on_signal, numbers[i]);
        uv_unref((uv_handle_t *)&s->on[i]);
    }
}

void app_signals_close(struct app_signals *s)
{
    for (int i = 0; i < 2; i++) {
        uv_close((uv_handle_t *)&s->on[i], NULL);
    }
}

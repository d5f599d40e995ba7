/* rtlsdr: a stick with an RTL2832U, by librtlsdr, which is opened when asked for.
 *
 *   serial=TEXT | index=N   which of several; default the first
 *   library=FILE            default librtlsdr.so.0
 * and the keys of every radio (device.h). */
#include "source/device.h"
#include "source/module.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUFFERS = 64,
    BUFFER_BYTES = 32768, /* 7 ms at 2.4 million a second */
    USB_TEXT = 256,       /* bytes a USB string of librtlsdr takes */
    SERIAL_MAX = 64,
    STICKS_SHOWN = 8
};

/* The tuner loses samples above. */
#define RATE_MOST_HZ 3.2e6

struct rtlsdr_dev;
typedef void read_fn(unsigned char *buffer, uint32_t n, void *ctx);

/* What we call of librtlsdr (0.5.3 or newer; the bias tee came with 0.6). */
struct calls {
    uint32_t (*get_device_count)(void);
    const char *(*get_device_name)(uint32_t index);
    int (*get_device_usb_strings)(uint32_t index, char *maker, char *product, char *serial);
    int (*open)(struct rtlsdr_dev **dev, uint32_t index);
    int (*close)(struct rtlsdr_dev *dev);
    int (*set_sample_rate)(struct rtlsdr_dev *dev, uint32_t hz);
    int (*set_center_freq)(struct rtlsdr_dev *dev, uint32_t hz);
    int (*set_freq_correction)(struct rtlsdr_dev *dev, int ppm);
    int (*set_tuner_gain_mode)(struct rtlsdr_dev *dev, int by_hand);
    int (*get_tuner_gains)(struct rtlsdr_dev *dev, int *db10);
    int (*set_tuner_gain)(struct rtlsdr_dev *dev, int db10);
    int (*set_bias_tee)(struct rtlsdr_dev *dev, int on);
    int (*reset_buffer)(struct rtlsdr_dev *dev);
    int (*read_async)(struct rtlsdr_dev *dev, read_fn *fn, void *ctx, uint32_t buffers,
                      uint32_t bytes);
    int (*cancel_async)(struct rtlsdr_dev *dev);
};

struct rtlsdr {
    void *library;
    struct calls call;
    struct rtlsdr_dev *dev;
    char serial[SERIAL_MAX]; /* "": by index */
    uint32_t index;
    struct device *device; /* while it runs */
};

static const char *const keys[] = {"serial", "index", DEVICE_KEYS, NULL};

static bool open_library(struct rtlsdr *r, const char *file, char *why, size_t why_size)
{
    const struct module_call call[] = {
        {"rtlsdr_get_device_count", &r->call.get_device_count, false},
        {"rtlsdr_get_device_name", &r->call.get_device_name, false},
        {"rtlsdr_get_device_usb_strings", &r->call.get_device_usb_strings, false},
        {"rtlsdr_open", &r->call.open, false},
        {"rtlsdr_close", &r->call.close, false},
        {"rtlsdr_set_sample_rate", &r->call.set_sample_rate, false},
        {"rtlsdr_set_center_freq", &r->call.set_center_freq, false},
        {"rtlsdr_set_freq_correction", &r->call.set_freq_correction, false},
        {"rtlsdr_set_tuner_gain_mode", &r->call.set_tuner_gain_mode, false},
        {"rtlsdr_get_tuner_gains", &r->call.get_tuner_gains, false},
        {"rtlsdr_set_tuner_gain", &r->call.set_tuner_gain, false},
        {"rtlsdr_set_bias_tee", &r->call.set_bias_tee, true},
        {"rtlsdr_reset_buffer", &r->call.reset_buffer, false},
        {"rtlsdr_read_async", &r->call.read_async, false},
        {"rtlsdr_cancel_async", &r->call.cancel_async, false},
    };
    r->library = module_open(file, "librtlsdr0", call, sizeof call / sizeof call[0], why, why_size);
    return r->library != NULL;
}

static void serial_of(const struct rtlsdr *r, uint32_t index, char serial[USB_TEXT])
{
    char maker[USB_TEXT], product[USB_TEXT];
    if (r->call.get_device_usb_strings(index, maker, product, serial)) {
        snprintf(serial, USB_TEXT, "?"); /* in use by another program, or not ours to open */
    }
}

/* What there is, for a sentence: "0 with serial 00000001, 1 with serial 7". */
static void list_sticks(const struct rtlsdr *r, uint32_t n, char *out, size_t size)
{
    size_t used = 0;
    for (uint32_t k = 0; k < n && k < STICKS_SHOWN && used < size; k++) {
        char serial[USB_TEXT];
        serial_of(r, k, serial);
        used += (size_t)snprintf(out + used, size - used, "%s%u with serial %s", k ? ", " : "",
                                 (unsigned)k, serial);
    }
}

static bool find_stick(const struct rtlsdr *r, uint32_t *index, char *why, size_t why_size)
{
    const uint32_t n = r->call.get_device_count();
    char list[DEVICE_WHY_MAX];
    if (n == 0) {
        snprintf(why, why_size, "no RTL-SDR stick is plugged in");
        return false;
    }
    for (uint32_t k = 0; r->serial[0] && k < n; k++) {
        char serial[USB_TEXT];
        serial_of(r, k, serial);
        if (strcmp(serial, r->serial) == 0) {
            *index = k;
            return true;
        }
    }
    *index = r->index;
    if (!r->serial[0] && r->index < n) {
        return true;
    }
    list_sticks(r, n, list, sizeof list);
    if (r->serial[0]) {
        snprintf(why, why_size, "no stick has the serial %s; there is %s", r->serial, list);
    } else {
        snprintf(why, why_size, "there is no stick %u; there is %s", (unsigned)r->index, list);
    }
    return false;
}

static int ascending(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static void list_gains(const struct rtlsdr *r, struct device_form *form)
{
    const int n = r->call.get_tuner_gains(r->dev, NULL);
    if (n > 0 && n <= DEVICE_GAINS_MAX) {
        form->n_gains = (unsigned)r->call.get_tuner_gains(r->dev, form->gain_db10);
        qsort(form->gain_db10, form->n_gains, sizeof form->gain_db10[0], ascending);
    }
}

static int set_gains(const struct rtlsdr *r, const struct device_wish *w,
                     const struct device_form *form)
{
    const bool by_hand = w->gain != DEVICE_GAIN_TUNER && form->n_gains > 0;
    if (r->call.set_tuner_gain_mode(r->dev, by_hand) || !by_hand) {
        return 0; /* some tuners know no other mode */
    }
    const unsigned step =
        w->gain == DEVICE_GAIN_HAND ? device_nearest_gain(form, w->gain_db) : form->n_gains - 1;
    return r->call.set_tuner_gain(r->dev, form->gain_db10[step]);
}

/* NULL: all is set. */
static const char *set_up(const struct rtlsdr *r, const struct device_wish *w,
                          struct device_form *form)
{
    const int ppm = (int)(w->ppm < 0 ? w->ppm - 0.5 : w->ppm + 0.5);
    if (r->call.set_sample_rate(r->dev, (uint32_t)w->rate_hz)) {
        return "the rate";
    }
    if (ppm != 0 && r->call.set_freq_correction(r->dev, ppm)) {
        return "ppm";
    }
    if (r->call.set_center_freq(r->dev, (uint32_t)w->frequency_hz)) {
        return "the frequency";
    }
    list_gains(r, form);
    if (set_gains(r, w, form)) {
        return "the gain";
    }
    if (w->bias && (!r->call.set_bias_tee || r->call.set_bias_tee(r->dev, 1))) {
        return "the bias tee";
    }
    return r->call.reset_buffer(r->dev) ? "its buffer" : NULL;
}

static bool rtlsdr_begin(void *self, const struct device_wish *w, struct device_form *form,
                         char *why, size_t why_size)
{
    struct rtlsdr *r = self;
    uint32_t index;
    char serial[USB_TEXT];
    if (!find_stick(r, &index, why, why_size)) {
        return false;
    }
    serial_of(r, index, serial);
    if (r->call.open(&r->dev, index)) {
        snprintf(why, why_size,
                 "stick %u (serial %s) cannot be opened: another program has it, the kernel's "
                 "television driver has (rmmod dvb_usb_rtl28xxu), or it is not ours to open "
                 "(rules of udev)",
                 (unsigned)index, serial);
        return false;
    }
    const char *failed = set_up(r, w, form);
    if (failed) {
        snprintf(why, why_size, "stick %u (serial %s) does not take %s", (unsigned)index, serial,
                 failed);
        r->call.close(r->dev);
        return false;
    }
    form->format = SAMPLE_CU8;
    snprintf(form->name, sizeof form->name, "stick %.32s", serial);
    return true;
}

static void on_samples(unsigned char *buffer, uint32_t n, void *ctx)
{
    const struct rtlsdr *r = ctx;
    if (device_stopping(r->device)) {
        r->call.cancel_async(
            r->dev); /* told to before it had begun, when there is nothing to cancel */
        return;
    }
    device_samples(r->device, buffer, n & ~1u);
}

static void rtlsdr_run(void *self, struct device *d, char *why, size_t why_size)
{
    struct rtlsdr *r = self;
    r->device = d;
    const int e = r->call.read_async(r->dev, on_samples, r, BUFFERS, BUFFER_BYTES);
    snprintf(why, why_size, "the stick was unplugged or has failed (librtlsdr: %d)", e);
}

static void rtlsdr_end(void *self)
{
    struct rtlsdr *r = self;
    r->call.close(r->dev);
    r->dev = NULL;
}

static void rtlsdr_stop(void *self)
{
    struct rtlsdr *r = self;
    r->call.cancel_async(r->dev);
}

static bool rtlsdr_set_gain(void *self, int db10)
{
    struct rtlsdr *r = self;
    return r->call.set_tuner_gain(r->dev, db10) == 0;
}

static void rtlsdr_free(void *self)
{
    struct rtlsdr *r = self;
    if (r->library) {
        module_close(r->library);
    }
    free(r);
}

static const struct device_kind kind = {
    .open = rtlsdr_begin,
    .run = rtlsdr_run,
    .close = rtlsdr_end,
    .stop = rtlsdr_stop,
    .set_gain = rtlsdr_set_gain,
    .free = rtlsdr_free,
};

static bool read_which(struct rtlsdr *r, const struct spec *spec, char *why, size_t why_size)
{
    const char *serial = spec_get(spec, "serial", ""), *index = spec_get(spec, "index", "0");
    char *end;
    const unsigned long number = strtoul(index, &end, 10);
    if (index[0] < '0' || index[0] > '9' || *end != '\0' || number > INT_MAX) {
        snprintf(why, why_size, "index=%s: write a number, 0 for the first stick", index);
        return false;
    }
    if (serial[0] && spec_get(spec, "index", NULL)) {
        snprintf(why, why_size, "serial= and index= both say which stick: write one");
        return false;
    }
    r->index = (uint32_t)number;
    snprintf(r->serial, sizeof r->serial, "%s", serial);
    return true;
}

static enum err rtlsdr_open(struct source *s, const struct spec *spec, void **state, char *why,
                            size_t why_size)
{
    struct device_wish wish;
    const enum err e = device_keys(spec, RATE_MOST_HZ, &wish, why, why_size);
    struct rtlsdr *r = e ? NULL : calloc(1, sizeof *r);
    if (!r) {
        return e ? e : ERR_MEMORY;
    }
    if (!read_which(r, spec, why, why_size) ||
        !open_library(r, spec_get(spec, "library", "librtlsdr.so.0"), why, why_size)) {
        free(r);
        return ERR_NOT_FOUND;
    }
    return device_open(s, &wish, &kind, r, state, why, why_size);
}

const struct source_kind source_rtlsdr = {
    .name = "rtlsdr",
    .help = "an RTL-SDR stick: serial= or index=, gain=DB|auto|tuner, ppm=, bias=1, band=978",
    .keys = keys,
    .open = rtlsdr_open,
    .close = device_close,
    .pause = device_pause,
};

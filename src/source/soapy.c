/* soapy: any radio that SoapySDR 0.8 has a module for, by its library, which is opened when asked
 * for.
 *
 *   driver=TEXT serial=TEXT   which radio; what else is needed to find it stands in
 *   args=KEY=VALUE\,…         (commas written \,)
 *   antenna=TEXT              of several inputs
 *   bandwidth=HZ              of its filter; default as the radio chooses
 *   library=FILE              default libSoapySDR.so.0.8
 * and the keys of every radio (device.h). Gains are tried in steps of 1 dB or the radio's own. */
#include "source/device.h"
#include "source/module.h"

#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECEIVE = 1, /* SOAPY_SDR_RX */
    CHANNEL = 0,
    TIMED_OUT = -1, /* SOAPY_SDR_TIMEOUT */
    OVERFLOW = -4,  /* SOAPY_SDR_OVERFLOW */
    WAIT_US = 100000,
    SAMPLES = 8192,
    SAMPLE_BYTES_MAX = 8,
    TEXT_MAX = 256,
    Q11_FULL = 2048
};

#define RATE_MOST_HZ 20e6

struct soapy_dev;
struct soapy_stream;
struct soapy_range {
    double minimum, maximum, step;
};

/* What we call of SoapySDR 0.8 (Device.h). */
struct calls {
    struct soapy_dev *(*make)(const char *args);
    int (*unmake)(struct soapy_dev *dev);
    const char *(*last_error)(void);
    int (*set_rate)(struct soapy_dev *dev, int direction, size_t channel, double hz);
    int (*set_frequency)(struct soapy_dev *dev, int direction, size_t channel, double hz,
                         const void *args);
    int (*set_ppm)(struct soapy_dev *dev, int direction, size_t channel, double ppm);
    int (*set_bandwidth)(struct soapy_dev *dev, int direction, size_t channel, double hz);
    int (*set_antenna)(struct soapy_dev *dev, int direction, size_t channel, const char *name);
    int (*set_gain_mode)(struct soapy_dev *dev, int direction, size_t channel, bool automatic);
    int (*set_gain)(struct soapy_dev *dev, int direction, size_t channel, double db);
    struct soapy_range (*gain_range)(const struct soapy_dev *dev, int direction, size_t channel);
    int (*write_setting)(struct soapy_dev *dev, const char *key, const char *value);
    char *(*native_format)(const struct soapy_dev *dev, int direction, size_t channel,
                           double *full_scale);
    struct soapy_stream *(*setup)(struct soapy_dev *dev, int direction, const char *format,
                                  const size_t *channels, size_t n, const void *args);
    int (*activate)(struct soapy_dev *dev, struct soapy_stream *stream, int flags, long long t_ns,
                    size_t n);
    int (*deactivate)(struct soapy_dev *dev, struct soapy_stream *stream, int flags,
                      long long t_ns);
    int (*close)(struct soapy_dev *dev, struct soapy_stream *stream);
    int (*read)(struct soapy_dev *dev, struct soapy_stream *stream, void *const *buffers, size_t n,
                int *flags, long long *t_ns, long timeout_us);
};

struct soapy {
    void *library;
    struct calls call;
    struct soapy_dev *dev;
    struct soapy_stream *stream;
    size_t sample_bytes;
    double bandwidth_hz; /* 0: as it chooses */
    char args[TEXT_MAX], antenna[TEXT_MAX];
    atomic_bool stop_asked;
    _Alignas(16) uint8_t samples[SAMPLES * SAMPLE_BYTES_MAX]; /* of whatever form */
};

static const char *const keys[] = {"driver",    "serial",    "args", "antenna",
                                   "bandwidth", DEVICE_KEYS, NULL};

#define SOAPY(call) "SoapySDRDevice_" call

static bool open_library(struct soapy *r, const char *file, char *why, size_t why_size)
{
    const struct module_call call[] = {
        {SOAPY("makeStrArgs"), &r->call.make, false},
        {SOAPY("unmake"), &r->call.unmake, false},
        {SOAPY("lastError"), &r->call.last_error, false},
        {SOAPY("setSampleRate"), &r->call.set_rate, false},
        {SOAPY("setFrequency"), &r->call.set_frequency, false},
        {SOAPY("setFrequencyCorrection"), &r->call.set_ppm, false},
        {SOAPY("setBandwidth"), &r->call.set_bandwidth, false},
        {SOAPY("setAntenna"), &r->call.set_antenna, false},
        {SOAPY("setGainMode"), &r->call.set_gain_mode, false},
        {SOAPY("setGain"), &r->call.set_gain, false},
        {SOAPY("getGainRange"), &r->call.gain_range, false},
        {SOAPY("writeSetting"), &r->call.write_setting, false},
        {SOAPY("getNativeStreamFormat"), &r->call.native_format, false},
        {SOAPY("setupStream"), &r->call.setup, false},
        {SOAPY("activateStream"), &r->call.activate, false},
        {SOAPY("deactivateStream"), &r->call.deactivate, false},
        {SOAPY("closeStream"), &r->call.close, false},
        {SOAPY("readStream"), &r->call.read, false},
    };
    r->library = module_open(file, "libsoapysdr0.8 and the module of your radio", call,
                             sizeof call / sizeof call[0], why, why_size);
    return r->library != NULL;
}

static void list_gains(const struct soapy *r, struct device_form *form)
{
    const struct soapy_range range = r->call.gain_range(r->dev, RECEIVE, CHANNEL);
    const double all = range.maximum - range.minimum;
    double step = fmax(range.step, 1);
    step = fmax(step, all / (DEVICE_GAINS_MAX - 1));
    form->n_gains = 0;
    for (unsigned k = 0; all > 0 && k < DEVICE_GAINS_MAX && k * step <= all + 1e-6; k++) {
        form->gain_db10[form->n_gains++] = (int)lround(10 * (range.minimum + k * step));
    }
}

static int set_gains(const struct soapy *r, const struct device_wish *w,
                     const struct device_form *form)
{
    const bool by_tuner = w->gain == DEVICE_GAIN_TUNER || form->n_gains == 0;
    r->call.set_gain_mode(r->dev, RECEIVE, CHANNEL, by_tuner); /* many have one mode only */
    if (by_tuner) {
        return 0;
    }
    const unsigned step =
        w->gain == DEVICE_GAIN_HAND ? device_nearest_gain(form, w->gain_db) : form->n_gains - 1;
    return r->call.set_gain(r->dev, RECEIVE, CHANNEL, form->gain_db10[step] / 10.0);
}

/* Every module calls it something else. */
static int set_bias(const struct soapy *r)
{
    static const char *const names[] = {"biastee", "biasT_ctrl", "bias_tx"};
    int e = -1;
    for (size_t k = 0; e && k < sizeof names / sizeof names[0]; k++) {
        e = r->call.write_setting(r->dev, names[k], "true");
    }
    return e;
}

/* NULL: all is set. */
static const char *set_up(const struct soapy *r, const struct device_wish *w,
                          struct device_form *form)
{
    if (r->antenna[0] && r->call.set_antenna(r->dev, RECEIVE, CHANNEL, r->antenna)) {
        return "the antenna";
    }
    if (r->call.set_rate(r->dev, RECEIVE, CHANNEL, w->rate_hz)) {
        return "the rate";
    }
    if (r->bandwidth_hz > 0 && r->call.set_bandwidth(r->dev, RECEIVE, CHANNEL, r->bandwidth_hz)) {
        return "the bandwidth";
    }
    if (w->ppm != 0 && r->call.set_ppm(r->dev, RECEIVE, CHANNEL, w->ppm)) {
        return "ppm";
    }
    if (r->call.set_frequency(r->dev, RECEIVE, CHANNEL, w->frequency_hz, NULL)) {
        return "the frequency";
    }
    list_gains(r, form);
    if (set_gains(r, w, form)) {
        return "the gain";
    }
    return w->bias && set_bias(r) ? "the bias tee" : NULL;
}

/* Its own form where we know it, so that nobody converts; else 16 bits. */
static const char *choose_format(const struct soapy *r, struct device_form *form)
{
    static const struct {
        const char *name;
        enum sample_format format;
    } known[] = {{"CU8", SAMPLE_CU8}, {"CS8", SAMPLE_CS8}, {"CF32", SAMPLE_CF32}};
    double full_scale = 0;
    char *native = r->call.native_format(r->dev, RECEIVE, CHANNEL, &full_scale);
    const char *chosen = "CS16";
    form->format = SAMPLE_CS16;
    for (size_t k = 0; native && k < sizeof known / sizeof known[0]; k++) {
        if (strcmp(native, known[k].name) == 0) {
            chosen = known[k].name;
            form->format = known[k].format;
        }
    }
    if (native && strcmp(native, "CS16") == 0 && full_scale > 0 && full_scale <= Q11_FULL) {
        form->format = SAMPLE_CS16Q11;
    }
    free(native);
    return chosen;
}

static bool start_stream(struct soapy *r, struct device_form *form)
{
    const size_t channel = CHANNEL;
    const char *format = choose_format(r, form);
    r->sample_bytes = sample_bytes(form->format);
    r->stream = r->call.setup(r->dev, RECEIVE, format, &channel, 1, NULL);
    return r->stream && r->call.activate(r->dev, r->stream, 0, 0, 0) == 0;
}

static void soapy_end(void *self)
{
    struct soapy *r = self;
    if (r->stream) {
        r->call.deactivate(r->dev, r->stream, 0, 0);
        r->call.close(r->dev, r->stream);
    }
    r->call.unmake(r->dev);
    r->stream = NULL;
    r->dev = NULL;
}

static bool soapy_begin(void *self, const struct device_wish *w, struct device_form *form,
                        char *why, size_t why_size)
{
    struct soapy *r = self;
    atomic_store(&r->stop_asked, false);
    r->dev = r->call.make(r->args);
    if (!r->dev) {
        snprintf(why, why_size, "no radio '%s' can be opened: %s", r->args, r->call.last_error());
        return false;
    }
    const char *failed = set_up(r, w, form);
    if (failed || !start_stream(r, form)) {
        snprintf(why, why_size, "the radio '%s' does not take %s: %s", r->args,
                 failed ? failed : "a stream", r->call.last_error());
        soapy_end(r);
        return false;
    }
    snprintf(form->name, sizeof form->name, "radio %.48s", r->args);
    return true;
}

static void soapy_run(void *self, struct device *d, char *why, size_t why_size)
{
    struct soapy *r = self;
    while (!atomic_load(&r->stop_asked) && !device_stopping(d)) {
        void *const buffer = r->samples;
        int flags = 0;
        long long t_ns = 0;
        const int n = r->call.read(r->dev, r->stream, &buffer, SAMPLES, &flags, &t_ns, WAIT_US);
        if (n > 0 && n <= SAMPLES) {
            device_samples(d, r->samples, (size_t)n * r->sample_bytes);
        } else if (n == OVERFLOW) {
            device_overrun(d);
        } else if (n != TIMED_OUT && n != 0) {
            snprintf(why, why_size, "the radio was unplugged or has failed (SoapySDR: %d)", n);
            return;
        }
    }
}

static void soapy_stop(void *self)
{
    struct soapy *r = self;
    atomic_store(&r->stop_asked, true);
}

static bool soapy_set_gain(void *self, int db10)
{
    struct soapy *r = self;
    return r->call.set_gain(r->dev, RECEIVE, CHANNEL, db10 / 10.0) == 0;
}

static void soapy_free(void *self)
{
    struct soapy *r = self;
    if (r->library) {
        module_close(r->library);
    }
    free(r);
}

static const struct device_kind kind = {
    .open = soapy_begin,
    .run = soapy_run,
    .close = soapy_end,
    .stop = soapy_stop,
    .set_gain = soapy_set_gain,
    .free = soapy_free,
};

/* driver=, serial= and args= as SoapySDR writes them. */
static bool read_args(struct soapy *r, const struct spec *spec, char *why, size_t why_size)
{
    const char *driver = spec_get(spec, "driver", NULL), *serial = spec_get(spec, "serial", NULL);
    const char *args = spec_get(spec, "args", NULL);
    const char *bandwidth = spec_get(spec, "bandwidth", "0");
    char *end;
    const int n =
        snprintf(r->args, sizeof r->args, "%s%s%s%s%s%s%s", driver ? "driver=" : "",
                 driver ? driver : "", driver && serial ? "," : "", serial ? "serial=" : "",
                 serial ? serial : "", (driver || serial) && args ? "," : "", args ? args : "");
    r->bandwidth_hz = strtod(bandwidth, &end);
    if (end == bandwidth || *end != '\0' || !(r->bandwidth_hz >= 0 && r->bandwidth_hz < 1e9)) {
        snprintf(why, why_size, "bandwidth=%s: write Hz", bandwidth);
        return false;
    }
    const int m = snprintf(r->antenna, sizeof r->antenna, "%s", spec_get(spec, "antenna", ""));
    if (n >= TEXT_MAX || m >= TEXT_MAX) {
        snprintf(why, why_size, "driver=, serial=, args= and antenna= hold more than %d bytes",
                 TEXT_MAX - 1);
        return false;
    }
    if (n == 0) {
        snprintf(why, why_size, "which radio? write driver=, for example soapy:driver=airspy");
        return false;
    }
    return true;
}

static enum err soapy_open(struct source *s, const struct spec *spec, void **state, char *why,
                           size_t why_size)
{
    struct device_wish wish;
    const enum err e = device_keys(spec, RATE_MOST_HZ, &wish, why, why_size);
    struct soapy *r = e ? NULL : calloc(1, sizeof *r);
    if (!r) {
        return e ? e : ERR_MEMORY;
    }
    if (!read_args(r, spec, why, why_size) ||
        !open_library(r, spec_get(spec, "library", "libSoapySDR.so.0.8"), why, why_size)) {
        free(r);
        return ERR_NOT_FOUND;
    }
    return device_open(s, &wish, &kind, r, state, why, why_size);
}

const struct source_kind source_soapy = {
    .name = "soapy",
    .help = "a radio SoapySDR knows: driver=, serial=, args=, gain=DB|auto|tuner, rate=, antenna=",
    .keys = keys,
    .open = soapy_open,
    .close = device_close,
    .pause = device_pause,
};

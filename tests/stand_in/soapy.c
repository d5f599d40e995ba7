/* Stands in for SoapySDR 0.8: 12 bits in 16, as a bladeRF gives them. */
#include "stand_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FULL = 2048, TIMED_OUT = -1, STREAM_ERROR = -2, OVERFLOW = -4 };

struct soapy_dev {
    size_t at; /* bytes of the scene */
};
struct soapy_stream {
    int unused;
};
struct soapy_range {
    double minimum, maximum, step;
};

static struct stand_in control;
static struct soapy_stream the_stream;

STAND_IN struct stand_in *stand_in(void);
STAND_IN struct soapy_dev *SoapySDRDevice_makeStrArgs(const char *args);
STAND_IN int SoapySDRDevice_unmake(struct soapy_dev *dev);
STAND_IN const char *SoapySDRDevice_lastError(void);
STAND_IN int SoapySDRDevice_setSampleRate(struct soapy_dev *dev, int d, size_t c, double hz);
STAND_IN int SoapySDRDevice_setFrequency(struct soapy_dev *dev, int d, size_t c, double hz,
                                         const void *args);
STAND_IN int SoapySDRDevice_setFrequencyCorrection(struct soapy_dev *dev, int d, size_t c,
                                                   double ppm);
STAND_IN int SoapySDRDevice_setBandwidth(struct soapy_dev *dev, int d, size_t c, double hz);
STAND_IN int SoapySDRDevice_setAntenna(struct soapy_dev *dev, int d, size_t c, const char *name);
STAND_IN int SoapySDRDevice_setGainMode(struct soapy_dev *dev, int d, size_t c, bool automatic);
STAND_IN int SoapySDRDevice_setGain(struct soapy_dev *dev, int d, size_t c, double db);
STAND_IN struct soapy_range SoapySDRDevice_getGainRange(const struct soapy_dev *dev, int d,
                                                        size_t c);
STAND_IN int SoapySDRDevice_writeSetting(struct soapy_dev *dev, const char *key, const char *value);
STAND_IN char *SoapySDRDevice_getNativeStreamFormat(const struct soapy_dev *dev, int d, size_t c,
                                                    double *full_scale);
STAND_IN struct soapy_stream *SoapySDRDevice_setupStream(struct soapy_dev *dev, int d,
                                                         const char *format, const size_t *channels,
                                                         size_t n, const void *args);
STAND_IN int SoapySDRDevice_activateStream(struct soapy_dev *dev, struct soapy_stream *s, int flags,
                                           long long t_ns, size_t n);
STAND_IN int SoapySDRDevice_deactivateStream(struct soapy_dev *dev, struct soapy_stream *s,
                                             int flags, long long t_ns);
STAND_IN int SoapySDRDevice_closeStream(struct soapy_dev *dev, struct soapy_stream *s);
STAND_IN int SoapySDRDevice_readStream(struct soapy_dev *dev, struct soapy_stream *s,
                                       void *const *buffers, size_t n, int *flags, long long *t_ns,
                                       long timeout_us);

struct stand_in *stand_in(void)
{
    return &control;
}

struct soapy_dev *SoapySDRDevice_makeStrArgs(const char *args)
{
    if (atomic_load(&control.sticks) == 0 || !strstr(args, "driver=stand_in")) {
        return NULL;
    }
    atomic_fetch_add(&control.opened, 1);
    return calloc(1, sizeof(struct soapy_dev));
}

int SoapySDRDevice_unmake(struct soapy_dev *dev)
{
    atomic_fetch_add(&control.closed, 1);
    free(dev);
    return 0;
}

const char *SoapySDRDevice_lastError(void)
{
    return "SoapySDR::Device::make() no match";
}

int SoapySDRDevice_setSampleRate(struct soapy_dev *dev, int d, size_t c, double hz)
{
    (void)dev, (void)d, (void)c;
    control.rate_hz = (unsigned)hz;
    return 0;
}

int SoapySDRDevice_setFrequency(struct soapy_dev *dev, int d, size_t c, double hz, const void *args)
{
    (void)dev, (void)c, (void)args;
    control.frequency_hz = (unsigned)hz;
    return d == 1 ? 0 : -5;
}

int SoapySDRDevice_setFrequencyCorrection(struct soapy_dev *dev, int d, size_t c, double ppm)
{
    (void)dev, (void)d, (void)c;
    control.ppm = (int)ppm;
    return 0;
}

int SoapySDRDevice_setBandwidth(struct soapy_dev *dev, int d, size_t c, double hz)
{
    (void)dev, (void)d, (void)c, (void)hz;
    return 0;
}

int SoapySDRDevice_setAntenna(struct soapy_dev *dev, int d, size_t c, const char *name)
{
    (void)dev, (void)d, (void)c;
    return strcmp(name, "RX1") == 0 ? 0 : -5;
}

int SoapySDRDevice_setGainMode(struct soapy_dev *dev, int d, size_t c, bool automatic)
{
    (void)dev, (void)d, (void)c;
    control.by_hand = !automatic;
    return 0;
}

int SoapySDRDevice_setGain(struct soapy_dev *dev, int d, size_t c, double db)
{
    (void)dev, (void)d, (void)c;
    atomic_store(&control.gain_db10, (int)lround(db * 10));
    return 0;
}

struct soapy_range SoapySDRDevice_getGainRange(const struct soapy_dev *dev, int d, size_t c)
{
    (void)dev, (void)d, (void)c;
    return (struct soapy_range){0, 60, 0};
}

int SoapySDRDevice_writeSetting(struct soapy_dev *dev, const char *key, const char *value)
{
    (void)dev;
    if (strcmp(key, "biasT_ctrl") != 0) {
        return -5;
    }
    control.bias = strcmp(value, "true") == 0;
    return 0;
}

char *SoapySDRDevice_getNativeStreamFormat(const struct soapy_dev *dev, int d, size_t c,
                                           double *full_scale)
{
    (void)dev, (void)d, (void)c;
    *full_scale = FULL;
    return strdup("CS16");
}

struct soapy_stream *SoapySDRDevice_setupStream(struct soapy_dev *dev, int d, const char *format,
                                                const size_t *channels, size_t n, const void *args)
{
    (void)dev, (void)d, (void)args;
    return n == 1 && channels[0] == 0 && strcmp(format, "CS16") == 0 ? &the_stream : NULL;
}

int SoapySDRDevice_activateStream(struct soapy_dev *dev, struct soapy_stream *s, int flags,
                                  long long t_ns, size_t n)
{
    (void)dev, (void)s, (void)flags, (void)t_ns, (void)n;
    return 0;
}

int SoapySDRDevice_deactivateStream(struct soapy_dev *dev, struct soapy_stream *s, int flags,
                                    long long t_ns)
{
    (void)dev, (void)s, (void)flags, (void)t_ns;
    return 0;
}

int SoapySDRDevice_closeStream(struct soapy_dev *dev, struct soapy_stream *s)
{
    (void)dev, (void)s;
    return 0;
}

int SoapySDRDevice_readStream(struct soapy_dev *dev, struct soapy_stream *s, void *const *buffers,
                              size_t n, int *flags, long long *t_ns, long timeout_us)
{
    (void)s, (void)flags, (void)t_ns;
    const size_t unplug = atomic_load(&control.unplug_after);
    const size_t stall = atomic_load(&control.stall_after);
    int16_t *out = buffers[0];
    if (unplug > 0 && dev->at >= unplug) {
        return STREAM_ERROR;
    }
    if (stall > 0 && dev->at >= stall) {
        usleep((unsigned)timeout_us);
        return TIMED_OUT;
    }
    if (atomic_load(&control.overruns) > 0) {
        atomic_fetch_sub(&control.overruns, 1);
        return OVERFLOW;
    }
    usleep(atomic_load(&control.pause_us));
    uint8_t *bytes = malloc(2 * n);
    stand_in_fill(&control, 1, dev->at, bytes, bytes ? 2 * n : 0);
    for (size_t k = 0; bytes && k < 2 * n; k++) {
        out[k] = (int16_t)lround((bytes[k] - 127.5) * FULL / 127.5);
    }
    free(bytes);
    dev->at += 2 * n;
    return (int)n;
}

/* Stands in for librtlsdr. */
#include "stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rtlsdr_dev {
    atomic_bool cancelled;
};

typedef void read_fn(unsigned char *buffer, uint32_t n, void *ctx);

static struct stand_in control;

STAND_IN struct stand_in *stand_in(void);
STAND_IN uint32_t rtlsdr_get_device_count(void);
STAND_IN const char *rtlsdr_get_device_name(uint32_t index);
STAND_IN int rtlsdr_get_device_usb_strings(uint32_t index, char *maker, char *product,
                                           char *serial);
STAND_IN int rtlsdr_open(struct rtlsdr_dev **dev, uint32_t index);
STAND_IN int rtlsdr_close(struct rtlsdr_dev *dev);
STAND_IN int rtlsdr_set_sample_rate(struct rtlsdr_dev *dev, uint32_t hz);
STAND_IN int rtlsdr_set_center_freq(struct rtlsdr_dev *dev, uint32_t hz);
STAND_IN int rtlsdr_set_freq_correction(struct rtlsdr_dev *dev, int ppm);
STAND_IN int rtlsdr_set_tuner_gain_mode(struct rtlsdr_dev *dev, int by_hand);
STAND_IN int rtlsdr_get_tuner_gains(struct rtlsdr_dev *dev, int *db10);
STAND_IN int rtlsdr_set_tuner_gain(struct rtlsdr_dev *dev, int db10);
STAND_IN int rtlsdr_set_bias_tee(struct rtlsdr_dev *dev, int on);
STAND_IN int rtlsdr_reset_buffer(struct rtlsdr_dev *dev);
STAND_IN int rtlsdr_read_async(struct rtlsdr_dev *dev, read_fn *fn, void *ctx, uint32_t buffers,
                               uint32_t bytes);
STAND_IN int rtlsdr_cancel_async(struct rtlsdr_dev *dev);

struct stand_in *stand_in(void)
{
    return &control;
}

uint32_t rtlsdr_get_device_count(void)
{
    return atomic_load(&control.sticks);
}

const char *rtlsdr_get_device_name(uint32_t index)
{
    return index < atomic_load(&control.sticks) ? "Generic RTL2832U" : "";
}

int rtlsdr_get_device_usb_strings(uint32_t index, char *maker, char *product, char *serial)
{
    snprintf(maker, 256, "Realtek");
    snprintf(product, 256, "RTL2838UHIDIR");
    snprintf(serial, 256, "%u", 100 + index);
    return index < atomic_load(&control.sticks) ? 0 : -2;
}

int rtlsdr_open(struct rtlsdr_dev **dev, uint32_t index)
{
    if (index >= atomic_load(&control.sticks)) {
        return -3;
    }
    *dev = calloc(1, sizeof **dev);
    atomic_fetch_add(&control.opened, 1);
    return *dev ? 0 : -1;
}

int rtlsdr_close(struct rtlsdr_dev *dev)
{
    atomic_fetch_add(&control.closed, 1);
    free(dev);
    return 0;
}

int rtlsdr_set_sample_rate(struct rtlsdr_dev *dev, uint32_t hz)
{
    (void)dev;
    control.rate_hz = hz;
    return 0;
}

int rtlsdr_set_center_freq(struct rtlsdr_dev *dev, uint32_t hz)
{
    (void)dev;
    control.frequency_hz = hz;
    return 0;
}

int rtlsdr_set_freq_correction(struct rtlsdr_dev *dev, int ppm)
{
    (void)dev;
    control.ppm = ppm;
    return 0;
}

int rtlsdr_set_tuner_gain_mode(struct rtlsdr_dev *dev, int by_hand)
{
    (void)dev;
    control.by_hand = by_hand != 0;
    return 0;
}

int rtlsdr_get_tuner_gains(struct rtlsdr_dev *dev, int *db10)
{
    static const int gains[] = {0, 90, 140, 270, 370, 77, 87, 125, 480, 496};
    (void)dev;
    if (db10) {
        memcpy(db10, gains, sizeof gains);
    }
    return (int)(sizeof gains / sizeof gains[0]);
}

int rtlsdr_set_tuner_gain(struct rtlsdr_dev *dev, int db10)
{
    (void)dev;
    atomic_store(&control.gain_db10, db10);
    return 0;
}

int rtlsdr_set_bias_tee(struct rtlsdr_dev *dev, int on)
{
    (void)dev;
    control.bias = (unsigned)on;
    return 0;
}

int rtlsdr_reset_buffer(struct rtlsdr_dev *dev)
{
    (void)dev;
    return 0;
}

static bool reached(const atomic_size_t *limit, size_t at)
{
    const size_t n = atomic_load(limit);
    return n > 0 && at >= n;
}

int rtlsdr_read_async(struct rtlsdr_dev *dev, read_fn *fn, void *ctx, uint32_t buffers,
                      uint32_t bytes)
{
    uint8_t *buffer = malloc(bytes);
    (void)buffers;
    for (size_t at = 0; buffer;) {
        if (atomic_load(&dev->cancelled) && !atomic_load(&control.hangs)) {
            break;
        }
        if (reached(&control.unplug_after, at)) {
            free(buffer);
            return -4;
        }
        if (!reached(&control.stall_after, at)) {
            const double db = atomic_load(&control.gain_db10) / 10.0 - control.level_db;
            stand_in_fill(&control, pow(10, db / 20), at, buffer, bytes);
            fn(buffer, bytes, ctx);
            at += bytes;
        }
        usleep(atomic_load(&control.pause_us));
    }
    free(buffer);
    return 0;
}

int rtlsdr_cancel_async(struct rtlsdr_dev *dev)
{
    atomic_store(&dev->cancelled, true);
    return 0;
}

/* A radio of this machine. A thread of its own opens it and puts its samples into a ring; the loop
   takes them out and demodulates them. Samples that find the ring full (the loop stands still for
   seconds) are lost, counted, and told to the demodulator, whose clock goes on.

     opening ──> running ──unplugged, stalled──> waiting 1, 2, 4 … 30 s ──> opening

   A radio that brings nothing for some seconds is closed and opened anew. */
#ifndef MASAR_SOURCE_DEVICE_H
#define MASAR_SOURCE_DEVICE_H

#include "radio/sample.h"
#include "source/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum { DEVICE_GAINS_MAX = 64, DEVICE_WHY_MAX = 200 };

/* gain=: by hand in dB, "auto" (radio/gain.h chooses), "tuner" (the radio's own control). */
enum device_gain { DEVICE_GAIN_AUTO, DEVICE_GAIN_HAND, DEVICE_GAIN_TUNER };

/* What every kind of radio is asked for. */
struct device_wish {
    double rate_hz, frequency_hz, ppm, gain_db;
    enum device_gain gain;
    bool bias;        /* power on the antenna's line */
    int band;         /* 1090 or 978: which demodulator */
    unsigned stall_s; /* without a sample before it is opened anew; 0: never */
};

/* What it is, once open. */
struct device_form {
    enum sample_format format;
    double rate_hz;
    unsigned n_gains; /* 0: it has none to choose from */
    int gain_db10[DEVICE_GAINS_MAX];
    char name[64]; /* for people */
};

/* A kind of radio. self is its own state, made by the source's open. */
struct device_kind {
    /* All in the radio's thread. open: false, why is a sentence. run: gives samples by
       device_samples until stop or until they end; then why says how. */
    bool (*open)(void *self, const struct device_wish *w, struct device_form *form, char *why,
                 size_t why_size);
    void (*run)(void *self, struct device *d, char *why, size_t why_size);
    void (*close)(void *self);
    /* In any thread while it is open: run shall return; another gain. */
    void (*stop)(void *self);
    bool (*set_gain)(void *self, int gain_db10);
    void (*free)(void *self);
};

/* Keys of every radio, and what they ask for; rate_most_hz: the highest rate there is. Errors are
   told in why, in a sentence. */
#define DEVICE_KEYS "rate", "gain", "ppm", "bias", "band", "stall", "library"
enum err device_keys(const struct spec *s, double rate_most_hz, struct device_wish *w, char *why,
                     size_t why_size);

/* Which of its gains is nearest. */
unsigned device_nearest_gain(const struct device_form *f, double db);

/* Starts the thread. self is the device's from here on, freed on an error too. */
enum err device_open(struct source *s, const struct device_wish *w, const struct device_kind *kind,
                     void *self, void **state, char *why, size_t why_size);

/* Of a source_kind. */
void device_close(void *state);
void device_pause(void *state, bool paused);

/* For kinds, in the radio's thread: n bytes of whole samples; that some were lost (in the driver:
   nobody knows how many); whether it was told to stop. */
void device_samples(struct device *d, const uint8_t *bytes, size_t n);
void device_overrun(struct device *d);
bool device_stopping(const struct device *d);

#endif

/* A receiver: who heard it. The table is the pipeline's; everything else carries the number. */
#ifndef MASAR_MODEL_RECEIVER_H
#define MASAR_MODEL_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECEIVER_NAME_MAX = 40, RECEIVERS_MAX = 2048 };

/* What came of a radio's samples, since its input began; of inputs that bring frames all is 0. */
struct receiver_radio {
    uint64_t samples;
    uint64_t lost;     /* samples: the program could not keep up */
    uint64_t overruns; /* times the radio's driver could not; nobody knows how many samples */
    uint64_t clipped;  /* values of I or Q at the end of the scale */
    uint64_t starts;   /* places that looked like a transmission */
    uint64_t unsteady, undecoded, twice; /* of them (radio/radio.h) */
    uint64_t frames, repaired, strong;   /* strong: within 3 dB of full scale */
    double noise_dbfs;                   /* where nothing is sent; -infinity not known */
    bool has_gain;
    int gain_db10;
};

struct receiver {
    char name[RECEIVER_NAME_MAX]; /* UTF-8; what people call it */
    uint64_t id;                  /* 0xe3 receiver id, 0 if never sent */
    uint16_t source;              /* number of the input it came by */
    bool has_place;
    bool simulated; /* nothing it says is of the world */
    int32_t lat_e7, lon_e7, alt_m;
    uint64_t frames;       /* heard, duplicates included */
    int64_t last_frame_us; /* INSTANT_NONE before the first */
    struct receiver_radio radio;
};

/* Everybody who was heard from, by number; row 0 is "not named" (source/receivers.h keeps it). */
struct receivers {
    size_t n; /* rows in use, row 0 included */
    struct receiver row[RECEIVERS_MAX];
};

/* Receiver ids of `simulate` begin with these bytes, ASCII "SIM": any masar that is fed by one says
 * SIMULATION. */
#define RECEIVER_ID_SIMULATED      UINT64_C(0x53494d0000000000)
#define RECEIVER_ID_SIMULATED_MASK UINT64_C(0xffffff0000000000)

#endif

/* Runs inputs into outputs until the inputs end: what record, replay and simulate share. Outputs of
   frames get them as they came; for the others they are decoded and tracked. A peer that reads
   slowly or a disk that writes slowly makes the inputs wait. */
#ifndef MASAR_APP_PLAY_H
#define MASAR_APP_PLAY_H

#include <stdbool.h>

struct play {
    const char *command;                /* for messages: "record" */
    const char *const *in, *const *out; /* SPECs */
    unsigned n_in, n_out;
    bool retell;       /* values also go to outputs of frames, as squitters (pipeline.h) */
    const char *store; /* folder where what is heard is recorded as serve records it; NULL: none */
    const char *data;  /* reference data for its ledger, as for reference_dir */
};

/* Plays, tells on standard error how it went. Returns the exit status: could not, too, where frames
   came and none had a place in any output. */
int play(const struct play *p);

#endif

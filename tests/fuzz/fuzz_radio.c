/* The demodulator on any samples: the first bytes choose format, rate and cuts, the rest are
   samples; the same bytes cut otherwise must be heard as the same frames. */
#include "radio_probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const double rate[] = {2.0e6, 2.4e6, 3.2e6, 7.77e6, 20e6};
    static struct probe_list whole, cut;
    if (size < 3) {
        return 0;
    }
    const struct radio_options o = {.format = (enum sample_format)(data[0] % SAMPLE_FORMATS),
                                    .rate_hz = rate[data[1] % 5]};
    probe_listen(&o, data + 3, size - 3, 0, &whole);
    probe_listen(&o, data + 3, size - 3, 1 + data[2], &cut);
    if (whole.n != cut.n || memcmp(whole.frame, cut.frame, whole.n * sizeof whole.frame[0]) != 0) {
        abort();
    }
    return 0;
}

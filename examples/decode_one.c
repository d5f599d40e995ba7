/* Decodes the frames given on the command line: decode_one 8d406b902015a678d4d220aa4bda */
#include <masar.h>

#include <stdio.h>
#include <string.h>

static size_t from_hex(const char *text, uint8_t out[14])
{
    size_t n = 0;
    unsigned byte;
    while (n < 14 && sscanf(text + 2 * n, "%2x", &byte) == 1) {
        out[n++] = (uint8_t)byte;
    }
    return strlen(text) == 2 * n ? n : 0;
}

static void print_quantity(int quantity, int32_t value)
{
    const char *word = masar_quantity_word(quantity, value);
    double scale = 1;
    for (int i = masar_quantity_decimals(quantity); i > 0; i--) {
        scale *= 10;
    }
    if (word) {
        printf(" %s=%s", masar_quantity_key(quantity), word);
    } else {
        printf(" %s=%.*f%s", masar_quantity_key(quantity), masar_quantity_decimals(quantity),
               value / scale, masar_quantity_unit(quantity));
    }
}

int main(int argc, char **argv)
{
    static const char *const parity[] = {"ok", "address", "interrogator", "bad"};
    struct masar_message *m = masar_message_new();
    const int flight = masar_quantity("flight");
    for (int i = 1; m && i < argc; i++) {
        uint8_t frame[14];
        const size_t n = from_hex(argv[i], frame);
        if (masar_decode(m, frame, n, 1) < 0) {
            fprintf(stderr, "%s: a frame has 14 or 28 hexadecimal digits\n", argv[i]);
            continue;
        }
        printf("DF%d %06x parity=%s", masar_message_df(m), (unsigned)masar_message_address(m),
               parity[masar_message_parity(m)]);
        if (masar_message_corrected(m)) {
            printf(" corrected=%d", masar_message_corrected(m));
        }
        if (masar_message_flight(m)[0]) {
            printf(" flight=%s", masar_message_flight(m));
        }
        for (int q = 0; q < masar_quantity_count(); q++) {
            int32_t value;
            if (q != flight && masar_message_get(m, q, &value)) {
                print_quantity(q, value);
            }
        }
        putchar('\n');
    }
    masar_message_free(m);
    return 0;
}

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
    return n;
}

int main(int argc, char **argv)
{
    struct masar_message *m = masar_message_new();
    for (int i = 1; m && i < argc; i++) {
        uint8_t frame[14];
        const size_t n = from_hex(argv[i], frame);
        if (masar_decode(m, frame, n, 1) < 0) {
            fprintf(stderr, "%s: a frame has 14 or 28 hexadecimal digits\n", argv[i]);
            continue;
        }
        printf("DF%d %06x", masar_message_df(m), (unsigned)masar_message_address(m));
        if (masar_message_flight(m)[0]) {
            printf(" flight=%s", masar_message_flight(m));
        }
        for (int q = 0; q < masar_quantity_count(); q++) {
            int32_t value;
            if (strcmp(masar_quantity_key(q), "flight") != 0 && masar_message_get(m, q, &value)) {
                printf(" %s=%d/10^%d%s", masar_quantity_key(q), (int)value,
                       masar_quantity_decimals(q), masar_quantity_unit(q));
            }
        }
        putchar('\n');
    }
    masar_message_free(m);
    return 0;
}

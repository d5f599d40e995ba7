/* Prints the frames of an aircraft that flies east over Niamey for a minute, as AVR lines: pipe
 * them into track_stdin. */
#include <masar.h>

#include <stdio.h>

static void print(const uint8_t frame[14])
{
    putchar('*');
    for (int i = 0; i < 14; i++) {
        printf("%02x", frame[i]);
    }
    puts(";");
}

int main(void)
{
    uint8_t frame[14];
    for (int second = 0; second < 60; second++) {
        const int32_t lon_e7 = 21840000 + second * 20000;
        masar_encode_position(0xaefc10, 134820000, lon_e7, 31000, second % 2 == 1, frame);
        print(frame);
        masar_encode_velocity(0xaefc10, 430, 90, 0, frame);
        print(frame);
        if (second % 5 == 0) {
            masar_encode_identification(0xaefc10, "RCH103", 0xa5, frame);
            print(frame);
        }
    }
    return 0;
}

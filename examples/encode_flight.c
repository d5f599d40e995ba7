/* Prints the frames of an aircraft that flies east over Niamey for a minute, as AVR lines: pipe
   them into track_stdin. */
#include <masar.h>

#include <stdio.h>

static void print(const uint8_t *frame, size_t n)
{
    putchar('*');
    for (size_t i = 0; i < n; i++) {
        printf("%02x", frame[i]);
    }
    puts(";");
}

int main(void)
{
    const uint32_t address = 0xaefc10;
    uint8_t frame[14];
    for (int second = 0; second < 60; second++) {
        const int32_t lon_e7 = 21840000 + second * 20000;
        print(frame,
              masar_encode_position(address, 134820000, lon_e7, 31000, second % 2 == 1, frame));
        print(frame, masar_encode_velocity(address, 430, 90, 0, frame));
        if (second % 5 == 0) {
            print(frame, masar_encode_identification(address, "RCH103", 0xa5, frame));
            print(frame, masar_encode_reply(5, address, 01234, NULL, frame));
        }
    }
    return 0;
}

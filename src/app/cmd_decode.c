#include "app/command.h"

int cmd_decode(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return EXIT_COULD_NOT;
}

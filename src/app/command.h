/* The subcommands, read from command.def. */
#ifndef MASAR_APP_COMMAND_H
#define MASAR_APP_COMMAND_H

enum { EXIT_DONE = 0, EXIT_COULD_NOT = 1, EXIT_USAGE = 2 };

#define COMMAND(name, arguments, help) int cmd_##name(int argc, char **argv);
#include "app/command.def"

#endif

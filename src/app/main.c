/* masar: picks the subcommand. */
#include "app/command.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name, *arguments, *help;
    int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, arguments, help) {#name, arguments, help, cmd_##name},
#include "app/command.def"
};

static void usage(FILE *to)
{
    fputs("masar: signals to tracks to movements of aircraft\n\nusage: masar COMMAND [OPTIONS]\n\n",
          to);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(to, "  %-9s %s\n            %s\n", commands[i].name, commands[i].arguments,
                commands[i].help);
    }
    fputs("\n'masar COMMAND --help' says more. 'masar --version' names the version.\n", to);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("masar " MASAR_VERSION);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            char name[32]; /* argp's messages begin with it */
            snprintf(name, sizeof name, "masar %s", commands[i].name);
            argv[1] = name;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "masar: there is no command '%s'; 'masar --help' lists them\n", argv[1]);
    return EXIT_USAGE;
}

#include "app/inquire.h"

#include "app/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 64 << 20 };

static const struct {
    int key;
    const char *name;
} names[] = {
    {INQUIRE_HEX, "hex"},       {INQUIRE_AIRCRAFT, "aircraft"}, {INQUIRE_CALLSIGN, "callsign"},
    {INQUIRE_AREA, "area"},     {INQUIRE_FROM, "from"},         {INQUIRE_TO, "to"},
    {INQUIRE_ALT, "alt"},       {INQUIRE_GAP, "gap"},           {INQUIRE_LIMIT, "limit"},
    {INQUIRE_AT, "at"},         {INQUIRE_AGE, "age"},           {INQUIRE_THEN, "then"},
    {INQUIRE_WITHIN, "within"}, {INQUIRE_POINTS, "points"},     {INQUIRE_AFTER, "after"},
    {INQUIRE_FORMAT, "format"},
};

/* A file's text, ended by NUL; NULL: errno tells. */
static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = f ? malloc(FILE_BYTES_MAX + 1) : NULL;
    size_t n = 0;
    if (text) {
        n = fread(text, 1, FILE_BYTES_MAX, f);
        text[n] = 0;
    }
    const bool failed = !text || ferror(f) || !feof(f);
    errno = failed && text && !ferror(f) ? EFBIG : errno;
    if (f) {
        fclose(f);
    }
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

static bool is_written_out(const char *area)
{
    return area[0] == '{' || strncmp(area, "box=", 4) == 0 || strncmp(area, "circle=", 7) == 0 ||
           strncmp(area, "polygon=", 8) == 0 || strncmp(area, "country=", 8) == 0;
}

static void set(struct inquire *a, const char *name, const char *value, struct argp_state *state)
{
    char why[QUESTION_WHY_MAX];
    if (question_set(&a->question, name, value, why, sizeof why)) {
        argp_error(state, "%s%s", strncmp(why, name, strlen(name)) == 0 ? "--" : "", why);
    }
}

static void set_area(struct inquire *a, const char *name, const char *arg, struct argp_state *state)
{
    if (is_written_out(arg)) {
        set(a, name, arg, state);
        return;
    }
    char *text = read_file(arg);
    if (!text) {
        argp_error(state,
                   "--%s: '%s' cannot be read (%s); an area is box=SOUTH,WEST,NORTH,EAST, "
                   "circle=LAT,LON,RADIUS, polygon=LAT,LON,…, country=NE or a file of GeoJSON",
                   name, arg, strerror(errno));
        return;
    }
    set(a, name, text, state);
    free(text);
}

void inquire_start(struct inquire *a)
{
    *a = (struct inquire){.reference = reference_open(NULL)};
    a->lands = reference_lands(a->reference);
    question_start(&a->question);
    a->question.lands = &a->lands;
}

void inquire_free(struct inquire *a)
{
    question_free(&a->question);
    reference_close(a->reference);
}

bool inquire_take(struct inquire *a, int key, const char *arg, struct argp_state *state)
{
    if (key == INQUIRE_STORE) {
        a->store = arg;
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].key == key) {
            if (key == INQUIRE_AREA || key == INQUIRE_THEN) {
                set_area(a, names[i].name, arg, state);
            } else {
                set(a, names[i].name, arg ? arg : "1", state);
            }
            return true;
        }
    }
    return false;
}

void inquire_end(struct inquire *a, struct argp_state *state)
{
    char why[QUESTION_WHY_MAX];
    if (!a->store) {
        argp_error(state, "--store DIR says whose history to ask");
    }
    if (question_ready(&a->question, why, sizeof why)) {
        argp_error(state, "%s", why);
    }
}

struct store *inquire_open(const struct inquire *a, const char *command)
{
    const struct store_options o = {.mode = STORE_READ};
    struct store *s = NULL;
    char why[512];
    if (store_open(a->store, &o, &s, why, sizeof why)) {
        fprintf(stderr, "masar %s: %s\n", command, why);
        return NULL;
    }
    return s;
}

int inquire_report(const char *command, size_t torn, const char *next)
{
    if (next[0]) {
        fprintf(stderr, "masar %s: there is more: --after %s\n", command, next);
    }
    if (torn > 0) {
        fprintf(stderr,
                "masar %s: %zu chunks of the store cannot be read and were passed over; masar "
                "store check says which\n",
                command, torn);
    }
    return torn > 0 ? EXIT_COULD_NOT : EXIT_DONE;
}

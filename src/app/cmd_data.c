/* masar data: reference data on this machine, what there is, newer of it, files of it. */
#include "app/command.h"
#include "app/load.h"
#include "app/options.h"
#include "app/reference/data_aircraft.h"
#include "app/reference/data_files.h"
#include "app/reference/fetch.h"
#include "app/reference/reference.h"
#include "identity/airport_csv.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILES_MAX = 32, KEY_URL = 256 };

/* What update fetches; the user may name other places. */
enum { URL_AIRPORTS, URL_RUNWAYS, URL_AIRCRAFT, URLS };
static const struct {
    const char *name, *url;
} sources[URLS] = {
    {"airports", "https://davidmegginson.github.io/ourairports-data/airports.csv"},
    {"runways", "https://davidmegginson.github.io/ourairports-data/runways.csv"},
    {"aircraft", "https://github.com/wiedehopf/tar1090-db/raw/refs/heads/csv/aircraft.csv.gz"},
};

struct data_arguments {
    const char *action, *dir, *airports_to, *name;
    const char *url[URLS];
    const char *file[FILES_MAX];
    int files;
    char folder[4096];
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct data_arguments *a = state->input;
    switch (key) {
    case 'd':
        a->dir = arg;
        return 0;
    case 'n':
        if (!*arg || strlen(arg) > 32 ||
            strspn(arg, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(arg)) {
            argp_error(state, "a source's name is of up to 32 small letters, digits and hyphens");
        }
        a->name = arg;
        return 0;
    case KEY_URL + URL_AIRPORTS:
    case KEY_URL + URL_RUNWAYS:
    case KEY_URL + URL_AIRCRAFT:
        if (strncasecmp(arg, "http://", 7) != 0 && strncasecmp(arg, "https://", 8) != 0) {
            argp_error(state, "'%s' is no URL of http: or https:", arg);
        }
        a->url[key - KEY_URL] = arg;
        return 0;
    case 'a':
        a->airports_to = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (!a->action) {
            a->action = arg;
        } else if (a->files < FILES_MAX) {
            a->file[a->files++] = arg;
        } else {
            argp_error(state, "more than %d files at once", FILES_MAX);
        }
        return 0;
    case ARGP_KEY_END:
        if (!a->action) {
            argp_error(state, "write status, update or import");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "masar data: %s: %s\n", what, why);
    return EXIT_COULD_NOT;
}

static bool is_sqlite(const struct data_file *f)
{
    return f->bytes.n > 16 && memcmp(f->bytes.p, "SQLite format 3", 16) == 0;
}

/* The compact file is opened as a reader would before it takes the old one's place. */
static int save_airports(const struct data_arguments *a, const struct buf *made)
{
    char path[4200], why[256];
    struct airports *view;
    if (airports_open(made->p, made->n, &view, why, sizeof why)) {
        return complain("the new file of airports", why);
    }
    printf("airports %u\nrunways %u\n", airports_count(view), runways_count(view));
    airports_free(view);
    snprintf(path, sizeof path, "%s/%s", a->folder, REFERENCE_AIRPORTS);
    const char *to = a->airports_to ? a->airports_to : path;
    return save_file(to, made->p, made->n, why, sizeof why) ? complain(to, why) : EXIT_DONE;
}

static int import_sqlite(const struct data_arguments *a, const char *path)
{
    struct buf made = {0};
    char why[256];
    const int status = data_build_airports(NULL, NULL, path, &made, why, sizeof why)
                           ? complain(path, why)
                           : save_airports(a, &made);
    buf_free(&made);
    return status;
}

/* Airports and runways make one file: the one not given is the one kept from before. */
static int import_airports(const struct data_arguments *a, struct data_file *airports,
                           struct data_file *runways)
{
    char why[256];
    struct data_file *const both[] = {airports, runways};
    static const char *const names[] = {"airports.csv", "runways.csv"};
    for (int i = 0; i < 2; i++) {
        if (!both[i]->bytes.n && data_kept(a->folder, names[i], both[i], why, sizeof why)) {
            fprintf(stderr,
                    "masar data: airports need both airports.csv and runways.csv, and there is no "
                    "%s: import them together\n",
                    names[i]);
            return EXIT_COULD_NOT;
        }
    }
    struct buf made = {0};
    int status = EXIT_COULD_NOT;
    if (data_build_airports(airports, runways, NULL, &made, why, sizeof why)) {
        complain("airports and runways", why);
    } else {
        status = save_airports(a, &made);
    }
    for (int i = 0; i < 2 && status == EXIT_DONE && !a->airports_to; i++) {
        if (data_keep(a->folder, names[i], both[i], why, sizeof why)) {
            status = complain(names[i], why);
        }
    }
    buf_free(&made);
    return status;
}

static int import_files(struct data_arguments *a)
{
    struct data_file airports = {0}, runways = {0};
    int status = EXIT_DONE;
    for (int i = 0; i < a->files && status == EXIT_DONE; i++) {
        struct data_file f = {0};
        char why[256];
        if (data_file_load(&f, a->file[i], why, sizeof why)) {
            status = complain(a->file[i], why);
        } else if (is_sqlite(&f) && a->airports_to) {
            status = import_sqlite(a, a->file[i]);
        } else if (airport_csv_is_airports((char *)f.bytes.p, f.bytes.n)) {
            data_file_free(&airports);
            airports = f;
            f = (struct data_file){0};
        } else if (airport_csv_is_runways((char *)f.bytes.p, f.bytes.n)) {
            data_file_free(&runways);
            runways = f;
            f = (struct data_file){0};
        } else if (data_is_operators(&f)) {
            status = data_operators_import(a->folder, &f, why, sizeof why)
                         ? complain(a->file[i], why)
                         : EXIT_DONE;
        } else if (data_aircraft_kind(&f)) {
            status = data_aircraft_import(a->folder, a->name, &f, a->file[i], why, sizeof why)
                         ? complain(a->file[i], why)
                         : EXIT_DONE;
        } else {
            status = complain(a->file[i],
                              "it is none of the kinds of file masar knows: OurAirports' "
                              "airports.csv and runways.csv; tar1090's aircraft.csv, CSV with a "
                              "column icao24, BaseStation.sqb, JSON lines, plane-alert-db; "
                              "operators.json");
        }
        data_file_free(&f);
    }
    if (status == EXIT_DONE && (airports.bytes.n || runways.bytes.n)) {
        status = import_airports(a, &airports, &runways);
    }
    data_file_free(&airports);
    data_file_free(&runways);
    return status;
}

static int run_import(struct data_arguments *a)
{
    if (!a->files) {
        fprintf(stderr, "masar data: import wants files: airports.csv and runways.csv of "
                        "OurAirports, lists of aircraft, operators.json (docs/IDENTITY.md)\n");
        return EXIT_USAGE;
    }
    return import_files(a);
}

static int fetch(const struct data_arguments *a, int k, struct data_file *f)
{
    char why[512];
    const char *url = a->url[k] ? a->url[k] : sources[k].url;
    fprintf(stderr, "masar data: fetching %s\n", url);
    if (fetch_url(url, &f->bytes, why, sizeof why)) {
        return complain(url, why);
    }
    data_file_stamp(f, url);
    return EXIT_DONE;
}

static int update_airports(const struct data_arguments *a)
{
    struct data_file file[2] = {0};
    int status = fetch(a, URL_AIRPORTS, &file[0]);
    status = status == EXIT_DONE ? fetch(a, URL_RUNWAYS, &file[1]) : status;
    if (status == EXIT_DONE) {
        status = import_airports(a, &file[0], &file[1]);
    }
    data_file_free(&file[0]);
    data_file_free(&file[1]);
    return status;
}

static int update_aircraft(const struct data_arguments *a)
{
    char why[512];
    struct data_file f = {0};
    int status = fetch(a, URL_AIRCRAFT, &f);
    if (status == EXIT_DONE && data_aircraft_import(a->folder, a->name, &f, "", why, sizeof why)) {
        status = complain(f.from, why);
    }
    data_file_free(&f);
    return status;
}

/* What cannot be had leaves what there is; the rest is still brought up to date. */
static int run_update(struct data_arguments *a)
{
    static const struct {
        const char *name;
        int (*run)(const struct data_arguments *a);
    } parts[] = {{"airports", update_airports}, {"aircraft", update_aircraft}};
    int status = EXIT_DONE, asked = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        bool wanted = a->files == 0;
        for (int k = 0; k < a->files; k++) {
            const bool is = strcmp(a->file[k], parts[i].name) == 0;
            wanted |= is;
            asked += is;
        }
        if (wanted && parts[i].run(a) != EXIT_DONE) {
            status = EXIT_COULD_NOT;
        }
    }
    if (asked < a->files) {
        fprintf(stderr, "masar data: update knows airports and aircraft\n");
        return EXIT_USAGE;
    }
    return status;
}

static void put_list_status(const struct data_arguments *a, const struct aircraft_list *l)
{
    struct data_file f = {0};
    char name[80];
    printf("aircraft %s %u\naircraft_date %s %s\n", aircraft_source(l), aircraft_count(l),
           aircraft_source(l), aircraft_date(l));
    snprintf(name, sizeof name, REFERENCE_LIST_PREFIX "%s", aircraft_source(l));
    if (data_kept_from(a->folder, name, &f)) {
        printf("aircraft_from %s %s\naircraft_sha256 %s %s\n", aircraft_source(l), f.from,
               aircraft_source(l), f.sha256);
    }
}

static void put_book_status(const struct data_arguments *a, struct reference *r)
{
    const struct identity_book *b = reference_book(r);
    for (unsigned i = 0; i < b->lists; i++) {
        put_list_status(a, b->list[i]);
    }
    if (b->lists == 0) { /* registrations and types are not known then, but where derived */
        printf("aircraft 0\n");
        fprintf(stderr, "masar data: there is no list of aircraft: run `masar data update "
                        "aircraft`, or import one\n");
    }
    printf("types %zu\nlifts %zu\noperators %zu\n", b->types ? types_count(b->types) : 0,
           b->types ? lifts_count(b->types) : 0, operators_count(b->operators));
    if (*reference_why(r)) {
        fprintf(stderr, "masar data: %s\n", reference_why(r));
    }
}

static void put_kept_status(const struct data_arguments *a, const char *name)
{
    struct data_file f = {0};
    if (data_kept_from(a->folder, name, &f)) {
        printf("%s_from %s\n%s_date %s\n%s_sha256 %s\n", name, f.from, name, f.date, name,
               f.sha256);
    }
}

static int run_status(struct data_arguments *a)
{
    char path[4200] = "";
    struct reference *r = reference_open(a->dir);
    if (!r) {
        return complain("status", "out of memory");
    }
    printf("folder %s\n", a->folder);
    const struct airports *view = reference_airports(r);
    if (view) {
        reference_find(a->dir, REFERENCE_AIRPORTS, path, sizeof path);
        printf("airports %u\nrunways %u\nairports_file %s\nairports_source %s\n",
               airports_count(view), runways_count(view), path, airports_source(view));
    } else {
        printf("airports 0\n");
        fprintf(stderr, "masar data: %s\n", reference_why(r));
    }
    put_kept_status(a, "airports.csv");
    put_kept_status(a, "runways.csv");
    put_book_status(a, r);
    reference_close(r);
    return EXIT_DONE;
}

static const struct action {
    const char *name;
    int (*run)(struct data_arguments *a);
} actions[] = {{"status", run_status}, {"update", run_update}, {"import", run_import}};

int cmd_data(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"data", 'd', "DIR", 0,
         "the folder of reference data (else $MASAR_DATA, else ~/.local/share/masar)", 0},
        {"name", 'n', "NAME", 0,
         "import: what to call a list of aircraft (else its form: tar1090, csv, plane-alert, "
         "adsbx, basestation)",
         0},
        {"airports-url", KEY_URL + URL_AIRPORTS, "URL", 0, "update: where airports.csv is", 0},
        {"runways-url", KEY_URL + URL_RUNWAYS, "URL", 0, "update: where runways.csv is", 0},
        {"aircraft-url", KEY_URL + URL_AIRCRAFT, "URL", 0, "update: where a list of aircraft is",
         0},
        {"airports-to", 'a', "FILE", 0, "import: write the compact file of airports here instead",
         0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "status|update [airports|aircraft]|import FILE...",
        .doc = "status prints what reference data there is and where it is from; update fetches "
               "newer airports and aircraft; import reads files: OurAirports' airports.csv and "
               "runways.csv, tar1090's aircraft.csv, CSV with a column icao24, BaseStation.sqb, "
               "JSON lines, plane-alert-db, operators.json (also .gz).",
    };
    struct data_arguments a = {0};
    app_argp_setup();
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (!reference_dir(a.dir, a.folder, sizeof a.folder)) {
        fprintf(stderr, "masar data: there is no home folder: write --data DIR\n");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(a.action, actions[i].name) == 0) {
            return actions[i].run(&a);
        }
    }
    fprintf(stderr, "masar data: there is no '%s'; write status, update or import\n", a.action);
    return EXIT_USAGE;
}

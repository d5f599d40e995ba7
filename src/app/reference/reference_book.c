#include "app/reference/reference_book.h"

#include "app/load.h"
#include "app/reference/reference.h"
#include "base/instant.h"
#include "identity/aircraft_csv.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reference_book {
    struct identity_book view;
    struct mapped file[IDENTITY_SOURCES];
    struct aircraft_list *list[IDENTITY_SOURCES];
    struct buf own;            /* the user's edits, made into a list */
    struct buf operators_text; /* the operators' table points into it */
    struct types *types;
    struct operators *operators;
    struct military_ranges *ranges;
    char folder[4096];
    uint64_t stamp; /* of the files' names, sizes and times */
};

static bool is_list(const char *name)
{
    const size_t n = strlen(name), prefix = strlen(REFERENCE_LIST_PREFIX);
    return n > prefix + 6 && strncmp(name, REFERENCE_LIST_PREFIX, prefix) == 0 &&
           strcmp(name + n - 6, ".masar") == 0;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * UINT64_C(0x100000001b3);
}

/* What the folder's files look like now. */
static uint64_t stamp(const char *folder)
{
    static const char *const names[] = {REFERENCE_OWN, REFERENCE_TYPES, REFERENCE_LIFTS,
                                        REFERENCE_OPERATORS, REFERENCE_MILITARY};
    uint64_t sum = 0;
    char path[4400];
    struct stat st;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        bool counts = is_list(e->d_name);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            counts |= strcmp(e->d_name, names[i]) == 0;
        }
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (counts && stat(path, &st) == 0) {
            uint64_t h = mix(UINT64_C(0xcbf29ce484222325), (uint64_t)st.st_size);
            h = mix(mix(h, (uint64_t)st.st_mtim.tv_sec), (uint64_t)st.st_mtim.tv_nsec);
            sum += mix(h, st.st_ino); /* in whatever order the folder gives them */
        }
    }
    if (d) {
        closedir(d);
    }
    return sum;
}

static void complain(char *why, size_t size, const char *path, const char *what)
{
    const size_t n = strlen(why);
    snprintf(why + n, size - n, "%s%s is left out: %s", n ? "; " : "", path, what);
}

/* In its place among those that are newer and older. */
static void add_list(struct reference_book *b, struct aircraft_list *l, struct mapped file)
{
    unsigned i = b->view.lists++;
    for (; i > 0 && strcmp(aircraft_date(b->list[i - 1]), aircraft_date(l)) < 0; i--) {
        b->list[i] = b->list[i - 1];
        b->file[i] = b->file[i - 1];
    }
    b->list[i] = l;
    b->file[i] = file;
}

static void open_list(struct reference_book *b, const char *name, char *why, size_t size)
{
    char path[4400], wrong[128];
    struct mapped m = {0};
    struct aircraft_list *l;
    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    if (b->view.lists >= IDENTITY_SOURCES - 1) {
        complain(why, size, path, "there are too many lists of aircraft");
    } else if (!reference_map(path, &m)) {
        complain(why, size, path, "it cannot be read");
    } else if (aircraft_open(m.p, m.n, &l, wrong, sizeof wrong)) {
        complain(why, size, path, wrong);
        reference_unmap(&m);
    } else {
        add_list(b, l, m);
    }
}

static int by_name(const struct dirent **x, const struct dirent **y)
{
    return strcmp((*x)->d_name, (*y)->d_name);
}

static int wanted(const struct dirent *e)
{
    return is_list(e->d_name);
}

static void open_lists(struct reference_book *b, char *why, size_t size)
{
    struct dirent **entry = NULL;
    const int n = scandir(b->folder, &entry, wanted, by_name);
    for (int i = 0; i < n; i++) {
        open_list(b, entry[i]->d_name, why, size);
        free(entry[i]);
    }
    free(entry);
}

/* A text of the folder; false: there is none. */
static bool read_text(struct reference_book *b, const char *name, struct buf *out, char *why,
                      size_t size)
{
    char path[4400], wrong[256];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    if (stat(path, &st) != 0) {
        return false;
    }
    if (load_file(path, out, wrong, sizeof wrong)) {
        complain(why, size, path, wrong);
        return false;
    }
    buf_byte(out, '\n');
    return !out->failed && out->n > 1;
}

static void open_own(struct reference_book *b, char *why, size_t size)
{
    struct buf text = {0};
    char wrong[128] = "out of memory", path[4400], date[32] = "";
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", b->folder, REFERENCE_OWN);
    struct aircraft_builder *builder = aircraft_builder_new();
    if (builder && stat(path, &st) == 0 && read_text(b, REFERENCE_OWN, &text, why, size)) {
        instant_format(st.st_mtim.tv_sec * INT64_C(1000000), 0, date);
        struct aircraft_list *l = NULL;
        enum err e = aircraft_csv_read(builder, AIRCRAFT_FORM_CSV, (char *)text.p, text.n, wrong,
                                       sizeof wrong);
        e = e ? e : aircraft_builder_finish(builder, "own", date, &b->own);
        e = e ? e : aircraft_open(b->own.p, b->own.n, &l, wrong, sizeof wrong);
        if (e) {
            complain(why, size, path, wrong);
        } else {
            for (unsigned i = b->view.lists; i > 0; i--) {
                b->list[i] = b->list[i - 1];
                b->file[i] = b->file[i - 1];
            }
            b->list[0] = l;
            b->file[0] = (struct mapped){0};
            b->view.lists++;
        }
    }
    aircraft_builder_free(builder);
    buf_free(&text);
}

static void open_tables(struct reference_book *b, char *why, size_t size)
{
    struct buf types = {0}, lifts = {0};
    const bool has_types = read_text(b, REFERENCE_TYPES, &types, why, size);
    const bool has_lifts = read_text(b, REFERENCE_LIFTS, &lifts, why, size);
    if (types_new(has_types ? (char *)types.p : NULL, types.n, has_lifts ? (char *)lifts.p : NULL,
                  lifts.n, &b->types, NULL)) {
        complain(why, size, REFERENCE_TYPES " or " REFERENCE_LIFTS,
                 "its first line has no column 'designator'");
        types_new(NULL, 0, NULL, 0, &b->types, NULL);
    }
    buf_free(&types);
    buf_free(&lifts);
    const bool has_operators = read_text(b, REFERENCE_OPERATORS, &b->operators_text, why, size);
    if (operators_new(has_operators ? (char *)b->operators_text.p : NULL, b->operators_text.n,
                      &b->operators, NULL)) {
        complain(why, size, REFERENCE_OPERATORS, "its first line has no columns icao and name");
    }
}

/* A row that cannot be read is said: silently, what the user meant would not hold. */
static void open_ranges(struct reference_book *b, char *why, size_t size)
{
    struct buf text = {0};
    char wrong[96];
    uint32_t bad = 0;
    if (read_text(b, REFERENCE_MILITARY, &text, why, size)) {
        if (military_ranges_new((char *)text.p, text.n, &b->ranges, &bad)) {
            complain(why, size, REFERENCE_MILITARY,
                     "its first line has no columns from and military");
        } else if (bad > 0) {
            snprintf(wrong, sizeof wrong,
                     "%u rows are not of the form from,to,military (ae0000,ae7fff,1)", bad);
            complain(why, size, REFERENCE_MILITARY, wrong);
        }
    }
    buf_free(&text);
}

struct reference_book *reference_book_open(const char *folder, char *why, size_t size)
{
    struct reference_book *b = calloc(1, sizeof *b);
    why[0] = 0;
    if (!b) {
        return NULL;
    }
    snprintf(b->folder, sizeof b->folder, "%s", folder);
    b->stamp = stamp(folder);
    open_lists(b, why, size);
    open_own(b, why, size);
    open_tables(b, why, size);
    open_ranges(b, why, size);
    for (unsigned i = 0; i < b->view.lists; i++) {
        b->view.list[i] = b->list[i];
    }
    b->view.types = b->types;
    b->view.operators = b->operators;
    b->view.ranges = b->ranges;
    return b;
}

void reference_book_close(struct reference_book *b)
{
    if (!b) {
        return;
    }
    for (unsigned i = 0; i < b->view.lists; i++) {
        aircraft_close(b->list[i]);
        reference_unmap(&b->file[i]);
    }
    buf_free(&b->own);
    operators_free(b->operators);
    military_ranges_free(b->ranges);
    buf_free(&b->operators_text);
    types_free(b->types);
    free(b);
}

const struct identity_book *reference_book_view(const struct reference_book *b)
{
    return &b->view;
}

bool reference_book_changed(const struct reference_book *b)
{
    return stamp(b->folder) != b->stamp;
}

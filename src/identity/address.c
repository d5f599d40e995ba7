#include "identity/address.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint32_t from, to;
    char country[3];
} blocks[] = {
#define BLOCK(from, to, country) {from, to, country},
#include "identity/country.def"
};

static const struct {
    uint32_t from, to;
} military[] = {
#define MILITARY_RANGE(from, to) {from, to},
#include "identity/military_range.def"
};

const char *address_country(uint32_t address)
{
    const char *country = "";
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (address >= blocks[i].from && address <= blocks[i].to) {
            country = blocks[i].country;
        }
    }
    return country;
}

bool address_has_country(const char *country)
{
    bool has = false;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks && !has; i++) {
        has = strcmp(blocks[i].country, country) == 0;
    }
    return has;
}

bool address_is_military(uint32_t address)
{
    for (size_t i = 0; i < sizeof military / sizeof *military; i++) {
        if (address >= military[i].from && address <= military[i].to) {
            return true;
        }
    }
    return false;
}

bool address_is_possible(uint32_t address)
{
    return address > 0 && address < 0xffffff;
}

/* ------------------------------------------------------------------ United States
   N1 to N99999 in the order of a dictionary in which letters come before digits: A00001 is N1,
   A00002 N1A, A00003 N1AA … ADF7C7 N99999. At most five characters follow the N, at most two of
   them letters and those at the end, never I or O. */
enum {
    US_FIRST = 0xa00001,
    US_LAST = 0xadf7c7,
    US_LETTERS = 24,
    US_SUFFIXES = 1 + US_LETTERS * (1 + US_LETTERS), /* none, one letter, two */
    US_LAST_PLACE = 1 + US_LETTERS + 10              /* of a fifth place: none, letter, digit */
};

static const char us_letter[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";

static void put_suffix(uint32_t n, char *out)
{
    if (n == 0) {
        return;
    }
    const uint32_t first = (n - 1) / (1 + US_LETTERS), second = (n - 1) % (1 + US_LETTERS);
    *out++ = us_letter[first];
    if (second) {
        *out = us_letter[second - 1];
    }
}

static void put_us(uint32_t address, char out[REGISTRATION_CHARS])
{
    /* How many registrations begin with one, two, three, four digits. */
    static const uint32_t below[] = {101711, 10111, 951, US_LAST_PLACE};
    uint32_t n = address - US_FIRST;
    char *p = out;
    memset(out, 0, REGISTRATION_CHARS);
    *p++ = 'N';
    for (int place = 0; place < 4; place++) {
        *p++ = (char)('0' + n / below[place] + (place == 0));
        n %= below[place];
        if (place == 3) {
            break;
        }
        if (n < US_SUFFIXES) {
            put_suffix(n, p);
            return;
        }
        n -= US_SUFFIXES;
    }
    if (n > 0) {
        *p = n <= US_LETTERS ? us_letter[n - 1] : (char)('0' + n - 1 - US_LETTERS);
    }
}

/* ------------------------------------------------------------------ others */

static const struct registration_rule {
    uint32_t start;
    char prefix[4];
    uint16_t step_1, step_2, letters;
    char first[4], last[4];
} rules[] = {
#define REGISTRATION(start, prefix, step_1, step_2, letters, first, last)                          \
    {start, prefix, step_1, step_2, letters, first, last},
#include "identity/registration.def"
};

static bool put_rule(const struct registration_rule *r, uint32_t address,
                     char out[REGISTRATION_CHARS])
{
    static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if (address < r->start) {
        return false;
    }
    const uint32_t n = address - r->start;
    const uint32_t i = n / r->step_1, j = n % r->step_1 / r->step_2, k = n % r->step_1 % r->step_2;
    if (i >= r->letters || j >= r->letters || k >= r->letters) {
        return false;
    }
    const char three[4] = {letter[i], letter[j], letter[k], 0};
    if (r->letters == 26 && (strcmp(three, r->first) < 0 || strcmp(three, r->last) > 0)) {
        return false;
    }
    snprintf(out, REGISTRATION_CHARS, "%s%s", r->prefix, three);
    return true;
}

bool address_registration(uint32_t address, char out[REGISTRATION_CHARS])
{
    if (address >= US_FIRST && address <= US_LAST) {
        put_us(address, out);
        return true;
    }
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (put_rule(&rules[i], address, out)) {
            return true;
        }
    }
    return false;
}

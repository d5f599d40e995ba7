#include "store/course_code.h"

/* Lengths of the codes' symbols, trained: see docs/STORE.md. */
static const uint8_t number_length[NUMBER_KINDS][NUMBER_CODES][16] = {
#include "store/course_number.def"
};
static const uint8_t mode_length[MODE_CODES][MODES] = {
#include "store/course_mode.def"
};
static const uint8_t rare_length[RARE_CODES][16] = {
#include "store/course_rare.def"
};
static const uint8_t recent_length[RARE_RECENT] = {3, 1, 3, 3, 5, 6, 6, 4};
static const uint8_t air_length[AIR_CODES][16] = {
#include "store/course_air.def"
};

/* Sizes that each symbol of a number stands for: 0 .. 7 as they are, then ranges, then all. */
static const struct {
    uint8_t from, bits;
} range[16] = {{0, 0}, {1, 0},  {2, 0},  {3, 0},  {4, 0},  {5, 0},  {6, 0},    {7, 0},
               {8, 2}, {12, 2}, {16, 3}, {24, 3}, {32, 5}, {64, 6}, {128, 10}, {0, 32}};

/* Read is twice the size and the sign, so twice where the range begins stands for the symbol. A
   sign follows where there is something to have one: not after a 0 that is all of the number. */
static void make_numbers(struct course_codes *c)
{
    for (unsigned i = 0; i < NUMBER_KINDS * NUMBER_CODES; i++) {
        prefix_make(&c->code[i], &c->words[i], number_length[i / NUMBER_CODES][i % NUMBER_CODES],
                    16);
        const bool is_cut = i % NUMBER_CODES >= NUMBER_CUT;
        for (unsigned at = 0; at < 1u << PREFIX_BITS; at++) {
            uint32_t *e = &c->code[i].entry[at];
            const unsigned s = prefix_value(*e);
            *e = prefix_entry(2 * range[s].from, prefix_length(*e),
                              range[s].bits + (s > 0 || is_cut));
        }
    }
    for (unsigned kind = 0; kind < NUMBER_KINDS; kind++) {
        for (unsigned i = 0; i < COURSE_LEVELS; i++) {
            c->number[kind][i] = &c->code[kind * NUMBER_CODES + course_scale[i].code];
            c->cut[i] = course_scale[i].cut;
        }
    }
}

static void make(struct course_codes *c, unsigned at, const uint8_t *length, unsigned n)
{
    prefix_make(&c->code[at], &c->words[at], length, n);
}

void course_codes_make(struct course_codes *c)
{
    make_numbers(c);
    for (unsigned i = 0; i < MODE_CODES; i++) {
        make(c, CODE_MODE + i, mode_length[i], MODES);
    }
    for (unsigned i = 0; i < RARE_CODES; i++) {
        make(c, CODE_RARE + i, rare_length[i], 16);
    }
    make(c, CODE_RECENT, recent_length, RARE_RECENT);
    for (unsigned i = 0; i < AIR_CODES; i++) {
        make(c, CODE_AIR + i, air_length[i], 16);
    }
}

/* From level 48 on the bits below the three highest of a usual number are cut off, 13 at most so
   that code, bits and sign are 56 at most. */
#define CUT(n)                                                                                     \
    {7, n},                                                                                        \
    {                                                                                              \
        6, n                                                                                       \
    }

const struct course_scale course_scale[COURSE_LEVELS] = {
    CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13),
    CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(13), CUT(12),
    CUT(11), CUT(10), CUT(9),  CUT(8),  CUT(7),  CUT(6),  CUT(5),  CUT(4),  CUT(3),
    CUT(2),  CUT(1),  {5, 0},  {4, 0},  {3, 0},  {2, 0},  {1, 0},  {0, 0}};

#define MODE(velocity, quiet, grid, code)                                                          \
    {                                                                                              \
        velocity, quiet, grid, ((velocity)*2 + (quiet)) * 3 + (code)                               \
    }
#define ROW(velocity, quiet)                                                                       \
    MODE(velocity, quiet, 0, 0), MODE(velocity, quiet, 1, 1), MODE(velocity, quiet, 2, 1),         \
        MODE(velocity, quiet, 3, 2), MODE(velocity, quiet, 4, 2)

const struct course_mode course_mode[MODES] = {ROW(0, 0), ROW(0, 1), ROW(1, 0),
                                               ROW(1, 1), ROW(2, 0), ROW(2, 1)};

/* Names in the picture: asked once for an aircraft and call sign, and again when something changed.
 */
#include "serve/who.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct book {
    unsigned asked, edition;
    char flight[16];
    int64_t t_ms;
};

static void tell(void *ctx, uint32_t address, const char *flight, int64_t t_ms,
                 struct picture_who *out)
{
    struct book *b = ctx;
    b->asked++;
    b->t_ms = t_ms;
    strncpy(b->flight, flight, sizeof b->flight - 1);
    memcpy(out->type, address == 0xae145a ? "C17" : "A20N", 4);
    out->flags = (uint8_t)b->edition;
}

static unsigned edition(void *ctx)
{
    return ((struct book *)ctx)->edition;
}

static struct picture_item item(uint32_t address, const char *flight)
{
    struct picture_item it = {.address = address};
    memcpy(it.flight, flight, strlen(flight));
    return it;
}

static void asks_once(void **state)
{
    (void)state;
    struct book b = {.edition = 1};
    const struct serve_options o = {.who = tell, .who_edition = edition, .ctx = &b};
    struct who w = {.o = &o};
    struct picture_item it = item(0xae145a, "RCH12345");
    for (int i = 0; i < 3; i++) {
        it.who = (struct picture_who){.flags = 0};
        who_fill(&w, 7, 1717749000000, &it);
        assert_memory_equal(it.who.type, "C17", 4);
        assert_int_equal(b.asked, 1);
    }
    assert_string_equal(b.flight, "RCH12345"); /* eight letters are ended */
    assert_int_equal(b.t_ms, 1717749000000);
    it = item(0xae145a, "RCH2");
    who_fill(&w, 7, 0, &it);
    assert_int_equal(b.asked, 2);
    it = item(0x3c6444, "RCH2"); /* another aircraft in the slot */
    who_fill(&w, 7, 0, &it);
    assert_int_equal(b.asked, 3);
    assert_memory_equal(it.who.type, "A20N", 4);
    b.edition = 2; /* newer lists */
    who_fill(&w, 7, 0, &it);
    assert_int_equal(b.asked, 4);
    assert_int_equal(it.who.flags, 2);
    who_fill(&w, 70000, 0, &it);
    who_fill(&w, 7, 0, &it);
    assert_int_equal(b.asked, 5);
    who_free(&w);
}

static void nobody_knows(void **state)
{
    (void)state;
    const struct serve_options o = {.ctx = NULL};
    struct who none = {.o = NULL}, silent = {.o = &o};
    struct picture_item it = item(0xae145a, "");
    who_fill(&none, 3, 0, &it);
    who_fill(&silent, 3, 0, &it);
    assert_int_equal(it.who.type[0], 0);
    who_free(&none);
    who_free(&silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_once),
        cmocka_unit_test(nobody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

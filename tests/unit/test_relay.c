/* Items from one thread to another: in order, none twice, none made up; full is said. */
#include "base/relay.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ITEMS = 200000, ROOM = 8 };

static void it_says_when_it_is_full_and_empty(void **state)
{
    (void)state;
    struct relay *r = relay_new(sizeof(unsigned), ROOM);
    assert_non_null(r);
    assert_null(relay_oldest(r));
    for (unsigned turn = 0; turn < 3; turn++) {
        for (unsigned k = 0; k < ROOM; k++) {
            unsigned *v = relay_room(r);
            assert_non_null(v);
            *v = turn * ROOM + k;
            relay_put(r);
        }
        assert_null(relay_room(r));
        assert_int_equal(relay_waiting(r), ROOM);
        for (unsigned k = 0; k < ROOM; k++) {
            const unsigned *v = relay_oldest(r);
            assert_int_equal(*v, turn * ROOM + k);
            relay_drop(r);
        }
        assert_null(relay_oldest(r));
    }
    relay_free(r);
    assert_null(relay_new(sizeof(unsigned), 3));
}

static void *write_all(void *arg)
{
    for (unsigned k = 0; k < ITEMS;) {
        unsigned *v = relay_room(arg);
        if (!v) {
            sched_yield();
            continue;
        }
        *v = k++;
        relay_put(arg);
    }
    return NULL;
}

static void two_threads_agree(void **state)
{
    (void)state;
    struct relay *r = relay_new(sizeof(unsigned), ROOM);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_all, r), 0);
    for (unsigned k = 0; k < ITEMS;) {
        const unsigned *v = relay_oldest(r);
        if (!v) {
            sched_yield();
            continue;
        }
        assert_int_equal(*v, k);
        k++;
        relay_drop(r);
    }
    pthread_join(writer, NULL);
    assert_null(relay_oldest(r));
    relay_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_when_it_is_full_and_empty),
        cmocka_unit_test(two_threads_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

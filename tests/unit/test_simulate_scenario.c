/* Scenario files: what is read from them, and what is said of what cannot be read. */
#include "simulate_probe.h"

#include "simulate/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The least that can be played; a test replaces one file. */
static const struct {
    const char *name, *text;
} least[] = {
    {"scenario.ini", "[scenario]\nname = small\ntitle = Small\nnotice = SIMULATION\n"
                     "start = 2024-06-07\nend = 2024-06-08\nseed = 1\n"},
    {"sites.csv", "site,lat,lon,range_nm_at_fl350\nramstein,49.4,7.6,220\n"},
    {"airports.csv", "code,name,lat,lon,elevation_ft,runway_deg,runway_ft\n"
                     "ETAR,Ramstein,49.4345,7.6007,761,82,10498\n"
                     "LFML,Marseille,43.4366,5.2150,70,133,11483\n"
                     "LSGG,\"Geneva, \"\"Cointrin\"\"\",46.2381,6.1089,1411,45,12795\n"},
    {"types.csv", "type,category,cruise_kt,fl_low,fl_high,climb_fpm_low,climb_fpm_high\n"
                  "C17,a5,445,310,360,2500,1200\nA320,a3,445,330,390,2600,1200\n"},
    {"operators.csv", "code,name,first,last,callsign\nAFR,,39ff00,39ffff,AFR##@@\n"},
    {"traffic.csv", "# a comment\noperator,type,origin,destination,per_day,first,last\r\n\n"
                    "AFR,A320,LSGG,LFML,2.5,05:00,20:30\r\n"},
    {"legs.csv",
     "leg,icao24,callsign,type,origin,destination,takeoff_utc,landing_utc,cruise_fl,waypoints\n"
     "1,aefc10,RCH101,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:10:00Z,310,"
     "\"49.4,7.6;46,6;43.4,5.2\"\n"
     "2,aefc10,RCH102,C17,LFML,ETAR,2024-06-07T13:00:00Z,2024-06-07T14:10:00Z,310,"
     "\"43.4,5.2;49.4,7.6\"\n"},
};

/* Reads the least scenario with one file's text replaced (NULL: left out). */
static enum err read_with(const char *name, const char *text, struct scenario **out, char *why,
                          size_t why_size)
{
    struct scenario *sc = scenario_new();
    enum err e = ERR_OK;
    for (size_t i = 0; i < sizeof least / sizeof *least && !e; i++) {
        const char *one = name && strcmp(name, least[i].name) == 0 ? text : least[i].text;
        e = one ? scenario_read(sc, least[i].name, one, strlen(one), why, why_size) : ERR_OK;
    }
    e = e ? e : scenario_check(sc, why, why_size);
    if (e || !out) {
        scenario_free(sc);
    } else {
        *out = sc;
    }
    return e;
}

static void reads_the_least(void **state)
{
    (void)state;
    char why[512] = "";
    struct scenario *sc = NULL;
    assert_int_equal(read_with(NULL, NULL, &sc, why, sizeof why), ERR_OK);
    assert_string_equal(sc->head.name, "small");
    assert_int_equal(sc->n_airports, 3);
    assert_string_equal(sc->airport[2].name, "Geneva, \"Cointrin\"");
    assert_int_equal(sc->n_routes, 1);
    assert_true(sc->route[0].per_day == 2.5 && sc->route[0].last == 20.5);
    assert_int_equal(sc->op[0].airframes, 6);
    assert_int_equal(sc->leg[0].n, 3);
    assert_int_equal(sc->leg[0].waypoint[1].lat_e7, 460000000);
    assert_int_equal(sc->leg[1].icao24, 0xaefc10);
    assert_true(sc->site[0].antenna_ft == 50 && sc->site[0].hours == 24);
    const struct simulation_options o = {
        .start_us = sc->head.start_us, .end_us = sc->head.end_us, .seed = 1, .rate = 0.05};
    struct simulation *s = simulate_probe_new(sc, &o);
    struct reception r;
    size_t n = 0;
    while (simulation_next(s, o.end_us, &r)) {
        n++;
    }
    assert_true(n > 1000);
    simulation_free(s);
    scenario_free(sc);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *why; /* why: what the sentence must contain */
    } cases[] = {
        {"scenario.ini", "name = x\nstart = 2024-06-07\n", "title is missing"},
        {"scenario.ini", "name = x\nstart = yesterday\n", "scenario.ini:2: start 'yesterday'"},
        {"scenario.ini", "name = x\nnmae = y\n", "scenario.ini:2: nobody knows 'nmae'"},
        {"scenario.ini", "name\n", "scenario.ini:1: no '='"},
        {"scenario.ini", "name = x\nname = y\n", "name stands twice"},
        {"scenario.ini", "name=x\ntitle=x\nnotice=x\nstart=2024-06-08\nend=2024-06-07\nseed=1\n",
         "end must be later than start"},
        {"scenario.ini", NULL, "scenario.ini is missing"},
        {"sites.csv", NULL, "sites.csv is missing"},
        {"sites.csv", "", "sites.csv:1: no head line"},
        {"sites.csv", "site,lat,lon,range\n", "sites.csv:1: nobody knows 'range'"},
        {"sites.csv", "site,lat,lon,range_nm_at_fl350\nrota,95,0,200\n",
         "sites.csv:2: lat '95' is not within -89 and 89; for example 36.6"},
        {"sites.csv", "site,lat,lon,range_nm_at_fl350\nrota,36.6\n", "sites.csv:2: lon is missing"},
        {"sites.csv", "site,lat,lon,range_nm_at_fl350\nrota,3,4,200,5\n",
         "sites.csv:2: more fields than the head line's 4"},
        {"sites.csv", "site,lat,lon,range_nm_at_fl350\n\"rota,3,4,200\n",
         "sites.csv:2: a quote does not close"},
        {"airports.csv", "code,name,lat,lon,elevation_ft,runway_deg\nETAR,Ramstein,1e3,7,8,9\n",
         "airports.csv:2: lat '1e3' cannot be read"},
        {"types.csv",
         "type,category,cruise_kt,fl_low,fl_high,climb_fpm_low,climb_fpm_high\n"
         "C17,a9,445,310,360,2500,1200\nA320,c3,1,2,3,4,5\n",
         "types.csv:3: category 'c3'"},
        {"operators.csv", "code,name,first,last,callsign\nAFR,,39ff00,39ffff,afr##\n",
         "call sign 'afr##' must be of capital letters"},
        {"operators.csv", "code,name,first,last,callsign\nAFR,,39ff00,39ff03,AFR##\n",
         "traffic.csv:4: AFR has 4 addresses in operators.csv and needs at least 6"},
        {"operators.csv",
         "code,name,first,last,callsign\nAFR,,39ff00,39ffff,AFR##\nX,,39fff0,3a0000,X##\n",
         "addresses of X and AFR overlap"},
        {"operators.csv", "code,name,first,last,callsign\nAFR,,aefc00,aefcff,AFR##\n",
         "legs.csv:2: address aefc10 is among those of AFR"},
        {"traffic.csv", "operator,type,origin,destination,per_day\nAFR,A320,LSGG,LFXX,1\n",
         "traffic.csv:2: 'LFXX' is not in airports.csv"},
        {"traffic.csv", "operator,type,origin,destination,per_day\nAFR,A999,LSGG,LFML,1\n",
         "traffic.csv:2: 'A999' is not in types.csv"},
        {"traffic.csv", "operator,type,origin,destination,per_day,first\nAFR,A320,LSGG,LFML,1,5\n",
         "traffic.csv:2: first '5' cannot be read; write for example 05:00"},
        {"traffic.csv", "operator,type,origin,destination,per_day\nAFR,A320,LSGG,LSGG,1\n",
         "LSGG to LSGG is 0 NM"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[512] = "";
        assert_int_not_equal(read_with(cases[i].file, cases[i].text, NULL, why, sizeof why),
                             ERR_OK);
        if (!strstr(why, cases[i].why)) {
            fail_msg("case %zu: '%s' does not say '%s'", i, why, cases[i].why);
        }
    }
}

static const char leg_head[] =
    "leg,icao24,callsign,type,origin,destination,takeoff_utc,landing_utc,cruise_fl,waypoints\n";

static void refuses_legs_nobody_can_fly(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *why;
    } cases[] = {
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T09:20:00Z,310,"
         "\"49.4,7.6;43.4,5.2\"\n",
         "legs.csv:2: leg 1 has"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:10:00Z,310,"
         "\"49.4,7.6;43.4,5.2\"\n"
         "2,aefc10,R2,C17,LFML,ETAR,2024-06-07T10:30:00Z,2024-06-07T11:40:00Z,310,"
         "\"43.4,5.2;49.4,7.6\"\n",
         "legs.csv:3: aefc10 is still on leg 1"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:10:00Z,310,"
         "\"49.4,7.6;43.4,5.2\"\n"
         "2,aefc10,R2,C17,ETAR,LFML,2024-06-07T14:30:00Z,2024-06-07T15:40:00Z,310,"
         "\"49.4,7.6;43.4,5.2\"\n",
         "legs.csv:3: aefc10 leaves ETAR but its leg 1 ended at LFML"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T08:00:00Z,310,"
         "\"49.4,7.6;43.4,5.2\"\n",
         "landing_utc must be later than takeoff_utc"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:00:00Z,310,\"49.4,7.6\"\n",
         "legs.csv:2: waypoints '49.4,7.6'"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:00:00Z,310,"
         "\"49.4,7.6;99,1\"\n",
         "legs.csv:2: waypoints"},
        {"1,aefc10,R1,C17,ETAR,LFML,2024-06-07T09:00:00Z,2024-06-07T10:10:00Z,30,"
         "\"49.4,7.6;43.4,5.2\"\n",
         "cruise_fl must be at least"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2048], why[512] = "";
        snprintf(text, sizeof text, "%s%s", leg_head, cases[i].rows);
        assert_int_not_equal(read_with("legs.csv", text, NULL, why, sizeof why), ERR_OK);
        if (!strstr(why, cases[i].why)) {
            fail_msg("case %zu: '%s' does not say '%s'", i, why, cases[i].why);
        }
    }
}

static void refuses_files_twice_and_unknown(void **state)
{
    (void)state;
    struct scenario *sc = scenario_new();
    char why[512];
    const char *sites = least[1].text;
    assert_int_equal(scenario_read(sc, "sites.csv", sites, strlen(sites), why, sizeof why), ERR_OK);
    assert_int_equal(scenario_read(sc, "sites.csv", sites, strlen(sites), why, sizeof why),
                     ERR_EXISTS);
    assert_int_equal(scenario_read(sc, "notes.txt", sites, strlen(sites), why, sizeof why),
                     ERR_UNKNOWN);
    assert_int_equal(scenario_read(sc, "types.csv", "a\0b", 3, why, sizeof why), ERR_SYNTAX);
    scenario_free(sc);
}

static void numbers_are_exact(void **state)
{
    (void)state;
    double v;
    assert_int_equal(table_number("-80.04", &v), ERR_OK);
    assert_true(v == -80.04);
    assert_int_equal(table_number("7", &v), ERR_OK);
    assert_true(v == 7);
    assert_int_equal(table_number("", &v), ERR_SYNTAX);
    assert_int_equal(table_number("-", &v), ERR_SYNTAX);
    assert_int_equal(table_number("1.2.3", &v), ERR_SYNTAX);
    assert_int_equal(table_number("1234567890123456", &v), ERR_SYNTAX);
    assert_int_equal(table_number("0x10", &v), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_least),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(refuses_legs_nobody_can_fly),
        cmocka_unit_test(refuses_files_twice_and_unknown),
        cmocka_unit_test(numbers_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

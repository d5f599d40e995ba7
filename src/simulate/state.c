#include "simulate/state.h"

#include "simulate/draw.h"

#include <math.h>
#include <string.h>

#define DEGREE (3.14159265358979323846 / 180)

static const double transition_ft = 10000; /* below it altimeters are set to QNH */
static const double ft_per_hpa = 27.3;
static const int32_t unknown = INT32_MIN; /* as encode.h has it */

/* Height above the pressure altitude: from the origin's QNH to the destination's. The geoid is left
   out: simulated geometric heights are above mean sea level. */
static double geometric_over_baro_ft(const struct state_flight *f, int64_t t_us)
{
    const struct flight *g = f->flight;
    const double a = flight_qnh_hpa(f->sc, f->seed, g->origin_at, g->takeoff_us);
    const double b = flight_qnh_hpa(f->sc, f->seed, g->destination_at, g->takeoff_us);
    double share = (double)(t_us - g->takeoff_us) / (double)(g->landing_us - g->takeoff_us);
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return (a + (b - a) * share - 1013.25) * ft_per_hpa;
}

static int32_t round_to(double v, int32_t step)
{
    return (int32_t)lround(v / step) * step;
}

static void set_selected(const struct state_flight *f, const struct profile_state *p,
                         struct encode_state *s)
{
    const struct profile *profile = &f->plan->profile;
    const bool down = p->phase == PHASE_DESCENT;
    const double field_ft = profile->phase[PHASE_ROLL_OUT].h_ft;
    s->nav_altitude_mcp_ft = down ? (p->h_ft > field_ft + 8000 ? round_to(field_ft + 7000, 1000)
                                                               : round_to(field_ft + 3000, 100))
                                  : round_to(profile->cruise_ft, 100);
    const size_t airport = down ? f->flight->destination_at : f->flight->origin_at;
    s->nav_qnh_e1_hpa =
        p->h_ft > transition_ft
            ? 10132
            : (int32_t)(10 * flight_qnh_hpa(f->sc, f->seed, airport, f->flight->takeoff_us));
}

unsigned state_jammed(const struct scenario *sc, int64_t t_us, struct path_vector at)
{
    for (size_t i = 0; i < sc->n_jammings; i++) {
        const struct scenario_jamming *j = &sc->jamming[i];
        if (t_us < j->from_us || t_us >= j->to_us) {
            continue;
        }
        const struct path_vector c = path_vector(
            (struct sphere_place){(int32_t)lround(j->lat * 1e7), (int32_t)lround(j->lon * 1e7)});
        const double radius = j->radius_nm * SPHERE_M_PER_NM / SPHERE_RADIUS_M;
        if (c.x * at.x + c.y * at.y + c.z * at.z > cos(radius)) {
            return (unsigned)i + 1;
        }
    }
    return 0;
}

/* Who sends a ghost knows its next place badly: every three minutes it stands some ten miles beside
   where it was, and part of the time it claims no integrity. */
static void haunt(const struct state_flight *f, int64_t t_us, struct state *out)
{
    static const int64_t piece_us = 180000000;
    struct encode_state *s = &out->said;
    const uint64_t bits =
        draw_bits(f->seed, DRAW_GHOST, f->flight->id, (uint64_t)(t_us / piece_us));
    s->sil = bits & 1 ? 0 : 3;
    if (!s->ground) {
        s->at.lat_e7 += ((int32_t)(bits >> 8 & 0xff) - 128) * 20000; /* up to 0.26 degrees */
    }
}

/* What the sky or the sender does to it. */
static void bend(const struct state_flight *f, int64_t t_us, struct state *out)
{
    if (f->flight->ghost) {
        haunt(f, t_us, out);
    } else if (state_jammed(f->sc, t_us, out->at)) {
        out->said.nic = 0;
        out->said.nac_p = 0;
        out->said.nac_v = 0;
    }
}

void state_at(const struct state_flight *f, int64_t t_us, struct state *out)
{
    struct profile_state p;
    struct path_place w;
    profile_at(&f->plan->profile, t_us, &p);
    path_at(&f->plan->path, p.s_nm, &w);
    out->at = w.at;
    out->phase = p.phase;
    struct encode_state *s = &out->said;
    *s = (struct encode_state){
        .address = f->flight->address,
        .ground = p.ground,
        .at = {w.place.lat_e7, w.place.lon_e7},
        .alt_baro_ft = (int32_t)lround(p.h_ft + f->flight->alt_error_ft),
        .alt_geom_ft = (int32_t)lround(p.h_ft + geometric_over_baro_ft(f, t_us)),
        .gs_e2_kt = (int32_t)lround(p.v_kt * 100),
        .track_e2_deg = (int32_t)lround(w.track_deg * 100) % 36000,
        .baro_rate_fpm = (int32_t)lround(p.r_fpm),
        .squawk = f->flight->squawk,
        .category = (uint8_t)f->sc->type[f->flight->type_at].category,
        .version = 2,
        .nic = 8,
        .nac_p = 9,
        .nac_v = 2,
        .sil = 3,
        .gva = 2,
        .sda = 2,
        .nic_baro = 1,
        .ias_kt = unknown,
        .tas_kt = unknown,
        .mach_e3 = unknown,
        .mag_heading_e2_deg = unknown,
        .roll_e2_deg = unknown,
        .track_rate_e2_deg_s = unknown,
    };
    memset(s->flight, ' ', sizeof s->flight);
    memcpy(s->flight, f->flight->callsign, strlen(f->flight->callsign));
    set_selected(f, &p, s);
    bend(f, t_us, out);
}

/* Wind over the place: from the west, stronger with height, the same for all aircraft; where it
   blows hardest goes with latitude (the jet streams at 35 to 50 degrees). */
static void wind(const struct encode_state *s, double *north_kt, double *east_kt)
{
    const double lat = s->at.lat_e7 * 1e-7, jet = (fabs(lat) - 42) / 14;
    const double kt = (8 + s->alt_baro_ft / 1000.0 * 1.2) * (0.4 + 0.9 / (1 + jet * jet));
    const double from_deg = 250 + 40 * sin(s->at.lon_e7 * 1e-7 * DEGREE * 4);
    *north_kt = -kt * cos(from_deg * DEGREE);
    *east_kt = -kt * sin(from_deg * DEGREE);
}

/* International standard atmosphere: speed of sound in kt, and the share of sea level pressure. */
static void atmosphere(double h_ft, double *sound_kt, double *pressure)
{
    const double h_m = h_ft * 0.3048, low_m = h_m < 11000 ? h_m : 11000;
    const double kelvin = 288.15 - 0.0065 * low_m;
    *sound_kt = 38.967854 * sqrt(kelvin);
    *pressure = pow(kelvin / 288.15, 5.2558797) * exp((low_m - h_m) / 6341.62);
}

/* Calibrated airspeed of compressible flow from Mach number and pressure. */
static double calibrated_kt(double mach, double pressure)
{
    const double impact = (pow(1 + 0.2 * mach * mach, 3.5) - 1) * pressure;
    return 661.4787 * sqrt(5 * (pow(impact + 1, 1 / 3.5) - 1));
}

void state_add_air_data(const struct state_flight *f, int64_t t_us, struct state *out)
{
    struct encode_state *s = &out->said;
    const double gs = s->gs_e2_kt / 100.0, track = s->track_e2_deg / 100.0 * DEGREE;
    double wind_north, wind_east, sound, pressure;
    wind(s, &wind_north, &wind_east);
    const double north = gs * cos(track) - wind_north, east = gs * sin(track) - wind_east;
    const double tas = sqrt(north * north + east * east);
    double heading = atan2(east, north) / DEGREE;
    heading += heading < 0 ? 360 : 0; /* declination is within 3 degrees here and left out */
    atmosphere(s->alt_baro_ft, &sound, &pressure);
    s->tas_kt = (int32_t)lround(tas);
    s->mach_e3 = (int32_t)lround(tas / sound * 1000);
    s->ias_kt = (int32_t)lround(calibrated_kt(tas / sound, pressure));
    s->mag_heading_e2_deg = (int32_t)lround(heading * 100) % 36000;
    struct state later;
    state_at(f, t_us + 2000000, &later);
    int32_t turn_e2 = later.said.track_e2_deg - s->track_e2_deg;
    turn_e2 += turn_e2 > 18000 ? -36000 : turn_e2 < -18000 ? 36000 : 0;
    const double rate_deg_s = turn_e2 / 200.0;
    s->track_rate_e2_deg_s = (int32_t)lround(rate_deg_s * 100);
    /* A level turn: the tangent of the bank is speed times rate over gravity. */
    const double bank = atan(gs * 0.514444 * rate_deg_s * DEGREE / 9.80665) / DEGREE;
    s->roll_e2_deg = (int32_t)lround(fmax(-35, fmin(35, bank)) * 100);
}

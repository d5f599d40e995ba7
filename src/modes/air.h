/* Air data: what pressure altitude, airspeeds and Mach say of each other, and the wind and
   temperature that follow from them. Pure integer tables of the ICAO standard atmosphere (Doc 7488)
   and of subsonic compressible flow. */
#ifndef MASAR_MODES_AIR_H
#define MASAR_MODES_AIR_H

#include <stdbool.h>
#include <stdint.h>

/* Static pressure at a pressure altitude, 0.1 hPa; altitude clamped to -2,000 .. 61,000 ft. */
int32_t air_pressure_e1_hpa(int32_t alt_ft);

/* Temperature of the standard atmosphere at a pressure altitude, 0.1 C; altitude clamped likewise.
 */
int32_t air_standard_e1_c(int32_t alt_ft);

/* Mach number times 1000 from calibrated airspeed and pressure altitude; no temperature is needed.
   Good to 0.003 up to Mach 1; 1,200 where it would be more. */
int32_t air_mach_e3(int32_t cas_kt, int32_t alt_ft);

/* True airspeed in the standard atmosphere; the real one is within 8 % of it. */
int32_t air_tas_kt(int32_t mach_e3, int32_t alt_ft);

/* What an aircraft reports at one time, MODES_UNKNOWN where it does not; units as in field.def. */
struct air_report {
    int32_t tas_kt, mach_e3, gs_e2_kt, track_e2_deg;
    int32_t true_heading_e2_deg;
    int32_t mag_heading_e2_deg, declination_e2_deg; /* used together, where true heading is not
                                                       known; east positive */
};

/* What follows. MODES_UNKNOWN where it does not. */
struct air_derived {
    int32_t wind_dir_deg, wind_speed_kt; /* from where it blows, true */
    int32_t true_heading_e2_deg;
    int32_t oat_e1_c, tat_e1_c;
};

/* Derives wind (needs TAS, GS, track and a heading) and temperature (needs TAS and Mach). The
   caller sees to it that the values are of the same few seconds and that the aircraft flies
   straight: in a turn heading and track are not of one instant. Nothing is derived below 100 kt TAS
   or Mach 0.3, where the last bit of either is more than the result is worth, nor where wind would
   be over 250 kt or temperature outside -99 .. 60 C: then one of the values is wrong. */
void modes_derive_air(const struct air_report *in, struct air_derived *out);

#endif

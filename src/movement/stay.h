/* How long an aircraft stands at a place, and when it left one to be found at another, the flight
   between unheard: soon, where it stands briefly, and late, where it stands for long. Pure. */
#ifndef MASAR_MOVEMENT_STAY_H
#define MASAR_MOVEMENT_STAY_H

#include "movement/movement.h"

/* Hours an aircraft that could leave takes to, before any stay is known. */
#define STAY_H_STATE 24.0F
#define STAY_H_CIVIL 8.0F

/* Hours it stands at a site on average, > 0: of those seen of its unit and one of the above, and of
   its own and one such as its unit's. */
float stay_hours(const struct movement_views *v, uint32_t address, uint16_t epoch, int64_t t_ms,
                 bool state, uint32_t site);

/* Within a window of so many hours it left for somewhere it stood the rest of it: after how many it
   was as likely gone as not. Stays of both places end at the rate of their mean hours. */
double stay_left_h(double window_h, double here_h, double there_h);

#endif

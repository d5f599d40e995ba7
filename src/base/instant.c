#include "base/instant.h"

#include <stdio.h>
#include <string.h>

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 of a proleptic Gregorian date, by counting from 1 March of year 0: the leap
   day then ends a year, and 400 years have 146,097 days. */
static int64_t days_from_date(int64_t year, int month, int64_t day)
{
    const int64_t years = floor_div(month - 1, 12);
    year += years;
    month -= (int)(years * 12);
    if (month <= 2) {
        year--;
    }
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

struct instant_parts instant_split(int64_t t_us)
{
    const int64_t days = floor_div(t_us, INT64_C(86400000000));
    /* Not t_us - days * …: the first instants of all begin before INT64_MIN. */
    const int64_t rest_us = t_us % INT64_C(86400000000);
    const int64_t us_of_day = rest_us < 0 ? rest_us + INT64_C(86400000000) : rest_us;
    const int64_t from_march = days + 719468;
    const int64_t era = floor_div(from_march, 146097);
    const int64_t day_of_era = from_march - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march_month = (5 * day_of_year + 2) / 153;
    const int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct instant_parts){
        .year = (int)(era * 400 + year_of_era + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
        .hour = (int)(us_of_day / INT64_C(3600000000)),
        .minute = (int)(us_of_day / 60000000 % 60),
        .second = (int)(us_of_day / 1000000 % 60),
        .us = (int)(us_of_day % 1000000),
    };
}

int64_t instant_join(const struct instant_parts *p)
{
    const int64_t days = days_from_date(p->year, p->month, p->day);
    return (((days * 24 + p->hour) * 60 + p->minute) * 60 + p->second) * INT64_C(1000000) + p->us;
}

void instant_format(int64_t t_us, unsigned decimals, char out[32])
{
    const struct instant_parts p = instant_split(t_us);
    const int n = snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour,
                           p.minute, p.second);
    if (n < 0 || n > 22) {
        return;
    }
    char *end = out + n;
    if (decimals == 3) {
        end += snprintf(end, 8, ".%03d", p.us / 1000);
    } else if (decimals == 6) {
        end += snprintf(end, 8, ".%06d", p.us);
    }
    end[0] = 'Z';
    end[1] = '\0';
}

/* Exactly n digits at *s, which is moved on; -1 if they are not there. */
static int digits(const char **s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        const char c = (*s)[i];
        if (c < '0' || c > '9') {
            return -1;
        }
        v = v * 10 + (c - '0');
    }
    *s += n;
    return v;
}

static int expect(const char **s, char c)
{
    if (**s != c) {
        return -1;
    }
    (*s)++;
    return 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + leap;
}

static int fraction_us(const char **s)
{
    int v = 0, scale = 100000;
    while (**s >= '0' && **s <= '9') {
        v += (**s - '0') * scale;
        scale /= 10;
        (*s)++;
    }
    return v;
}

/* Z, z, or +hh:mm / -hh:mm, as minutes east of Greenwich. */
static enum err offset_minutes(const char **s, int *out)
{
    if (**s == 'Z' || **s == 'z') {
        (*s)++;
        *out = 0;
        return ERR_OK;
    }
    const int sign = **s == '-' ? -1 : 1;
    if (**s != '+' && **s != '-') {
        return ERR_SYNTAX;
    }
    (*s)++;
    const int hour = digits(s, 2);
    if (hour < 0 || expect(s, ':') < 0) {
        return ERR_SYNTAX;
    }
    const int minute = digits(s, 2);
    if (minute < 0) {
        return ERR_SYNTAX;
    }
    if (hour > 23 || minute > 59) {
        return ERR_RANGE;
    }
    *out = sign * (hour * 60 + minute);
    return ERR_OK;
}

enum err instant_parse(const char *s, int64_t *out_us)
{
    struct instant_parts p = {0};
    if ((p.year = digits(&s, 4)) < 0 || expect(&s, '-') < 0 || (p.month = digits(&s, 2)) < 0 ||
        expect(&s, '-') < 0 || (p.day = digits(&s, 2)) < 0) {
        return ERR_SYNTAX;
    }
    if (p.month < 1 || p.month > 12 || p.day < 1 || p.day > days_in_month(p.year, p.month)) {
        return ERR_RANGE;
    }
    if (*s == '\0') {
        *out_us = instant_join(&p);
        return ERR_OK;
    }
    if (*s != 'T' && *s != 't' && *s != ' ') {
        return ERR_SYNTAX;
    }
    s++;
    if ((p.hour = digits(&s, 2)) < 0 || expect(&s, ':') < 0 || (p.minute = digits(&s, 2)) < 0) {
        return ERR_SYNTAX;
    }
    if (*s == ':') {
        s++;
        if ((p.second = digits(&s, 2)) < 0) {
            return ERR_SYNTAX;
        }
        if (*s == '.') {
            s++;
            if (*s < '0' || *s > '9') {
                return ERR_SYNTAX;
            }
            p.us = fraction_us(&s);
        }
    }
    int minutes_east = 0;
    const enum err e = offset_minutes(&s, &minutes_east);
    if (e) {
        return e;
    }
    if (*s != '\0') {
        return ERR_SYNTAX;
    }
    if (p.hour > 23 || p.minute > 59 || p.second > 60) {
        return ERR_RANGE;
    }
    *out_us = instant_join(&p) - minutes_east * INT64_C(60000000);
    return ERR_OK;
}

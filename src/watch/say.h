/* Alerts as sentences, in the words that statements use (docs/WATCHES.md): English, Arabic, French.
   Sentences are whole in each language; what comes from outside (call signs, names) is cleaned of
   control characters and, in Arabic, isolated. Pure. */
#ifndef MASAR_WATCH_SAY_H
#define MASAR_WATCH_SAY_H

#include "base/buf.h"
#include "watch/watch.h"

enum watch_language { WATCH_EN, WATCH_AR, WATCH_FR, WATCH_LANGUAGES };

/* "en", "ar", "fr"; WATCH_LANGUAGES: none of them. */
enum watch_language watch_language_find(const char *name);
const char *watch_language_name(enum watch_language l);

/* Adds the sentence of an alert. airports: for names of places; NULL: codes alone. */
void watch_say(const struct watch_alert *a, enum watch_language l, const struct airports *airports,
               struct buf *out);

/* An airport as people read it: name before code. */
void watch_say_airport(const char *code, enum watch_language l, const struct airports *airports,
                       struct buf *out);

/* A time as 14:16Z on its day. */
void watch_say_time(int64_t t_ms, enum watch_language l, struct buf *out);

/* The alert as a JSON object: what it says, of whom, where, when, how surely, from what row of the
   ledger and on what evidence. sentences: "en", "ar" and "fr" too. */
void watch_say_json(const struct watch_alert *a, const struct airports *airports, struct buf *out);

#endif

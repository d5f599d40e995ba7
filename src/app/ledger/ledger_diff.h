/* What one edition of the ledger says other than the one before: a line for each row that went (-)
   or came (+), whatever number it has. */
#ifndef MASAR_APP_LEDGER_DIFF_H
#define MASAR_APP_LEDGER_DIFF_H

#include "store/store.h"

/* 0: the newest, and the one before. Prints to standard output; returns the exit status. */
int ledger_diff(struct store *s, int64_t from, int64_t to);

#endif

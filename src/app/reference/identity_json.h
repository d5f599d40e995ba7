/* An identity as JSON: `masar aircraft --format json` and the API's identity. */
#ifndef MASAR_APP_IDENTITY_JSON_H
#define MASAR_APP_IDENTITY_JSON_H

#include "base/buf.h"
#include "identity/identity.h"

/* One object `{…}`: docs/IDENTITY.md lists its keys. */
void identity_json_write(struct buf *b, const struct identity_book *book, const struct identity *i);

/* `{"types":[…]}`: every type of the tables, with what an aircraft of it can lift; NULL: none. */
void identity_json_types(struct buf *b, const struct types *t);

/* `{"operators":[…]}`: of the codes ("RCH,DLH") those that somebody is known to use on a day. */
void identity_json_operators(struct buf *b, const struct operators *o, const char *codes,
                             int32_t day);

#endif

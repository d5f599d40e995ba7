/* An identity as JSON: `masar aircraft --format json` and the API's identity. */
#ifndef MASAR_APP_IDENTITY_JSON_H
#define MASAR_APP_IDENTITY_JSON_H

#include "base/buf.h"
#include "identity/identity.h"

/* One object `{…}`: docs/IDENTITY.md lists its keys. */
void identity_json_write(struct buf *b, const struct identity_book *book, const struct identity *i);

#endif

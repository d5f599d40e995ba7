/* The few ways a call can fail. A parser returns bytes consumed, or one of these, negated. */
#ifndef MASAR_BASE_ERR_H
#define MASAR_BASE_ERR_H

enum err {
    ERR_OK = 0,
    ERR_SHORT,    /* more bytes are needed */
    ERR_SYNTAX,   /* the bytes do not have the form asked for */
    ERR_RANGE,    /* the form is right, a value is not */
    ERR_UNKNOWN,  /* a name or number nobody defined */
    ERR_FULL,     /* a bounded thing is full; nothing was added */
    ERR_MEMORY,   /* allocation failed */
    ERR_SYSTEM,   /* the operating system said no; errno tells */
    ERR_EXISTS,   /* already there */
    ERR_NOT_FOUND /* asked for by name, not there */
};

/* One English word or two for a log line; never NULL. */
const char *err_text(enum err e);

#endif

#!/bin/sh
# What edit.sh tells, in English.
MASAR_LANGUAGES=en exec sh "$(dirname "$0")/edit.sh" "$@"

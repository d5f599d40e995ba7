#!/bin/sh
# What views.sh tells, in English.
MASAR_LANGUAGES=en exec sh "$(dirname "$0")/views.sh" "$@"

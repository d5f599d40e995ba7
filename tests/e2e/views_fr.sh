#!/bin/sh
# What views.sh tells, in French.
MASAR_LANGUAGES=fr exec sh "$(dirname "$0")/views.sh" "$@"

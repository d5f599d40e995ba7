#!/bin/sh
# What edit.sh tells, in French.
MASAR_LANGUAGES=fr exec sh "$(dirname "$0")/edit.sh" "$@"

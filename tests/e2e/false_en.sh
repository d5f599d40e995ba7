#!/bin/sh
# A track that is false shows it, in English: false_en.sh MASAR. See false.sh.
set -eu
MASAR_LANGUAGES=en exec sh "$(dirname "$0")/false.sh" "$1"

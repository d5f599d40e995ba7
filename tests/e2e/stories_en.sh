#!/bin/sh
# The stories of the desk in English: stories_en.sh MASAR. See stories.sh.
set -eu
MASAR_LANGUAGES=en exec sh "$(dirname "$0")/stories.sh" "$1"

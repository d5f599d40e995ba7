#!/bin/sh
# The stories of the desk in French: stories_fr.sh MASAR. See stories.sh.
set -eu
MASAR_LANGUAGES=fr exec sh "$(dirname "$0")/stories.sh" "$1"

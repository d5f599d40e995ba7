#!/bin/sh
# The pages in English: pages_en.sh MASAR. See pages.sh.
set -eu
MASAR_LANGUAGES=en exec sh "$(dirname "$0")/pages.sh" "$1"

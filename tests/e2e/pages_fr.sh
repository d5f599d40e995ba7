#!/bin/sh
# The pages in French: pages_fr.sh MASAR. See pages.sh.
set -eu
MASAR_LANGUAGES=fr exec sh "$(dirname "$0")/pages.sh" "$1"

#!/bin/sh
# A track that is false shows it, in French: false_fr.sh MASAR. See false.sh.
set -eu
MASAR_LANGUAGES=fr exec sh "$(dirname "$0")/false.sh" "$1"

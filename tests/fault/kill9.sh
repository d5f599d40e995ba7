#!/bin/bash
# tests/fault/kill9.sh [N [BUILD]]: kills a loaded writer -9 N times (200) and looks at what is left.
set -e
exec "${2:-build/release}/kill9" "${1:-200}"

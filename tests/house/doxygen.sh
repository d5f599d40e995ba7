#!/usr/bin/env bash
# Everything in include/masar.h is documented, and doxygen has nothing to say against how.
set -u
command -v doxygen >/dev/null || { echo "skipped: doxygen is not installed"; exit 77; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
(cat docs/Doxyfile; echo "OUTPUT_DIRECTORY = $out") | doxygen - 2>&1 || exit 1
pages=$(find "$out/html" -name 'masar_8h.html' -o -name 'structmasar__fix.html' | wc -l)
[ "$pages" = 2 ] || { echo "doxygen wrote no page of masar.h: is it looking at it?"; exit 1; }
grep -q masar_tracker_frame "$out/html/masar_8h.html" || { echo "masar_tracker_frame is not documented"; exit 1; }
echo "documented"

#!/usr/bin/env bash
# An arrow of the house that points up: a file that includes from a room its own room may not know.
# The rooms and their arrows are read from cmake/rooms.cmake, which links by the same list.
set -u
cd "$(dirname "$0")/../.." || exit 1
awk '
FILENAME ~ /rooms\.cmake$/ {
    if ($0 ~ /^room\(/) { line = $0; sub(/^room\(/, "", line); sub(/\)$/, "", line); sub(/ LIBS.*/, "", line)
        n = split(line, w, " "); may[w[1], w[1]] = 1; room[w[1]] = 1
        for (i = 3; i <= n; i++) may[w[1], w[i]] = 1 }
    next
}
/^#include "/ {
    split(FILENAME, path, "/"); from = path[2]
    to = $2; gsub(/"/, "", to)
    if (to == "masar.h" || from == "app") next
    sub(/\/.*/, "", to)
    seen++
    if (!(to in room)) { print FILENAME ":" FNR ": includes " $2 ", which is in no room"; bad = 1 }
    else if (!((from, to) in may)) { print FILENAME ":" FNR ": " from " may not know " to; bad = 1 }
}
END { if (seen < 20) { print "only " seen " includes seen: is this check looking at the code?"; bad = 1 }
      print seen " includes read, " (bad ? "arrows point up" : "none points up"); exit bad }
' cmake/rooms.cmake $(find src -name '*.[ch]')

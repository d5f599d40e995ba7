#!/usr/bin/env bash
# What the documents say of the house against the house: rooms and their arrows, subcommands, files
# that are named, documents nobody leads to.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 seen=0
say() { echo "$*"; bad=1; }

# ARCHITECTURE's table of rooms says what cmake/rooms.cmake does.
arrows() { # room → its arrows, sorted, as the linker has them
  sed -n 's/^room(\([a-z]*\)\(.*\))$/\1\2/p' cmake/rooms.cmake | sed 's/ LIBS.*//; s/ ARROWS//'
}
while read -r room known; do
  seen=$((seen + 1))
  row=$(grep "^| \`$room\` |" ARCHITECTURE.md)
  [ -n "$row" ] || { say "ARCHITECTURE.md has no row for the room $room"; continue; }
  told=$(sed 's/ *|$//; s/.*| //; s/–//' <<<"$row" | tr ' ' '\n' | sort | xargs)
  [ "$told" = "$(tr ' ' '\n' <<<"$known" | sort | xargs)" ] ||
    say "ARCHITECTURE.md says that $room may know '$told', cmake/rooms.cmake '$known'"
done < <(arrows)
while read -r room; do
  grep -q "^room(${room}[ )]" cmake/rooms.cmake || [ "$room" = app ] || say "ARCHITECTURE.md tells of a room $room that is not there"
done < <(sed -n 's/^| `\([a-z]*\)` |.*/\1/p' ARCHITECTURE.md)

# Every subcommand stands in the manual, and has a file.
while read -r command; do
  seen=$((seen + 1))
  grep -A1 '^\.Nm$' docs/masar.1 | grep -qE "Cm $command( |$)" ||
    say "the synopsis of docs/masar.1 does not tell of masar $command"
done < <(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' src/app/command.def)

# What a document names is there.
while IFS=: read -r document path; do
  seen=$((seen + 1))
  [ -e "$path" ] || [ -e "src/$path" ] || say "$document names $path, which is not there"
done < <(grep -HoE '\b(web/src|docs|src|cmake|script|tests|scenarios|examples|include|packaging)/[A-Za-z0-9_./-]+\.(c|h|md|sh|def|cmake|py|mjs|ts|toml|json)\b' README.md ARCHITECTURE.md CONTRIBUTING.md docs/*.md | sort -u)

# Somebody leads to every document.
for document in docs/*.md; do
  seen=$((seen + 1))
  grep -rlq --include='*.md' --include='*.1' --include='*.h' "$(basename "$document")" README.md ARCHITECTURE.md CONTRIBUTING.md docs src ||
    say "nothing leads to $document"
done

[ $seen -ge 60 ] || say "only $seen things looked at: is this check looking at the house?"
echo "$seen things looked at, $([ $bad = 0 ] && echo 'documents and house agree' || echo 'documents and house differ')"
exit $bad

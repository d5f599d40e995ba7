#!/usr/bin/env bash
# The installed library as its users see it: what the shared one offers is what packaging/libmasar.symbols lists and
# include/masar.h declares, the static one offers the same and nothing else, and neither holds data that could change.
# A symbol taken away or renamed is a new MASAR_ABI and SOVERSION; one that is added is a row of the list.
set -u
build=${MASAR_BUILD_DIR:?}
[ -z "${MASAR_SANITIZE:-}" ] || { echo "skipped: a sanitizer build"; exit 77; }
shared=$build/lib/libmasar.so static=$build/lib/libmasar.a
! nm "$static" | grep -q __gcov || { echo "skipped: a coverage build"; exit 77; }
bad=0
same() { # WHAT LIST LIST
    diff <(sort -u <<<"$2") <(sort -u <<<"$3") || { echo "$1"; bad=1; }
}
listed=$(awk '$1 ~ /^masar_/ {sub(/@.*/, "", $1); print $1}' packaging/libmasar.symbols)
versioned=$(awk '$1 ~ /^masar_/ {print $1}' packaging/libmasar.symbols)
[ "$(wc -l <<<"$listed")" -ge 20 ] || { echo "packaging/libmasar.symbols lists too few: is this check looking at it?"; exit 1; }
same "< packaging/libmasar.symbols  > libmasar.so: the ABI changed" "$versioned" \
    "$(nm -D --defined-only "$shared" | awk '$2 != "A" {sub(/@@/, "@", $3); print $3}')"
same "< packaging/libmasar.symbols  > libmasar.a: they offer different calls" "$listed" \
    "$(nm -g --defined-only "$static" | awk 'NF == 3 {print $3}')"
same "< packaging/libmasar.symbols  > include/masar.h: they declare different calls" "$listed" \
    "$(grep -oE '\bmasar_[a-z_]+\(' include/masar.h | tr -d '(')"
for library in "$shared" "$static"; do
    # crt's own words stand in every shared object.
    while read -r symbol; do
        echo "${library##*/}: data that could change: $symbol"
        bad=1
    done < <(objdump -t "$library" | awk 'NF > 4 && $(NF-2) ~ /^\.(data|bss|tdata|tbss)(\..*)?$/ && $(NF-2) !~ /^\.data\.rel\.ro/ && $NF !~ /^\./ {print $NF}' |
        grep -vxE 'completed\.0|__dso_handle|__TMC_END__|\.hidden')
done
soname=$(objdump -p "$shared" | awk '$1 == "SONAME" {print $2}')
abi=$(awk '$1 == "#define" && $2 == "MASAR_ABI" {print $3}' include/masar.h)
[ "$soname" = "libmasar.so.$abi" ] || { echo "the shared library is $soname, MASAR_ABI is $abi"; bad=1; }
echo "$(wc -l <<<"$listed") calls, $soname, no data that could change: $([ $bad = 0 ] && echo yes || echo no)"
exit $bad

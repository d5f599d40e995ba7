#!/usr/bin/env bash
# A pure room that calls the system or keeps data that could change while it runs. Every undefined symbol of its library must be one
# of a pure room or on the list of what pure code may call (memory, strings, mathematics, JSON values), and .data and .bss must
# be empty: tables are constant (.rodata, .data.rel.ro). Sanitizer and coverage builds add symbols of their own: skipped.
set -u
build=${MASAR_BUILD_DIR:?}
[ -z "${MASAR_SANITIZE:-}" ] || { echo "skipped: a sanitizer build"; exit 77; }
pure=(base model geo radio modes encode track wire simulate archive uat identity coverage movement watch libmasar)
may='malloc|calloc|realloc|free|aligned_alloc|posix_memalign'
may+='|mem[a-z]+|__mem[a-z_]+|rawmemchr|str[a-z]+|__str[a-z_]+|__isoc[0-9]+_strto[a-z]+|qsort|qsort_r|bsearch'
may+='|fmaxf?|fminf?|v?snprintf|__v?snprintf_chk|__ctype_[a-z_]+|tolower|toupper|abs|labs|llabs'
may+='|__stack_chk_fail|__assert_fail|abort|_GLOBAL_OFFSET_TABLE_|json_[a-z_0-9]+|__[a-z]+[sdt]i[0-9]?'
may+='|a?(sin|cos|tan)h?f?|atan2f?|sincosf?|sqrtf?|hypotf?|floorf?|ceilf?|fmodf?|l?l?roundf?|l?l?rintf?|nearbyintf?'
may+='|powf?|exp2?f?|log2?f?|log10f?|log1pf?|expm1f?|remainderf?|fmaf?|ldexpf?|frexpf?|modff?|cbrtf?|truncf?|lgammaf?_r|__cpu_model|__cpu_indicator_init'
libraries=()
for room in "${pure[@]}"; do
    [ -e "$build/libmasar_$room.a" ] && libraries+=("$build/libmasar_$room.a")
done
defined=$(nm --defined-only "${libraries[@]}" 2>/dev/null | awk 'NF == 3 && $2 ~ /[TRDBVW]/ {print $3}' | sort -u)
calls=$(nm -A -u "${libraries[@]}" | awk 'NF > 2 {sub(/.*libmasar_/, "", $1); sub(/\.a:.*/, "", $1); print $NF, $1}' | sort -u)
[ "$(wc -l <<<"$calls")" -ge 50 ] || { echo "too few symbols seen in $build: is this check looking at the libraries?"; exit 1; }
bad=0
while read -r symbol room; do
    echo "$room calls $symbol"
    bad=1
done < <(awk -v may="^($may)\$" 'NR == FNR {own[$1]; next} !($1 in own) && $1 !~ may' <(echo "$defined") <(echo "$calls"))
for library in "${libraries[@]}"; do
    while read -r symbol; do
        echo "${library##*/}: data that could change: $symbol"
        bad=1
    done < <(objdump -t "$library" | awk 'NF > 4 && $(NF-2) ~ /^\.(data|bss)(\..*)?$/ && $(NF-2) !~ /^\.data\.rel\.ro/ && $NF !~ /^\./ {print $NF}')
done
echo "$(wc -l <<<"$calls") symbols of ${#libraries[@]} pure rooms read"
exit $bad

#!/usr/bin/env bash
# A pure room that calls the system: every undefined symbol of its library must be one of another room, or on the list of
# what pure code may call (memory, strings, mathematics). Sanitizer and coverage builds add symbols of their own: skipped.
set -u
build=${MASAR_BUILD_DIR:?}
[ -z "${MASAR_SANITIZE:-}" ] || { echo "skipped: a sanitizer build"; exit 77; }
pure="base model geo modes encode track wire simulate"
may='^(malloc|calloc|realloc|free|reallocarray|aligned_alloc|posix_memalign|mem[a-z]*|__mem[a-z_]*|rawmemchr|str[a-z_]*|__str[a-z_]*|__isoc[0-9]*_strto[a-z]*|qsort|bsearch|snprintf|vsnprintf|__snprintf_chk|__vsnprintf_chk|__sprintf_chk|__ctype_[a-z_]*|tolower|toupper|abs|labs|llabs|__stack_chk_fail|__assert_fail|abort|_GLOBAL_OFFSET_TABLE_|json_[a-z_0-9]*|jsonp_[a-z_0-9]*|a?(sin|cos|tan)h?f?|atan2f?|sincosf?|sqrtf?|hypotf?|floorf?|ceilf?|fmodf?|fabsf?|l?l?roundf?|l?l?rintf?|nearbyintf?|powf?|exp2?f?|exp10f?|log2?f?|log10f?|log1pf?|expm1f?|copysignf?|remainderf?|fmaf?|fmaxf?|fminf?|ldexpf?|frexpf?|modff?|cbrtf?|truncf?|isnan|isinf|__[a-z]*_finite|__gcov.*|__llvm.*)$'
own=$(for r in $pure; do nm --defined-only "$build/libmasar_$r.a" 2>/dev/null; done | awk 'NF == 3 {print $3}' | sort -u)
bad=0 seen=0
for r in $pure; do
    lib=$build/libmasar_$r.a
    [ -e "$lib" ] || continue
    while read -r symbol; do
        seen=$((seen + 1))
        grep -qE "$may" <<<"$symbol" && continue
        grep -qxF "$symbol" <<<"$own" && continue
        echo "$r calls $symbol"
        bad=1
    done < <(nm -u "$lib" | awk 'NF == 2 {print $2}' | sort -u)
    # Data that could change while it runs: sections .data and .bss of a pure room hold nothing of ours.
    while read -r symbol; do
        echo "$r keeps mutable data: $symbol"
        bad=1
    done < <(nm "$lib" 2>/dev/null | awk '$2 ~ /^[bBdDcC]$/ {print $3}' | grep -v -E '^(\.|__)' | sort -u)
done
[ "$seen" -ge 10 ] || { echo "only $seen symbols seen in $build: is this check looking at the libraries?"; exit 1; }
echo "$seen undefined symbols of pure rooms read"
exit $bad

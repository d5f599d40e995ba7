#!/usr/bin/env bash
# The library as installed: into a folder that is then moved, found there by pkg-config; the examples and the program of
# docs/LIBRARY.md compiled against it as C and as C++, shared and static, and run. What the examples print is
# tests/golden/library/*.txt.
set -eu
build=${MASAR_BUILD_DIR:?}
[ -z "${MASAR_SANITIZE:-}" ] || { echo "skipped: a sanitizer build"; exit 77; }
! nm "$build/lib/libmasar.a" | grep -q __gcov || { echo "skipped: a coverage build"; exit 77; }
command -v pkg-config >/dev/null || { echo "skipped: no pkg-config"; exit 77; }
cc=$(command -v gcc || command -v clang || command -v clang-14 || true) cxx=$(command -v g++ || command -v clang++ || command -v clang++-14 || true)
[ -n "$cc" ] || { echo "skipped: no C compiler"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$build" --prefix "$dir/here" >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
mv "$dir/here" "$dir/there"
pc=$(find "$dir/there" -name masar.pc)
export PKG_CONFIG_PATH=${pc%/masar.pc}
lib=${PKG_CONFIG_PATH%/pkgconfig}
pkg-config --validate masar
[ "$(pkg-config --variable=includedir masar | xargs realpath)" = "$dir/there/include" ] || { echo "masar.pc points elsewhere"; exit 1; }
read -ra cflags < <(pkg-config --cflags masar)
read -ra libs < <(pkg-config --libs masar)

awk '/^```c$/ {on = 1; next} /^```/ {on = 0} on' docs/LIBRARY.md >"$dir/guide.c"
[ "$(wc -l <"$dir/guide.c")" -gt 30 ] || { echo "docs/LIBRARY.md holds no program"; exit 1; }
cp examples/*.c "$dir"
export LD_LIBRARY_PATH=$lib
programs=0

# make_and_run NAME COMPILER LINKAGE LANGUAGE
make_and_run() {
    local name=$1 link=("${libs[@]}") out=$dir/$1.$3.$4
    [ "$3" = shared ] || link=(-Wl,-Bstatic "${libs[@]}" -Wl,-Bdynamic -lm)
    "$2" -x "$4" -Wall -Wextra -Werror "${cflags[@]}" "$dir/$name.c" -x none "${link[@]}" -o "$out"
    if ldd "$out" | grep -q libmasar; then linked=shared; else linked=static; fi
    [ "$linked" = "$3" ] || { echo "$out is linked $linked"; return 1; }
    programs=$((programs + 1))
}

frames=(8d406b902015a678d4d220aa4bda 8d40621d58c382d690c8ac2863a7 8d485020994409940838175b284f 8d40621d58c382c690c8ac2863a7
    5d484fdea248f5 a0001838ca380031440000f24177 00)
for language in c c++; do
    compiler=$cc
    if [ $language = c++ ]; then
        [ -n "$cxx" ] || continue
        compiler=$cxx
    fi
    for linkage in shared static; do
        for name in decode_one encode_flight track_stdin guide; do
            if [ "$language $name" = "c++ guide" ]; then continue; fi
            make_and_run $name "$compiler" $linkage $language
        done
        end=$linkage.$language
        "$dir/decode_one.$end" "${frames[@]}" >"$dir/decode_one.txt" 2>&1
        "$dir/encode_flight.$end" >"$dir/encode_flight.txt"
        "$dir/track_stdin.$end" <"$dir/encode_flight.txt" >"$dir/track_stdin.txt"
        for name in decode_one encode_flight track_stdin; do
            diff tests/golden/library/$name.txt "$dir/$name.txt"
        done
        [ $language = c++ ] || "$dir/guide.$end" <"$dir/encode_flight.txt" | grep -q '^aefc10 RCH103 .* 31000 ft gs=43000/10^2 kt (adsb_icao)'
    done
done
echo "$programs programs built against an installed tree and run"

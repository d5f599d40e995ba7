#!/usr/bin/env bash
# A live peer: Debian's dump1090-mutability demodulates a rendered scene and feeds masar over Beast; masar feeds a second one back
# over AVR. Every frame the first gives out must come out of masar alike, and be taken by the second.
# Needs the scene renderer of ../shared/tools/signals and the peer's package (unpacked, not installed).
set -u
masar=$1
signals=../shared/tools/signals
[ -d "$signals" ] || { echo "skipped: no ../shared/tools/signals to render a scene with"; exit 77; }
for program in python3 cc make apt-get dpkg-deb; do
    command -v $program >/dev/null || { echo "skipped: no $program"; exit 77; }
done
work=$(mktemp -d)
cache=build/cache/mutability
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

peer=$cache/usr/bin/dump1090-mutability
if [ ! -x "$peer" ]; then
    mkdir -p "$cache"
    (cd "$work" && apt-get download dump1090-mutability >/dev/null 2>&1) && dpkg-deb -x "$work"/dump1090-mutability_*.deb "$cache"
fi
"$peer" --help >/dev/null 2>&1 || { echo "skipped: dump1090-mutability or a library of its (librtlsdr0) is not to be had"; exit 77; }

make -s -C "$signals" OUT="$work" || exit 1
FLEET=$work/fleet python3 "$signals/mkscene.py" scene "$work/truth" 60 10 11 >/dev/null || exit 1
"$work/iqrender" 2.4e6 10.2 4 22 uc8 2.2e6 2000 <"$work/truth" >"$work/scene.cu8" || exit 1

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
beast=$(port) given=$(port) raw_in=$(port) raw_out=$(port) http=$(port)
quiet=(--net --net-bind-address 127.0.0.1 --net-ri-port 0 --net-ro-port 0 --net-sbs-port 0 --net-bi-port 0 --net-bo-port 0)

# The second peer only listens; the first waits for samples on a pipe until masar is connected.
"$peer" --net-only "${quiet[@]}" --net-ri-port "$raw_in" --net-ro-port "$raw_out" --quiet >/dev/null 2>&1 &
pids+=($!)
mkfifo "$work/samples"
"$peer" --ifile "$work/samples" --fix --quiet "${quiet[@]}" --net-bo-port "$beast" --net-ro-port "$given" >/dev/null 2>"$work/peer.log" &
first=$!
pids+=($first)
exec 9>"$work/samples"
sleep 1
"$masar" serve --in "beast:connect=127.0.0.1:$beast" --out "avr:file=$work/masar.avr" --out "avr:connect=127.0.0.1:$raw_in" \
    --http "127.0.0.1:$http" 2>"$work/masar.log" &
pids+=($!)
sleep 1
listen() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && timeout 60 cat <&3 >"$2") & pids+=($!); }
listen "$given" "$work/peer.txt"
listen "$raw_out" "$work/second.avr"
sleep 1
head -c 131072 /dev/zero | tr '\0' '\177' >&9   # silence first: the peer opens its network with the first block
sleep 1
cat "$work/scene.cu8" >&9
head -c 1048576 /dev/zero | tr '\0' '\177' >&9
exec 9>&-
for _ in $(seq 100); do
    kill -0 $first 2>/dev/null || break
    sleep 0.1
done
sleep 2
tr 'a-f' 'A-F' <"$work/peer.txt" | grep -o '^\*[0-9A-F]*;' | grep -v '^\*0000;' | sort >"$work/a"
tr 'a-f' 'A-F' <"$work/masar.avr" | grep -o '^\*[0-9A-F]*;' | grep -v '^\*0000;' | sort >"$work/b"
tr 'a-f' 'A-F' <"$work/second.avr" | grep -o '^\*[0-9A-F]*;' | grep -v '^\*0000;' | sort -u >"$work/c"
frames=$(wc -l <"$work/a")
echo "peer gave out $frames frames; masar $(wc -l <"$work/b"); fed back, the second gave out $(wc -l <"$work/c") distinct"
if [ "$frames" -lt 500 ]; then
    echo "the peer gave out too few frames to mean anything"
    tail -3 "$work/peer.log" "$work/masar.log"
    exit 1
fi
if ! cmp -s "$work/a" "$work/b"; then
    echo "frames differ:"
    diff "$work/a" "$work/b" | head -20
    exit 1
fi
# The second peer drops what it cannot attribute yet and repairs what it can; nearly all must come through.
taken=$(comm -12 <(sort -u "$work/a") "$work/c" | wc -l)
distinct=$(sort -u "$work/a" | wc -l)
echo "the second took $taken of $distinct distinct frames"
[ $((taken * 10)) -ge $((distinct * 9)) ]

#!/usr/bin/env bash
# An import killed again and again (-9) and started again: what is in the end in the store is what an import in one go brings, every
# point, and so it is with any number of threads. MASAR_KILLS sets how often (6).
set -u
masar=$(realpath "$1")
make_history="${MASAR_BUILD_DIR:?}/make_history"
[ -x "$make_history" ] || { echo "skipped: $make_history is not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
kills=${MASAR_KILLS:-6}
bad=0

"$make_history" day.tar 60 500 2 3 || { echo "no archive"; exit 1; }
mkdir tree && tar xf day.tar -C tree

content() { # STORE
    "$masar" find --store "$1" --points --format csv > points.csv || return
    echo "$(sha256sum < points.csv | cut -d' ' -f1) $(wc -l < points.csv)"
}

start=$(date +%s%N)
"$masar" import day.tar tree --store whole --threads 1 > whole.out 2> log || { echo "import failed"; cat log; exit 1; }
took_ms=$((($(date +%s%N) - start) / 1000000))
want=$(content whole)
"$masar" import day.tar tree --store threads --threads 4 > threads.out 2> log || bad=1
[ "$(content threads)" = "$want" ] || { echo "four threads bring something else than one: $(content threads), not $want"; bad=1; }
cmp -s whole.out threads.out || { echo "four threads count otherwise than one"; diff whole.out threads.out; bad=1; }

killed=0
for ((i = 1; i <= kills; i++)); do
    "$masar" import day.tar tree --store s > out 2> log &
    pid=$!
    sleep "$(awk -v ms="$took_ms" -v seed="$i$$" 'BEGIN {srand(seed); printf "%.3f", rand() * ms / 1000}')"
    kill -9 "$pid" 2> /dev/null && killed=$((killed + 1))
    wait "$pid" 2> /dev/null
    # Killed before there was a store, there is none.
    [ ! -e s/index.sqlite ] || "$masar" store check s > check 2>&1 || grep -q "stopped while making it" check ||
        { echo "after kill $i:"; cat check; bad=1; }
done
"$masar" import day.tar tree --store s > out 2> log || { echo "it does not go on"; cat log; bad=1; }
[ "$(content s)" = "$want" ] || { echo "after kills the store holds $(content s), not $want"; bad=1; }
"$masar" import day.tar tree --store s > again 2>> log || bad=1
grep -qx "positions_new 0" again || { echo "the same once more is not nothing new"; cat again; bad=1; }

"$masar" import tree --store i > out 2> log &
pid=$!
sleep 0.05
kill -INT "$pid" 2> /dev/null
wait "$pid"
status=$?
"$masar" import tree day.tar --store i > out 2> log || bad=1
[ "$(content i | cut -d' ' -f2)" = "$(cut -d' ' -f2 <<< "$want")" ] || { echo "after Ctrl-C (status $status): $(content i)"; bad=1; }
[ $bad -eq 0 ] && echo "killed $killed times of $kills, nothing lost, nothing twice"
exit $bad

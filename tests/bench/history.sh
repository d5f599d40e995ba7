#!/bin/sh
# All of history's figures in one run: history.sh MASAR [BUILD [POSITIONS [DIR]]]. Wants an idle machine; 10^8 positions
# (the usual) need 3 GB in DIR and some minutes. Times are by the clock, `_cpu` processor time.
set -eu
masar=$1 build=${2:-$(dirname "$1")} positions=${3:-100000000} dir=${4:-${TMPDIR:-/tmp}}
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"

echo "== bytes a position of chunks, rates of the codec"
"$build/test_store_chunk" | grep 'bytes/position' || true

echo "== import of readsb's traces: 1,000 gzip traces of 2,500 positions in a tar"
if [ -x "$build/make_history" ]; then
    work=$(mktemp -d "$dir/masar-history-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    "$build/make_history" "$work/traces.tar" 1000 2500 1 7
    for i in 1 2 3; do
        rm -rf "$work/store"
        start=$(date +%s%N)
        "$masar" import "$work/traces.tar" --store "$work/store" --no-ledger 2>/dev/null >/dev/null
        end=$(date +%s%N)
        echo "import_by_the_clock $((2500000 * 1000 / ((end - start) / 1000000))) positions/s, history alone"
    done
    "$masar" store stats "$work/store"
    rm -rf "$work/store"
    start=$(date +%s%N)
    "$masar" import "$work/traces.tar" --store "$work/store" 2>/dev/null >/dev/null
    end=$(date +%s%N)
    echo "import_by_the_clock $((2500000 * 1000 / ((end - start) / 1000000))) positions/s, ledger with it"
    rm -rf "$work"
    trap - EXIT
else
    echo "skipped: no make_history in $build"
fi

echo "== a store of $positions positions: bytes with the index, questions, kill -9"
"$masar" bench store --positions "$positions" --dir "$dir" 2>/dev/null
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# two-daemons.sh HEADWATER RESULT COMMAND...: runs COMMAND while two daemons record the whole system, one by lsm and one by
# trace; ends as it does. Leaves in RESULT what the daemons said, both stores (store-lsm, store-trace), and `since`: when both
# were recording, in nanoseconds since the epoch. The stores stay in memory while they are written.
set -eu
headwater=$1 result=$2
shift 2
stores=/dev/shm/stores
mkdir -p "$stores"

# ready FRONT_END PID: waits until that daemon records; an emulated processor takes its time.
ready() {
    until grep -q 'recording the whole system' "$result/start-$1"; do
        if ! kill -0 "$2" 2>/dev/null; then
            echo "two-daemons.sh: the daemon did not start: front-end=$1: $(cat "$result/start-$1")" >&2
            exit 1
        fi
        sleep 0.2
    done
}

"$headwater" start --foreground --store "$stores/lsm" --front-end lsm >"$result/start-lsm" 2>&1 &
lsm=$!
ready lsm $lsm
# The second daemon leaves the first one's record before it starts. It does not ask for the socket where programs tell of
# themselves: the first one has it, and would be seen to answer.
# shellcheck disable=SC2016
HEADWATER_DISCLOSURE=none sh -c ': >>"$1/lsm/opaque"; exec "$0" start --foreground --store "$1/trace" --front-end trace' \
    "$headwater" "$stores" >"$result/start-trace" 2>&1 &
trace=$!
ready trace $trace
date +%s%N >"$result/since"

status=0
"$@" || status=$?

sleep 2
kill -TERM $trace
wait $trace || true
kill -TERM $lsm
wait $lsm || true
cp -r "$stores/lsm" "$result/store-lsm"
cp -r "$stores/trace" "$result/store-trace"
exit $status

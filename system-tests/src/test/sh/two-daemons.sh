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

"$headwater" start --store "$stores/lsm" --front-end lsm >"$result/start-lsm" 2>&1
# The second daemon leaves the first one's record before it starts.
# shellcheck disable=SC2016
sh -c ': >>"$1/lsm/opaque"; exec "$0" start --store "$1/trace" --front-end trace' "$headwater" "$stores" \
    >"$result/start-trace" 2>&1
date +%s%N >"$result/since"

status=0
"$@" || status=$?

sleep 2
for front_end in trace lsm; do
    "$headwater" stop --store "$stores/$front_end" >"$result/stop-$front_end" 2>&1
    cp -r "$stores/$front_end" "$result/store-$front_end"
done
exit $status

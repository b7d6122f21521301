#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# daemon-in-guest.sh HEADWATER...: records the whole guest while files are copied, asks while the daemon runs, and stops it.
# Leaves statuses, answers and the store in $GUEST_OUT.
set -eu
out=$GUEST_OUT
store=/dev/shm/system
work=/dev/shm/work
mkdir -p "$work"
cd "$work"

# status NAME COMMAND...: runs it and keeps what it says and how it ends.
status() {
    name=$1
    shift
    set +e
    "$@" >"$out/$name.out" 2>"$out/$name.err"
    echo $? >"$out/$name.status"
    set -e
}

echo secret >source
sleep 1000 <source &
echo $! >"$out/before.pid"

status status-before "$@" status --store "$store"
status start "$@" start --store "$store"
status status "$@" status --store "$store" --json
status start-again "$@" start --store "$store"
status run-beside "$@" run --store "$store" -- true
sort source >between
cat between >sink
sleep 2
status ancestors "$@" ancestors "$work/sink" --store "$store" --json
status stop "$@" stop --store "$store"
status status-after "$@" status --store "$store"
cat sink >unseen
cp -r "$store" "$out/store"
